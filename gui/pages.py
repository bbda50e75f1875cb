"""The pages in the middle of the window, and the buttons that lead to them."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QToolButton, QWidget

from gui.theme import icon

Page = Literal["welcome", "photos", "problems", "evaluation"]


class Pages(QStackedWidget):
    """One page at a time; one that is heavy is made when it is first wanted.

    Signals:
        turned: arg1: str, the page that is shown now.

    Args:
        made: the pages that are there, by name.
        to_be_made: makes the others.
        parent: Qt's.
    """

    turned = Signal(str)

    def __init__(
        self,
        made: dict[Page, QWidget],
        to_be_made: dict[Page, Callable[[], QWidget]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._made = made
        self._to_be_made = to_be_made
        self.page: Page = "photos"
        for widget in made.values():
            self.addWidget(widget)

    def turn_to(self, page: Page) -> None:
        """Show this page."""
        if page not in self._made:
            self._made[page] = self._to_be_made[page]()
            self.addWidget(self._made[page])
        self.page = page
        self.setCurrentWidget(self._made[page])
        self.turned.emit(page)


class PageBar(QWidget):
    """Buttons beside the search bar; one that is down leads back to the photos.

    Signals:
        page_wanted: arg1: str, a page.
        settings_wanted: the dialog is to be opened.
        details_wanted: arg1: bool, whether the details are to be seen.
    """

    page_wanted = Signal(str)
    settings_wanted = Signal()
    details_wanted = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._pages = {
            "evaluation": self._add("chart", self.tr("Evaluation")),
            "problems": self._add("problems", self.tr("Problems")),
        }
        self._settings = self._add("settings", self.tr("Settings"))
        self._details = self._add("info", self.tr("Details"))
        self._settings.setCheckable(False)
        self._settings.clicked.connect(self.settings_wanted)
        self._details.setChecked(True)
        self._details.toggled.connect(self.details_wanted)
        for page, button in self._pages.items():
            button.clicked.connect(
                lambda down, page=page: self.page_wanted.emit(page if down else "photos")
            )

    def show_page(self, page: str) -> None:
        """Hold down the button of the page that is shown."""
        for name, button in self._pages.items():
            button.setChecked(name == page)

    def show_details(self, shown: bool) -> None:
        """Hold down the button of the details while they are to be seen."""
        self._details.setChecked(shown)

    def show_problems(self, count: int) -> None:
        """Say how many files cannot be read."""
        words = self.tr("%Ln problem(s)", "", count) if count else self.tr("Problems")
        button = self._pages["problems"]
        button.setToolTip(words)
        button.setAccessibleName(words)

    def _add(self, name: str, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setIcon(icon(name))
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.addWidget(button)
        return button
