"""What a teacher makes of photos or of views of them, computed once and kept in a file pair.

NAME.npy holds the embeddings, shape (n, K, d), float16: of n photos, K views each, all teachers'
embeddings side by side. NAME.json tells which photos, views and networks these are, and how many
photos are done, so that a killed computation goes on where it was, and only with the same photos.
"""

import json
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import xxhash

from engine.errors import CaptionsError
from engine.files import replacing, writing_to
from engine.images.preprocessing import UInt8Array
from engine.models.encoder import FloatArray
from engine.training.views import ImageAugmentation, is_mixed, view

Float16Array = npt.NDArray[np.float16]
IntArray = npt.NDArray[np.int64]

BLOCK = 50  # photos between two notes of what is done
SMALLEST_STD = 1e-3  # of numbers that hardly vary; standardised, they shall not be all noise


class TeacherNetwork(Protocol):
    """A pretrained image network; `embed` is called from several threads at once."""

    @property
    def name(self) -> str:
        """Tells it from all whose embeddings differ; kept beside the embeddings."""

    @property
    def size(self) -> int:
        """Side of the images it takes, in pixels."""

    @property
    def dimension(self) -> int:
        """Length of its embeddings."""

    def embed(self, image: UInt8Array) -> FloatArray:
        """(size, size, 3), uint8, RGB, to (dimension,), float32."""


@dataclass(frozen=True, slots=True)
class TeacherEmbeddings:
    """A finished file pair.

    Attributes:
        path: of the embeddings.
        names: of the n photos, as `photo_name` has them.
        embeddings: shape (n, K, d), float16, memory-mapped.
        seed: of the views; None: one embedding of each whole photo, K = 1.
        how: what the views were made by; None as well then.
        networks: names of the networks that made them, as `TeacherNetwork.name` has them.
    """

    path: Path
    names: tuple[str, ...]
    embeddings: Float16Array
    seed: int | None
    how: ImageAugmentation | None
    networks: tuple[str, ...] = ()

    @property
    def plain_views(self) -> tuple[int, ...]:
        """The numbers of the views that show one photo only, in rising order."""
        numbers = range(self.embeddings.shape[1])
        return tuple(k for k in numbers if self.how is None or not is_mixed(k, self.how))

    def rows_of(self, names: Sequence[str]) -> IntArray:
        """Where the embeddings of photos are, shape (len(names),).

        Raises:
            CaptionsError: a photo has no embedding; or they are of views, which depend on all
                photos and their order, and these are others.
        """
        if self.how is not None and tuple(names) != self.names:
            raise CaptionsError(
                f"{self.path} has embeddings of views of {len(self.names):,} photos; the "
                f"{len(names):,} of this training are others, or in another order, so that their "
                "views would be others too."
            )
        rows = {name: row for row, name in enumerate(self.names)}
        missing = [name for name in names if name not in rows]
        if missing:
            raise CaptionsError(
                f"{self.path} has no embedding of {len(missing):,} of {len(names):,} photos, "
                f"first {missing[0]}."
            )
        return np.array([rows[name] for name in names], np.int64)

    def statistics(self) -> tuple[FloatArray, FloatArray]:
        """Mean and standard deviation (at least 1e-3) of each number, two of shape (d,)."""
        blocks = [slice(i, i + BLOCK) for i in range(0, len(self.names), BLOCK)]
        mean = _mean(self.embeddings[block] for block in blocks)
        variance = _mean((self.embeddings[block] - mean) ** 2 for block in blocks)
        std = np.maximum(np.sqrt(variance), SMALLEST_STD)
        return mean.astype(np.float32), std.astype(np.float32)


def photo_name(path: Path) -> str:
    """What a photo is called beside its embeddings: its folder's name and its own.

    Data that was moved, or copied to another machine, keeps its embeddings that way.
    """
    return f"{path.parent.name}/{path.name}"


def read_teacher(path: Path) -> TeacherEmbeddings:
    """Open the file pair of `path`, a NAME.npy.

    Raises:
        CaptionsError: a file is missing, cut short or malformed, the two do not fit together, or
            the embeddings are not finished.
    """
    _check_name(path)
    record = _read_record(path)
    if record.done < len(record.names):
        raise CaptionsError(
            f"{path} is not finished: {record.done:,} of {len(record.names):,} photos are done. "
            "The same command, run again, goes on."
        )
    embeddings = _open(path)
    if embeddings.shape[0] != len(record.names):
        raise CaptionsError(
            f"{path} has embeddings of {embeddings.shape[0]:,} photos, and {_beside(path).name} "
            f"names {len(record.names):,}: they do not belong together."
        )
    return TeacherEmbeddings(
        path, record.names, embeddings, record.seed, record.how, record.networks
    )


