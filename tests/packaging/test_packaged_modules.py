"""What is inside: enough for every encoder and translator, and no tool of the developers."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from engine.models.open_clip import import_open_clip
from tests.packaging.packaged import BUILT
from tests.packaging.parts import bundle
from tests.packaging.unpacking import INSIDE, archive, run_inside, unpack

pytestmark = pytest.mark.packaged
BUILDERS = {"pytest", "mypy", "ruff", "hypothesis", "pip", "setuptools", "PyInstaller", "cyclonedx"}
# The towers that open_clip takes from transformers, each as small as it can be.
TOWERS = {
    "bert": {"hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 8},
    "roberta": {"hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 8},
    "xlm-roberta": {"hidden_size": 8, "num_attention_heads": 2, "intermediate_size": 8},
    "mt5": {"d_model": 8, "d_kv": 4, "d_ff": 8, "num_heads": 2},
    "m2m_100": {"d_model": 8, "encoder_attention_heads": 2, "decoder_attention_heads": 2},
}
ENCODE = """
import sys
from engine.models.open_clip import import_transformers
import_transformers()
import torch
from open_clip.hf_model import HFTextEncoder
for folder in sys.argv[1:]:
    tower = HFTextEncoder(folder, 8, pretrained=False, proj_type="linear")
    print(tower.config.model_type, *tower(torch.tensor([[5, 6, 7]])).shape)
"""
TOKENIZE = """
import sys
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoTokenizer
import transformers
pieces = ["<unk>", "<s>", "</s>", "<pad>", "▁con", "▁chó"]
vocabulary = [(piece, 0.0) for piece in pieces]
for name in sys.argv[2:]:
    made = Tokenizer(models.Unigram(vocabulary, 0, False))
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    special = {"unk_token": "<unk>", "pad_token": "<pad>"}
    kept = transformers.PreTrainedTokenizerFast(tokenizer_object=made, **special)
    folder = f"{sys.argv[1]}/{name}"
    kept.save_pretrained(folder)
    import json, pathlib
    config = pathlib.Path(folder, "tokenizer_config.json")
    config.write_text(json.dumps(json.loads(config.read_text()) | {"tokenizer_class": name}))
    again = AutoTokenizer.from_pretrained(folder)
    print(name, type(again).__name__, "input_ids" in again("con chó"))
"""
TOKENIZERS = ("XLMRobertaTokenizer", "NllbTokenizer", "T5Tokenizer", "GemmaTokenizer")


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that is inside, as files."""
    if not BUILT.is_dir():
        pytest.skip("dist/anhoi is not built: make package")
    folder = tmp_path_factory.mktemp("unpacked") / "inside"
    unpack(folder)
    return folder


def test_every_text_tower_of_open_clip_can_be_built(inside: Path, tmp_path: Path) -> None:
    for kind, sizes in TOWERS.items():
        (tmp_path / kind).mkdir()
        config = {"model_type": kind, "vocab_size": 16, "num_hidden_layers": 1, "pad_token_id": 1}
        (tmp_path / kind / "config.json").write_text(json.dumps(config | sizes))
    told = run_inside(inside, ENCODE, *(str(tmp_path / kind) for kind in TOWERS))
    assert told.splitlines() == [f"{kind} 1 8" for kind in TOWERS]


def test_every_tokenizer_that_a_checkpoint_or_translator_names_is_there(
    inside: Path, tmp_path: Path
) -> None:
    told = run_inside(inside, TOKENIZE, str(tmp_path), *TOKENIZERS)
    assert told.splitlines() == [f"{name} {name} True" for name in TOKENIZERS]


def test_the_tokenizer_of_clip_and_every_architecture_are_there(inside: Path) -> None:
    architectures = import_open_clip().list_models()
    told = run_inside(
        inside,
        "from engine.models.open_clip import import_open_clip\n"
        "open_clip = import_open_clip()\n"
        "print(open_clip.get_tokenizer('ViT-B-32')(['a dog']).sum().item() > 0)\n"
        "print(len(open_clip.list_models()))\n",
    )
    assert told.split() == ["True", str(len(architectures))]


def test_what_opens_connections_and_translates_can_be_imported(inside: Path) -> None:
    names = "truststore, huggingface_hub, hf_xet, ctranslate2.converters, sentencepiece, faiss"
    run_inside(inside, f"import {names}\nfrom huggingface_hub import hf_hub_download")


def test_no_tool_of_the_developers_is_inside() -> None:
    if not BUILT.is_dir():
        pytest.skip("dist/anhoi is not built: make package")
    tops = {name.partition(".")[0] for name in archive().toc}
    assert not tops & BUILDERS
    assert not tops & {name for name in bundle.left_out() if "." not in name}
    names = {path.name for path in INSIDE.rglob("*")}
    assert not [name for name in names if re.search(r"WebEngine|Qt6?(Qml|Quick|3D|Pdf)", name)]
    assert not [name for name in names if name.endswith((".h", ".a", ".lib", ".ts"))]


@pytest.mark.skipif(not shutil.which("ldd"), reason="asks the linker of Linux")
def test_every_library_finds_those_it_is_linked_to() -> None:
    if not BUILT.is_dir():
        pytest.skip("dist/anhoi is not built: make package")
    libraries = [path for path in INSIDE.rglob("*.so*") if not path.is_symlink()]
    told = subprocess.run(
        ["ldd", *libraries],
        capture_output=True,
        text=True,
        check=False,
        env={"LD_LIBRARY_PATH": str(INSIDE), "PATH": "/usr/bin:/bin"},
    ).stdout
    assert [line for line in told.splitlines() if "not found" in line] == []
    assert [path for path in INSIDE.rglob("*") if not path.exists()] == []  # links to nothing
