import json
import shutil
from pathlib import Path

import ctranslate2
import pytest
import torch
from sentencepiece import SentencePieceProcessor

from engine.errors import CheckpointError
from engine.models.installed_translators import InstalledTranslator
from engine.models.translation import LoadedTranslator
from engine.models.translator import Translator
from engine.models.translator_conversion import PIECES_FILES, _spec
from engine.models.translators import TRANSLATORS
from tests.engine.models.tiny_translators import LEARNT, generated, laid_out, saved

UNKNOWN = ["con mèo trên bãi biển", "người chơi tuyết", "hoàng hôn"]


@pytest.fixture(scope="module")
def loaded(marian: InstalledTranslator) -> LoadedTranslator:
    return LoadedTranslator.load(marian, threads=1)


def test_a_converted_marian_says_what_transformers_says(
    marian_hub: Path, loaded: LoadedTranslator
) -> None:
    assert loaded.translate(list(LEARNT)) == list(LEARNT.values())
    assert generated(marian_hub, list(LEARNT)) == list(LEARNT.values())


def test_a_converted_t5_says_what_transformers_says(t5_hub: Path, t5: InstalledTranslator) -> None:
    found = LoadedTranslator.load(t5, threads=1).translate(list(LEARNT))
    assert found == list(LEARNT.values())  # without the "en: " that the network says
    assert found == generated(t5_hub, list(LEARNT))


@pytest.mark.parametrize("record", TRANSLATORS, ids=lambda record: record.name)
@pytest.mark.parametrize("said", ["a dog at the beach", "children", "snow in the mountains"])
def test_before_it_is_rounded_a_network_finds_the_same_words_as_likely_as_transformers(
    record: Translator, said: str, marian_hub: Path, t5_hub: Path, tmp_path: Path
) -> None:
    hub = marian_hub if record.kind == "marian" else t5_hub
    spec = _spec(record, laid_out(record, hub, tmp_path / "hub"))
    spec.optimize(quantization="float32")
    (tmp_path / "ready").mkdir()
    spec.save(str(tmp_path / "ready"))
    source, target = (
        SentencePieceProcessor(model_file=str(hub / name)) for name in PIECES_FILES[record.kind]
    )
    asked = [*source.encode("con mèo trên núi", out_type=str), "</s>"]
    answer = target.encode(said, out_type=str)
    network = ctranslate2.Translator(str(tmp_path / "ready"))
    [found] = network.score_batch([asked], [answer])
    assert found.log_probs == pytest.approx(log_probs(hub, asked, [*answer, "</s>"]), abs=1e-4)


def log_probs(hub: Path, asked: list[str], answer: list[str]) -> list[float]:
    """How likely transformers finds an answer, piece by piece."""
    if (hub / "vocab.json").exists():
        ids = json.loads((hub / "vocab.json").read_text("utf-8"))
    else:
        pieces = SentencePieceProcessor(model_file=str(hub / "spiece.model"))
        ids = {pieces.id_to_piece(id_): id_ for id_ in range(len(pieces))}
    tokens = torch.tensor([[ids.get(piece, ids["<unk>"]) for piece in asked]])
    labels = torch.tensor([[ids[piece] for piece in answer]])
    with torch.inference_mode():
        logits = saved(hub)(input_ids=tokens, labels=labels).logits[0]
    if "<pad>" in ids and ids["<pad>"] == len(ids) - 1:  # Marian's, which is never said
        logits = logits[:, :-1]
    found: list[float] = logits.log_softmax(-1)[torch.arange(len(answer)), labels[0]].tolist()
    return found


def test_the_same_text_is_always_translated_alike(loaded: LoadedTranslator) -> None:
    again = [loaded.translate([text])[0] for text in reversed(UNKNOWN)]
    assert loaded.translate([*UNKNOWN, *UNKNOWN]) == [*reversed(again)] * 2
    assert loaded.translate([]) == []


def test_every_sentence_of_a_text_is_translated(loaded: LoadedTranslator) -> None:
    assert loaded.translate(["con chó. tuyết! con mèo đen"]) != loaded.translate(["con chó."])
    said = loaded.translate(["con chó", "tuyết", "con chó…  tuyết"])
    assert said[2].endswith(said[1])


def test_an_abbreviation_ends_no_sentence(loaded: LoadedTranslator) -> None:
    whole = loaded.translate(["tp. tuyết"])
    assert whole != [" ".join(loaded.translate(["tp.", "tuyết"]))]


@pytest.mark.parametrize("text", ["chó " * 500, "ngh" * 660, "犬" * 2000, "…", "2023", "🐕"])
def test_what_no_sentence_looks_like_comes_to_an_end(text: str, loaded: LoadedTranslator) -> None:
    [said] = loaded.translate([text])
    assert len(said) < 20_000


def test_a_network_that_runs_in_circles_is_stopped(loaded: LoadedTranslator) -> None:
    words = loaded.translate([" ".join(["chó mèo"] * 30)])[0].split()
    fours = [tuple(words[start : start + 4]) for start in range(len(words) - 3)]
    assert len(fours) == len(set(fours))


def test_old_translations_are_forgotten(
    marian: InstalledTranslator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.models.translation.REMEMBERED", 3)
    translator = LoadedTranslator.load(marian, threads=1)
    first = translator.translate(list(LEARNT))
    assert list(translator._remembered) == list(LEARNT)[-3:]
    assert translator.translate(list(LEARNT)) == first


@pytest.mark.parametrize("name", ["model.bin", "source.spm", "shared_vocabulary.json"])
def test_damaged_files_are_refused_by_name(
    name: str, marian: InstalledTranslator, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(marian.folder, tmp_path / "copy"))
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[:-1])
    with pytest.raises(CheckpointError, match=f"{name} has .* did not arrive whole"):
        LoadedTranslator.load(InstalledTranslator(marian.record, folder))
    (folder / name).write_bytes(b"x" + content[1:])
    with pytest.raises(CheckpointError, match=f"{name} is damaged"):
        LoadedTranslator.load(InstalledTranslator(marian.record, folder))
    (folder / name).unlink()
    with pytest.raises(CheckpointError, match=f"{name} cannot be read"):
        LoadedTranslator.load(InstalledTranslator(marian.record, folder))
