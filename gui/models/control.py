"""Opens the models dialog, and carries out what is chosen in it."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engine.models.checkpoint import Checkpoint
from engine.models.removing import remove
from engine.models.translator import Translator
from gui.engine_sentences import translated
from gui.message_bar import MessageBar
from gui.models.deleting import Deleting
from gui.models.download_strip import DownloadStrip
from gui.models.downloads import Downloads
from gui.models.facts import DOWNLOADABLE, Facts, Record, default_translator, read_facts
from gui.models.getting import Getting
from gui.models.offers import Offer, Status, offers
from gui.models.suggestion import Suggestion
from gui.models_dialog import ModelsDialog
from gui.session import Session
from gui.settings_pages.page import ChooseFolder, ask_for_folder
from gui.tasks import TaskRunner


class ModelsControl(QObject):
    """What the window does with models; downloads go on while the dialog is closed.

    Signals:
        reopen_wanted: the library must be opened anew, because those in use are not here.

    Args:
        session: the open library.
        tasks: runs downloads.
        messages: tells what the user shall know while the dialog is closed.
        window: the dialog's parent.
        choose_folder: asks for a folder that holds copies.
    """

    reopen_wanted = Signal()

    def __init__(
        self,
        session: Session,
        tasks: TaskRunner,
        messages: MessageBar,
        window: QWidget,
        choose_folder: ChooseFolder = ask_for_folder,
    ) -> None:
        super().__init__(window)
        self._session, self._tasks, self._messages = session, tasks, messages
        self._window, self._choose_folder = window, choose_folder
        self.downloads = Downloads(tasks, session.failed.emit, self)
        self.getting = Getting(session, self.downloads, self)
        self.strip = DownloadStrip()
        self.dialog: ModelsDialog | None = None
        self.suggestion = Suggestion(session, messages, self.open, self)
        self._facts: Facts | None = None
        self._failures: dict[str, str] = {}  # what was told of them, by name
        self._connect()

    def open(self, parent: QWidget | None = None) -> None:
        """Show the dialog; opened from the window it keeps nobody from searching.

        Args:
            parent: a dialog it is opened from; None means the window.
        """
        if self.dialog:
            self.dialog.close()
        dialog = self.dialog = ModelsDialog(parent or self._window)
        dialog.wanted.connect(self.act)
        dialog.recommended_wanted.connect(self.get_recommended)
        dialog.cancel_wanted.connect(self.cancel_recommended)
        dialog.finished.connect(self._forget_dialog)
        dialog.open() if parent else dialog.show()
        self.refresh()

    def act(self, action: str, name: str) -> None:
        """Do what is wanted with a checkpoint or translator; `action` as a card tells it."""
        offer = next(offer for offer in self._offers() if offer.name == name)
        match action:
            case "download":
                self.getting.get([offer.record])
            case "copy":
                self._take_copy(offer.record)
            case "translator":
                self.getting.get([default_translator()])
            case "cancel":
                self.getting.cancel([name])
            case "use":
                self._use(offer.record)
            case "stay":
                self.getting.stay()
            case "delete files":
                self._delete_files(offer)
            case "delete embeddings":
                self._delete_embeddings(offer)

    def get_recommended(self) -> None:
        """Download what is recommended for this machine, and use it."""
        if facts := self._facts:
            wanted = [record for record in facts.recommended if not facts.folder(record.name)]
            self.getting.get(wanted, _pair(facts.recommended))

    def cancel_recommended(self) -> None:
        """Download nothing of what is recommended."""
        if self._facts:
            self.getting.cancel(record.name for record in self._facts.recommended)

    def refresh(self) -> None:
        """Look anew at what there is, if anybody looks."""
        if self.dialog:
            self._session.read(read_facts, self._take_facts)

    def _connect(self) -> None:
        session = self._session
        self.getting.reopen_wanted.connect(self.reopen_wanted)
        self.downloads.changed.connect(lambda _: self._show_changed())
        self.downloads.arrived.connect(self._take_in)
        self.downloads.failed.connect(self._tell_failure)
        self.strip.models_wanted.connect(self.open)
        self.strip.cancel_wanted.connect(lambda name: self.getting.cancel([name]))
        session.ready.connect(lambda _: self.refresh())
        session.pair_switched.connect(lambda _: self.refresh())
        session.translator_changed.connect(self.refresh)
        session.pair_coming.connect(
            lambda coming: self._show_changed() if coming else self.refresh()
        )

    def _forget_dialog(self) -> None:
        if self.dialog:
            self.dialog.deleteLater()
        self.dialog = None

    def _take_facts(self, facts: Facts) -> None:
        self._facts = facts
        self.getting.settle()
        if self.dialog:
            self.dialog.show_offers(facts, self._offers())

    def _show_changed(self) -> None:
        self.strip.show_downloads(self.downloads.under_way)
        if self.dialog and self._facts:
            self.dialog.show_changed(self._facts, self._offers())

    def _offers(self) -> list[Offer]:
        session = self._session
        status = Status(session.pair, session.coming, self.downloads.find)
        return offers(self._facts, status) if self._facts else []

    def _take_in(self, name: str) -> None:
        self.refresh()
        self._messages.withdraw(self._failures.pop(name, ""))
        if isinstance(DOWNLOADABLE[name], Translator):
            self._session.use_translator()

    def _tell_failure(self, name: str) -> None:
        download = self.downloads.find(name)
        if download is None or download.error is None or self.dialog:  # the dialog shows it
            return
        sentence = self._failures[name] = self.tr("{name} was not downloaded. {reason}").format(
            name=name, reason=translated(download.error)
        )
        self._messages.tell(
            sentence,
            self.tr("Try again"),
            lambda: self.getting.get([download.record]),
            lasting=True,
        )

    def _take_copy(self, record: Record) -> None:
        title = self.tr("Choose the folder that holds the files of {name}").format(name=record.name)
        if chosen := self._choose_folder(self.dialog or self._window, title):
            self.downloads.start(record, Path(chosen))

    def _use(self, record: Record) -> None:
        self.getting.use(_pair([record]), self._facts.coming if self._facts else {})

    def _delete_files(self, offer: Offer) -> None:
        if self.dialog is None or self._facts is None or not self._facts.folder(offer.name):
            return
        comes_back = offer.name in DOWNLOADABLE

        def settle(_: int) -> None:
            self.refresh()
            if offer.section == "translator":
                self._session.use_translator()  # another one, or none

        def delete() -> None:
            failed = self._session.failed.emit
            self._tasks.run(lambda: remove(offer.name), settle, on_error=failed)

        Deleting(self.dialog).ask_for_files(offer, comes_back, delete)

    def _delete_embeddings(self, offer: Offer) -> None:
        kept = offer.embeddings
        if self.dialog and kept:
            Deleting(self.dialog).ask_for_embeddings(
                offer, lambda: self._session.forget_embeddings(kept.key, self.refresh)
            )


def _pair(records: Iterable[Record]) -> dict[str, str]:
    checkpoints = [record for record in records if isinstance(record, Checkpoint)]
    return {record.family: record.name for record in checkpoints}
