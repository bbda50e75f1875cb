from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from engine.images.reading import open_file, open_image
from engine.images.shooting import Shooting, read_shooting


def _shot(tags: Mapping[int, Any]) -> Shooting:
    exif = Image.Exif()
    exif.get_ifd(ExifTags.IFD.Exif).update(tags)
    data = BytesIO()
    Image.new("RGB", (8, 8)).save(data, "JPEG", exif=exif)
    return read_shooting(open_image(data))


def test_all_settings_of_the_camera_are_read() -> None:
    shooting = _shot(
        {
            ExifTags.Base.ExposureTime: IFDRational(1, 160),
            ExifTags.Base.FNumber: IFDRational(71, 10),
            ExifTags.Base.ISOSpeedRatings: 100,
            ExifTags.Base.FocalLength: IFDRational(135, 1),
            ExifTags.Base.FocalLengthIn35mmFilm: 216,
            ExifTags.Base.LensMake: "Canon",
            ExifTags.Base.LensModel: "EF-S17-85mm\0junk",
            ExifTags.Base.Flash: 9,
        }
    )
    assert shooting == Shooting(1 / 160, 7.1, 100, 135.0, 216, "Canon EF-S17-85mm", True)


def test_a_picture_without_exif_says_nothing() -> None:
    assert _shot({}) == Shooting()


@pytest.mark.parametrize("value", [IFDRational(0, 1), IFDRational(1, 0), IFDRational(0, 0)])
def test_a_number_that_cannot_be_is_not_told(value: IFDRational) -> None:
    assert _shot({ExifTags.Base.FNumber: value}).aperture is None


def test_text_in_place_of_a_number_is_not_told() -> None:
    assert _shot({ExifTags.Base.ISOSpeedRatings: "fast"}).iso is None


def test_the_first_of_several_sensitivities_counts() -> None:
    assert _shot({ExifTags.Base.ISOSpeedRatings: (200, 400)}).iso == 200


def test_a_lens_that_names_its_maker_itself_is_not_named_twice() -> None:
    names: dict[int, str] = {
        ExifTags.Base.LensMake: "Sigma",
        ExifTags.Base.LensModel: "SIGMA 35mm F1.4",
    }
    assert _shot(names).lens == "SIGMA 35mm F1.4"


def test_the_maker_of_a_nameless_lens_is_not_told() -> None:
    assert _shot({ExifTags.Base.LensMake: "Sigma"}).lens is None


def test_a_flash_that_did_not_fire_is_told_from_none() -> None:
    assert _shot({ExifTags.Base.Flash: 16}).flash is False


def test_broken_exif_counts_as_none() -> None:
    data = BytesIO()
    Image.new("RGB", (8, 8)).save(data, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")
    assert read_shooting(open_image(data)) == Shooting()


@pytest.mark.shared
def test_the_settings_of_an_iphone_are_read(photos: Path) -> None:
    with open_file(photos / "heic" / "arrow.heic") as file:
        shooting = read_shooting(open_image(file))
    assert shooting.lens == "Apple iPhone 8 Plus back dual camera 3.99mm f/1.8"
    assert (shooting.aperture, shooting.iso, shooting.flash) == (1.8, 25, False)
