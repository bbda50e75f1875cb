import json
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.cli.scenes import draw_scenes
from engine.errors import CheckpointError, TrainingError
from engine.evaluation.metrics import Metrics, ranks
from engine.images.preprocessing import HALF, Preprocessing
from engine.models.beit3.config import Beit3Config
from engine.models.checkpoint import CONFIG_FILE, Checkpoint, Family
from engine.models.encoder import load_encoder
from engine.models.installed import RECORD_FILE, InstalledCheckpoint, read_record, verify
from engine.training import starters
from engine.training.batches import Lessons
from engine.training.data import Source, gather, load_pixels, squashed
from engine.training.history import Entry
from engine.training.recipe import Phase, Recipe
from engine.training.validation import hold_out

FAMILIES: tuple[Family, ...] = ("openclip", "beit3")
SIDE, DIMENSION, TEXT_LENGTH, PIECES = 32, 32, 32, 120


def recipe(epochs: int, batch_size: int = 8, seed: int = 1, validate_every: int = 1) -> Recipe:
    return Recipe((Phase("captions", epochs, batch_size, 1e-3),), seed, validate_every)


@pytest.fixture(autouse=True)
def tiny_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same starters, small enough to be trained in a second."""
    vision = {
        "timm_model_name": "test_resnet",  # convolutions, as the real one has
        "timm_pool": "avg",
        "timm_proj": "linear",
        "image_size": round(SIDE * starters.ENLARGED["openclip"]),
    }
    text = starters.OPENCLIP["text_cfg"] | {
        "context_length": TEXT_LENGTH,
        "vocab_size": PIECES + 8,
        "width": 32,
        "heads": 2,
        "layers": 2,
    }
    small = {
        "PIECES": PIECES,
        "TEXT_LENGTH": TEXT_LENGTH,
        "DIMENSION": DIMENSION,
        "PREPROCESSING": Preprocessing(SIDE, "squash", HALF, HALF),
        "OPENCLIP": {"embed_dim": DIMENSION, "vision_cfg": vision, "text_cfg": text},
        "BEIT3": Beit3Config(
            embed_dim=DIMENSION,
            layers=2,
            heads=2,
            ffn_dim=48,
            vocab_size=PIECES + 8,
            image_size=SIDE,
            patch_size=8,
            max_text_positions=TEXT_LENGTH + 2,
            text_length=TEXT_LENGTH,
        ),
    }
    for name, value in small.items():
        monkeypatch.setattr(starters, name, value)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder = tmp_path_factory.mktemp("cảnh")
    lines = []
    for name, caption, image in draw_scenes():
        image.resize((80, 60)).save(folder / f"{name}.png")
        lines.append(f"{name}.png\t{caption}\n")
    captions = folder / "captions.tsv"
    captions.write_text("".join(lines), "utf-8")
    return Source(captions, folder)


def train(
    family: Family,
    data: Source,
    folder: Path,
    how: Recipe | None = None,
    work: Path | None = None,
) -> Iterator[Entry]:
    photos = gather([data])
    lessons = Lessons(photos, load_pixels(photos, squashed(SIDE)))
    held_out = hold_out([data], None, starters.preprocessing_of(family))
    return starters.train_starter(family, lessons, held_out, folder, how or recipe(2), work)


def installed(folder: Path) -> InstalledCheckpoint:
    return InstalledCheckpoint(read_record(folder), folder)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_trained_starter_is_a_checkpoint_that_finds_what_its_validation_said(
    family: Family, data: Source, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "my-starter.1"
    reported = list(train(family, data, folder))[-1].recalls
    checkpoint = installed(folder)
    verify(checkpoint)
    record: Checkpoint = checkpoint.record
    assert (record.name, record.family, record.dimension) == ("my-starter.1", family, DIMENSION)
    assert record.preprocessing.size == {"openclip": 40, "beit3": SIDE}[family]
    encoder = load_encoder(checkpoint)
    photos = gather([data])
    texts = encoder.encode_texts([photo.captions[0] for photo in photos])
    images = encoder.encode_images(load_pixels(photos, record.preprocessing))
    found = Metrics.from_ranks(ranks(texts @ images.T, np.arange(len(photos))))
    one = 100 / len(photos)  # float16 may turn a close pair round
    recalls = {(recall.language, recall.rank): recall for recall in record.recalls}
    for rank, figure in ((1, found.r1), (10, found.r10)):
        assert figure == pytest.approx(reported[f"vi R@{rank}"], abs=1.1 * one)
        assert recalls["vi", rank].percent == reported[f"vi R@{rank}"]
        assert recalls["vi", rank].data == "captions"
    assert set(recalls) == {("vi", 1), ("vi", 10)}


def test_a_training_replaces_the_checkpoint_in_its_folder(data: Source, tmp_path: Path) -> None:
    folder = tmp_path / "starter"
    list(train("beit3", data, folder))
    before = installed(folder).key
    (folder / "README.md").write_text("kept")
    list(train("beit3", data, folder, recipe(1, seed=2)))
    verify(installed(folder))
    assert installed(folder).key != before
    assert (folder / "README.md").read_text() == "kept"


def test_a_training_stopped_before_its_first_validation_leaves_no_checkpoint(
    data: Source, tmp_path: Path
) -> None:
    folder = tmp_path / "starter"
    entries = train("beit3", data, folder, recipe(9, validate_every=5))
    assert [entry.step for entry in islice(entries, 2)] == [3, 6]
    assert not list(folder.iterdir())


def test_a_training_stopped_later_leaves_the_checkpoint_of_its_last_validation(
    data: Source, tmp_path: Path
) -> None:
    folder = tmp_path / "starter"
    entries = train("beit3", data, folder, recipe(9, validate_every=2))
    list(islice(entries, 3))
    verify(installed(folder))


def test_a_training_stopped_early_leaves_an_earlier_checkpoint_whole(
    data: Source, tmp_path: Path
) -> None:
    folder = tmp_path / "starter"
    list(train("beit3", data, folder))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    other = Source(tmp_path / "other.tsv", data.images)
    lines = ["bong-co.png\ta red ball on the grass\n", "cho-nau-co.png\ta brown dog\n"]
    other.captions.write_text("".join(lines * 4))
    entries = train("beit3", other, folder, recipe(9, 2, validate_every=5))
    next(entries)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_finished_training_writes_its_checkpoint_again_where_it_is_gone(
    data: Source, tmp_path: Path
) -> None:
    folder, work = tmp_path / "starter", tmp_path / "work"
    list(train("beit3", data, folder, work=work))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    shutil.rmtree(folder)
    assert list(train("beit3", data, folder, work=work)) == []
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_two_files_of_one_language_are_told_apart_in_the_record(
    data: Source, tmp_path: Path
) -> None:
    lines = data.captions.read_text("utf-8").splitlines(keepends=True)
    one = Source(tmp_path / "one.tsv", data.images)
    one.captions.write_text(lines[0], "utf-8")
    photos = gather([data])
    lessons = Lessons(photos, load_pixels(photos, squashed(SIDE)))
    both = hold_out([data, one], None, squashed(SIDE))
    entries = starters.train_starter("beit3", lessons, both, tmp_path / "starter", recipe(1))
    reported = list(entries)[-1].recalls
    recalls = {(r.data, r.rank): r.percent for r in installed(tmp_path / "starter").record.recalls}
    assert recalls == {
        (name, rank): reported[f"vi {name} R@{rank}"]
        for name in ("captions", "one")
        for rank in (1, 10)
    }
    assert len(reported) == 8  # and without marks


def test_a_checkpoint_that_cannot_be_written_whole_is_no_checkpoint(
    data: Source, tmp_path: Path
) -> None:
    folder = tmp_path / "starter"
    list(train("beit3", data, folder))
    (folder / starters.VOCABULARY_FILE).unlink()
    (folder / starters.VOCABULARY_FILE).mkdir()
    with pytest.raises(CheckpointError, match=r"starter cannot be written: Is a directory\.$"):
        list(train("beit3", data, folder))
    assert not (folder / RECORD_FILE).exists()


@pytest.mark.parametrize("name", ["My Starter", "ảnh", "-x", "a_b"])
def test_a_folder_whose_name_cannot_name_a_checkpoint_is_refused_and_not_made(
    name: str, data: Source, tmp_path: Path
) -> None:
    with pytest.raises(CheckpointError, match="cannot name a checkpoint"):
        next(train("openclip", data, tmp_path / name))
    assert not (tmp_path / name).exists()


def test_a_folder_that_cannot_be_made_is_told(data: Source, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match=r"starter cannot be written: Not a directory\.$"):
        next(train("openclip", data, tmp_path / "file" / "starter"))


def test_too_few_photos_are_told_and_nothing_is_written(data: Source, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="fewer than a step of 256"):
        next(train("beit3", data, tmp_path / "starter", recipe(1, 256)))
    assert not list((tmp_path / "starter").iterdir())


@pytest.mark.parametrize("family", FAMILIES)
def test_the_seed_decides_the_untrained_network(
    family: Family, data: Source, tmp_path: Path
) -> None:
    photos = gather([data])

    def weights(seed: int) -> dict[str, torch.Tensor]:
        return starters.begin(family, photos, tmp_path / "starter", seed).network.state_dict()

    first, again, other = weights(1), weights(1), weights(2)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)


def test_the_patch_filters_of_beit3_begin_smooth(data: Source, tmp_path: Path) -> None:
    starter = starters.begin("beit3", gather([data]), tmp_path / "starter", 1)
    filters = starter.network.state_dict()["beit3.vision_embed.proj.weight"]
    neighbours = (filters[..., 1:] * filters[..., :-1]).mean() / filters.square().mean()
    assert neighbours > 0.2  # of independent weights 0, give or take 0.02


@pytest.mark.parametrize("family", FAMILIES)
def test_texts_are_embedded_alike_whatever_they_are_padded_to(
    family: Family, data: Source, tmp_path: Path
) -> None:
    starter = starters.begin(family, gather([data]), tmp_path / "starter", 1)
    starter.network.eval()
    with torch.inference_mode():
        short = starter.network.embed_texts(*starter.tokenizer.encode(["một con chó"]))
        long = starter.network.embed_texts(
            *starter.tokenizer.encode(["một con chó", "một con chó nâu trên bãi cỏ xanh"])
        )
    assert torch.allclose(short[0], long[0], atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_record_says_what_the_weights_are_and_where_their_limits_are_told(
    family: Family, data: Source, tmp_path: Path
) -> None:
    list(train(family, data, tmp_path / "starter", recipe(1)))
    written = json.loads((tmp_path / "starter" / RECORD_FILE).read_text("utf-8"))
    assert written["languages"] == ["vi", "en"]
    assert "README.md" in written["licence"]
    assert written["weights"]["sha256"]
    assert {file["name"] for file in written["other_files"]} == {CONFIG_FILE}
