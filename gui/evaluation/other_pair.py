"""Which other pair of checkpoints is compared, and whether it is prepared."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QPushButton, QWidget

from engine.workspace import DEFAULTS
from gui.elided_label import ElidedLabel
from gui.evaluation.comparing import Lacking, PairChoices, PairNames

_NARROWEST, _WIDEST = 80, 280  # pixels: names may be long, and windows narrow


class OtherPairBar(QWidget):
    """A check box, a field for each family, and what the chosen pair lacks.

    Signals:
        changed: another pair is chosen, or none any more.
        prepare_wanted: photos shall be embedded by the pair. arg1: dict, names by family.
    """

    changed = Signal()
    prepare_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._in_use: PairNames = ("", "")
        self._lacking: Lacking | None = None
        self._of_marks = True
        self.wanted = QCheckBox(self.tr("Compare with another pair"))
        self.openclip, self.beit3 = QComboBox(), QComboBox()
        for box in (self.openclip, self.beit3):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMinimumWidth(_NARROWEST)
            box.setMaximumWidth(_WIDEST)
        self.openclip.setAccessibleName(self.tr("The other OpenCLIP model"))
        self.beit3.setAccessibleName(self.tr("The other BEiT3 model"))
        self.word = ElidedLabel()
        self.word.setProperty("role", "hint")
        self.prepare = QPushButton(self.tr("Prepare this pair"))
        self.prepare.setToolTip(
            self.tr("Embed all photos by it in the background; it is then in use")
        )
        self.prepare.clicked.connect(lambda: self.prepare_wanted.emit(self._names_by_family()))
        self.wanted.toggled.connect(self._tell)
        for box in (self.openclip, self.beit3):
            box.currentIndexChanged.connect(self._tell)
        self._lay_out()
        self._show_state()

    @property
    def chosen(self) -> PairNames | None:
        """The pair to compare with; None where none is wanted."""
        if not self.wanted.isChecked():
            return None
        return self.openclip.currentText(), self.beit3.currentText()

    @property
    def is_usable(self) -> bool:
        """Whether what is chosen can be evaluated."""
        if self.chosen is None:
            return True
        if self.chosen == self._in_use:
            return False
        return not self._of_marks or (self._lacking is not None and not self._lacking.marked)

    def show_choices(self, choices: PairChoices) -> None:
        """Offer these; at first those that are not in use."""
        chosen, self._in_use = self.chosen, choices.in_use
        for place, (family, box) in enumerate(self._boxes().items()):
            with QSignalBlocker(box):
                box.clear()
                names = choices.names[family]
                box.addItems(list(names))
                others = [name for name in names if name != self._in_use[place]]
                kept = chosen[place] if chosen and chosen[place] in names else ""
                box.setCurrentText(kept or next(iter(others), ""))
        self._tell()

    def show_lacking(self, names: PairNames, lacking: Lacking) -> None:
        """Tell what this pair lacks of the user's library, if it is still the one chosen."""
        if names == self.chosen:
            self._lacking = lacking
            self._show_state()

    def set_of_marks(self, of_marks: bool) -> None:
        """Evaluate photos of the user's library, or of a folder whose photos are embedded first."""
        self._of_marks = of_marks
        self._show_state()

    def _boxes(self) -> dict[str, QComboBox]:
        return dict(zip(DEFAULTS, (self.openclip, self.beit3), strict=True))

    def _names_by_family(self) -> dict[str, str]:
        return {family: box.currentText() for family, box in self._boxes().items()}

    def _tell(self) -> None:
        self._lacking = None
        self._show_state()
        self.changed.emit()

    def _show_state(self) -> None:
        wanted = self.chosen is not None
        lacking = self._lacking.photos if self._lacking and self._of_marks else 0
        for widget in (self.openclip, self.beit3, self.word):
            widget.setVisible(wanted)
        self.prepare.setVisible(wanted and lacking > 0)
        if self.chosen == self._in_use:
            self.word.show_text(self.tr("This is the pair in use."))
        elif lacking:
            self.word.show_text(self.tr("%Ln photo(s) are not embedded by it yet", "", lacking))
        else:
            self.word.show_text("")

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.wanted, self.openclip, self.beit3):
            row.addWidget(widget)
        row.addSpacing(8)
        row.addWidget(self.word, 1)
        row.addWidget(self.prepare)
