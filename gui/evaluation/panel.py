"""The evaluation panel: how well the photos are found, and what would find them better."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from engine.errors import EngineError
from engine.search.fusion import Fusion
from gui.engine_sentences import translated
from gui.evaluation.comparing import count_lacking, pair_choices
from gui.evaluation.data_bar import DataBar
from gui.evaluation.empty_page import EmptyPage
from gui.evaluation.exporting import ExportButton
from gui.evaluation.results import Results
from gui.evaluation.running import (
    CaptionFile,
    OpenWorkspace,
    Outcome,
    Rival,
    Run,
    caption_run,
    count_marked,
)
from gui.evaluation.steps import progress_of
from gui.tasks import Task, TaskRunner

if TYPE_CHECKING:
    from gui.evaluation.running import Step


T = TypeVar("T")


class EvaluationPanel(QWidget):
    """Chooses data, runs the evaluation in the background, keeps and shows the last result.

    Args:
        tasks: runs it.
        library_folder: of the user's library.
        open_marks: opens a workspace of that library in the thread that calls it.
        fusion: tells the fusion in use.
        parent: Qt's.

    Signals:
        fusion_chosen: the best `Fusion` shall be used.
        photo_wanted: the id of a photo of the user's library.
        pair_wanted: photos shall be embedded by this pair. arg1: dict, names by family.
    """

    fusion_chosen = Signal(object)
    photo_wanted = Signal(int)
    pair_wanted = Signal(object)

    def __init__(
        self,
        tasks: TaskRunner,
        library_folder: Path,
        open_marks: OpenWorkspace,
        fusion: Callable[[], Fusion],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._library_folder = library_folder
        self._open_marks = open_marks
        self._fusion = fusion
        self._run: Run | None = None
        self._task: Task | None = None
        self.data = DataBar()
        self.data.run_wanted.connect(self.start)
        self.data.cancel_wanted.connect(self._cancel)
        self.data.other.changed.connect(self._count_lacking)
        self.data.other.prepare_wanted.connect(self.pair_wanted)
        self.results = Results(tasks)
        self.results.fusion_chosen.connect(self.fusion_chosen)
        self.results.photo_wanted.connect(self.photo_wanted)
        self.export = ExportButton(self.results.charts.save_picture)
        self.export.saved.connect(self.data.tell)
        self.export.failed.connect(partial(self.data.tell, is_error=True))
        self._lay_out()

    def start(self, captions: CaptionFile | None) -> None:
        """Evaluate a caption file, or the user's own marks, in the background."""
        self.close_run()
        fusion, names = self._fusion(), self.data.other.chosen
        rival = Rival(names, self._library_folder) if names else None
        if captions is None:
            self._run = Run(self._open_marks, None, fusion, rival)
        else:
            self._run = caption_run(self._library_folder, captions, fusion, rival)
        self.data.show_progress(self.tr("Opening the library"), None)
        self._task = self._tasks.follow(
            self._run.steps, self._take, on_error=self._fail, thread="evaluation"
        )

    def close_run(self) -> None:
        """Stop what runs, without waiting; belongs before the runner is closed."""
        if self._task is not None and self._run is not None:
            self._task.cancel()
            self._run.stop()
        self._task = self._run = None

    def show_fusion(self) -> None:
        """The fusion in use has changed."""
        self.results.best.show_in_use(self._fusion())

    def look_again(self) -> None:
        """Marks, models or the pair in use may be others by now."""
        self._ask(partial(count_marked, self._library_folder), self.data.show_marked)
        self._ask(partial(pair_choices, self._library_folder), self.data.other.show_choices)
        self.show_fusion()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look_again()

    def _count_lacking(self) -> None:
        names = self.data.other.chosen
        if names:
            self._ask(
                partial(count_lacking, self._library_folder, names),
                partial(self.data.show_lacking, names),
            )

    def _ask(self, question: Callable[[], T], on_answer: Callable[[T], None]) -> None:
        self._tasks.run(
            question, on_answer, on_error=self._tell_error, thread="evaluation questions"
        )

    def _take(self, step: "Step | Outcome") -> None:
        if isinstance(step, Outcome):
            self._finish(step)
        else:
            self.data.show_progress(*progress_of(step))

    def _finish(self, outcome: Outcome) -> None:
        self._task = self._run = None
        self.data.show_idle()
        self.results.show_outcome(outcome, self._fusion())
        self.export.show_report(outcome.evaluation.report)
        self._pages.setCurrentWidget(self._scroll)

    def _cancel(self) -> None:
        self.close_run()
        self.data.show_idle()
        self.data.tell(self.tr("The evaluation was cancelled."))

    def _fail(self, error: Exception) -> None:
        self._task = self._run = None
        self.data.show_idle()
        self._tell_error(error)

    def _tell_error(self, error: Exception) -> None:
        if not isinstance(error, EngineError):
            raise error  # a bug: it is for the crash dialog
        self.data.tell(translated(str(error)), is_error=True)

    def _lay_out(self) -> None:
        title = QLabel(self.tr("Evaluation"))
        title.setProperty("role", "title")
        top = QHBoxLayout()
        top.addWidget(title)
        top.addStretch(1)
        top.addWidget(self.export)
        self._scroll = QScrollArea()
        self._scroll.setWidget(self.results)
        self._scroll.setWidgetResizable(True)
        self._pages = QStackedWidget()
        self._pages.addWidget(EmptyPage())
        self._pages.addWidget(self._scroll)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 16)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self.data)
        layout.addWidget(self._pages, 1)
