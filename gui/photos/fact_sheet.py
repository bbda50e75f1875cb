"""The facts of a photo below its picture."""

import os

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.images.shooting import Shooting
from gui.flat_button import FlatButton
from gui.photos import photo_facts
from gui.photos.fact_rows import FactRow, PathLine, PlaceRow
from gui.photos.score_section import ScoreSection
from gui.photos.shown_photo import ShownPhoto
from gui.theme import FAVOURITE_COLOUR, WARNING_COLOUR, icon

_GAP = 12
_ICON_SIDE = 18


class FactSheet(QWidget):
    """Name, folder, date, size, camera, place and scores of a photo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._camera_name = ""
        self.name = QLabel(self, wordWrap=True)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setProperty("role", "heading")
        self.folder = PathLine(self)
        self.folder.setProperty("role", "hint")
        self.folder.setAccessibleName(self.tr("Folder"))
        self.favourite = FlatButton("heart", self.tr("Favourite"), self)
        self.favourite.setCheckable(True)
        self._notice = FactRow("problems", self.tr("Notice"), self, WARNING_COLOUR)
        self.taken = FactRow("calendar", self.tr("Date taken"), self)
        self.size_row = FactRow("image", self.tr("Size"), self)
        self.camera = FactRow("camera", self.tr("Camera"), self)
        self.exposure = FactRow("aperture", self.tr("Exposure"), self)
        self.place = PlaceRow(self)
        self.scores = ScoreSection(self)
        self._lay_out()

    @property
    def notice(self) -> str:
        """What is wrong with the file; "" when nothing is."""
        return self._notice.text

    def show_photo(self, shown: ShownPhoto, *, keep_shooting: bool) -> None:
        """Show the facts of a photo.

        Args:
            shown: the photo.
            keep_shooting: it is the same as before, whose camera settings stay.
        """
        photo = shown.photo
        folder, name = os.path.split(photo.shown_path)
        self.name.setText(_breakable(name))
        self.name.setAccessibleName(name)
        self.folder.show_text(folder)
        self._notice.show_text(self._notice_of(shown))
        self.taken.show_text(photo_facts.date_taken(photo))
        self.size_row.show_text(photo_facts.dimensions(photo))
        self.place.show_place(photo)
        self.scores.show_scores(shown)
        self._show_favourite(shown.favourite)
        self._camera_name = photo.camera or ""
        if not keep_shooting:
            self.show_shooting(Shooting())

    def show_shooting(self, shooting: Shooting) -> None:
        """Show how the photo was shot."""
        self.camera.show_text(*_shifted(self._camera_name, shooting.lens or ""))
        self.exposure.show_text(
            *_shifted(photo_facts.exposure(shooting), photo_facts.exposure_details(shooting))
        )

    def _notice_of(self, shown: ShownPhoto) -> str:
        if not shown.online:
            return self.tr("Its drive or folder is not connected.")
        return self.tr("The file is no longer there.") if shown.photo.missing else ""

    def _show_favourite(self, favourite: bool) -> None:
        self.favourite.setChecked(favourite)
        filled, empty = icon("heart-filled", FAVOURITE_COLOUR), icon("heart")
        self.favourite.setIcon(filled if favourite else empty)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.name, 1)
        head.addWidget(self.favourite, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_GAP)
        title = QVBoxLayout()
        title.setSpacing(2)
        title.addLayout(head)
        title.addWidget(self.folder)
        column.addLayout(title)
        for row in (self._notice, self.taken, self.size_row, self.camera, self.exposure):
            column.addWidget(row)
        column.addWidget(self.place)
        column.addSpacing(4)
        column.addWidget(self.scores)


def _shifted(text: str, more: str) -> tuple[str, str]:
    """What stands below moves up where there is nothing above it."""
    return (text, more) if text else (more, "")


def _breakable(name: str) -> str:
    # A label breaks lines at spaces only, and names of files seldom have any.
    return "".join(f"{letter}\u200b" if letter in "_-" else letter for letter in name)
