"""Which fusion is best, what it is worth, and a button to use it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.evaluation.reports import Report
from engine.search.fusion import Fusion
from gui.evaluation.wording import decimal, fusion_name


class BestCard(QFrame):
    """Tells the best fusion of a sweep.

    Signals:
        fusion_chosen: the `Fusion` shall be used from now on.
    """

    fusion_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._best: Fusion | None = None
        self.heading, self.worth = QLabel(), QLabel()
        self.heading.setProperty("role", "heading")
        self.worth.setWordWrap(True)
        self.use = QPushButton(self.tr("Use it"))
        self.use.setToolTip(self.tr("Search with these weights from now on"))
        self.use.clicked.connect(self._choose)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.heading)
        words.addWidget(self.worth)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(16)
        layout.addLayout(words, 1)
        layout.addWidget(self.use)

    def show_report(self, report: Report, in_use: Fusion) -> None:
        """Show what the sweep of a report has found.

        Args:
            report: may have none.
            in_use: what is searched with now.
        """
        self._best = None if report.sweep is None else report.sweep.chosen
        if report.left_out:
            self.heading.setText(self.tr("Best weights"))
            self.worth.setText(self.tr("They cannot be chosen while one model alone is asked."))
        elif report.sweep is None:
            self.heading.setText(self.tr("Best weights"))
            self.worth.setText(self.tr("They cannot be chosen from the captions of one photo."))
        else:
            self.heading.setText(
                self.tr("Best: {fusion}").format(fusion=fusion_name(report.sweep.chosen))
            )
            openclip, beit3 = report.sweep.held_out_alone
            self.worth.setText(
                self.tr(
                    "R@10 {best} on the half it was not chosen on "
                    "(OpenCLIP alone {openclip}, BEiT3 alone {beit3})."
                ).format(
                    best=decimal(report.sweep.held_out.r10),
                    openclip=decimal(openclip.r10),
                    beit3=decimal(beit3.r10),
                )
            )
        self.show_in_use(in_use)

    def show_in_use(self, fusion: Fusion) -> None:
        """Offer the best one unless it is in use."""
        self.use.setVisible(self._best is not None)
        self.use.setEnabled(fusion != self._best)
        self.use.setText(self.tr("In use") if fusion == self._best else self.tr("Use it"))

    def _choose(self) -> None:
        if self._best is not None:
            self.fusion_chosen.emit(self._best)
            self.show_in_use(self._best)
