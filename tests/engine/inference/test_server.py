import gc
import multiprocessing
import os
import pickle
import subprocess
import sys
import weakref

import psutil
import pytest
import torch

from engine.errors import CheckpointError
from engine.inference import server
from engine.inference.messages import Bug, Refusal
from engine.inference.server import Encoders
from engine.models.installed import InstalledCheckpoint

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]


def test_a_side_is_loaded_once_and_without_the_other(tiny_pair: Pair) -> None:
    encoders = Encoders(tiny_pair, None)
    for checkpoint in tiny_pair:
        image_side = encoders.get(checkpoint.key, "image")
        assert encoders.get(checkpoint.key, "image") is image_side
        with pytest.raises(RuntimeError, match="text side"):
            image_side.encode_texts(["a dog"])


def test_releasing_one_side_frees_it_and_keeps_the_other(tiny_pair: Pair) -> None:
    encoders = Encoders(tiny_pair, None)
    keys = [checkpoint.key for checkpoint in tiny_pair]
    kept = [encoders.get(key, "text") for key in keys]
    released = [weakref.ref(encoders.get(key, "image")) for key in keys]
    encoders.release("image")
    gc.collect()
    assert [reference() for reference in released] == [None, None]
    assert [encoders.get(key, "text") for key in keys] == kept


def test_answering_ends_when_the_other_end_closes() -> None:
    here, there = multiprocessing.Pipe()
    here.send(3)
    here.send(4)
    here.close()  # the answers have no taker
    server._answer_all(there, lambda number: number + 1, when_idle=lambda: None)
    there.close()


def test_errors_for_the_user_and_mistakes_of_ours_are_told_apart() -> None:
    def refuse(_request: object) -> object:
        raise CheckpointError("It is damaged.")

    assert server._guarded(refuse, None) == Refusal("It is damaged.")
    mistake = server._guarded(lambda request: request[0], [])
    assert isinstance(mistake, Bug)
    assert "IndexError" in mistake.trace
    assert pickle.loads(pickle.dumps(mistake)) == mistake


def test_torch_running_out_of_memory_on_the_cpu_is_recognised() -> None:
    with pytest.raises(RuntimeError) as found:
        torch.empty(2**50)
    assert server._is_out_of_memory(found.value)
    assert server._is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory"))
    assert server._is_out_of_memory(MemoryError())
    assert not server._is_out_of_memory(RuntimeError("shapes do not fit"))


def test_a_gentle_share_takes_one_core_and_gives_way_to_everything(tiny_pair: Pair) -> None:
    """Seen in a process of its own, whose priority cannot be raised again."""
    script = (
        "import multiprocessing, os, psutil, sys\n"
        "from engine.inference import server\n"
        "from engine.inference.messages import Machine\n"
        "ends = [multiprocessing.Pipe() for _ in range(2)]\n"
        "[here.close() for here, _ in ends]\n"
        "server._serve_texts = lambda *arguments: None\n"
        "server.serve(ends[0][1], ends[1][1], [], None, None, Machine(share=sys.argv[1]))\n"
        "print(psutil.Process().nice(), os.environ.get('OMP_NUM_THREADS'))\n"
    )
    said = {
        share: subprocess.run(
            [sys.executable, "-c", script, share], capture_output=True, text=True, check=True
        ).stdout.split()
        for share in ("gentle", "full")
    }
    own = psutil.Process().nice()
    assert said["gentle"] == [str(max(own, 19)), "1"]
    assert said["full"] == [str(own), str(os.environ.get("OMP_NUM_THREADS"))]
