"""What the rows of the grid are, and what can be asked of them."""

from enum import Enum, IntEnum

from PySide6.QtCore import Qt


class Kind(Enum):
    """What a row is."""

    PHOTO = 1
    HEADING = 2
    MORE = 3


class Role(IntEnum):
    """What the delegate asks for beside Qt's own roles; None where it does not apply."""

    KIND = Qt.ItemDataRole.UserRole
    ID = KIND + 1
    COUNT = KIND + 2  # of photos that a heading speaks of
    SHARES = KIND + 3  # of the score bar, by encoder; see `ScoreBars`
    LACKING = KIND + 4  # the encoder that has not embedded the photo
    BURST = KIND + 5  # how many photos a leader stands for, itself included
    UNFOLDED = KIND + 6  # whether the photo belongs to a burst that is spread out
    FAVOURITE = KIND + 7
    VANISHED = KIND + 8
    OFFLINE = KIND + 9


MARKS = (Role.FAVOURITE, Role.VANISHED, Role.OFFLINE)  # that a photo has or has not

_FLAG = Qt.ItemFlag
FLAGS = {
    Kind.HEADING: _FLAG.ItemNeverHasChildren,
    Kind.MORE: _FLAG.ItemNeverHasChildren | _FLAG.ItemIsEnabled,
    Kind.PHOTO: _FLAG.ItemNeverHasChildren
    | _FLAG.ItemIsEnabled
    | _FLAG.ItemIsSelectable
    | _FLAG.ItemIsDragEnabled,
}
