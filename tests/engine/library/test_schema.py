import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from engine.library import schema


@pytest.fixture
def tables() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for migrate in schema.MIGRATIONS:
            migrate(connection)
        connection.execute("INSERT INTO folder (path, path_key) VALUES (x'2f', '/')")
        connection.execute("INSERT INTO checkpoint (key) VALUES ('a')")
        yield connection


def add_photo(tables: sqlite3.Connection, path: bytes = b"/a.jpg") -> int:
    cursor = tables.execute(
        "INSERT INTO photo (folder_id, path, path_key, size, mtime_ns) VALUES (1, ?, '', 1, 1)",
        (path,),
    )
    return cursor.lastrowid or 0


def test_the_version_is_the_number_of_migrations() -> None:
    assert len(schema.MIGRATIONS) == schema.VERSION


def test_migrations_are_numbered_in_order_from_one() -> None:
    numbers = [int(migrate.__name__[1:4]) for migrate in schema.MIGRATIONS]
    assert numbers == list(range(1, schema.VERSION + 1))


def test_every_table_is_strict_about_types(tables: sqlite3.Connection) -> None:
    strict = {
        name: strict
        for _, name, kind, _, _, strict in tables.execute("PRAGMA table_list")
        if kind == "table" and not name.startswith("sqlite_")
    }
    assert set(strict) == {
        "folder",
        "photo",
        "checkpoint",
        "embedding",
        "failure",
        "relevance",
        "setting",
    }
    assert all(strict.values())
    with pytest.raises(sqlite3.IntegrityError):
        tables.execute("UPDATE folder SET path = 'text, not bytes'")


def test_the_id_of_a_removed_photo_is_never_given_again(tables: sqlite3.Connection) -> None:
    first = add_photo(tables)
    tables.execute("DELETE FROM photo")
    assert add_photo(tables) > first


def test_a_path_is_in_the_library_once(tables: sqlite3.Connection) -> None:
    add_photo(tables)
    with pytest.raises(sqlite3.IntegrityError):
        add_photo(tables)


def test_a_photo_has_one_embedding_by_each_checkpoint(tables: sqlite3.Connection) -> None:
    add = "INSERT INTO embedding (photo_id, checkpoint_id, vector) VALUES (?, 1, x'00')"
    photo_id = add_photo(tables)
    tables.execute(add, (photo_id,))
    with pytest.raises(sqlite3.IntegrityError):
        tables.execute(add, (photo_id,))


def test_with_a_photo_goes_all_that_is_known_of_it(tables: sqlite3.Connection) -> None:
    photo_id = add_photo(tables)
    for insert in (
        "INSERT INTO embedding (photo_id, checkpoint_id, vector) VALUES (?, 1, x'00')",
        "INSERT INTO failure VALUES (x'2f', ?, 'broken', 1, 1)",
        "INSERT INTO relevance VALUES ('tết', ?, 1)",
    ):
        tables.execute(insert, (photo_id,))
    tables.execute("DELETE FROM folder")
    for table in ("photo", "embedding", "failure", "relevance"):
        assert tables.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
