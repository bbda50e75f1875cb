from pathlib import Path

from pytestqt.qtbot import QtBot

from engine.library.library import Library
from gui.main_window import MainWindow
from gui.marks import Marks


def test_favourites_and_right_answers_are_kept_in_the_library(
    qtbot: QtBot, filled: MainWindow, library_folder: Path
) -> None:
    marks = Marks(filled.session)
    marks.set_favourites([1, 2, 3], True)
    marks.set_favourites([2], False)
    marks.set_relevant("một con chó", 5, True)
    marks.set_relevant("một con mèo", 5, True)
    marks.set_relevant("một con mèo", 5, False)
    assert marks.favourites == {1, 3}
    assert marks.is_relevant("một con chó", 5)
    assert not marks.is_relevant("một con mèo", 5)

    def kept() -> bool:
        with Library.open_to_read(library_folder) as library:
            return library.photos.favourites().tolist() == [1, 3] and (
                [tuple(mark) for mark in library.relevance_marks()] == [("một con chó", 5)]
            )

    qtbot.waitUntil(kept, timeout=10_000)
    again = Marks(filled.session)
    with qtbot.waitSignal(again.relevance_changed) as heard:
        again.load()
    assert again.favourites == {1, 3}
    assert again.is_relevant("một con chó", 5)
    assert heard.args == [1]
