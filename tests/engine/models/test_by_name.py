"""Downloads by open_clip's names, from a hub on this machine; then everything without it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from engine.cli.commands import run
from engine.errors import CheckpointError, DownloadError
from engine.models import tags
from engine.models.checkpoint import CONFIG_FILE
from engine.models.checkpoints import CHECKPOINTS
from engine.models.download import download
from engine.models.encoder import load_encoder
from engine.models.installed import InstalledCheckpoint, find_installed, read_record, verify
from engine.models.open_clip import TEXT_CONFIG_FILE, import_open_clip
from engine.models.tags import tagged
from engine.paths import checkpoints_folder
from tests.engine.models.hub_site import HubSite
from tests.engine.models.site import serving
from tests.engine.models.tiny_open_clip import (
    KINDS,
    WEIGHTS_FILE,
    make_known,
    tokenizer_files,
    write_checkpoint,
)

WEIGHTS, TEXT_SIDE = "maker/tiny-clip", "maker/tiny-text"
HALF = (0.5, 0.5, 0.5)
QUERIES = ["một con chó chạy trên bãi cỏ", "mot con cho", "a dog"]
Knows = Any  # a fixture's function


@pytest.fixture(autouse=True)
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkpoints"
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(folder))
    return folder


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[HubSite]:
    with HubSite() as site:
        site.use(monkeypatch, tmp_path)
        yield site


@pytest.fixture
def knows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Knows:
    """Makes open_clip know an architecture and a tag, as its own lists would name them."""

    def known(kind: str, **pretrained: object) -> str:
        architecture = make_known(kind, TEXT_SIDE, tmp_path / "architectures", monkeypatch)
        how = {"resize_mode": "squash", "mean": HALF, "std": HALF, "interpolation": "bicubic"}
        entry = {"url": "", "hf_hub": f"{WEIGHTS}/"} | how | pretrained
        table = import_open_clip().pretrained._PRETRAINED
        monkeypatch.setitem(table, architecture, {"made_here": entry})
        return f"{architecture}:made_here"

    return known


def on_the_hub(hub: HubSite, kind: str, folder: Path, *, pickle: bool = False) -> Path:
    """Puts a checkpoint's files where open_clip looks for them; the checkpoint itself is told."""
    checkpoint = write_checkpoint(kind, folder, ("vi", "en"))
    path = checkpoint.folder / WEIGHTS_FILE
    if pickle:
        torch.save(load_file(path), path.with_suffix(".bin"))
        content = path.with_suffix(".bin").read_bytes()
        hub.add(WEIGHTS, {"open_clip_pytorch_model.bin": content})
    else:
        hub.add(WEIGHTS, {WEIGHTS_FILE: path.read_bytes(), "README.md": b"# Tiny"})
    hub.add(TEXT_SIDE, tokenizer_files(kind))
    return checkpoint.folder


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_fetched_by_name_runs_without_the_hub(
    kind: str,
    knows: Knows,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name = knows(kind)
    with HubSite() as hub:
        hub.use(monkeypatch, tmp_path)
        folder = on_the_hub(hub, kind, tmp_path / "reference")
        hub.asked.clear()
        assert run(["models", "download", name]) == 0
        assert hub.asked
    found = find_installed(f"tiny-{kind.lower()}-made-here")
    verify(found)
    assert (found.folder / TEXT_CONFIG_FILE).exists() is (KINDS[kind].tower is not None)
    assert not (found.folder / CONFIG_FILE).exists()
    reference = _like(folder, found)
    encoder, expected = load_encoder(found), load_encoder(reference)
    np.testing.assert_array_equal(encoder.encode_texts(QUERIES), expected.encode_texts(QUERIES))
    pixels = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype=np.uint8)
    np.testing.assert_array_equal(encoder.encode_images(pixels), expected.encode_images(pixels))


def fetched(name: str) -> InstalledCheckpoint:
    record = tagged(name)
    list(download(record))
    return find_installed(record.name)


def _like(folder: Path, found: InstalledCheckpoint) -> InstalledCheckpoint:
    """The reference, with what the download could know of its languages."""
    record = replace(
        read_record(folder),
        languages=found.record.languages,
        preprocessing=found.record.preprocessing,
    )
    return InstalledCheckpoint(record, folder)


def test_weights_that_are_a_pickle_are_converted_once(
    knows: Knows, hub: HubSite, tmp_path: Path
) -> None:
    name = knows("SigLIP2")
    folder = on_the_hub(hub, "SigLIP2", tmp_path / "reference", pickle=True)
    here = fetched(name)
    assert here.record.weights.name == "open_clip_pytorch_model.safetensors"
    assert not (here.folder / "open_clip_pytorch_model.bin").exists()
    expected = load_encoder(_like(folder, here), ["text"]).encode_texts(QUERIES)
    np.testing.assert_array_equal(load_encoder(here, ["text"]).encode_texts(QUERIES), expected)


