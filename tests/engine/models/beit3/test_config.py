import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import CheckpointError
from engine.models.beit3.config import BASE, LARGE, Beit3Config


@pytest.mark.parametrize("config", [BASE, LARGE, replace(BASE, text_length=32)])
def test_a_config_survives_json(config: Beit3Config, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text(json.dumps(config.to_dict()), "utf-8")
    assert Beit3Config.read(path) == config


def test_text_length_and_epsilon_may_be_left_out() -> None:
    values = BASE.to_dict()
    del values["text_length"], values["layernorm_eps"]
    assert Beit3Config.from_dict(values) == BASE


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"layers": 0}, "layers 0"),
        ({"ffn_dim": -4}, "ffn_dim -4"),
        ({"layernorm_eps": float("nan")}, "layernorm_eps nan"),
        ({"layers": 12.0}, "layers is 12.0"),
        ({"layers": True}, "layers is True"),
        ({"vocab_size": "64010"}, "vocab_size is '64010'"),
        ({"heads": 7}, "multiple of heads"),
        ({"image_size": 225}, "multiple of patches"),
        ({"text_length": 2}, "no room for words"),
        ({"text_length": 1023}, "exceeds max_text_positions"),
        ({"dropout": 1}, "dropout is unknown"),
    ],
)
def test_a_value_that_cannot_be_is_named(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(CheckpointError, match=complaint):
        Beit3Config.from_dict(BASE.to_dict() | change)


def test_missing_values_are_named() -> None:
    with pytest.raises(CheckpointError, match="embed_dim, ffn_dim"):
        Beit3Config.from_dict({"layers": 2, "heads": 2})


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe"])
def test_a_file_that_describes_no_network_is_named(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(content)
    with pytest.raises(CheckpointError, match=r"config\.json"):
        Beit3Config.read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"config\.json"):
        Beit3Config.read(tmp_path / "config.json")


def test_an_image_of_224_pixels_is_197_tokens() -> None:
    assert BASE.image_tokens == 197
