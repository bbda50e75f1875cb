from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.errors import CaptionsError
from engine.evaluation.evaluating import Progress
from engine.evaluation.queries import Queries
from engine.evaluation.reports import Report, table, write_csv, write_json
from engine.evaluation.runs import evaluate
from engine.evaluation.wordings import Asked, word_all
from engine.index.upkeep import open_index
from engine.inference.client import ModelProcess
from engine.library.library import Library
from engine.library.photo import FoundFile
from engine.models.checkpoint import Checkpoint
from engine.models.installed import InstalledCheckpoint
from engine.models.installed_translators import InstalledTranslator
from engine.search.fusion import Fusion
from engine.workspace import Workspace
from tests.engine.models.tiny_translators import LEARNT

Pair = tuple[InstalledCheckpoint, InstalledCheckpoint]
TEXTS = tuple(LEARNT)
FUSION = Fusion("zscore", (0.5, 0.5))


@pytest.fixture(autouse=True)
def no_leaks() -> None:
    """The process of this module outlives its tests; `models` ends it."""


@pytest.fixture(scope="module")
def models(tiny_pair: Pair, marian: InstalledTranslator) -> Iterator[ModelProcess]:
    with ModelProcess(tiny_pair, translator=marian) as process:
        yield process


def knowing(pair: Pair, *languages: str) -> Pair:
    openclip, beit3 = (
        replace(one, record=replace(one.record, languages=(said,)))
        for one, said in zip(pair, languages, strict=True)
    )
    return openclip, beit3


def records(pair: Pair) -> dict[str, Checkpoint]:
    return {one.key: one.record for one in pair}


def run(asking: Generator[Progress, None, Asked]) -> tuple[Asked, list[float]]:
    shares = []
    try:
        while True:
            shares.append(next(asking).share)
    except StopIteration as end:
        return end.value, shares


@pytest.fixture
def workspace(tmp_path: Path, tiny_pair: Pair, models: ModelProcess) -> Iterator[Workspace]:
    """Ten photos by two encoders, of which the second one knows English only."""
    rng = np.random.default_rng(0)
    pair = knowing(tiny_pair, "vi", "en")
    with Library.open(tmp_path / "library") as library:
        root = library.folders.add(b"/photos")
        for number in range(len(TEXTS)):
            photo_id = library.photos.add(root.id, FoundFile(b"/photos/%d" % number, 1, 1))
            for one in pair:
                vector = rng.standard_normal(one.record.dimension)
                library.embeddings.add(photo_id, one.key, vector.astype(np.float16))
        indexes = {one.key: open_index(library, one.key, one.record.dimension) for one in pair}
        yield Workspace(library, pair, models, indexes)


def report_on(workspace: Workspace, texts: tuple[str, ...] = TEXTS) -> Report:
    rows = np.arange(len(texts))
    ids = workspace.library.photos.ids()
    return evaluate(workspace, Queries(texts, ids, rows, rows % len(ids)), FUSION).report


def test_captions_are_translated_for_whom_they_have_to_be(
    tiny_pair: Pair, models: ModelProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.evaluation.wordings.TEXTS_AT_ONCE", 4)
    pair = knowing(tiny_pair, "vi", "en")
    texts = (*TEXTS, "a dog in the snow")
    asked, shares = run(word_all(texts, records(pair), models))
    assert asked.texts[pair[0].key] == texts
    assert asked.texts[pair[1].key] == (*LEARNT.values(), "a dog in the snow")
    assert (asked.translated, asked.left_out) == (len(TEXTS), {})
    assert shares == sorted(shares)
    assert len(shares) == 3
    assert max(shares) < 1 / 3


@pytest.mark.parametrize(
    ("languages", "texts"), [(("vi", "vi"), TEXTS), (("en", "en"), ("a dog", "two men"))]
)
def test_captions_that_everybody_knows_are_asked_as_they_stand(
    languages: tuple[str, str],
    texts: tuple[str, ...],
    tiny_pair: Pair,
    models: ModelProcess,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def translate(_texts: object) -> list[str]:
        raise AssertionError("the translator was asked")

    monkeypatch.setattr(models, "translate", translate)
    pair = knowing(tiny_pair, *languages)
    assert run(word_all(texts, records(pair), models)) == (
        Asked(dict.fromkeys((one.key for one in pair), texts)),
        [],
    )


def test_one_caption_in_a_hundred_may_be_taken_for_vietnamese(
    tiny_pair: Pair, models: ModelProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "translator", None)
    encoders = records(knowing(tiny_pair, "vi", "en"))
    many = ("ban do", *["a dog"] * 99)
    asked, _ = run(word_all(many, encoders, models))
    assert set(asked.texts.values()) == {many}
    few = ("ban do", *["a dog"] * 98)
    asked, _ = run(word_all(few, encoders, models))
    assert list(asked.left_out) == ["beit3"]


def test_a_translated_evaluation_is_that_of_the_english_captions(workspace: Workspace) -> None:
    found = report_on(workspace)
    english = report_on(workspace, tuple(LEARNT.values()))
    assert found.translated == len(TEXTS)
    assert found.text_to_image["beit3"] == english.text_to_image["beit3"]
    assert found.text_to_image["openclip"] != english.text_to_image["openclip"]
    assert "10 captions were translated" in table(found)
    assert found.summary()["translated"] == 10
    assert "translated" not in english.summary()


def test_an_encoder_that_cannot_be_asked_has_no_figures(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace.models, "translator", None)
    report = report_on(workspace)
    assert list(report.text_to_image) == list(report.image_to_text) == ["openclip", "fused"]
    assert report.text_to_image["fused"] == report.text_to_image["openclip"]
    assert report.image_to_text["fused"] == report.image_to_text["openclip"]
    assert report.sweep is None
    why = "tiny-beit3 does not know Vietnamese"
    assert f"No figures of BEiT3: {why}" in table(report)
    assert "BEiT3  " not in table(report)
    assert report.summary()["beit3"] is None
    assert why in report.summary()["left_out"]["beit3"]
    assert why in report.as_dict()["left_out"]["beit3"]
    write_json(report, tmp_path / "report.json")
    write_csv(report, tmp_path / "report.csv")
    assert "beit3" not in (tmp_path / "report.csv").read_text("utf-8")


def test_nothing_is_evaluated_where_nobody_can_be_asked(
    tiny_pair: Pair, models: ModelProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "translator", None)
    with pytest.raises(CaptionsError, match="No encoder can be asked"):
        run(word_all(TEXTS, records(knowing(tiny_pair, "en", "en")), models))
