"""The menu of programs that open the photos."""

import sys
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu

from gui.photos import desktop
from gui.photos.programs import Program, programs_for
from gui.theme import icon


class OpenWithMenu(QMenu):
    """Lists the programs for the type of the first photo, and lets one choose another.

    Args:
        paths: the files to be opened; asked when the menu is about to be shown.
    """

    failed = Signal(str)

    def __init__(self, paths: Callable[[], Sequence[bytes]]) -> None:
        super().__init__()
        self._paths = paths
        self._dialog: QFileDialog | None = None  # nobody else keeps it while no window is active
        self.setTitle(self.tr("Open with"))
        self.setIcon(icon("open-with"))
        self.aboutToShow.connect(self._fill)

    def choose_program(self) -> None:
        """Let the user choose a program from the disk, or have the system ask."""
        if desktop.asks_which_program():
            for path in self._paths():
                desktop.let_system_ask(path)
            return
        dialog = QFileDialog(QApplication.activeWindow(), self.tr("Choose a program"))
        dialog.setDirectory("/Applications" if sys.platform == "darwin" else "/usr/bin")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda name: self._open_with(desktop.chosen_program(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._dialog = dialog

    def _fill(self) -> None:
        self.clear()
        paths = self._paths()
        language = QLocale().name().split("_")[0]
        for program in programs_for(desktop.mime_type(paths[0]), language) if paths else []:
            self.addAction(program.name).triggered.connect(partial(self._open_with, program))
        if self.actions():
            self.addSeparator()
        self.addAction(self.tr("Another program…")).triggered.connect(self.choose_program)

    def _open_with(self, program: Program) -> None:
        if not desktop.open_with(program, self._paths()):
            self.failed.emit(self.tr("{name} could not be started.").format(name=program.name))
