"""Measure what users wait for; `make bench` writes bench.json.

Machines are shared and noisy: compare ratios within one run, not seconds between two.
"""

import argparse
import json
import multiprocessing
import os
import platform
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import psutil
from PIL import Image

from engine.cli.scenes import draw_scenes
from engine.images.photo_reading import read_photo
from engine.images.reading import read_upright
from engine.images.thumbnails import THUMBNAIL_SIDE, make_thumbnail
from engine.index.upkeep import open_index
from engine.index.vector_index import VectorIndex
from engine.indexing.adding import add_files
from engine.inference.client import ModelProcess
from engine.inference.messages import PhotoToEmbed
from engine.library.library import Library
from engine.library.photo import FoundFile
from engine.models.checkpoints import DEFAULT_BEIT3, DEFAULT_OPENCLIP
from engine.models.encoder import FloatArray
from engine.models.installed import find_installed
from engine.search.fusion import NORMALISATIONS, Fusion
from engine.search.scores import Scores, join
from engine.search.searching import Searcher
from tests.bench_package import bench_package
from tests.bench_window import bench_closing, bench_drop, bench_large, bench_opening

Figures = dict[str, Any]
ROUNDS = 5
DIMENSIONS = (512, 768)  # of the checkpoints people use
QUERY = "một con chó chạy trên bãi cỏ"
COPIES = 8  # of each drawn scene
REBUILT = 100_000


