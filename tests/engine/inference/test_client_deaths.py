import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.errors import ModelProcessDied
from engine.images.photo_reading import read_photo
from engine.inference import client
from engine.inference.client import GUILTY, ModelProcess
from engine.inference.messages import EmbeddedPhoto, PhotoAnswer, UnreadablePhoto
from engine.models.installed import InstalledCheckpoint
from tests.conftest import MakePhoto
from tests.engine.inference.serving import (
    are_embedded,
    asked,
    child,
    kill_child,
    serve_nothing,
    wait_until,
)

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
ROOT = Path(__file__).parents[3]


def test_a_process_killed_while_idle_is_replaced(
    models: ModelProcess, tmp_path: Path, make_photo: MakePhoto
) -> None:
    batch = [asked(make_photo(tmp_path / "a.png"))]
    assert are_embedded(models.embed_photos(batch)) == [True]
    kill_child()
    assert are_embedded(models.embed_photos(batch)) == [True]
    assert models.restarts == 1


def test_a_process_killed_in_the_middle_of_a_batch_loses_nothing(
    models: ModelProcess,
    gate: Path,
    make_photo: MakePhoto,
    beside: ThreadPoolExecutor,
) -> None:
    batch = [asked(make_photo(gate / name)) for name in ("a.png", "gate.png", "b.png")]
    answers = beside.submit(models.embed_photos, batch)
    wait_until((gate / "reached").exists)
    kill_child()
    (gate / "open").touch()
    assert are_embedded(answers.result()) == [True] * 3
    assert models.restarts == 1


def test_a_process_killed_over_a_text_is_replaced(
    models: ModelProcess, tiny_pair: Pair, gate: Path, beside: ThreadPoolExecutor
) -> None:
    text = f"gate {gate}"
    answer = beside.submit(models.encode_texts, tiny_pair[0].key, [text])
    wait_until((gate / "reached").exists)
    kill_child()
    (gate / "open").touch()
    np.testing.assert_array_equal(answer.result(), models.encode_texts(tiny_pair[0].key, [text]))
    assert models.restarts == 1


def test_a_text_that_kills_the_process_is_given_up_and_others_go_on(
    models: ModelProcess, tiny_pair: Pair
) -> None:
    with pytest.raises(ModelProcessDied, match="text"):
        models.encode_texts(tiny_pair[1].key, ["poison"])
    assert models.encode_texts(tiny_pair[1].key, ["một con chó"]).shape == (1, 32)
    assert models.restarts == 2


@pytest.mark.parametrize("trouble", ["poison", "memory"])
def test_the_photo_that_kills_the_process_is_found_and_the_others_are_embedded(
    models: ModelProcess, tiny_pair: Pair, tmp_path: Path, make_photo: MakePhoto, trouble: str
) -> None:
    names = [f"{number}.png" for number in range(5)] + [f"{trouble}.png", "6.png", "7.png"]
    paths = [make_photo(tmp_path / name, seed) for seed, name in enumerate(names)]
    answers = models.embed_photos([asked(path, tiny_pair) for path in paths])
    assert are_embedded(answers) == [trouble not in name for name in names]
    assert answers[5] == UnreadablePhoto(GUILTY, permanent=True)
    first = models.embed_photos([asked(paths[0], tiny_pair)])[0]
    assert isinstance(first, EmbeddedPhoto)
    assert isinstance(answers[0], EmbeddedPhoto)
    assert first.thumbnail == answers[0].thumbnail  # answers are not mixed up
    # Once a halving of 8 photos, and twice for the last one.
    assert models.restarts == 1 + 3 + 1


def test_two_guilty_photos_of_one_batch_are_both_found(
    models: ModelProcess, tmp_path: Path, make_photo: MakePhoto
) -> None:
    names = ["poison1.png", "a.png", "b.png", "poison2.png"]
    answers = models.embed_photos([asked(make_photo(tmp_path / name)) for name in names])
    assert are_embedded(answers) == [False, True, True, False]


def test_however_many_guilty_photos_stand_together_each_is_found(
    models: ModelProcess, tmp_path: Path, make_photo: MakePhoto
) -> None:
    names = [f"poison{number}.png" for number in range(3)] + ["a.png"]
    answers = models.embed_photos([asked(make_photo(tmp_path / name)) for name in names])
    assert are_embedded(answers) == [False, False, False, True]


