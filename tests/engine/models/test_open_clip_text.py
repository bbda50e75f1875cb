import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer

from engine.errors import CheckpointError
from engine.models.checkpoint import CONFIG_FILE
from engine.models.encoder import load_encoder
from engine.models.installed import InstalledCheckpoint
from engine.models.open_clip import (
    TEXT_CONFIG_FILE,
)
from engine.models.open_clip_text import load_tokenizer
from tests.engine.models.tiny_open_clip import (
    KINDS,
    MARKED,
    WEIGHTS_FILE,
    Folders,
    model_config,
    refuse_sockets,
)

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def nothing_to_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading may neither open a socket nor find anything in a cache."""
    refuse_sockets(monkeypatch, tmp_path)


def refused(checkpoint: InstalledCheckpoint) -> str:
    with pytest.raises(CheckpointError) as error:
        load_encoder(checkpoint, ["text"]).encode_texts([MARKED])
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("kind", KINDS)
def test_tokens_are_those_of_the_tokenizers_own_file(kind: str, checkpoints: Folders) -> None:
    """What transformers builds of the file may not lose its beginnings and ends of sentences."""
    checkpoint = checkpoints[kind]
    own = Tokenizer.from_file(str(checkpoint.folder / "tokenizer.json"))
    expected = own.encode(MARKED).ids
    if kind == "nllb-clip":
        expected[0] = own.encode("vie_Latn").ids[1]
    if kind == "CLIPA":
        expected[-1] = 0  # its end of a sentence is taken off, as in its training
    tokens = load_tokenizer(checkpoint.record, checkpoint.folder, 10**6)([MARKED])[0].tolist()
    assert tokens[: len(expected)] == expected
    assert len(set(tokens[len(expected) :])) == 1  # padding
    assert len(tokens) == KINDS[kind].text.get("context_length", 77)


def test_nllb_reads_the_language_its_record_knows(copied: Any) -> None:  # noqa: ANN401
    """A text has no language of its own, so Vietnamese is taken for granted where it is known."""
    checkpoint = copied("nllb-clip")
    own = Tokenizer.from_file(str(checkpoint.folder / "tokenizer.json"))
    english = replace(checkpoint.record, languages=("en",))
    for record, language in ((checkpoint.record, "vie_Latn"), (english, "eng_Latn")):
        tokens = load_tokenizer(record, checkpoint.folder, 10**6)([MARKED])
        assert int(tokens[0, 0]) == own.token_to_id(language)


@pytest.mark.parametrize(
    "text", ["\ud800 con chó", "?!…", "<pad> <eos> <s> </s>", "\x00\u200b", "x" * 5000], ids=ascii
)
@pytest.mark.parametrize("kind", KINDS)
def test_any_text_can_be_embedded(kind: str, text: str, checkpoints: Folders) -> None:
    assert np.isfinite(load_encoder(checkpoints[kind], ["text"]).encode_texts([text])).all()


@pytest.mark.parametrize("name", ["tokenizer.json", "tokenizer_config.json"])
@pytest.mark.parametrize("kind", ["SigLIP2", "nllb-clip"])
def test_a_missing_or_damaged_file_of_the_tokenizer_is_named(
    kind: str,
    name: str,
    copied: Any,  # noqa: ANN401
) -> None:
    checkpoint = copied(kind)
    (checkpoint.folder / name).write_text("{")
    assert "cannot be read" in refused(checkpoint)
    (checkpoint.folder / name).unlink()
    assert f"{name} is missing" in refused(checkpoint)


@pytest.mark.parametrize(
    ("kind", "name", "values"),
    [
        ("CLIPA", TEXT_CONFIG_FILE, {}),
        ("CLIPA", "tokenizer_config.json", {"unk_token": "<nothing>"}),
        ("SigLIP2", "special_tokens_map.json", {"pad_token": None}),
    ],
)
def test_a_tokenizer_that_only_fails_over_a_text_is_refused_before(
    kind: str,
    name: str,
    values: Any,  # noqa: ANN401
    copied: Any,  # noqa: ANN401
) -> None:
    checkpoint = copied(kind)
    (checkpoint.folder / name).write_text(json.dumps(values))
    assert "tokenizer.json cannot be read" in refused(checkpoint)


@pytest.mark.parametrize("kind", ["xlm-roberta", "nllb-clip"])
def test_a_missing_or_strange_text_tower_is_named(kind: str, copied: Any) -> None:  # noqa: ANN401
    checkpoint = copied(kind)
    path = checkpoint.folder / TEXT_CONFIG_FILE
    values = json.loads(path.read_text())
    path.write_text(json.dumps(values | {"model_type": "gpt2"}))
    assert refused(checkpoint)
    path.write_text(json.dumps({"auto_map": {"AutoConfig": "evil.Config"}}))
    assert "describes no text tower" in refused(checkpoint)
    path.unlink()
    assert "text_config.json is missing" in refused(checkpoint)


def test_code_named_by_a_tokenizer_is_never_run(copied: Any, tmp_path: Path) -> None:  # noqa: ANN401
    checkpoint = copied("SigLIP2")
    trap = tmp_path / "trap"
    (checkpoint.folder / "evil.py").write_text(f"open({str(trap)!r}, 'w')")
    values = {"tokenizer_class": "Evil", "auto_map": {"AutoTokenizer": ["evil.Evil", None]}}
    (checkpoint.folder / "tokenizer_config.json").write_text(json.dumps(values))
    assert "cannot be read" in refused(checkpoint)
    assert not trap.exists()


def test_an_architecture_without_its_tokenizer_is_refused(copied: Any) -> None:  # noqa: ANN401
    checkpoint = copied("SigLIP2")
    without = replace(checkpoint, record=replace(checkpoint.record, tokenizer=None))
    assert "needs the tokenizer" in refused(without)


def test_tokens_that_the_network_does_not_know_are_refused(copied: Any) -> None:  # noqa: ANN401
    checkpoint = copied("SigLIP2")
    tokenize = load_tokenizer(checkpoint.record, checkpoint.folder, 20)
    with pytest.raises(CheckpointError, match="its network knows 20"):
        tokenize([MARKED])


def test_open_clips_own_tokenizer_follows_a_description(copied: Any) -> None:  # noqa: ANN401
    checkpoint = copied("SigLIP2")
    config = model_config("SigLIP2")
    del config["text_cfg"]["hf_tokenizer_name"]
    (checkpoint.folder / CONFIG_FILE).write_text(json.dumps(config))
    record = replace(checkpoint.record, tokenizer=None)
    assert load_tokenizer(record, checkpoint.folder, 10**6)(["con chó"]).shape == (1, 24)


def test_the_weights_of_another_network_are_told(copied: Any, checkpoints: Folders) -> None:  # noqa: ANN401
    checkpoint = copied("xlm-roberta")
    shutil.copy(checkpoints["SigLIP2"].folder / WEIGHTS_FILE, checkpoint.folder)
    assert "holds the weights of another network" in refused(checkpoint)