def timed(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Median seconds of one call, after one that warms up."""
    work()
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return median(seconds)


def bench_decode(folder: Path) -> Figures:
    """12-megapixel JPEGs: everything the library wants, against plain full decoding."""
    path = folder / "large.jpg"
    scene = next(draw_scenes())[2]
    scene.resize((4000, 3000), Image.Resampling.BICUBIC).save(path, quality=90)
    inputs = [find_installed(DEFAULT_OPENCLIP).record.preprocessing]
    once = timed(lambda: read_photo(os.fsencode(path), inputs))
    full = timed(lambda: Image.open(path).convert("RGB"))
    thumbnail = timed(lambda: make_thumbnail(read_upright(path, THUMBNAIL_SIDE)))
    return {
        "photos_per_s": 1 / once,
        "thumbnails_per_s": 1 / thumbnail,
        "full_decodes_per_s": 1 / full,
        "once_against_full_decode": full / once,
    }


def bench_embed(folder: Path) -> Figures:
    """The model process on small drawn photos: each encoder, and both together."""
    paths = _scenes(folder)
    pair = [find_installed(name) for name in (DEFAULT_OPENCLIP, DEFAULT_BEIT3)]
    figures: Figures = {"photos": len(paths)}
    with ModelProcess(pair, folder / "precisions.json") as models:
        for label, wanted in {
            "openclip": pair[:1],
            "beit3": pair[1:],
            "both": pair,
        }.items():
            keys = tuple(checkpoint.key for checkpoint in wanted)
            batch = [PhotoToEmbed(path, keys) for path in paths]
            seconds = timed(lambda batch=batch: models.embed_photos(batch), rounds=3)  # type: ignore[misc]
            figures[f"{label}_photos_per_s"] = len(paths) / seconds
    return figures


def bench_query(folder: Path) -> Figures:
    """A text query end to end: idle, and while photos are being embedded without a pause."""
    paths = _scenes(folder)
    pair = [find_installed(name) for name in (DEFAULT_OPENCLIP, DEFAULT_BEIT3)]
    keys = tuple(checkpoint.key for checkpoint in pair)
    indexes = {c.key: _random_index(10_000, c.record.dimension) for c in pair}
    fusion = Fusion("zscore", (0.5, 0.5))
    with (
        Library.open(folder / "query-library") as library,
        ModelProcess(pair, folder / "precisions.json") as models,
    ):
        searcher = Searcher(library, models, indexes)

        def search() -> None:
            searcher.rank(searcher.score_text(QUERY), "fused", fusion, 100)

        batch = [PhotoToEmbed(path, keys) for path in paths]
        models.embed_photos(batch)
        idle = timed(search)
        stop = threading.Event()

        def embed() -> None:
            while not stop.is_set():
                models.embed_photos(batch)

        worker = threading.Thread(target=embed)
        worker.start()
        busy = timed(search, rounds=20)
        stop.set()
        worker.join()
    return {"idle_ms": idle * 1e3, "while_embedding_ms": busy * 1e3, "ratio": busy / idle}


def bench_search(folder: Path) -> Figures:
    """Fused search after the text is encoded, each size in a fresh process for its memory."""
    figures: Figures = {"dimensions": DIMENSIONS}
    for count in (100_000, 1_000_000):
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            figures[f"{count}"] = process.submit(_search, count).result()
    return figures


def _search(count: int) -> Figures:
    indexes = [_random_index(count, dimension) for dimension in DIMENSIONS]
    queries = [_unit(np.random.default_rng(9), 1, dimension)[0] for dimension in DIMENSIONS]
    figures: Figures = {}
    for normalisation in NORMALISATIONS:
        fusion = Fusion(normalisation, (0.3, 0.7))

        def search(fusion: Fusion = fusion) -> None:
            found = [index.scores(query) for index, query in zip(indexes, queries, strict=True)]
            join(found).rank("fused", fusion, 200)

        figures[f"{normalisation}_ms"] = timed(search) * 1e3
    figures["resident_gb"] = psutil.Process().memory_info().rss / 1e9
    return figures


def bench_index(folder: Path) -> Figures:
    """Making an index anew from the library, saving it and loading it."""
    dimension = DIMENSIONS[0]
    with Library.open(folder / "index-library") as library:
        _fill(library, REBUILT, dimension)
        start = time.perf_counter()
        index = open_index(library, "bench", dimension)
        rebuilt = time.perf_counter() - start
        path = folder / "bench.faiss"
        saved = timed(lambda: index.save(path), rounds=1)
        loaded = timed(lambda: VectorIndex.load(path, dimension), rounds=1)
    return {"photos": REBUILT, "rebuild_s": rebuilt, "save_s": saved, "load_s": loaded}


def bench_scan(folder: Path) -> Figures:
    """Finding the photos of a folder the first time, and again with nothing changed."""
    album = folder / "album"
    album.mkdir()
    for number in range(10_000):
        (album / f"{number}.jpg").write_bytes(b"%d" % number)
    with Library.open(folder / "scan-library") as library:
        start = time.perf_counter()
        for report in add_files(library, os.fsencode(album)):
            last = report
        first = time.perf_counter() - start
        again = timed(lambda: list(add_files(library, os.fsencode(album))), rounds=1)
    return {"files": last.seen, "first_files_per_s": 10_000 / first, "again_s": again}


def bench_rank(folder: Path) -> Figures:
    """Ranking and cutting off 100,000 scored photos anew, as a moved slider does."""
    random = np.random.default_rng(0)
    ids = np.arange(REBUILT, dtype=np.int64)
    cosines = random.standard_normal((2, REBUILT), dtype=np.float32) * np.float32(0.05)
    scores = Scores(ids, cosines, cosines)
    figures: Figures = {"photos": REBUILT}
    for normalisation in NORMALISATIONS:
        fusion = Fusion(normalisation, (0.7, 0.3))
        figures[f"{normalisation}_ms"] = 1000 * timed(partial(_rank_and_cut, scores, fusion))
    return figures


def _rank_and_cut(scores: Scores, fusion: Fusion) -> object:
    return scores.ranking("fused", fusion), scores.cut("fused", fusion)


def _fill(library: Library, count: int, dimension: int) -> None:
    vectors = _unit(np.random.default_rng(0), count, dimension).astype(np.float16)
    with library.transaction():
        folder = library.folders.add(b"/bench")
        for number in range(count):
            found = FoundFile(b"/bench/%d.jpg" % number, 1, 1)
            photo_id = library.photos.add(folder.id, found)
            library.embeddings.add(photo_id, "bench", vectors[number])


def _random_index(count: int, dimension: int) -> VectorIndex:
    index, random = VectorIndex(dimension), np.random.default_rng(dimension)
    for start in range(0, count, 50_000):
        ids = np.arange(start, min(start + 50_000, count), dtype=np.int64)
        index.add(ids, _unit(random, len(ids), dimension))
    return index


def _unit(random: np.random.Generator, count: int, dimension: int) -> FloatArray:
    vectors = random.standard_normal((count, dimension), dtype=np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors


def _scenes(folder: Path) -> list[bytes]:
    paths = []
    for copy in range(COPIES):
        for name, _, image in draw_scenes():
            path = folder / f"{name}-{copy}.jpg"
            if not path.exists():
                image.save(path, quality=90 - copy)
            paths.append(os.fsencode(path))
    return paths


PARTS: dict[str, Callable[[Path], Figures]] = {
    "decode": bench_decode,
    "embed": bench_embed,
    "query": bench_query,
    "search": bench_search,
    "index": bench_index,
    "scan": bench_scan,
    "rank": bench_rank,
    "opening": bench_opening,
    "drop": bench_drop,
    "large": bench_large,
    "closing": bench_closing,
    "package": bench_package,
}


def machine() -> Figures:
    """What the figures were measured on."""
    return {
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "load_at_start": psutil.getloadavg()[0],
        "python": platform.python_version(),
    }


def main() -> None:
    """Run the parts and write bench.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="run one part")
    parser.add_argument("--output", type=Path, default=Path("bench.json"))
    parsed = parser.parse_args()
    results: Figures = {"machine": machine(), "parts": {}}
    for name, part in PARTS.items():
        if parsed.only in (None, name):
            with tempfile.TemporaryDirectory() as folder:
                results["parts"][name] = part(Path(folder))
            print(name, json.dumps(results["parts"][name], indent=2))
    parsed.output.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    main()
