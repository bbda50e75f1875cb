"""Rows of the library for files that the tests have made."""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from engine.library.photo import Photo


def row_of(
    path: Path,
    photo_id: int = 1,
    *,
    size: tuple[int, int] | None = None,
    taken_at: datetime | None = None,
    place: tuple[float, float] | None = None,
    camera: str | None = None,
    missing: bool = False,
) -> Photo:
    """The row of a photo as the library would have it."""
    facts = path.stat() if path.exists() else None
    return Photo(
        id=photo_id,
        folder_id=1,
        path=os.fsencode(path),
        size=facts.st_size if facts else 0,
        mtime_ns=facts.st_mtime_ns if facts else 0,
        missing=missing,
        content_hash=None,
        width=size[0] if size else None,
        height=size[1] if size else None,
        taken_at=taken_at,
        latitude=place[0] if place else None,
        longitude=place[1] if place else None,
        camera=camera,
    )


def among(photos: Sequence[Photo]) -> Callable[[Sequence[int]], list[Photo]]:
    """What finds these rows by their ids."""
    return lambda ids: [photo for photo in photos if photo.id in ids]
