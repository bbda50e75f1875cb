"""Fine-tuning tiny installed checkpoints of both families on drawn scenes."""

import json
import shutil
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from engine.cli.scenes import draw_scenes
from engine.errors import CaptionsError, CheckpointError, TrainingError
from engine.evaluation.metrics import Metrics, ranks
from engine.images.preprocessing import HALF, Preprocessing, prepare
from engine.images.reading import read_upright
from engine.models.checkpoint import CONFIG_FILE, CheckpointFile
from engine.models.encoder import load_encoder
from engine.models.installed import (
    RECORD_FILE,
    InstalledCheckpoint,
    find_installed,
    install,
    verify,
)
from engine.models.open_clip import build_model
from engine.models.weights import save_weights
from engine.paths import checkpoints_folder
from engine.training.adapted import open_trainable
from engine.training.batches import Lessons
from engine.training.data import Source, gather, load_pixels
from engine.training.history import Entry
from engine.training.recipe import Phase, Recipe
from engine.training.state import STATE_FILE
from engine.training.teacher import TeacherEmbeddings
from engine.training.tuning import (
    WEIGHTS_FILE,
    Tuning,
    check_languages,
    check_teacher,
    decoding_of,
    new_folder,
    recipe_for,
)
from engine.training.validation import HeldOut, hold_out
from engine.training.views import ImageAugmentation
from tests.conftest import TINY_OPENCLIP
from tests.engine.models.tiny_open_clip import write_checkpoint

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
MakePhoto = Callable[..., Path]
FAMILIES = ("openclip", "beit3")


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Source:
    folder = tmp_path_factory.mktemp("cảnh")
    lines = []
    for name, caption, image in draw_scenes():
        image.resize((96, 72)).save(folder / f"{name}.png")
        lines.append(f"{name}.png\t{caption}\n")
    captions = folder / "captions.tsv"
    captions.write_text("".join(lines), "utf-8")
    return Source(captions, folder)


@pytest.fixture(params=FAMILIES)
def original(request: pytest.FixtureRequest, tiny_pair: Pair) -> InstalledCheckpoint:
    return tiny_pair[FAMILIES.index(request.param)]


def recipe_of(epochs: int = 1) -> Recipe:
    """Steps of 12 photos, validated at the end."""
    recipe = recipe_for(Phase("scenes", epochs, 12, 3e-3), seed=1)
    return replace(recipe, validate_every=epochs)


def material(checkpoint: InstalledCheckpoint, scenes: Source) -> tuple[Lessons, HeldOut]:
    how, photos = checkpoint.record.preprocessing, gather([scenes])
    lessons = Lessons(photos, load_pixels(photos, decoding_of(how)))
    return lessons, hold_out([scenes], None, how)


def tuned(
    checkpoint: InstalledCheckpoint, scenes: Source, name: str = "my-own", epochs: int = 1
) -> InstalledCheckpoint:
    folder, recipe = checkpoints_folder() / name, recipe_of(epochs)
    list(Tuning(checkpoint, *material(checkpoint, scenes), folder, recipe, rank=4).run())
    return find_installed(name)


def tensors(checkpoint: InstalledCheckpoint) -> dict[str, Tensor]:
    return load_file(checkpoint.folder / checkpoint.record.weights.name)


def shapes(weights: dict[str, Tensor]) -> dict[str, tuple[object, ...]]:
    return {name: (tensor.shape, tensor.dtype) for name, tensor in weights.items()}


def recalls(checkpoint: InstalledCheckpoint, scenes: Source) -> Metrics:
    """Of the checkpoint as it is searched with."""
    encoder, how = load_encoder(checkpoint), checkpoint.record.preprocessing
    photos = gather([scenes])
    pixels = np.stack([prepare(read_upright(photo.path, how.size), how) for photo in photos])
    texts = encoder.encode_texts([photo.captions[0] for photo in photos])
    scores = texts @ encoder.encode_images(pixels).T
    return Metrics.from_ranks(ranks(scores, np.arange(len(photos))), seed=None)