def test_the_record_says_what_is_known_and_no_more(
    knows: Knows, hub: HubSite, tmp_path: Path
) -> None:
    name = knows("SigLIP2")
    on_the_hub(hub, "SigLIP2", tmp_path / "reference")
    record = tagged(name)
    assert (record.licence, record.languages) == ("see its source", ())
    assert record.preprocessing.resize == "squash"
    assert record.dimension == 64
    assert all(file.hub and file.size for file in record.files)
    assert record.weights.sha256


def test_licence_and_languages_are_those_of_the_card(
    knows: Knows, hub: HubSite, tmp_path: Path
) -> None:
    name = knows("SigLIP2")
    on_the_hub(hub, "SigLIP2", tmp_path / "reference")
    card = {"license": "apache-2.0", "language": ["vi", "en", "multilingual"]}
    files = [{"rfilename": WEIGHTS_FILE, "size": 9}]
    answer = {"id": WEIGHTS, "sha": "1" * 40, "siblings": files, "cardData": card}
    hub.answers[f"/api/models/{WEIGHTS}"] = serving(json.dumps(answer).encode())
    record = tagged(name)
    assert (record.licence, record.languages) == ("apache-2.0", ("vi", "en"))


def test_a_card_that_says_odd_things_is_as_good_as_none(
    knows: Knows, hub: HubSite, tmp_path: Path
) -> None:
    name = knows("SigLIP2")
    on_the_hub(hub, "SigLIP2", tmp_path / "reference")
    card = {"license": ["mit", "other"], "language": [False, "vi", None]}
    files = [{"rfilename": WEIGHTS_FILE, "size": 9}]
    answer = {"id": WEIGHTS, "sha": "1" * 40, "siblings": files, "cardData": card}
    hub.answers[f"/api/models/{WEIGHTS}"] = serving(json.dumps(answer).encode())
    record = tagged(name)
    assert (record.licence, record.languages) == ("see its source", ("vi",))


def test_a_name_of_the_tables_own_weights_is_the_tables_record() -> None:
    """The table knows more of them; the hub need not be asked."""
    listed = {checkpoint.name: checkpoint for checkpoint in CHECKPOINTS}
    assert tagged("ViT-B-16-SigLIP2:webli") == listed["vit-b-16-siglip2"]
    assert tagged("nllb-clip-base-siglip:mrl") == listed["nllb-clip-base-siglip-mrl"]


def test_weights_of_another_activation_take_the_architecture_that_has_it() -> None:
    assert tagged("ViT-B-16:openai").architecture == "ViT-B-16-quickgelu"
    assert tagged("ViT-B-16-quickgelu:openai") == tagged("ViT-B-16:openai")


def test_every_tag_can_be_named() -> None:
    """What open_clip lists is prepared for in one of the ways that Ảnh Ơi has."""
    for architecture, tag in import_open_clip().list_pretrained():
        pretrained = tags._pretrained(architecture, tag)
        assert pretrained["resize_mode"] in ("shortest", "squash")
        assert pretrained["hf_hub"] or pretrained["url"]
        assert tags._with_its_activation(architecture, pretrained)


def test_a_repository_that_lacks_a_file_is_named(
    knows: Knows, hub: HubSite, tmp_path: Path
) -> None:
    name = knows("SigLIP2")
    hub.add(WEIGHTS, {"another.safetensors": b"weights"})
    hub.add(TEXT_SIDE, tokenizer_files("SigLIP2"))
    with pytest.raises(DownloadError, match=f"{WEIGHTS} holds no open_clip_model.safetensors"):
        fetched(name)
    with pytest.raises(DownloadError, match="maker/absent is not on the hub"):
        fetched(_renamed(name, "maker/absent/"))
    assert not list(checkpoints_folder().glob("*"))


def _renamed(name: str, hf_hub: str) -> str:
    architecture, _, tag = name.partition(":")
    import_open_clip().pretrained._PRETRAINED[architecture][tag]["hf_hub"] = hf_hub
    return name


def test_what_is_here_already_is_not_fetched_again(
    knows: Knows, hub: HubSite, tmp_path: Path
) -> None:
    name = knows("SigLIP2")
    on_the_hub(hub, "SigLIP2", tmp_path / "reference")
    first = fetched(name)
    hub.asked.clear()
    assert fetched(name) == first
    assert all(path.startswith("/api/") for path in hub.asked)  # its record alone


def test_photos_that_cannot_be_prepared_are_refused(
    knows: Knows, hub: HubSite, tmp_path: Path
) -> None:
    name = knows("SigLIP2", resize_mode="longest")
    on_the_hub(hub, "SigLIP2", tmp_path / "reference")
    with pytest.raises(CheckpointError, match="cannot be prepared by “longest”"):
        fetched(name)
