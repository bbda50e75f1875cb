from pathlib import Path

import numpy as np
from PIL import Image

from engine.cli.scenes import FIGURES, GROUNDS, SIZE, draw_scenes, save_scenes
from engine.search.query import normalise_text


def test_every_figure_is_drawn_on_every_ground_under_a_name_and_words_of_its_own() -> None:
    scenes = list(draw_scenes())
    assert len(scenes) == len(FIGURES) * len(GROUNDS) == 24
    assert len({name for name, _, _ in scenes}) == 24
    assert len({words for _, words, _ in scenes}) == 24
    assert all(words == normalise_text(words) for _, words, _ in scenes)
    assert all(name.isascii() for name, _, _ in scenes)


def test_no_two_scenes_look_alike() -> None:
    small = np.stack(
        [np.asarray(image.resize((32, 24)), np.float32) for _, _, image in draw_scenes()]
    )
    differences = np.abs(small[:, None] - small[None]).max(axis=(2, 3, 4))
    assert differences[~np.eye(24, dtype=bool)].min() > 40


def test_scenes_are_saved_as_photos_and_again_as_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "cảnh" / "vẽ"
    save_scenes(folder)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert len(files) == 24
    assert all(name.endswith(".jpg") for name in files)
    with Image.open(folder / "cho-nau-co.jpg") as image:
        assert image.size == SIZE
        assert image.format == "JPEG"
    save_scenes(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == files
