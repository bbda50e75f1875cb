"""Which two checkpoints the library is searched with."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from engine.models.checkpoint import Checkpoint, Family
from gui.engine_sentences import translated
from gui.settings import Settings
from gui.settings_pages.page import SettingsPage, combo, hint_label
from gui.theme import WARNING_COLOUR, icon

Pair = tuple[str, str]


class ModelsPage(SettingsPage):
    """Chooses a pair among the checkpoints on this machine.

    Args:
        checkpoints: the records of those on this machine.
        pair: names of those in use, OpenCLIP's first.
        parent: Qt's.
    """

    def __init__(
        self, checkpoints: Sequence[Checkpoint], pair: Pair, parent: QWidget | None = None
    ) -> None:
        super().__init__(self.tr("Models"), parent)
        self._records = {checkpoint.name: checkpoint for checkpoint in checkpoints}
        self._in_use = pair
        self.openclip = combo(self._choices("openclip", pair[0]), self._show_choice)
        self.beit3 = combo(self._choices("beit3", pair[1]), self._show_choice)
        self._about = {box: hint_label("") for box in (self.openclip, self.beit3)}
        self._warning = _warning(
            self.tr(
                "Every photo will be embedded once more, in the background. The embeddings made so "
                "far are kept: changing back is quick."
            )
        )
        self._lay_out()
        self.show_pair(pair)

    @property
    def pair(self) -> Pair:
        """The names that are chosen, OpenCLIP's first."""
        return self.openclip.currentData(), self.beit3.currentData()

    def show_pair(self, pair: Pair) -> None:
        """Show this pair as the one in use."""
        self._in_use = pair
        for box, name in zip((self.openclip, self.beit3), pair, strict=True):
            box.setCurrentIndex(box.findData(name))
        self._show_choice()

    def show_settings(self, settings: Settings) -> None:
        """The pair is kept with the library, not with the settings."""

    def edited_settings(self, settings: Settings) -> Settings:
        return settings

    def _choices(self, family: Family, in_use: str) -> dict[str, str]:
        here = {name: name for name, record in self._records.items() if record.family == family}
        missing = self.tr("{name} (not on this machine)").format(name=in_use)
        return here if in_use in here else here | {in_use: missing}

    def _lay_out(self) -> None:
        explanation = self.tr(
            "Two models look at every photo; their judgements are joined. A model that knows "
            "Vietnamese understands what you type without a translation."
        )
        self._column.insertWidget(1, hint_label(explanation))
        for label, box in (("OpenCLIP", self.openclip), ("BEiT3", self.beit3)):
            self._add_row(label, box, self._about[box])
        self._column.addWidget(self._warning)
        more = self.tr("More models are added with the command “anhoi models”.")
        self._column.addWidget(hint_label(more))
        self._column.addStretch()

    def _show_choice(self) -> None:
        for box, label in self._about.items():
            record = self._records.get(box.currentData())
            label.setText(self._describe(record) if record else "")
        self._warning.setVisible(self.pair != self._in_use)
        self.edited.emit()

    def _describe(self, record: Checkpoint) -> str:
        size = sum(file.size or 0 for file in record.files)
        lines = (
            (self.tr("Languages"), ", ".join(map(self._language, record.languages))),
            (self.tr("Embedding"), self.tr("%Ln number(s) a photo", "", record.dimension)),
            (self.tr("Size"), data_size(size)),
            (self.tr("Licence"), translated(record.licence)),
            (self.tr("Source"), record.source),
        )
        return "\n".join(f"{name}: {value}" for name, value in lines)

    def _language(self, code: str) -> str:
        names = {"vi": self.tr("Vietnamese"), "en": self.tr("English")}
        return names.get(code) or QLocale(code).nativeLanguageName() or code


def data_size(size: int) -> str:
    """A number of bytes for people."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def _warning(text: str) -> QFrame:
    card, sign, words = QFrame(), QLabel(), QLabel(text)
    card.setProperty("role", "card")
    sign.setPixmap(icon("info", WARNING_COLOUR).pixmap(20, 20))
    sign.setAlignment(Qt.AlignmentFlag.AlignTop)
    words.setWordWrap(True)
    row = QHBoxLayout(card)
    row.setContentsMargins(16, 12, 16, 12)
    row.setSpacing(12)
    row.addWidget(sign)
    row.addWidget(words, 1)
    return card
