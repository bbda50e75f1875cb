"""The whole program at work: nobody is asked anything through a network.

Every process of it is watched twice: from within, where Python refuses and writes down every use
of an internet socket, and from without, where the system's own record shows what native code does.
What may ask somebody at the user's word has its own tests: downloads, and looking for new versions.
"""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pytest
from PIL import Image

from engine.library.library import Library
from engine.models.installed import InstalledCheckpoint
from engine.workspace import use_pair

ROOT = Path(__file__).parents[1]
MAIN = str(ROOT / "main.py")
Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
Done: TypeAlias = "subprocess.CompletedProcess[str]"
Journey: TypeAlias = tuple["Watched", dict[str, Done]]
NOWHERE = "192.0.2.1"  # an address that is nobody's, RFC 5737

# Python runs this first in every process that it is on the path of.
GUARD = """
import os, socket, sys

def write(line):
    log = os.open(os.environ["NETWORK_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, (line + "\\n").encode())
    os.close(log)

def refuse(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"):
        if arguments[0].family not in (socket.AF_INET, socket.AF_INET6):
            return
    elif event not in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        return
    write(f"refused {event} {arguments[1:]}")
    raise OSError(f"a test refuses {event}")

sys.addaudithook(refuse)
write(f"watched {sys.orig_argv}")
"""
WINDOW = """
import os, sys
from pathlib import Path
from engine.search.composing import Wish
from gui.settings_dialog import SettingsDialog
from tests.bench_window import opened, until

def main():
    with opened(Path(sys.argv[1])) as window:
        until(lambda: window.session.tools is not None, 60)
        window.take_in([os.fsencode(sys.argv[2])])
        indexes = window.session.tools.indexes
        until(lambda: all(len(index) == 3 for index in indexes.values()), 60)
        window.search_bar.set_wish(Wish("hai đứa trẻ trên bãi biển"))
        until(lambda: window.photos.model.found is not None, 60)
        window.models.open()
        until(lambda: bool(window.models.dialog.cards), 60)
        window.models.dialog.close()
        window.settings_wanted.emit()
        (dialog,) = window.findChildren(SettingsDialog)
        for row in range(dialog.list.count()):
            dialog.list.setCurrentRow(row)
        dialog.close()

if __name__ == "__main__":
    main()
    print("closed")
"""
# Modules by which Python reaches others, and who may have them: all of it at the user's word.
REACHING = (
    "socket",
    "http",
    "urllib.request",
    "ftplib",
    "smtplib",
    "huggingface_hub",
    "httpx",
    "requests",
    "aiohttp",
    "PySide6.QtNetwork",
    "PySide6.QtWebEngineWidgets",
)
ASKED_FOR = (
    "engine/models/downloading/",
    "engine/models/hub_repository.py",
    "engine/updates.py",
    "gui/single_instance.py",  # speaks with a second start of the program on this machine
)


@dataclass(frozen=True)
class Watched:
    """A folder in which programs run watched.

    Attributes:
        folder: for all they write.
        environment: theirs.
    """

    folder: Path
    environment: dict[str, str]

    def run(self, *command: str, before: tuple[str, ...] = ()) -> Done:
        traced: list[str] = []
        if tracing() is None:
            record = self.folder / f"strace-{command[-1][-12:].replace('/', '')}-{len(command)}"
            calls = "trace=connect,bind,sendto,sendmsg,sendmmsg"
            traced = ["strace", "-f", "--seccomp-bpf", "-e", calls, "-o", str(record)]
        return subprocess.run(
            [*before, *traced, sys.executable, *command],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=self.environment,
        )

    def lines(self, word: str) -> list[str]:
        """What the guards have written down that begins so."""
        written = (self.folder / "log").read_text().splitlines()
        return [line for line in written if line.startswith(word)]

    def calls(self) -> list[str]:
        """What the system has recorded that went to an internet address."""
        records = [path.read_text(errors="replace") for path in self.folder.glob("strace-*")]
        assert all(records), "nothing was recorded"
        return [
            line for text in records for line in text.splitlines() if "sa_family=AF_INET" in line
        ]


@pytest.fixture(scope="module")
def make_watched(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Watched]:
    def make() -> Watched:
        folder = tmp_path_factory.mktemp("watched")
        (folder / "guard").mkdir()
        (folder / "guard" / "sitecustomize.py").write_text(GUARD)
        own = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("DATA", "CACHE", "CONFIG")}
        path = os.pathsep.join((str(folder / "guard"), str(ROOT)))
        environment = os.environ | own | {"HOME": str(folder), "PYTHONPATH": path}
        environment |= {"NETWORK_LOG": str(folder / "log"), "QT_QPA_PLATFORM": "offscreen"}
        return Watched(folder, environment)

    return make


