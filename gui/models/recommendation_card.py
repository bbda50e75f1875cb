"""What suits this machine, why, what it costs, and one button to have it."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.models.checkpoint import Checkpoint
from engine.models.machine import MachineFacts
from engine.models.recommending import seconds_per_photo
from gui.engine_sentences import translated
from gui.models.facts import Facts, Record
from gui.models.offers import Offer
from gui.models.wording import ModelWords, best_recall, data_size, known_size


class RecommendationCard(QFrame):
    """Recommends models for this machine.

    Signals:
        wanted: they shall be downloaded and used.
        cancel_wanted: their downloads shall stop.
    """

    wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._words = ModelWords(self)
        self.heading, self.sentence = QLabel(), QLabel()
        self.models, self.reasons = QLabel(), QLabel()
        self.why_button = QPushButton(self.tr("Why these?"))
        self.button = QPushButton(self.tr("Download and use"))
        self.figures = tuple(QLabel() for _ in range(4))
        self._figures = QWidget()
        self._is_busy = False
        self._lay_out()
        self.button.clicked.connect(self._press)
        self.why_button.toggled.connect(self.reasons.setVisible)

    def show_facts(self, facts: Facts, offers: list[Offer]) -> None:
        """Show what suits this machine.

        Args:
            facts: of the machine and the library.
            offers: of all checkpoints and translators.
        """
        wanted = [offer for offer in offers if offer.recommended]
        self._show_words(facts)
        self._show_figures(facts)
        self._show_button(wanted)

    def _lay_out(self) -> None:
        self.heading.setText(self.tr("Recommended for this machine"))
        self.heading.setProperty("role", "heading")
        self.reasons.setProperty("role", "hint")
        self.button.setProperty("role", "primary")
        self.why_button.setProperty("role", "quiet")
        self.why_button.setCheckable(True)
        self.reasons.hide()
        for label in (self.sentence, self.models, self.reasons):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        grid = self._make_figures()
        grid.setContentsMargins(0, 0, 0, 0)
        self._figures.setLayout(grid)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._figures)
        row.addStretch(1)
        for button in (self.why_button, self.button):
            button.setAutoDefault(False)  # Enter in the dialog shall download nothing
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        for label in (self.heading, self.sentence, self.models):
            column.addWidget(label)
        column.addSpacing(4)
        column.addLayout(row)
        column.addWidget(self.reasons)

    def _show_words(self, facts: Facts) -> None:
        machine = self._machine(facts.machine)
        if facts.recommended:
            text = self.tr("These find far better than the starters, and suit {machine}:")
        else:
            text = self.tr("The starters that come with the program suit {machine}.")
        self.sentence.setText(text.format(machine=machine))
        lines = [f"{each.name} – {self._words.purpose(each)}" for each in facts.recommended]
        self.models.setText("\n".join(lines))
        self.models.setVisible(bool(lines))
        self.reasons.setText("\n".join(map(translated, facts.recommendation.reasons)))

    def _machine(self, machine: MachineFacts) -> str:
        parts = [
            self.tr("{size} of memory").format(size=data_size(machine.memory_bytes)),
            machine.accelerator or self.tr("%Ln processor core(s)", "", machine.cores),
            self.tr("{size} of free disk").format(size=data_size(machine.free_disk_bytes)),
        ]
        return ", ".join(parts)

    def _make_figures(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(0)
        names = (
            self.tr("Vietnamese, R@1"),
            self.tr("To download"),
            self.tr("Memory"),
            self.tr("Embedding (estimate)"),
        )
        for column, (name, figure) in enumerate(zip(names, self.figures, strict=True)):
            label = QLabel(name)
            label.setProperty("role", "hint")
            figure.setProperty("role", "heading")
            label.setBuddy(figure)
            figure.setAccessibleDescription(name)
            grid.addWidget(figure, 0, column)
            grid.addWidget(label, 1, column)
        return grid

    def _show_figures(self, facts: Facts) -> None:
        records = facts.recommended
        checkpoints = [record for record in records if isinstance(record, Checkpoint)]
        memory = data_size(sum(each.memory_mb for each in records) * 2**20)
        told = (
            self._recall(checkpoints),
            (self._download(facts, records), ""),
            (memory, ""),
            self._time(facts, checkpoints),
        )
        for label, (figure, tip) in zip(self.figures, told, strict=True):
            label.setText(figure)
            label.setToolTip(tip)
        self._figures.setVisible(bool(records))

    def _recall(self, checkpoints: list[Checkpoint]) -> tuple[str, str]:
        """The figure of the encoder that knows Vietnamese; measured for it alone, not the pair."""
        known = [best_recall(each) for each in checkpoints if each.knows("vi")]
        recall = next((each for each in known if each), None)
        if recall is None or recall.language != "vi":
            return self.tr("not measured"), self.tr("Nobody has published it for these models.")
        value = QLocale().toString(recall.percent, "f", 1) + " %"
        return value, self._words.recall_source(recall)

    def _download(self, facts: Facts, records: Sequence[Record]) -> str:
        sizes = [known_size(record) for record in records if not facts.folder(record.name)]
        if not sizes:
            return self.tr("nothing")
        if any(size is None for size, _ in sizes):
            return self.tr("unknown")
        size = data_size(sum(size or 0 for size, _ in sizes))
        exact = all(is_exact for _, is_exact in sizes)
        return size if exact else self.tr("about {size}").format(size=size)

    def _time(self, facts: Facts, checkpoints: list[Checkpoint]) -> tuple[str, str]:
        each = [seconds_per_photo(record, facts.machine) for record in checkpoints]
        if not facts.photos or None in each:
            return self.tr("unknown"), ""
        seconds = sum(second or 0 for second in each) * facts.photos
        tip = self.tr(
            "For your %Ln photo(s), reckoned from a machine that was measured.", "", facts.photos
        )
        return self._words.duration(seconds), tip

    def _show_button(self, wanted: list[Offer]) -> None:
        states = {offer.state for offer in wanted}
        self._is_busy = bool(states & {"downloading", "waiting"})
        if self._is_busy:
            text = self.tr("Cancel")
        elif states <= {"in use"}:
            text = self.tr("In use")
        elif states <= {"in use", "preparing"}:
            text = self.tr("Being prepared")
        else:
            is_here = states <= {"in use", "preparing", "here"}
            text = self.tr("Use") if is_here else self.tr("Download and use")
        self.button.setText(text)
        self.button.setVisible(bool(wanted))
        self.button.setEnabled(not states <= {"in use", "preparing"})

    def _press(self) -> None:
        (self.cancel_wanted if self._is_busy else self.wanted).emit()
