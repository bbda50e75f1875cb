import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMessageBox, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from engine.library.library import Library
from engine.search.fusion import Fusion
from gui.application import NO_SCREEN, Program
from gui.crash_dialog import CrashDialog
from gui.main_window import MainWindow
from gui.photos.photo_viewer import PhotoViewer
from gui.session import Session
from gui.settings import Settings, SettingsFile
from gui.settings_dialog import SettingsDialog
from gui.tasks import TaskRunner
from tests.engine.models.site import Site, sending

ROOT = Path(__file__).parents[2]
Start = Callable[..., Program]
MakePhoto = Callable[..., Path]


@pytest.fixture
def settings_file(tmp_path: Path) -> SettingsFile:
    """Of a user who reads English, as the tests do."""
    file = SettingsFile(tmp_path / "settings.json")
    file.save(Settings(language="en"))
    return file


@pytest.fixture
def start(qapp: QApplication, library_folder: Path, settings_file: SettingsFile) -> Iterator[Start]:
    """Starts the program over the tiny library, as often as it is called."""
    started: list[Program] = []

    def begin(*paths: bytes) -> Program:
        program = Program(qapp, settings_file, library_folder)
        assert program.begin(paths)
        started.append(program)
        return program

    yield begin
    for program in started:
        program.quit()


def window_of(program: Program) -> MainWindow:
    assert program.window is not None
    return program.window


def embedded(session: Session) -> int:
    tools = session.tools
    return min(len(index) for index in tools.indexes.values()) if tools else 0


def test_a_first_start_asks_for_nothing_but_a_folder(qtbot: QtBot, start: Start) -> None:
    window = window_of(start())
    qtbot.waitUntil(lambda: window.pages.page == "welcome", timeout=10_000)
    assert window.welcome.isVisible()
    assert not window.folder_panel.isVisible()
    assert window.search_bar.line.hasFocus()


def test_a_folder_named_on_the_command_line_is_added(
    qtbot: QtBot, start: Start, album: Path
) -> None:
    window = window_of(start(os.fsencode(album)))
    qtbot.waitUntil(lambda: embedded(window.session) == 10, timeout=30_000)
    assert window.pages.page == "photos"
    assert window.photos.model.rowCount() == 10


def test_a_second_start_hands_its_folder_to_the_first_and_ends(
    qtbot: QtBot, start: Start, library_folder: Path, album: Path, settings_file: SettingsFile
) -> None:
    window = window_of(start())
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from gui.application import Program\n"
        "from gui.settings import SettingsFile\n"
        "app = QApplication([])\n"
        "program = Program(app, SettingsFile(Path(sys.argv[1])), Path(sys.argv[2]))\n"
        "sys.exit(3 if program.begin([os.fsencode(sys.argv[3])]) else 0)\n"
    )
    second = subprocess.Popen(
        [sys.executable, "-c", script, settings_file.path, library_folder, album], cwd=ROOT
    )
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
    assert second.returncode == 0
    qtbot.waitUntil(lambda: embedded(window.session) == 10, timeout=30_000)


def test_what_the_user_changed_in_the_window_is_there_again(
    qtbot: QtBot, start: Start, library_folder: Path
) -> None:
    program = start()
    window = window_of(program)
    qtbot.waitUntil(lambda: window.session.tools is not None, timeout=30_000)
    window.photos.set_cell_side(256)
    window.photos.use_fusion(Fusion("minmax", (0.2, 0.8)))
    qtbot.waitUntil(lambda: kept_fusion(library_folder), timeout=10_000)
    window.photos.use_mode("beit3")
    program.quit()

    again = window_of(start())
    qtbot.waitUntil(lambda: again.session.tools is not None, timeout=30_000)
    bar = again.photos.fusion_bar
    assert (bar.cell_side, bar.mode) == (256, "beit3")
    assert bar.fusion == Fusion("minmax", (0.2, 0.8))


def kept_fusion(library_folder: Path) -> bool:
    with Library.open_to_read(library_folder) as library:
        rows = library._connection.rows("SELECT 1 FROM setting WHERE name LIKE 'fusion%'")
    return bool(rows)


