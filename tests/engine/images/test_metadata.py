from collections.abc import Callable, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image
from PIL.TiffImagePlugin import IFDRational

from engine.images.metadata import PhotoMetadata, read_metadata, read_orientation
from engine.images.photo_reading import read_photo
from engine.images.reading import open_image

Encode = Callable[..., bytes]
BASE = ExifTags.Base
GPS = ExifTags.GPS
HANOI: dict[int, Any] = {
    GPS.GPSLatitudeRef: "N",
    GPS.GPSLatitude: (21.0, 1.0, 42.0),
    GPS.GPSLongitudeRef: "E",
    GPS.GPSLongitude: (105.0, 51.0, 15.0),
}


def exif(
    base: Mapping[Any, Any] | None = None,
    shot: Mapping[Any, Any] | None = None,
    gps: Mapping[Any, Any] | None = None,
) -> bytes:
    made = Image.Exif()
    made.update(base or {})
    made.get_ifd(ExifTags.IFD.Exif).update(shot or {})
    made.get_ifd(ExifTags.IFD.GPSInfo).update(gps or {})
    return made.tobytes()


def jpeg_with(data: bytes) -> PhotoMetadata:
    file = BytesIO()
    Image.new("RGB", (6, 4)).save(file, "JPEG", exif=data)
    return read_metadata(open_image(file))


class RawExif(Image.Image):
    """An image whose EXIF directories are what the test says, however absurd."""

    def __init__(self, base: dict[int, Any], gps: dict[int, Any]) -> None:
        super().__init__()
        self._size = (2, 2)
        self._exif = Image.Exif()
        self._exif._loaded = True
        self._exif._data = base
        self._exif._ifds = {ExifTags.IFD.GPSInfo: gps, ExifTags.IFD.Exif: {}}


@pytest.mark.parametrize("kind", ["JPEG", "HEIF", "WEBP", "TIFF", "PNG", "AVIF"])
def test_date_place_camera_and_upright_size_are_read_from(
    kind: str, landscape: Image.Image, encode: Encode, tmp_path: Path
) -> None:
    data = exif(
        {BASE.Make: "Apple", BASE.Model: "iPhone 15", BASE.Orientation: 6},
        {BASE.DateTimeOriginal: "2023:01:22 08:30:00"},
        HANOI,
    )
    path = tmp_path / "photo"
    path.write_bytes(encode(landscape, kind, exif=data))
    metadata = read_photo(bytes(path), ()).metadata
    assert (metadata.width, metadata.height) == (64, 96)
    assert metadata.taken_at == datetime(2023, 1, 22, 8, 30)
    assert metadata.camera == "Apple iPhone 15"
    assert metadata.latitude == pytest.approx(21.02833, abs=1e-5)
    assert metadata.longitude == pytest.approx(105.85417, abs=1e-5)
    assert read_photo(bytes(path), []).metadata == metadata


def test_a_photo_without_exif_has_its_size_only(landscape: Image.Image) -> None:
    assert read_metadata(landscape) == PhotoMetadata(96, 64, None, None, None, None)


def test_reading_the_metadata_decodes_nothing(landscape: Image.Image, encode: Encode) -> None:
    for kind in ("PNG", "JPEG"):
        cut = encode(landscape, kind)[:-40]
        assert read_metadata(open_image(BytesIO(cut))).width == 96


def test_the_date_falls_back_from_original_to_digitised_to_file() -> None:
    original = {BASE.DateTimeOriginal: "2001:01:01 01:01:01"}
    digitised = {BASE.DateTimeDigitized: "2002:02:02 02:02:02"}
    changed = {BASE.DateTime: "2003:03:03 03:03:03"}
    years = [
        jpeg_with(exif(changed, original | digitised)).taken_at,
        jpeg_with(exif(changed, digitised)).taken_at,
        jpeg_with(exif(changed)).taken_at,
        jpeg_with(exif(changed, {BASE.DateTimeOriginal: "0000:00:00 00:00:00"})).taken_at,
    ]
    assert [date and date.year for date in years] == [2001, 2002, 2003, 2003]


@pytest.mark.parametrize(
    "text",
    ["", "    :  :     :  :  ", "2023:02:31 10:00:00", "2023:01:01 25:00:00", "yesterday", "\0"],
)
def test_a_malformed_date_is_no_date(text: str) -> None:
    assert jpeg_with(exif({BASE.DateTime: text})).taken_at is None


@pytest.mark.parametrize(
    "text", ["2023-01-22T08:30:00", "2023/01/22 08:30:00\0\0  ", "2023:01:22 08:30:00.25"]
)
def test_the_date_formats_of_careless_cameras_are_understood(text: str) -> None:
    assert jpeg_with(exif({BASE.DateTime: text})).taken_at == datetime(2023, 1, 22, 8, 30)


def test_south_and_west_are_negative() -> None:
    metadata = jpeg_with(exif(gps=HANOI | {GPS.GPSLatitudeRef: "S", GPS.GPSLongitudeRef: "W"}))
    assert metadata.latitude is not None
    assert metadata.latitude < 0
    assert metadata.longitude is not None
    assert metadata.longitude < 0


