from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.images.shooting import Shooting
from gui.photos.fact_sheet import FactSheet
from gui.photos.shown_photo import ShownPhoto
from tests.gui.photos.rows import row_of

PATH = Path("/home/lan/Ảnh/Đà Lạt/cô_gái.jpg")
SHOWN = ShownPhoto(
    photo=row_of(
        PATH,
        size=(4000, 3000),
        taken_at=datetime(2023, 1, 22, 15, 12),
        place=(11.94, 108.44),
        camera="Nikon D5000",
    ),
    online=True,
    favourite=True,
)


@pytest.fixture
def sheet(qtbot: QtBot) -> FactSheet:
    sheet = FactSheet()
    qtbot.addWidget(sheet)
    return sheet


def test_all_that_is_known_is_shown(sheet: FactSheet) -> None:
    sheet.show_photo(SHOWN, keep_shooting=False)
    assert sheet.name.accessibleName() == "cô_gái.jpg"
    assert sheet.folder.text() == "/home/lan/Ảnh/Đà Lạt"
    assert "2023" in sheet.taken.text
    assert sheet.size_row.text.startswith("4000 × 3000")
    assert sheet.camera.text == "Nikon D5000"
    assert sheet.place.text == "11.94000, 108.44000"
    assert sheet.favourite.isChecked()
    assert sheet.notice == ""


def test_what_is_not_known_takes_no_room(sheet: FactSheet) -> None:
    sheet.show_photo(ShownPhoto(row_of(PATH), online=True, favourite=False), keep_shooting=False)
    rows = (sheet.taken, sheet.camera, sheet.exposure, sheet.place, sheet.scores)
    assert all(row.isHidden() for row in rows)


def test_the_shooting_comes_with_the_picture_and_goes_with_the_photo(sheet: FactSheet) -> None:
    sheet.show_photo(SHOWN, keep_shooting=False)
    sheet.show_shooting(Shooting(exposure=0.01, lens="50 mm", flash=True))
    assert (sheet.camera.more, sheet.exposure.text) == ("50 mm", "1/100 s")
    assert sheet.exposure.more == "with flash"
    sheet.show_photo(replace(SHOWN, favourite=False), keep_shooting=True)
    assert sheet.exposure.text == "1/100 s"
    sheet.show_photo(SHOWN, keep_shooting=False)
    assert sheet.exposure.isHidden()


def test_a_lens_without_a_camera_takes_its_line(sheet: FactSheet) -> None:
    photo = replace(SHOWN.photo, camera=None)
    sheet.show_photo(replace(SHOWN, photo=photo), keep_shooting=False)
    sheet.show_shooting(Shooting(lens="50 mm"))
    assert (sheet.camera.text, sheet.camera.more) == ("50 mm", "")


def test_a_folder_that_is_off_line_is_told(sheet: FactSheet) -> None:
    sheet.show_photo(replace(SHOWN, online=False), keep_shooting=False)
    assert sheet.notice == "Its drive or folder is not connected."


def test_a_file_that_vanished_is_told(sheet: FactSheet) -> None:
    photo = replace(SHOWN.photo, missing=True)
    sheet.show_photo(replace(SHOWN, photo=photo), keep_shooting=False)
    assert sheet.notice == "The file is no longer there."


def test_a_long_name_may_break_where_words_join(sheet: FactSheet) -> None:
    sheet.show_photo(SHOWN, keep_shooting=False)
    assert sheet.name.text() == "cô_\u200bgái.jpg"
