"""What model processes under test run: the real thing, with trouble made for some names."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.images.photo_reading import ReadPhoto
from engine.images.preprocessing import Preprocessing
from engine.inference import server
from engine.inference.messages import EmbeddedPhoto, PhotoAnswer, PhotoToEmbed, TextsToEncode
from engine.models.encoder import FloatArray, Side
from engine.models.installed import InstalledCheckpoint

WAIT_SECONDS = 60.0
SERVER: Any = server  # as something that may be changed


def wait_until(condition: Callable[[], object]) -> None:
    """Poll, and fail after a while."""
    end = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def stop_at_gate(folder: Path) -> None:
    """Say that the gate is reached, and stay until it is opened."""
    (folder / "reached").touch()
    wait_until((folder / "open").exists)


def serve_troubled(*arguments: Any) -> None:  # noqa: ANN401 - handed on
    """Die, hang, fail or wait over photos and texts that are named so."""
    read, encode = SERVER.read_photo, SERVER._encode_texts

    def read_photo(path: bytes, how: Sequence[Preprocessing]) -> ReadPhoto:
        name = os.path.basename(path)
        if b"poison" in name:
            die()
        if b"hang" in name:
            time.sleep(WAIT_SECONDS)
        if b"bug" in name:
            raise ZeroDivisionError("a mistake of ours")
        if b"memory" in name:
            raise MemoryError
        if b"gate" in name:
            stop_at_gate(Path(os.fsdecode(path)).parent)
        found: ReadPhoto = read(path, how)
        return found

    def encode_texts(encoders: server.Encoders, request: TextsToEncode) -> FloatArray:
        text = request.texts[0]
        if text == "poison":
            die()
        if text.startswith("gate "):
            stop_at_gate(Path(text.removeprefix("gate ")))
        found: FloatArray = encode(encoders, request)
        return found

    SERVER.read_photo = read_photo
    SERVER._encode_texts = encode_texts
    server.serve(*arguments)


def serve_poisoned(*arguments: Any) -> None:  # noqa: ANN401 - handed on
    """Die over a text to translate that is named so."""
    translate = server.Translating.translate

    def translate_or_die(self: server.Translating, texts: Sequence[str]) -> list[str]:
        if texts[0] == "poison":
            die()
        return translate(self, texts)

    SERVER.Translating.translate = translate_or_die
    server.serve(*arguments)


def serve_counting(log: Path, *arguments: Any) -> None:  # noqa: ANN401 - handed on
    """Write down every photo that is opened."""
    read = SERVER.read_photo

    def read_photo(path: bytes, how: Sequence[Preprocessing]) -> ReadPhoto:
        with log.open("a") as file:
            file.write(os.path.basename(os.fsdecode(path)) + "\n")
        found: ReadPhoto = read(path, how)
        return found

    SERVER.read_photo = read_photo
    server.serve(*arguments)


def serve_impatient(log: Path, *arguments: Any) -> None:  # noqa: ANN401 - handed on
    """Be idle after a blink, and write down which sides are released and what is left."""
    SERVER.IDLE_SECONDS = 0.05
    release, release_translator = server.Encoders.release, server.Translating.release

    def release_and_tell(self: server.Encoders, side: Side) -> None:
        release(self, side)
        with log.open("a") as file:
            file.write(f"{side} {len(self._loaded)}\n")

    def release_translator_and_tell(self: server.Translating) -> None:
        was_loaded = self._loaded is not None
        release_translator(self)
        with log.open("a") as file:
            file.write(f"translator {was_loaded}\n")

    SERVER.Encoders.release = release_and_tell
    SERVER.Translating.release = release_translator_and_tell
    server.serve(*arguments)


def serve_nothing(*_arguments: object) -> None:
    """End at once, as an installation does that is damaged."""
    os._exit(1)


def asked(path: Path, pair: Sequence[InstalledCheckpoint] = ()) -> PhotoToEmbed:
    return PhotoToEmbed(os.fsencode(path), tuple(checkpoint.key for checkpoint in pair))


def child() -> multiprocessing.process.BaseProcess:
    [process] = multiprocessing.active_children()
    return process


def kill_child() -> None:
    pid = child().pid
    assert pid
    os.kill(pid, signal.SIGKILL)


def are_embedded(answers: list[PhotoAnswer]) -> list[bool]:
    return [isinstance(answer, EmbeddedPhoto) for answer in answers]
