from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PySide6.QtGui import QImage

from engine.errors import UnreadableImageError
from gui.photos.preview import level_for, read_preview

Size = tuple[int, int]


def _save(path: Path, size: Size, exif: Image.Exif | None = None) -> bytes:
    pixels = np.linspace(0, 255, size[0] * size[1] * 3).reshape(size[1], size[0], 3)
    Image.fromarray(pixels.astype(np.uint8)).save(path, exif=exif or Image.Exif())
    return str(path).encode()


def _sizes(levels: tuple[QImage, ...]) -> list[Size]:
    return [level.size().toTuple() for level in levels]


def _rgb(picture: QImage, x: int, y: int) -> tuple[int, int, int]:
    colour = picture.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


def test_every_pixel_arrives_where_it_was(tmp_path: Path) -> None:
    path = _save(tmp_path / "a.png", (37, 601))
    drawn = read_preview(1, path, 100).levels[0]
    there = np.asarray(Image.open(tmp_path / "a.png"))
    for x, y in ((0, 0), (36, 0), (17, 255), (17, 256), (36, 600)):
        assert _rgb(drawn, x, y) == tuple(there[y, x])


def test_each_level_is_half_the_one_before(tmp_path: Path) -> None:
    preview = read_preview(1, _save(tmp_path / "a.png", (2400, 1300)), 100)
    assert _sizes(preview.levels) == [(2400, 1300), (1200, 650), (600, 325)]


def test_a_jpeg_is_decoded_no_larger_than_asked(tmp_path: Path) -> None:
    preview = read_preview(1, _save(tmp_path / "a.jpg", (1600, 1200)), 300)
    assert _sizes(preview.levels[:1]) == [(400, 300)]
    assert (preview.width, preview.height) == (1600, 1200)
    assert not preview.is_full
    assert preview.has(300)
    assert not preview.has(301)


def test_what_is_decoded_in_full_has_all_that_can_be_asked(tmp_path: Path) -> None:
    preview = read_preview(1, _save(tmp_path / "a.jpg", (40, 30)), 1000)
    assert preview.is_full
    assert preview.has(1000)


def test_a_photo_on_its_side_is_turned_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    preview = read_preview(1, _save(tmp_path / "a.jpg", (64, 48), exif=exif), 100)
    assert _sizes(preview.levels) == [(48, 64)]
    assert (preview.width, preview.height) == (48, 64)


def test_colours_of_another_profile_become_srgb(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A screen whose red shines green, and the other way round.
    swapped = profile.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")
    red = Image.new("RGB", (8, 8), (200, 0, 0))
    red.save(tmp_path / "a.png", icc_profile=swapped)
    drawn = read_preview(1, bytes(tmp_path / "a.png"), 8).levels[0].pixelColor(0, 0)
    assert drawn.green() == pytest.approx(200, abs=3)
    assert drawn.red() <= 3


def test_a_broken_profile_leaves_the_colours_alone(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), (100, 90, 80)).save(
        tmp_path / "a.png", icc_profile=bytes(16) + b"RGB " + bytes(200)
    )
    drawn = read_preview(1, bytes(tmp_path / "a.png"), 8).levels[0]
    assert _rgb(drawn, 0, 0) == (100, 90, 80)


def test_a_file_that_is_gone_is_told_by_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnreadableImageError, match="no longer there"):
        read_preview(1, bytes(tmp_path / "gone.jpg"), 100)


def test_the_smallest_level_that_suffices_is_drawn() -> None:
    levels = [QImage(side, side, QImage.Format.Format_RGB32) for side in (400, 200, 100)]
    assert level_for(levels, 150) is levels[1]
    assert level_for(levels, 200) is levels[1]
    assert level_for(levels, 50) is levels[2]
    assert level_for(levels, 900) is levels[0]
