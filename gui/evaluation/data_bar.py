"""The top of the evaluation panel: what to evaluate, run, cancel, how far it is."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from gui.elided_label import ElidedLabel
from gui.evaluation.comparing import Lacking, PairNames
from gui.evaluation.other_pair import OtherPairBar
from gui.evaluation.running import CaptionFile
from gui.flat_button import FlatButton
from gui.theme import DANGER_COLOUR, icon

_IMAGES = "images"  # how data sets call the folder beside their captions


class DataBar(QFrame):
    """Chooses the data and shows the run.

    Signals:
        run_wanted: a `CaptionFile`, or None for the user's own marks.
        cancel_wanted: the run shall stop.
    """

    run_wanted = Signal(object)
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._marked: int | None = None
        self._running = False
        self.other = OtherPairBar()
        self._make_choices()
        self._make_actions()
        self._lay_out()
        self.show_idle()

    @property
    def chosen(self) -> CaptionFile | None:
        """The caption file to evaluate; None means the user's marks."""
        if self.of_marks.isChecked():
            return None
        return CaptionFile(Path(self.captions.text().strip()), Path(self.images.text().strip()))

    def show_marked(self, queries: int) -> None:
        """Tell how many queries have marked photos."""
        self._marked = queries
        self.of_marks.setText(self.tr("My marks (%Ln query(s))", "", queries))
        self._enable()

    def show_lacking(self, names: PairNames, lacking: Lacking) -> None:
        """Tell how many photos a pair cannot be compared on yet."""
        self.other.show_lacking(names, lacking)
        self._enable()

    def choose_captions(self, path: Path) -> None:
        """Take this caption file, and the folder of its photos as far as it can be guessed."""
        self.of_captions.setChecked(True)
        self.captions.setText(str(path))
        beside = path.parent / _IMAGES
        self.images.setText(str(beside if beside.is_dir() else path.parent))

    def choose_images(self, folder: Path) -> None:
        """Take the photos of this folder."""
        self.of_captions.setChecked(True)
        self.images.setText(str(folder))

    def show_progress(self, text: str, share: float | None) -> None:
        """Tell how far the run is; `share` is 0 to 1, None where nobody knows."""
        self._running = True
        self.bar.setRange(0, 0 if share is None else 1000)
        self.bar.setValue(0 if share is None else round(1000 * share))
        self.tell(text)

    def show_idle(self) -> None:
        """Tell that nothing runs."""
        self._running = False
        self.tell("")

    def tell(self, sentence: str, *, is_error: bool = False) -> None:
        """Show a sentence; a run that goes on soon has its own in place of it."""
        self.word.show_text(sentence)
        self.sign.setVisible(is_error)
        self._enable()

    def _make_choices(self) -> None:
        self.of_marks = QRadioButton(self.tr("My marks"))
        self.of_marks.setToolTip(
            self.tr("The photos that you marked as the right ones for a search")
        )
        self.of_marks.setChecked(True)
        self.of_captions = QRadioButton(self.tr("Caption file"))
        self.of_captions.setToolTip(
            self.tr("TSV (image, tab, caption), CSV (image_filename;caption) or JSON lines")
        )
        self.captions = QLineEdit()
        self.captions.setPlaceholderText(self.tr("Captions: .tsv, .csv or .jsonl"))
        self.captions.setAccessibleName(self.tr("Caption file"))
        self.images = QLineEdit()
        self.images.setPlaceholderText(self.tr("The folder of their photos"))
        self.images.setAccessibleName(self.tr("Folder of the photos"))
        for line in (self.captions, self.images):
            line.setAcceptDrops(False)  # what is dropped anywhere on the window is added
        self.find_captions = FlatButton("captions", self.tr("Choose a caption file"))
        self.find_images = FlatButton("folder", self.tr("Choose the folder of the photos"))
        self.find_captions.clicked.connect(self._ask_for_captions)
        self.find_images.clicked.connect(self._ask_for_images)
        self.of_marks.toggled.connect(self.other.set_of_marks)
        self.of_marks.toggled.connect(self._enable)
        self.other.changed.connect(self._enable)
        self.captions.textChanged.connect(self._enable)
        self.images.textChanged.connect(self._enable)

    def _make_actions(self) -> None:
        self.run = QPushButton(self.tr("Evaluate"))
        self.run.setProperty("role", "primary")
        self.run.clicked.connect(lambda: self.run_wanted.emit(self.chosen))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(self.cancel_wanted)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(200)
        self.bar.setAccessibleName(self.tr("Progress of the evaluation"))
        self.sign = QLabel()
        self.sign.setPixmap(icon("problems", DANGER_COLOUR).pixmap(18, 18))
        self.sign.setAccessibleName(self.tr("Error"))
        self.word = ElidedLabel()

    def _lay_out(self) -> None:
        choices = QHBoxLayout()
        choices.setSpacing(8)
        for widget in (self.of_marks, self.of_captions):
            choices.addWidget(widget)
            choices.addSpacing(8)
        choices.addWidget(self.captions, 1)
        choices.addWidget(self.find_captions)
        choices.addWidget(self.images, 1)
        choices.addWidget(self.find_images)
        choices.addSpacing(8)
        choices.addWidget(self.run)
        choices.addWidget(self.cancel)
        self._state = QWidget()
        state = QHBoxLayout(self._state)
        state.setContentsMargins(0, 0, 0, 0)
        state.addWidget(self.bar)
        state.addWidget(self.sign)
        state.addWidget(self.word, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addLayout(choices)
        layout.addWidget(self.other)
        layout.addWidget(self._state)

    def _enable(self) -> None:
        """Offer what can be done now."""
        reading = self.of_captions.isChecked() and not self._running
        for widget in (self.captions, self.find_captions, self.images, self.find_images):
            widget.setEnabled(reading)
        for choice in (self.of_marks, self.of_captions):
            choice.setEnabled(not self._running)
        self.other.setEnabled(not self._running)
        self.run.setVisible(not self._running)
        self.run.setEnabled(self._is_complete())
        self.cancel.setVisible(self._running)
        self.bar.setVisible(self._running)
        self._state.setVisible(self._running or bool(self.word.text()))

    def _is_complete(self) -> bool:
        if not self.other.is_usable:
            return False
        if self.of_marks.isChecked():
            return bool(self._marked)
        return bool(self.captions.text().strip() and self.images.text().strip())

    def _ask_for_captions(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Caption file"),
            self.captions.text(),
            self.tr("Captions (*.tsv *.csv *.jsonl *.ndjson *.txt);;All files (*)"),
        )
        if name:
            self.choose_captions(Path(name))

    def _ask_for_images(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self, self.tr("Folder of the photos"), self.images.text()
        )
        if name:
            self.choose_images(Path(name))
