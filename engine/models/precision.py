"""Where and in which number format an encoder runs: measured once, remembered."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
import torch

from engine.errors import CheckpointError
from engine.files import replacing
from engine.models.encoder import SIDES, Encoder, FloatArray, Side, UInt8Array

logger = logging.getLogger(__name__)

Load = Callable[[Side, torch.dtype], Encoder]

LARGEST_COSINE_CHANGE = 0.002
PROBES = 16
TIMED = 8  # of the probes: what a CPU embeds at once
ROUNDS = 3
PHOTO_SPECTRUM = 1.2  # amplitudes of photographs fall with about this power of the frequency
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


def choose_device(wanted: str = "auto") -> torch.device:
    """CUDA, then MPS, then the CPU; or the one that is wanted.

    Args:
        wanted: "auto", "cpu", "cuda" or "mps".

    Raises:
        CheckpointError: this machine does not have it.
    """
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    there["cpu"] = True
    if wanted == "auto":
        wanted = next(device for device, available in there.items() if available)
    if not there[wanted]:
        raise CheckpointError(f"The encoders cannot run on {wanted}: this machine has none.")
    return torch.device(wanted)


def free_unused_memory() -> None:
    """Give back what torch keeps of an accelerator's memory for later use."""
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()


@dataclass(frozen=True, slots=True)
class Measurement:
    """What a lower precision did to one side on the probes.

    Attributes:
        change: the largest change against float32 of a cosine between an image and a text,
            both sides being lowered; infinite where the lower precision cannot be computed in.
        speed_up: of this side, how many times faster than float32.
    """

    change: float
    speed_up: float

    @property
    def worth_it(self) -> bool:
        return self.change <= LARGEST_COSINE_CHANGE and self.speed_up > 1


def choose_dtype(
    load: Load,
    side: Side,
    image_size: int,
    device: torch.device,
    name: str,
    memory: Path,
) -> torch.dtype:
    """The number format for one side of an encoder on this device.

    The lower precision is taken where it changes no cosine between drawn images and texts by
    more than `LARGEST_COSINE_CHANGE`, and is faster. The answer for both sides is kept in
    `memory`.

    Args:
        load: loads one side in a number format.
        side: which side.
        image_size: side of its input, in pixels.
        device: where it runs.
        name: of the checkpoint, weights included.
        memory: a JSON file.
    """
    lower = CANDIDATES[device.type]
    entries = {
        each: f"{name} {each} {_device_name(device)} torch {torch.__version__} {lower}"
        for each in SIDES
    }
    known = _read(memory)
    if entries[side] not in known:
        measurements = measure(load, lower, image_size)
        known = _read(memory) | {
            entries[each]: measurement.worth_it for each, measurement in measurements.items()
        }
        _write(memory, known)
        for each, measurement in measurements.items():
            logger.info("%s: %s", entries[each], measurement)
    return lower if known[entries[side]] else torch.float32


def measure(load: Load, lower: torch.dtype, image_size: int) -> dict[Side, Measurement]:
    """Compare a lower precision to float32 on drawn images and texts, the two sides together."""
    images, image_seconds = _embedded_probes(load, "image", torch.float32, image_size)
    texts, text_seconds = _embedded_probes(load, "text", torch.float32, image_size)
    try:
        low_images, low_image_seconds = _embedded_probes(load, "image", lower, image_size)
        low_texts, low_text_seconds = _embedded_probes(load, "text", lower, image_size)
    except RuntimeError as error:  # not every operation exists in every format on every device
        if isinstance(error, torch.OutOfMemoryError):
            raise
        logger.warning("%s cannot be computed in, float32 is: %s", lower, error)
        return dict.fromkeys(SIDES, Measurement(np.inf, 0.0))
    change = float(np.abs(low_images @ low_texts.T - images @ texts.T).max())
    if not np.isfinite(change):
        change = np.inf
    return {
        "image": Measurement(change, image_seconds / low_image_seconds),
        "text": Measurement(change, text_seconds / low_text_seconds),
    }


def _embedded_probes(
    load: Load, side: Side, dtype: torch.dtype, image_size: int
) -> tuple[FloatArray, float]:
    """Embeddings of all probes of a side, shape (n, d), and the seconds that some of them took."""
    encoder, images = load(side, dtype), probe_images(image_size)

    def embed(count: int) -> FloatArray:
        if side == "image":
            return encoder.encode_images(images[:count])
        # One by one, as they are searched for.
        return np.concatenate([encoder.encode_texts([text]) for text in PROBE_TEXTS[:count]])

    embeddings = embed(PROBES)  # warms up, too
    return embeddings, min(_seconds(lambda: embed(TIMED)) for _ in range(ROUNDS))


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def probe_images(size: int) -> UInt8Array:
    """Draw clouds with the spectrum of photographs, and their spread of light and contrast.

    Plainer drawings look all the same to an encoder, so that nothing could change between them.

    Args:
        size: side, in pixels.

    Returns:
        Always the same pixels, shape (PROBES, size, size, 3), uint8.
    """
    random = np.random.default_rng(0)
    frequency = np.hypot(np.fft.fftfreq(size)[:, None], np.fft.rfftfreq(size))
    frequency[0, 0] = 1
    noise = np.fft.rfft2(random.normal(size=(PROBES, 3, size, size)))
    clouds = np.fft.irfft2(noise / frequency**PHOTO_SPECTRUM, s=(size, size))
    # Red, green and blue mostly rise and fall together.
    mix = 0.5 + 0.4 * random.normal(size=(PROBES, 3, 3))
    clouds = np.einsum("nij,njxy->nixy", mix, clouds)
    clouds /= clouds.std(axis=(1, 2, 3), keepdims=True)
    contrast = random.uniform(30, 80, (PROBES, 1, 1, 1))
    light = random.uniform(70, 180, (PROBES, 1, 1, 1))
    pixels = np.clip(clouds * contrast + light, 0, 255).astype(np.uint8)
    return np.ascontiguousarray(pixels.transpose(0, 2, 3, 1))


def _device_name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else device.type


def _read(memory: Path) -> dict[str, bool]:
    try:
        known = json.loads(memory.read_text("utf-8"))
        if not isinstance(known, dict):
            raise ValueError("it holds no table")
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        logger.warning("%s cannot be read (%s); precision is measured again.", memory, error)
        return {}
    return {entry: taken for entry, taken in known.items() if isinstance(taken, bool)}


def _write(memory: Path, known: dict[str, bool]) -> None:
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        with replacing(memory) as temporary:
            temporary.write_text(json.dumps(known, indent=1), "utf-8")
    except OSError as error:
        logger.warning("%s cannot be written (%s); precision is measured again.", memory, error)
