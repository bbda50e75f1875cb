import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.errors import CaptionsError
from engine.training.data import (
    CaptionedPhoto,
    Source,
    draw_captions,
    draw_epoch,
    gather,
    load_pixels,
    read_sentences,
    squashed,
)

MakePhoto = Callable[..., Path]


def source(path: Path, lines: list[str], images: Path, weight: float = 1.0) -> Source:
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return Source(path, images, weight)


def photos(weights: list[float]) -> list[CaptionedPhoto]:
    return [CaptionedPhoto(Path(f"{i}"), (f"photo {i}",), (w,)) for i, w in enumerate(weights)]


def test_captions_of_all_sources_are_joined_by_photo_in_the_order_of_paths(
    tmp_path: Path, make_photo: MakePhoto
) -> None:
    images = tmp_path / "ảnh"
    b, a = make_photo(images / "b.png"), make_photo(images / "con" / "a.png", seed=1)
    first = source(tmp_path / "1.tsv", ["b.png\thoà bình", "con/a.png\tmột"], images)
    second = source(tmp_path / "2.tsv", ["b.png\ta dog"], images, weight=0.2)
    found = gather([first, second])
    assert found == [
        CaptionedPhoto(b, ("hòa bình", "a dog"), (1.0, 0.2)),
        CaptionedPhoto(a, ("một",), (1.0,)),
    ]
    assert found[0].weight == 1.0
    assert [photo.captions[0] for photo in gather([second, first])] == ["a dog", "một"]


def test_captions_are_normalised_as_queries_are(tmp_path: Path, make_photo: MakePhoto) -> None:
    make_photo(tmp_path / "a.png")
    decomposed = unicodedata.normalize("NFD", "  tết  ở Huế ")
    found = gather([source(tmp_path / "c.tsv", [f"a.png\t{decomposed}"], tmp_path)])
    assert found[0].captions == ("tết ở Huế",)


def test_one_photo_named_in_two_ways_is_one_photo(tmp_path: Path, make_photo: MakePhoto) -> None:
    make_photo(tmp_path / "images" / "a.png")
    sources = [
        source(tmp_path / "1.tsv", ["a.png\tmột"], tmp_path / "images"),
        source(tmp_path / "2.tsv", ["./images/a.png\thai"], tmp_path / "images" / ".."),
    ]
    assert [photo.captions for photo in gather(sources)] == [("một", "hai")]


def test_photos_that_are_not_there_are_counted_and_the_first_is_named(tmp_path: Path) -> None:
    bad = source(tmp_path / "c.tsv", ["x.png\tmột", "y.png\thai"], tmp_path)
    with pytest.raises(CaptionsError, match=r"missing: 2, first .*x\.png\.$"):
        gather([bad])


def test_pixels_are_squashed_to_squares_in_the_order_of_the_photos(
    tmp_path: Path, make_photo: MakePhoto
) -> None:
    paths = [make_photo(tmp_path / f"{i}.png", seed=i, size=(40 + 9 * i, 30)) for i in range(5)]
    pixels = load_pixels([CaptionedPhoto(path, ("x",), (1.0,)) for path in paths], squashed(16))
    assert pixels.shape == (5, 16, 16, 3)
    assert pixels.dtype == np.uint8
    for path, found in zip(paths, pixels, strict=True):
        with Image.open(path) as image:
            expected = np.asarray(image.convert("RGB").resize((16, 16), Image.Resampling.BICUBIC))
        assert np.array_equal(found, expected)


def test_a_photo_that_cannot_be_read_is_named(tmp_path: Path, make_photo: MakePhoto) -> None:
    broken = tmp_path / "hỏng.jpg"
    broken.write_bytes(b"no picture")
    both = [make_photo(tmp_path / "a.png"), broken]
    with pytest.raises(CaptionsError, match=r"hỏng\.jpg cannot be trained on: "):
        load_pixels([CaptionedPhoto(path, ("x",), (1.0,)) for path in both], squashed(16))


@given(st.lists(st.floats(0.05, 1), max_size=30), st.integers(0, 100))
def test_an_epoch_shows_no_photo_twice_and_sure_ones_always(
    weights: list[float], seed: int
) -> None:
    rows = draw_epoch(photos(weights), np.random.default_rng(seed)).tolist()
    assert len(rows) == len(set(rows))
    assert set(rows) >= {row for row, weight in enumerate(weights) if weight == 1}
    assert set(rows) <= set(range(len(weights)))


def test_the_seed_decides_the_epoch() -> None:
    def epochs(seed: int) -> list[list[int]]:
        random = np.random.default_rng(seed)
        return [draw_epoch(photos([1.0] * 20), random).tolist() for _ in range(2)]

    assert epochs(1) == epochs(1)
    assert epochs(1) != epochs(2)
    assert epochs(1)[0] != epochs(1)[1]


def test_weights_say_how_often_photos_and_captions_are_drawn() -> None:
    every = [
        CaptionedPhoto(Path("seldom"), ("seldom",), (0.3,)),
        CaptionedPhoto(Path("both"), ("often", "less"), (1.0, 0.25)),
    ]
    random = np.random.default_rng(0)
    rows = [row for _ in range(2000) for row in draw_epoch(every, random)]
    drawn = [text for row in rows for text in draw_captions(every[row], 1, random)]
    assert drawn.count("seldom") == pytest.approx(600, rel=0.15)
    assert drawn.count("often") + drawn.count("less") == 2000
    assert drawn.count("less") == pytest.approx(400, rel=0.15)


def test_several_captions_of_a_photo_are_different_ones_and_no_more_than_it_has() -> None:
    photo = CaptionedPhoto(Path("p"), ("one", "two", "three"), (1.0, 0.5, 0.2))
    random = np.random.default_rng(0)
    assert all(len(set(draw_captions(photo, 2, random))) == 2 for _ in range(50))
    assert sorted(draw_captions(photo, 9, random)) == ["one", "three", "two"]


def test_sentences_of_the_same_meaning_are_read_normalised(tmp_path: Path) -> None:
    path = tmp_path / "pairs.tsv"
    path.write_text("A  dog .\tMột con chó\n\nPeace\thoà bình\n", "utf-8")
    assert read_sentences(path) == [("A dog .", "Một con chó"), ("Peace", "hòa bình")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a dog\tcon ch\xc3\xb3\na cat\n", r"Line 2 of .* is no pair of sentences\.$"),
        (b"a\tb\tc\n", r"Line 1 of .* is no pair"),
        (b"a dog\t \n", r"Line 1 of .* is no pair"),
        (b"\xff\n", "cannot be read"),
    ],
)
def test_what_is_no_pair_of_sentences_is_told_with_its_line(
    content: bytes, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / "pairs.tsv").write_bytes(content)
    with pytest.raises(CaptionsError, match=sentence):
        read_sentences(tmp_path / "pairs.tsv")
