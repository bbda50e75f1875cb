"""What the rows of the grid say in words."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from gui.photos.roles import Role
from gui.photos.sections import Part

if TYPE_CHECKING:
    from gui.searching import Found


class _Counted(QObject):
    """What depends on a number: translators are shown plurals only of objects."""

    def more(self, count: int) -> str:
        return self.tr("Show %n more photo(s)", "", count)

    def similar(self, count: int) -> str:
        return self.tr("%n similar photo(s) behind it", "", count)


def heading(part: Part, count: int) -> str:
    """The text of a row that spans the grid."""
    match part:
        case Part.BEST:
            return QCoreApplication.translate("PhotoModel", "Best matches")
        case Part.POSSIBLE:
            return QCoreApplication.translate("PhotoModel", "Possible matches")
        case Part.NEAREST:
            return QCoreApplication.translate(
                "PhotoModel", "Nothing stands out; the nearest photos"
            )
        case Part.LESS_LIKELY:
            return QCoreApplication.translate("PhotoModel", "Less likely")
        case Part.MORE:
            return _Counted().more(count)


def result(found: "Found", position: int) -> str:
    """A photo's place in the ranking, from 0, as a sentence."""
    sentence = QCoreApplication.translate(
        "PhotoModel", "Result {position} of {count}, score {score}"
    )
    return sentence.format(
        position=QLocale().toString(position + 1),
        count=QLocale().toString(len(found.ranking.ids)),
        score=QLocale().toString(float(found.ranking.scores[position]), "f", 3),
    )


def burst(members: int) -> str:
    """That a photo stands for others like it."""
    return _Counted().similar(members)


def states(photo_id: int, marks: Mapping[Role, Collection[int]]) -> list[str]:
    """What is marked on a photo."""
    says = {Role.FAVOURITE: favourite, Role.VANISHED: vanished, Role.OFFLINE: offline}
    return [say() for role, say in says.items() if photo_id in marks[role]]


def favourite() -> str:
    return QCoreApplication.translate("PhotoModel", "Favourite")


def vanished() -> str:
    return QCoreApplication.translate("PhotoModel", "File is gone")


def offline() -> str:
    return QCoreApplication.translate("PhotoModel", "Folder is off-line")


def unreadable() -> str:
    return QCoreApplication.translate("PhotoModel", "Cannot be read")


def lacking(encoder: int) -> str:
    """That an encoder has not embedded a photo yet: 0 OpenCLIP, 1 BEiT3."""
    sentence = QCoreApplication.translate(
        "PhotoModel", "{encoder} has not looked at this photo yet: it is ranked by the other one"
    )
    return sentence.format(encoder=("OpenCLIP", "BEiT3")[encoder])
