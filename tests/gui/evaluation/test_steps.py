from engine.evaluation.evaluating import Progress
from engine.indexing.adding import AddReport
from engine.indexing.embedding import EmbedReport
from engine.library.photo import Folder
from gui.evaluation.steps import progress_of


def test_while_photos_are_found_nobody_knows_how_many_there_will_be() -> None:
    report = AddReport(Folder(1, b"/x", online=True), seen=123)
    assert progress_of(report) == ("Finding photos: 123", None)


def test_embedding_counts_what_was_tried() -> None:
    report = EmbedReport(total=200, done=99, failed=1)
    assert progress_of(report) == ("Embedding photos: 100 of 200", 0.5)


def test_nothing_left_to_embed_is_no_division_by_zero() -> None:
    assert progress_of(EmbedReport(total=0)) == ("All photos are embedded", None)


def test_every_part_of_an_evaluation_has_a_word() -> None:
    assert progress_of(Progress("encoding", 0.25)) == ("Encoding the queries", 0.25)
    assert progress_of(Progress("ranking", 0.5)) == ("Ranking the photos", 0.5)
    assert progress_of(Progress("summing up", 1.0)) == ("Summing up", 1.0)
