"""The main window: what lies where, and who hears whom."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.errors import EngineError, QueryError
from engine.search.composing import Wish
from gui.about import show_about
from gui.columns import Columns
from gui.drop_window import DropWindow
from gui.engine_sentences import translated
from gui.folder_panel import FolderPanel
from gui.folders import Folders
from gui.intake import Intake
from gui.language import collation_key
from gui.logs import log_file
from gui.menus import Menus
from gui.message_bar import MessageBar
from gui.models.control import ModelsControl
from gui.pages import Page, PageBar, Pages
from gui.photos_page import PhotosPage
from gui.problems import Problems, open_folder
from gui.problems_page import ProblemsPage
from gui.progress_strip import ProgressStrip
from gui.search_bar import SearchBar
from gui.search_field import FIELD_HEIGHT
from gui.searching import Restriction
from gui.session import Session
from gui.settings import Settings
from gui.tasks import TaskRunner
from gui.welcome_page import WelcomePage

if TYPE_CHECKING:
    from gui.evaluation.panel import EvaluationPanel

FIRST_SIZE = (1280, 800)
SMALLEST_SIZE = (600, 480)
MARGIN = 8
TITLE_BAR = 32


class MainWindow(DropWindow):
    """Everything the user sees of one open library.

    Signals:
        closed: the user has closed it.
        settings_wanted: the user wants to change them.
        reopen_wanted: the library must be opened anew, with other models.
        quit_wanted: the user wants to end the program, tray and all.

    Args:
        session: the library; its owner starts it once the window is shown.
        tasks: runs what takes long.
        settings: how it looks at first.
    """

    closed = Signal()
    settings_wanted = Signal()
    reopen_wanted = Signal()
    quit_wanted = Signal()

    def __init__(self, session: Session, tasks: TaskRunner, settings: Settings) -> None:
        super().__init__()
        self.session, self.tasks = session, tasks
        self._details_wanted = True
        self._make_widgets()
        self._lay_out()
        self._connect_session()
        self._connect_pages()
        self._connect_search()
        self._connect_menus()
        self.search_bar.set_history(list(settings.search_history))
        self.photos.fusion_bar.set_mode(settings.mode)
        self.apply(settings)
        self.restoreGeometry(QByteArray.fromBase64(settings.window_geometry.encode()))

    def apply(self, settings: Settings) -> None:
        """Take over what the user has set."""
        self.photos.set_cell_side(settings.cell_side)
        self.photos.viewer.set_slideshow_seconds(settings.slideshow_seconds)
        self.models.suggestion.made |= settings.models_suggested

    def state(self) -> dict[str, Any]:
        """What the user has changed in the window, by the names of settings."""
        return {
            "cell_side": self.photos.fusion_bar.cell_side,
            "mode": self.photos.fusion_bar.mode,
            "search_history": tuple(self.search_bar.history),
            "models_suggested": self.models.suggestion.made,
            "window_geometry": bytes(self.saveGeometry().toBase64().data()).decode("ascii"),
        }

    def tell(self, sentence: str, *, lasting: bool = False) -> None:
        """Show a sentence of the engine or of the window's own."""
        self.message_bar.tell(translated(sentence), lasting=lasting)

    def take_in(self, paths: Iterable[bytes]) -> None:
        """Add folders that were dropped or named on the command line, and look into photos."""
        self.intake.take_in(paths)

    def close_down(self) -> None:
        """End what works for the window; the session and the tasks are their owner's to close."""
        if self.evaluation is not None:
            self.evaluation.close_run()
        self.photos.close_down()

    def _make_widgets(self) -> None:
        self.setWindowTitle(self.tr("Ảnh Ơi"))
        self.setMinimumSize(*SMALLEST_SIZE)
        self.resize(self._first_size())
        self.intake = Intake(self.session, self)
        self.photos = PhotosPage(self.session, self.tasks)
        self.search_bar = SearchBar(self.tasks, self.photos.thumbnails.pixmap)
        self.page_bar = PageBar()
        self.message_bar = MessageBar()
        self.models = ModelsControl(self.session, self.tasks, self.message_bar, self)
        self.folder_panel = FolderPanel(collation_key)
        self.folders = Folders(self.folder_panel, self.session, self.photos, self)
        self.welcome = WelcomePage()
        self.problems_page = ProblemsPage()
        self.problems = Problems(self.problems_page, self.session, self)
        self.progress_strip = ProgressStrip()
        self.evaluation: EvaluationPanel | None = None
        self.pages = Pages(
            {"photos": self.photos, "welcome": self.welcome, "problems": self.problems_page},
            {"evaluation": self._make_evaluation},
        )

    def _first_size(self) -> QSize:
        """As planned, or what the screen has room for with a title bar."""
        room = self.screen().availableSize() - QSize(0, TITLE_BAR)
        return QSize(*FIRST_SIZE).boundedTo(room)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        top.setSpacing(MARGIN)
        top.addWidget(self.search_bar, 1)
        top.addWidget(self.page_bar, 0, Qt.AlignmentFlag.AlignTop)
        self.page_bar.setFixedHeight(FIELD_HEIGHT)
        self.columns = Columns(self.folder_panel, self.pages, self.photos.panel)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.message_bar)
        column.addWidget(self.columns, 1)
        column.addWidget(self.models.strip)
        column.addWidget(self.progress_strip)
        self.setCentralWidget(centre)
        self.search_bar.setFocus()

    def _connect_session(self) -> None:
        session = self.session
        session.opened.connect(self._tell_of_damage)
        session.photos_added.connect(lambda _: self._leave_welcome())
        session.folders_changed.connect(lambda _: self._follow_folders())
        session.progressed.connect(self.progress_strip.show_progress)
        session.problems_changed.connect(self.page_bar.show_problems)
        self.progress_strip.pause_wanted.connect(
            lambda paused: session.pause() if paused else session.resume()
        )
        self.progress_strip.cancel_wanted.connect(session.cancel)
        self.models.reopen_wanted.connect(self.reopen_wanted)

    def _connect_pages(self) -> None:
        self.page_bar.page_wanted.connect(self._turn_to)
        self.page_bar.settings_wanted.connect(self.settings_wanted)
        self.page_bar.details_wanted.connect(self._want_details)
        self.pages.turned.connect(self.page_bar.show_page)
        self.pages.turned.connect(lambda _: self._follow_page())
        self.dragged_over.connect(self.welcome.set_drop_highlight)
        self.dropped.connect(self.take_in)
        self.intake.told.connect(self.message_bar.tell)
        self.intake.wished.connect(self.search_bar.set_wish)
        for adds in (self.welcome, self.folder_panel):
            adds.add_wanted.connect(self.intake.choose)
        self.folder_panel.problems_wanted.connect(lambda: self._turn_to("problems"))
        self.folders.chosen.connect(self._restrict)
        self.welcome.folder_offered.connect(lambda path: self.take_in([path]))

    def _connect_search(self) -> None:
        self.search_bar.wish_changed.connect(self._wish)
        self.search_bar.cleared.connect(lambda: self._wish(Wish()))
        self.search_bar.escaped.connect(lambda: self.photos.grid.setFocus())
        self.search_bar.translation.models_wanted.connect(self.models.open)
        self.photos.browser.shown.connect(
            lambda found: self.search_bar.show_wording(found.scores.wording if found else None)
        )
        self.photos.search.busy.connect(self.search_bar.show_busy)
        self.photos.search.refused.connect(self._refuse)
        self.photos.similar_wanted.connect(lambda id_: self.search_bar.set_wish(Wish(picture=id_)))
        self.photos.told.connect(self.tell)
        self.photos.grid.typed.connect(self._type)

    def _connect_menus(self) -> None:
        menus = Menus(self.menuBar(), self.photos.photo_actions)
        menus.add_wanted.connect(self.intake.choose)
        menus.search_wanted.connect(self.search_bar.setFocus)
        menus.paste_wanted.connect(self.search_bar.paste_picture)
        menus.clear_wanted.connect(self.search_bar.clear)
        menus.pause_wanted.connect(self.session.toggle_pause)
        menus.details_wanted.connect(lambda: self._want_details(not self._details_wanted))
        menus.models_wanted.connect(self.models.open)
        menus.settings_wanted.connect(self.settings_wanted)
        menus.quit_wanted.connect(self.quit_wanted)
        menus.full_screen_wanted.connect(
            lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        )
        menus.mode_wanted.connect(self.photos.use_mode)
        menus.page_wanted.connect(self._turn_to)
        menus.cells_wanted.connect(self.photos.grow_cells)
        menus.log_wanted.connect(lambda: open_folder(bytes(log_file())))
        menus.about_wanted.connect(lambda: show_about(self))

    def _make_evaluation(self) -> QWidget:
        from gui.evaluation_page import make_evaluation  # its charts take long to load

        self.evaluation = make_evaluation(self.session, self.tasks, self.photos)
        return self.evaluation

    def _tell_of_damage(self, set_aside: object) -> None:
        if set_aside is not None:
            sentence = self.tr(
                "The library was damaged. It was set aside as {path}, and a new one begun."
            )
            self.message_bar.tell(sentence.format(path=set_aside), lasting=True)

    def _follow_folders(self) -> None:
        self._fit_panels()
        if self.pages.page in ("photos", "welcome"):
            self._turn_to("photos")

    def _leave_welcome(self) -> None:
        """Show the first photos as they come, before they have been counted."""
        if self.pages.page == "welcome":
            self.pages.turn_to("photos")

    def _turn_to(self, page: Page) -> None:
        """Turn to a page; while there is no photo, the welcome stands in for the photos."""
        if page == "photos" and not self.session.folders:
            page = "welcome"
        if page != self.pages.page:
            self.pages.turn_to(page)

    def _want_details(self, wanted: bool) -> None:
        self._details_wanted = wanted
        self.page_bar.show_details(wanted)
        self._fit_panels()

    def _follow_page(self) -> None:
        """Details, the keys of photos and a translation belong to the page of photos."""
        on_photos = self.pages.page == "photos"
        self.photos.photo_actions.set_photos(self.photos.grid.selected_ids() if on_photos else [])
        self.search_bar.translation.stand_beside_results(on_photos)
        self._fit_panels()

    def _fit_panels(self) -> None:
        self.columns.want(
            folders=bool(self.session.folders),
            details=self._details_wanted and self.pages.page == "photos",
        )

    def _wish(self, wish: Wish) -> None:
        self.photos.set_wish(wish)
        if wish:
            self._turn_to("photos")

    def _refuse(self, error: EngineError) -> None:
        if isinstance(error, QueryError):
            self.search_bar.show_error(translated(str(error)), error.start, error.end)
        else:
            self.tell(str(error), lasting=True)

    def _restrict(self, restriction: Restriction) -> None:
        self.photos.restrict(restriction)
        self._turn_to("photos")

    def _type(self, characters: str) -> None:
        self.search_bar.setFocus()
        self.search_bar.line.insert(characters)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
