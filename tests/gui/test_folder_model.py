import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.folder_model import ROW_ROLE, FolderModel
from gui.folder_rows import Row

ROWS = [
    Row("all", "All photos", "photos", 10, spoken="All photos, 10 photos"),
    Row("heading", "Folders"),
    Row(1, "Ảnh", "folder", 10, state="Watched", path="/nhà/Ảnh", spoken="Ảnh, 10 photos"),
]


@pytest.fixture
def model(qtmodeltester: ModelTester) -> FolderModel:
    model = FolderModel()
    model.show_rows(ROWS)
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    return model


def test_a_row_is_told_in_every_way_a_view_asks(model: FolderModel) -> None:
    index = model.index(2)
    assert index.data() == "Ảnh"
    assert index.data(ROW_ROLE) is ROWS[2]
    assert index.data(Qt.ItemDataRole.ToolTipRole) == "/nhà/Ảnh\nWatched"
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Ảnh, 10 photos"


def test_a_heading_cannot_be_chosen(model: FolderModel) -> None:
    selectable = Qt.ItemFlag.ItemIsSelectable
    assert not model.index(1).flags() & selectable
    assert model.index(2).flags() & selectable


def test_other_numbers_do_not_reset_the_view(qtbot: QtBot, model: FolderModel) -> None:
    other = [*ROWS[:2], Row(1, "Ảnh", "folder", 11)]
    with (
        qtbot.assertNotEmitted(model.modelReset),
        qtbot.waitSignal(model.dataChanged),
    ):
        model.show_rows(other)
    assert model.index(2).data(ROW_ROLE).count == 11


def test_the_same_rows_change_nothing(qtbot: QtBot, model: FolderModel) -> None:
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.modelReset):
        model.show_rows(list(ROWS))


def test_rows_are_found_by_their_key(model: FolderModel) -> None:
    assert model.row_of(1) == 2
    assert model.row_of(2) is None
