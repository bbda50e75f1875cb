"""The starters' own recipe in small: fewer epochs and photos, the same phases and losses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.cli.scenes import draw_scenes
from engine.models.beit3.config import Beit3Config
from engine.models.checkpoint import Family
from engine.models.encoder import FloatArray, UInt8Array
from engine.models.installed import read_record
from engine.training import starters
from engine.training.batches import Lessons
from engine.training.data import Source, gather, load_pixels, squashed
from engine.training.recipe import Recipe
from engine.training.starter_recipe import recipe_of
from engine.training.teacher import embed_by_teacher, read_teacher
from engine.training.validation import hold_out
from engine.training.views import ImageAugmentation

SIDE = 32


class Colours:
    """A teacher that knows the mean colours of four parts of a photo."""

    name, size, dimension = "colours", 16, 12

    def embed(self, image: UInt8Array) -> FloatArray:
        parts = image.reshape(2, 8, 2, 8, 3).astype(np.float32) / 255
        return np.asarray(parts.mean((1, 3)).ravel(), np.float32)


@pytest.fixture
def source(tmp_path: Path) -> Source:
    folder = tmp_path / "scenes"
    folder.mkdir()
    lines = []
    for name, caption, image in draw_scenes():
        image.resize((48, 48)).save(folder / f"{name}.png")
        lines.append(f"{name}.png\t{caption}\n")
    (tmp_path / "captions.tsv").write_text("".join(lines), "utf-8")
    return Source(tmp_path / "captions.tsv", folder)


@pytest.fixture(autouse=True)
def tiny_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    beit3 = Beit3Config(
        embed_dim=32,
        layers=1,
        heads=2,
        ffn_dim=48,
        vocab_size=128,
        image_size=SIDE,
        patch_size=8,
        max_text_positions=34,
        text_length=32,
    )
    vision = {"image_size": SIDE, "layers": 1, "width": 32, "head_width": 16, "patch_size": 8}
    text = starters.OPENCLIP["text_cfg"] | {"vocab_size": 128, "width": 32, "heads": 2, "layers": 1}
    monkeypatch.setattr(starters, "PIECES", 120)
    monkeypatch.setattr(starters, "DIMENSION", 32)
    monkeypatch.setattr(starters, "PREPROCESSING", squashed(SIDE))
    monkeypatch.setitem(starters.ENLARGED, "openclip", 1.0)  # this tower takes one size alone
    monkeypatch.setattr(starters, "BEIT3", beit3)
    openclip = {"embed_dim": 32, "vision_cfg": vision, "text_cfg": text}
    monkeypatch.setattr(starters, "OPENCLIP", openclip)


@pytest.mark.parametrize("family", ["openclip", "beit3"])
def test_words_then_photos_then_both_are_learnt_from_a_teachers_views(
    family: Family, source: Source, tmp_path: Path
) -> None:
    photos = gather([source])
    pixels = load_pixels(photos, squashed(40))
    names = [photo.name for photo in photos]
    for name, views, how in (("views", 4, ImageAugmentation(mixed=True)), ("whole", 0, None)):
        path = tmp_path / f"{name}.npy"
        list(
            embed_by_teacher(names, pixels, [Colours()], path, views, 3, how or ImageAugmentation())
        )
    held_out = hold_out([source], read_teacher(tmp_path / "whole.npy"), squashed(SIDE))
    lessons = Lessons(photos, pixels, read_teacher(tmp_path / "views.npy"))
    full = recipe_of(family, seed=1)
    small = tuple(replace(p, epochs=16, batch_size=8, average=0.9) for p in full.phases)
    folder = tmp_path / "starter"
    told = list(starters.train_starter(family, lessons, held_out, folder, Recipe(small, 1, 16)))
    by_phase = {entry.phase: entry for entry in told}
    assert [set(entry.losses) for entry in by_phase.values()] == [
        {"alignment"},
        {"feature", "embedding"},
        {"contrastive", "alignment", "feature", "embedding"},
    ]
    first, last = told[0].losses, by_phase["both"].losses
    assert last["alignment"] < first["alignment"]
    assert by_phase["both"].recalls["vi R@10"] > 60  # by chance 42 %
    percent = {recall.rank: recall.percent for recall in read_record(folder).recalls}
    assert percent[10] == by_phase["both"].recalls["vi R@10"]
