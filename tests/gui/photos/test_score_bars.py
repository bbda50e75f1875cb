from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.search.fusion import NORMALISATIONS, Fusion, Normalisation
from engine.search.scores import Scores
from gui.photos.score_bars import ScoreBars
from tests.gui.photos.results import make_found


def some_scores(seed: int = 0) -> Scores:
    cosines = np.random.default_rng(seed).normal(0.2, 0.1, (2, 50)).astype(np.float32)
    return Scores(np.arange(50), cosines, cosines)


def test_the_best_photo_fills_the_bar_and_a_typical_one_leaves_it_empty() -> None:
    bars = ScoreBars(make_found(range(101), 5, 9).ranking)
    assert sum(bars.shares(0)) == pytest.approx(1)
    assert sum(bars.shares(25)) == pytest.approx(0.5, abs=0.01)
    assert bars.shares(50) == (0, 0)
    assert bars.shares(100) == (0, 0)


def test_the_bar_is_shared_by_what_each_encoder_gives() -> None:
    openclip, beit3 = ScoreBars(make_found(range(101), 5, 9).ranking).shares(0)
    assert openclip == pytest.approx(0.25)
    assert beit3 == pytest.approx(0.75)


@pytest.mark.parametrize("normalisation", NORMALISATIONS)
def test_the_best_is_the_longest_under_every_normalisation(normalisation: Normalisation) -> None:
    ranking = some_scores().ranking("fused", Fusion(normalisation, (0.3, 0.7)))
    lengths = [sum(ScoreBars(ranking).shares(place)) for place in range(50)]
    assert lengths[0] == pytest.approx(1)
    assert lengths == sorted(lengths, reverse=True)


def test_an_encoder_that_does_not_count_has_no_share_and_is_not_lacking() -> None:
    scores = some_scores()
    scores.cosines[1, :5] = np.nan
    ranking = scores.ranking("openclip", Fusion("none", (1, 1)))
    bars = ScoreBars(ranking)
    assert bars.shares(0)[1] == 0
    assert {bars.lacking(place) for place in range(len(ranking))} == {None}


def test_a_photo_that_one_encoder_has_not_embedded_is_told() -> None:
    scores = some_scores()
    scores.cosines[1, 7] = np.nan
    ranking = scores.ranking("fused", Fusion("zscore", (0.5, 0.5)))
    place = ranking.ids.tolist().index(7)
    bars = ScoreBars(ranking)
    assert bars.lacking(place) == 1
    assert bars.shares(place)[1] == 0
    assert bars.lacking(place - 1) is None


def test_photos_that_all_score_alike_have_nothing_to_tell() -> None:
    ranking = make_found(range(4), 0, 0).ranking
    alike = replace(ranking, scores=np.ones(4, np.float32), parts=np.full((2, 4), 0.5, np.float32))
    assert ScoreBars(alike).shares(0) == (0, 0)


@given(st.integers(0, 1000), st.sampled_from(NORMALISATIONS), st.integers(0, 49))
def test_shares_never_leave_the_bar(seed: int, normalisation: Normalisation, place: int) -> None:
    ranking = some_scores(seed).ranking("fused", Fusion(normalisation, (0.6, 0.4)))
    shares = ScoreBars(ranking).shares(place)
    assert min(shares) >= 0
    assert sum(shares) <= 1 + 1e-6
