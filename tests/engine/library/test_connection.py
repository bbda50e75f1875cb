import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from engine.errors import LibraryError
from engine.library import connection as connection_module
from engine.library.connection import Connection
from engine.library.database import connect, connect_to_read

OnASmallDisk = Callable[[str], None]


def remember(connection: Connection, name: str, value: str = "value") -> None:
    connection.run("INSERT INTO setting VALUES (?, ?)", (name, value))


def settings(connection: Connection) -> list[str]:
    return [name for (name,) in connection.rows("SELECT name FROM setting ORDER BY name")]


def test_a_transaction_is_kept_whole(connection: Connection, path: Path) -> None:
    with connection.transaction():
        remember(connection, "a")
        remember(connection, "b")
        with closing(connect_to_read(path)) as reader:
            assert settings(reader) == []
    with closing(connect_to_read(path)) as reader:
        assert settings(reader) == ["a", "b"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, GeneratorExit])
def test_a_transaction_that_fails_leaves_nothing(
    error: type[BaseException], connection: Connection
) -> None:
    with pytest.raises(error), connection.transaction():  # noqa: PT012
        remember(connection, "a")
        raise error
    assert not connection.in_transaction
    assert settings(connection) == []
    with connection.transaction():
        remember(connection, "b")
    assert settings(connection) == ["b"]


def test_an_inner_transaction_is_kept_or_lost_with_the_outer(connection: Connection) -> None:
    with pytest.raises(ValueError, match="outer"), connection.transaction():  # noqa: PT012
        with connection.transaction():
            remember(connection, "inner")
        raise ValueError("outer")
    assert settings(connection) == []


def test_a_statement_half_read_does_not_hinder_writing(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abcde":
        remember(connection, name)
    monkeypatch.setattr(connection_module, "CHUNK", 2)
    chunks = connection.chunks("SELECT name FROM setting ORDER BY name")
    assert next(chunks) == [("a",), ("b",)]
    with connection.transaction():
        remember(connection, "z")
    del chunks
    assert settings(connection) == ["a", "b", "c", "d", "e", "z"]


def test_a_statement_half_read_outlives_a_transaction_that_fails(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "abc":
        remember(connection, name)
    monkeypatch.setattr(connection_module, "CHUNK", 1)
    chunks = connection.chunks("SELECT name FROM setting ORDER BY name")
    next(chunks)
    with pytest.raises(ValueError, match="back"), connection.transaction():  # noqa: PT012
        remember(connection, "z")
        raise ValueError("back")
    assert [row for chunk in chunks for row in chunk] == [("b",), ("c",)]


def test_our_own_mistakes_are_not_shown_to_the_user_as_sentences(connection: Connection) -> None:
    remember(connection, "a")
    with pytest.raises(sqlite3.IntegrityError):
        remember(connection, "a")
    with pytest.raises(sqlite3.ProgrammingError):
        connection.run("SELECT ?", (1, 2))


def test_a_full_disk_is_told_in_a_sentence_and_nothing_is_lost(connection: Connection) -> None:
    remember(connection, "a")
    connection.execute(f"PRAGMA max_page_count = {connection.value('PRAGMA page_count') + 2}")
    with pytest.raises(LibraryError, match="disk is full"), connection.transaction():  # noqa: PT012
        for number in range(100):
            remember(connection, f"b{number}", "long" * 1000)
    assert settings(connection) == ["a"]
    remember(connection, "c")
    connection.check()
    assert settings(connection) == ["a", "c"]


def test_what_another_program_writes_meanwhile_is_waited_for_and_told(
    connection: Connection, path: Path
) -> None:
    connection.execute("PRAGMA busy_timeout = 0")
    with closing(connect(path)) as other, other.transaction():
        remember(other, "a")
        with pytest.raises(LibraryError, match="in use"), connection.transaction():
            pass
    assert not connection.in_transaction


def test_on_a_disk_that_fills_up_no_committed_row_is_lost(on_a_small_disk: OnASmallDisk) -> None:
    on_a_small_disk("""
        path = folder / "library.sqlite"
        connection, kept = connect(path), 0
        try:
            while True:
                with connection.transaction():
                    connection.run("INSERT INTO setting VALUES (?, ?)", (str(kept), "x" * 9000))
                kept += 1
        except LibraryError as error:
            assert "disk is full" in str(error), error
        connection.check()
        assert kept > 10
        assert connection.value("SELECT count(*) FROM setting") == kept
        connection.close()
        try:
            connect(path).close()
        except LibraryError as error:
            assert "full" in str(error), error
        """)
