import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.training.losses import contrastive_loss

Matrix = npt.NDArray[np.float64]


def closed_form(images: Matrix, texts: Matrix, logit_scale: float) -> float:
    """Mean of -log of the probability of the right partner, both ways, pair by pair."""
    n = len(images)
    logits = np.array(
        [
            [np.exp(logit_scale) * (a @ b) / (np.linalg.norm(a) * np.linalg.norm(b)) for b in texts]
            for a in images
        ]
    )
    losses = [np.log(np.sum(np.exp(logits[i]))) - logits[i, i] for i in range(n)]
    losses += [np.log(np.sum(np.exp(logits[:, i]))) - logits[i, i] for i in range(n)]
    return float(np.mean(losses))


def pairs(seed: int, n: int, d: int) -> tuple[Matrix, Matrix]:
    random = np.random.default_rng(seed)
    return random.normal(size=(n, d)), random.normal(size=(n, d))


def loss(images: Matrix, texts: Matrix, logit_scale: float) -> float:
    return float(
        contrastive_loss(torch.tensor(images), torch.tensor(texts), torch.tensor(logit_scale))
    )


@given(st.integers(0, 1000), st.integers(1, 9), st.integers(2, 7), st.floats(0, 4.6))
def test_the_loss_is_the_closed_form(seed: int, n: int, d: int, logit_scale: float) -> None:
    images, texts = pairs(seed, n, d)
    expected = closed_form(images, texts, logit_scale)
    assert loss(images, texts, logit_scale) == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_gradients_are_those_of_finite_differences() -> None:
    images, texts = pairs(3, 4, 5)
    tensors = [torch.tensor(values, requires_grad=True) for values in (images, texts, 1.5)]
    contrastive_loss(*tensors).backward()  # type: ignore[no-untyped-call]
    random = np.random.default_rng(4)
    step = 1e-5
    for number, tensor in enumerate(tensors):
        direction = random.normal(size=tensor.shape)
        moved = [[images, texts, np.array(1.5)] for _ in range(2)]
        moved[0][number] = moved[0][number] + step * direction
        moved[1][number] = moved[1][number] - step * direction
        ahead, behind = (closed_form(m[0], m[1], float(m[2])) for m in moved)
        assert tensor.grad is not None
        slope = float(np.sum(tensor.grad.numpy() * direction))
        assert slope == pytest.approx((ahead - behind) / (2 * step), rel=1e-3, abs=1e-6)


def test_a_step_downhill_brings_partners_together_and_others_apart() -> None:
    images, texts = (torch.tensor(m, requires_grad=True) for m in pairs(5, 6, 8))

    def cosines() -> torch.Tensor:
        unit = torch.nn.functional.normalize
        return (unit(images) @ unit(texts).T).detach()

    before = cosines()
    contrastive_loss(images, texts, torch.tensor(2.0)).backward()  # type: ignore[no-untyped-call]
    with torch.no_grad():
        for tensor in (images, texts):
            assert tensor.grad is not None
            tensor -= 0.5 * tensor.grad
    change = cosines() - before
    others = change[~torch.eye(6, dtype=torch.bool)]
    assert change.diagonal().mean() > 0 > others.mean()


def test_perfect_pairs_cost_nothing_and_equal_ones_the_logarithm_of_their_number() -> None:
    assert loss(np.eye(4), np.eye(4), 4.6) == pytest.approx(0, abs=1e-6)
    assert loss(np.ones((4, 3)), np.ones((4, 3)), 1.0) == pytest.approx(np.log(4), rel=1e-6)


def test_length_of_embeddings_does_not_count_and_half_precision_is_summed_in_float32() -> None:
    images, texts = pairs(6, 5, 4)
    assert loss(images * 1000, texts * 0.01, 2.0) == pytest.approx(loss(images, texts, 2.0))
    half = contrastive_loss(
        torch.tensor(images).bfloat16(), torch.tensor(texts).bfloat16(), torch.tensor(2.0)
    )
    assert half.dtype == torch.float32
