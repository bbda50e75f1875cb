"""The gradients of a large batch on a machine that has memory for a small one."""

from collections.abc import Callable, Sequence
from functools import partial

import torch
from torch import Tensor


def cached_backward(
    chunks: Sequence[Sequence[Callable[[], Tensor]]], loss: Callable[..., Tensor]
) -> Tensor:
    """Add to every parameter's gradient what `loss(...).backward()` of the whole batch would.

    A contrastive loss looks at all embeddings at once, but each of them depends on its own input
    only. So all chunks are embedded without a graph; the loss gives the gradient of every
    embedding; and then each chunk is embedded once more, with a graph, which takes its share of
    that gradient back to the parameters and is dropped before the next one.

    Both passes draw the same dropout, from torch's own generators, which are left as if every
    chunk had been embedded once; a chunk must not draw from others. What depends on the whole
    batch inside an encoder is of the chunk instead: batch norm standardises by each chunk's
    statistics, and its running averages take them in twice.

    Args:
        chunks: a sequence for each side (images, texts, ...), and in it a closure for each chunk;
            closure i of side j embeds its inputs to shape (k_i, d_j). It is called twice, in the
            number format of any `autocast` it opens itself. A side may be constant or frozen.
        loss: of the embeddings of each side, shape (sum of k_i, d_j), to shape (). Parameters that
            only the loss uses, such as the temperature or a linear head, get their gradients too.

    Returns:
        The loss, shape (), detached.

    Source: Gao et al., "Scaling Deep Contrastive Learning Batch Size under Memory Limited Setup",
    RepL4NLP 2021, section 3.
    """
    starts, embedded = zip(*(_embed_all(side) for side in chunks), strict=True)
    leaves = [torch.cat(parts).requires_grad_() for parts in embedded]
    value = loss(*leaves)
    value.backward()  # type: ignore[no-untyped-call]
    end = _remember_generators()
    for side, restores, parts, leaf in zip(chunks, starts, embedded, leaves, strict=True):
        if leaf.grad is None:  # the loss does not look at this side
            continue
        gradients = torch.split(leaf.grad, [len(part) for part in parts])
        for embed, restore, gradient in zip(side, restores, gradients, strict=True):
            restore()
            _take_back(embed, gradient)
    end()
    return value.detach()


@torch.no_grad()
def _embed_all(
    side: Sequence[Callable[[], Tensor]],
) -> tuple[list[Callable[[], None]], list[Tensor]]:
    """What brings back the generators as they were before each chunk, and its embeddings."""
    starts, embedded = [], []
    for embed in side:
        starts.append(_remember_generators())
        embedded.append(embed())
    return starts, embedded


def _take_back(embed: Callable[[], Tensor], gradient: Tensor) -> None:
    embedded = embed()
    if embedded.requires_grad:  # not where the side is constant
        embedded.backward(gradient)  # type: ignore[no-untyped-call]


def _remember_generators() -> Callable[[], None]:
    """Note the state of torch's own generators; the answer, when called, brings it back."""
    states = [partial(torch.set_rng_state, torch.get_rng_state())]
    if torch.cuda.is_available():
        states.append(partial(torch.cuda.set_rng_state_all, torch.cuda.get_rng_state_all()))
    if torch.backends.mps.is_available():
        states.append(partial(torch.mps.set_rng_state, torch.mps.get_rng_state()))

    def restore() -> None:
        for bring_back in states:
            bring_back()

    return restore
