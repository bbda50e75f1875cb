from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from engine.images.shooting import Shooting
from gui.photos import photo_facts
from tests.gui.photos.rows import row_of

HERE = Path("/tmp/a.jpg")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


def test_the_date_is_written_out_without_a_time_zone() -> None:
    photo = row_of(HERE, taken_at=datetime(2023, 1, 22, 15, 12, 44))
    shown = photo_facts.date_taken(photo).replace("\u202f", " ")
    assert shown == "Sunday, January 22, 2023, 3:12 PM"


def test_the_date_follows_the_language() -> None:
    QLocale.setDefault(QLocale("vi_VN"))
    photo = row_of(HERE, taken_at=datetime(2023, 1, 22, 15, 12, 44))
    assert photo_facts.date_taken(photo) == "Chủ Nhật, 22 tháng 1, 2023, 15:12"


def test_the_size_is_told_in_pixels_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(bytes(2_400_000))
    assert photo_facts.dimensions(row_of(path, size=(4032, 3024))) == (
        "4032 × 3024 · 12.2 MP · 2.4 MB"
    )
    assert photo_facts.dimensions(row_of(path)) == "2.4 MB"


@pytest.mark.parametrize(
    ("shooting", "expected"),
    [
        (Shooting(1 / 160, 7.1, 100, 135.0), "1/160 s · f/7.1 · ISO 100 · 135 mm"),
        (Shooting(exposure=0.00625), "1/160 s"),
        (Shooting(exposure=0.5), "0.5 s"),
        (Shooting(exposure=1300.0), "1300 s"),
        (Shooting(aperture=2.0, focal_length=3.99), "f/2 · 4 mm"),
        (Shooting(), ""),
    ],
)
def test_the_exposure_is_one_line(shooting: Shooting, expected: str) -> None:
    assert photo_facts.exposure(shooting) == expected


@pytest.mark.parametrize(
    ("shooting", "expected"),
    [
        (
            Shooting(focal_length=4.0, focal_length_35=28, flash=True),
            "as 28 mm on 35 mm film · with flash",
        ),
        (Shooting(focal_length=48.0, focal_length_35=48, flash=False), "without flash"),
        (Shooting(), ""),
    ],
)
def test_what_matters_less_is_told_apart(shooting: Shooting, expected: str) -> None:
    assert photo_facts.exposure_details(shooting) == expected


def test_coordinates_have_a_point_in_every_language() -> None:
    QLocale.setDefault(QLocale("vi_VN"))
    photo = row_of(HERE, place=(10.776221, -106.70098))
    assert photo_facts.coordinates(photo) == "10.77622, -106.70098"
    assert photo_facts.coordinates(row_of(HERE)) == ""


def test_the_map_is_that_of_openstreetmap() -> None:
    address = photo_facts.map_address(row_of(HERE, place=(10.5, 106.25)))
    assert address == (
        "https://www.openstreetmap.org/?mlat=10.50000&mlon=106.25000#map=16/10.50000/106.25000"
    )
