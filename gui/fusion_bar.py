"""The bar above the results: what they are ranked by, in what order and how large."""

from typing import Literal, get_args

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QToolButton,
    QWidget,
)

from engine.search.fusion import Fusion, Normalisation
from gui.elided_label import ElidedLabel
from gui.flat_button import FlatButton
from gui.segmented_control import SegmentedControl
from gui.theme import BEIT3_COLOUR, OPENCLIP_COLOUR
from gui.weight_slider import WeightSlider

Mode = Literal["fused", "openclip", "beit3"]
Order = Literal["relevance", "date"]
CELL_SIDES = (96, 320)  # pixels, smallest and largest
CELL_SIDE = 176
_CELL_STEP = 16
_BETWEEN = 16
_SUMMARY_WIDTH = 200  # what the summary is given before there are two rows


class FusionBar(QWidget):
    """Mode, weights, normalisation, order and cell size, beside a summary of the results.

    Like Qt's own widgets it tells every change, whether a person or a program made it.

    Args:
        default: the pair of checkpoints' own fusion.
        parent: Qt's.

    Signals:
        changed: the mode and the `Fusion`, at every step of the slider.
        order_changed: "relevance" or "date".
        cell_side_changed: in pixels.
    """

    changed = Signal(str, object)
    order_changed = Signal(str)
    cell_side_changed = Signal(int)

    def __init__(self, default: Fusion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._default = self._fusion = default
        self._build()
        self.slider.set_default(default.weights)
        self._show_state()
        self._connect()

    @property
    def mode(self) -> Mode:
        """What the results are ranked by."""
        return next(mode for mode in get_args(Mode) if mode == self.modes.key)

    def set_mode(self, mode: Mode) -> None:
        """Rank by both encoders or by one."""
        self.modes.choose(mode)

    @property
    def fusion(self) -> Fusion:
        """How the encoders are joined where the mode is "fused"."""
        return self._fusion

    def set_fusion(self, fusion: Fusion) -> None:
        """Move the slider to these weights, and take over the normalisation."""
        if fusion != self._fusion:
            self._fusion = fusion
            self._tell()

    def set_default(self, default: Fusion) -> None:
        """Mark a pair's own fusion; it is taken over unless the user has chosen another."""
        untouched = self._fusion == self._default
        self._default = default
        self.slider.set_default(default.weights)
        if untouched:
            self.set_fusion(default)

    def reset(self) -> None:
        """Go back to the pair's own fusion."""
        self.set_fusion(self._default)

    @property
    def order(self) -> Order:
        """What the results are sorted by."""
        return next(order for order in get_args(Order) if order == self.orders.currentData())

    def set_order(self, order: Order) -> None:
        """Sort the results by this."""
        self.orders.setCurrentIndex(self.orders.findData(order))

    @property
    def cell_side(self) -> int:
        """Of a photo in the grid, in pixels."""
        return self.cells.value()

    def set_cell_side(self, side: int) -> None:
        """Make the photos this large, within bounds."""
        self.cells.setValue(side)

    def set_searching(self, searching: bool) -> None:
        """Let results be sorted; photos that are browsed come newest first."""
        self.orders.setEnabled(searching)

    def show_summary(self, text: str) -> None:
        """Say how many results there are."""
        self.summary.show_text(text)

    def _build(self) -> None:
        self.summary = ElidedLabel(self)
        self.modes = SegmentedControl(
            {"fused": self.tr("Both"), "openclip": "OpenCLIP", "beit3": "BEiT3"}, self
        )
        self.slider = WeightSlider(self)
        colours = {"OpenCLIP": OPENCLIP_COLOUR, "BEiT3": BEIT3_COLOUR}
        self.ends = [_dotted(name, colour.name()) for name, colour in colours.items()]
        self.value = QLabel(self)
        self.value.setMinimumWidth(self.value.fontMetrics().horizontalAdvance("0,00 : 0,00"))
        self.more = FlatButton("sliders", self.tr("How scores are made comparable"), self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._build_menu())
        self.orders = QComboBox(self)
        self.orders.addItem(self.tr("By relevance"), "relevance")
        self.orders.addItem(self.tr("By date"), "date")
        self.orders.setAccessibleName(self.tr("Order of the results"))
        self.smaller = FlatButton("grid-small", self.tr("Smaller photos"), self)
        self.cells = self._build_cells()
        self.larger = FlatButton("grid-large", self.tr("Larger photos"), self)
        self._lay_out()

    def _build_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        self._choices = QActionGroup(menu)
        for key, label, hint in self._normalisations():
            action = menu.addAction(label)
            action.setData(key)
            action.setCheckable(True)
            action.setToolTip(hint)
            self._choices.addAction(action)
        menu.addSeparator()
        menu.addAction(self.tr("Back to the default"), self.reset)
        return menu

    def _normalisations(self) -> list[tuple[Normalisation, str, str]]:
        return [
            ("zscore", self.tr("z-score"), self.tr("By how far they stand out of all photos")),
            ("minmax", self.tr("Min-max"), self.tr("Between the worst and the best photo")),
            ("none", self.tr("Raw cosine"), self.tr("As the encoders give them")),
            ("rrf", self.tr("Ranks (RRF)"), self.tr("By the places in the two rankings alone")),
        ]

    def _build_cells(self) -> QSlider:
        cells = QSlider(Qt.Orientation.Horizontal, self)
        cells.setRange(*CELL_SIDES)
        cells.setSingleStep(_CELL_STEP)
        cells.setPageStep(2 * _CELL_STEP)
        cells.setValue(CELL_SIDE)
        cells.setFixedWidth(96)
        cells.setAccessibleName(self.tr("Size of the photos"))
        cells.setToolTip(self.tr("Size of the photos"))
        return cells

    def _lay_out(self) -> None:
        left, right = self.ends
        self._ranking = _row(self.modes, left, self.slider, right, self.value, self.more)
        self._showing = _row(self.orders, self.smaller, self.cells, self.larger)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(_BETWEEN)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(self.summary, 0, 0)
        self._place(one_row=False)

    def _place(self, *, one_row: bool) -> None:
        self._one_row = one_row
        for group in (self._ranking, self._showing):
            self._grid.removeWidget(group)
        self._grid.addWidget(self._showing, 0, 2)
        if one_row:
            self._grid.addWidget(self._ranking, 0, 1)
        else:
            self._grid.addWidget(self._ranking, 1, 0, 1, 3)

    def _connect(self) -> None:
        self.modes.chosen.connect(self._tell)
        self.slider.valueChanged.connect(self._on_weights)
        self._choices.triggered.connect(self._on_normalisation)
        self.orders.currentIndexChanged.connect(lambda: self.order_changed.emit(self.order))
        self.cells.valueChanged.connect(self.cell_side_changed)
        self.smaller.clicked.connect(lambda: self.set_cell_side(self.cell_side - 2 * _CELL_STEP))
        self.larger.clicked.connect(lambda: self.set_cell_side(self.cell_side + 2 * _CELL_STEP))

    def _on_weights(self) -> None:
        self.set_fusion(Fusion(self._fusion.normalisation, self.slider.weights))

    def _on_normalisation(self) -> None:
        self.set_fusion(Fusion(self._choices.checkedAction().data(), self._fusion.weights))

    def _tell(self) -> None:
        self._show_state()
        self.changed.emit(self.mode, self._fusion)

    def _show_state(self) -> None:
        with QSignalBlocker(self.slider):
            self.slider.set_weights(self._fusion.weights)
        self.value.setText(self.slider.label())
        for action in self._choices.actions():
            action.setChecked(action.data() == self._fusion.normalisation)
        for widget in (self.slider, self.value, self.more, *self.ends):
            widget.setEnabled(self.mode == "fused")

    def minimumSizeHint(self) -> QSize:
        groups = (self._ranking.minimumSizeHint(), self._showing.minimumSizeHint())
        width = max(group.width() for group in groups)  # it can always make two rows
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        groups = (self._ranking.sizeHint(), self._showing.sizeHint())
        needed = sum(group.width() + _BETWEEN for group in groups) + _SUMMARY_WIDTH
        if (one_row := self.width() >= needed) != self._one_row:
            self._place(one_row=one_row)


def _row(*widgets: QWidget) -> QWidget:
    group = QWidget()
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for widget in widgets:
        row.addWidget(widget)
    return group


def _dotted(name: str, colour: str) -> QLabel:
    """An encoder's name with its colour, as in the score bars of the photos."""
    return QLabel(f"<span style='color:{colour}'>●</span>&nbsp;{name}")
