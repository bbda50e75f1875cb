import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread

import pytest

from engine.indexing.adding import AddReport
from engine.library.library import Library
from gui.library_keeper import Changed, LibraryKeeper, Opened, Told

MakePhoto = Callable[..., Path]


@pytest.fixture
def told() -> list[Told]:
    return []


def keep(keeper: LibraryKeeper, told: list[Told], enough: Callable[[], bool]) -> None:
    """Work until it is enough, and end."""
    for step in keeper.steps():
        told.append(step)
        if enough():
            keeper.close()


def test_changes_are_made_in_their_order_and_answered(
    library_folder: Path, told: list[Told]
) -> None:
    keeper = LibraryKeeper(library_folder)
    for number in range(3):
        keeper.change(partial(Library.remember, name="last", value=str(number)))
    keeper.change(lambda library: library.setting("last"))
    keep(keeper, told, lambda: len(told) == 5)
    assert isinstance(told[0], Opened)
    answers = [step.result for step in told if isinstance(step, Changed)]
    assert answers == [None, None, None, "2"]


def test_a_change_that_fails_is_answered_with_its_error_and_the_next_is_made(
    library_folder: Path, told: list[Told]
) -> None:
    keeper = LibraryKeeper(library_folder)
    keeper.change(lambda library: 1 // 0)
    keeper.change(lambda library: "next")
    keep(keeper, told, lambda: len(told) == 3)
    failed, following = told[1:]
    assert isinstance(failed, Changed)
    assert isinstance(failed.error, ZeroDivisionError)
    assert isinstance(following, Changed)
    assert following.result == "next"


def test_a_new_folder_is_looked_through_before_the_others(
    library_folder: Path, tmp_path: Path, make_photo: MakePhoto, told: list[Told]
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        make_photo(folder / "a.png", len(folder.name))
    with Library.open(library_folder) as library:
        library.folders.add(os.fsencode(old))
    keeper = LibraryKeeper(library_folder)
    keeper.add([os.fsencode(new)], lambda _: None)

    def finished() -> list[bytes]:
        return [s.folder.path for s in told if isinstance(s, AddReport) and s.finished]

    keep(keeper, told, lambda: os.fsencode(new) in finished())
    assert os.fsencode(old) not in finished()  # the pass over it was broken off


def test_closing_is_heard_while_nothing_happens(library_folder: Path, told: list[Told]) -> None:
    keeper = LibraryKeeper(library_folder)
    thread = Thread(target=keep, args=(keeper, told, lambda: False))
    thread.start()
    keeper.change(lambda library: None)
    while len(told) < 2:
        thread.join(0.01)
    keeper.close()
    thread.join(5)
    assert not thread.is_alive()
    with Library.open(library_folder):  # the right to write was given back
        pass
