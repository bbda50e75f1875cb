from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import CaptionsError
from engine.evaluation.datasets import Caption
from engine.evaluation.queries import CaptionedPhotos, Queries, captioned_queries, find_marked
from engine.indexing.adding import add_files
from engine.library.library import Library
from engine.library.photo import Float16Array
from engine.paths import absolute
from tests.conftest import MakePhoto

KEYS = ("openclip-key", "beit3-key")
VECTOR: Float16Array = np.array([1, 0], np.float16)


@pytest.fixture
def library(tmp_path: Path, make_photo: MakePhoto) -> Iterator[Library]:
    """Five photos with ids 1 to 5: the fourth embedded by one encoder, the fifth by none."""
    for seed in range(5):
        make_photo(tmp_path / "ảnh" / f"{seed}.png", seed=seed)
    with Library.open(tmp_path / "library") as opened:
        list(add_files(opened, absolute(tmp_path / "ảnh")))
        for photo_id in (1, 2, 3):
            opened.embeddings.add(photo_id, KEYS[0], VECTOR)
        for photo_id in (1, 2, 3, 4):
            opened.embeddings.add(photo_id, KEYS[1], VECTOR)
        yield opened


def mark(library: Library, *marks: tuple[str, int]) -> None:
    for query, photo_id in marks:
        library.mark_relevant(query, photo_id)


def right_ids(queries: Queries) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {text: set() for text in queries.texts}
    for row, column in zip(queries.rows, queries.columns, strict=True):
        found[queries.texts[row]].add(int(queries.photo_ids[column]))
    return found


def test_marks_are_queries_with_all_their_right_photos(library: Library) -> None:
    mark(library, ("biển", 4), ("con chó", 2), ("biển", 1))
    queries = find_marked(library, KEYS)
    assert queries.photo_ids.tolist() == [1, 2, 3, 4]
    assert right_ids(queries) == {"biển": {1, 4}, "con chó": {2}}
    assert queries.rows.tolist() == sorted(queries.rows)
    assert queries.left_out == ()


def test_marked_photos_that_cannot_be_searched_are_told_and_left_out(library: Library) -> None:
    mark(library, ("biển", 1), ("biển", 5), ("núi", 5), ("chó", 2), ("mèo", 3))
    library.photos.mark_missing([3])
    queries = find_marked(library, KEYS)
    assert right_ids(queries) == {"biển": {1}, "chó": {2}}
    assert queries.photo_ids.tolist() == [1, 2, 4]
    assert [Path(path).name for path in queries.left_out] == ["2.png", "4.png"]


def test_without_a_mark_the_user_is_told_so(library: Library) -> None:
    with pytest.raises(CaptionsError, match=r"^No photo has been marked .+ yet\.$"):
        find_marked(library, KEYS)


@pytest.mark.parametrize(
    "marks",
    [
        [("biển", 1)],
        [("biển", 1), ("sóng", 1)],
        [("biển", 1), ("biển", 2)],
        [("biển", 1), ("sóng", 2), ("sóng", 1)],
        [("biển", 1), ("núi", 5)],
        [("núi", 5)],
    ],
)
def test_too_few_marked_photos_are_told(library: Library, marks: list[tuple[str, int]]) -> None:
    mark(library, *marks)
    with pytest.raises(CaptionsError, match="At least two queries"):
        find_marked(library, KEYS)


def test_captions_are_searched_for_among_captioned_photos(library: Library) -> None:
    said = [(Caption("c.png", "hoà  bình"), 3), (Caption("e.png", "tết"), 5)]
    said += [(Caption("d.png", "núi"), 4), (Caption("c.png", "biển"), 3)]
    captions, ids = zip(*said, strict=True)
    captioned = CaptionedPhotos(captions, np.array(ids), ("nowhere.png",))
    queries = captioned_queries(library, captioned, KEYS)
    assert queries.texts == ("hòa bình", "núi", "biển")
    assert right_ids(queries) == {"hòa bình": {3}, "núi": {4}, "biển": {3}}
    assert queries.photo_ids.tolist() == [3, 4]
    assert [Path(path).name for path in queries.left_out] == ["nowhere.png", "4.png"]


@st.composite
def right_answers(draw: st.DrawFn) -> Queries:
    """Some queries with one or more right ones of six photos."""
    right = draw(st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=1, max_size=6))
    pairs = [(row, column) for row, columns in enumerate(right) for column in sorted(columns)]
    rows, columns = np.array(pairs, np.int64).T
    return Queries(tuple("một" for _ in right), np.arange(6), rows, columns)


@given(right_answers(), st.data())
def test_right_answers_are_the_same_from_both_sides(queries: Queries, data: st.DataObject) -> None:
    count = len(queries.texts)
    whole = np.zeros((count, 6), np.bool_)
    whole[queries.rows, queries.columns] = True
    start = data.draw(st.integers(0, count - 1))
    block = slice(start, data.draw(st.integers(start + 1, count)))
    found = queries.right_photos(block)
    if found.dtype != np.bool_:
        found = found[:, np.newaxis] == np.arange(6)
    np.testing.assert_array_equal(found, whole[block])
    np.testing.assert_array_equal(queries.right, np.flatnonzero(whole.any(axis=0)))
    some = queries.right[:: data.draw(st.integers(1, 3))]
    np.testing.assert_array_equal(queries.right_texts(some), whole[:, some].T)
    np.testing.assert_array_equal(queries.first_right, np.argmax(whole, axis=1))
