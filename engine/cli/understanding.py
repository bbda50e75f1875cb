"""Whether rankings of drawn scenes show that something was understood, or could be chance."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from engine.cli.soundness import Trial
from engine.search.fusion import IntArray
from engine.search.scores import Mode

RELABELLINGS = 2_000
SIGNIFICANCE = 0.01


@dataclass(frozen=True, slots=True)
class Understanding:
    """How well the queries found their scenes.

    Attributes:
        ranks: of the right scene of each query, shape (q,), int64; 1 is the best.
        p_value: how often mere chance would do as well.
    """

    RANKS: ClassVar[tuple[int, ...]] = (1, 5, 10)

    ranks: IntArray
    p_value: float

    @property
    def beats_chance(self) -> bool:
        """Whether it is clearly better than chance."""
        return self.p_value < SIGNIFICANCE

    def recall(self, rank: int) -> float:
        """Queries whose scene is among so many first ones, in percent."""
        return float(100 * np.mean(self.ranks <= rank))

    def figures(self) -> dict[str, float]:
        """The figures by their names."""
        named = {f"R@{rank}": self.recall(rank) for rank in self.RANKS}
        return named | {"mean rank": float(self.ranks.mean()), "p": self.p_value}


def understanding(trial: Trial, mode: Mode, grounds: int) -> Understanding | None:
    """Measure the rankings of one mode.

    Args:
        trial: its scenes are ordered ground by ground, with the same figures on each.
        mode: which encoders count.
        grounds: how many there are.

    Returns:
        None where the encoder is left out.
    """
    rankings = [scores.ranking(mode, trial.workspace.fusion) for scores in trial.answers]
    if any(len(ranking) < len(trial.photo_ids) for ranking in rankings):
        return None
    # Where each photo stands: shape (queries, photos), both in the order of the scenes.
    places = np.stack([_inverse(ranking.ids, trial.photo_ids) for ranking in rankings])
    return Understanding(np.diagonal(places).copy(), p_value(places, grounds))


def _inverse(ranked: IntArray, photo_ids: IntArray) -> IntArray:
    order = np.argsort(ranked)
    return 1 + order[np.searchsorted(ranked, photo_ids, sorter=order)]


def p_value(places: IntArray, grounds: int) -> float:
    """The share of relabellings whose mean rank is as good as that of the true labels.

    Scenes of one ground look alike, and so their queries hit or miss together: counted one by
    one, fifty queries would seem to say more than they do. What is equally likely to an encoder
    that understands nothing is any exchange of grounds for grounds and figures for figures.

    Args:
        places: shape (n, n), int64: where each scene stands for each query, 1 the best; both are
            ordered ground by ground, with the same figures on each.
        grounds: how many there are.

    Source: Phipson & Smyth, Permutation P-values Should Never Be Zero, 2010.
    """
    rng, queries = np.random.default_rng(0), np.arange(len(places))
    figures = len(places) // grounds
    ground, figure = (
        rng.permuted(np.tile(np.arange(count), (RELABELLINGS, 1)), axis=1)
        for count in (grounds, figures)
    )
    scenes = (ground[:, :, np.newaxis] * figures + figure[:, np.newaxis]).reshape(RELABELLINGS, -1)
    observed = places[queries, queries].mean()
    as_good = np.count_nonzero(places[queries, scenes].mean(axis=1) <= observed)
    return (1 + as_good) / (1 + RELABELLINGS)
