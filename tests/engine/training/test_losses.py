import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.training.losses import (
    contrastive_loss,
    embedding_loss,
    feature_loss,
    matryoshka,
    similarity_loss,
)

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


def cosine(a: Matrix, b: Matrix) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


@given(st.integers(0, 1000), st.integers(1, 6), st.integers(1, 9), st.floats(0, 4.6))
def test_several_texts_of_an_image_are_all_its_positives(
    seed: int, n: int, m: int, logit_scale: float
) -> None:
    random = np.random.default_rng(seed)
    images, texts = random.normal(size=(n, 4)), random.normal(size=(m, 4))
    owners = random.integers(n, size=m)
    logits = np.exp(logit_scale) * np.array([[cosine(a, b) for b in texts] for a in images])
    of_images = [
        np.mean([np.log(np.sum(np.exp(row))) - row[j] for j in np.flatnonzero(owners == i)])
        for i, row in enumerate(logits)
        if i in owners
    ]
    of_texts = [
        np.log(np.sum(np.exp(column))) - column[owner]
        for column, owner in zip(logits.T, owners, strict=True)
    ]
    expected = (np.mean(of_images) + np.mean(of_texts)) / 2
    tensors = (torch.tensor(values) for values in (images, texts, logit_scale, owners))
    assert float(contrastive_loss(*tensors)) == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_two_texts_of_one_image_and_one_of_another_by_hand() -> None:
    images = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    texts = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    # Logits [[1, 0, 0], [0, 1, 1]]; texts 0 and 1 belong to image 0, text 2 to image 1.
    first = np.log(np.e + 2) - (1 + 0) / 2
    second = np.log(1 + 2 * np.e) - 1
    right, wrong = np.log(np.e + 1) - 1, np.log(np.e + 1)
    expected = ((first + second) / 2 + (right + wrong + right) / 3) / 2
    found = contrastive_loss(images, texts, torch.tensor(0.0), torch.tensor([0, 0, 1]))
    assert float(found) == pytest.approx(expected, rel=1e-6)


def test_equal_logits_cost_the_logarithm_of_how_many_there_are_to_choose_from() -> None:
    alike = contrastive_loss(
        torch.ones(3, 2), torch.ones(5, 2), torch.tensor(1.0), torch.tensor([0, 0, 1, 2, 2])
    )
    assert float(alike) == pytest.approx((np.log(5) + np.log(3)) / 2)


def test_an_image_without_texts_is_one_more_to_be_told_from() -> None:
    images, texts = (torch.tensor(m) for m in pairs(7, 4, 3))
    scale, owners = torch.tensor(0.0), torch.tensor([0, 1, 2])
    without = contrastive_loss(images[:3], texts[:3], scale, owners)
    assert contrastive_loss(images, texts[:3], scale, owners) > without


def test_the_order_of_the_texts_does_not_count() -> None:
    images, texts = (torch.tensor(m) for m in pairs(8, 6, 5))
    owners, order = torch.tensor([0, 0, 1, 3, 3, 5]), torch.tensor([4, 2, 0, 5, 1, 3])
    scale = torch.tensor(2.0)
    expected = contrastive_loss(images, texts, scale, owners)
    found = contrastive_loss(images, texts[order], scale, owners[order])
    assert float(found) == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("owners", [None, torch.tensor([0, 1])])
def test_every_text_needs_an_owner(owners: torch.Tensor | None) -> None:
    with pytest.raises(ValueError, match="3 texts, but 2 owners"):
        contrastive_loss(torch.ones(2, 2), torch.ones(3, 2), torch.tensor(1.0), owners)


