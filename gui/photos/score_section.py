"""How well a photo fits the query, and what each encoder says of it."""

from PySide6.QtCore import QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gui.photos.shown_photo import ShownPhoto
from gui.theme import BEIT3_COLOUR, OPENCLIP_COLOUR

_BAR_HEIGHT = 6
_ENCODERS = (("OpenCLIP", OPENCLIP_COLOUR), ("BEiT3", BEIT3_COLOUR))


class ScoreSection(QWidget):
    """The place of a photo in the ranking, with a row an encoder."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = QLabel(self)
        self._place.setProperty("role", "heading")
        self._score = QLabel(self, alignment=Qt.AlignmentFlag.AlignRight)
        self._score.setProperty("role", "hint")
        self._score.setToolTip(self.tr("The score that the photo is ranked by"))
        self._rows = [_EncoderRow(name, colour, self) for name, colour in _ENCODERS]
        top = QGridLayout()
        top.addWidget(self._place, 0, 0)
        top.addWidget(self._score, 0, 1, Qt.AlignmentFlag.AlignBottom)
        top.setColumnStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(top)
        for row in self._rows:
            column.addWidget(row)

    @property
    def texts(self) -> list[str]:
        """What it says, line by line."""
        return [self._place.text(), self._score.text(), *(row.text for row in self._rows)]

    def show_scores(self, shown: ShownPhoto) -> None:
        """Show these, or nothing where nothing is searched."""
        self.setVisible(shown.score is not None)
        if shown.score is None:
            return
        self._place.setText(self._place_of(shown))
        self._score.setText(
            self.tr("score {score}").format(score=QLocale().toString(shown.score, "f", 3))
        )
        cosines, ranks = shown.cosines or (None, None), shown.ranks or (None, None)
        parts, shares = shown.parts or (None, None), shown.shares or (None, None)
        for row, cosine, rank, part, share in zip(
            self._rows, cosines, ranks, parts, shares, strict=True
        ):
            row.show_values(cosine, rank, part, share)

    def _place_of(self, shown: ShownPhoto) -> str:
        if shown.position is None:
            return ""
        locale = QLocale()
        position = locale.toString(shown.position)
        if shown.total is None:
            return self.tr("Place {position}").format(position=position)
        return self.tr("Place {position} of {total}").format(
            position=position, total=locale.toString(shown.total)
        )


class _EncoderRow(QWidget):
    def __init__(self, name: str, colour: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = QLabel(name, self)
        self._text = QLabel(self, alignment=Qt.AlignmentFlag.AlignRight)
        self._text.setProperty("role", "hint")
        self._bar = _Bar(colour, self)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(self._text, 0, 1)
        grid.addWidget(self._bar, 1, 0, 1, 2)

    @property
    def text(self) -> str:
        return f"{self._name.text()}: {self._text.text()}"

    def show_values(
        self, cosine: float | None, rank: int | None, part: float | None, share: float | None
    ) -> None:
        self._text.setText(self._facts(cosine, rank))
        self._bar.setVisible(share is not None)
        self._bar.show_share(share or 0.0)
        if part is None:
            self.setToolTip("")
        else:
            self.setToolTip(
                self.tr("{encoder} adds {part} to the score").format(
                    encoder=self._name.text(), part=QLocale().toString(part, "f", 3)
                )
            )

    def _facts(self, cosine: float | None, rank: int | None) -> str:
        if cosine is None:
            return self.tr("has not seen it yet")
        locale = QLocale()
        facts = [self.tr("cosine {value}").format(value=locale.toString(cosine, "f", 3))]
        if rank is not None:
            facts.append(self.tr("rank {rank}").format(rank=locale.toString(rank)))
        return " · ".join(facts)


class _Bar(QWidget):
    def __init__(self, colour: QColor, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = colour
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_share(self, share: float) -> None:
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(0, _BAR_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        whole = QRectF(self.rect())
        radius = whole.height() / 2
        painter.setBrush(self.palette().color(QPalette.ColorRole.Midlight))
        painter.drawRoundedRect(whole, radius, radius)
        if self._share > 0:
            painter.setBrush(self._colour)
            whole.setWidth(max(whole.height(), whole.width() * self._share))
            painter.drawRoundedRect(whole, radius, radius)