def test_a_tuned_checkpoint_finds_more_and_just_what_its_validation_said(
    original: InstalledCheckpoint, scenes: Source
) -> None:
    folder, recipe = checkpoints_folder() / "my-own", recipe_of(epochs=20)
    tuning = Tuning(original, *material(original, scenes), folder, recipe, rank=8)
    before = tuning.recalls()
    entries = list(tuning.run())
    found = find_installed("my-own")
    verify(found)
    first, last = recalls(original, scenes), recalls(found, scenes)
    one = 100 / 24  # rounding may turn a close pair round
    for rank in (1, 10):
        at = f"vi R@{rank}"
        assert before[at] == pytest.approx(getattr(first, f"r{rank}"), abs=1.1 * one)
        assert entries[-1].recalls[at] == pytest.approx(getattr(last, f"r{rank}"), abs=1.1 * one)
    assert tuning.recalls() == entries[-1].recalls
    assert first.r10 < 65  # 42 by chance
    assert last.r10 > 85
    assert last.mean_rank < first.mean_rank / 2


def test_its_files_are_those_of_the_original_but_for_weights_and_record(
    original: InstalledCheckpoint, scenes: Source
) -> None:
    before = {path.name: path.read_bytes() for path in original.folder.iterdir()}
    found = tuned(original, scenes)
    assert {path.name: path.read_bytes() for path in original.folder.iterdir()} == before
    made = {path.name: path.read_bytes() for path in found.folder.iterdir()}
    assert set(made) == set(before)
    assert {name for name in before if made[name] != before[name]} == {RECORD_FILE, WEIGHTS_FILE}
    old, new = tensors(original), tensors(found)
    assert shapes(new) == shapes(old)
    moved = {name for name in old if not torch.equal(old[name], new[name])}
    assert "logit_scale" in moved
    assert not any("bias" in name or "ln_" in name or "embed_positions" in name for name in moved)


def test_the_record_says_what_it_was_made_of(tiny_pair: Pair, scenes: Source) -> None:
    record, old = tuned(tiny_pair[0], scenes).record, tiny_pair[0].record
    assert record.source == "tiny-openclip (made by the tests), fine-tuned by anhoi train tune"
    same = ("family", "architecture", "preprocessing", "dimension", "licence", "languages")
    assert {name: getattr(record, name) for name in same} == {
        name: getattr(old, name) for name in same
    }
    assert record.weights.sha256 != old.weights.sha256
    assert record.recalls == ()


@pytest.mark.parametrize("kind", ["SigLIP2", "xlm-roberta"])
def test_text_sides_of_hugging_face_are_tuned_with_their_tokenizers(
    kind: str, scenes: Source, tmp_path: Path
) -> None:
    original = write_checkpoint(kind, tmp_path / kind.lower(), ("vi", "en"))
    found = tuned(original, scenes)
    old, new = tensors(original), tensors(found)
    assert shapes(new) == shapes(old)
    assert any(name.startswith("text.") and not torch.equal(old[name], new[name]) for name in old)
    assert recalls(found, scenes).queries == 24


def test_every_tensor_stays_in_its_number_format(
    original: InstalledCheckpoint, scenes: Source, tmp_path: Path
) -> None:
    folder = tmp_path / "halved"
    shutil.copytree(original.folder, folder)
    stored = {n: t.half() if t.ndim > 1 else t for n, t in tensors(original).items()}
    save_weights(folder / WEIGHTS_FILE, stored)
    weights = CheckpointFile(WEIGHTS_FILE)
    half = install(replace(original.record, name="halved", weights=weights), folder)
    assert shapes(tensors(tuned(half, scenes))) == shapes(stored)
    assert {t.dtype for t in stored.values()} == {torch.float16, torch.float32}


