import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from engine.library.photo import Photo
from gui.photos.photo_actions import PhotoActions
from gui.tasks import TaskRunner
from tests.gui.photos.browsing import handed_over
from tests.gui.photos.rows import among, row_of

MakePhoto = Callable[..., Path]


@pytest.fixture
def photos(tmp_path: Path, make_photo: MakePhoto) -> list[Photo]:
    paths = [make_photo(tmp_path / "Bộ ảnh" / f"Ảnh {number}.jpg", number) for number in range(3)]
    return [row_of(path, number) for number, path in enumerate(paths, start=1)]


@pytest.fixture
def actions(tasks: TaskRunner, photos: list[Photo]) -> Iterator[PhotoActions]:
    yield PhotoActions(among(photos), tasks)
    QGuiApplication.clipboard().clear()


@pytest.fixture
def told(actions: PhotoActions) -> list[str]:
    sentences: list[str] = []
    actions.told.connect(sentences.append)
    return sentences


def test_nothing_can_be_done_with_no_photo(actions: PhotoActions) -> None:
    assert not any(action.isEnabled() for action in actions.for_window())


def test_some_things_are_done_with_one_photo_only(actions: PhotoActions) -> None:
    actions.set_photos([1, 2])
    assert actions.copy_file.isEnabled()
    assert not actions.copy_picture.isEnabled()
    assert not actions.similar.isEnabled()


def test_every_action_has_a_key_of_its_own(actions: PhotoActions) -> None:
    keys = [action.shortcut().toString() for action in actions.for_window()]
    assert all(keys)
    assert len(set(keys)) == len(keys)


def test_the_menu_is_about_its_photos(qtbot: QtBot, actions: PhotoActions) -> None:
    menu = actions.menu([2])
    assert "Find similar" in [action.text() for action in menu.actions()]
    with qtbot.waitSignal(actions.similar_wanted) as waiting:
        actions.similar.trigger()
    assert waiting.args == [2]


def test_photos_are_opened_by_the_default_program(
    actions: PhotoActions, photos: list[Photo], told: list[str]
) -> None:
    actions.set_photos([1, 3])
    with handed_over("file") as addresses:
        actions.open.trigger()
    assert [address.rsplit("%20")[-1] for address in addresses] == ["0.jpg", "2.jpg"]
    assert not told


def test_not_too_many_are_opened_at_once(actions: PhotoActions, told: list[str]) -> None:
    actions.set_photos(range(21))
    with handed_over("file") as addresses:
        actions.open.trigger()
    assert not addresses
    assert told == ["At most 20 photo(s) can be opened at once."]


def test_a_photo_that_vanished_is_named(
    actions: PhotoActions, photos: list[Photo], told: list[str]
) -> None:
    os.unlink(photos[0].path)
    actions.set_photos([1])
    with handed_over("file") as addresses:
        actions.open.trigger()
    assert not addresses
    assert told == ["Ảnh 0.jpg is gone, or its drive is not connected."]


def test_several_that_vanished_are_counted_and_the_rest_is_done(
    actions: PhotoActions, photos: list[Photo], told: list[str]
) -> None:
    os.unlink(photos[0].path)
    actions.set_photos([1, 2, 77])
    actions.copy_file.trigger()
    assert told[0] == "2 photo(s) are gone, or their drive is not connected."
    assert len(QGuiApplication.clipboard().mimeData().urls()) == 1


def test_copied_files_can_be_pasted_into_a_file_manager(
    actions: PhotoActions, photos: list[Photo], told: list[str]
) -> None:
    actions.set_photos([1, 2])
    actions.copy_file.trigger()
    data = QGuiApplication.clipboard().mimeData()
    paths = [os.fsdecode(photo.path) for photo in photos[:2]]
    assert [address.toLocalFile() for address in data.urls()] == paths
    addresses = [Path(path).as_uri() for path in paths]
    gnome = bytes(data.data("x-special/gnome-copied-files").data()).decode()
    assert gnome.split("\n") == ["copy", *addresses]
    assert told == ["2 photo(s) copied; paste them into any folder."]


def test_the_picture_is_copied_in_full_and_upright(
    qtbot: QtBot, tasks: TaskRunner, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (1200, 800), "red").save(tmp_path / "a.jpg", exif=exif)
    actions = PhotoActions(among([row_of(tmp_path / "a.jpg", 1)]), tasks)
    actions.set_photos([1])
    with qtbot.waitSignal(actions.told) as waiting:
        actions.copy_picture.trigger()
    assert waiting.args == ["The picture is on the clipboard."]
    assert QGuiApplication.clipboard().image().size().toTuple() == (800, 1200)


def test_a_picture_that_cannot_be_read_is_told(
    qtbot: QtBot, actions: PhotoActions, photos: list[Photo]
) -> None:
    Path(os.fsdecode(photos[0].path)).write_bytes(b"")
    actions.set_photos([1])
    with qtbot.waitSignal(actions.told) as waiting:
        actions.copy_picture.trigger()
    assert waiting.args == ["The file is empty."]


def test_paths_are_copied_one_a_line(
    actions: PhotoActions, photos: list[Photo], told: list[str]
) -> None:
    actions.set_photos([1, 2])
    actions.copy_path.trigger()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines == [photo.shown_path for photo in photos[:2]]
    assert told == ["2 path(s) copied."]


def test_copies_go_to_the_chosen_folder(
    qtbot: QtBot, actions: PhotoActions, tmp_path: Path
) -> None:
    actions.set_photos([1, 2, 3])
    actions.export.trigger()
    dialogs = [one for one in QApplication.topLevelWidgets() if isinstance(one, QFileDialog)]
    (tmp_path / "to").mkdir()
    with qtbot.waitSignal(actions.told):
        dialogs[-1].fileSelected.emit(str(tmp_path / "to"))
    dialogs[-1].reject()
    assert len(os.listdir(tmp_path / "to")) == 3


def test_all_become_favourites_when_some_are(qtbot: QtBot, actions: PhotoActions) -> None:
    actions.set_favourites([1])
    actions.set_photos([1, 2])
    assert not actions.favourite.isChecked()
    with qtbot.waitSignal(actions.favourite_marked) as waiting:
        actions.favourite.trigger()
    assert waiting.args == [[1, 2], True]
    with qtbot.waitSignal(actions.favourite_marked) as waiting:
        actions.favourite.trigger()
    assert waiting.args == [[1, 2], False]


def test_nothing_is_asked_for_more_photos_than_can_be_answered(
    tasks: TaskRunner, photos: list[Photo]
) -> None:
    asked: list[int] = []

    def photos_of(ids: object) -> list[Photo]:
        assert isinstance(ids, list)
        asked.append(len(ids))
        return []

    actions = PhotoActions(photos_of, tasks)
    actions.set_photos(range(1200))
    actions.copy_path.trigger()
    assert asked == [500, 500, 200]


def test_no_photo_is_touched(actions: PhotoActions, photos: list[Photo]) -> None:
    paths = [Path(os.fsdecode(photo.path)) for photo in photos]
    before = [(path.read_bytes(), path.stat().st_mtime_ns) for path in paths]
    actions.set_photos([1, 2, 3])
    with handed_over("file"):
        for action in (actions.open, actions.copy_file, actions.copy_path, actions.favourite):
            action.trigger()
    assert [(path.read_bytes(), path.stat().st_mtime_ns) for path in paths] == before