def test_a_broken_settings_file_is_told_of_and_replaced(
    qtbot: QtBot, start: Start, settings_file: SettingsFile
) -> None:
    settings_file.path.write_text("{ broken")
    window = window_of(start())
    aside = settings_file.path.with_name("settings.json.broken")
    assert any(str(aside) in sentence for sentence in window.message_bar.sentences)
    assert aside.read_text() == "{ broken"


def test_an_unexpected_error_shows_its_trace_and_the_program_goes_on(
    qtbot: QtBot, start: Start, album: Path
) -> None:
    program = start()
    window = window_of(program)
    program.crashes.report(ZeroDivisionError("a bug"))
    qtbot.waitUntil(lambda: bool(window.findChildren(CrashDialog)), timeout=5_000)
    (dialog,) = window.findChildren(CrashDialog)
    (trace,) = dialog.findChildren(QPlainTextEdit)
    assert "ZeroDivisionError: a bug" in trace.toPlainText()
    dialog.close()
    window.take_in([os.fsencode(album)])
    qtbot.waitUntil(lambda: embedded(window.session) == 10, timeout=30_000)


def test_an_error_of_the_library_is_a_sentence_and_no_dialog(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    window = window_of(start(os.fsencode(tmp_path / "nowhere")))
    window.session.add([os.fsencode(tmp_path / "nowhere")])
    qtbot.waitUntil(
        lambda: any("There is no folder" in each for each in window.message_bar.sentences),
        timeout=10_000,
    )
    assert not window.findChildren(CrashDialog)


def test_settings_take_hold_at_once_or_in_a_window_opened_anew(
    qtbot: QtBot, start: Start, album: Path, settings_file: SettingsFile
) -> None:
    program = start(os.fsencode(album))
    window = window_of(program)
    qtbot.waitUntil(lambda: embedded(window.session) == 10, timeout=30_000)
    window.settings_wanted.emit()
    (dialog,) = window.findChildren(SettingsDialog)
    private = str(album / "private")
    os.mkdir(private)
    (album / "0.png").rename(album / "private" / "0.png")
    window.photos.set_cell_side(128)  # newer than what the dialog was opened with
    changed = replace(program.settings, excluded_folders=(private,))
    dialog.changed.emit(changed)
    assert window.photos.fusion_bar.cell_side == 128
    assert program.settings.cell_side == 128
    assert settings_file.load()[0].excluded_folders == (private,)
    qtbot.waitUntil(lambda: embedded(window.session) == 9, timeout=30_000)

    dialog.changed.emit(replace(program.settings, machine_share="gentle"))
    assert program.window is not window
    again = window_of(program)
    qtbot.waitUntil(lambda: embedded(again.session) == 9, timeout=30_000)


def test_a_library_is_moved_and_opened_at_its_new_place(
    qtbot: QtBot, start: Start, album: Path, library_folder: Path, tmp_path: Path
) -> None:
    program = start(os.fsencode(album))
    window = window_of(program)
    qtbot.waitUntil(lambda: embedded(window.session) == 10, timeout=30_000)
    window.settings_wanted.emit()
    (dialog,) = window.findChildren(SettingsDialog)
    target = tmp_path / "nơi mới"
    dialog.data_action.emit("move", target)
    qtbot.waitUntil(lambda: program.window is not window, timeout=30_000)
    again = window_of(program)
    qtbot.waitUntil(lambda: embedded(again.session) == 10, timeout=30_000)
    assert again.session.library_folder == target
    assert not (library_folder / "library.sqlite").exists()


def test_after_a_move_a_second_start_finds_the_window(
    qtbot: QtBot, start: Start, tmp_path: Path
) -> None:
    program = start()
    window = window_of(program)
    qtbot.waitUntil(lambda: window.session.tools is not None, timeout=30_000)
    window.settings_wanted.emit()
    (dialog,) = window.findChildren(SettingsDialog)
    target = tmp_path / "nơi mới"
    dialog.data_action.emit("move", target)
    qtbot.waitUntil(lambda: program.window not in (None, window), timeout=30_000)
    code = (
        "import sys; from pathlib import Path; from PySide6.QtCore import QCoreApplication; "
        "from gui.single_instance import SingleInstance; app = QCoreApplication([]); "
        "sys.exit(SingleInstance(Path(sys.argv[1])).claim())"
    )
    second = subprocess.Popen([sys.executable, "-c", code, str(target)], cwd=ROOT)
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=30_000)
    assert second.returncode == 0


