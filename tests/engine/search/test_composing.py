from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.errors import QueryError
from engine.index.upkeep import open_index
from engine.indexing.adding import add_files
from engine.indexing.embedding import embed_missing
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.models.encoder import FloatArray
from engine.models.installed import InstalledCheckpoint
from engine.paths import absolute
from engine.search.composing import AVOIDANCE, Wish, compose
from engine.search.fusion import Fusion, normalise
from engine.search.scores import Scores
from engine.search.searching import Searcher

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
NAN = float("nan")
PHOTOS = 12
EQUAL = Fusion("zscore", (0.5, 0.5))


def parts(values: npt.ArrayLike) -> FloatArray:
    return np.array(values, dtype=np.float32)


NOTHING = np.empty((0, 2, 4), np.float32)


def test_a_text_and_a_picture_count_alike_however_far_apart_their_cosines_lie() -> None:
    text = [[0.10, 0.11, 0.10, 0.11]] * 2
    picture = [[0.5, 0.5, 0.9, 0.9]] * 2
    values = compose(parts([text, picture]), NOTHING)
    np.testing.assert_allclose(values[0], [-2, 0, 0, 2], atol=1e-4)


def test_what_is_avoided_falls_behind_and_what_lacks_it_gains_nothing() -> None:
    text = parts([[[0.9, 0.5, 0.1, 0.1]] * 2])
    shown = parts([[[0.9, -0.1, -0.9, 0.1]] * 2])
    before, after = normalise(text, "zscore")[0], compose(text, shown)
    clear = normalise(shown, "zscore")[0, :, 0]
    np.testing.assert_allclose(after[:, 0], before[:, 0] - AVOIDANCE * clear, rtol=1e-5)
    np.testing.assert_array_equal(after[:, 1:3], before[:, 1:3])
    assert after[0].argmin() == 0


def test_a_photo_that_an_encoder_lacks_has_no_score_by_it() -> None:
    wanted = parts([[[0.1, NAN, 0.3, 0.2], [NAN] * 4], [[0.1, NAN, 0.2, 0.2], [NAN] * 4]])
    values = compose(wanted, wanted[:1])
    assert np.isnan(values).tolist() == [[False, True, False, False], [True] * 4]


def test_a_part_of_which_an_encoder_knows_nothing_leaves_the_other_parts() -> None:
    text = parts([[0.1, 0.2, 0.3, NAN], [0.1, 0.2, 0.3, 0.4]])
    picture = parts([[0.5, 0.9, 0.5, NAN], [NAN] * 4])
    values = compose(np.stack([text, picture]), NOTHING)
    np.testing.assert_array_equal(values[1], normalise(text, "zscore")[1])
    assert np.isnan(values[0]).tolist() == [False, False, False, True]


@given(st.text(" \t\u200b\ufeffa-"), st.sampled_from([None, 0, b"", b"/a.jpg"]))
def test_a_wish_is_empty_where_nothing_can_be_seen_of_it(
    text: str, picture: int | bytes | None
) -> None:
    assert bool(Wish(text, picture)) == ("a" in text or "-" in text or picture is not None)


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """The process of this module outlives its tests; `searcher` ends it."""


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("photos")
    random = np.random.default_rng(0)
    return [_draw(folder / f"{number:02}.png", random) for number in range(PHOTOS)]


def _draw(path: Path, random: np.random.Generator) -> Path:
    Image.fromarray(random.integers(0, 256, (48, 64, 3), dtype=np.uint8)).save(path)
    return path


@pytest.fixture(scope="module")
def searcher(
    photos: list[Path], tiny_pair: Pair, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Searcher]:
    """Over photos 1 to 12, embedded by both encoders."""
    folder = tmp_path_factory.mktemp("library")
    with Library.open(folder) as library, ModelProcess(tiny_pair) as models:
        indexes = {c.key: open_index(library, c.key, c.record.dimension) for c in tiny_pair}
        list(add_files(library, absolute(photos[0].parent)))
        list(embed_missing(library, models, indexes))
        yield Searcher(library, models, indexes)


def same(found: Scores, expected: Scores) -> None:
    np.testing.assert_array_equal(found.ids, expected.ids)
    np.testing.assert_array_equal(found.cosines, expected.cosines)
    np.testing.assert_array_equal(found.values, expected.values)


def test_one_part_is_ranked_by_its_cosines(searcher: Searcher, photos: list[Path]) -> None:
    text = searcher.score(Wish("con chó"))
    picture = searcher.score(Wish(picture=absolute(photos[3])))
    for scores in (text, picture):
        assert scores.values is scores.cosines
        assert len(scores.ids) == PHOTOS
    same(searcher.score_text("con chó"), text)
    same(searcher.score_file(absolute(photos[3])), picture)
    assert picture.ranking("fused", EQUAL).ids[0] == 4
    assert not np.array_equal(text.cosines, picture.cosines)


def test_a_photo_that_is_searched_with_is_left_out(searcher: Searcher) -> None:
    for wish in (Wish(picture=5), Wish("con chó", 5), Wish("-biển", 5)):
        ranking = searcher.score(wish).ranking("fused", EQUAL)
        assert sorted(ranking.ids.tolist()) == [i for i in range(1, PHOTOS + 1) if i != 5]


def test_text_picture_and_words_to_avoid_are_composed(searcher: Searcher) -> None:
    text, avoided, picture = (
        searcher.score(wish).cosines for wish in (Wish("con chó"), Wish("xe máy"), Wish(picture=2))
    )
    scores = searcher.score(Wish('con chó -"xe máy"', 2))
    known = scores.ids != 2
    expected = compose(np.stack([text, picture])[:, :, known], avoided[None, :, known])
    np.testing.assert_allclose(scores.values[:, known], expected, atol=1e-5)
    np.testing.assert_array_equal(scores.cosines[:, known], text[:, known])


def test_without_a_text_the_cosines_of_the_picture_are_shown(searcher: Searcher) -> None:
    scores = searcher.score(Wish("-biển", 2))
    np.testing.assert_array_equal(scores.cosines, searcher.score(Wish(picture=2)).cosines)
    assert not np.array_equal(scores.values, scores.cosines, equal_nan=True)


def test_several_things_can_be_avoided_at_once(searcher: Searcher) -> None:
    text, first, second = (
        searcher.score_text(text).cosines for text in ("con chó", "biển", "xe máy")
    )
    scores = searcher.score(Wish('-biển con chó -"xe máy"'))
    expected = compose(text[None], np.stack([first, second]))
    np.testing.assert_allclose(scores.values, expected, atol=1e-5)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (Wish(), "The query is empty"),
        (Wish("-biển"), "only says what to avoid"),
        (Wish(picture=999), "no longer in the library"),
        (Wish("con chó", b"/nowhere/photo.jpg"), "/nowhere/photo.jpg: "),
    ],
)
def test_what_cannot_be_searched_is_refused(searcher: Searcher, wish: Wish, words: str) -> None:
    with pytest.raises(QueryError, match=words):
        searcher.score(wish)