@pytest.fixture(scope="module")
def journey(make_watched: Callable[[], Watched], tiny_pair: Pair) -> Journey:
    """All that the program does, watched, and how each part of it ended."""
    watched = make_watched()
    folder = watched.folder
    album, captions, window = folder / "ảnh", folder / "captions.tsv", folder / "window.py"
    draw(album)
    captions.write_text("0.png\tmột con chó\n1.png\ttết 2023\n2.png\tbãi biển\n", "utf-8")
    window.write_text(WINDOW)
    watched.environment["ANHOI_CHECKPOINTS"] = str(tiny_pair[0].folder.parent)
    library = ["--library", str(folder / "library")]
    for name in ("library", "window"):
        with Library.open(folder / name) as opened:
            use_pair(opened, {each.record.family: each.record.name for each in tiny_pair})

    def commands() -> dict[str, Done]:
        arguments = {
            "index": [*library, "index", str(album)],
            "search": [*library, "search", "hai đứa trẻ trên bãi biển"],
            "evaluate": [*library, "evaluate", str(captions), "--images", str(album)],
            "models": ["models", "list"],
        }
        return {name: watched.run(MAIN, *words) for name, words in arguments.items()}

    with ThreadPoolExecutor(3) as pool:
        in_turn = pool.submit(commands)
        shown = pool.submit(watched.run, str(window), str(folder / "window"), str(album))
        cut_off = ("unshare", "-rn") if unsharing() is None else ()
        tested = pool.submit(watched.run, MAIN, *library, "doctor", "--self-test", before=cut_off)
        return watched, {
            **in_turn.result(),
            "window": shown.result(),
            "doctor --self-test": tested.result(),
        }


def draw(album: Path) -> None:
    album.mkdir()
    for number in range(3):
        colours = np.random.default_rng(number).integers(0, 256, (48, 64, 3), dtype=np.uint8)
        Image.fromarray(colours).save(album / f"{number}.png")


def tracing() -> str | None:
    """Why processes cannot be traced; None where they can."""
    return lacking(["strace", "-f", "--seccomp-bpf", "-o", os.devnull, "true"])


def unsharing() -> str | None:
    """Why there can be no place without a network; None where there can."""
    return lacking(["unshare", "-rn", "true"])


def lacking(command: list[str]) -> str | None:
    if shutil.which(command[0]) is None:
        return f"there is no {command[0]}"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else f"{command[0]} may not: {done.stderr.strip()}"


def test_all_of_it_works_and_python_opens_no_internet_socket(
    journey: Journey,
) -> None:
    watched, parts = journey
    for name, done in parts.items():
        # The tiny encoders are random, which the self-test must find; see below.
        assert done.returncode == (name == "doctor --self-test"), f"{name}: {done.stderr}"
    assert parts["window"].stdout == "closed\n"
    seen = watched.lines("watched")
    assert sum("spawn_main" in line for line in seen) >= 5  # the model processes, too
    assert watched.lines("refused") == []


def test_native_code_reaches_for_nobody_either(
    journey: Journey,
) -> None:
    if reason := tracing():
        pytest.skip(reason)
    watched, parts = journey
    assert len(list(watched.folder.glob("strace-*"))) == len(parts)
    assert watched.calls() == []


def test_without_any_network_the_self_test_finds_all_machinery_sound(
    journey: Journey,
) -> None:
    if reason := unsharing():
        pytest.skip(reason)
    lines = journey[1]["doctor --self-test"].stdout.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("photos: "))
    unsound = [line for line in lines[start:] if ": sound" not in line]
    assert len(lines) - start == 14
    assert all(line.startswith("understanding, ") for line in unsound)


def test_the_guard_writes_down_what_a_process_and_its_child_try(
    make_watched: Callable[[], Watched],
) -> None:
    watched = make_watched()
    script = watched.folder / "reaching.py"
    script.write_text(
        "import multiprocessing, socket\n"
        "def reach():\n"
        "    for what in (\n"
        f"        lambda: socket.create_connection(('{NOWHERE}', 9), 1),\n"
        "        lambda: socket.getaddrinfo('anhoi.example', 443),\n"
        "        lambda: socket.socket(type=socket.SOCK_DGRAM).bind(('127.0.0.1', 0)),\n"
        f"        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('{NOWHERE}', 9)),\n"
        "    ):\n"
        "        try:\n"
        "            what()\n"
        "        except OSError as error:\n"
        "            print(error)\n"
        "if __name__ == '__main__':\n"
        "    child = multiprocessing.get_context('spawn').Process(target=reach)\n"
        "    child.start()\n"
        "    child.join()\n"
        "    reach()\n"
    )
    done = watched.run(str(script))
    assert done.stdout.count("a test refuses") == 8, done.stderr
    refused = [line.split()[1] for line in watched.lines("refused")]
    assert sorted(refused) == sorted(
        2 * ["socket.getaddrinfo", "socket.getaddrinfo", "socket.bind", "socket.sendto"]
    )


def test_the_record_of_the_system_shows_what_native_code_tries(
    make_watched: Callable[[], Watched],
) -> None:
    if reason := tracing():
        pytest.skip(reason)
    watched = make_watched()
    script = watched.folder / "native.py"
    script.write_text(
        "from PySide6.QtCore import QCoreApplication\n"
        "from PySide6.QtNetwork import QHostAddress, QUdpSocket\n"
        "app = QCoreApplication([])\n"
        "sender = QUdpSocket()\n"
        "sender.writeDatagram(b'x', QHostAddress('127.0.0.1'), 9)\n"
    )
    watched.run(str(script))
    assert watched.lines("refused") == []  # Python sees nothing of it
    assert any("127.0.0.1" in line for line in watched.calls())


def test_only_what_the_user_asks_for_has_the_means_to_reach_others() -> None:
    paths = [ROOT / "main.py", *(ROOT / "engine").rglob("*.py"), *(ROOT / "gui").rglob("*.py")]
    reaching = {
        path.relative_to(ROOT).as_posix()
        for path in paths
        if any(is_reaching(module) for module in imported(ast.parse(path.read_text("utf-8"))))
    }
    assert {path for path in reaching if not path.startswith(ASKED_FOR)} == set()
    assert "engine/updates.py" in reaching


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)


def is_reaching(module: str) -> bool:
    return any(module == known or module.startswith(f"{known}.") for known in REACHING)
