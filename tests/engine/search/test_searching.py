from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from engine.images.metadata import PhotoMetadata
from engine.index.upkeep import complete, open_index
from engine.index.vector_index import VectorIndex
from engine.indexing.adding import add_files
from engine.indexing.embedding import embed_missing
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.library.photo import FoundFile, Photo
from engine.models.installed import InstalledCheckpoint
from engine.paths import absolute
from engine.search.fusion import NORMALISATIONS, RRF_K, Fusion, Normalisation
from engine.search.scores import MODES, Result
from engine.search.searching import Filters, Searcher
from engine.workspace import Workspace

MakePhoto = Callable[..., Path]
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
QUERY = "một con chó chạy trên bãi cỏ"
EQUAL = Fusion("none", (0.5, 0.5))
TAKEN_AT = 0x9003  # EXIF DateTimeOriginal


def open_workspace(folder: Path, pair: Pair, models: ModelProcess) -> Workspace:
    library = Library.open(folder)
    indexes = {c.key: open_index(library, c.key, c.record.dimension) for c in pair}
    return Workspace(library, pair, models, indexes)


def take_in(workspace: Workspace, folder: Path) -> None:
    list(add_files(workspace.library, absolute(folder)))
    list(embed_missing(workspace.library, workspace.models, workspace.indexes))


def photo_at(workspace: Workspace, path: Path) -> Photo:
    photo = workspace.library.photos.find(absolute(path))
    assert photo is not None
    return photo


def without(workspace: Workspace, hidden: tuple[set[int], set[int]]) -> Searcher:
    """Searches as if each encoder had not embedded these photos yet."""
    indexes = {}
    for (key, index), ids in zip(workspace.indexes.items(), hidden, strict=True):
        indexes[key] = VectorIndex(index.dimension)
        complete(indexes[key], workspace.library, key)
        indexes[key].remove(np.array(sorted(ids), np.int64))
    return Searcher(workspace.library, workspace.models, indexes)


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """The process of this module outlives its tests; `models` ends it."""


@pytest.fixture(scope="module")
def models(tiny_pair: Pair) -> Iterator[ModelProcess]:
    with ModelProcess(tiny_pair) as process:
        yield process


@pytest.fixture
def album(tmp_path: Path, tiny_pair: Pair, models: ModelProcess) -> Iterator[Workspace]:
    """An empty one, for tests that fill it themselves."""
    opened = open_workspace(tmp_path / "own library", tiny_pair, models)
    with opened.library:
        yield opened


def dated_photo(path: Path, seed: int, taken_at: str | None) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    exif = Image.Exif()
    if taken_at:
        exif.get_ifd(0x8769)[TAKEN_AT] = taken_at
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).resize((64, 48), Image.Resampling.BICUBIC).save(path, exif=exif)


