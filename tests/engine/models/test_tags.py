from pathlib import Path

import pytest

from engine.errors import CheckpointError, DownloadError
from engine.models.tags import tagged
from tests.engine.models.hub_site import HubSite


@pytest.fixture(autouse=True)
def checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkpoints"
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(folder))
    return folder


@pytest.mark.parametrize("name", ["ViT-B-16:nonsense", "nonsense:openai", "ViT-B-16:", ":"])
def test_unknown_weights_are_named_in_a_sentence(name: str) -> None:
    with pytest.raises(CheckpointError, match="knows no weights"):
        tagged(name)


def test_a_hub_that_may_not_be_asked_leaves_nothing_behind(
    checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(DownloadError, match="could not be asked for laion/CLIP-ViT-L-14-laion2B"):
        tagged("ViT-L-14:laion2b_s32b_b82k")
    assert not list(checkpoints.glob("*"))


def test_a_hub_out_of_reach_leaves_nothing_behind(
    checkpoints: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with HubSite() as hub:
        hub.use(monkeypatch, tmp_path)
    with pytest.raises(DownloadError, match="could not be asked for laion/CLIP-ViT-L-14-laion2B"):
        tagged("ViT-L-14:laion2b_s32b_b82k")
    assert not list(checkpoints.glob("*"))
