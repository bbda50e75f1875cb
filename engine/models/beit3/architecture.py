"""BEiT3's multiway transformer: images and texts share the layout, not the weights.

Branch "A" holds the weights for image tokens, branch "B" those for text tokens; either can be built
without the other. Names of parameters are those of the released files.

Source: Wang et al., "Image as a Foreign Language: BEiT Pretraining for All Vision and
Vision-Language Tasks", CVPR 2023, section 2; sub-layer norms after Wang et al., "Foundation
Transformers", 2022.
"""

from collections.abc import Callable, Sequence
from typing import Literal, TypeVar, cast

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own custom
from torch import Tensor, nn

from engine.models.beit3.config import Beit3Config
from engine.models.beit3.positions import UNUSED_ROWS

Branch = Literal["A", "B"]
BRANCHES: tuple[Branch, ...] = ("A", "B")
M = TypeVar("M", bound=nn.Module)


def require(module: M | None, what: str) -> M:
    """Return a module that may have been left out; asking for one that was is a bug."""
    if module is None:
        raise RuntimeError(f"the {what} side of this network was not built")
    return module


class Multiway(nn.ModuleDict):
    """One copy of a module for each branch; every token goes through that of its own."""

    def __init__(self, branches: Sequence[Branch], make: Callable[[], nn.Module]) -> None:
        super().__init__({branch: make() for branch in branches})

    def forward(self, x: Tensor, image_tokens: int) -> Tensor:
        """Run the first `image_tokens` of x, shape (n, T, D), through A and the rest through B."""
        if image_tokens == 0:
            return cast("Tensor", self["B"](x))
        if image_tokens == x.shape[1]:
            return cast("Tensor", self["A"](x))
        image, text = x[:, :image_tokens], x[:, image_tokens:]
        return torch.cat([self["A"](image), self["B"](text)], dim=1)


class Attention(nn.Module):
    """Self-attention over all tokens, normalised before the output projection."""

    def __init__(self, config: Beit3Config, branches: Sequence[Branch]) -> None:
        super().__init__()
        dim = config.embed_dim
        self.heads = config.heads
        self.k_proj = Multiway(branches, lambda: nn.Linear(dim, dim))
        self.v_proj = Multiway(branches, lambda: nn.Linear(dim, dim))
        self.q_proj = Multiway(branches, lambda: nn.Linear(dim, dim))
        self.out_proj = Multiway(branches, lambda: nn.Linear(dim, dim))
        self.inner_attn_ln = Multiway(branches, lambda: _norm(config, dim))

    def forward(self, x: Tensor, image_tokens: int, allowed: Tensor | None) -> Tensor:
        projections = (self.q_proj, self.k_proj, self.v_proj)
        query, key, value = (self._by_head(each(x, image_tokens)) for each in projections)
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=allowed)
        joined = mixed.transpose(1, 2).flatten(2)
        normed = self.inner_attn_ln(joined, image_tokens)
        return cast("Tensor", self.out_proj(normed, image_tokens))

    def _by_head(self, x: Tensor) -> Tensor:
        return x.reshape(*x.shape[:2], self.heads, -1).transpose(1, 2)


class FeedForward(nn.Module):
    """Two linear layers with GELU (the exact one) and a norm between."""

    def __init__(self, config: Beit3Config) -> None:
        super().__init__()
        self.fc1 = nn.Linear(config.embed_dim, config.ffn_dim)
        self.ffn_layernorm = _norm(config, config.ffn_dim)
        self.fc2 = nn.Linear(config.ffn_dim, config.embed_dim)

    def forward(self, x: Tensor) -> Tensor:
        return cast("Tensor", self.fc2(self.ffn_layernorm(F.gelu(self.fc1(x)))))


class Layer(nn.Module):
    """One pre-norm transformer layer."""

    def __init__(self, config: Beit3Config, branches: Sequence[Branch]) -> None:
        super().__init__()
        dim = config.embed_dim
        self.self_attn_layer_norm = Multiway(branches, lambda: _norm(config, dim))
        self.self_attn = Attention(config, branches)
        self.final_layer_norm = Multiway(branches, lambda: _norm(config, dim))
        self.ffn = Multiway(branches, lambda: FeedForward(config))

    def forward(self, x: Tensor, image_tokens: int, allowed: Tensor | None) -> Tensor:
        normed = self.self_attn_layer_norm(x, image_tokens)
        x = x + self.self_attn(normed, image_tokens, allowed)
        return x + cast("Tensor", self.ffn(self.final_layer_norm(x, image_tokens), image_tokens))


class TransformerEncoder(nn.Module):
    """Positions, the layers, and the final norm where the task wants one."""

    def __init__(
        self, config: Beit3Config, branches: Sequence[Branch], *, normalize_output: bool
    ) -> None:
        super().__init__()
        rows = {"A": config.image_tokens + UNUSED_ROWS, "B": config.max_text_positions}
        self.embed_positions = nn.ModuleDict(
            {branch: nn.Embedding(rows[branch], config.embed_dim) for branch in branches}
        )
        self.layers = nn.ModuleList(Layer(config, branches) for _ in range(config.layers))
        self.layer_norm = (
            Multiway(branches, lambda: _norm(config, config.embed_dim))
            if normalize_output
            else None
        )

    def forward(
        self,
        x: Tensor,
        image_tokens: int,
        padding_mask: Tensor | None = None,
        attention_mask: Tensor | None = None,
    ) -> Tensor:
        x = x + self._positions(image_tokens, x.shape[1] - image_tokens)
        if padding_mask is not None:
            x = x.masked_fill(padding_mask[..., None], 0)
        allowed = _allowed(padding_mask, attention_mask)
        for layer in self.layers:
            x = layer(x, image_tokens, allowed)
        return x if self.layer_norm is None else cast("Tensor", self.layer_norm(x, image_tokens))

    def _positions(self, image_tokens: int, text_tokens: int) -> Tensor:
        """Rows of both tables; texts start anew, also behind an image."""
        counts = {"A": image_tokens, "B": text_tokens}
        tables = {
            branch: cast("nn.Embedding", self.embed_positions[branch]).weight
            for branch, count in counts.items()
            if count
        }
        rows = [t[UNUSED_ROWS : UNUSED_ROWS + counts[branch]] for branch, t in tables.items()]
        return torch.cat(rows)


