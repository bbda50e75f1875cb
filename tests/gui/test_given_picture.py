from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage

from gui.given_picture import (
    PASTED_KEPT,
    PASTED_SIDE,
    holds_picture,
    keep_pasted,
    picture_file,
    read_small,
)
from tests.conftest import MakePhoto


def files(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def image(width: int = 8, height: int = 6) -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor("teal"))
    return made


@pytest.mark.parametrize("name", ["chó.JPG", "a.heic", "b.webp"])
def test_one_picture_file_is_a_picture(name: str) -> None:
    path = Path("/ảnh") / name
    assert picture_file(files(path)) == str(path).encode()
    assert holds_picture(files(path))


def test_what_else_can_be_dropped_is_no_picture() -> None:
    text = QMimeData()
    text.setText("một con chó")
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/a.jpg")])
    others = [files(Path("/a/b")), files(Path("/a.txt")), files(Path("/a.jpg"), Path("/b.jpg"))]
    assert not any(holds_picture(data) for data in [text, web, QMimeData(), *others])


def test_pixels_are_a_picture_but_not_beside_text() -> None:
    data = QMimeData()
    data.setImageData(image())
    assert holds_picture(data)
    data.setText("a table of figures")
    assert not holds_picture(data)


def test_pixels_beside_several_files_are_no_picture() -> None:
    data = files(Path("/a.jpg"), Path("/b.jpg"))
    data.setImageData(image())
    assert not holds_picture(data)


def test_a_pasted_picture_is_kept_as_a_file_that_reads_back(tmp_path: Path) -> None:
    path = keep_pasted(image(40, 30), tmp_path / "pasted")
    kept = QImage(path.decode())
    assert (kept.width(), kept.height()) == (40, 30)
    assert kept.pixelColor(5, 5) == QColor("teal")


def test_a_large_pasted_picture_is_made_smaller(tmp_path: Path) -> None:
    kept = QImage(keep_pasted(image(2 * PASTED_SIDE, PASTED_SIDE), tmp_path).decode())
    assert (kept.width(), kept.height()) == (PASTED_SIDE, PASTED_SIDE // 2)


def test_the_oldest_pasted_pictures_are_removed(tmp_path: Path) -> None:
    paths = [keep_pasted(image(), tmp_path).decode() for _ in range(PASTED_KEPT + 3)]
    assert sorted(map(str, tmp_path.iterdir())) == sorted(paths[-PASTED_KEPT:])


def test_other_files_beside_pasted_pictures_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.png").write_bytes(b"mine")
    for _ in range(PASTED_KEPT + 1):
        keep_pasted(image(), tmp_path)
    assert (tmp_path / "mine.png").read_bytes() == b"mine"


def test_a_pasted_picture_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pasted").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="pasted"):
        keep_pasted(image(), tmp_path / "pasted")


def test_a_picture_is_read_small(tmp_path: Path, make_photo: MakePhoto) -> None:
    small = read_small(str(make_photo(tmp_path / "a.jpg", size=(640, 480))).encode(), 96)
    assert (small.width(), small.height()) == (96, 72)


def test_a_file_that_is_no_picture_gives_none(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_text("no picture")
    assert read_small(str(tmp_path / "a.jpg").encode(), 96).isNull()
