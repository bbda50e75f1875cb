import errno
import os
import struct
import threading
import warnings
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.errors import UnreadableImageError
from engine.images import reading
from engine.images.reading import read_upright

Encode = Callable[..., bytes]
KINDS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF", "AVIF"]
BEGINNINGS = [
    b"",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
    b"BM",
    b"II*\0",
    b"MM\0*",
    b"II+\0",
    b"RIFF\x90\0\0\0WEBPVP8 ",
    b"\0\0\0\x18ftypheic",
    b"\0\0\0\x18ftypavif",
    b"\0\0\0\x18ftypmif1",
]


def refusal(source: bytes | Path | BytesIO) -> UnreadableImageError:
    with pytest.raises(UnreadableImageError) as caught:
        read_upright(source, 64)
    assert str(caught.value).endswith(".")
    return caught.value


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


class FailingDisk(BytesIO):
    """A file on a drive that drops out after the first bytes."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0 or self.tell() + size > 600:
            raise OSError(errno.EIO, "Input/output error")
        return super().read(size)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kept", [0.5, 0.9, 0.97])
def test_a_truncated_photo_is_refused_with_a_sentence(
    kind: str, kept: float, encode: Encode
) -> None:
    noise = Image.effect_noise((200, 150), 90).convert("RGB")
    data = encode(noise, kind)
    error = refusal(BytesIO(data[: int(len(data) * kept)]))
    assert error.permanent
    assert str(error) == "The file is cut off: only part of the picture is there."


def test_a_png_without_its_last_chunk_is_whole(landscape: Image.Image, encode: Encode) -> None:
    data = encode(landscape, "PNG")
    assert read_upright(BytesIO(data[:-12]), 64).tobytes() == landscape.tobytes()


def test_a_picture_too_large_for_any_machine_is_refused_for_good() -> None:
    error = refusal(BytesIO(png_header(60_000, 60_000)))
    assert str(error) == "The picture is too large to decode: 60,000 x 60,000 pixels."
    assert error.permanent


def test_a_progressive_jpeg_is_judged_by_its_full_size(encode: Encode) -> None:
    data = bytearray(encode(Image.new("RGB", (64, 64)), "JPEG", progressive=True))
    frame = data.index(b"\xff\xc2")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 65_000, 65_000)
    assert "too large" in str(refusal(BytesIO(data)))


def test_a_jpeg_of_several_scans_is_judged_by_its_full_size(encode: Encode) -> None:
    data = bytearray(encode(Image.new("RGB", (64, 64)), "JPEG"))
    frame, scan = data.index(b"\xff\xc0"), data.index(b"\xff\xda")
    data[frame + 5 : frame + 9] = struct.pack(">HH", 65_000, 65_000)
    data[scan + 2 : scan + 5] = bytes([0, 8, 1])
    assert "too large" in str(refusal(BytesIO(data)))


def test_a_picture_of_more_pixels_than_pillow_allows_is_decoded(
    encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = encode(Image.new("L", (2000, 1000)), "JPEG")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100_000)
    assert read_upright(BytesIO(data), 100).size == (250, 125)
    assert Image.MAX_IMAGE_PIXELS == 100_000


def test_a_picture_that_does_not_fit_in_memory_now_may_fit_later(
    landscape: Image.Image, encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_SHARE_OF_FREE_MEMORY", 1e-9)
    error = refusal(BytesIO(encode(landscape, "PNG")))
    assert "too little free memory" in str(error)
    assert not error.permanent


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "The file is empty."),
        (b"a shopping list", "The file is not a photo of a kind that can be read."),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "The file is not a photo of a kind that can be read."),
        (b"8BPS\0\1" + bytes(40), "The file is not a photo of a kind that can be read."),
        (b"\x89PNG\r\n\x1a\n", "The picture in the file is damaged and cannot be decoded."),
    ],
)
def test_a_file_that_is_no_photo_is_refused_with_a_sentence(
    data: bytes, reason: str, tmp_path: Path
) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(data)
    error = refusal(path)
    assert str(error) == reason
    assert error.permanent


def test_a_missing_file_may_come_back(tmp_path: Path) -> None:
    error = refusal(tmp_path / "gone.jpg")
    assert str(error) == "The file is no longer there."
    assert not error.permanent


def test_a_folder_is_not_a_photo(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").mkdir()
    refusal(tmp_path / "holiday.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert str(refusal(tmp_path / "pipe.jpg")) == "This is not an ordinary file."


@pytest.fixture
def forbidden(tmp_path: Path) -> Iterator[Path]:
    if not hasattr(os, "geteuid"):
        pytest.skip("permissions are not those of POSIX here")
    path = tmp_path / "secret.jpg"
    path.write_bytes(b"data")
    path.chmod(0)
    user = os.geteuid()
    if user == 0:  # to the root user nothing is forbidden
        os.seteuid(65534)
    yield path
    os.seteuid(user)


def test_a_forbidden_file_may_be_allowed_later(forbidden: Path) -> None:
    error = refusal(forbidden)
    assert str(error) == "There is no permission to read the file."
    assert not error.permanent


@pytest.mark.parametrize("kind", KINDS)
def test_a_drive_that_drops_out_does_not_condemn_the_photo(kind: str, encode: Encode) -> None:
    noise = Image.effect_noise((200, 150), 90).convert("RGB")
    error = refusal(FailingDisk(encode(noise, kind)))
    assert str(error) == "The file cannot be read: Input/output error."
    assert not error.permanent


def test_damaged_exif_costs_neither_the_photo_nor_the_filters_of_warnings(
    landscape: Image.Image, encode: Encode
) -> None:
    exif = Image.Exif()
    exif[0x10F] = "a maker of cameras"
    broken = bytearray(encode(landscape, "JPEG", exif=exif))
    count = broken.index(b"\x01\x0f") + 4
    broken[count : count + 4] = b"\x7f\xff\xff\xff"
    with pytest.warns(UserWarning, match="EXIF|Tag data"), Image.open(BytesIO(broken)) as image:
        image.getexif().get(0x10F)
    before = list(warnings.filters)
    failures: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(20):
                read_upright(BytesIO(broken), 64)
        except BaseException as error:  # noqa: BLE001 - handed to the thread of the test
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert list(warnings.filters) == before


@pytest.fixture(scope="module")
def samples(landscape: Image.Image, encode: Encode) -> list[bytes]:
    small = landscape.resize((24, 16))
    exif = Image.Exif()
    exif.update({0x112: 6, 0x10F: "Apple", 0x132: "2023:01:22 08:30:00"})
    options: dict[str, object] = {"exif": exif.tobytes()}
    photos = [encode(small, kind, **options) for kind in KINDS if kind not in ("GIF", "BMP")]
    photos += [encode(small, "GIF", save_all=True, append_images=[small.rotate(180)])]
    photos += [encode(small, "BMP"), encode(small.quantize(8), "PNG")]
    photos += [encode(small, "TIFF", compression=name) for name in ("tiff_lzw", "jpeg")]
    return [*photos, encode(small, "JPEG", progressive=True)]


def decode_or_refuse(data: bytes) -> None:
    # Damage can turn a small picture into one of gigabytes, which is honest but slow.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_MOST_BYTES", 2**26)
        try:
            image = read_upright(BytesIO(data), 8)
        except UnreadableImageError:
            return
        assert image.mode == "RGB"


@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_damaged_photos_are_decoded_or_refused(samples: list[bytes], data: st.DataObject) -> None:
    photo = bytearray(data.draw(st.sampled_from(samples)))
    places = st.integers(0, len(photo) - 1)
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), max_size=20)):
        photo[place] = value
    decode_or_refuse(bytes(photo[: data.draw(st.integers(0, len(photo)) | st.just(len(photo)))]))


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(BEGINNINGS),
    st.binary(max_size=300),
)
def test_random_bytes_are_decoded_or_refused(head: bytes, tail: bytes) -> None:
    decode_or_refuse(head + tail)


@pytest.mark.shared
def test_broken_heic_files_are_refused_and_good_ones_decoded(photos: Path) -> None:
    broken = {"corrupted.heic", "empty.heic", "truncated.heic"}
    for path in (photos / "heic").iterdir():
        if path.name in broken:
            assert refusal(path).permanent
        else:
            assert read_upright(path, 64).mode == "RGB"


@pytest.mark.shared
@pytest.mark.parametrize("kept", [0.3, 0.6, 0.99])
def test_a_heic_file_cut_off_anywhere_is_refused(photos: Path, kept: float) -> None:
    data = (photos / "heic" / "arrow.heic").read_bytes()
    assert "cut off" in str(refusal(BytesIO(data[: int(len(data) * kept)])))
