"""The columns of the window: folders, pages, details."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

# Narrower windows do without the details first, then without the folders.
WIDTH_WITH_DETAILS, WIDTH_WITH_FOLDERS = 1080, 820
WIDTHS = (232, 748, 300)  # pixels, at first


class Columns(QSplitter):
    """Shows the columns beside the pages that are wanted and have room.

    Args:
        folders: left.
        pages: in the middle; never hidden.
        details: right.
        parent: Qt's.
    """

    def __init__(
        self, folders: QWidget, pages: QWidget, details: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._folders, self._details = folders, details
        self._folders_wanted = self._details_wanted = False
        for column in (folders, pages, details):
            self.addWidget(column)
        self.setSizes(list(WIDTHS))
        self.setStretchFactor(1, 1)
        self.setCollapsible(1, False)

    def want(self, *, folders: bool, details: bool) -> None:
        """Show these where there is room."""
        self._folders_wanted, self._details_wanted = folders, details
        self._fit()

    def _fit(self) -> None:
        self._details.setVisible(self._details_wanted and self.width() >= WIDTH_WITH_DETAILS)
        self._folders.setVisible(self._folders_wanted and self.width() >= WIDTH_WITH_FOLDERS)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
