from pathlib import Path

import pytest

from engine.errors import CheckpointError, DownloadError
from engine.models.tags import fetch_tag


@pytest.fixture(autouse=True)
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkpoints"
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(folder))
    return folder


@pytest.mark.parametrize("name", ["ViT-B-16:nonsense", "nonsense:openai", "ViT-B-16:", ":"])
def test_unknown_weights_are_named_in_a_sentence(name: str) -> None:
    with pytest.raises(CheckpointError, match="knows no weights"):
        fetch_tag(name)


def test_a_hub_out_of_reach_leaves_nothing_behind(
    checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(DownloadError, match="ViT-B-16:laion2b_s34b_b88k could not be fetched"):
        fetch_tag("ViT-B-16:laion2b_s34b_b88k")
    assert not list(checkpoints.glob("*"))


def test_weights_from_the_hub_become_a_checkpoint(
    checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub's cache holds the file as a link to a blob; no network is needed for what it has."""
    folder = checkpoints / "vit-b-16-laion2b-s34b-b88k"
    repository = folder / "hub" / "models--laion--CLIP-ViT-B-16-laion2B-s34B-b88K"

    def fill_cache(pretrained: dict[str, object], cache_dir: str) -> str:
        blob = repository / "blobs" / "abc"
        blob.parent.mkdir(parents=True)
        blob.write_bytes(b"weights")
        link = repository / "snapshots" / "main" / "open_clip_model.safetensors"
        link.parent.mkdir(parents=True)
        link.symlink_to(blob)
        return str(link)

    monkeypatch.setattr("open_clip.download_pretrained", fill_cache)
    checkpoint = fetch_tag("ViT-B-16:laion2b_s34b_b88k")
    assert (folder / "open_clip_model.safetensors").read_bytes() == b"weights"
    assert not (folder / "hub").exists()
    assert checkpoint.record.dimension == 512
    assert checkpoint.record.preprocessing.size == 224
    assert checkpoint.record.preprocessing.resize == "crop"
    with pytest.raises(CheckpointError, match="here already"):
        fetch_tag("ViT-B-16:laion2b_s34b_b88k")
