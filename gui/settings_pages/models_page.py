"""Which two checkpoints the library is searched with, and the way to others."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from gui.elided_label import ElidedLabel
from gui.settings import Settings
from gui.settings_pages.page import FIELD_WIDTH, SettingsPage, hint_label
from gui.theme import icon

Pair = tuple[str, str]


class ModelsPage(SettingsPage):
    """Names the pair in use.

    Signals:
        models_wanted: the user wants to see which others there are.

    Args:
        pair: names of the checkpoints in use, OpenCLIP's first.
        parent: Qt's.
    """

    models_wanted = Signal()

    def __init__(self, pair: Pair, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Models"), parent)
        self.names = tuple(ElidedLabel(mode=Qt.TextElideMode.ElideMiddle) for _ in pair)
        self.models_button = QPushButton(icon("similar"), self.tr("Models…"))
        self.models_button.setAutoDefault(False)
        self.models_button.clicked.connect(self.models_wanted)
        self._lay_out()
        self.show_pair(pair)

    def show_pair(self, pair: Pair) -> None:
        """Show this pair as the one in use."""
        for label, name in zip(self.names, pair, strict=True):
            label.show_text(name)

    def show_settings(self, settings: Settings) -> None:
        """The pair is kept with the library, not with the settings."""

    def edited_settings(self, settings: Settings) -> Settings:
        return settings

    def _lay_out(self) -> None:
        explanation = self.tr(
            "Two models look at every photo; their judgements are joined. A model that knows "
            "Vietnamese understands what you type without a translation."
        )
        self._column.insertWidget(1, hint_label(explanation))
        for title, label in zip(("OpenCLIP", "BEiT3"), self.names, strict=True):
            label.setFixedWidth(FIELD_WIDTH)
            label.setContentsMargins(0, 8, 0, 0)
            self._add_row(title, label)
        more = self.tr("Shows what suits this machine, downloads it and takes it into use.")
        self._add_row("", self.models_button, hint_label(more))
        self._column.addStretch()
