import numpy as np
import pytest
import torch

from engine.models.encoder import SIDES, Encoder, FloatArray, Side, load_encoder
from engine.models.installed import InstalledCheckpoint

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
IMAGES = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)


def embed(encoder: Encoder, side: Side) -> FloatArray:
    return encoder.encode_images(IMAGES) if side == "image" else encoder.encode_texts(["a dog"])


@pytest.mark.parametrize("side", SIDES)
def test_both_families_come_through_the_same_door(tiny_pair: Pair, side: Side) -> None:
    for checkpoint in tiny_pair:
        one, both = load_encoder(checkpoint, [side]), load_encoder(checkpoint)
        assert one.dimension == both.dimension == checkpoint.record.dimension
        np.testing.assert_array_equal(embed(one, side), embed(both, side))


@pytest.mark.parametrize("dtype", [None, torch.float32, torch.bfloat16])
def test_embeddings_are_float32_whatever_is_computed_in(
    tiny_pair: Pair, dtype: torch.dtype | None
) -> None:
    for checkpoint in tiny_pair:
        encoder = load_encoder(checkpoint, device="cpu", dtype=dtype)
        assert {embed(encoder, side).dtype for side in SIDES} == {np.dtype(np.float32)}
