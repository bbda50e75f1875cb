"""Low-rank adapters: a large network learns by few new weights, which are added to its own.

Source: Hu et al., "LoRA: Low-Rank Adaptation of Large Language Models", ICLR 2022, section 4.
"""

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from engine.errors import TrainingError

# By the very type: what is derived from them may use its weights otherwise than they do.
ADAPTED = (nn.Linear, nn.Conv2d)
NOT_ADAPTED = "text_projection"  # open_clip asks whether it is a matrix or an nn.Linear


class SplitAttention(nn.Module):
    """nn.MultiheadAttention with its weights in linear layers, which can be adapted.

    peft has an adapter of its own for nn.MultiheadAttention. It adds to the weights and subtracts
    again at every call, so that rounding moves what should be frozen, and what has run in
    inference mode cannot be trained any more.

    Args:
        original: takes queries, keys and values of one width; its parameters are taken over.
    """

    def __init__(self, original: nn.MultiheadAttention) -> None:
        super().__init__()
        self.heads, self.batch_first = original.num_heads, original.batch_first
        width, bias = original.embed_dim, original.in_proj_bias is not None
        with torch.device("meta"):  # no time and no memory for what is replaced at once
            self.in_proj = nn.Linear(width, 3 * width, bias)
            self.out_proj = nn.Linear(width, width, bias)
        self.in_proj.weight, self.in_proj.bias = original.in_proj_weight, original.in_proj_bias
        self.out_proj.weight, self.out_proj.bias = original.out_proj.weight, original.out_proj.bias

    def forward(
        self,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        need_weights: bool = False,
        attn_mask: Tensor | None = None,
    ) -> tuple[Tensor, None]:
        """As of nn.MultiheadAttention, without the attention weights.

        Args:
            query: shape (n, T, D), or (T, n, D) where the batch is not first.
            key: shape (n, S, D), or (S, n, D).
            value: as `key`.
            need_weights: changes nothing.
            attn_mask: shape (T, S) or (n x heads, T, S), added to the logits.
        """
        inputs = [x if self.batch_first else x.transpose(0, 1) for x in (query, key, value)]
        if key is query and value is query:
            projected = self.in_proj(inputs[0]).chunk(3, dim=-1)
        else:
            projected = tuple(self.in_proj(x).chunk(3, dim=-1)[i] for i, x in enumerate(inputs))
        queries, keys, values = (
            x.view(*x.shape[:2], self.heads, -1).transpose(1, 2) for x in projected
        )
        if attn_mask is not None:
            attn_mask = attn_mask.to(queries.dtype)
            if attn_mask.ndim == 3:
                attn_mask = attn_mask.view(-1, self.heads, *attn_mask.shape[1:])
        mixed = scaled_dot_product_attention(queries, keys, values, attn_mask=attn_mask)
        joined = self.out_proj(mixed.transpose(1, 2).flatten(2))
        return (joined if self.batch_first else joined.transpose(0, 1)), None


def add_adapters(network: nn.Module, rank: int, alpha: float, dropout: float = 0.0) -> None:
    """Freeze a network and adapt its dense layers, attention included, at which it stays as it is.

    Embeddings, norms and the matrix behind a tower stay frozen. Layers whose weights a tower reads
    itself instead of calling them (the pool of OpenAI's ResNets) have adapters that learn nothing.

    Args:
        network: changed in place. A parameter named logit_scale goes on learning beside the
            adapters, and nothing else does.
        rank: of the adapters; a dense layer of a by b weights learns (a + b) x rank instead.
        alpha: the adapters' output is multiplied by alpha / rank.
        dropout: on the adapters' input, in [0, 1).

    Raises:
        TrainingError: the package peft is not installed, or the network has no dense layer.
    """
    peft = import_peft()
    _split_attention(network)
    names = [name for name, module in network.named_modules() if _is_adapted(name, module)]
    if not names:
        raise TrainingError("This network has no dense layers that could be fine-tuned.")
    config = peft.LoraConfig(
        r=rank, lora_alpha=alpha, lora_dropout=dropout, target_modules=names, bias="none"
    )
    peft.inject_adapter_in_model(config, network)  # freezes all but its own
    for name, parameter in network.named_parameters():
        if name.rpartition(".")[2] == "logit_scale":
            parameter.requires_grad_(True)


def merged_weights(network: nn.Module) -> dict[str, Tensor]:
    """Add adapters to the weights that they adapt; the network itself stays as it is.

    Args:
        network: one that `add_adapters` has changed.

    Returns:
        Copies, by the names they had before, in the same types.
    """
    adapted = {name: m for name, m in network.named_modules() if hasattr(m, "lora_A")}
    split = [f"{name}." for name, m in network.named_modules() if isinstance(m, SplitAttention)]
    merged = {}
    for name, tensor in network.state_dict().items():
        if ".lora_" in name:
            continue
        layer, _, weight = name.rpartition(".base_layer.")
        weight_of = adapted[layer] if layer else None
        value = tensor.detach().clone()
        if weight_of is not None and weight == "weight":
            value += _delta(weight_of).to(value)
        merged[_original_name(f"{layer}.{weight}" if layer else name, split)] = value
    return merged


def _delta(layer: Any) -> Tensor:  # noqa: ANN401 - of peft
    (name,) = layer.lora_A
    return cast("Tensor", layer.get_delta_weight(name)).detach()


def _original_name(name: str, split: list[str]) -> str:
    """The name that nn.MultiheadAttention has for a weight of ours."""
    for start in split:
        if name.startswith(f"{start}in_proj."):
            return name.replace(f"{start}in_proj.", f"{start}in_proj_")
    return name


def _split_attention(network: nn.Module) -> None:
    for name, module in list(network.named_modules()):
        if type(module) is nn.MultiheadAttention and _is_plain(module):
            network.set_submodule(name, SplitAttention(module))


def _is_plain(attention: nn.MultiheadAttention) -> bool:
    """Whether `SplitAttention` does the same; what does not stays frozen."""
    return (
        attention._qkv_same_embed_dim
        and attention.bias_k is None
        and not attention.add_zero_attn
        and not attention.dropout
    )


def _is_adapted(name: str, module: nn.Module) -> bool:
    if isinstance(module, nn.Conv2d) and module.groups > 1:
        return False  # each of its groups is small already
    return type(module) in ADAPTED and name.rpartition(".")[2] != NOT_ADAPTED


def import_peft() -> Any:  # noqa: ANN401
    """Import peft, which only fine-tuning needs.

    Raises:
        TrainingError: it is not installed.
    """
    from engine.models.open_clip import import_open_clip

    import_open_clip()  # mends torchvision, which peft's transformers may import
    try:
        import peft
    except ImportError as error:
        raise TrainingError(
            'Fine-tuning needs the package peft, which is not installed: pip install "anhoi[train]"'
        ) from error
    return peft
