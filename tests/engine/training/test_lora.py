"""Adapters on tiny networks of every make: they change nothing, learn alone, and merge."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from engine.errors import TrainingError
from engine.models.beit3.retrieval import Beit3Retrieval
from engine.models.checkpoint import CONFIG_FILE
from engine.models.installed import InstalledCheckpoint
from engine.models.open_clip import build_model
from engine.training.lora import SplitAttention, add_adapters, merged_weights
from tests.conftest import TINY_BEIT3
from tests.engine.models.tiny_open_clip import KINDS, write_checkpoint

RANK = 2
Make = Callable[[], Any]
MAKES = ("beit3", "openclip", *KINDS)


@pytest.fixture(scope="module", params=MAKES)
def make(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    tiny_pair: tuple[InstalledCheckpoint, InstalledCheckpoint],
) -> Make:
    """Makes the same untrained network at every call."""
    folder = tmp_path_factory.mktemp("makes")
    if request.param in KINDS:
        folder = write_checkpoint(request.param, folder / "made", ("vi",)).folder
    elif request.param == "openclip":
        folder = tiny_pair[0].folder

    def made() -> Any:  # noqa: ANN401
        torch.manual_seed(5)
        if request.param == "beit3":
            return Beit3Retrieval(TINY_BEIT3).eval()
        return build_model(CONFIG_FILE, folder).eval()

    return made


def outputs(network: Any) -> tuple[Tensor, Tensor]:  # noqa: ANN401
    """Unit embeddings of three images and two texts."""
    pixels = torch.randn(3, 3, 32, 32, generator=torch.Generator().manual_seed(1))
    ids = torch.tensor([[0, 9, 8, 7, 2, 1, 1], [0, 5, 6, 9, 4, 3, 2]])
    if isinstance(network, Beit3Retrieval):
        images, texts = network.embed_images(pixels), network.embed_texts(ids, (ids == 1).long())
    else:
        whole = nn.functional.pad(ids, (0, network.text.context_length - 7), value=1)
        images, texts = network.visual(pixels), network.text(whole)
    return normalize(images), normalize(texts)


def learn(network: Any, steps: int = 3) -> None:  # noqa: ANN401
    optimizer = torch.optim.AdamW(network.parameters(), lr=0.05)
    for _ in range(steps):
        images, texts = outputs(network)
        loss = -(network.logit_scale * images @ texts.T).trace()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def test_new_adapters_change_nothing_and_leave_little_to_learn(make: Make) -> None:
    network = make()
    with torch.inference_mode():
        before = outputs(network)
    add_adapters(network, RANK, alpha=4)
    with torch.inference_mode():
        after = outputs(network)
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(before, after, strict=True))
    trained = {name for name, p in network.named_parameters() if p.requires_grad}
    assert {name for name in trained if "lora_" not in name} == {"logit_scale"}
    assert {name.split(".")[0] for name in trained} >= (
        {"beit3", "vision_head", "language_head"}
        if isinstance(network, Beit3Retrieval)
        else {"visual", "text"}
    )


def test_only_adapters_and_temperature_move_and_both_sides_learn(make: Make) -> None:
    network, untouched = make(), make().state_dict()
    add_adapters(network, RANK, alpha=4)
    with torch.inference_mode():
        before = outputs(network)
    learn(network)
    with torch.inference_mode():
        after = outputs(network)
    assert all((a - b).abs().max() > 0.01 for a, b in zip(before, after, strict=True))
    for module in network.modules():  # take the adapters out again
        if hasattr(module, "lora_B"):
            nn.init.zeros_(module.lora_B["default"].weight)
    left = merged_weights(network)
    moved = [name for name in untouched if not torch.equal(left[name], untouched[name])]
    assert moved == ["logit_scale"]


def test_merged_weights_are_those_of_the_plain_network_and_do_the_same(make: Make) -> None:
    network, plain = make(), make()
    add_adapters(network, RANK, alpha=4)
    learn(network)
    merged = merged_weights(network)
    expected = plain.state_dict()
    assert {n: (t.shape, t.dtype) for n, t in merged.items()} == {
        n: (t.shape, t.dtype) for n, t in expected.items()
    }
    plain.load_state_dict(merged, strict=True)
    network.eval()
    with torch.inference_mode():
        pairs = list(zip(outputs(plain), outputs(network), strict=True))
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in pairs)
    learn(network, steps=1)  # the network itself is as it was, and goes on
    assert any(not torch.equal(merged[n], t) for n, t in merged_weights(network).items())


def test_adapters_are_as_the_paper_has_them() -> None:
    network: Any = nn.Sequential(nn.Linear(6, 4))
    weight = network[0].weight.detach().clone()
    add_adapters(network, rank=2, alpha=6)
    layer = network[0]
    b = nn.init.normal_(layer.lora_B["default"].weight)
    a = layer.lora_A["default"].weight
    assert a.shape == (2, 6)
    assert b.shape == (4, 2)
    expected = weight + 3 * b @ a
    assert torch.allclose(merged_weights(network)["0.weight"], expected, atol=1e-6)


def test_convolutions_are_adapted_but_for_those_of_single_channels() -> None:
    network: Any = nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.Conv2d(8, 8, 3, groups=8)
    ).eval()
    x = torch.randn(2, 3, 9, 9)
    names = set(network.state_dict())
    add_adapters(network, RANK, alpha=4)
    adapted = [name for name, module in network.named_modules() if hasattr(module, "lora_B")]
    assert adapted == ["0"]
    nn.init.normal_(network[0].lora_B["default"].weight)
    expected = network(x)
    merged = merged_weights(network)
    assert set(merged) == names
    plain = nn.Sequential(
        nn.Conv2d(3, 8, 3, stride=2, padding=1), nn.BatchNorm2d(8), nn.Conv2d(8, 8, 3, groups=8)
    ).eval()
    plain.load_state_dict(merged)
    assert torch.allclose(plain(x), expected, atol=1e-5)


@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("masked", ["", "all alike", "each its own"])
@pytest.mark.parametrize("crossed", [True, False])
def test_split_attention_is_attention(batch_first: bool, masked: str, crossed: bool) -> None:
    torch.manual_seed(2)
    n, t, d, heads = 3, 5, 8, 2
    original = nn.MultiheadAttention(d, heads, batch_first=batch_first)
    nn.init.normal_(original.in_proj_bias)
    query = torch.randn(n, t, d)
    other = torch.randn(n, t + 2, d) if crossed else query
    if not batch_first:
        query = query.transpose(0, 1)
        other = other.transpose(0, 1) if crossed else query
    longest = t + 2 if crossed else t
    masks = {"": None, "all alike": torch.randn(t, longest)}
    mask = masks.get(masked, torch.randn(n * heads, t, longest))
    expected = original(query, other, other, need_weights=False, attn_mask=mask)[0]
    split = SplitAttention(original)
    found = split(query, other, other, need_weights=False, attn_mask=mask)[0]
    assert torch.allclose(found, expected, atol=1e-6)


def test_attention_with_keys_of_another_width_is_left_as_it_is() -> None:
    network = nn.ModuleDict({"pool": nn.MultiheadAttention(8, 2, kdim=6, vdim=6)})
    network["head"] = nn.Linear(8, 8)
    expected = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    add_adapters(network, RANK, alpha=4)
    merged = merged_weights(network)
    assert set(merged) == set(expected)
    assert all(torch.equal(merged[name], expected[name]) for name in expected)
    assert type(network["pool"]) is nn.MultiheadAttention


def test_the_seed_decides_the_adapters() -> None:
    def adapters(seed: int) -> list[np.ndarray]:
        torch.manual_seed(0)
        network = nn.Sequential(nn.Linear(6, 4))
        torch.manual_seed(seed)
        add_adapters(network, RANK, alpha=4)
        return [p.detach().numpy() for n, p in network.named_parameters() if "lora_A" in n]

    assert np.array_equal(adapters(1), adapters(1))
    assert not np.array_equal(adapters(1), adapters(2))


def test_a_network_without_dense_layers_is_refused() -> None:
    with pytest.raises(TrainingError, match="no dense layers"):
        add_adapters(nn.Sequential(nn.BatchNorm1d(3)), RANK, alpha=4)


def test_a_missing_peft_is_told_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "peft", None)
    with pytest.raises(
        TrainingError, match=r'needs the package peft.*pip install "anhoi\[train\]"'
    ):
        add_adapters(nn.Sequential(nn.Linear(2, 2)), RANK, alpha=4)