def test_a_program_that_ends_in_the_middle_of_a_move_leaves_the_library_where_it_is(
    qtbot: QtBot,
    start: Start,
    library_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gui.library_moving.COPIED_AT_ONCE", 16)  # bytes: it takes its time
    program = start()
    window = window_of(program)
    qtbot.waitUntil(lambda: window.session.tools is not None, timeout=30_000)
    window.settings_wanted.emit()
    (dialog,) = window.findChildren(SettingsDialog)
    dialog.data_action.emit("move", tmp_path / "nơi mới")
    program.quit()
    assert not [thread.name for thread in threading.enumerate() if "work" in thread.name]
    assert not (tmp_path / "nơi mới").exists()
    with Library.open(library_folder) as library:
        assert library.set_aside is None


def test_nothing_of_a_closed_window_is_kept(qtbot: QtBot, start: Start) -> None:
    program = start()
    for _ in range(3):
        program.reopen()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    windows = [type(w) for w in QApplication.topLevelWidgets() if w.parent() is None]
    assert windows.count(MainWindow) == windows.count(PhotoViewer) == 1
    assert len(program.findChildren(TaskRunner)) == 1
    assert len(program.findChildren(Session)) == 1


def test_nothing_of_closed_settings_is_kept(qtbot: QtBot, start: Start) -> None:
    program = start()
    window = window_of(program)
    qtbot.waitUntil(lambda: window.session.tools is not None, timeout=30_000)
    window.settings_wanted.emit()
    (dialog,) = window.findChildren(SettingsDialog)
    dialog.data_action.emit("clear_indexes", None)
    dialog.reject()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.findChildren(SettingsDialog)
    window.session.pair_switched.emit(window.session.tools)
    window.settings_wanted.emit()
    (dialog,) = window.findChildren(SettingsDialog)
    dialog.models.show_pair(("", ""))
    window.session.pair_switched.emit(window.session.tools)
    assert dialog.models.names[0].text() == "tiny-openclip"
    tools = window.session.tools
    program.reopen()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    program.session.pair_switched.emit(tools)
    assert not window_of(program).findChildren(SettingsDialog)


def test_a_folder_that_the_system_asks_a_running_program_to_open_is_added(
    library_folder: Path, album: Path
) -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtCore import QTimer\n"
        "from PySide6.QtGui import QFileOpenEvent\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from gui import application\n"
        "class Asked(application.Program):\n"
        "    def begin(self, paths):\n"
        "        begun = super().begin(paths)\n"
        "        event = QFileOpenEvent(sys.argv[2])\n"
        "        QTimer.singleShot(0, lambda: QApplication.sendEvent(self._app, event))\n"
        "        self.session.photos_added.connect(lambda _: self.quit())\n"
        "        return begun\n"
        "if __name__ == '__main__':\n"
        "    application.Program = Asked\n"
        "    sys.exit(application.run([], Path(sys.argv[1])))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, library_folder, album],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    with Library.open_to_read(library_folder) as library:
        assert [folder.path for folder in library.folders.all()] == [os.fsencode(album)]


def test_the_models_are_shown_from_the_settings_and_leave_them_open(
    qtbot: QtBot, start: Start, library_folder: Path
) -> None:
    window = window_of(start())
    qtbot.waitUntil(lambda: window.session.tools is not None, timeout=30_000)
    window.settings_wanted.emit()
    (dialog,) = window.findChildren(SettingsDialog)
    dialog.models_wanted.emit()
    models = window.models.dialog
    assert models
    assert models.parent() is dialog
    qtbot.waitUntil(lambda: bool(models.cards), timeout=30_000)
    models.close()
    assert window.models.dialog is None
    assert dialog.isVisible()


def test_another_pair_of_checkpoints_keeps_the_embeddings_of_the_first(
    qtbot: QtBot, start: Start, album: Path, library_folder: Path
) -> None:
    program = start(os.fsencode(album))
    window = window_of(program)
    qtbot.waitUntil(lambda: embedded(window.session) == 10, timeout=30_000)
    with qtbot.waitSignal(window.session.pair_switched, timeout=120_000):
        window.models.getting.use({"openclip": "starter-openclip", "beit3": "starter-beit3"}, {})
    assert program.window is window
    with Library.open_to_read(library_folder) as library:
        keys = library._connection.rows(
            "SELECT key, count(*) FROM embedding JOIN checkpoint ON checkpoint_id = checkpoint.id "
            "GROUP BY key"
        )
    assert sorted(count for _, count in keys) == [10] * 4


def test_the_window_never_loads_torch(library_folder: Path, album: Path, tmp_path: Path) -> None:
    """Not even after it has indexed and searched, and shown which models there are."""
    script = (
        "import json, os, sys\n"
        "from pathlib import Path\n"
        "from engine.search.composing import Wish\n"
        "from tests import bench_window\n"
        "def main():\n"
        "    with bench_window.opened(Path(sys.argv[1])) as window:\n"
        "        window.take_in([os.fsencode(sys.argv[2])])\n"
        "        ready = lambda: window.session.tools and all(\n"
        "            len(i) == 10 for i in window.session.tools.indexes.values())\n"
        "        bench_window.until(lambda: bool(ready()), 60)\n"
        "        window.search_bar.set_wish(Wish('con chó'))\n"
        "        bench_window.until(lambda: window.photos.model.found is not None, 60)\n"
        "        window.models.open()\n"
        "        bench_window.until(lambda: bool(window.models.dialog.cards), 60)\n"
        "    print(json.dumps(sorted(sys.modules)))\n"
        "if __name__ == '__main__': main()\n"
    )
    path = tmp_path / "script.py"
    path.write_text(script)
    done = subprocess.run(
        [sys.executable, path, library_folder, album],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    assert "gui.main_window" in loaded
    heavy = {"torch", "open_clip", "timm", "transformers", "ctranslate2", "huggingface_hub"}
    assert not heavy & loaded


def test_without_a_screen_a_sentence_says_what_works_without_one() -> None:
    bare = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "main.py"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    if sys.platform in ("win32", "darwin"):
        pytest.skip("there is always a screen")
    assert (done.returncode, done.stderr) == (1, f"anhoi: {NO_SCREEN}\n")


def test_photos_from_elsewhere_are_asked_about(qtbot: QtBot, start: Start, album: Path) -> None:
    window = window_of(start())
    window.take_in([os.fsencode(album / "3.png")])
    (box,) = window.findChildren(QMessageBox)
    add = next(b for b in box.findChildren(QPushButton) if "Add" in b.text())
    add.click()
    qtbot.waitUntil(lambda: embedded(window.session) == 10, timeout=30_000)


def test_a_newer_version_stands_in_the_message_bar_with_the_page_to_open(
    qtbot: QtBot, start: Start, settings_file: SettingsFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    told = {"version": "99.0", "page": "https://anhoi.example/", "notes": {"en": "Faster."}}
    settings_file.save(Settings(language="en", check_updates=True))
    with Site() as site:
        site.answers["/latest.json"] = sending(json.dumps(told).encode())
        monkeypatch.setattr("engine.updates.ADDRESS", f"{site.address}/latest.json")
        window = window_of(start())
        bar = window.message_bar
        qtbot.waitUntil(lambda: "99.0 is out" in bar.label.text(), timeout=10_000)
        bar.action_button.click()
        assert opened == ["https://anhoi.example/"]
        window.settings_wanted.emit()
        (dialog,) = window.findChildren(SettingsDialog)
        dialog.general.updates_button.click()
        qtbot.waitUntil(lambda: "99.0 is out" in dialog.general.updates_label.text())
        assert site.asked == ["/latest.json"] * 2


def test_by_itself_the_program_asks_nobody_for_new_versions(
    qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Site() as site:
        monkeypatch.setattr("engine.updates.ADDRESS", f"{site.address}/latest.json")
        program = start()
        qtbot.waitUntil(lambda: program.session.tools is not None, timeout=30_000)
        program.quit()
        assert site.asked == []
