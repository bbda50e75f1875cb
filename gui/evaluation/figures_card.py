"""The card with the figures: both directions, and what they were measured on."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gui.elided_label import ElidedLabel
from gui.engine_sentences import translated
from gui.evaluation.figures_table import FiguresTable
from gui.evaluation.wording import fusion_name
from gui.segmented_control import SegmentedControl

if TYPE_CHECKING:
    from engine.evaluation.evaluating import Evaluation

TO_IMAGE, TO_TEXT = "text to image", "image to text"


class FiguresCard(QFrame):
    """Shows the figures of one direction.

    Signals:
        direction_chosen: `TO_IMAGE` or `TO_TEXT`.
    """

    direction_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._evaluation: Evaluation | None = None
        self.direction = SegmentedControl(
            {TO_IMAGE: self.tr("Text → photo"), TO_TEXT: self.tr("Photo → text")}
        )
        self.direction.setAccessibleName(self.tr("Direction"))
        self.direction.chosen.connect(self._show_direction)
        self.direction.chosen.connect(self.direction_chosen)
        self.table = FiguresTable()
        self.setting, self.left_out = ElidedLabel(), ElidedLabel()
        for word in (self.setting, self.left_out):
            word.setProperty("role", "hint")
        self._lay_out()

    def show_evaluation(self, evaluation: "Evaluation") -> None:
        """Show the figures of this evaluation."""
        self._evaluation = evaluation
        count = len(evaluation.left_out)
        self.left_out.setVisible(count > 0)
        left_out = self.tr("%Ln photo(s) left out: {names}", "", count)
        self.left_out.show_text(left_out.format(names=", ".join(evaluation.left_out[:20])))
        self._show_direction()

    def _show_direction(self) -> None:
        if self._evaluation is None:
            return
        report = self._evaluation.report
        to_image = self.direction.key == TO_IMAGE
        self.table.show_metrics(report.text_to_image if to_image else report.image_to_text)
        captions = report.text_to_image["fused"].queries
        asked = report.image_to_text["fused"].queries
        if to_image:
            words = self.tr("{queries} queries among {photos} photos, fused by {fusion}")
        else:
            words = self.tr("{asked} photos among {queries} texts, fused by {fusion}")
        number = QLocale().toString
        said = words.format(
            queries=number(captions),
            photos=number(report.photos),
            asked=number(asked),
            fusion=fusion_name(report.fusion),
        )
        self.setting.show_text(" · ".join([said, *map(translated, report.left_out.values())]))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        title = QLabel(self.tr("Comparison"))
        title.setProperty("role", "heading")
        top.addWidget(title)
        top.addStretch(1)
        top.addWidget(self.direction)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.setting)
        layout.addWidget(self.table)
        layout.addWidget(self.left_out)
        layout.addStretch(1)