def embed_by_teacher(
    names: Sequence[str],
    pixels: UInt8Array,
    networks: Sequence[TeacherNetwork],
    path: Path,
    views: int,
    seed: int,
    how: ImageAugmentation,
    *,
    jobs: int = 1,
    anew: bool = False,
) -> Iterator[int]:
    """Write a file pair, or go on with an unfinished one.

    Args:
        names: of n photos, as `photo_name` has them.
        pixels: of these photos, shape (n, C, C, 3), uint8.
        networks: the teachers; they see the same views, each at its size.
        path: a NAME.npy; its folder is there.
        views: how many of each photo, the whole one first; 0: the whole photo alone, and neither
            seed nor how matter.
        seed: of the views.
        how: what they are made by.
        jobs: threads to compute in.
        anew: begin at the first photo, whatever is there.

    Yields:
        How many photos are done, at the start and whenever more are and the files tell so.

    Raises:
        CaptionsError: two photos have one name; there are too few to mix; a network's numbers
            do not fit into float16; the files cannot be written; or something else is there and
            not to be given up.
    """
    _check_name(path)
    _check(names, views, how)
    record = _Record(
        tuple(names),
        0,
        seed if views else None,
        how if views else None,
        tuple(network.name for network in networks),
        _hash(pixels),
    )
    width = sum(network.dimension for network in networks)
    shape = len(names), max(1, views), width
    done = _begin(path, record, shape, anew)
    yield done
    # View 0 is the whole photo: it is all that is embedded where none are asked for.
    embed = partial(_embed, pixels, networks, shape[1], seed, how)
    with ThreadPoolExecutor(jobs) as pool:
        for start in range(done, len(names), BLOCK):
            rows = range(start, min(start + BLOCK, len(names)))
            _append(path, np.stack(list(pool.map(embed, rows))))
            _write_record(path, replace(record, done=rows.stop))
            yield rows.stop


def _check_name(path: Path) -> None:
    if path.suffix != ".npy":
        raise CaptionsError(f"“{path.name}” does not end in .npy.")


def _check(names: Sequence[str], views: int, how: ImageAugmentation) -> None:
    doubled = next((name for name, times in Counter(names).items() if times > 1), None)
    if doubled:
        raise CaptionsError(f"There are two photos called {doubled}: rename one, or its folder.")
    if views and how.mixed and len(names) < 2:
        raise CaptionsError("A single photo has no other to be mixed with.")


def _hash(pixels: UInt8Array) -> str:
    """Tells photos from changed ones; in blocks, since they may be memory-mapped."""
    hasher = xxhash.xxh3_128(repr(pixels.shape).encode())
    for start in range(0, len(pixels), BLOCK):
        hasher.update(np.ascontiguousarray(pixels[start : start + BLOCK]).data)
    return hasher.hexdigest()


def _embed(
    pixels: UInt8Array,
    networks: Sequence[TeacherNetwork],
    views: int,
    seed: int,
    how: ImageAugmentation,
    row: int,
) -> Float16Array:
    """One photo's embeddings, shape (views, d)."""
    sizes = {network.size for network in networks}
    embeddings = []
    for number in range(views):
        images = {size: view(pixels, row, number, seed, size, how) for size in sizes}
        parts = [network.embed(images[network.size]) for network in networks]
        embeddings.append(np.concatenate(parts))
    if not (np.abs(embeddings) <= np.finfo(np.float16).max).all():
        raise CaptionsError(
            f"The teacher's numbers of photo {row + 1:,} do not fit into float16, or are none."
        )
    return np.array(embeddings, np.float16)


@dataclass(frozen=True, slots=True)
class _Record:
    """What NAME.json holds."""

    names: tuple[str, ...]
    done: int
    seed: int | None
    how: ImageAugmentation | None
    networks: tuple[str, ...]
    pixels: str  # the photos' hash; empty in files from before it was kept