def test_a_photo_that_hangs_is_given_up(
    models: ModelProcess, tmp_path: Path, make_photo: MakePhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = (asked(make_photo(tmp_path / name)) for name in ("a.png", "hang.png"))
    with monkeypatch.context() as patch:
        patch.setattr(client, "PATIENCE_SECONDS", 4.0)
        assert models.embed_photos([bad]) == [UnreadablePhoto(GUILTY, permanent=True)]
    assert are_embedded(models.embed_photos([good])) == [True]
    assert models.restarts == 2


def test_a_process_that_ends_at_once_is_not_restarted_for_ever(
    tiny_pair: Pair, tmp_path: Path
) -> None:
    with ModelProcess(tiny_pair, serve=serve_nothing) as models:
        with pytest.raises(ModelProcessDied, match="any photo"):
            models.embed_photos([asked(tmp_path / f"{n}.png") for n in range(4)])
        assert models.restarts < 12
        with pytest.raises(ModelProcessDied, match="text"):
            models.encode_texts(tiny_pair[0].key, ["một con chó"])


def test_a_process_that_cannot_start_is_told_in_a_sentence(
    models: ModelProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(ModelProcessDied, match="cannot be started"):
        models.embed_photos([asked(tmp_path / "a.png")])


def test_closing_ends_the_request_in_hand_and_every_later_one(
    models: ModelProcess, gate: Path, make_photo: MakePhoto, beside: ThreadPoolExecutor
) -> None:
    batch = [asked(make_photo(gate / name)) for name in ("a.png", "gate.png")]
    answers: Future[list[PhotoAnswer]] = beside.submit(models.embed_photos, batch)
    wait_until((gate / "reached").exists)
    models.close()
    with pytest.raises(ModelProcessDied, match="closed"):
        answers.result()
    assert not multiprocessing.active_children()
    assert models.restarts == 0
    with pytest.raises(ModelProcessDied, match="closed"):
        models.embed_photos(batch[:1])
    assert not multiprocessing.active_children()
    models.close()


def test_an_interrupt_does_not_leave_its_answer_for_the_next_request(
    models: ModelProcess, gate: Path, make_photo: MakePhoto
) -> None:
    def interrupt() -> None:
        wait_until((gate / "reached").exists)
        os.kill(os.getpid(), signal.SIGINT)

    photos = [asked(make_photo(gate / "gate.png", 1)), asked(make_photo(gate / "a.png", 2))]
    thread = threading.Thread(target=interrupt)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        models.embed_photos(photos[:1])
    thread.join()
    (gate / "open").touch()
    answers = models.embed_photos(photos[1:])
    expected = read_photo(photos[1].path, [])
    assert isinstance(answers[0], EmbeddedPhoto)
    assert answers[0].content_hash == expected.content_hash


def test_ctrl_c_is_left_to_the_parent_from_the_first_moment(
    models: ModelProcess, gate: Path, make_photo: MakePhoto, beside: ThreadPoolExecutor
) -> None:
    answers = beside.submit(models.embed_photos, [asked(make_photo(gate / "gate.png"))])
    wait_until(multiprocessing.active_children)
    pid = child().pid
    assert pid
    os.kill(pid, signal.SIGINT)  # before the child has run a line of ours
    wait_until((gate / "reached").exists)
    os.kill(pid, signal.SIGINT)
    (gate / "open").touch()
    assert are_embedded(answers.result()) == [True]
    assert child().pid == pid
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


SCRIPT = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from engine.inference.client import ModelProcess
from engine.inference.messages import PhotoToEmbed
from engine.models.installed import InstalledCheckpoint, read_record
from tests.engine.inference.serving import serve_troubled

if __name__ == "__main__":
    folder, photo = Path(sys.argv[2]), os.fsencode(sys.argv[3])
    checkpoint = InstalledCheckpoint(read_record(folder), folder)
    with ModelProcess([checkpoint], serve=serve_troubled) as models:
        print(len(models.encode_texts(checkpoint.key, ["a dog"])), flush=True)
        print(type(models.embed_photos([PhotoToEmbed(photo, ())])[0]).__name__, flush=True)
"""


def start_script(
    tmp_path: Path, checkpoint: InstalledCheckpoint, photo: Path
) -> "subprocess.Popen[str]":
    script, elsewhere = tmp_path / "script.py", tmp_path / "elsewhere"
    script.write_text(SCRIPT)
    elsewhere.mkdir()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    arguments = [sys.executable, str(script), str(ROOT), str(checkpoint.folder), str(photo)]
    return subprocess.Popen(
        arguments, cwd=elsewhere, env=environment, stdout=subprocess.PIPE, text=True
    )


def test_the_process_starts_from_any_folder_without_pythonpath(
    tiny_pair: Pair, tmp_path: Path, make_photo: MakePhoto
) -> None:
    with start_script(tmp_path, tiny_pair[0], make_photo(tmp_path / "a.png")) as script:
        output, _ = script.communicate(timeout=60)
    assert output.split() == ["1", "EmbeddedPhoto"]
    assert script.returncode == 0


def test_the_process_ends_with_its_parent_even_in_the_middle_of_a_batch(
    tiny_pair: Pair, gate: Path, tmp_path: Path, make_photo: MakePhoto
) -> None:
    with start_script(tmp_path, tiny_pair[0], make_photo(gate / "gate.png")) as script:
        wait_until((gate / "reached").exists)
        children = psutil.Process(script.pid).children(recursive=True)
        script.kill()
    assert children

    def is_gone(process: psutil.Process) -> bool:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE

    try:
        wait_until(lambda: all(is_gone(process) for process in children))
    finally:
        (gate / "open").touch()
