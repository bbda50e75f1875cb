"""The button that writes an evaluation to files."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QPushButton, QWidget

from engine.errors import EngineError
from engine.evaluation.reports import Report, write_csv, write_json
from gui.engine_sentences import translated
from gui.theme import icon

Write = Callable[[Path], None]


class ExportButton(QPushButton):
    """Offers the figures as CSV or JSON, and a picture of the chart.

    Args:
        save_picture: writes the chart that is shown.
        parent: Qt's.

    Signals:
        saved: a sentence that names the file.
        failed: a sentence that says why there is none.
    """

    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, save_picture: Write, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self.setText(self.tr("Export"))
        self.setIcon(icon("export"))
        menu = QMenu(self)
        self.csv = menu.addAction(self.tr("Figures as CSV…"))
        self.json = menu.addAction(self.tr("All results as JSON…"))
        self.picture = menu.addAction(self.tr("Picture of the chart…"))
        self.csv.triggered.connect(partial(self._ask, "csv", partial(self._write, write_csv)))
        self.json.triggered.connect(partial(self._ask, "json", partial(self._write, write_json)))
        self.picture.triggered.connect(partial(self._ask, "png", save_picture))
        self.setMenu(menu)
        self.setEnabled(False)

    def show_report(self, report: Report) -> None:
        """Offer this report from now on."""
        self._report = report
        self.setEnabled(True)

    def _write(self, writer: Callable[[Report, Path], None], path: Path) -> None:
        assert self._report is not None, "the button is disabled without a report"
        writer(self._report, path)

    def _ask(self, suffix: str, write: Write) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        stem = self.tr("evaluation")
        suggestion = str(Path(folder, f"{stem}.{suffix}"))
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export"), suggestion, f"{suffix.upper()} (*.{suffix})"
        )
        if name:
            self.export(write, Path(name) if Path(name).suffix else Path(f"{name}.{suffix}"))

    def export(self, write: Write, path: Path) -> None:
        """Write to this file and tell what became of it."""
        self.setCursor(Qt.CursorShape.WaitCursor)
        try:
            write(path)
        except EngineError as error:
            self.failed.emit(translated(str(error)))
        else:
            self.saved.emit(self.tr("Saved as {path}.").format(path=path))
        finally:
            self.unsetCursor()
