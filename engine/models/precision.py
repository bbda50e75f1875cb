"""Where and in which number format an encoder runs: measured once, remembered."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from engine.models.encoder import Encoder, FloatArray, Side, UInt8Array

logger = logging.getLogger(__name__)

LARGEST_COSINE_CHANGE = 0.002
PROBES = 8
ROUNDS = 3
CANDIDATES = {"cuda": torch.float16, "mps": torch.float16, "cpu": torch.bfloat16}
PROBE_TEXTS = (
    "một con chó chạy trên bãi cỏ",
    "hai đứa trẻ chơi đùa bên bờ biển",
    "người đàn ông mặc áo đỏ leo núi tuyết",
    "cô gái cười trước ngôi chùa cổ",
    "a dog runs across the grass",
    "two children play at the beach",
    "mâm cơm ngày tết",
    "biển lúc hoàng hôn",
)


def choose_device() -> torch.device:
    """CUDA, then MPS, then the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a lower precision did on the probes.

    Attributes:
        change: the largest change of a cosine against float32.
        speed_up: how many times faster than float32.
    """

    change: float
    speed_up: float

    @property
    def worth_it(self) -> bool:
        return self.change <= LARGEST_COSINE_CHANGE and self.speed_up > 1


def choose_dtype(
    load: Callable[[torch.dtype], Encoder],
    side: Side,
    image_size: int,
    device: torch.device,
    name: str,
    memory: Path,
) -> torch.dtype:
    """The number format for one side of an encoder on this device.

    The lower precision is taken where it changes no cosine between the probes by more than
    `LARGEST_COSINE_CHANGE` and is faster. The answer is kept in `memory`.

    Args:
        load: loads that side in a number format.
        side: which side.
        image_size: side of its input, in pixels.
        device: where it runs.
        name: of the checkpoint, weights included.
        memory: a JSON file.
    """
    lower = CANDIDATES[device.type]
    entry = f"{name} {side} {_device_name(device)} torch {torch.__version__} {lower}"
    known = _read(memory)
    if entry not in known:
        measurement = measure(load, lower, side, image_size)
        known = _read(memory) | {entry: measurement.worth_it}
        _write(memory, known)
        logger.info(
            "%s: cosines change by %.5f, %.1f times as fast; %s",
            entry,
            measurement.change,
            measurement.speed_up,
            "taken" if measurement.worth_it else "float32 kept",
        )
    return lower if known[entry] else torch.float32


def measure(
    load: Callable[[torch.dtype], Encoder], lower: torch.dtype, side: Side, image_size: int
) -> Measurement:
    """Compare a lower precision to float32 on drawn probes."""
    reference, reference_seconds = _timed(load(torch.float32), side, image_size)
    found, seconds = _timed(load(lower), side, image_size)
    change = float(np.abs((found - reference) @ reference.T).max())
    return Measurement(change if np.isfinite(change) else np.inf, reference_seconds / seconds)


def _timed(encoder: Encoder, side: Side, image_size: int) -> tuple[FloatArray, float]:
    images = probe_images(image_size)
    seconds = []
    for _ in range(ROUNDS):  # the first warms up; the quickest counts
        start = perf_counter()
        if side == "image":
            embeddings = encoder.encode_images(images)
        else:
            embeddings = encoder.encode_texts(PROBE_TEXTS)
        seconds.append(perf_counter() - start)
    return embeddings, min(seconds)


def probe_images(size: int) -> UInt8Array:
    """Smooth coloured fields with some noise, always the same: shape (PROBES, size, size, 3)."""
    random = np.random.default_rng(0)
    coarse = random.integers(0, 256, (PROBES, 8, 8, 3)).astype(np.float32)
    repeats = -(-size // 8)
    fields = coarse.repeat(repeats, axis=1).repeat(repeats, axis=2)[:, :size, :size]
    noise = random.normal(0, 12, fields.shape)
    return np.clip(fields + noise, 0, 255).astype(np.uint8)


def _device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def _read(memory: Path) -> dict[str, bool]:
    try:
        known = json.loads(memory.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        logger.warning("%s cannot be read (%s); precision is measured again.", memory, error)
        return {}
    return {str(entry): bool(taken) for entry, taken in dict(known).items()}


def _write(memory: Path, known: dict[str, bool]) -> None:
    temporary = memory.with_suffix(".part")
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(json.dumps(known, indent=1), "utf-8")
        temporary.replace(memory)
    except OSError as error:
        logger.warning("%s cannot be written (%s); precision is measured again.", memory, error)