class VisionEmbedding(nn.Module):
    """Images to patch tokens behind a CLS token."""

    def __init__(self, config: Beit3Config) -> None:
        super().__init__()
        self.image_size = config.image_size
        patch = config.patch_size
        self.mask_token = nn.Parameter(torch.empty(1, 1, config.embed_dim))
        self.cls_token = nn.Parameter(torch.empty(1, 1, config.embed_dim))
        self.proj = nn.Conv2d(3, config.embed_dim, kernel_size=patch, stride=patch)

    def forward(self, pixels: Tensor, masked_patches: Tensor | None = None) -> Tensor:
        if pixels.shape[1:] != (3, self.image_size, self.image_size):
            raise ValueError(f"images of shape {tuple(pixels.shape[1:])}, not {self.image_size} px")
        patches = self.proj(pixels).flatten(2).transpose(1, 2)
        if masked_patches is not None:
            patches = torch.where(masked_patches.bool()[..., None], self.mask_token, patches)
        return torch.cat([self.cls_token.expand(len(pixels), -1, -1), patches], dim=1)


class Beit3(nn.Module):
    """Embeddings and encoder, as every BEiT3 head finds them.

    Args:
        config: the sizes.
        branches: which weights to build; tokens of a branch left out cannot be run.
        normalize_output: whether a norm follows the last layer: it does for retrieval, captioning
            and NLVR2, and does not for classification and VQA.
    """

    def __init__(
        self,
        config: Beit3Config,
        branches: Sequence[Branch] = BRANCHES,
        *,
        normalize_output: bool = True,
    ) -> None:
        super().__init__()
        image, text = "A" in branches, "B" in branches
        self.text_embed = nn.Embedding(config.vocab_size, config.embed_dim) if text else None
        self.vision_embed = VisionEmbedding(config) if image else None
        self.encoder = TransformerEncoder(config, branches, normalize_output=normalize_output)

    def forward(
        self,
        pixels: Tensor | None = None,
        ids: Tensor | None = None,
        *,
        padding_mask: Tensor | None = None,
        masked_patches: Tensor | None = None,
        attention_mask: Tensor | None = None,
    ) -> Tensor:
        """Run images, texts, or both at once as one sequence of image then text tokens.

        Args:
            pixels: normalised images, shape (n, 3, S, S), floating point.
            ids: token ids, shape (n, T), int64.
            padding_mask: shape (n, T), integer or bool, 1 where a text is padded.
            masked_patches: shape (n, P), integer or bool, 1 where a patch gives way to the mask
                token.
            attention_mask: shape (N, N) or broadcastable to (n, heads, N, N), bool, True where
                the row's token may attend to the column's; N counts image and text tokens.

        Returns:
            Hidden states of shape (n, N, D); images begin at 0 with CLS, texts at
            `config.image_tokens` with <s> or, without images, at 0. Rows of padding mean nothing.

        Raises:
            RuntimeError: a side is asked for that was not built.
            ValueError: images are not of the network's size.
        """
        parts = []
        if pixels is not None:
            parts.append(require(self.vision_embed, "image")(pixels, masked_patches))
        image_tokens = parts[0].shape[1] if parts else 0
        if ids is not None:
            parts.append(require(self.text_embed, "text")(ids))
        if padding_mask is not None:
            padding_mask = F.pad(padding_mask.bool(), (image_tokens, 0))
        x = torch.cat(parts, dim=1)
        return cast("Tensor", self.encoder(x, image_tokens, padding_mask, attention_mask))


def initialise(module: nn.Module) -> None:
    """Draw fresh weights for one module; meant for `network.apply(initialise)`.

    Weights come from a normal distribution of deviation 0.02, cut off at two units either side;
    biases are zero and norms start as the identity.
    """
    if isinstance(module, nn.Linear | nn.Conv2d | nn.Embedding):
        nn.init.trunc_normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear | nn.Conv2d) and module.bias is not None:
        nn.init.zeros_(module.bias)
    if isinstance(module, VisionEmbedding):
        nn.init.trunc_normal_(module.mask_token, std=0.02)
        nn.init.trunc_normal_(module.cls_token, std=0.02)


def _norm(config: Beit3Config, dim: int) -> nn.LayerNorm:
    return nn.LayerNorm(dim, eps=config.layernorm_eps)


def _allowed(padding_mask: Tensor | None, attention_mask: Tensor | None) -> Tensor | None:
    """Join both masks to one that is True where attention may go, or None for everywhere."""
    if padding_mask is None:
        return attention_mask
    keys = ~padding_mask[:, None, None, :]
    return keys if attention_mask is None else keys & attention_mask
