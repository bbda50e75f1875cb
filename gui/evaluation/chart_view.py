"""What both charts share: the theme's colours, tool tips, a picture of the chart."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCharts import QAbstractAxis, QChart, QChartView, QLegend, QXYSeries
from PySide6.QtCore import QEvent, QLocale, QMargins, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from engine.errors import FolderError
from gui.theme import blended

_PICTURE_SCALE = 2.0
_GRID = 0.14  # how much of the text's colour the grid has
_LINE = 2.0  # pixels
_SMALL = 0.85  # of the font: a legend that is too wide loses the ends of its words
_LEAST = (360, 216)  # pixels


class ChartView(QChartView):
    """A chart of lines over a horizontal and a vertical axis."""

    def __init__(
        self, axes: tuple[QAbstractAxis, QAbstractAxis], parent: QWidget | None = None
    ) -> None:
        super().__init__(QChart(), parent)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setFrameShape(QChartView.Shape.NoFrame)
        self.setMinimumSize(*_LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.setMouseTracking(True)
        self._horizontal, self._vertical = axes
        chart = self.chart()
        chart.setMargins(QMargins(0, 0, 0, 0))
        chart.setBackgroundVisible(False)
        chart.setLocale(QLocale())
        chart.setLocalizeNumbers(True)
        chart.legend().setAlignment(Qt.AlignmentFlag.AlignBottom)
        for layout in (chart.layout(), chart.legend().layout()):
            layout.setContentsMargins(0, 0, 0, 0)  # room for the names
        chart.legend().setMarkerShape(QLegend.MarkerShape.MarkerShapeFromSeries)
        chart.addAxis(self._horizontal, Qt.AlignmentFlag.AlignBottom)
        chart.addAxis(self._vertical, Qt.AlignmentFlag.AlignLeft)
        for axis in axes:
            axis.setTitleFont(self.font())
            axis.setLabelsFont(self.font())
        small = self.font()
        small.setPointSizeF(_SMALL * small.pointSizeF())
        chart.legend().setFont(small)

    def save_picture(self, path: Path) -> None:
        """Write the chart as it stands, at twice the size, as the ending says (.png).

        Raises:
            FolderError: the file cannot be written.
        """
        if not self._picture().save(str(path)):
            raise FolderError(self.tr("The picture {path} cannot be written.").format(path=path))

    def colour(self, role: QPalette.ColorRole) -> QColor:
        """A colour of the theme."""
        return self.palette().color(role)

    def add_series(self, series: QXYSeries) -> None:
        """Take a line or marks into the chart, along both axes."""
        self.chart().addSeries(series)
        series.attachAxis(self._horizontal)
        series.attachAxis(self._vertical)

    def value_at(self, position: QPointF) -> QPointF | None:
        """The values under a place of the view; None outside the axes."""
        place = self.chart().mapFromScene(self.mapToScene(position.toPoint()))
        if not self.chart().plotArea().contains(place):
            return None
        return self.chart().mapToValue(place)

    def words_at(self, value: QPointF) -> str:
        """What the tool tip says at these values; a chart has its own."""
        raise NotImplementedError

    def paint_in_theme(self) -> None:
        """Take the colours of the palette; a chart adds those of its lines."""
        text, base = self.colour(QPalette.ColorRole.Text), self.colour(QPalette.ColorRole.Base)
        quiet = self.colour(QPalette.ColorRole.PlaceholderText)
        grid = blended(text, base, _GRID)
        self.setBackgroundBrush(base)
        for axis in (self._horizontal, self._vertical):
            axis.setLabelsColor(quiet)
            axis.setTitleBrush(quiet)
            axis.setLinePenColor(grid)
            axis.setGridLineColor(grid)
            axis.setMinorGridLineColor(grid)
        self.chart().legend().setLabelColor(text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.paint_in_theme()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        value = self.value_at(event.position())
        if value is None:
            QToolTip.hideText()
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.words_at(value), self)

    def _picture(self) -> QImage:
        image = QImage(self.size() * _PICTURE_SCALE, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_PICTURE_SCALE)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.render(painter, QRectF(QPointF(), QSizeF(self.size())), self.rect())
        painter.end()
        return image


def pen(colour: QColor, style: Qt.PenStyle = Qt.PenStyle.SolidLine, width: float = _LINE) -> QPen:
    """The pen of a line in a chart."""
    drawn = QPen(colour, width, style)
    drawn.setCapStyle(Qt.PenCapStyle.RoundCap)
    drawn.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return drawn


def set_points(series: QXYSeries, points: Sequence[tuple[float, float]]) -> None:
    """Give a line or marks other points, all at once."""
    series.replace([QPointF(x, y) for x, y in points])
