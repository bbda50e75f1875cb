"""The menu bar: everything the window can do, by name and by key."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from engine.search.scores import MODES, Mode
from gui.photos.photo_actions import PhotoActions
from gui.theme import icon


class Menus(QObject):
    """Fills the menu bar.

    Signals:
        add_wanted: another folder. The others likewise say what is wanted.
        mode_wanted: arg1: str, which encoders rank.
        page_wanted: arg1: str, a page.
        cells_wanted: arg1: int, how many steps larger the photos shall be; -1 is one smaller.

    Args:
        bar: of the window.
        photos: what can be done with the selected photos.
    """

    add_wanted = Signal()
    search_wanted = Signal()
    paste_wanted = Signal()
    clear_wanted = Signal()
    models_wanted = Signal()
    settings_wanted = Signal()
    quit_wanted = Signal()
    pause_wanted = Signal()
    details_wanted = Signal()
    full_screen_wanted = Signal()
    about_wanted = Signal()
    log_wanted = Signal()
    mode_wanted = Signal(str)
    page_wanted = Signal(str)
    cells_wanted = Signal(int)

    def __init__(self, bar: QMenuBar, photos: PhotoActions) -> None:
        super().__init__(bar)
        self._fill_file(bar.addMenu(self.tr("&File")))
        self._fill_photo(bar.addMenu(self.tr("&Photo")), photos)
        self._fill_search(bar.addMenu(self.tr("&Search")))
        self._fill_view(bar.addMenu(self.tr("&View")))
        self._fill_help(bar.addMenu(self.tr("&Help")))

    def _fill_file(self, menu: QMenu) -> None:
        self._add(menu, self.tr("&Add a folder…"), "Ctrl+O", self.add_wanted, "folder-add")
        self._add(menu, self.tr("&Pause or resume indexing"), "Ctrl+P", self.pause_wanted, "pause")
        menu.addSeparator()
        self._add(menu, self.tr("&Models…"), "Ctrl+M", self.models_wanted, "similar")
        settings = self._add(
            menu, self.tr("S&ettings…"), "Ctrl+,", self.settings_wanted, "settings"
        )
        settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        menu.addSeparator()
        leave = self._add(menu, self.tr("&Quit"), "Ctrl+Q", self.quit_wanted, None)
        leave.setMenuRole(QAction.MenuRole.QuitRole)

    def _fill_photo(self, menu: QMenu, photos: PhotoActions) -> None:
        menu.addActions(photos.for_window())

    def _fill_search(self, menu: QMenu) -> None:
        self._add(menu, self.tr("&Search for…"), "Ctrl+F", self.search_wanted, "search")
        self._add(
            menu,
            self.tr("Search with the copied &picture"),
            "Ctrl+Shift+V",
            self.paste_wanted,
            "image",
        )
        self._add(menu, self.tr("&Clear the search"), "Ctrl+L", self.clear_wanted, "clear")
        menu.addSeparator()
        names: dict[Mode, str] = {
            "fused": self.tr("Rank by &both encoders"),
            "openclip": self.tr("Rank by &OpenCLIP alone"),
            "beit3": self.tr("Rank by B&EiT3 alone"),
        }
        for number, mode in enumerate(MODES, 1):
            action = self._add(menu, names[mode], f"Ctrl+{number}", None, None)
            action.triggered.connect(lambda _=False, mode=mode: self.mode_wanted.emit(mode))

    def _fill_view(self, menu: QMenu) -> None:
        pages = (
            ("photos", self.tr("&Photos"), "Alt+1"),
            ("evaluation", self.tr("&Evaluation"), "Alt+2"),
            ("problems", self.tr("P&roblems"), "Alt+3"),
        )
        for page, name, keys in pages:
            action = self._add(menu, name, keys, None, None)
            action.triggered.connect(lambda _=False, page=page: self.page_wanted.emit(page))
        menu.addSeparator()
        for steps, name, keys in (
            (1, self.tr("&Larger photos"), "Ctrl++; Ctrl+="),  # the second needs no Shift
            (-1, self.tr("S&maller photos"), "Ctrl+-"),
        ):
            action = self._add(menu, name, keys, None, None)
            action.triggered.connect(lambda _=False, steps=steps: self.cells_wanted.emit(steps))
        menu.addSeparator()
        self._add(menu, self.tr("&Details"), "F9", self.details_wanted, "info")
        self._add(menu, self.tr("&Full screen"), "F11", self.full_screen_wanted, "fullscreen")

    def _fill_help(self, menu: QMenu) -> None:
        self._add(menu, self.tr("Show the &log"), None, self.log_wanted, None)
        about = self._add(menu, self.tr("&About Ảnh Ơi"), None, self.about_wanted, "info")
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _add(
        self, menu: QMenu, text: str, keys: str | None, signal: object, name: str | None
    ) -> QAction:
        action = QAction(text, self)
        if name:
            action.setIcon(icon(name))
        if keys:
            action.setShortcuts(QKeySequence.listFromString(keys))
        if signal is not None:
            action.triggered.connect(lambda _=False: signal.emit())  # type: ignore[attr-defined]
        menu.addAction(action)
        return action
