"""Setting up and installing, as the README says."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("main.py", "engine", "gui", "resources", "pyproject.toml", "README.md", "LICENSE")


def test_make_demo_tries_three_searches() -> None:
    done = subprocess.run(["make", "demo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("“") == 3
    assert "Library:" in done.stdout


def test_make_demo_takes_an_album(tmp_path: Path) -> None:
    album = tmp_path / "ảnh của tôi"
    album.mkdir()
    done = subprocess.run(
        ["make", "demo", f"PHOTOS={album}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert str(album) in done.stdout


def test_pip_install_gives_a_working_command(tmp_path: Path) -> None:
    source, site = tmp_path / "source", tmp_path / "site"
    source.mkdir()
    for name in PARTS:  # a copy, because building writes beside the sources
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, source / name)
    # The dependencies are the environment's own: no test needs the network.
    offline = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", *offline, "--target", site, source], check=True
    )
    environment = os.environ | {"PYTHONPATH": str(site)}
    done = subprocess.run(
        [site / "bin" / "anhoi", "models", "verify"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "starter-openclip: all files are as recorded." in done.stdout
    assert "starter-beit3: all files are as recorded." in done.stdout
    for name in ("icons/app.svg", "style/window.qss", "translations/anhoi_vi.qm"):
        assert (site / "resources" / name).is_file(), name


def test_the_locked_qt_starts_without_a_screen() -> None:
    program = (
        "from PySide6.QtWidgets import QApplication, QLabel\n"
        "application = QApplication(['anhoi', '-platform', 'offscreen'])\n"
        "label = QLabel('Ảnh Ơi')\n"
        "label.show()\n"
        "assert label.isVisible()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_make_bench_writes_what_it_measured_and_on_what(tmp_path: Path) -> None:
    output = tmp_path / "bench.json"
    subprocess.run(
        ["make", "bench", "ONLY=decode", f"OUTPUT={output}"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    written = json.loads(output.read_text())
    assert written["machine"]["cores"] == os.cpu_count()
    assert written["parts"]["decode"]["photos_per_s"] > 0


@pytest.mark.parametrize("name", ["torch==2.13.0", "PySide6=="])
def test_the_lock_names_what_must_be_locked(name: str) -> None:
    lock = (ROOT / "packaging" / "requirements.lock").read_text().splitlines()
    assert any(line.startswith(name) for line in lock)
    assert "PySide6==6.12.0" not in lock
