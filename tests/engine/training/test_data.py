import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.errors import CaptionsError
from engine.training.data import CaptionedPhoto, Source, batches, gather, load_pixels

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
    pixels = load_pixels([CaptionedPhoto(path, ("x",), (1.0,)) for path in paths], 16)
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
        load_pixels([CaptionedPhoto(path, ("x",), (1.0,)) for path in both], 16)


@given(
    st.lists(st.floats(0.05, 1), max_size=30),
    st.integers(1, 12),
    st.integers(0, 100),
)
def test_batches_are_full_and_hold_no_photo_twice_in_an_epoch(
    weights: list[float], size: int, seed: int
) -> None:
    every = photos(weights)
    rows: list[int] = []
    for chosen, captions in batches(every, size, np.random.default_rng(seed)):
        assert len(chosen) == len(captions) == size
        assert captions == [every[row].captions[0] for row in chosen]
        rows += chosen.tolist()
    assert len(rows) == len(set(rows))
    if set(weights) == {1.0}:
        assert len(rows) == len(weights) // size * size


def test_too_few_photos_give_no_batch() -> None:
    assert not list(batches(photos([1.0] * 3), 4, np.random.default_rng(0)))


def test_the_seed_decides_the_batches_and_epochs_differ() -> None:
    def epochs(seed: int) -> list[list[int]]:
        random = np.random.default_rng(seed)
        every = photos([1.0] * 20)
        return [[row for rows, _ in batches(every, 5, random) for row in rows] for _ in range(2)]

    assert epochs(1) == epochs(1)
    assert epochs(1) != epochs(2)
    assert epochs(1)[0] != epochs(1)[1]


def test_weights_say_how_often_photos_and_captions_are_drawn() -> None:
    every = [
        CaptionedPhoto(Path("seldom"), ("seldom",), (0.3,)),
        CaptionedPhoto(Path("both"), ("often", "less"), (1.0, 0.25)),
    ]
    random = np.random.default_rng(0)
    drawn = [text for _ in range(2000) for _, texts in batches(every, 1, random) for text in texts]
    assert drawn.count("seldom") == pytest.approx(600, rel=0.15)
    assert drawn.count("often") + drawn.count("less") == 2000
    assert drawn.count("less") == pytest.approx(400, rel=0.15)
