import threading
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from engine.errors import CaptionsError, ModelProcessDied
from engine.evaluation.runs import own_library
from engine.indexing.adding import AddReport, add_files
from engine.indexing.embedding import EmbedReport, embed_missing
from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint
from engine.paths import absolute
from engine.search.fusion import Fusion
from engine.workspace import Workspace, open_workspace
from gui.evaluation.running import CaptionFile, Outcome, Run, caption_run, count_marked

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
FUSION = Fusion("zscore", (0.4, 0.6))


@pytest.fixture
def captions(album: Path) -> CaptionFile:
    path = album.parent / "lời.tsv"
    path.write_text("".join(f"{number}.png\tảnh số {number}\n" for number in range(4)), "utf-8")
    return CaptionFile(path, album)


def test_a_caption_file_is_evaluated_with_the_checkpoints_of_the_users_library(
    library_folder: Path, captions: CaptionFile, tiny_pair: Pair
) -> None:
    steps = list(caption_run(library_folder, captions, FUSION).steps())
    outcome = steps[-1]
    assert isinstance(outcome, Outcome)
    assert not outcome.of_marks
    report = outcome.evaluation.report
    assert report.names == tuple(checkpoint.record.name for checkpoint in tiny_pair)
    assert (report.fusion, report.photos) == (FUSION, 4)
    assert any(isinstance(step, AddReport) for step in steps)
    assert [step.done for step in steps if isinstance(step, EmbedReport)] == [0, 4]
    assert outcome.thumbnails.is_relative_to(own_library(captions.images))
    assert len(list(outcome.thumbnails.rglob("*.jpg"))) == 4
    with Library.open_to_read(library_folder) as library:
        assert library.photos.count() == 0  # the user's own library is left alone


def test_the_users_marks_are_evaluated_where_they_are(library_folder: Path, album: Path) -> None:
    with open_workspace(library_folder, writable=True) as workspace:
        library = workspace.library
        list(add_files(library, absolute(album)))
        list(embed_missing(library, workspace.models, workspace.indexes))
        first, second = library.photos.ids()[:2].tolist()
        for query, photo_id in (("biển", first), ("núi", second), ("biển", second)):
            library.mark_relevant(query, photo_id)
    assert count_marked(library_folder) == 2

    def open_marks() -> AbstractContextManager[Workspace]:
        return open_workspace(library_folder, writable=False)

    *_, outcome = Run(open_marks, None, FUSION).steps()
    assert isinstance(outcome, Outcome)
    assert outcome.of_marks
    assert outcome.evaluation.texts == ("biển", "núi")
    assert outcome.evaluation.report.photos == 10
    assert outcome.thumbnails.is_relative_to(library_folder)


def test_without_marks_there_is_a_sentence(library_folder: Path) -> None:
    run = Run(lambda: open_workspace(library_folder, writable=False), None, FUSION)
    with pytest.raises(CaptionsError, match="No photo has been marked"):
        list(run.steps())
    assert count_marked(library_folder) == 0


def test_a_run_that_is_stopped_before_it_began_does_nothing(
    library_folder: Path, captions: CaptionFile
) -> None:
    run = caption_run(library_folder, captions, FUSION)
    run.stop()
    assert list(run.steps()) == []


def test_stopping_ends_the_model_process_that_the_thread_waits_for(
    library_folder: Path, captions: CaptionFile
) -> None:
    run = caption_run(library_folder, captions, FUSION)
    waiting, raised = threading.Event(), list[Exception]()

    def work() -> None:
        try:
            for step in run.steps():
                if isinstance(step, EmbedReport):  # what comes next starts the process
                    waiting.set()
        except ModelProcessDied as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert waiting.wait(60)
    while thread.is_alive():  # it may have been stopped before it asked
        run.stop()
        thread.join(0.05)
    assert "closed" in str(raised[0])