@pytest.mark.parametrize(
    "change",
    [
        {GPS.GPSLatitude: (91.0, 0.0, 0.0)},
        {GPS.GPSLatitude: (-1.0, 0.0, 0.0)},
        {GPS.GPSLongitude: (180.0, 1.0, 0.0)},
        {GPS.GPSLatitude: (IFDRational(1, 0), 0.0, 0.0)},
        {GPS.GPSLatitude: (IFDRational(0, 0), 0.0, 0.0)},
        {GPS.GPSLatitude: (float("nan"), 0.0, 0.0)},
        {GPS.GPSLatitude: (float("inf"), 0.0, 0.0)},
        {GPS.GPSLatitude: "north"},
        {GPS.GPSLatitude: b"\xff"},
        {GPS.GPSLatitude: ()},
        {GPS.GPSLatitude: None},
        {GPS.GPSLatitudeRef: ""},
        {GPS.GPSLatitudeRef: None},
        {GPS.GPSLongitudeRef: "Q"},
        {GPS.GPSLatitude: (0.0, 0.0, 0.0), GPS.GPSLongitude: (0.0, 0.0, 0.0)},
    ],
)
def test_an_impossible_place_is_no_place(change: dict[int, Any]) -> None:
    metadata = read_metadata(RawExif({}, HANOI | change))
    assert metadata.latitude is None
    assert metadata.longitude is None


def test_degrees_alone_are_a_place() -> None:
    metadata = read_metadata(
        RawExif({}, HANOI | {GPS.GPSLatitude: 21.5, GPS.GPSLatitudeRef: b"N\0"})
    )
    assert metadata.latitude == 21.5


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS 40D", "Canon EOS 40D"),
        ("NIKON CORPORATION", "NIKON D5000", "NIKON D5000"),
        ("EASTMAN KODAK COMPANY", "KODAK CX7530", "KODAK CX7530"),
        ("Apple\0\0", "iPhone 4  \0", "Apple iPhone 4"),
        ("", "E995", "E995"),
        ("FLIR", "", "FLIR"),
        ("  \0", "\0", None),
        ("a\x07b", "\n", "a b"),
        (b"OLYMPUS", "\u00ce\u00bc 800", "OLYMPUS μ 800"),
        (b"\xff\xfe", b"\xb5", "ÿþ µ"),
        (7, (1, 2), None),
        ("x" * 70_000, "y", "x" * 100),
    ],
)
def test_the_camera_is_named_once_and_cleanly(
    make: object, model: object, camera: str | None
) -> None:
    assert read_metadata(RawExif({BASE.Make: make, BASE.Model: model}, {})).camera == camera


@pytest.mark.parametrize("orientation", [0, 9, -1, "6", (6, 6), None, 6.5])
def test_an_orientation_out_of_range_means_upright(orientation: object) -> None:
    assert read_orientation(RawExif({BASE.Orientation: orientation}, {})) == 1


def test_a_png_with_its_exif_behind_the_pixels_is_understood(
    landscape: Image.Image, encode: Encode, tmp_path: Path
) -> None:
    data = encode(landscape, "PNG", exif=exif({BASE.Orientation: 6, BASE.Make: "late"}))
    start = data.index(b"eXIf") - 4
    end = start + 12 + int.from_bytes(data[start : start + 4])
    path = tmp_path / "late.png"
    path.write_bytes(data[:start] + data[end:-12] + data[start:end] + data[-12:])
    metadata = read_photo(bytes(path), []).metadata
    assert (metadata.width, metadata.height, metadata.camera) == (64, 96, "late")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_no_exif_however_hostile_raises(data: bytes) -> None:
    for head in (b"", b"Exif\0\0", b"Exif\0\0II*\0\x08\0\0\0", b"Exif\0\0MM\0*\0\0\0\x08"):
        assert jpeg_with(head + data).height in (4, 6)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 399), st.integers(0, 255)), max_size=12))
def test_no_damage_to_good_exif_raises(damage: list[tuple[int, int]]) -> None:
    good = exif({BASE.Make: "Apple", BASE.Orientation: 6}, {BASE.DateTimeOriginal: "2023"}, HANOI)
    data = bytearray(good)
    for place, value in damage:
        data[place % len(data)] = value
    assert jpeg_with(bytes(data)).height in (4, 6)


@pytest.mark.shared
def test_photos_of_real_cameras_tell_date_place_and_camera(photos: Path) -> None:
    photo = read_photo(bytes(photos / "free" / "HTC Desire.jpg"), ()).metadata
    same = read_photo(bytes(photos / "free" / "HTC Desire.webp"), ()).metadata
    assert photo == same
    assert photo.camera == "HTC Desire"
    assert photo.taken_at == datetime(2011, 5, 6, 9, 59, 48)
    assert photo.latitude == pytest.approx(45.50067, abs=1e-5)
    assert photo.longitude == pytest.approx(9.11033, abs=1e-5)


@pytest.mark.shared
def test_a_third_of_the_real_photos_know_their_place(photos: Path) -> None:
    files = [*(photos / "free").iterdir(), *(photos / "cc-by-sa-4.0").iterdir()]
    read = [read_photo(bytes(file), ()).metadata for file in files]
    assert sum(metadata.latitude is not None for metadata in read) == 16
    assert sum(metadata.taken_at is not None for metadata in read) >= 38
    assert all(metadata.width > 0 and metadata.height > 0 for metadata in read)
