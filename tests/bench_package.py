"""How soon the window of the packaged program is on the screen."""

import os
import signal
import time
from pathlib import Path
from statistics import median
from typing import Any

from tests.packaging.packaged import BUILT, Packaged, has_screen, moved, screen, shown

STARTS = 5


def bench_package(folder: Path) -> dict[str, Any]:
    """From the start of the process to the window on an X screen: cold, then warm."""
    if not BUILT.is_dir():
        return {"skipped": "dist/anhoi is not built: make package"}
    if not has_screen():
        return {"skipped": "Xvfb and xdotool are not installed"}
    packaged = moved(folder)
    with screen() as display:
        forget(packaged.folder)
        cold = opening(packaged, display)
        warm = [opening(packaged, display) for _ in range(STARTS)]
    size = sum(path.stat().st_size for path in BUILT.rglob("*") if not path.is_symlink())
    return {"cold_s": cold, "warm_median_s": median(warm), "size_mb": size / 1e6}


def opening(packaged: Packaged, display: dict[str, str]) -> float:
    """Seconds until the window is shown."""
    begun = time.perf_counter()
    process = packaged.start(**display)
    try:
        shown(display)
        return time.perf_counter() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def forget(folder: Path) -> None:
    """Let the system read these files from the disk the next time."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                os.fsync(file.fileno())
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
