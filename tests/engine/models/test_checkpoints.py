import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from engine.models.beit3.encoder import RELEASED
from engine.models.beit3.retrieval import Beit3Retrieval
from engine.models.checkpoint import Checkpoint, HubFile
from engine.models.checkpoints import (
    CHECKPOINTS,
    DEFAULT_BEIT3,
    DEFAULT_OPENCLIP,
    PAIRS,
    pair_default,
)
from engine.models.dimensions import dimension_of, image_size_of
from engine.models.installed import check_name
from engine.models.open_clip import build_model, import_open_clip, read_config
from engine.models.tokenizer import BEIT3_SPM_SHA256

# open_clip's own tag for each record of its family.
TAGS = {
    "vit-b-16-openai": "openai",
    "vit-b-16-laion2b": "laion2b_s34b_b88k",
    "vit-b-16-datacomp-xl": "datacomp_xl_s13b_b90k",
    "vit-b-16-siglip2": "webli",
    "vit-b-16-siglip2-256": "webli",
    "vit-b-16-siglip2-384": "webli",
    "vit-b-32-siglip2-256": "webli",
    "vit-l-16-siglip2-256": "webli",
    "vit-b-16-siglip-i18n-256": "webli",
    "nllb-clip-base-siglip-mrl": "mrl",
    "nllb-clip-base-siglip-v1": "v1",
    "xlm-roberta-base-vit-b-32": "laion5b_s13b_b90k",
}
# What the hub calls a repository today that open_clip knows by its first name.
MOVED = {"xlm-roberta-base": "FacebookAI/xlm-roberta-base"}
OPENCLIP = [checkpoint for checkpoint in CHECKPOINTS if checkpoint.family == "openclip"]
BEIT3 = [checkpoint for checkpoint in CHECKPOINTS if checkpoint.family == "beit3"]


def by_name(checkpoint: Checkpoint) -> str:
    return checkpoint.name


def test_names_are_valid_and_unique() -> None:
    names = [checkpoint.name for checkpoint in CHECKPOINTS]
    for name in names:
        check_name(name)
    assert max(Counter([*names, DEFAULT_OPENCLIP, DEFAULT_BEIT3]).values()) == 1


@pytest.mark.parametrize("checkpoint", CHECKPOINTS, ids=by_name)
def test_every_file_has_a_safe_address_and_a_plain_name(checkpoint: Checkpoint) -> None:
    assert len({file.name for file in checkpoint.files}) == len(checkpoint.files)
    for file in checkpoint.files:
        assert file.urls or file.hub
        for url in file.urls:
            address = urlsplit(url)
            assert address.scheme == "https"
            assert address.path.rpartition("/")[2] == file.name
        assert file.sha256 is None or re.fullmatch("[0-9a-f]{64}", file.sha256)
        assert file.size is None or file.size > 0


@pytest.mark.parametrize("checkpoint", OPENCLIP, ids=by_name)
def test_openclip_records_agree_with_open_clips_own_table(checkpoint: Checkpoint) -> None:
    open_clip = import_open_clip()
    known = open_clip.get_pretrained_cfg(checkpoint.architecture, TAGS[checkpoint.name])
    how, hub = checkpoint.preprocessing, checkpoint.weights.hub
    assert hub
    assert hub.repository == known["hf_hub"].strip("/")
    assert checkpoint.weights.name in (
        open_clip.constants.HF_SAFE_WEIGHTS_NAME,
        open_clip.constants.HF_WEIGHTS_NAME,
    )
    assert (how.mean, how.std, how.interpolation) == (
        tuple(known["mean"]),
        tuple(known["std"]),
        known["interpolation"],
    )
    assert {"shortest": "crop", "squash": "squash"}[known["resize_mode"]] == how.resize
    assert known.get("quick_gelu", False) == checkpoint.architecture.endswith("quickgelu")
    assert dimension_of("openclip", checkpoint.architecture) == checkpoint.dimension
    assert image_size_of(checkpoint.architecture) == how.size


@pytest.mark.parametrize("checkpoint", OPENCLIP, ids=by_name)
def test_openclip_records_list_what_open_clip_would_fetch_for_the_text_side(
    checkpoint: Checkpoint,
) -> None:
    text = read_config(checkpoint.architecture)["text_cfg"]
    lying = {
        file.name: file.hub for file in (checkpoint.tokenizer, *checkpoint.other_files) if file
    }
    expected = {}
    if tokenizer := text.get("hf_tokenizer_name"):
        for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"):
            expected[name] = HubFile(MOVED.get(tokenizer, tokenizer), name)
    if model := text.get("hf_model_name"):
        expected["text_config.json"] = HubFile(MOVED.get(model, model), "config.json")
    if checkpoint.name == "xlm-roberta-base-vit-b-32":
        del expected["special_tokens_map.json"]  # which that repository does not have
    assert lying == expected
    assert (checkpoint.tokenizer is None) == (tokenizer is None)


