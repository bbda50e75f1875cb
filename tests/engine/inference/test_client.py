import multiprocessing
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import psutil
import pytest

from engine.errors import CheckpointError
from engine.images.photo_reading import read_photo
from engine.inference.client import ModelProcess
from engine.inference.messages import EmbeddedPhoto, PhotoToEmbed, UnreadablePhoto
from engine.models.encoder import load_encoder
from engine.models.installed import InstalledCheckpoint
from tests.conftest import MakePhoto
from tests.engine.inference.serving import (
    are_embedded,
    asked,
    child,
    serve_counting,
    serve_impatient,
    wait_until,
)

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
ROOT = Path(__file__).parents[3]


def test_photos_and_texts_are_embedded_as_in_this_process(
    tiny_pair: Pair, tmp_path: Path, make_photo: MakePhoto
) -> None:
    paths = [make_photo(tmp_path / f"{seed}.png", seed) for seed in range(11)]
    texts = ["một con chó", "a dog runs across the grass"]
    log = tmp_path / "log"
    with ModelProcess(tiny_pair, serve=partial(serve_counting, log)) as models:
        answers = models.embed_photos([asked(path, tiny_pair) for path in paths])
        found_texts = [models.encode_texts(each.key, texts) for each in tiny_pair]
    assert sorted(log.read_text().split()) == sorted(path.name for path in paths)  # each read once
    for checkpoint, found_text in zip(tiny_pair, found_texts, strict=True):
        encoder = load_encoder(checkpoint)
        read = [read_photo(os.fsencode(p), [checkpoint.record.preprocessing]) for p in paths]
        expected = encoder.encode_images(np.stack([photo.prepared[0] for photo in read]))
        found = [a.embeddings[checkpoint.key] for a in answers if isinstance(a, EmbeddedPhoto)]
        np.testing.assert_allclose(np.stack(found), expected, atol=1e-5)
        np.testing.assert_allclose(found_text, encoder.encode_texts(texts), atol=1e-5)
        assert found[0].dtype == found_text.dtype == np.float32


def test_every_photo_is_embedded_by_the_checkpoints_it_asks_for(
    models: ModelProcess, tiny_pair: Pair, tmp_path: Path, make_photo: MakePhoto
) -> None:
    keys = [checkpoint.key for checkpoint in tiny_pair]
    path = os.fsencode(make_photo(tmp_path / "a.png"))
    wanted = [(keys[0],), (keys[1],), (), (keys[1], keys[0])]
    answers = models.embed_photos([PhotoToEmbed(path, each) for each in wanted])
    found = [answer.embeddings for answer in answers if isinstance(answer, EmbeddedPhoto)]
    assert [set(embeddings) for embeddings in found] == [set(each) for each in wanted]
    for key in keys:
        alone, both = (embeddings[key] for embeddings in found if key in embeddings)
        np.testing.assert_allclose(alone, both, atol=1e-5)


def test_unreadable_photos_are_answered_with_their_reason_among_the_others(
    models: ModelProcess, tiny_pair: Pair, tmp_path: Path, make_photo: MakePhoto
) -> None:
    good = make_photo(tmp_path / "good.png")
    (tmp_path / "text.jpg").write_text("no photo")
    (tmp_path / "short.png").write_bytes(good.read_bytes()[:60])
    paths = [tmp_path / name for name in ("text.jpg", "good.png", "short.png", "missing.png")]
    answers = models.embed_photos([asked(path, tiny_pair) for path in paths])
    assert are_embedded(answers) == [False, True, False, False]
    reasons = [answer for answer in answers if isinstance(answer, UnreadablePhoto)]
    assert all(answer.reason for answer in reasons)
    assert [answer.permanent for answer in reasons] == [True, True, False]
    assert models.restarts == 0


def test_a_path_that_is_no_utf8_is_opened(
    models: ModelProcess, tmp_path: Path, make_photo: MakePhoto
) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"\xff\xfe.png")
    os.rename(make_photo(tmp_path / "a.png"), path)
    assert are_embedded(models.embed_photos([PhotoToEmbed(path, ())])) == [True]


