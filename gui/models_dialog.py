"""The models: what suits this machine, all that can be had, and what is in use."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gui.models.facts import Facts
from gui.models.model_card import ModelCard
from gui.models.offers import Offer, Section
from gui.models.recommendation_card import RecommendationCard

SIZE = QSize(880, 680)


class ModelsDialog(QDialog):
    """Shows offers, and tells what the user wants done with them.

    Signals:
        wanted: arg1: str, an `Action`; arg2: str, name of a checkpoint or translator.
        recommended_wanted: what is recommended shall be downloaded and used.
        cancel_wanted: the downloads of what is recommended shall stop.

    Args:
        parent: Qt's.
    """

    wanted = Signal(str, str)
    recommended_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Models"))
        self.cards: dict[str, ModelCard] = {}
        self.recommendation = RecommendationCard()
        self.waiting = QLabel(self.tr("Looking at this machine…"))
        self.close_button = QPushButton(self.tr("Close"))
        self._sections = {section: QVBoxLayout() for section in self._headings()}
        self._lists = QWidget()
        self._lay_out()
        self.recommendation.wanted.connect(self.recommended_wanted)
        self.recommendation.cancel_wanted.connect(self.cancel_wanted)
        self.close_button.clicked.connect(self.close)

    def show_offers(self, facts: Facts, offers: list[Offer]) -> None:
        """Show these, each at its place.

        Args:
            facts: of the machine and the library.
            offers: of all checkpoints and translators, in their order.
        """
        self.waiting.hide()
        self.recommendation.show_facts(facts, offers)
        for name in self.cards.keys() - {offer.name for offer in offers}:
            self.cards.pop(name).deleteLater()
        for offer in offers:
            self._show_offer(offer)
        for place in (self.recommendation, self._lists):
            place.show()

    def show_changed(self, facts: Facts, offers: list[Offer]) -> None:
        """Show what has changed where it stands: a list that is looked at shall not jump."""
        self.recommendation.show_facts(facts, offers)
        for offer in offers:
            card = self.cards.get(offer.name)
            if card and card.offer != offer:
                card.show_offer(offer)

    def _show_offer(self, offer: Offer) -> None:
        card = self.cards.get(offer.name)
        if card is None:
            card = self.cards[offer.name] = ModelCard(offer)
            card.wanted.connect(lambda action, name=offer.name: self.wanted.emit(action, name))
        else:
            card.show_offer(offer)
        self._sections[offer.section].addWidget(card)  # moves it to the end

    def _headings(self) -> dict[Section, tuple[str, str]]:
        return {
            "openclip": (
                "OpenCLIP",
                self.tr("The first of two encoders that look at every photo."),
            ),
            "beit3": (
                "BEiT3",
                self.tr("The second: it sees other things, and both judgements are joined."),
            ),
            "translator": (
                self.tr("Translators"),
                self.tr("Turn a Vietnamese query into English on this machine, where needed."),
            ),
        }

    def _lay_out(self) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._make_page())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(area, 1)
        column.addLayout(self._make_foot())
        self.resize(SIZE.boundedTo(self.screen().availableSize()))

    def _make_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(24, 20, 24, 12)
        column.setSpacing(16)
        for widget in (self.waiting, self.recommendation, self._lists):
            column.addWidget(widget)
        column.addStretch(1)
        lists = QVBoxLayout(self._lists)
        lists.setContentsMargins(0, 0, 0, 0)
        lists.setSpacing(24)
        for section, (title, hint) in self._headings().items():
            lists.addLayout(self._make_section(section, title, hint))
        for widget in (self.recommendation, self._lists):
            widget.hide()  # until there is something to say
        return page

    def _make_section(self, section: Section, title: str, hint: str) -> QVBoxLayout:
        heading, words = QLabel(title), QLabel(hint)
        heading.setProperty("role", "heading")
        words.setProperty("role", "hint")
        words.setWordWrap(True)
        self._sections[section].setSpacing(8)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(heading)
        column.addWidget(words)
        column.addSpacing(4)
        column.addLayout(self._sections[section])
        return column

    def _make_foot(self) -> QHBoxLayout:
        promise = QLabel(
            self.tr(
                "Changing models loses nothing: what others have embedded is kept until you "
                "delete it here."
            )
        )
        promise.setProperty("role", "hint")
        promise.setWordWrap(True)
        row = QHBoxLayout()
        row.setContentsMargins(24, 12, 24, 16)
        row.setSpacing(12)
        row.addWidget(promise, 1)
        self.close_button.setAutoDefault(False)
        row.addWidget(self.close_button)
        return row
