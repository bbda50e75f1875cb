"""Dropout for networks that carry none."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from torch import Tensor, nn
from torch.nn import functional


@contextmanager
def dropped_out(modules: Sequence[nn.Module], rate: float) -> Iterator[None]:
    """Drop values of these modules' outputs while they are in training mode.

    The networks of this program are built as their authors released them, for use; in training,
    few captions are learnt by heart without this.

    Args:
        modules: such as the residual branches of a transformer; each gives one tensor.
        rate: share of the values, in [0, 1).

    Source: Srivastava et al., "Dropout", JMLR 2014; on residual branches as in Vaswani et al.,
    "Attention Is All You Need", 2017, section 5.4.
    """

    # The module itself is asked for its mode, so that copies of it behave alike.
    def drop(module: nn.Module, _inputs: tuple[object, ...], output: Tensor) -> Tensor:
        return functional.dropout(output, rate, module.training)

    handles = [module.register_forward_hook(drop) for module in modules] if rate else []
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
