"""One checkpoint or translator: what it is, how far it is, what can be done with it."""

from functools import partial
from typing import Literal

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.models.checkpoint import Checkpoint
from gui.elided_label import ElidedLabel
from gui.engine_sentences import translated
from gui.flat_button import FlatButton
from gui.models.offers import Offer
from gui.models.wording import ModelWords, best_recall, percent
from gui.theme import DANGER_COLOUR, WARNING_COLOUR, icon

Action = Literal[
    "download", "cancel", "use", "copy", "stay", "translator", "delete files", "delete embeddings"
]
BUTTON_WIDTH, MORE_SIDE = 128, 34  # pixels


class ModelCard(QFrame):
    """Shows an offer.

    Signals:
        wanted: what the user wants done with it. arg1: str, an `Action`.

    Args:
        offer: what is shown first.
        parent: Qt's.
    """

    wanted = Signal(str)

    def __init__(self, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.offer = offer
        self._words = ModelWords(self)
        self.title, self.badge = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle), QLabel()
        self.about, self.figures = QLabel(), QLabel()
        self.note, self.bar, self.progress = _Note(), QProgressBar(), QLabel()
        self.translator_button = QPushButton(self.tr("Download a translator"))
        self.button = QPushButton()
        self.more_button = FlatButton("more", self.tr("More"))
        self._lay_out()
        self._connect()
        self.show_offer(offer)

    def show_offer(self, offer: Offer) -> None:
        """Show this instead."""
        self.offer = offer
        self._show_words()
        self._show_note()
        self._show_progress()
        self._show_buttons()

    def _lay_out(self) -> None:
        self.title.setStyleSheet("font-weight: 600;")
        self.badge.setProperty("role", "badge")
        for label in (self.about, self.figures, self.progress):
            label.setWordWrap(True)
        for label in (self.badge, self.about, self.figures, self.progress):
            label.setTextFormat(Qt.TextFormat.PlainText)  # names are the makers', none are markup
        self.figures.setProperty("role", "hint")
        self.bar.setTextVisible(False)
        for button in (self.button, self.translator_button):
            button.setAutoDefault(False)  # Enter in the dialog shall download nothing
        self.button.setMinimumWidth(BUTTON_WIDTH)
        self.more_button.setFixedSize(MORE_SIDE, MORE_SIDE)  # also in a list that just grows
        place = self.more_button.sizePolicy()
        place.setRetainSizeWhenHidden(True)  # the buttons of all cards stand in one line
        self.more_button.setSizePolicy(place)
        heading = QHBoxLayout()
        heading.setSpacing(8)
        heading.addWidget(self.title)
        heading.addWidget(self.badge)
        heading.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addLayout(heading)
        for widget in (self.about, self.figures, self.note, self.bar, self.progress):
            words.addWidget(widget)
        words.addWidget(self.translator_button, 0, Qt.AlignmentFlag.AlignLeft)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(12)
        row.addLayout(words, 1)
        for part in (self.button, self.more_button):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self.button.clicked.connect(lambda: self.wanted.emit(self._main_action()))
        self.translator_button.clicked.connect(lambda: self.wanted.emit("translator"))
        self.more_button.clicked.connect(self._open_menu)

    def _show_words(self) -> None:
        offer, words = self.offer, self._words
        self.setAccessibleName(offer.name)
        self.title.show_text(offer.name)
        badge = self._badge()
        self.badge.setText(badge)
        self.badge.setVisible(bool(badge))
        self.about.setText(words.purpose(offer.record, bundled=offer.bundled))
        self.figures.setText("\n".join(" · ".join(line) for line in self._figures()))
        recall = best_recall(offer.record) if isinstance(offer.record, Checkpoint) else None
        self.figures.setToolTip(words.recall_source(recall) if recall else "")

    def _badge(self) -> str:
        offer = self.offer
        names = {
            "in use": self.tr("In use"),
            "preparing": self.tr("Being prepared"),
            "here": self.tr("On this machine"),
            "waiting": self.tr("Waiting"),
        }
        if offer.state in names:
            return names[offer.state]
        return self.tr("Recommended") if offer.recommended else ""

    def _figures(self) -> list[list[str]]:
        """What it is worth, and what it costs."""
        record, words = self.offer.record, self._words
        licence = self.tr("licence: {name}").format(name=translated(record.licence))
        costs = [words.size(record), words.memory(record)]
        if not isinstance(record, Checkpoint):
            return [[*costs, licence]]
        if self.offer.seconds is not None and self.offer.photos:
            costs.append(words.embedding_time(self.offer.seconds))
        worth = [words.recall(record), words.languages(record.languages)]
        return [worth, [*costs, licence]]

    def _show_note(self) -> None:
        offer = self.offer
        error = offer.download.error if offer.download else None
        if error is not None:
            self.note.show_text(translated(error), "problems", DANGER_COLOUR)
        else:
            self.note.show_text(self._warning(), "info", WARNING_COLOUR)
        self.translator_button.setVisible(self._lacks_translator())

    def _warning(self) -> str:
        offer = self.offer
        if offer.misfit:
            return translated(offer.misfit)
        if offer.poor:
            return self.tr(
                "Finds little in Vietnamese: {percent} of the texts of {data} find their photo "
                "first."
            ).format(percent=percent(offer.poor.percent), data=offer.poor.data)
        if self._lacks_translator():
            return self.tr("Counts for English queries only, until there is a translator.")
        return ""

    def _lacks_translator(self) -> bool:
        return self.offer.needs_translator and self.offer.state in ("in use", "preparing", "here")

    def _show_progress(self) -> None:
        text = self._progress_words()
        self.progress.setText(text)
        self.progress.setVisible(bool(text))
        done, total = self._share()
        self.bar.setVisible(self.offer.state in ("downloading", "preparing"))
        self.bar.setRange(0, 1000 if total else 0)  # a range of nothing makes a busy bar
        self.bar.setValue(1000 * done // total if total else 0)
        self.bar.setAccessibleName(self.tr("Progress of {name}").format(name=self.offer.name))

    def _progress_words(self) -> str:
        offer = self.offer
        if offer.download and offer.download.report:
            return self._words.download(offer.download.report)
        if offer.coming:
            return self._words.coming(offer.coming)
        if offer.begun:
            return self.tr("A part has arrived; downloading goes on where it stopped.")
        return ""

    def _share(self) -> tuple[int, int]:
        offer = self.offer
        if offer.download and offer.download.report:
            return offer.download.report.done, offer.download.report.total or 0
        return (offer.coming.done, offer.coming.total) if offer.coming else (0, 0)

    def _show_buttons(self) -> None:
        names: dict[str, str] = {
            "to be had": self.tr("Download"),
            "waiting": self.tr("Cancel"),
            "downloading": self.tr("Cancel"),
            "failed": self.tr("Try again"),
            "here": self.tr("Use"),
            "preparing": self.tr("Cancel"),
        }
        is_spare = self.offer.section == "translator" and self.offer.state == "here"
        name = "" if is_spare else names.get(self.offer.state, "")  # the best one translates
        self.button.setText(name)
        self.button.setVisible(bool(name))
        self.button.setAccessibleName(f"{name}: {self.offer.name}")
        self.more_button.setVisible(bool(self.more_actions()))
        more = self.tr("More for {name}").format(name=self.offer.name)
        self.more_button.setAccessibleName(more)

    def _main_action(self) -> Action:
        actions: dict[str, Action] = {
            "waiting": "cancel",
            "downloading": "cancel",
            "here": "use",
            "preparing": "stay",
        }
        return actions.get(self.offer.state, "download")

    def more_actions(self) -> dict[Action, str]:
        """What else can be done with it, and how that is called."""
        offer, actions = self.offer, dict[Action, str]()
        if offer.state in ("to be had", "failed"):
            actions["copy"] = self.tr("Use a copy from a folder…")
        if offer.state == "failed":
            actions["cancel"] = self.tr("Do not download")
        if self._is_free() and not offer.bundled:
            actions["delete files"] = self.tr("Delete its files…")
        if offer.state == "here" and offer.embeddings:
            actions["delete embeddings"] = self.tr("Delete its embeddings…")
        return actions

    def _is_free(self) -> bool:
        """Whether its files may go: nothing searches with them."""
        is_translator = self.offer.section == "translator"
        return self.offer.state == "here" or (is_translator and self.offer.state == "in use")

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action, name in self.more_actions().items():
            menu.addAction(name).triggered.connect(partial(self.wanted.emit, action))
        menu.popup(self.more_button.mapToGlobal(self.more_button.rect().bottomLeft()))


class _Note(QWidget):
    """A line that warns, with a sign before it; takes no room where there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._sign, self.label = QLabel(), QLabel()
        self.label.setWordWrap(True)
        self.label.setTextFormat(Qt.TextFormat.PlainText)  # it quotes the network and the disk
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1)

    def show_text(self, text: str, sign: str, colour: QColor) -> None:
        """Say this."""
        self._sign.setPixmap(icon(sign, colour).pixmap(QSize(18, 18)))
        self.label.setText(text)
        self.setVisible(bool(text))
