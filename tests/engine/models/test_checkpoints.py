import re
from collections import Counter
from urllib.parse import urlsplit

import pytest

from engine.models.beit3.encoder import RELEASED
from engine.models.checkpoint import Checkpoint
from engine.models.checkpoints import (
    CHECKPOINTS,
    DEFAULT_BEIT3,
    DEFAULT_OPENCLIP,
    PAIRS,
    pair_default,
)
from engine.models.dimensions import dimension_of, image_size_of
from engine.models.installed import check_name
from engine.models.open_clip import import_open_clip
from engine.models.tokenizer import BEIT3_SPM_SHA256

# open_clip's own tag for each record of its family.
TAGS = {
    "vit-b-16-openai": "openai",
    "vit-b-16-laion2b": "laion2b_s34b_b88k",
    "vit-b-16-datacomp-xl": "datacomp_xl_s13b_b90k",
}
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
    known = open_clip.get_pretrained_cfg("ViT-B-16", TAGS[checkpoint.name])
    how, hub = checkpoint.preprocessing, checkpoint.weights.hub
    assert hub
    assert hub.repository == known["hf_hub"].strip("/")
    assert checkpoint.weights.name in (
        open_clip.constants.HF_SAFE_WEIGHTS_NAME,
        open_clip.constants.HF_WEIGHTS_NAME,
    )
    assert (how.mean, how.std, how.interpolation) == (
        known["mean"],
        known["std"],
        known["interpolation"],
    )
    assert {"shortest": "crop", "squash": "squash"}[known["resize_mode"]] == how.resize
    assert known.get("quick_gelu", False) == checkpoint.architecture.endswith("quickgelu")
    assert dimension_of("openclip", checkpoint.architecture) == checkpoint.dimension
    assert image_size_of(checkpoint.architecture) == how.size


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
