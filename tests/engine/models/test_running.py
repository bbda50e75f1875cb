import numpy as np
import pytest
import torch
from torch import Tensor

from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, Preprocessing
from engine.models.running import images_at_once, in_parts, normalised_pixels

HOW = Preprocessing(4, "crop", CLIP_MEAN, CLIP_STD)


def test_pixels_are_brought_into_the_range_of_the_training() -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 3), dtype=np.uint8)
    images.setflags(write=False)
    found = normalised_pixels(images, HOW)
    expected = (images / 255 - np.array(CLIP_MEAN)) / np.array(CLIP_STD)
    assert found.dtype == torch.float32
    np.testing.assert_allclose(found, expected.transpose(0, 3, 1, 2), atol=1e-6)


@pytest.mark.parametrize("count", [0, 1, 4, 5, 9])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_parts_are_joined_in_order_at_unit_length(count: int, dtype: torch.dtype) -> None:
    values = torch.randn(count, 3, generator=torch.Generator().manual_seed(0)).to(dtype)
    sizes: list[int] = []

    def embed(part: slice) -> Tensor:
        assert torch.is_inference_mode_enabled()
        sizes.append(len(values[part]))
        return values[part] * 7

    found = in_parts(embed, count, 4, 3)
    assert found.shape == (count, 3)
    assert found.dtype == np.float32
    expected = values.float() / values.float().norm(dim=1, keepdim=True)
    np.testing.assert_allclose(found, expected, atol=1e-2 if dtype == torch.bfloat16 else 1e-6)
    assert sum(sizes) == count
    assert max(sizes, default=0) <= 4


def test_accelerators_take_larger_batches_than_the_cpu() -> None:
    assert images_at_once(torch.device("cpu")) < images_at_once(torch.device("cuda", 1))
    assert images_at_once(torch.device("mps")) == images_at_once(torch.device("cuda"))