class Holder(nn.Module):
    """A module around the network, as the training loop has one."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network, self.head = network, nn.Linear(2, 2)


def test_only_what_is_learnt_is_kept_and_copied(original: InstalledCheckpoint) -> None:
    network = open_trainable(original, rank=2, seed=1).network
    holder, copy = Holder(network), Holder(deepcopy(network).requires_grad_(False))
    learnt = {name for name, p in network.named_parameters() if p.requires_grad}
    numbers = [
        sum(p.numel() for p in network.parameters() if p.requires_grad is kind)
        for kind in (True, False)
    ]
    assert numbers[0] < numbers[1] / 2
    kept = {f"network.{name}" for name in learnt} | {"head.weight", "head.bias"}
    assert set(holder.state_dict()) == set(copy.state_dict()) == kept
    own, others = dict(network.named_parameters()), dict(copy.network.named_parameters())
    assert {n for n in own if own[n].data_ptr() != others[n].data_ptr()} == learnt
    copy.load_state_dict({name: tensor + 1 for name, tensor in holder.state_dict().items()})
    assert all(torch.equal(others[name], own[name] + 1) for name in learnt)
    with pytest.raises(RuntimeError, match=r"Missing key.*network\.network\.logit_scale"):
        copy.load_state_dict({"head.weight": torch.zeros(2, 2), "head.bias": torch.zeros(2)})
    with pytest.raises(RuntimeError, match=r"Missing key.*head\.bias"):
        copy.load_state_dict(holder.network.state_dict(prefix="network."))


def test_statistics_of_norms_stand_still(tiny_pair: Pair, scenes: Source, tmp_path: Path) -> None:
    folder, plain = tmp_path / "resnet", tiny_pair[0]
    shutil.copytree(plain.folder, folder)
    vision = {
        "timm_model_name": "test_resnet",
        "timm_pool": "avg",
        "timm_proj": "linear",
        "image_size": 32,
    }
    (folder / CONFIG_FILE).write_text(json.dumps(TINY_OPENCLIP | {"vision_cfg": vision}))
    torch.manual_seed(1)
    save_weights(folder / WEIGHTS_FILE, build_model(CONFIG_FILE, folder).state_dict())
    weights, config = CheckpointFile(WEIGHTS_FILE), CheckpointFile(CONFIG_FILE)
    record = replace(plain.record, name="resnet", weights=weights, other_files=(config,))
    original = install(record, folder)
    old, new = tensors(original), tensors(tuned(original, scenes))
    statistics = [name for name in old if "running_" in name or "num_batches" in name]
    assert statistics
    assert all(torch.equal(old[name], new[name]) for name in statistics)
    assert any("visual" in name and not torch.equal(old[name], new[name]) for name in old)


def test_a_stopped_tuning_goes_on_to_the_same_weights(tiny_pair: Pair, scenes: Source) -> None:
    original = tiny_pair[0]
    whole = tensors(tuned(original, scenes, "whole", epochs=3))
    folder, work = checkpoints_folder() / "stopped", checkpoints_folder() / "stopped.training"

    def entries(save_every: float) -> Iterator[Entry]:
        """Of a new process, as it were."""
        lessons, recipe = material(original, scenes), recipe_of(epochs=3)
        target = new_folder("stopped", work)
        return Tuning(original, *lessons, target, recipe, rank=4, work=work).run(save_every)

    assert [entry.step for entry in islice(entries(0), 2)] == [2, 4]  # the first is kept
    assert [entry.step for entry in entries(300)] == [4, 6]
    found = tensors(find_installed("stopped"))
    assert all(torch.equal(found[name], whole[name]) for name in whole)
    large = sum(tensor.nbytes for tensor in whole.values())
    assert (work / STATE_FILE).stat().st_size < large * 2  # adapters, their average, two moments
    assert new_folder("stopped", work) == folder


def test_the_state_of_another_checkpoint_is_not_gone_on_with(
    tiny_pair: Pair, second_pair: Pair, scenes: Source, tmp_path: Path
) -> None:
    for checkpoint, other in ((tiny_pair[0], False), (second_pair[0], True)):
        recipe, lessons = recipe_of(), material(checkpoint, scenes)
        tuning = Tuning(checkpoint, *lessons, tmp_path / "ok", recipe, work=tmp_path / "work")
        if not other:
            list(tuning.run())
            continue
        with pytest.raises(CheckpointError, match="holds a training with other settings"):
            list(tuning.run())


def test_photos_are_prepared_as_the_image_side_wants_them(
    tiny_pair: Pair, make_photo: MakePhoto, tmp_path: Path
) -> None:
    make_photo(tmp_path / "wide.png", size=(128, 32))
    (tmp_path / "captions.tsv").write_text("wide.png\tmột con chó\n", "utf-8")
    source = Source(tmp_path / "captions.tsv", tmp_path)
    for checkpoint in tiny_pair:
        how = checkpoint.record.preprocessing
        lessons, held_out = material(checkpoint, source)
        expected = prepare(read_upright(tmp_path / "wide.png", how.size), how)
        assert np.array_equal(held_out.pixels[0], expected)
        larger = prepare(read_upright(tmp_path / "wide.png", 36), replace(how, size=36))
        assert np.array_equal(lessons.pixels[0], larger)


def test_vietnamese_captions_need_a_checkpoint_that_will_read_vietnamese(
    tiny_pair: Pair, scenes: Source
) -> None:
    english = replace(tiny_pair[0].record, languages=("en",))
    photos = gather([scenes])
    with pytest.raises(CaptionsError, match="--languages en,vi to search in Vietnamese"):
        check_languages(english, photos, ("en",))
    check_languages(english, photos, ("en", "vi"))
    few = [replace(photo, captions=("a dog", "a red ball", *photo.captions)) for photo in photos]
    check_languages(english, few, ("en",))


def test_languages_can_be_added(tiny_pair: Pair, scenes: Source) -> None:
    checkpoint, folder = tiny_pair[1], checkpoints_folder() / "both"
    lessons, recipe = material(checkpoint, scenes), recipe_of()
    list(Tuning(checkpoint, *lessons, folder, recipe, languages=["en", "vi"]).run())
    assert find_installed("both").record.languages == ("en", "vi")


def test_a_tuning_stopped_before_its_first_state_can_be_begun_again(
    tiny_pair: Pair, scenes: Source, tmp_path: Path
) -> None:
    checkpoint, work = tiny_pair[0], tmp_path / "work"
    lessons, recipe = material(checkpoint, scenes), recipe_of()
    for _ in range(2):
        folder = new_folder("mine", work)
        next(Tuning(checkpoint, *lessons, folder, recipe, work=work).run())
        assert (folder / RECORD_FILE).is_file()
        (work / STATE_FILE).unlink(missing_ok=True)  # a kill would have come before it was written


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("My Own", "“My Own” cannot name a checkpoint"),
        ("taken", "There is a checkpoint “taken” already: choose another --output"),
        ("vit-b-32", None),
        ("starter-openclip", "starter-openclip comes with the program: choose another --output"),
    ],
)
def test_names_that_cannot_be_used_are_told(
    name: str, sentence: str | None, tmp_path: Path
) -> None:
    (checkpoints_folder() / "taken").mkdir(parents=True)
    if sentence is None:
        assert new_folder(name, tmp_path) == checkpoints_folder() / name
        return
    with pytest.raises(CheckpointError, match=sentence):
        new_folder(name, tmp_path)


def test_a_folder_that_cannot_be_written_is_told(tiny_pair: Pair, scenes: Source) -> None:
    checkpoints_folder().parent.mkdir(parents=True, exist_ok=True)
    checkpoints_folder().write_text("")
    with pytest.raises(CheckpointError, match=r"my-own cannot be written: Not a directory\.$"):
        tuned(tiny_pair[0], scenes)


@pytest.mark.parametrize("views", [0, 2])
def test_a_checkpoint_that_crops_learns_from_a_teacher_of_whole_photos_alone(
    views: int, tiny_pair: Pair, tmp_path: Path
) -> None:
    how = ImageAugmentation() if views else None
    embeddings = np.zeros((3, max(1, views), 4), np.float16)
    teacher = TeacherEmbeddings(
        tmp_path / "a.npy", ("a", "b", "c"), embeddings, 1 if views else None, how, ()
    )
    crops = replace(tiny_pair[0].record, preprocessing=Preprocessing(32, "crop", HALF, HALF))
    squashes = replace(crops, preprocessing=Preprocessing(32, "squash", HALF, HALF))
    check_teacher(squashes, teacher)
    check_teacher(crops, None)
    if not views:
        check_teacher(crops, teacher)
        return
    with pytest.raises(TrainingError, match=r"crops photos to squares, .* --views 0"):
        check_teacher(crops, teacher)