@pytest.mark.parametrize(
    "checkpoint",
    # The text towers of the others are described by a file on the hub.
    [each for each in OPENCLIP if "text_config.json" not in {file.name for file in each.files}],
    ids=by_name,
)
def test_costs_of_openclip_records_are_those_of_the_networks(checkpoint: Checkpoint) -> None:
    size = checkpoint.preprocessing.size
    with torch.device("meta"):  # nothing is allocated or computed
        model = build_model(checkpoint.architecture, Path()).requires_grad_(False).eval()
        pixels = torch.zeros(1, 3, size, size)
    assert checkpoint.memory_mb == pytest.approx(megabytes(model), abs=1)
    assert checkpoint.gmacs == pytest.approx(gmacs(lambda: model.visual(pixels)), abs=0.1)


@pytest.mark.parametrize("checkpoint", BEIT3, ids=by_name)
def test_costs_of_beit3_records_are_those_of_the_networks(checkpoint: Checkpoint) -> None:
    size = checkpoint.preprocessing.size
    config = replace(RELEASED[checkpoint.architecture], image_size=size)
    with torch.device("meta"):
        model = Beit3Retrieval(config).requires_grad_(False).eval()
        pixels = torch.zeros(1, 3, size, size)
    assert checkpoint.memory_mb == pytest.approx(megabytes(model), abs=1)
    assert checkpoint.gmacs == pytest.approx(gmacs(lambda: model.embed_images(pixels)), abs=0.1)


def megabytes(model: torch.nn.Module) -> float:
    """Of its parameters in float32."""
    return sum(parameter.numel() for parameter in model.parameters()) * 4 / 2**20


def gmacs(run: Callable[[], object]) -> float:
    with FlopCounterMode(display=False) as counter:
        run()
    return float(counter.get_total_flops() / 2e9)  # two operations a multiply-add


@pytest.mark.parametrize("checkpoint", CHECKPOINTS, ids=by_name)
def test_every_figure_of_recall_says_what_it_is_of_and_who_measured_it(
    checkpoint: Checkpoint,
) -> None:
    for recall in checkpoint.recalls:
        assert recall.language in ("vi", "en")
        assert recall.data
        assert recall.source
        assert 0 < recall.percent < 100
    kinds = [(recall.language, recall.data, recall.rank) for recall in checkpoint.recalls]
    assert len(set(kinds)) == len(kinds)


@pytest.mark.parametrize("checkpoint", BEIT3, ids=by_name)
def test_beit3_records_agree_with_their_file_names(checkpoint: Checkpoint) -> None:
    architecture = checkpoint.architecture
    assert checkpoint.weights.name.startswith(f"beit3_{architecture}_")
    assert f"_{checkpoint.preprocessing.size}" in checkpoint.weights.name
    assert checkpoint.dimension == RELEASED[architecture].embed_dim
    assert checkpoint.tokenizer
    assert checkpoint.tokenizer.sha256 == BEIT3_SPM_SHA256


def test_pairs_name_checkpoints_that_exist_and_weights_that_add_up() -> None:
    openclip = {checkpoint.name for checkpoint in OPENCLIP} | {DEFAULT_OPENCLIP}
    beit3 = {checkpoint.name for checkpoint in BEIT3} | {DEFAULT_BEIT3}
    for pair in PAIRS:
        assert pair.openclip in openclip
        assert pair.beit3 in beit3
        assert sum(pair.weights) == pytest.approx(1)
    assert len({(pair.openclip, pair.beit3) for pair in PAIRS}) == len(PAIRS)


def test_the_original_pair_keeps_its_weights_and_an_unknown_one_is_joined_in_equal_parts() -> None:
    original = pair_default("vit-b-16-openai", "beit3-base-patch16-384-coco-retrieval")
    assert (original.normalisation, original.weights) == ("none", (0.3, 0.7))
    unknown = pair_default("mine", "yours")
    assert (unknown.normalisation, unknown.weights) == ("zscore", (0.5, 0.5))
    assert (unknown.openclip, unknown.beit3) == ("mine", "yours")
