"""The page of photos: the grid with all that works on it."""

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from engine.search.composing import Wish
from engine.search.fusion import Fusion
from engine.search.scores import Mode
from engine.workspace import Pair
from gui.browser import Browser
from gui.coming_pair import Ready
from gui.details import Details
from gui.folder_state import FolderState
from gui.fusion_bar import FusionBar
from gui.marks import Marks
from gui.photos.photo_actions import PhotoActions
from gui.photos.photo_grid import PhotoGrid
from gui.photos.photo_model import PhotoModel
from gui.photos.photo_panel import PhotoPanel
from gui.photos.photo_viewer import PhotoViewer
from gui.photos.preview_loader import PreviewLoader
from gui.photos.thumbnail_loader import ThumbnailLoader
from gui.searching import Found, Restriction, SearchController
from gui.session import Session
from gui.tasks import TaskRunner

UNTIL_READY = Fusion("zscore", (0.5, 0.5))  # joined so until the pair in use is known
CELL_STEP = 32  # pixels
REMEMBER_MILLISECONDS = 1_000  # a fusion is kept when the slider has rested so long


class PhotosPage(QWidget):
    """Shows photos and results; the details panel stands elsewhere in the window.

    Signals:
        similar_wanted: arg1: int, the photo that others shall be like.
        told: arg1: str, a sentence for the user.

    Args:
        session: the open library.
        tasks: runs what takes long.
        parent: Qt's.
    """

    similar_wanted = Signal(int)
    told = Signal(str)

    def __init__(self, session: Session, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.marks = Marks(session, self)
        self.search = SearchController(session, tasks, self)
        self.model = PhotoModel(self)
        self.browser = Browser(session, self.search, self.model, UNTIL_READY, self)
        self.thumbnails = ThumbnailLoader(session.library_folder, parent=self)
        self.previews = PreviewLoader(parent=self)
        self.photo_actions = PhotoActions(session.photos, tasks, self)
        self.fusion_bar = FusionBar(UNTIL_READY)
        self.grid = PhotoGrid(self.model, self.thumbnails)
        self.panel = PhotoPanel(self.previews, self.thumbnails.pixmap)
        self.details = Details(self.panel, session, self.browser, self.marks, self)
        self.viewer = PhotoViewer(session.photos, self.previews, self.thumbnails.pixmap)
        self._online: set[int] = set()
        self._chosen: tuple[Pair | None, Fusion] = None, UNTIL_READY  # by the user
        self._remembering = QTimer(self, interval=REMEMBER_MILLISECONDS, singleShot=True)
        self._lay_out()
        self._connect_results()
        self._connect_photos()

    @property
    def wish(self) -> Wish:
        """What is searched for."""
        return self.browser.wish

    def set_wish(self, wish: Wish) -> None:
        """Show the results of this; an empty one goes back to browsing."""
        self.browser.set_wish(wish)

    def restrict(self, restriction: Restriction) -> None:
        """Show none but these photos."""
        self.browser.restrict(restriction)

    def use_fusion(self, fusion: Fusion) -> None:
        """Join the scores so from now on."""
        self.fusion_bar.set_mode("fused")
        self.fusion_bar.set_fusion(fusion)

    def use_mode(self, mode: Mode) -> None:
        """Rank by both encoders or by one."""
        self.fusion_bar.set_mode(mode)

    def grow_cells(self, steps: int) -> None:
        """Make the photos so many steps larger, or smaller."""
        self.set_cell_side(self.fusion_bar.cell_side + steps * CELL_STEP)

    def set_cell_side(self, side: int) -> None:
        """Make the photos of the grid this large, in pixels."""
        self.fusion_bar.set_cell_side(side)

    def close_down(self) -> None:
        """End the threads of the page."""
        self.viewer.close()
        self.thumbnails.close()
        self.previews.close()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.fusion_bar)
        column.addWidget(self.grid, 1)

    def _connect_results(self) -> None:
        self.session.opened.connect(lambda _: self._begin())
        self.session.ready.connect(self._take_over)
        self.session.pair_switched.connect(self._take_over)
        self.fusion_bar.changed.connect(self._rank_by)
        self.fusion_bar.order_changed.connect(self.model.set_order)
        self.fusion_bar.cell_side_changed.connect(self.grid.set_cell_side)
        self.grid.cell_side_wanted.connect(self.set_cell_side)
        self.browser.summary_changed.connect(self.fusion_bar.show_summary)
        self.browser.shown.connect(self._say_what_is_missing)
        self._remembering.timeout.connect(self._remember)

    def _connect_photos(self) -> None:
        self.session.photos_altered.connect(self._forget)
        self.session.photos_embedded.connect(self._look_again)
        self.session.photos_vanished.connect(self.model.set_vanished)
        self.session.photos_vanished.connect(lambda _: self._try_again())
        self.session.folders_changed.connect(self._follow_drives)
        self.model.set_paths_provider(lambda ids: [p.path for p in self.session.photos(ids)])
        self.model.set_describer(self._describe)
        self.grid.selection_changed.connect(self.details.show)
        self.grid.selection_changed.connect(self.photo_actions.set_photos)
        self.grid.opened.connect(self._view)
        self.grid.set_menu_provider(self.photo_actions.menu)
        self.panel.opened.connect(self._view)
        self.panel.similar_wanted.connect(self.similar_wanted)
        self.photo_actions.similar_wanted.connect(self.similar_wanted)
        self.photo_actions.told.connect(self.told)
        self.photo_actions.favourite_marked.connect(self.marks.set_favourites)
        self.viewer.favourite_marked.connect(lambda id_, on: self.marks.set_favourites([id_], on))
        self.viewer.set_menu_provider(self.photo_actions.menu)
        self.viewer.addActions(self.photo_actions.for_viewer())
        self.viewer.current_changed.connect(self._follow_viewer)
        self.viewer.closed.connect(self._choose_selected)
        self.marks.favourites_kept.connect(self._list_favourites)
        for hears in (self.model, self.photo_actions, self.viewer):
            self.marks.favourites_changed.connect(hears.set_favourites)

    def _list_favourites(self) -> None:
        if self.browser.restriction.favourites:
            self.browser.refresh()

    def _begin(self) -> None:
        self.marks.load()
        self.browser.refresh()

    def _take_over(self, ready: Ready) -> None:
        with QSignalBlocker(self.fusion_bar):  # else it would be kept as the user's own choice
            self.fusion_bar.set_default(ready.default)
            self.fusion_bar.set_fusion(ready.fusion)
        self.browser.rank_by(self.fusion_bar.mode, ready.fusion)

    def _rank_by(self, mode: Mode, fusion: Fusion) -> None:
        self.browser.rank_by(mode, fusion)
        self._chosen = self.session.pair, fusion
        self._remembering.start()

    def _remember(self) -> None:
        """Keep the fusion for the pair it was chosen for: by now there may be another."""
        pair, fusion = self._chosen
        if pair:
            self.session.remember_fusion(fusion, pair)

    def _look_again(self, ids: list[int]) -> None:
        """What could not be shown may be readable by now."""
        self.thumbnails.forget([i for i in ids if self.thumbnails.failure(i) is not None])

    def _forget(self, ids: list[int]) -> None:
        self.thumbnails.forget(ids)
        self.viewer.look_again(ids)
        self.grid.viewport().update()

    def _follow_drives(self, folders: list[FolderState]) -> None:
        online = {folder.id for folder in folders if folder.online}
        if online - self._online:
            self._try_again()
        self._online = online

    def _try_again(self) -> None:
        """Files may be back that could not be shown."""
        self.thumbnails.forget_failures()
        self.grid.viewport().update()

    def _follow_viewer(self, photo_id: int) -> None:
        """What is seen large is also what is selected, so that both windows speak of one photo."""
        if photo_id != self.grid.current_id() and self.model.index_of(photo_id).isValid():
            self.grid.show_photo(photo_id)
        self.photo_actions.set_photos([photo_id])

    def _choose_selected(self) -> None:
        self.photo_actions.set_photos(self.grid.selected_ids())

    def _describe(self, photo_id: int) -> str:
        return "\n".join(photo.shown_path for photo in self.session.photos([photo_id]))

    def _view(self, photo_id: int) -> None:
        ids = self.model.ids_between(0, self.model.rowCount() - 1)
        if photo_id in ids:
            self.viewer.show_photos(ids, ids.index(photo_id))

    def _say_what_is_missing(self, found: Found | None) -> None:
        """Prepare what an empty grid says."""
        self.fusion_bar.set_searching(found is not None)
        if found is not None:
            title, hint = (
                self.tr("Nothing to show yet"),
                self.tr("The photos here are still to be embedded."),
            )
        elif self.browser.restriction.favourites:
            title = self.tr("No favourites yet")
            hint = self.tr("Press Ctrl+D on a photo to mark it as a favourite.")
        else:
            title = self.tr("No photos here")
            hint = self.tr("Drop a folder of photos on this window.")
        self.grid.set_empty_text(title, hint)
