from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import QueryError
from engine.index.upkeep import open_index
from engine.indexing.adding import add_files
from engine.indexing.embedding import embed_missing
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.library.photo import FoundFile
from engine.models.installed import InstalledCheckpoint
from engine.models.installed_translators import InstalledTranslator
from engine.paths import absolute
from engine.search.composing import Wish
from engine.search.fusion import NORMALISATIONS, Fusion, Normalisation
from engine.search.searching import Searcher
from tests.engine.models.tiny_translators import LEARNT

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
DOG, SNOW = "một con chó chạy trên bãi cỏ", "tuyết"
PHOTOS = 60  # enough to have a bulk of scores; see `cut_off`


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """The process of this module outlives its tests; `models` ends it."""


@pytest.fixture(scope="module")
def models(tiny_pair: Pair, marian: InstalledTranslator) -> Iterator[ModelProcess]:
    with ModelProcess(tiny_pair, translator=marian) as process:
        yield process


@pytest.fixture(scope="module")
def library(
    tiny_pair: Pair, models: ModelProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("album")
    rng = np.random.default_rng(0)
    with Library.open(folder / "library") as opened:
        root = opened.folders.add(b"/photos")
        for number in range(PHOTOS):
            photo_id = opened.photos.add(root.id, FoundFile(b"/photos/%d" % number, 1, 1))
            for checkpoint in tiny_pair:
                vector = rng.standard_normal(checkpoint.record.dimension)
                unit = (vector / np.linalg.norm(vector)).astype(np.float16)
                opened.embeddings.add(photo_id, checkpoint.key, unit)
        yield opened


@pytest.fixture
def searcher(library: Library, tiny_pair: Pair, models: ModelProcess) -> Searcher:
    indexes = {one.key: open_index(library, one.key, one.record.dimension) for one in tiny_pair}
    return Searcher(library, models, indexes)


Know = Callable[..., None]


@pytest.fixture
def know(tiny_pair: Pair, models: ModelProcess, monkeypatch: pytest.MonkeyPatch) -> Know:
    """Have the two encoders know these languages, as records of checkpoints say."""

    def know(openclip: str, beit3: str, *, translator: bool = True) -> None:
        spoken = zip(tiny_pair, (openclip, beit3), strict=True)
        records = {
            one.key: replace(one, record=replace(one.record, languages=tuple(said.split())))
            for one, said in spoken
        }
        monkeypatch.setattr(models, "checkpoints", records)
        if not translator:
            monkeypatch.setattr(models, "translator", None)

    return know


def cosines(searcher: Searcher, key: str, text: str) -> list[float]:
    vector = searcher._models.encode_texts(key, [text])[0]
    found: list[float] = searcher._indexes[key].scores(vector)[1].tolist()
    return found


def test_encoders_that_know_vietnamese_never_wait_for_a_translation(
    searcher: Searcher, know: Know, monkeypatch: pytest.MonkeyPatch
) -> None:
    def translate(_texts: object) -> list[str]:
        raise AssertionError("the translator was asked")

    monkeypatch.setattr(searcher._models, "translate", translate)
    know("vi en", "vi en")
    for text in (DOG, f"{DOG} -{SNOW}", "a dog", "con cho"):
        scores = searcher.score_text(text)
        assert scores.wording is not None
        assert (scores.wording.english, scores.wording.left_out) == (None, {})
    know("en", "en")
    assert searcher.score_text("a dog in the snow").wording is not None


def test_each_encoder_is_asked_in_a_language_it_knows(
    searcher: Searcher, know: Know, tiny_pair: Pair
) -> None:
    know("vi", "en")
    scores = searcher.score_text(DOG)
    for row, (checkpoint, text) in enumerate(zip(tiny_pair, (DOG, LEARNT[DOG]), strict=True)):
        assert scores.cosines[row] == pytest.approx(cosines(searcher, checkpoint.key, text))
    assert scores.wording is not None
    assert scores.wording.english == LEARNT[DOG]


def test_the_users_own_english_is_asked_instead(
    searcher: Searcher, know: Know, tiny_pair: Pair
) -> None:
    know("vi", "en")
    found = searcher.score(Wish(DOG, english="snow"))
    assert found.cosines[1] == pytest.approx(cosines(searcher, tiny_pair[1].key, "snow"))
    assert found.cosines[0] == pytest.approx(cosines(searcher, tiny_pair[0].key, DOG))
    avoiding = searcher.score(Wish(DOG, english="snow -dog"))
    same = [np.argsort(-scores.values, axis=1).tolist() for scores in (avoiding, found)]
    assert same[0][0] == same[1][0]
    assert same[0][1] != same[1][1]


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
@pytest.mark.parametrize("weights", [(0.3, 0.7), (0.0, 1.0)])
@pytest.mark.parametrize("text", [DOG, f"{DOG} -{SNOW}"])
def test_the_fused_ranking_without_an_encoder_is_that_of_the_other_alone(
    text: str,
    weights: tuple[float, float],
    normalisation: Normalisation,
    searcher: Searcher,
    know: Know,
) -> None:
    know("vi", "en", translator=False)
    scores, fusion = searcher.score_text(text), Fusion(normalisation, weights)
    assert scores.wording is not None
    assert list(scores.wording.left_out) == ["beit3"]
    assert np.isnan(scores.cosines[1]).all()
    assert np.isnan(scores.values[1]).all()
    fused, alone = scores.ranking("fused", fusion), scores.ranking("openclip", fusion)
    assert fused.ids.tolist() == alone.ids.tolist()
    assert len(fused) == PHOTOS
    assert np.isfinite(fused.scores).all()
    assert not fused.parts[1].any()
    assert scores.cut("fused", fusion) == scores.cut("openclip", fusion)
    assert len(scores.ranking("beit3", fusion)) == 0
    assert scores.cut("beit3", fusion).possible == 0
    assert scores.places(int(fused.ids[3]), None) == (4, None)
    assert all(result.cosines[1] is None for result in fused.results())


def test_a_picture_counts_for_an_encoder_that_cannot_be_asked_with_the_text(
    searcher: Searcher, know: Know
) -> None:
    know("vi", "en", translator=False)
    both = searcher.score(Wish(f"{DOG} -{SNOW}", picture=7))
    picture = searcher.score(Wish(picture=7))
    assert picture.wording is None
    assert both.wording is not None
    assert list(both.wording.left_out) == ["beit3"]
    order = [np.argsort(-scores.values[1]).tolist() for scores in (both, picture)]
    assert order[0] == order[1]
    assert not np.isnan(np.delete(both.values, 6, axis=1)).any()
    assert len(both.ranking("fused", Fusion("zscore", (0.5, 0.5)))) == PHOTOS - 1


def test_photos_of_one_moment_are_told_whoever_is_left_out(searcher: Searcher, know: Know) -> None:
    before = searcher.bursts(range(1, PHOTOS))
    know("vi", "en", translator=False)
    assert searcher.bursts(range(1, PHOTOS)) == before


def test_a_query_that_nobody_can_be_asked_is_refused(searcher: Searcher, know: Know) -> None:
    know("en", "en", translator=False)
    with pytest.raises(
        QueryError, match=r"No encoder can be asked\. tiny-openclip does not"
    ) as told:
        searcher.score_text(DOG)
    assert (told.value.start, told.value.end) == (0, len(DOG))
    assert len(searcher.score(Wish(DOG, picture=7)).ids) == PHOTOS
    assert len(searcher.score_text("a dog").ids) == PHOTOS


def test_photos_that_only_the_other_encoder_has_embedded_are_not_ranked_by_noise(
    tmp_path: Path, make_photo: MakePhoto, tiny_pair: Pair, models: ModelProcess, know: Know
) -> None:
    make_photo(tmp_path / "ảnh" / "a.png")
    with Library.open(tmp_path / "library") as library:
        indexes = {one.key: open_index(library, one.key, one.record.dimension) for one in tiny_pair}
        list(add_files(library, absolute(tmp_path / "ảnh")))
        list(embed_missing(library, models, {tiny_pair[1].key: indexes[tiny_pair[1].key]}))
        know("vi", "en", translator=False)
        scores = Searcher(library, models, indexes).score_text(DOG)
        assert len(scores.ranking("fused", Fusion("zscore", (0.5, 0.5)))) == 0
