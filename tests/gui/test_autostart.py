import configparser
import plistlib
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.errors import FolderError
from gui import autostart
from gui.autostart import DesktopEntry, Entry, LaunchAgentEntry, RunKeyEntry

COMMAND = ["/opt/Ảnh Ơi/anhoi", "--hidden"]


class Registry:
    """The part of `winreg` that is needed, with its values in memory."""

    HKEY_CURRENT_USER = 1
    REG_SZ = 1

    def __init__(self, *, forbidden: bool = False) -> None:
        self.keys: dict[str, dict[str, str]] = {}
        self.forbidden = forbidden

    @contextmanager
    def _opened(self, name: str) -> Iterator[str]:
        if self.forbidden:
            raise PermissionError(13, "Access is denied")
        yield name

    def CreateKey(self, root: int, name: str) -> object:  # noqa: N802
        self.keys.setdefault(name, {})
        return self._opened(name)

    def OpenKey(self, root: int, name: str) -> object:  # noqa: N802
        if name not in self.keys and not self.forbidden:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return self._opened(name)

    def QueryValueEx(self, key: str, name: str) -> tuple[str, int]:  # noqa: N802
        if name not in self.keys[key]:
            raise FileNotFoundError(2, "The system cannot find the file specified")
        return self.keys[key][name], self.REG_SZ

    def SetValueEx(self, key: str, name: str, _: int, kind: int, value: str) -> None:  # noqa: N802
        self.keys[key][name] = value

    def DeleteValue(self, key: str, name: str) -> None:  # noqa: N802
        self.QueryValueEx(key, name)
        del self.keys[key][name]


@pytest.fixture(params=["linux", "macos", "windows"])
def entry(request: pytest.FixtureRequest, tmp_path: Path) -> Entry:
    makers: dict[str, Entry] = {
        "linux": DesktopEntry(tmp_path / "config" / "autostart"),
        "macos": LaunchAgentEntry(tmp_path / "Library" / "LaunchAgents"),
        "windows": RunKeyEntry(Registry()),
    }
    return makers[request.param]


def test_it_is_turned_on_and_off_again(entry: Entry) -> None:
    assert not entry.is_enabled()
    entry.enable(COMMAND)
    assert entry.is_enabled()
    entry.enable(COMMAND)
    assert entry.is_enabled()
    entry.disable()
    assert not entry.is_enabled()


def test_turning_off_what_is_off_is_nothing(entry: Entry) -> None:
    entry.disable()
    assert not entry.is_enabled()


def desktop_command(path: Path) -> list[str]:
    """The command of a desktop entry, read as the specification says: quoted as for a shell."""
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(path, "utf-8")
    line = parser["Desktop Entry"]["Exec"].replace("\\\\", "\\").replace("%%", "%")
    told = subprocess.run(["sh", "-c", f"printf '%s\\0' {line}"], capture_output=True, check=True)
    return told.stdout.decode().split("\0")[:-1]


@pytest.mark.parametrize(
    "part", ["/opt/Ảnh Ơi/anhoi", 'a "b" c', "100%", "cost $5", "back\\slash", "`tick`", "it's"]
)
def test_a_desktop_entry_starts_exactly_the_command(tmp_path: Path, part: str) -> None:
    DesktopEntry(tmp_path).enable([part, "--hidden"])
    assert desktop_command(tmp_path / "anhoi.desktop") == [part, "--hidden"]


@pytest.mark.parametrize("switch", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_the_desktop_has_turned_off_is_off(tmp_path: Path, switch: str) -> None:
    entry = DesktopEntry(tmp_path)
    entry.enable(COMMAND)
    path = tmp_path / "anhoi.desktop"
    path.write_text(f"{path.read_text()}{switch}\n")
    assert not entry.is_enabled()
    entry.enable(COMMAND)
    assert entry.is_enabled()


def test_a_launch_agent_runs_the_command_at_log_in(tmp_path: Path) -> None:
    LaunchAgentEntry(tmp_path).enable(COMMAND)
    agent = plistlib.loads((tmp_path / "anhoi.plist").read_bytes())
    assert agent == {"Label": "anhoi", "ProgramArguments": COMMAND, "RunAtLoad": True}


def test_the_run_key_holds_the_command_as_windows_reads_it() -> None:
    registry = Registry()
    RunKeyEntry(registry).enable([r"C:\Program Files\Anh Oi\anhoi.exe", "--hidden"])
    line = r'"C:\Program Files\Anh Oi\anhoi.exe" --hidden'
    assert registry.keys[autostart.RUN_KEY] == {"anhoi": line}


def test_other_programs_of_the_run_key_stay() -> None:
    registry = Registry()
    registry.keys[autostart.RUN_KEY] = {"other": "other.exe"}
    entry = RunKeyEntry(registry)
    entry.enable(COMMAND)
    entry.disable()
    assert registry.keys[autostart.RUN_KEY] == {"other": "other.exe"}


@pytest.mark.parametrize("kind", [DesktopEntry, LaunchAgentEntry])
def test_a_folder_that_cannot_be_written_is_an_error_with_a_sentence(
    tmp_path: Path, kind: type[DesktopEntry] | type[LaunchAgentEntry]
) -> None:
    (tmp_path / "autostart").write_text("a file in the place of the folder")
    with pytest.raises(FolderError, match="Starting with the system cannot be changed"):
        kind(tmp_path / "autostart").enable(COMMAND)


def test_a_registry_that_refuses_is_an_error_with_a_sentence() -> None:
    entry = RunKeyEntry(Registry(forbidden=True))
    for act in (lambda: entry.enable(COMMAND), entry.disable, entry.is_enabled):
        with pytest.raises(FolderError, match="Access is denied"):
            act()


def test_this_user_s_own_entry_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    autostart.enable(COMMAND)
    assert (tmp_path / "config" / "autostart" / "anhoi.desktop").is_file()
    assert autostart.is_enabled()
    autostart.disable()
    assert not autostart.is_enabled()
