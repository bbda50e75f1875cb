import shutil
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms
from PySide6.QtGui import QColorSpace

from engine.images.reading import read_upright
from engine.images.thumbnails import save_thumbnail, thumbnail_path
from engine.library.library import Library
from engine.paths import LibraryPaths
from gui.photos.thumbnail_reading import Answer, ThumbnailReader, decoded
from tests.gui.photos.results import fill_library

MakePhoto = Callable[..., Path]


@pytest.fixture
def album(tmp_path: Path, make_photo: MakePhoto) -> Path:
    make_photo(tmp_path / "album" / "photo.png", size=(640, 480))
    return tmp_path / "album"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library"


def read(folder: Path, photo_id: int) -> Answer:
    with ThumbnailReader(folder) as reader:
        return reader.read(photo_id)


def jpeg(colour: tuple[int, int, int], profile: bytes = b"") -> bytes:
    data = BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, "JPEG", icc_profile=profile)
    return data.getvalue()


def test_a_missing_thumbnail_is_made_of_the_photo_and_kept(folder: Path, album: Path) -> None:
    [photo_id] = fill_library(folder, album)
    answer = read(folder, photo_id)
    assert answer.image is not None
    assert (answer.image.width(), answer.image.height()) == (320, 240)
    assert thumbnail_path(LibraryPaths(folder).thumbnails, photo_id).is_file()


def test_a_thumbnail_that_is_there_needs_neither_photo_nor_library(folder: Path) -> None:
    save_thumbnail(LibraryPaths(folder).thumbnails, 5, jpeg((200, 0, 0)))
    answer = read(folder, 5)
    assert answer.image is not None
    assert answer.image.pixelColor(20, 15).red() == pytest.approx(200, abs=2)


def test_a_damaged_thumbnail_is_made_anew(folder: Path, album: Path) -> None:
    [photo_id] = fill_library(folder, album)
    save_thumbnail(LibraryPaths(folder).thumbnails, photo_id, b"no picture")
    assert read(folder, photo_id).image is not None
    path = thumbnail_path(LibraryPaths(folder).thumbnails, photo_id)
    assert decoded(path.read_bytes()) is not None


def test_a_photo_whose_file_is_gone_is_told_so(folder: Path, album: Path) -> None:
    [photo_id] = fill_library(folder, album)
    (album / "photo.png").unlink()
    assert read(folder, photo_id) == Answer(photo_id, gone=True)


def test_a_photo_that_the_library_knows_to_be_missing_is_gone(folder: Path, album: Path) -> None:
    [photo_id] = fill_library(folder, album)
    with Library.open(folder) as library:
        library.photos.mark_missing([photo_id])
    assert read(folder, photo_id).gone
    assert read(folder, photo_id + 1).gone


def test_a_photo_in_a_folder_out_of_reach_is_not_gone(folder: Path, album: Path) -> None:
    [photo_id] = fill_library(folder, album)
    shutil.rmtree(album)
    answer = read(folder, photo_id)
    assert not answer.gone
    assert answer.reason == "The folder of this photo cannot be reached now."


def test_a_photo_that_cannot_be_decoded_gives_the_reason(folder: Path, album: Path) -> None:
    [photo_id] = fill_library(folder, album)
    (album / "photo.png").write_bytes(b"no picture at all")
    answer = read(folder, photo_id)
    assert answer.image is None
    assert "not a photo" in answer.reason


def test_without_a_library_the_reason_is_given(folder: Path) -> None:
    assert "no library" in read(folder, 1).reason


def test_a_thumbnail_that_cannot_be_kept_is_shown_all_the_same(
    folder: Path, album: Path, caplog: pytest.LogCaptureFixture
) -> None:
    [photo_id] = fill_library(folder, album)
    LibraryPaths(folder).thumbnails.write_bytes(b"in the way")
    with ThumbnailReader(folder) as reader:
        assert reader.read(photo_id).image is not None
        assert reader.read(photo_id).image is not None
    assert len(caplog.records) == 1


def test_an_embedded_colour_profile_is_turned_to_srgb() -> None:
    wide = bytes(QColorSpace(QColorSpace.NamedColorSpace.DisplayP3).iccProfile().data())
    plain, converted = decoded(jpeg((200, 80, 80))), decoded(jpeg((200, 80, 80), wide))
    assert plain is not None
    assert converted is not None
    assert converted.pixelColor(9, 9).red() > plain.pixelColor(9, 9).red() + 5


def test_an_srgb_profile_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain, profiled = decoded(jpeg((200, 80, 80))), decoded(jpeg((200, 80, 80), profile))
    assert plain is not None
    assert profiled is not None
    difference = plain.pixelColor(9, 9).red() - profiled.pixelColor(9, 9).red()
    assert abs(difference) <= 1


def test_what_is_no_picture_is_not_decoded() -> None:
    assert decoded(b"") is None
    assert decoded(b"GIF89a") is None


def test_a_file_that_changes_while_it_is_read_leaves_no_thumbnail(
    folder: Path, album: Path, make_photo: MakePhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library has thrown the old one away by then, and nobody would replace it."""
    [photo_id] = fill_library(folder, album)

    def read_slowly(path: bytes, at_least: int) -> Image.Image:
        image = read_upright(path, at_least)
        make_photo(album / "photo.png", 9, size=(48, 64))
        return image

    monkeypatch.setattr("gui.photos.thumbnail_reading.read_upright", read_slowly)
    answer = read(folder, photo_id)
    assert answer.image is not None
    assert not thumbnail_path(LibraryPaths(folder).thumbnails, photo_id).exists()
