"""Under which licences the program and all that it contains may be used."""

import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from engine.version import program_version

LICENCE = "LICENSE"
NOTICES = "THIRD-PARTY-NOTICES.txt"
SOURCES = Path(__file__).resolve().parent.parent


def places() -> tuple[Path, ...]:
    """Where both texts may lie: beside the packaged program, in its bundle, in a checkout."""
    program = Path(sys.executable).resolve().parent
    packaged = (program, program.parent / "Resources") if getattr(sys, "frozen", False) else ()
    return (*packaged, SOURCES)


class LicencesDialog(QDialog):
    """Shows the program's own licence, and those of what it contains.

    Args:
        parent: Qt's.
        folders: where the texts may lie, the first that has one counts; None means `places`.
    """

    def __init__(
        self, parent: QWidget | None = None, folders: Sequence[Path] | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Licences"))
        self.resize(760, 560)
        self._folders = places() if folders is None else folders
        heading = QLabel(self.tr("Ảnh Ơi {version}").format(version=program_version()))
        heading.setProperty("role", "heading")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(16)
        for widget in (heading, self._make_tabs(), buttons):
            layout.addWidget(widget)

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.addTab(
            _view(self._text(LICENCE) or self.tr("Apache License, Version 2.0")),
            self.tr("Ảnh Ơi"),
        )
        tabs.addTab(
            _view(self._text(NOTICES) or self._without_notices()), self.tr("Works of others")
        )
        return tabs

    def _text(self, name: str) -> str | None:
        found = (folder / name for folder in self._folders if (folder / name).is_file())
        path = next(found, None)
        return path.read_text("utf-8-sig", "replace") if path else None

    def _without_notices(self) -> str:
        return self.tr(
            "This copy runs from its sources, with libraries that were installed by pip; each has "
            "its licence in its own .dist-info folder. The packaged program shows all of them here."
        )


def _view(text: str) -> QPlainTextEdit:
    view = QPlainTextEdit(text)
    view.setReadOnly(True)
    view.setTabChangesFocus(True)
    view.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    return view
