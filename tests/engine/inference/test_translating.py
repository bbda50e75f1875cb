import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from engine.errors import CheckpointError, ModelProcessDied
from engine.inference import server
from engine.inference.client import ModelProcess
from engine.models.installed import InstalledCheckpoint
from engine.models.installed_translators import InstalledTranslator
from engine.models.translation import LoadedTranslator
from tests.engine.inference.serving import serve_impatient, serve_poisoned, wait_until
from tests.engine.models.tiny_translators import LEARNT

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]


def test_texts_are_translated_between_texts_that_are_encoded(
    tiny_pair: Pair, marian: InstalledTranslator
) -> None:
    with ModelProcess(tiny_pair, translator=marian) as models:
        assert models.translate(list(LEARNT)) == list(LEARNT.values())
        assert models.encode_texts(tiny_pair[0].key, ["a dog"]).shape == (1, 32)
        assert models.translate(["tuyết"]) == ["snow"]
        assert models.translate([]) == []


def test_without_a_translator_no_process_is_started_to_say_so(tiny_pair: Pair) -> None:
    models = ModelProcess(tiny_pair)
    with pytest.raises(CheckpointError, match="There is no translator"):
        models.translate(["chó"])
    assert models._child is None
    with pytest.raises(CheckpointError, match="There is no translator"):
        server.Translating(None).translate(["chó"])


def test_a_translator_that_cannot_be_loaded_leaves_the_encoders_as_they_are(
    tiny_pair: Pair, marian: InstalledTranslator, tmp_path: Path
) -> None:
    broken = InstalledTranslator(marian.record, tmp_path)
    with ModelProcess(tiny_pair, translator=broken) as models:
        for _ in range(2):
            with pytest.raises(CheckpointError, match="cannot be read"):
                models.translate(["chó"])
        assert models.encode_texts(tiny_pair[0].key, ["a dog"]).shape == (1, 32)
        assert models.restarts == 0


def test_a_text_that_kills_the_translator_is_told_of_and_others_go_on(
    tiny_pair: Pair, marian: InstalledTranslator
) -> None:
    with ModelProcess(tiny_pair, serve=serve_poisoned, translator=marian) as models:
        with pytest.raises(ModelProcessDied, match="whenever a text is translated"):
            models.translate(["poison"])
        assert models.restarts == 2
        assert models.translate(["tuyết"]) == ["snow"]


def test_a_translator_that_dies_over_everything_is_asked_no_more(
    tiny_pair: Pair, marian: InstalledTranslator
) -> None:
    with ModelProcess(tiny_pair, serve=serve_poisoned, translator=marian) as models:
        for _ in range(4):
            with pytest.raises(ModelProcessDied, match="whenever a text is translated"):
                models.translate(["poison"])
        assert models.restarts == 4  # twice for each of two texts
        assert models.encode_texts(tiny_pair[0].key, ["a dog"]).shape == (1, 32)


def test_a_process_that_was_closed_is_no_fault_of_the_translator(
    tiny_pair: Pair, marian: InstalledTranslator
) -> None:
    with ModelProcess(tiny_pair, translator=marian) as models:
        models.close()
        for _ in range(4):
            with pytest.raises(ModelProcessDied, match="was closed"):
                models.translate(["tuyết"])


def test_an_idle_translator_is_released_and_loaded_again(
    tiny_pair: Pair, marian: InstalledTranslator, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    log.touch()
    impatient = partial(serve_impatient, log)
    with ModelProcess(tiny_pair, serve=impatient, translator=marian) as models:
        assert models.translate(["tuyết"]) == ["snow"]
        wait_until(lambda: "translator True" in log.read_text())
        assert models.translate(["xe máy"]) == ["a motorbike"]


def test_a_translator_is_loaded_when_it_is_first_asked(
    marian: InstalledTranslator, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[int] = []
    load = LoadedTranslator.load

    def count(translator: InstalledTranslator, threads: int) -> LoadedTranslator:
        loaded.append(threads)
        return load(translator, threads)

    monkeypatch.setattr(LoadedTranslator, "load", count)
    translating = server.Translating(marian, threads=1)
    assert loaded == []
    for _ in range(2):
        assert translating.translate(["tuyết"]) == ["snow"]
    assert loaded == [1]
    translating.release()
    translating.translate(["tuyết"])
    assert loaded == [1, 1]


def test_a_gentle_share_translates_on_one_core() -> None:
    """Seen in a process of its own, whose priority cannot be raised again."""
    script = (
        "import multiprocessing, sys\n"
        "from engine.inference import server\n"
        "from engine.inference.messages import Machine\n"
        "ends = [multiprocessing.Pipe() for _ in range(2)]\n"
        "[here.close() for here, _ in ends]\n"
        "server._serve_texts = lambda _texts, _encoders, translating: print(translating._threads)\n"
        "machine = Machine(share=sys.argv[1])\n"
        "server.serve(ends[0][1], ends[1][1], [], None, machine=machine)\n"
    )
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    said = {
        share: subprocess.run(
            [sys.executable, "-c", script, share],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        ).stdout.split()
        for share in ("gentle", "normal")
    }
    assert said == {"gentle": ["1"], "normal": ["0"]}
