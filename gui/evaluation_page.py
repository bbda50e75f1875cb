"""The page of the evaluation, joined to the open library and its photos."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine.library.library import Library
from engine.workspace import Workspace
from gui.evaluation.panel import EvaluationPanel
from gui.photos_page import PhotosPage
from gui.session import Session
from gui.tasks import TaskRunner


def make_evaluation(session: Session, tasks: TaskRunner, photos: PhotosPage) -> EvaluationPanel:
    """Make the page; its charts take a moment to load, so not before it is wanted."""

    @contextmanager
    def open_marks() -> Iterator[Workspace]:  # in the evaluation's thread
        with Library.open_to_read(session.library_folder) as library:
            yield session.workspace(library)

    panel = EvaluationPanel(
        tasks, session.library_folder, open_marks, lambda: photos.fusion_bar.fusion
    )
    panel.fusion_chosen.connect(photos.use_fusion)
    panel.photo_wanted.connect(lambda photo_id: photos.viewer.show_photos([photo_id], 0))
    panel.pair_wanted.connect(session.prepare_pair)
    session.pair_switched.connect(lambda _: panel.look_again())
    photos.fusion_bar.changed.connect(lambda mode, fusion: panel.show_fusion())
    return panel
