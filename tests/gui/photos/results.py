"""Search results made by hand, and real little libraries, for the tests of the grid."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from engine.indexing.adding import add_files
from engine.library.library import Library
from engine.search.composing import Wish
from engine.search.relevance import Cut
from engine.search.scores import Ranking, Scores
from gui.searching import Found


def make_found(
    ids: Sequence[int],
    strong: int,
    possible: int,
    *,
    bursts: Mapping[int, tuple[int, ...]] | None = None,
    text: str = "con chó",
) -> Found:
    """Results in this order, whose scores fall evenly from 1 to 0, OpenCLIP giving a quarter."""
    scores = np.linspace(1, 0, len(ids), dtype=np.float32)
    parts = np.stack([scores / 4, 3 * scores / 4]).astype(np.float32)
    ranking = Ranking(np.array(ids, np.int64), scores, np.stack([scores, scores]), parts)
    own = Scores(ranking.ids, ranking.cosines, ranking.cosines)
    return Found(Wish(text), ranking, Cut(strong, possible), bursts or {}, own, 1.0)


def fill_library(folder: Path, photos: Path) -> list[int]:
    """Take all files below `photos` into a library; gives their ids, in the order of names."""
    with Library.open(folder) as library:
        for _ in add_files(library, os.fsencode(photos)):
            pass
        ids: list[int] = library.photos.ids().tolist()
        return ids
