"""The library's tables, as numbered migrations applied in order, each once."""

import sqlite3
from collections.abc import Callable


def m001_create_tables(connection: sqlite3.Connection) -> None:
    """Folders, photos, checkpoints, embeddings, failures, relevance marks, settings."""
    for statement in (
        """CREATE TABLE folder (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path BLOB NOT NULL UNIQUE,           -- byte-exact, for opening
            path_key TEXT NOT NULL,              -- NFC, for finding
            online INTEGER NOT NULL DEFAULT 1    -- as last seen
        ) STRICT""",
        """CREATE TABLE photo (
            id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: it is the id in every index
            folder_id INTEGER NOT NULL REFERENCES folder ON DELETE CASCADE,
            path BLOB NOT NULL UNIQUE,
            path_key TEXT NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            missing_since INTEGER,       -- Unix time; NULL while the file is there
            content_hash BLOB,           -- from here on NULL until the photo has been read
            width INTEGER,
            height INTEGER,
            taken_at TEXT,               -- ISO 8601, local time of the camera
            latitude REAL,
            longitude REAL,
            camera TEXT
        ) STRICT""",
        "CREATE INDEX photo_folder ON photo (folder_id)",
        "CREATE INDEX photo_path_key ON photo (path_key)",
        "CREATE INDEX photo_content ON photo (size, content_hash)",
        "CREATE INDEX photo_taken_at ON photo (taken_at)",
        """CREATE TABLE checkpoint (
            id INTEGER PRIMARY KEY,
            key TEXT NOT NULL UNIQUE     -- name and hash of the weights
        ) STRICT""",
        # A replaced embedding gets a new, larger id: so an index knows what it has not seen.
        """CREATE TABLE embedding (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            photo_id INTEGER NOT NULL REFERENCES photo ON DELETE CASCADE,
            checkpoint_id INTEGER NOT NULL REFERENCES checkpoint ON DELETE CASCADE,
            vector BLOB NOT NULL,        -- float16, little-endian, unit length
            UNIQUE (checkpoint_id, photo_id)
        ) STRICT""",
        "CREATE INDEX embedding_photo ON embedding (photo_id)",
        """CREATE TABLE failure (
            path BLOB PRIMARY KEY,       -- of a photo or of an unreadable directory
            photo_id INTEGER REFERENCES photo ON DELETE CASCADE,
            reason TEXT NOT NULL,
            permanent INTEGER NOT NULL,  -- 1: not tried again until the file changes
            failed_at INTEGER NOT NULL   -- Unix time
        ) STRICT""",
        "CREATE INDEX failure_photo ON failure (photo_id)",
        """CREATE TABLE relevance (
            query TEXT NOT NULL,         -- normalised
            photo_id INTEGER NOT NULL REFERENCES photo ON DELETE CASCADE,
            marked_at INTEGER NOT NULL,  -- Unix time
            PRIMARY KEY (query, photo_id)
        ) STRICT""",
        "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    ):
        connection.execute(statement)


def m002_add_favourites(connection: sqlite3.Connection) -> None:
    """Photos the user has marked."""
    connection.execute("ALTER TABLE photo ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0")


MIGRATIONS: tuple[Callable[[sqlite3.Connection], None], ...] = (
    m001_create_tables,
    m002_add_favourites,
)
VERSION = len(MIGRATIONS)
