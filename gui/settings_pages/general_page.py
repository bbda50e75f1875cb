"""Language, looks, and how the program starts and ends."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QSpinBox, QWidget

from engine import updates
from gui.settings import LONGEST_SLIDE, SHORTEST_SLIDE, Settings
from gui.settings_pages.page import SettingsPage, check_box, choose, combo, hint_label


class GeneralPage(SettingsPage):
    """What concerns the window and not the photos.

    Signals:
        updates_wanted: the user wants to know now whether there is a newer version.

    Args:
        parent: Qt's.
    """

    updates_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("General"), parent)
        self.language = combo(
            {"system": self.tr("As the system"), "vi": "Tiếng Việt", "en": "English"},
            self.edited.emit,
        )
        self.theme = combo(
            {
                "system": self.tr("As the system"),
                "light": self.tr("Light"),
                "dark": self.tr("Dark"),
                "contrast": self.tr("High contrast"),
            },
            self.edited.emit,
        )
        self.slideshow = self._make_slideshow()
        self.start = check_box(self.tr("Start Ảnh Ơi when I log in"), self.edited.emit)
        self.tray = check_box(
            self.tr("Go on in the tray when the window is closed"), self.edited.emit
        )
        self.updates = check_box(self.tr("Look for new versions once a day"), self.edited.emit)
        self.updates_button = QPushButton(self.tr("Look for one now"))
        self.updates_button.setAutoDefault(False)
        self.updates_button.clicked.connect(self._look_for_updates)
        self.updates_label = hint_label("")
        self._lay_out()

    def show_updates(self, sentence: str) -> None:
        """Tell what came of looking for a new version."""
        self.updates_label.setText(sentence)
        self.updates_button.setEnabled(bool(updates.ADDRESS))

    def show_settings(self, settings: Settings) -> None:
        choose(self.language, settings.language)
        choose(self.theme, settings.theme)
        self.slideshow.setValue(settings.slideshow_seconds)
        self.start.setChecked(settings.start_with_system)
        self.tray.setChecked(settings.keep_in_tray)
        self.updates.setChecked(settings.check_updates)

    def edited_settings(self, settings: Settings) -> Settings:
        return replace(
            settings,
            language=self.language.currentData(),
            theme=self.theme.currentData(),
            slideshow_seconds=self.slideshow.value(),
            start_with_system=self.start.isChecked(),
            keep_in_tray=self.tray.isChecked(),
            check_updates=self.updates.isChecked(),
        )

    def _make_slideshow(self) -> QSpinBox:
        box = QSpinBox()
        box.setRange(SHORTEST_SLIDE, LONGEST_SLIDE)
        box.setSuffix(self.tr(" s a photo"))
        box.setFixedWidth(160)
        box.lineEdit().setTextMargins(8, 0, 0, 0)
        box.setAlignment(Qt.AlignmentFlag.AlignLeft)
        box.valueChanged.connect(lambda value: self.edited.emit())
        return box

    def _lay_out(self) -> None:
        self._add_row(self.tr("Language"), self.language)
        self._add_row(self.tr("Appearance"), self.theme)
        self._add_row(self.tr("Slideshow"), self.slideshow)
        self._add_row("", self.start)
        watching = self.tr("New and changed photos are then noticed and made searchable at once.")
        self._add_row("", self.tray, hint_label(watching))
        self._add_updates()
        self._column.addStretch()

    def _add_updates(self) -> None:
        words = self.tr("Asks the project's page for one file, and tells it this version's number.")
        if not updates.ADDRESS:
            words = self.tr("The project has no page yet that tells of new versions.")
            self.updates.setEnabled(False)
            self.updates_button.setEnabled(False)
        self._add_row("", self.updates, hint_label(words))
        self._add_row("", self.updates_button, self.updates_label)

    def _look_for_updates(self) -> None:
        self.updates_button.setEnabled(False)  # until there is an answer
        self.updates_label.setText(self.tr("Looking for a new version…"))
        self.updates_wanted.emit()
