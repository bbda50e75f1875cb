"""The frozen program on its own: no Python, no library of ours, a home nobody has used."""

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from engine.library.library import Library
from tests.packaging.packaged import HEIC, Packaged, listing

pytestmark = pytest.mark.packaged
QUERY = "một con chó nâu trong tuyết"
RIGHT = "cho-nau-tuyet"


def succeeds(packaged: Packaged, *arguments: str | Path) -> str:
    done = packaged.run(*arguments)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr
    return done.stdout


def test_it_explains_itself_and_refuses_what_it_does_not_know(packaged: Packaged) -> None:
    assert "doctor" in succeeds(packaged, "--help")
    assert packaged.run("fly").returncode == 2
    assert not list(packaged.home.rglob("*"))  # nothing is written for that


def test_it_knows_its_version(packaged: Packaged) -> None:
    from engine.version import program_version

    assert program_version() in succeeds(packaged, "--version")


def test_the_doctor_finds_every_part_and_both_starters_sound(packaged: Packaged) -> None:
    told = succeeds(packaged, "doctor")
    assert "not installed" not in told
    assert "starter-openclip: sound" in told
    assert "starter-beit3: sound" in told
    assert str(packaged.folder) in told  # its own checkpoints, not those of the sources


def test_it_indexes_a_folder_and_finds_the_right_photo(packaged: Packaged, scenes: Path) -> None:
    before = listing(packaged.folder)
    succeeds(packaged, "index", scenes)
    found = succeeds(packaged, "search", QUERY)
    assert RIGHT in " ".join(found.splitlines()[1:4])
    like = succeeds(packaged, "search", "--like", scenes / f"{RIGHT}.jpg")
    assert "tuyet" in like.splitlines()[1]
    assert listing(packaged.folder) == before
    assert not list(packaged.empty.iterdir())  # where it was started


def test_it_decodes_what_phones_and_the_web_write(packaged: Packaged, tmp_path: Path) -> None:
    album = tmp_path / "điện thoại"
    album.mkdir()
    picture = Image.linear_gradient("L").convert("RGB")
    for ending in ("avif", "webp", "png", "tiff", "gif"):
        picture.save(album / f"a.{ending}")
    if HEIC.is_dir():
        shutil.copy(HEIC / "arrow.heic", album / "a.heic")
    succeeds(packaged, "index", album)
    with Library.open_to_read(packaged.library) as library:
        assert not library.failures.all()
        assert library.photos.count() == len(list(album.iterdir()))


def test_the_demo_tries_three_searches(packaged: Packaged) -> None:
    assert succeeds(packaged, "demo").count("“") == 3


def test_it_trains_an_encoder(packaged: Packaged, scenes: Path, tmp_path: Path) -> None:
    captions = tmp_path / "captions.tsv"
    lines = [
        f"{path.name}\t{path.stem.replace('-', ' ')} số {n}\n"
        for path in scenes.iterdir()
        for n in range(4)
    ]
    captions.write_text("".join(lines), "utf-8")
    told = succeeds(
        packaged,
        "train",
        "openclip",
        "--epochs",
        "1",
        "--batch-size",
        "16",
        "--data",
        captions,
        scenes,
        "1",
        "--validation",
        captions,
        scenes,
        "--output",
        tmp_path / "starter-of-mine",
    )
    assert "The checkpoint is in" in told


def test_it_examines_itself_from_files_to_rankings(packaged: Packaged) -> None:
    told = json.loads(succeeds(packaged, "doctor", "--self-test", "--json"))
    assert told
    assert not list(Path(packaged.environment["TMPDIR"]).glob("anhoi-*"))