def _begin(path: Path, wanted: _Record, shape: tuple[int, int, int], anew: bool) -> int:
    """Make the files, or cut unfinished ones to what is done; returns how many photos are."""
    header = _header(shape)
    here = path.exists() or _beside(path).exists()
    if not here or anew:
        return _make(path, wanted, header)
    found = _read_record(path)
    others = _differences(found, wanted)
    if others:
        raise CaptionsError(
            f"{path} is there already, of {others}: choose another name, or begin anew (--anew)."
        )
    if found.done == 0:  # killed before, or while, the first embeddings were written
        return _make(path, wanted, header)
    end = len(header) + found.done * math.prod(shape[1:]) * np.dtype(np.float16).itemsize
    try:
        with path.open("r+b") as file:
            whole = file.read(len(header)) == header and path.stat().st_size >= end
            if whole:
                file.truncate(end)  # what was written, but not yet noted as done
    except OSError as error:
        raise CaptionsError(f"{path} cannot be gone on with: {error.strerror or error}.") from error
    if not whole:
        raise CaptionsError(
            f"{path} is cut short, changed, or of another number of views: begin anew (--anew)."
        )
    return found.done


def _differences(found: _Record, wanted: _Record) -> str:
    """In words; empty where one goes on with the other."""
    same = {
        "other photos": found.names == wanted.names,
        "photos that have changed since": found.pixels == wanted.pixels,
        "other views": (found.seed, found.how) == (wanted.seed, wanted.how),
        "other networks": found.networks == wanted.networks,
    }
    if not same["other photos"]:
        del same["photos that have changed since"]
    return " and ".join(what for what, fits in same.items() if not fits)


def _header(shape: tuple[int, int, int]) -> bytes:
    """How a file of NumPy's own begins."""
    header = BytesIO()
    descr = np.lib.format.dtype_to_descr(np.dtype(np.float16))
    np.lib.format.write_array_header_1_0(
        header, {"descr": descr, "fortran_order": False, "shape": shape}
    )
    return header.getvalue()


def _make(path: Path, record: _Record, header: bytes) -> int:
    _write_record(path, record)  # first: killed in between, it tells that nothing is done
    with writing_to(path, CaptionsError):
        path.write_bytes(header)
    return 0


def _append(path: Path, embeddings: Float16Array) -> None:
    """Bring some photos' embeddings to the disk, before a record says that they are there."""
    with writing_to(path, CaptionsError), path.open("ab") as file:
        file.write(embeddings.tobytes())
        file.flush()
        os.fsync(file.fileno())


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")


def _write_record(path: Path, record: _Record) -> None:
    written = {
        "names": record.names,
        "done": record.done,
        "views": record.how and {"seed": record.seed, "how": asdict(record.how)},
        "networks": record.networks,
        "pixels": record.pixels,
    }
    with writing_to(path, CaptionsError), replacing(_beside(path)) as temporary:
        temporary.write_text(json.dumps(written, ensure_ascii=False), "utf-8")


def _read_record(path: Path) -> _Record:
    beside = _beside(path)
    try:
        written: Any = json.loads(beside.read_text("utf-8"))
        views = written["views"]
        return _Record(
            tuple(written["names"]),
            int(written["done"]),
            int(views["seed"]) if views else None,
            ImageAugmentation(**views["how"]) if views else None,
            tuple(written["networks"]),
            str(written.get("pixels", "")),
        )
    except FileNotFoundError as error:
        if not path.exists():
            raise CaptionsError(f"{path} does not exist.") from error
        raise CaptionsError(
            f"{path} cannot be used: {beside.name}, which tells its photos, is not beside it."
        ) from error
    except OSError as error:
        raise CaptionsError(f"{beside} cannot be read: {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CaptionsError(f"{beside} does not describe a teacher's embeddings.") from error


def _open(path: Path) -> Float16Array:
    try:
        embeddings = np.lib.format.open_memmap(path, mode="r")
    except OSError as error:
        raise CaptionsError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise CaptionsError(f"{path} is cut short, or no NumPy file.") from error
    if embeddings.ndim != 3 or embeddings.dtype != np.float16:
        raise CaptionsError(
            f"{path} is of shape {embeddings.shape}, {embeddings.dtype}: no teacher's embeddings, "
            "which are (photos, views, numbers), float16."
        )
    return embeddings


def _mean(blocks: Iterator[npt.NDArray[Any]]) -> npt.NDArray[np.float64]:
    """Of the last axis, over blocks of shape (photos, views, d)."""
    total, count = np.float64(0), 0
    for block in blocks:
        total = total + block.sum(axis=(0, 1), dtype=np.float64)
        count += block.shape[0] * block.shape[1]
    return np.asarray(total / count)