def test_no_photos_need_no_process(models: ModelProcess) -> None:
    assert models.embed_photos([]) == []
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("family", [0, 1])
def test_a_damaged_encoder_is_refused_and_the_others_go_on(
    tiny_pair: Pair, tmp_path: Path, make_photo: MakePhoto, family: int
) -> None:
    whole = tiny_pair[1 - family]
    folder = tmp_path / "damaged"
    shutil.copytree(tiny_pair[family].folder, folder)
    (folder / "model.safetensors").write_bytes(b"x" * 1000)
    damaged = InstalledCheckpoint(tiny_pair[family].record, folder)
    photo = make_photo(tmp_path / "a.png")
    with ModelProcess([damaged, whole]) as models:
        for _ in range(2):
            with pytest.raises(CheckpointError, match="damaged") as refused:
                models.encode_texts(damaged.key, ["một con chó"])
            assert "\n" not in str(refused.value)
        with pytest.raises(CheckpointError, match="damaged"):
            models.embed_photos([asked(photo, (whole, damaged))])
        answers = models.embed_photos([PhotoToEmbed(os.fsencode(photo), (whole.key,))])
        assert are_embedded(answers) == [True]
        assert models.restarts == 0


def test_a_mistake_of_ours_comes_back_with_its_trace(
    models: ModelProcess, tiny_pair: Pair, tmp_path: Path, make_photo: MakePhoto
) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)Traceback.*read_photo.*a mistake of ours"):
        models.embed_photos([asked(make_photo(tmp_path / "bug.png"))])
    with pytest.raises(RuntimeError, match="KeyError"):
        models.encode_texts("unknown@0", ["một con chó"])
    with pytest.raises(RuntimeError, match="blank"):
        models.encode_texts(tiny_pair[1].key, [""])
    assert models.restarts == 0


def test_a_text_does_not_wait_for_the_photos_in_hand(
    models: ModelProcess,
    tiny_pair: Pair,
    gate: Path,
    make_photo: MakePhoto,
    beside: ThreadPoolExecutor,
) -> None:
    batch = [asked(make_photo(gate / name), tiny_pair) for name in ("gate.png", "b.png")]
    answers = beside.submit(models.embed_photos, batch)
    wait_until((gate / "reached").exists)
    for checkpoint in tiny_pair:
        assert models.encode_texts(checkpoint.key, ["một con chó"]).shape == (1, 32)
    assert not answers.done()
    (gate / "open").touch()
    assert are_embedded(answers.result()) == [True, True]


def test_weights_are_released_when_nobody_asks_and_loaded_again(
    tiny_pair: Pair, tmp_path: Path, make_photo: MakePhoto
) -> None:
    log, key = tmp_path / "log", tiny_pair[0].key
    batch = [asked(make_photo(tmp_path / "a.png"), tiny_pair)]
    with ModelProcess(tiny_pair, serve=partial(serve_impatient, log)) as models:
        first = models.embed_photos(batch)
        text = models.encode_texts(key, ["một con chó"])
        wait_until(
            lambda: log.exists() and {"text 0", "image 0"} & set(log.read_text().split("\n"))
        )
        again = models.embed_photos(batch)
        np.testing.assert_array_equal(models.encode_texts(key, ["một con chó"]), text)
        assert models.restarts == 0
    assert isinstance(first[0], EmbeddedPhoto)
    assert isinstance(again[0], EmbeddedPhoto)
    np.testing.assert_array_equal(first[0].embeddings[key], again[0].embeddings[key])


def test_precision_is_measured_once_and_remembered_between_processes(
    tiny_pair: Pair, tmp_path: Path, make_photo: MakePhoto
) -> None:
    precisions = tmp_path / "precisions.json"
    batch = [asked(make_photo(tmp_path / "a.png"), tiny_pair)]
    for _ in range(2):
        with ModelProcess(tiny_pair, precisions) as models:
            assert are_embedded(models.embed_photos(batch)) == [True]
            models.encode_texts(tiny_pair[0].key, ["một con chó"])
        remembered = precisions.read_text()
        assert all(f"{each.key} image" in remembered for each in tiny_pair)
        times = precisions.stat().st_mtime_ns
    assert times == precisions.stat().st_mtime_ns


@pytest.mark.skipif(sys.platform != "linux", reason="niceness is each thread's own on Linux")
def test_photos_run_at_low_priority_and_texts_do_not(
    models: ModelProcess, tmp_path: Path, make_photo: MakePhoto
) -> None:
    models.embed_photos([asked(make_photo(tmp_path / "a.png"))])
    process = psutil.Process(child().pid)
    nice = {thread.id: os.getpriority(os.PRIO_PROCESS, thread.id) for thread in process.threads()}
    assert nice[process.pid] == 10
    assert 0 in nice.values()
