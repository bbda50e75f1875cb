from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from engine.models.beit3.architecture import BRANCHES, Beit3, Branch, initialise
from engine.models.beit3.config import Beit3Config

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
IMAGE_TOKENS = 17


def network(branches: Sequence[Branch] = BRANCHES, *, normalize_output: bool = True) -> Beit3:
    """A network whose every weight matters, norms and biases too."""
    torch.manual_seed(5)
    made = Beit3(TINY, branches, normalize_output=normalize_output).eval().requires_grad_(False)
    for parameter in made.parameters():
        parameter.normal_(std=0.3)
    return made


def pixels(count: int = 2) -> Tensor:
    return torch.randn(count, 3, 32, 32, generator=torch.Generator().manual_seed(1))


def token_ids(count: int = 2, length: int = 9) -> Tensor:
    generator = torch.Generator().manual_seed(2)
    return torch.randint(4, 50, (count, length), generator=generator)


def assert_close(found: Tensor, expected: Tensor) -> None:
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-5)


def test_a_branch_built_alone_gives_what_it_gives_beside_the_other() -> None:
    both, image, text = network(), network(["A"]), network(["B"])
    for part in (image, text):
        part.load_state_dict({name: both.state_dict()[name] for name in part.state_dict()})
    assert_close(image(pixels()), both(pixels()))
    assert_close(text(ids=token_ids()), both(ids=token_ids()))


def test_both_branches_together_are_the_two_and_nothing_else() -> None:
    image, text = (set(network([branch]).state_dict()) for branch in BRANCHES)
    assert image | text == set(network().state_dict())
    assert not image & text


def test_a_side_that_was_not_built_cannot_be_run() -> None:
    with pytest.raises(RuntimeError, match="text side"):
        network(["A"])(ids=token_ids())
    with pytest.raises(RuntimeError, match="image side"):
        network(["B"])(pixels())


def test_an_image_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="not 32 px"):
        network(["A"])(torch.zeros(1, 3, 40, 40))


@pytest.mark.parametrize("dtype", [torch.int64, torch.bool])
def test_a_padded_text_runs_as_if_it_were_alone(dtype: torch.dtype) -> None:
    ids, model = token_ids(length=12), network()
    mask = torch.zeros(2, 12, dtype=dtype)
    mask[1, 7:] = 1
    padded = model(ids=ids, padding_mask=mask)
    assert_close(padded[1, :7], model(ids=ids[1:, :7])[0])
    assert_close(padded[0], model(ids=ids[:1])[0])


def test_a_padded_text_beside_an_image_runs_as_if_it_were_alone() -> None:
    ids, model = token_ids(length=12), network()
    mask = torch.zeros(2, 12, dtype=torch.int64)
    mask[1, 7:] = 1
    padded = model(pixels(), ids, padding_mask=mask)
    alone = model(pixels()[1:], ids[1:, :7])
    assert_close(padded[1, : IMAGE_TOKENS + 7], alone[0])


def test_image_and_text_see_each_other() -> None:
    model = network()
    together = model(pixels(), token_ids())
    assert together.shape == (2, IMAGE_TOKENS + 9, 32)
    assert (together[:, :IMAGE_TOKENS] - model(pixels())).abs().max() > 1e-2
    assert (together[:, IMAGE_TOKENS:] - model(ids=token_ids())).abs().max() > 1e-2


def test_an_attention_mask_hides_later_words_from_earlier_ones() -> None:
    model, ids, total = network(), token_ids(), IMAGE_TOKENS + 9
    allowed = torch.ones(total, total, dtype=torch.bool).tril()
    allowed[:IMAGE_TOKENS, :IMAGE_TOKENS] = True
    mask = torch.zeros_like(ids)
    before = model(pixels(), ids, padding_mask=mask, attention_mask=allowed)
    ids[:, 5] = 7
    after = model(pixels(), ids, padding_mask=mask, attention_mask=allowed)
    assert_close(after[:, : IMAGE_TOKENS + 5], before[:, : IMAGE_TOKENS + 5])
    assert (after - before)[:, IMAGE_TOKENS + 5 :].abs().max() > 1e-2


def test_what_a_masked_patch_shows_makes_no_difference() -> None:
    model, images = network(), pixels()
    masked = torch.zeros(2, 16, dtype=torch.int64)
    masked[:, 0] = 1
    before = model(images, masked_patches=masked)
    images[:, :, :8, :8] = 0
    assert torch.equal(model(images, masked_patches=masked), before)


def test_without_the_final_norm_there_are_no_weights_for_it() -> None:
    bare, normed = network(normalize_output=False), network()
    missing = set(normed.state_dict()) - set(bare.state_dict())
    kinds = ("weight", "bias")
    assert missing == {f"encoder.layer_norm.{b}.{kind}" for b in BRANCHES for kind in kinds}
    assert bare(pixels()).shape == (2, IMAGE_TOKENS, 32)


def test_fresh_weights_are_small_biases_zero_and_norms_the_identity() -> None:
    torch.manual_seed(0)
    fresh = Beit3(TINY).apply(initialise)
    for name, parameter in fresh.named_parameters():
        if name.endswith("bias"):
            assert (parameter == 0).all(), name
        elif parameter.ndim == 1:
            assert (parameter == 1).all(), name
        else:
            assert 0.01 < parameter.std() < 0.03, name
