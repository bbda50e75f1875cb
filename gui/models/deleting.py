"""Deleting what was downloaded: asked for first, and told what it costs."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from gui.models.offers import Offer
from gui.models.wording import data_size


class Deleting(QObject):
    """Asks before something is deleted.

    Args:
        parent: the dialog it is asked in.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent

    def ask_for_files(self, offer: Offer, can_come_back: bool, delete: Callable[[], None]) -> None:
        """Ask whether the files of a checkpoint or translator shall go."""
        again = self.tr("It can be downloaded again. What it has embedded is kept.")
        gone = self.tr(
            "It cannot be downloaded: without a copy of your own it is gone. What it has embedded "
            "is kept."
        )
        question = self.tr("Delete the files of {name}?").format(name=offer.name)
        self._ask(question, again if can_come_back else gone, delete)

    def ask_for_embeddings(self, offer: Offer, delete: Callable[[], None]) -> None:
        """Ask whether what a checkpoint has embedded shall go."""
        kept = offer.embeddings
        if kept is None:
            return
        more = self.tr(
            "It has embedded %Ln photo(s), which take {size}. To search with it again, all of them "
            "have to be embedded once more, and that takes time.",
            "",
            kept.photos,
        ).format(size=data_size(kept.bytes))
        self._ask(self.tr("Delete the embeddings of {name}?").format(name=offer.name), more, delete)

    def _ask(self, question: str, more: str, delete: Callable[[], None]) -> None:
        icon = QMessageBox.Icon.Question
        box = QMessageBox(icon, self.tr("Models"), question, parent=self._parent)
        box.setInformativeText(more)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.addButton(self.tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
        box.addButton(self.tr("Delete"), QMessageBox.ButtonRole.AcceptRole)
        box.accepted.connect(delete)
        box.open()
