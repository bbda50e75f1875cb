"""From scores to what an evaluation tells: ranks, figures, failures, better weights."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

import numpy as np

from engine.evaluation.metrics import Metrics, best_right, blocks, ranks
from engine.evaluation.queries import Queries
from engine.evaluation.reports import ENCODERS, RANKINGS, Report
from engine.evaluation.score_table import ScoreTable
from engine.evaluation.sweep import ALONE, choose, fusions, rank_all
from engine.models.checkpoint import Family
from engine.models.encoder import FloatArray
from engine.search.fusion import Fusion, IntArray, best, fuse

SUCCESS = 10  # a query has failed whose right photo is not among so many first ones
SHOWN_ABOVE = 5  # photos that are named with a failed query

RanksByRanking = dict[str, IntArray]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an evaluation has come; `share` (0 to 1) is that of the present part."""

    part: Literal["encoding", "ranking", "summing up"]
    share: float


@dataclass(frozen=True, slots=True)
class Failure:
    """A query whose right photo is not among the first ones of the fused ranking.

    Attributes:
        query: its place in `Evaluation.texts`.
        rank: of the right photo, or of the best-ranked where several are right.
        photo_id: of that photo.
        above: the first photos of the ranking, best first.
    """

    query: int
    rank: int
    photo_id: int
    above: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that was found, query by query.

    Attributes:
        report: the figures.
        texts: the queries, normalised.
        text_to_image: rank of each query's right photo by ranking, each of shape (q,), int64; none
            of an encoder that was not asked.
        image_to_text: best rank of a right text of each photo that has one, likewise.
        failures: of the fused ranking, in the order of the queries.
        left_out: photos that played no part, as they are shown.
    """

    report: Report
    texts: tuple[str, ...]
    text_to_image: RanksByRanking
    image_to_text: RanksByRanking
    failures: tuple[Failure, ...]
    left_out: tuple[str, ...]


def evaluate_table(
    table: ScoreTable,
    queries: Queries,
    fusion: Fusion,
    names: tuple[str, str],
    seed: int = 0,
    left_out: Mapping[Family, str] = MappingProxyType({}),
    translated: int = 0,
) -> Generator[Progress | Evaluation]:
    """Evaluate both encoders and their fusion, both ways, and try other weights.

    Memory does not grow with the product of queries and photos.

    Args:
        table: the cosines, OpenCLIP's first.
        queries: what is searched for in it.
        fusion: the one to evaluate.
        names: of the two checkpoints.
        seed: of intervals and of the sweep's halves.
        left_out: by family, why an encoder was not asked; its cosines are NaN.
        translated: see `Report`.

    Yields:
        How far it is, and last the evaluation; without a sweep where only one photo is right, or
        only one encoder was asked.
    """
    rankings = [name for name in RANKINGS if name not in left_out]
    found = yield from _rank_photos(table, queries, fusion, rankings)
    backward = yield from _rank_texts(table, queries, fusion, rankings)
    to_image = yield from _sum_up(found.ranks, seed, 0)
    to_text = yield from _sum_up(backward, seed, 0.5)
    swept = None
    if found.tried:
        alone = [found.ranks[name] for name in ENCODERS]
        swept = choose(found.tried, alone, queries.first_right, seed)
    yield Evaluation(
        report=Report(names, fusion, table.photos, to_image, to_text, swept, left_out, translated),
        texts=queries.texts,
        text_to_image=found.ranks,
        image_to_text=backward,
        failures=tuple(found.failures),
        left_out=queries.left_out,
    )


@dataclass(slots=True)
class _Found:
    """What searching for the queries has found so far."""

    ranks: RanksByRanking
    tried: dict[Fusion, IntArray]
    failures: list[Failure] = field(default_factory=list)


def _rank_photos(
    table: ScoreTable, queries: Queries, fusion: Fusion, rankings: Sequence[str]
) -> Generator[Progress, None, _Found]:
    """Rank the best-ranked right photo of each query; other fusions where they can be chosen."""
    count = table.queries
    can_choose = np.unique(queries.first_right).size > 1 and len(rankings) == len(RANKINGS)
    others = fusions() if can_choose else []
    found = _Found(_empty(count, rankings), {how: np.empty(count, np.int64) for how in others})
    for block in blocks(count, 2 * table.photos):
        scores, right = table.of_queries(block), queries.right_photos(block)
        for name, (part, how) in _cases(scores, fusion, rankings).items():
            found.ranks[name][block] = ranks(fuse(part, how), right)
        found.failures += _failures(queries, block, fuse(scores, fusion), found.ranks["fused"])
        for number, (how, places) in enumerate(rank_all(scores, right, others)):
            found.tried[how][block] = places
            done = block.start + (block.stop - block.start) * number / len(others)
            yield Progress("ranking", done / count)
    yield Progress("ranking", 1.0)
    return found


def _empty(count: int, rankings: Sequence[str]) -> RanksByRanking:
    return {name: np.empty(count, np.int64) for name in rankings}


def _cases(
    scores: FloatArray, fusion: Fusion, rankings: Sequence[str]
) -> dict[str, tuple[FloatArray, Fusion]]:
    """By ranking: which scores count, and how they are joined."""
    cases = (scores[:1], ALONE), (scores[1:], ALONE), (scores, fusion)
    return {name: case for name, case in zip(RANKINGS, cases, strict=True) if name in rankings}


def _failures(
    queries: Queries, block: slice, fused: FloatArray, found: IntArray
) -> Iterator[Failure]:
    right = best_right(fused, queries.right_photos(block))
    for row in np.flatnonzero(found[block] > SUCCESS):
        above = queries.photo_ids[best(fused[row], SHOWN_ABOVE)]
        query = block.start + int(row)
        photo_id = int(queries.photo_ids[right[row]])
        yield Failure(query, int(found[query]), photo_id, tuple(above.tolist()))


def _rank_texts(
    table: ScoreTable, queries: Queries, fusion: Fusion, rankings: Sequence[str]
) -> Generator[Progress, None, RanksByRanking]:
    """Rank the best-ranked right text of each photo that has one.

    The photo is the query here, so scores are normalised over the texts.

    Source: RetrievalHandler of the official BEiT3 code (TR@k: any caption among the first k).
    """
    photos = queries.right
    found = _empty(photos.size, rankings)
    for block in blocks(photos.size, 2 * table.queries):
        scores, right = table.of_photos(photos[block]), queries.right_texts(photos[block])
        for name, (part, how) in _cases(scores, fusion, rankings).items():
            found[name][block] = ranks(fuse(part, how), right)
        yield Progress("ranking", 1.0)
    return found


def _sum_up(
    found: RanksByRanking, seed: int, share: float
) -> Generator[Progress, None, dict[str, Metrics]]:
    """The figures of each ranking; `share` is what was summed up before."""
    metrics = {}
    for number, (name, some) in enumerate(found.items()):
        yield Progress("summing up", share + number / (2 * len(found)))
        metrics[name] = Metrics.from_ranks(some, seed)
    return metrics