@pytest.fixture(scope="module")
def photos_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten photos in `biển`, one a day from 1 to 10 May 2024, ten undated ones in `núi/xa`."""
    folder = tmp_path_factory.mktemp("ảnh")
    for seed in range(10):
        dated_photo(folder / "biển" / f"{seed}.jpg", seed, f"2024:05:{seed + 1:02} 23:59:59")
        dated_photo(folder / "núi" / "xa" / f"{seed}.jpg", 100 + seed, None)
    return folder


@pytest.fixture(scope="module")
def full(
    photos_folder: Path,
    tiny_pair: Pair,
    models: ModelProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Workspace]:
    """Twenty photos, embedded by both encoders; not to be changed."""
    opened = open_workspace(tmp_path_factory.mktemp("library"), tiny_pair, models)
    with opened.library:
        take_in(opened, photos_folder)
        yield opened


def cosines_from_library(album: Workspace, query: str) -> dict[int, list[float]]:
    """What each encoder says of each photo, one number at a time."""
    found: dict[int, list[float]] = {}
    for key in album.indexes:
        embedded = album.models.encode_texts(key, [query])[0].astype(np.float64)
        for id_ in album.library.photos.ids().tolist():
            _, vectors = album.library.embeddings.read(key, [id_])
            cosine = sum(a * float(b) for a, b in zip(embedded, vectors[0], strict=True))
            found.setdefault(id_, []).append(float(cosine))
    return found


def normalised(values: list[float], how: Normalisation) -> list[float]:
    mean = sum(values) / len(values)
    deviation = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
    low, high = min(values), max(values)
    ranks = {value: rank for rank, value in enumerate(sorted(values, reverse=True), 1)}
    each: dict[Normalisation, Callable[[float], float]] = {
        "none": lambda value: value,
        "zscore": lambda value: (value - mean) / deviation,
        "minmax": lambda value: (value - low) / (high - low),
        "rrf": lambda value: 1 / (RRF_K + ranks[value]),
    }
    return [each[how](value) for value in values]


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
def test_a_fused_ranking_is_what_the_embeddings_in_the_library_say(
    normalisation: Normalisation, full: Workspace
) -> None:
    weights = (0.3, 0.7)
    cosines = cosines_from_library(full, QUERY)
    by_encoder = [normalised([pair[i] for pair in cosines.values()], normalisation) for i in (0, 1)]
    expected = {
        id_: weights[0] * first + weights[1] * second
        for id_, first, second in zip(cosines, *by_encoder, strict=True)
    }
    scores = full.searcher.score_text(QUERY)
    results = full.searcher.rank(scores, "fused", Fusion(normalisation, weights))
    assert len(results) == 20
    assert scores.rank("fused", Fusion(normalisation, weights), limit=7) == results[:7]
    for result in results:
        assert result.score == pytest.approx(expected[result.photo_id], abs=1e-4)
        assert result.cosines == pytest.approx(tuple(cosines[result.photo_id]), abs=1e-5)
    best_first = [expected[result.photo_id] for result in results]
    assert all(a >= b - 2e-4 for a, b in pairwise(best_first))
    for row, mode in enumerate(MODES[1:]):
        alone = [result.photo_id for result in scores.rank(mode, Fusion(normalisation, weights))]
        assert alone == sorted(cosines, key=lambda id_: -cosines[id_][row])


@settings(max_examples=60, deadline=None)
@given(
    query=st.sampled_from([QUERY, "a dog", "hoàng hôn trên biển", "犬", "2023"]),
    hidden=st.tuples(st.sets(st.integers(1, 20)), st.sets(st.integers(1, 20))),
    normalisation=st.sampled_from(NORMALISATIONS),
    weight=st.sampled_from([0.0, 0.05, 0.3, 0.5, 1.0]),
)
def test_no_photo_is_missing_from_a_fused_ranking_because_of_one_encoder(
    full: Workspace,
    query: str,
    hidden: tuple[set[int], set[int]],
    normalisation: Normalisation,
    weight: float,
) -> None:
    embedded = set(full.library.photos.ids().tolist())
    scores = without(full, hidden).score_text(query)
    results = scores.rank("fused", Fusion(normalisation, (1 - weight, weight)))
    assert sorted(r.photo_id for r in results) == sorted(embedded - (hidden[0] & hidden[1]))
    for result in results:
        lacking = [cosine is None for cosine in result.cosines]
        assert lacking == [result.photo_id in ids for ids in hidden]
        assert np.isfinite(result.score)
        if normalisation == "none" and any(lacking):
            assert result.score == result.cosines[lacking.index(False)]
    order = [(-result.score, result.photo_id) for result in results]
    assert order == sorted(order)


def test_both_embeddings_of_a_photo_carry_its_id(full: Workspace) -> None:
    ids = set(full.library.photos.ids().tolist())
    assert [set(index.ids.tolist()) for index in full.indexes.values()] == [ids, ids]
    # The photo's own file, embedded anew, is nearest to the embeddings under its own id.
    for photo in full.library.photos.get(ids):
        scores = full.searcher.score_file(photo.path)
        row = int(np.flatnonzero(scores.ids == photo.id)[0])
        assert scores.cosines[:, row] == pytest.approx([1, 1], abs=2e-3)


def test_filters_leave_scores_as_they_are_over_the_whole_library(
    full: Workspace, photos_folder: Path
) -> None:
    searcher, fusion = full.searcher, Fusion("zscore", (0.5, 0.5))
    scores = searcher.score_text(QUERY)
    every = {result.photo_id: result for result in searcher.rank(scores, "fused", fusion)}

    def filtered(filters: Filters) -> list[Result]:
        return searcher.rank(scores, "fused", fusion, filters=filters)

    sea = filtered(Filters(folders=(absolute(photos_folder / "biển"),)))
    may = filtered(Filters(taken_from=date(2024, 5, 3), taken_to=date(2024, 5, 4)))
    assert len(sea) == 10
    assert {result.photo_id for result in may} == {
        photo_at(full, photos_folder / "biển" / name).id for name in ("2.jpg", "3.jpg")
    }
    for found in (sea, may):
        assert all(every[result.photo_id] == result for result in found)
        assert [r.score for r in found] == sorted((r.score for r in found), reverse=True)
    mountain = Filters((absolute(photos_folder / "núi"),), taken_from=date(2024, 5, 1))
    assert filtered(mountain) == []
    assert len(filtered(Filters((absolute(photos_folder / "núi"),)))) == 10


def test_equal_photos_score_the_same_and_stand_in_the_order_of_their_ids(
    album: Workspace, tmp_path: Path, make_photo: MakePhoto
) -> None:
    for name in "cab":
        make_photo(tmp_path / "ảnh" / f"{name}.png", seed=3)
    make_photo(tmp_path / "ảnh" / "other.png", seed=4)
    take_in(album, tmp_path / "ảnh")
    other = photo_at(album, tmp_path / "ảnh" / "other.png").id
    for mode in MODES:
        results = album.searcher.score_text(QUERY).rank(mode, EQUAL)
        equal = [result for result in results if result.photo_id != other]
        assert len(results) == 4
        assert len({result.score for result in equal}) == 1
        assert [result.photo_id for result in equal] == sorted(r.photo_id for r in equal)


def test_a_photo_of_the_library_is_not_like_itself(full: Workspace, photos_folder: Path) -> None:
    photo = photo_at(full, photos_folder / "biển" / "4.jpg")
    results = full.searcher.score_photo(photo).rank("fused", Fusion("zscore", (0.5, 0.5)))
    assert len(results) == 19
    assert photo.id not in [result.photo_id for result in results]


def test_a_photo_that_is_not_embedded_yet_is_embedded_for_the_search(
    album: Workspace, tmp_path: Path, make_photo: MakePhoto
) -> None:
    folder = tmp_path / "ảnh"
    for seed in range(4):
        make_photo(folder / f"{seed}.png", seed=seed)
    take_in(album, folder)
    make_photo(folder / "new.png", seed=2)
    make_photo(folder / "unlike.png", seed=9, size=(30, 40))
    list(add_files(album.library, absolute(folder)))
    photo = photo_at(album, folder / "unlike.png")
    assert len(album.searcher.score_photo(photo).rank("fused", EQUAL)) == 4


def test_a_photo_whose_file_is_gone_is_in_no_ranking(
    album: Workspace, tmp_path: Path, tiny_pair: Pair, make_photo: MakePhoto
) -> None:
    folder = tmp_path / "ảnh"
    paths = [make_photo(folder / f"{seed}.png", seed=seed) for seed in range(8)]
    take_in(album, folder)
    gone = photo_at(album, paths[3]).id
    paths[3].unlink()
    list(add_files(album.library, absolute(folder)))
    for checkpoint in tiny_pair:
        complete(album.indexes[checkpoint.key], album.library, checkpoint.key)
    found = [result.photo_id for result in album.searcher.score_text(QUERY).rank("fused", EQUAL)]
    assert len(found) == 7
    assert gone not in found


def test_an_empty_library_has_an_empty_ranking(album: Workspace) -> None:
    scores = album.searcher.score_text(QUERY)
    for mode in MODES:
        for normalisation in NORMALISATIONS:
            assert scores.rank(mode, Fusion(normalisation, (0.5, 0.5))) == []


def test_photos_of_one_moment_are_found_by_their_times_and_embeddings(album: Workspace) -> None:
    folder = album.library.folders.add(b"/photos")
    second = datetime(2024, 2, 10, 9, 30, 1)
    times = [second, second.replace(second=9), None, second.replace(minute=31)]
    for number, taken_at in enumerate(times):
        photo_id = album.library.photos.add(folder.id, FoundFile(b"/photos/%d" % number, 1, 1))
        facts = PhotoMetadata(1, 1, taken_at, None, None, None)
        album.library.photos.record_facts(photo_id, b"", facts)
        vector = np.zeros(32, np.float16)  # all within 0.95 of each other
        vector[0], vector[number + 1] = 0.975, 0.22
        for key in album.indexes:
            album.library.embeddings.add(photo_id, key, vector)
    assert album.searcher.bursts([2, 4, 3, 1]) == {2: (1,)}
    assert album.searcher.bursts(np.array([1, 999, 2])) == {1: (2,)}
    assert album.searcher.bursts([]) == {}
