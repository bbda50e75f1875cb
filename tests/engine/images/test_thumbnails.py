import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from engine.errors import LibraryError
from engine.images.thumbnails import (
    make_thumbnail,
    remove_thumbnail,
    save_thumbnail,
    thumbnail_path,
)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((4000, 3000), (320, 240)),
        ((1000, 1500), (213, 320)),
        ((321, 320), (320, 319)),
        ((9000, 3), (320, 1)),
    ],
)
def test_a_thumbnail_fits_and_keeps_its_shape(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert opened(make_thumbnail(Image.new("RGB", size))).size == expected


def test_a_small_photo_is_not_enlarged(landscape: Image.Image) -> None:
    assert opened(make_thumbnail(landscape)).size == landscape.size


def test_a_thumbnail_keeps_the_colour_profile_and_nothing_else() -> None:
    image = Image.new("RGB", (400, 400))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image.info = {"icc_profile": profile, "comment": b"secret", "exif": b"Exif\0\0secret"}
    data = make_thumbnail(image)
    assert opened(data).info["icc_profile"] == profile
    assert b"secret" not in data


def test_making_a_thumbnail_leaves_the_image_as_it_was() -> None:
    image = Image.new("RGB", (800, 400), "red")
    make_thumbnail(image)
    assert image.size == (800, 400)


def test_a_thousand_thumbnails_share_a_folder(tmp_path: Path) -> None:
    assert thumbnail_path(tmp_path, 999).parent == thumbnail_path(tmp_path, 0).parent
    assert thumbnail_path(tmp_path, 1000).parent != thumbnail_path(tmp_path, 999).parent
    assert len({thumbnail_path(tmp_path, photo_id) for photo_id in range(3000)}) == 3000


def test_a_saved_thumbnail_replaces_the_old_one_and_leaves_nothing_beside_it(
    tmp_path: Path,
) -> None:
    save_thumbnail(tmp_path, 1234, b"old")
    save_thumbnail(tmp_path, 1234, b"new")
    path = thumbnail_path(tmp_path, 1234)
    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_a_reader_never_sees_half_a_thumbnail(tmp_path: Path) -> None:
    kinds = [bytes([value]) * 200_000 for value in (1, 2)]
    save_thumbnail(tmp_path, 7, kinds[0])

    def write() -> None:
        for turn in range(50):
            save_thumbnail(tmp_path, 7, kinds[turn % 2])

    writer = threading.Thread(target=write)
    writer.start()
    while writer.is_alive():
        assert thumbnail_path(tmp_path, 7).read_bytes() in kinds
    writer.join()


def test_a_folder_that_cannot_be_written_to_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "0").write_text("a file where the folder should be")
    with pytest.raises(LibraryError, match=r"cannot be written: .+\.$"):
        save_thumbnail(tmp_path, 7, b"data")


def test_no_half_file_is_left_when_the_thumbnail_cannot_be_put_in_place(tmp_path: Path) -> None:
    path = thumbnail_path(tmp_path, 7)
    (path / "occupied").mkdir(parents=True)
    with pytest.raises(LibraryError):
        save_thumbnail(tmp_path, 7, b"data")
    assert list(path.parent.iterdir()) == [path]


def test_a_removed_thumbnail_is_gone_and_may_be_removed_again(tmp_path: Path) -> None:
    save_thumbnail(tmp_path, 7, b"data")
    remove_thumbnail(tmp_path, 7)
    remove_thumbnail(tmp_path, 7)
    assert not thumbnail_path(tmp_path, 7).exists()


def test_a_thumbnail_that_cannot_be_deleted_is_said_in_a_sentence(tmp_path: Path) -> None:
    thumbnail_path(tmp_path, 7).mkdir(parents=True)
    with pytest.raises(LibraryError, match="cannot be deleted"):
        remove_thumbnail(tmp_path, 7)


def test_several_threads_may_save_the_same_thumbnail(tmp_path: Path) -> None:
    """The window makes one while the photo is being embedded."""
    data = [bytes([number]) * 50_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            list(pool.map(lambda each: save_thumbnail(tmp_path, 7, each), data))
    assert thumbnail_path(tmp_path, 7).read_bytes() in data
    assert [path.name for path in thumbnail_path(tmp_path, 7).parent.iterdir()] == ["7.jpg"]
