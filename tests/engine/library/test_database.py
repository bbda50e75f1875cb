import hashlib
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, tzinfo
from pathlib import Path

import pytest

from engine.errors import LibraryError
from engine.library import database, schema
from engine.library.connection import Connection, DamagedError
from engine.library.database import connect, connect_to_read
from engine.paths import LibraryPaths

OnASmallDisk = Callable[[str], None]


@pytest.fixture
def next_migration(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes this program newer by one migration."""

    def add(migration: Callable[[sqlite3.Connection], None]) -> None:
        monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, migration))
        monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)

    return add


def remember(connection: Connection, name: str, value: str = "value") -> None:
    connection.run("INSERT INTO setting VALUES (?, ?)", (name, value))


def settings(connection: Connection) -> list[str]:
    return [name for (name,) in connection.rows("SELECT name FROM setting ORDER BY name")]


def fill(path: Path) -> None:
    """Make a library of some hundred pages, all in the database file."""
    with closing(connect(path)) as connection, connection.transaction():
        for number in range(400):
            remember(connection, f"{number:03}", "value" * 300)


def leave_by_a_kill(path: Path, statement: str) -> None:
    """Commit a statement in a process that is killed, so that it lies in the WAL only."""
    code = (
        "import os, sys; from pathlib import Path; from engine.library.database import connect\n"
        "connect(Path(sys.argv[1])).execute(sys.argv[2])\n"
        "os.kill(os.getpid(), 9)"
    )
    command = [sys.executable, "-c", code, str(path), statement]
    assert subprocess.run(command, cwd=Path(__file__).parents[3], check=False).returncode == -9
    assert path.with_name(f"{path.name}-wal").stat().st_size > 0


def digests(path: Path) -> dict[str, str]:
    """Digests of all files that hold data: not of SQLite's shared memory and empty WAL."""
    files = [file for file in path.parent.iterdir() if not file.name.endswith("-shm")]
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in files
        if file.stat().st_size
    }


def zero_a_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(bytes(4096))


def test_a_reader_cannot_write(connection: Connection, path: Path) -> None:
    with closing(connect_to_read(path)) as reader, pytest.raises(LibraryError, match="written"):
        remember(reader, "a")


def test_a_reader_is_told_that_there_is_no_library(path: Path) -> None:
    with pytest.raises(LibraryError, match="no library"):
        connect_to_read(path)
    assert not path.exists()


def test_a_reader_sees_what_a_killed_writer_committed(path: Path) -> None:
    leave_by_a_kill(path, "INSERT INTO setting VALUES ('a', '')")
    before = digests(path)
    with closing(connect_to_read(path)) as reader:
        assert settings(reader) == ["a"]
    assert digests(path) == before
    with closing(connect(path)) as writer:
        assert settings(writer) == ["a"]


def test_the_folder_may_have_any_name(tmp_path: Path) -> None:
    folder = tmp_path / "Ảnh % ? # & \udcff"
    folder.mkdir()
    with closing(connect(folder / "library.sqlite")) as connection:
        remember(connection, "a")
    with closing(connect_to_read(folder / "library.sqlite")) as reader:
        assert settings(reader) == ["a"]
    assert (folder / "library.sqlite").exists()


@pytest.mark.parametrize("opened", [connect, connect_to_read])
def test_a_library_of_a_newer_version_is_refused_untouched(
    opened: Callable[[Path], Connection], path: Path
) -> None:
    leave_by_a_kill(path, "PRAGMA user_version = 99")
    before = digests(path)
    with pytest.raises(LibraryError, match="newer version"):
        opened(path)
    assert digests(path) == before


def test_a_newer_library_is_not_taken_for_a_damaged_one(path: Path) -> None:
    fill(path)
    with closing(sqlite3.connect(path)) as newer:
        newer.execute("PRAGMA user_version = 99")
        newer.execute("PRAGMA writable_schema = ON")
        newer.execute(
            "UPDATE sqlite_schema SET sql = 'CREATE TABLE setting NEW SYNTAX' "
            "WHERE name = 'setting'"
        )
        newer.commit()
    with pytest.raises(LibraryError, match="newer version"):
        connect(path)


def garbage(path: Path) -> None:
    path.write_bytes(b"no library at all" * 1000)


def truncated(path: Path) -> None:
    fill(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2 + 100])


def zeroed(path: Path) -> None:
    fill(path)
    zero_a_page(path)


def zeroed_under_a_wal(path: Path) -> None:
    fill(path)
    leave_by_a_kill(path, "INSERT INTO setting VALUES ('in the WAL', '')")
    zero_a_page(path)


def garbage_under_a_wal(path: Path) -> None:
    fill(path)
    leave_by_a_kill(path, "INSERT INTO setting VALUES ('in the WAL', '')")
    garbage(path)


@pytest.mark.parametrize(
    "damage", [garbage, truncated, zeroed, zeroed_under_a_wal, garbage_under_a_wal]
)
def test_a_damaged_library_is_noticed_untouched_and_set_aside_as_it_is(
    damage: Callable[[Path], None], path: Path
) -> None:
    damage(path)
    before = digests(path)
    with pytest.raises(DamagedError, match="damaged"):
        connect(path)
    aside = database.set_aside(LibraryPaths(path.parent))
    after = {name.replace(aside.name, path.name): digest for name, digest in digests(path).items()}
    assert after == before
    assert aside.name.startswith("library.sqlite.damaged-2")


