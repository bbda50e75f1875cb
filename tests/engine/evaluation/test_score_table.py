import numpy as np
import pytest

from engine.evaluation.score_table import ScoreTable
from engine.models.encoder import FloatArray


@pytest.fixture
def vectors() -> tuple[list[FloatArray], list[FloatArray]]:
    """Two encoders of 3 and 5 dimensions, 4 texts, 7 photos."""
    rng = np.random.default_rng(0)
    texts = [rng.standard_normal((4, d)).astype(np.float32) for d in (3, 5)]
    photos = [rng.standard_normal((7, d)).astype(np.float32) for d in (3, 5)]
    return texts, photos


@pytest.mark.parametrize("numbers_at_once", [1, 8, 1_000_000])
def test_scores_are_the_products_of_the_embeddings(
    vectors: tuple[list[FloatArray], list[FloatArray]],
    numbers_at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("engine.evaluation.metrics._BLOCK", numbers_at_once)
    texts, photos = vectors
    table = ScoreTable(texts, photos)
    whole = np.stack([text @ photo.T for text, photo in zip(texts, photos, strict=True)])
    assert (table.queries, table.photos) == (4, 7)
    np.testing.assert_allclose(table.of_queries(slice(1, 3)), whole[:, 1:3], rtol=1e-6)
    columns = np.array([6, 0])
    turned = whole[:, :, columns].swapaxes(1, 2)
    np.testing.assert_allclose(table.of_photos(columns), turned, rtol=1e-6)


def test_embeddings_of_half_precision_give_single_precision_scores(
    vectors: tuple[list[FloatArray], list[FloatArray]],
) -> None:
    texts, photos = vectors
    halves = [photo.astype(np.float16) for photo in photos]
    exact = ScoreTable(texts, [half.astype(np.float32) for half in halves])
    scores = ScoreTable(texts, halves).of_queries(slice(0, 4))
    assert scores.dtype == np.float32
    np.testing.assert_array_equal(scores, exact.of_queries(slice(0, 4)))


def test_a_photo_that_an_encoder_lacks_has_no_score_by_it(
    vectors: tuple[list[FloatArray], list[FloatArray]],
) -> None:
    texts, photos = vectors
    photos[1][2] = np.nan
    scores = ScoreTable(texts, photos).of_queries(slice(0, 4))
    assert np.isnan(scores[1, :, 2]).all()
    assert np.isnan(scores).sum() == 4
    turned = ScoreTable(texts, photos).of_photos(np.array([1, 2]))
    assert np.isnan(turned[1, 1]).all()
    assert np.isnan(turned).sum() == 4
