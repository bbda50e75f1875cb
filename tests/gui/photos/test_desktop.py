import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.photos import desktop
from gui.photos.programs import Program
from tests.gui.photos.browsing import handed_over

ROOT = Path(__file__).parents[3]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="speaks D-Bus")


def test_an_address_keeps_every_byte_of_a_name() -> None:
    assert desktop.address(b"/a/\xff #%.jpg").toEncoded().data() == b"file:///a/%FF%20%23%25.jpg"


def test_a_file_is_opened_by_its_address(qtbot: QtBot) -> None:
    with handed_over("file") as addresses:
        assert desktop.open_by_default("/tmp/Tết.jpg".encode())
    assert addresses == ["file:///tmp/T%E1%BA%BFt.jpg"]


def test_a_program_is_started_with_the_files(qtbot: QtBot, tmp_path: Path) -> None:
    told = tmp_path / "told"
    script = tmp_path / "view"
    script.write_text(f'#!/bin/sh\nprintf "%s|" "$@" > {told}.new\nmv {told}.new {told}\n')
    script.chmod(0o755)
    program = desktop.chosen_program(str(script))
    assert program.name == "view"
    assert desktop.open_with(program, ["/tmp/Tết 1.jpg".encode(), b"/tmp/b.jpg"])
    qtbot.waitUntil(told.exists)
    assert told.read_text() == "/tmp/Tết 1.jpg|/tmp/b.jpg|"


def test_a_program_that_cannot_be_started_is_told_so(qtbot: QtBot) -> None:
    assert not desktop.open_with(Program("a", ("/no/such/program",)), [b"/tmp/a.jpg"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [(b"a.jpg", "image/jpeg"), (b"A.HEIC", "image/heif"), (b"b.png", "image/png")],
)
def test_the_type_of_a_file_follows_from_its_name(name: bytes, expected: str) -> None:
    assert desktop.mime_type(b"/no/such/folder/" + name) == expected


@linux_only
def test_without_a_file_manager_the_folder_is_opened(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus")
    failures: list[bool] = []
    with handed_over("file") as addresses:
        desktop.reveal(["/tmp/Ảnh/a.jpg".encode()], lambda: failures.append(True))
        qtbot.waitUntil(lambda: bool(addresses))
    assert addresses == ["file:///tmp/%E1%BA%A2nh"]
    assert not failures


@linux_only
@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="needs a session bus")
def test_the_file_manager_is_told_which_files() -> None:
    script = Path(__file__).parent / "file_manager.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    command = ["dbus-run-session", "--", sys.executable, str(script)]
    told = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=True)
    assert told.stdout.decode().split("\n") == [
        "file:///tmp/%E1%BA%A2nh%201.jpg",
        "file:///tmp/%FF.jpg",
    ]


def test_windows_selects_the_file_in_explorer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert desktop._command_to_reveal([b"/a.jpg"]) == ["explorer.exe", "/select,/a.jpg"]
    assert desktop.asks_which_program()


def test_macos_reveals_in_the_finder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert desktop._command_to_reveal([b"/a.jpg"]) == ["open", "-R", "/a.jpg"]
    assert desktop.chosen_program("/Applications/Xem.app").command[:2] == ("open", "-a")