def test_embeddings_are_judged_by_their_direction() -> None:
    students = torch.tensor([[2.0, 0.0], [0.0, 3.0], [5.0, 0.0], [1.0, 1.0]])
    targets = torch.tensor([[7.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [1.0, 0.0]])
    expected = (0 + 1 + 2 + (1 - np.sqrt(0.5))) / 4
    assert float(embedding_loss(students, targets)) == pytest.approx(expected, rel=1e-6)


def test_features_are_judged_by_their_squared_distance_in_float32() -> None:
    predicted = torch.tensor([[1.0, 2.0], [3.0, 4.0]], dtype=torch.bfloat16)
    targets = torch.tensor([[1.0, 0.0], [0.0, 4.0]])
    found = feature_loss(predicted, targets)
    assert float(found) == pytest.approx((0 + 4 + 9 + 0) / 4)
    assert found.dtype == torch.float32


def test_relations_to_the_others_are_compared_by_hand() -> None:
    students = torch.tensor([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.0]])  # cosines 0, -1 and 0
    teachers = torch.tensor([[1.0, 0.0], [3.0, 4.0], [0.0, 1.0]])  # 0.6, 0 and 0.8

    def divergence(teacher: tuple[float, float], student: tuple[float, float]) -> float:
        p, q = (np.exp(np.array(c) / 0.5) for c in (teacher, student))
        p, q = p / p.sum(), q / q.sum()
        return float(np.sum(p * np.log(p / q)))

    rows = [((0.6, 0), (0, -1)), ((0.6, 0.8), (0, 0)), ((0, 0.8), (-1, 0))]
    expected = np.mean([divergence(*row) for row in rows])
    assert float(similarity_loss(students, teachers, 0.5)) == pytest.approx(expected, rel=1e-5)


@given(st.integers(0, 1000), st.integers(2, 8), st.floats(0.05, 2))
def test_a_student_that_is_the_turned_teacher_has_nothing_to_learn(
    seed: int, n: int, temperature: float
) -> None:
    random = np.random.default_rng(seed)
    teachers = random.normal(size=(n, 5))
    turned = teachers @ np.linalg.qr(random.normal(size=(5, 5)))[0]
    wider = np.concatenate([turned, np.zeros((n, 3))], axis=1) * random.uniform(1, 9, (n, 1))
    same = similarity_loss(torch.tensor(wider), torch.tensor(teachers), temperature)
    assert float(same) == pytest.approx(0, abs=1e-4)
    other = similarity_loss(torch.tensor(turned[::-1].copy()), torch.tensor(teachers), temperature)
    assert float(other) >= -1e-6


@pytest.mark.parametrize("shapes", [((1, 2), (1, 2)), ((2, 2), (3, 2))])
def test_relations_need_two_rows_of_both(shapes: tuple[tuple[int, int], tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="no relations"):
        similarity_loss(torch.ones(shapes[0]), torch.ones(shapes[1]), 1.0)


def test_the_cosines_stay_in_float32_where_autocast_is_on() -> None:
    images, texts = (torch.tensor(m, dtype=torch.float32) for m in pairs(9, 16, 32))
    scale = torch.tensor(4.6)
    expected = contrastive_loss(images, texts, scale), similarity_loss(images, texts, 0.05)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = contrastive_loss(images, texts, scale), similarity_loss(images, texts, 0.05)
    assert found == expected


def test_prefixes_are_trained_in_equal_parts_and_nothing_else() -> None:
    images, texts = (torch.tensor(m, requires_grad=True) for m in pairs(10, 5, 8))

    def of(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return contrastive_loss(a, b, torch.tensor(1.0))

    found = matryoshka(of, images, texts, (2, 5))
    expected = (of(images[:, :2], texts[:, :2]) + of(images[:, :5], texts[:, :5])) / 2
    assert found.item() == pytest.approx(expected.item(), rel=1e-6)
    assert matryoshka(of, images, texts, (8,)).item() == of(images, texts).item()
    found.backward()  # type: ignore[no-untyped-call]
    assert images.grad is not None
    assert texts.grad is not None
    used = (images.grad.abs().sum(0) > 0) & (texts.grad.abs().sum(0) > 0)
    assert used.tolist() == [True] * 5 + [False] * 3


@pytest.mark.parametrize("prefixes", [(), (0, 2), (5,)])
def test_a_prefix_has_to_be_part_of_the_embedding(prefixes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="of 4 dimensions"):
        matryoshka(embedding_loss, torch.ones(2, 4), torch.ones(2, 4), prefixes)
