"""The strip of the window that tells how far a download is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from gui.elided_label import ElidedLabel
from gui.flat_button import FlatButton
from gui.models.downloads import Download
from gui.models.wording import ModelWords

_BAR_WIDTH, _BAR_SHARE = 240, 6  # as of the strip that tells of indexing
_HEIGHT = 44


class DownloadStrip(QWidget):
    """Shows the download that runs; takes no room where there is none.

    Signals:
        models_wanted: the dialog shall be shown.
        cancel_wanted: arg1: str, name of the download that shall stop.
    """

    models_wanted = Signal()
    cancel_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._words = ModelWords(self)
        self.setFixedHeight(_HEIGHT)
        self.label = ElidedLabel(self, Qt.TextElideMode.ElideMiddle)
        self.bar = QProgressBar(self)
        self.models_button = QPushButton(self.tr("Models…"), self)
        self.cancel_button = FlatButton("close", self.tr("Cancel the download"), self)
        self._lay_out()
        self.models_button.clicked.connect(self.models_wanted)
        self.cancel_button.clicked.connect(lambda: self.cancel_wanted.emit(self._name))
        self.show_downloads([])

    def show_downloads(self, downloads: list[Download]) -> None:
        """Show the first of these, and how many wait."""
        self.setVisible(bool(downloads))
        if not downloads:
            return
        first = downloads[0]
        self._name, report = first.record.name, first.report
        parts = [self._name, self._words.download(report)] if report else [self._name]
        if len(downloads) > 1:
            parts.append(self.tr("%Ln more waiting", "", len(downloads) - 1))
        self.label.show_text(self.tr("Downloading {name}").format(name=" · ".join(parts)))
        total = report.total if report else None
        self.bar.setRange(0, 1000 if total else 0)
        if report and total:
            self.bar.setValue(1000 * report.done // total)

    def _lay_out(self) -> None:
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(self.tr("Progress of the download"))
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 12, 4)
        row.setSpacing(12)
        row.addWidget(self.label, 1)
        for widget in (self.bar, self.models_button, self.cancel_button):
            row.addWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.bar.setFixedWidth(min(_BAR_WIDTH, self.width() // _BAR_SHARE))
