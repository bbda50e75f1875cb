from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own custom

from engine.errors import CheckpointError
from engine.models.beit3.config import Beit3Config
from engine.models.beit3.retrieval import (
    IMAGE_POSITIONS,
    Beit3Retrieval,
    load_retrieval,
    side_keys,
)
from engine.models.encoder import SIDES, Side
from engine.models.weights import save_weights

TINY = Beit3Config(
    embed_dim=32,
    layers=2,
    heads=4,
    ffn_dim=64,
    vocab_size=50,
    image_size=32,
    patch_size=8,
    max_text_positions=20,
    text_length=16,
)
PIXELS = torch.randn(3, 3, 32, 32, generator=torch.Generator().manual_seed(1))
IDS = torch.randint(4, 50, (3, 9), generator=torch.Generator().manual_seed(2))


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    torch.manual_seed(3)
    path = tmp_path / "retrieval.safetensors"
    save_weights(path, Beit3Retrieval(TINY).state_dict())
    return path


def rewrite(path: Path, **changes: torch.Tensor | None) -> None:
    """Change or remove tensors of a file; "__" stands for a dot."""
    tensors = load_retrieval(path, TINY).state_dict()
    for name, tensor in changes.items():
        tensors.pop(name.replace("__", "."), None)
        if tensor is not None:
            tensors[name.replace("__", ".")] = tensor
    save_weights(path, tensors)


@torch.inference_mode()
def test_sides_loaded_separately_equal_both_loaded_together(weights: Path) -> None:
    both = load_retrieval(weights, TINY)
    image, text = load_retrieval(weights, TINY, ["image"]), load_retrieval(weights, TINY, ["text"])
    assert torch.equal(image.embed_images(PIXELS), both.embed_images(PIXELS))
    assert torch.equal(text.embed_texts(IDS, None), both.embed_texts(IDS, None))


@pytest.mark.parametrize("sides", [["image"], ["text"], SIDES])
def test_the_keys_of_a_side_are_those_of_the_network_built_for_it(sides: Sequence[Side]) -> None:
    belongs = side_keys(sides)
    whole = set(Beit3Retrieval(TINY).state_dict())
    assert {name for name in whole if belongs(name)} == set(
        Beit3Retrieval(TINY, sides).state_dict()
    )


def test_a_side_that_was_not_loaded_cannot_be_asked(weights: Path) -> None:
    with pytest.raises(RuntimeError, match="text side"):
        load_retrieval(weights, TINY, ["image"]).embed_texts(IDS, None)
    with pytest.raises(RuntimeError, match="image side"):
        load_retrieval(weights, TINY, ["text"]).embed_images(PIXELS)


@torch.inference_mode()
def test_a_padded_text_embeds_as_if_it_were_alone(weights: Path) -> None:
    network = load_retrieval(weights, TINY, ["text"])
    padding_mask = (torch.arange(9) >= torch.tensor([[9], [5], [3]])).long()
    padded = network.embed_texts(IDS, padding_mask)
    for row, length in zip(range(3), (9, 5, 3), strict=True):
        alone = network.embed_texts(IDS[row : row + 1, :length], None)
        torch.testing.assert_close(padded[row], alone[0], rtol=0, atol=1e-6)


def test_positions_are_interpolated_to_the_size_wanted(weights: Path) -> None:
    network = load_retrieval(weights, replace(TINY, image_size=48), ["image"])
    assert network.state_dict()[IMAGE_POSITIONS].shape == (6 * 6 + 3, 32)
    assert network.embed_images(torch.zeros(1, 3, 48, 48)).shape == (1, 32)


def test_half_precision_weights_are_loaded_as_float32(weights: Path) -> None:
    exact = load_retrieval(weights, TINY)
    save_weights(weights, {name: t.half() for name, t in exact.state_dict().items()})
    network = load_retrieval(weights, TINY)
    assert {parameter.dtype for parameter in network.parameters()} == {torch.float32}
    assert (network.embed_images(PIXELS) - exact.embed_images(PIXELS)).abs().max() < 1e-2


def test_a_file_with_only_the_side_asked_for_is_enough(weights: Path) -> None:
    save_weights(weights, load_retrieval(weights, TINY, ["text"]).state_dict())
    load_retrieval(weights, TINY, ["text"])
    with pytest.raises(CheckpointError, match="is missing"):
        load_retrieval(weights, TINY, ["image"])


def test_heads_of_other_tasks_in_the_file_are_passed_over(weights: Path) -> None:
    rewrite(weights, mlm_head__weight=torch.zeros(50, 32))
    load_retrieval(weights, TINY)


def test_weights_without_the_retrieval_head_are_refused_by_name(weights: Path) -> None:
    rewrite(weights, vision_head__weight=None)
    with pytest.raises(CheckpointError, match=r"vision_head\.weight is missing"):
        load_retrieval(weights, TINY)


@pytest.mark.parametrize(
    ("config", "misfit"),
    [
        (replace(TINY, vocab_size=60), r"text_embed\.weight has shape \(50, 32\)"),
        (replace(TINY, layers=3), r"layers\.2\.\S+ is missing"),
        (replace(TINY, layers=1), r"layers\.1\.\S+ has no place"),
        (replace(TINY, ffn_dim=32), r"fc1\.weight has shape \(64, 32\) where \(32, 32\)"),
    ],
)
def test_weights_of_another_size_are_refused_by_the_first_misfit(
    weights: Path, config: Beit3Config, misfit: str
) -> None:
    with pytest.raises(CheckpointError, match=rf"retrieval\.safetensors does not fit: .*{misfit}"):
        load_retrieval(weights, config)


def test_positions_of_no_square_image_are_refused(weights: Path) -> None:
    rewrite(weights, **{IMAGE_POSITIONS: torch.zeros(18, 32)})
    with pytest.raises(CheckpointError, match="square image"):
        load_retrieval(weights, TINY)


def test_a_fresh_network_learns_to_tell_three_pairs_apart() -> None:
    torch.manual_seed(0)
    network = Beit3Retrieval(TINY)
    assert network.logit_scale.exp().item() == pytest.approx(1 / 0.07)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3)
    for _step in range(40):
        images = F.normalize(network.embed_images(PIXELS))
        texts = F.normalize(network.embed_texts(IDS, None))
        logits = network.logit_scale.exp() * images @ texts.T
        loss = F.cross_entropy(logits, torch.arange(3)) + F.cross_entropy(logits.T, torch.arange(3))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    assert loss.item() < 0.1
