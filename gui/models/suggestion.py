"""Telling once that larger models find more than the starters."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from engine.workspace import DEFAULTS
from gui.folder_state import FolderState
from gui.message_bar import MessageBar
from gui.session import Session


class Suggestion(QObject):
    """Says so in the message bar as soon as there are photos; asks nobody else, and only once.

    Args:
        session: the open library.
        messages: where it is said.
        open_models: what its button does.
        parent: Qt's.

    Attributes:
        made: whether the user has been told; kept with the settings.
    """

    def __init__(
        self,
        session: Session,
        messages: MessageBar,
        open_models: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.made = False
        self._session, self._messages, self._open_models = session, messages, open_models
        session.folders_changed.connect(self._look)

    def _look(self, folders: Sequence[FolderState]) -> None:
        pair = self._session.pair
        if self.made or pair is None or not any(folder.photos for folder in folders):
            return
        if self._session.coming:  # another pair has been chosen
            return
        if [checkpoint.record.name for checkpoint in pair] != list(DEFAULTS.values()):
            return
        self.made = True
        self._messages.tell(
            self.tr(
                "The models that come with the program are small. Larger ones find far better: "
                "see which of them suit this machine."
            ),
            self.tr("Models…"),
            self._open_models,
        )
