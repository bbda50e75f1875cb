"""What this machine has that decides which checkpoints suit it. Asks no torch."""

import importlib.util
import logging
import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psutil

from engine.errors import CheckpointError

logger = logging.getLogger(__name__)

NVIDIA_TIMEOUT_SECONDS = 5.0  # it wakes a sleeping card, which takes some
_ASK = ("--query-gpu=name,memory.total", "--format=csv,noheader,nounits")
_CARDS = re.compile(r"^(cuda|hip)\b[^=\n]*=\s*['\"]", re.MULTILINE)  # in torch/version.py


@dataclass(frozen=True, slots=True)
class MachineFacts:
    """What decides which checkpoints a machine can run.

    Attributes:
        memory_bytes: main memory, in all.
        free_disk_bytes: where checkpoints are downloaded to.
        cores: of the processor, physical ones where they are known.
        accelerator: name of an NVIDIA card that the installed PyTorch is built for; else None.
        accelerator_bytes: that card's own memory; None where it has none or does not say.
        apple: whether it is Apple silicon, which computes on its own graphics part.
    """

    memory_bytes: int
    free_disk_bytes: int
    cores: int
    accelerator: str | None = None
    accelerator_bytes: int | None = None
    apple: bool = False

    @property
    def accelerated(self) -> bool:
        """Whether anything but the processor embeds photos."""
        return self.accelerator is not None or self.apple


def machine_facts(folder: Path) -> MachineFacts:
    """Look at this machine; may take seconds where there is an NVIDIA card.

    Args:
        folder: where checkpoints are downloaded to; need not exist yet.

    Raises:
        CheckpointError: the folder's disk cannot be asked for its free space.
    """
    name, memory = _nvidia_card() if _torch_knows_cards() else (None, None)
    return MachineFacts(
        memory_bytes=psutil.virtual_memory().total,
        free_disk_bytes=_free_bytes(folder),
        cores=psutil.cpu_count(logical=False) or psutil.cpu_count() or 1,
        accelerator=name,
        accelerator_bytes=memory,
        apple=platform.system() == "Darwin" and platform.machine() == "arm64",
    )


def _free_bytes(folder: Path) -> int:
    for place in (folder.absolute(), *folder.absolute().parents):
        try:
            return shutil.disk_usage(place).free
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise CheckpointError(f"{place} cannot be read: {error.strerror}.") from error
    raise CheckpointError(f"There is no disk that {folder} could lie on.")


def _torch_knows_cards() -> bool:
    """Whether the installed PyTorch is more than a build for processors alone.

    Its file version.py says so ("cuda: Optional[str] = '12.8'") without importing it. Not all of
    its builds for processors alone are called "+cpu". A frozen program may hold no such file.
    """
    torch = importlib.util.find_spec("torch")
    if torch is None or torch.origin is None:
        return True
    try:
        said = Path(torch.origin).with_name("version.py").read_text("utf-8")
    except OSError:
        return True
    return _CARDS.search(said) is not None


def _nvidia_card() -> tuple[str | None, int | None]:
    """Name and memory in bytes of the largest NVIDIA card; nothing where there is none."""
    try:
        answer = subprocess.run(
            (_nvidia_smi(), *_ASK),
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=NVIDIA_TIMEOUT_SECONDS,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no flash of a console
        )
    except FileNotFoundError:
        return None, None
    except (OSError, subprocess.SubprocessError) as error:
        logger.warning("nvidia-smi gave no answer, so no card is reckoned with: %s", error)
        return None, None
    cards = [card for card in map(_card, answer.stdout.splitlines()) if card[0]]
    return max(cards, key=lambda card: card[1] or 0, default=(None, None))


def _nvidia_smi() -> str:
    """Windows would rather start a program of this name that lies in the folder it is run from."""
    if os.name != "nt":
        return "nvidia-smi"
    return str(Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "nvidia-smi.exe"))


def _card(line: str) -> tuple[str | None, int | None]:
    """Of a line such as "NVIDIA GeForce RTX 4090, 24564", in MiB; "[N/A]" for shared memory."""
    name, comma, memory = (part.strip() for part in line.rpartition(","))
    if not (comma and name):
        return None, None
    return name, int(memory) * 2**20 if memory.isdecimal() else None
