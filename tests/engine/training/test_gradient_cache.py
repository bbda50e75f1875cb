from collections.abc import Callable, Iterator, Sequence
from functools import partial

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from engine.training.gradient_cache import cached_backward
from engine.training.losses import contrastive_loss

Chunks = list[list[Callable[[], Tensor]]]
PHOTOS = torch.randn(12, 5, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
WORDS = torch.randn(12, 3, generator=torch.Generator().manual_seed(2), dtype=torch.float64)


class Pair(nn.Module):
    """Two towers with a layer and the temperature in common, in float64; a head for the loss."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.shared = nn.Linear(8, 4)
        self.image = self._tower(5, dropout)
        self.text = self._tower(3, dropout)
        self.head = nn.Linear(4, 2)
        self.logit_scale = nn.Parameter(torch.tensor(1.5))
        self.double()

    def _tower(self, width: int, dropout: float) -> nn.Sequential:
        return nn.Sequential(nn.Linear(width, 8), nn.GELU(), nn.Dropout(dropout), self.shared)

    def chunks(self, sizes: Sequence[int]) -> Chunks:
        sides = ((self.image, PHOTOS), (self.text, WORDS))
        return [
            [partial(tower, part) for part in torch.split(rows.to(self.logit_scale), list(sizes))]
            for tower, rows in sides
        ]

    def loss(self, images: Tensor, texts: Tensor) -> Tensor:
        """InfoNCE in float64, and a head that draws its own noise."""
        unit = nn.functional.normalize
        logits = unit(images) @ unit(texts).T * self.logit_scale.exp()
        return nn.functional.cross_entropy(logits, torch.arange(len(logits))) + torch.mean(
            nn.functional.dropout(self.head(images), 0.5) ** 2
        )

    def gradients(self) -> Iterator[Tensor]:
        for name, parameter in self.named_parameters():
            assert parameter.grad is not None, name
            yield parameter.grad


def plain_backward(chunks: Chunks, loss: Callable[..., Tensor]) -> Tensor:
    value = loss(*(torch.cat([embed() for embed in side]) for side in chunks))
    value.backward()  # type: ignore[no-untyped-call]
    return value.detach()


def same_gradients(one: Pair, other: Pair) -> bool:
    pairs = zip(one.gradients(), other.gradients(), strict=True)
    return all(torch.allclose(a, b, rtol=1e-6, atol=1e-12) for a, b in pairs)


@pytest.mark.parametrize("sizes", [(12,), (4, 4, 4), (5, 5, 2), (1,) * 12])
def test_any_chunks_give_the_gradients_of_the_whole_batch(sizes: tuple[int, ...]) -> None:
    whole, cached = Pair(), Pair()
    torch.manual_seed(4)
    expected = plain_backward(whole.chunks((12,)), whole.loss)
    torch.manual_seed(4)
    value = cached_backward(cached.chunks(sizes), cached.loss)
    assert float(value) == pytest.approx(float(expected), rel=1e-12)
    assert not value.requires_grad
    assert same_gradients(whole, cached)


@pytest.mark.parametrize("sizes", [(6, 6), (5, 4, 3)])
def test_dropout_is_the_same_both_times_and_so_is_what_is_drawn_next(
    sizes: tuple[int, ...],
) -> None:
    whole, cached, after = Pair(0.5), Pair(0.5), []
    for backward, network in ((plain_backward, whole), (cached_backward, cached)):
        torch.manual_seed(5)
        backward(network.chunks(sizes), network.loss)
        after.append(torch.rand(3).tolist())
    assert same_gradients(whole, cached)
    assert after[0] == after[1]


def test_the_contrastive_loss_of_several_texts_an_image() -> None:
    owners = torch.arange(12) // 2
    whole, cached = Pair(0.5), Pair(0.5)
    for backward, network in ((plain_backward, whole), (cached_backward, cached)):
        images, texts = network.chunks((4, 4, 4))
        torch.manual_seed(6)
        backward(
            [images[:2], texts],
            lambda a, b, network=network: (
                contrastive_loss(a[:6], b, network.logit_scale, owners)
                + network.head(a).square().mean()
            ),
        )
    assert same_gradients(whole, cached)


@given(st.sampled_from([1, 2, 3, 4, 6, 12]))
def test_equal_batches_accumulate_to_a_large_one_where_rows_are_judged_by_themselves(
    batches: int,
) -> None:
    """The mean of a loss that looks at rows only; a contrastive one has fewer to tell apart."""
    whole, accumulated = Pair(), Pair()

    def rowwise(network: Pair, images: Tensor, texts: Tensor) -> Tensor:
        heads = network.head(images - network.logit_scale * texts)
        return torch.mean(heads.square())

    plain_backward(whole.chunks((12,)), partial(rowwise, whole))
    for image, text in zip(*accumulated.chunks((12 // batches,) * batches), strict=True):
        cached_backward([[image], [text]], lambda a, b: rowwise(accumulated, a, b) / batches)
    assert same_gradients(whole, accumulated)


def test_gradients_are_added_to_those_that_are_there() -> None:
    once, twice = Pair(), Pair()
    for network, times in ((once, 1), (twice, 2)):
        for _ in range(times):
            torch.manual_seed(7)
            cached_backward(network.chunks((6, 6)), network.loss)
    for one, two in zip(once.gradients(), twice.gradients(), strict=True):
        torch.testing.assert_close(2 * one, two)


def test_no_more_than_one_chunk_is_remembered_at_a_time() -> None:
    assert remembered(cached_backward, (2,) * 6) <= remembered(plain_backward, (12,)) / 4


class Kept:
    """Something a graph keeps for its way back; knows how much all of them are."""

    now = most = 0

    def __init__(self, tensor: Tensor) -> None:
        self.tensor = tensor
        Kept.now += tensor.numel()
        Kept.most = max(Kept.most, Kept.now)

    def __del__(self) -> None:
        Kept.now -= self.tensor.numel()


def remembered(
    backward: Callable[[Chunks, Callable[..., Tensor]], Tensor], sizes: tuple[int, ...]
) -> int:
    """The most numbers that the graphs of the towers keep at a time, without the weights."""
    network = Pair()
    weights = {parameter.data_ptr() for parameter in network.parameters()}

    def pack(tensor: Tensor) -> Kept | Tensor:
        return tensor if tensor.data_ptr() in weights else Kept(tensor)

    def unpack(kept: Kept | Tensor) -> Tensor:
        return kept.tensor if isinstance(kept, Kept) else kept

    def watched(embed: Callable[[], Tensor]) -> Tensor:
        with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
            return embed()

    Kept.now = Kept.most = 0
    chunks: Chunks = [[partial(watched, e) for e in side] for side in network.chunks(sizes)]
    backward(chunks, network.loss)
    assert Kept.now == 0
    return Kept.most


def test_a_frozen_side_and_a_constant_one_are_left_alone() -> None:
    whole, cached = Pair(), Pair()
    for network in (whole, cached):
        network.text[0].requires_grad_(False)
    for backward, network in ((plain_backward, whole), (cached_backward, cached)):
        images, texts = network.chunks((6, 6))
        torch.manual_seed(8)
        backward(
            [images, texts, [lambda: PHOTOS[:, :4]]],
            lambda a, b, c, network=network: network.loss(a, b) + ((a - c) ** 2).mean(),
        )
    frozen = [p.grad for p in cached.text[0].parameters()]
    assert frozen == [None, None]
    for (name, one), (_, other) in zip(
        whole.named_parameters(), cached.named_parameters(), strict=True
    ):
        if not name.startswith("text.0"):
            torch.testing.assert_close(one.grad, other.grad)


def test_a_side_the_loss_does_not_look_at_gets_no_gradient() -> None:
    network = Pair()
    cached_backward(network.chunks((6, 6)), lambda images, texts: images.square().mean())
    assert all(p.grad is None for p in network.text[0].parameters())
    assert all(p.grad is not None for p in network.image.parameters())


@pytest.mark.parametrize("inside", [True, False])
def test_mixed_precision_keeps_every_gradient(inside: bool) -> None:
    """Weights that autocast has converted without a graph must not stand in for the others."""
    whole, cached = Pair(0.5).float(), Pair(0.5).float()
    for backward, network in ((plain_backward, whole), (cached_backward, cached)):
        chunks = network.chunks((4, 4, 4))
        if inside:
            chunks = [[partial(in_half, embed) for embed in side] for side in chunks]
        torch.manual_seed(9)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not inside):
            backward(
                chunks,
                lambda a, b, network=network: (
                    contrastive_loss(a, b, network.logit_scale)
                    + network.head(a.float()).square().mean()
                ),
            )
    for one, two in zip(whole.gradients(), cached.gradients(), strict=True):
        torch.testing.assert_close(one, two, rtol=0.03, atol=1e-3)


def in_half(embed: Callable[[], Tensor]) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return embed()
