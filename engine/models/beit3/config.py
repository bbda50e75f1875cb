"""The sizes of a BEiT3 network."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from engine.errors import CheckpointError
from engine.models.beit3.positions import HEAD_ROWS, UNUSED_ROWS


@dataclass(frozen=True, slots=True)
class Beit3Config:
    """Everything that decides the shapes of a network's weights, and its arithmetic.

    Attributes:
        embed_dim: width of the residual stream, and of an embedding.
        layers: number of transformer layers.
        heads: attention heads; divides `embed_dim`.
        ffn_dim: width inside the feed-forward part.
        vocab_size: rows of the token embedding.
        image_size: side of the square input, in pixels; a multiple of `patch_size`.
        patch_size: side of a patch, in pixels.
        max_text_positions: rows of the text position table, two of them unused.
        text_length: longest text, in tokens, with its begin and end.
        layernorm_eps: added to the variance in every norm.

    Raises:
        CheckpointError: a size is not positive, or sizes do not fit each other.
    """

    embed_dim: int
    layers: int
    heads: int
    ffn_dim: int
    vocab_size: int
    image_size: int
    patch_size: int
    max_text_positions: int
    text_length: int = 64
    layernorm_eps: float = 1e-5

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not (math.isfinite(value) and value > 0):
                raise CheckpointError(f"A BEiT3 network cannot have {name} {value}.")
        self._check(self.embed_dim % self.heads == 0, "embed_dim is no multiple of heads")
        self._check(self.image_size % self.patch_size == 0, "image_size is no multiple of patches")
        self._check(self.text_length > UNUSED_ROWS, "text_length leaves no room for words")
        rows = self.text_length + UNUSED_ROWS
        self._check(rows <= self.max_text_positions, "text_length exceeds max_text_positions")

    @property
    def image_tokens(self) -> int:
        """Patches and CLS."""
        return (self.image_size // self.patch_size) ** 2 + HEAD_ROWS - UNUSED_ROWS

    @classmethod
    def from_dict(cls, values: Mapping[str, object]) -> "Beit3Config":
        """Make a config of what `to_dict` gave.

        Raises:
            CheckpointError: a value is missing, unknown, of the wrong type, or does not fit.
        """
        known = {field.name: field.type for field in fields(cls)}
        for name, value in values.items():
            cls._check(name in known, f"{name} is unknown")
            number = (int, float) if known[name] is float else int
            fits = isinstance(value, number) and not isinstance(value, bool)
            cls._check(fits, f"{name} is {value!r}")
        required = set(known) - {"text_length", "layernorm_eps"}
        missing = sorted(required - set(values))
        cls._check(not missing, f"{', '.join(missing)} missing")
        checked: dict[str, Any] = dict(values)
        return cls(**checked)

    @classmethod
    def read(cls, path: Path) -> "Beit3Config":
        """Read a config from a JSON file.

        Raises:
            CheckpointError: the file cannot be read or does not describe a network.
        """
        try:
            values = json.loads(path.read_text("utf-8"))
        except OSError as error:
            raise CheckpointError(f"{path} cannot be read: {error.strerror}.") from error
        except ValueError as error:
            raise CheckpointError(f"The description {path} cannot be read: {error}.") from error
        if not isinstance(values, dict):
            raise CheckpointError(f"The description {path} is not a table of sizes.")
        return cls.from_dict(values)

    def to_dict(self) -> dict[str, int | float]:
        """Plain values, fit for JSON."""
        return asdict(self)

    @staticmethod
    def _check(holds: bool, complaint: str) -> None:
        if not holds:
            raise CheckpointError(f"The description of a BEiT3 network is wrong: {complaint}.")


BASE = Beit3Config(
    embed_dim=768,
    layers=12,
    heads=12,
    ffn_dim=3072,
    vocab_size=64010,
    image_size=224,
    patch_size=16,
    max_text_positions=1024,
)
LARGE = Beit3Config(
    embed_dim=1024,
    layers=24,
    heads=16,
    ffn_dim=4096,
    vocab_size=64010,
    image_size=384,
    patch_size=16,
    max_text_positions=1024,
)
