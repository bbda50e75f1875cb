from PySide6.QtWidgets import QApplication

from gui.photos import wording
from gui.photos.roles import MARKS, Role
from gui.photos.sections import Part
from tests.gui.photos.results import make_found


def test_every_wide_row_has_a_text_of_its_own(qapp: QApplication) -> None:
    texts = {wording.heading(part, 3) for part in Part}
    assert len(texts) == len(Part)
    assert all(texts)


def test_a_place_in_the_ranking_is_counted_from_one(qapp: QApplication) -> None:
    found = make_found(range(2000), 5, 9)
    assert wording.result(found, 0) == "Result 1 of 2,000, score 1.000"


def test_a_photo_says_all_that_is_marked_on_it(qapp: QApplication) -> None:
    marks: dict[Role, set[int]] = {role: {7} for role in MARKS}
    assert wording.states(7, marks) == ["Favourite", "File is gone", "Folder is off-line"]
    assert wording.states(8, marks) == []


def test_the_encoder_that_lacks_a_photo_is_named(qapp: QApplication) -> None:
    assert wording.lacking(0).startswith("OpenCLIP")
    assert wording.lacking(1).startswith("BEiT3")
