"""Shared by all tests: tiny real networks, photos made on the spot, no leaks, no network."""

import json
import multiprocessing
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, HALF, Preprocessing
from engine.models.beit3.config import Beit3Config
from engine.models.beit3.retrieval import Beit3Retrieval
from engine.models.checkpoint import CONFIG_FILE, Checkpoint, CheckpointFile, Family
from engine.models.installed import InstalledCheckpoint, install, measured
from engine.models.installed_translators import InstalledTranslator, install_translator
from engine.models.open_clip import build_model
from engine.models.translator import Translator
from engine.models.translator_conversion import convert
from engine.models.weights import save_weights
from engine.training.vocabulary import train_vocabulary
from tests.engine.models.tiny_translators import ENVIT5, OPUS, laid_out, save_marian, save_t5

SHARED = Path(__file__).parents[2] / "shared"
PIECES = 150
DIMENSION = 32
TEXTS = [
    "một con chó chạy trên bãi cỏ",
    "hai đứa trẻ chơi đùa bên bờ biển",
    "người đàn ông mặc áo đỏ leo núi tuyết",
    "a dog runs across the grass",
    "two children play at the beach",
] * 4
TINY_BEIT3 = Beit3Config(
    embed_dim=DIMENSION,
    layers=2,
    heads=2,
    ffn_dim=48,
    vocab_size=PIECES + 8,
    image_size=32,
    patch_size=8,
    max_text_positions=34,
    text_length=32,
)
TINY_OPENCLIP = {
    "embed_dim": DIMENSION,
    "vision_cfg": {"image_size": 32, "layers": 2, "width": 32, "head_width": 16, "patch_size": 8},
    "text_cfg": {
        "context_length": 32,
        "vocab_size": PIECES + 8,
        "width": 32,
        "heads": 2,
        "layers": 2,
        "pad_id": 1,
        "eos_id": 2,
        "pool_type": "eos",
    },
}
MakePhoto = Callable[..., Path]

torch.set_num_threads(1)  # tiny networks lose more by sharing work than they gain


@pytest.fixture(scope="session")
def tiny_pair(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[InstalledCheckpoint, InstalledCheckpoint]:
    """Two real, untrained encoders with seeded weights, OpenCLIP's first, as installed."""
    parent = tmp_path_factory.mktemp("checkpoints")
    return _tiny("openclip", parent), _tiny("beit3", parent)


@pytest.fixture(scope="session")
def second_pair(
    tiny_pair: tuple[InstalledCheckpoint, InstalledCheckpoint],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[InstalledCheckpoint, InstalledCheckpoint]:
    """Two others, in a folder that holds the first pair as well."""
    parent = tmp_path_factory.mktemp("checkpoints")
    for checkpoint in tiny_pair:
        shutil.copytree(checkpoint.folder, parent / checkpoint.folder.name)
    return _tiny("openclip", parent, "second", 2), _tiny("beit3", parent, "second", 2)


def _tiny(family: Family, parent: Path, name: str = "tiny", seed: int = 1) -> InstalledCheckpoint:
    folder = parent / f"{name}-{family}"
    folder.mkdir()
    (folder / "vocabulary.spm").write_bytes(train_vocabulary(TEXTS, PIECES))
    config = TINY_BEIT3.to_dict() if family == "beit3" else TINY_OPENCLIP
    (folder / CONFIG_FILE).write_text(json.dumps(config))
    torch.manual_seed(seed)
    network = Beit3Retrieval(TINY_BEIT3) if family == "beit3" else build_model(CONFIG_FILE, folder)
    save_weights(folder / "model.safetensors", network.state_dict())
    clip = Preprocessing(32, "crop", CLIP_MEAN, CLIP_STD)
    squash = Preprocessing(32, "squash", HALF, HALF)
    record = Checkpoint(
        name=folder.name,
        family=family,
        architecture=CONFIG_FILE,
        weights=CheckpointFile("model.safetensors"),
        tokenizer=CheckpointFile("vocabulary.spm"),
        preprocessing=squash if family == "beit3" else clip,
        dimension=DIMENSION,
        licence="Apache-2.0",
        languages=("vi",),
        memory_mb=1,
        source="made by the tests",
        other_files=(CheckpointFile(CONFIG_FILE),),
    )
    return install(record, folder)


@pytest.fixture(scope="session")
def marian_hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained tiny network, laid out as the hub has opus-mt-vi-en."""
    folder = tmp_path_factory.mktemp("opus")
    save_marian(folder)
    return folder


@pytest.fixture(scope="session")
def t5_hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained tiny network, laid out as the hub has EnviT5."""
    folder = tmp_path_factory.mktemp("envit5")
    save_t5(folder)
    return folder


def installed_from(hub: Path, record: Translator, folder: Path) -> InstalledTranslator:
    laid_out(record, hub, folder)
    files = {file.name: measured(folder, file) for file in record.files}
    return install_translator(record, convert(record, files, folder), folder)


@pytest.fixture(scope="session")
def marian(marian_hub: Path, tmp_path_factory: pytest.TempPathFactory) -> InstalledTranslator:
    return installed_from(marian_hub, OPUS, tmp_path_factory.mktemp("ready") / OPUS.name)


@pytest.fixture(scope="session")
def t5(t5_hub: Path, tmp_path_factory: pytest.TempPathFactory) -> InstalledTranslator:
    return installed_from(t5_hub, ENVIT5, tmp_path_factory.mktemp("ready") / ENVIT5.name)


@pytest.fixture
def make_photo() -> MakePhoto:
    """Writes a small photo; the seed decides what it shows, so equal seeds are equal files."""

    def make(path: Path, seed: int = 0, size: tuple[int, int] = (64, 48)) -> Path:
        coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC).save(path)
        return path

    return make


@pytest.fixture(autouse=True)
def own_directories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test, and the processes it starts, out of the user's own data."""
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name.lower()))
    monkeypatch.delenv("ANHOI_LIBRARY", raising=False)
    monkeypatch.delenv("ANHOI_CHECKPOINTS", raising=False)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave this machine."""
    connect = socket.socket.connect

    def refuse(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else address
        if self.family != socket.AF_UNIX and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(autouse=True)
def no_leaks() -> Iterator[None]:
    """Fail a test that leaves a thread or a process running."""
    before = set(threading.enumerate())
    yield
    threads = {
        thread
        for thread in set(threading.enumerate()) - before
        if thread.is_alive() and not thread.name.startswith(("tqdm", "QDBus"))
    }
    for thread in threads:
        thread.join(2)
    left = [thread.name for thread in threads if thread.is_alive()]
    children = [child.name for child in multiprocessing.active_children()]
    assert not left + children, f"still running: {left + children}"