def test_a_damaged_page_of_a_large_library_is_looked_for_once_it_was_met(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    zeroed(path)
    monkeypatch.setattr(database, "LARGEST_CHECKED_ON_OPENING", 1)
    with closing(connect(path)) as connection, pytest.raises(DamagedError):
        connection.rows("SELECT sum(length(value)) FROM setting")
    with pytest.raises(DamagedError):
        connect(path)


def test_a_suspicion_that_is_not_confirmed_is_forgotten(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(path)
    sound = path.read_bytes()
    zero_a_page(path)
    with pytest.raises(DamagedError):
        connect(path)
    path.write_bytes(sound)
    monkeypatch.setattr(database, "LARGEST_CHECKED_ON_OPENING", 1)
    connect(path).close()
    zero_a_page(path)
    connect(path).close()  # unsuspected, and too large to be looked through


def test_two_libraries_set_aside_in_one_second_are_both_kept(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OneSecond(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "OneSecond":
            return cls(2024, 2, 10, tzinfo=tz)

    monkeypatch.setattr(database, "datetime", OneSecond)
    for number in range(3):
        path.write_bytes(b"%d" % number)
        database.set_aside(LibraryPaths(path.parent))
    names = [f"library.sqlite.damaged-2024-02-10T00-00-00{end}" for end in ("", "-2", "-3")]
    assert [(path.parent / name).read_bytes() for name in names] == [b"0", b"1", b"2"]
    assert not path.exists()


def test_the_caches_of_a_library_are_set_aside_with_it(path: Path) -> None:
    paths = LibraryPaths(path.parent)
    for cache in (paths.indexes, paths.thumbnails):
        cache.mkdir()
        (cache / "1").write_text("of photo 1")
    garbage(path)
    ending = database.set_aside(paths).name.removeprefix(path.name)
    assert {file.name for file in path.parent.iterdir()} == {
        f"{name}{ending}" for name in (path.name, "indexes", "thumbnails")
    }


def test_a_new_library_is_not_backed_up(connection: Connection, path: Path) -> None:
    assert connection.value("PRAGMA user_version") == schema.VERSION
    assert connection.value("PRAGMA journal_mode") == "wal"
    assert connection.value("PRAGMA foreign_keys") == 1
    assert not list(path.parent.glob("*before*"))


def test_an_older_library_is_backed_up_and_brought_up_to_date(
    path: Path, next_migration: Callable[..., None]
) -> None:
    fill(path)
    leave_by_a_kill(path, "INSERT INTO setting VALUES ('in the WAL', '')")
    next_migration(lambda connection: connection.execute("DELETE FROM setting"))
    with pytest.raises(LibraryError, match="older version"):
        connect_to_read(path)
    with closing(connect(path)) as connection:
        assert connection.value("PRAGMA user_version") == schema.VERSION
        assert settings(connection) == []
    backup = path.with_name(f"library.sqlite.before-schema-{schema.VERSION}")
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (schema.VERSION - 1,)
        assert copy.execute("SELECT count(*) FROM setting").fetchone() == (401,)
    connect(path).close()


def test_a_backup_that_was_interrupted_does_not_hinder_the_next(
    path: Path, next_migration: Callable[..., None]
) -> None:
    fill(path)
    backup = path.with_name(f"library.sqlite.before-schema-{schema.VERSION + 1}")
    for left in (backup, backup.with_name(f"{backup.name}.part")):
        left.write_bytes(b"half of a page" * 1000)
    next_migration(lambda connection: connection.execute("CREATE TABLE new (a)"))
    with closing(connect(path)) as connection:
        assert len(settings(connection)) == 400
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT count(*) FROM setting").fetchone() == (400,)
    assert not list(path.parent.glob("*.part"))


def test_a_migration_that_fails_leaves_the_library_as_it_was(
    path: Path, next_migration: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(connection: sqlite3.Connection) -> None:
        connection.execute("DROP TABLE embedding")
        connection.execute("DELETE FROM setting")
        connection.execute("SELECT * FROM nowhere")

    fill(path)
    before = digests(path)
    next_migration(fails)
    with pytest.raises(LibraryError, match="nowhere"):
        connect(path)
    assert digests(path).items() >= before.items()
    monkeypatch.undo()
    with closing(connect(path)) as connection:
        assert len(settings(connection)) == 400


def test_a_migration_may_make_a_table_anew_without_losing_what_refers_to_it(
    path: Path, next_migration: Callable[..., None]
) -> None:
    def makes_photo_anew(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE new AS SELECT * FROM photo")
        connection.execute("DROP TABLE photo")
        connection.execute("ALTER TABLE new RENAME TO photo")

    with closing(connect(path)) as connection:
        connection.run("INSERT INTO folder (path, path_key) VALUES (x'2f', '/')")
        connection.run("INSERT INTO photo VALUES (1, 1, x'2f', '/', 1, 1" + ", NULL" * 8 + ", 0)")
        connection.run("INSERT INTO relevance VALUES ('tết', 1, 1)")
    next_migration(makes_photo_anew)
    with closing(connect(path)) as connection:
        assert connection.value("SELECT count(*) FROM relevance") == 1


def test_on_a_disk_without_room_for_it_a_backup_leaves_nothing_behind(
    on_a_small_disk: OnASmallDisk,
) -> None:
    on_a_small_disk("""
        path = folder / "library.sqlite"
        connection = connect(path)
        connection.run("INSERT INTO setting VALUES ('a', ?)", ("x" * 550_000,))
        connection.close()
        schema.MIGRATIONS += (lambda connection: connection.execute("DROP TABLE setting"),)
        schema.VERSION += 1
        try:
            connect(path)
        except LibraryError as error:
            assert "full" in str(error), error
        else:
            raise AssertionError("migrated without a backup")
        assert not list(folder.glob("*before*")), list(folder.iterdir())
        schema.VERSION -= 1
        connection = connect(path)
        assert connection.value("SELECT length(value) FROM setting") == 550_000
        """)
