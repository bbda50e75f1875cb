import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.errors import CheckpointError
from engine.models.checkpoint import CheckpointFile
from engine.models.download import DownloadReport, bytes_left, download
from engine.models.installed_translators import (
    TRANSLATOR_FILE,
    InstalledTranslator,
    installed_translator,
    installed_translators,
    read_translator,
    verify_translator,
)
from engine.models.translation import LoadedTranslator
from engine.models.translator import Translator
from engine.models.translator_conversion import _spec, convert
from engine.models.translators import DEFAULT_TRANSLATOR, NETWORK_FILE, TRANSLATORS
from tests.engine.models.hub_site import HubSite
from tests.engine.models.tiny_translators import ENVIT5, LEARNT, OPUS, laid_out

READY = {
    "marian": ["config.json", "model.bin", "shared_vocabulary.json", "source.spm", "target.spm"],
    "t5": ["config.json", "model.bin", "shared_vocabulary.json", "spiece.model"],
}


@pytest.fixture
def hub(
    marian_hub: Path, t5_hub: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[HubSite]:
    with HubSite() as site:
        site.use(monkeypatch, tmp_path)
        for record, folder in ((OPUS, marian_hub), (ENVIT5, t5_hub)):
            files = {path.name: path.read_bytes() for path in folder.iterdir()}
            assert record.files[0].hub
            site.add(record.files[0].hub.repository, files)
        yield site


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "checkpoints"
    monkeypatch.setenv("ANHOI_CHECKPOINTS", str(folder))
    return folder


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


def test_the_table_names_what_the_hub_has() -> None:
    names = [record.name for record in TRANSLATORS]
    assert DEFAULT_TRANSLATOR in names
    assert len(set(names)) == len(names)
    for record in TRANSLATORS:
        repositories = {file.hub.repository for file in record.files if file.hub}
        assert len(repositories) == 1
        assert "config.json" in [file.hub.path for file in record.files if file.hub]
        assert not {file.name for file in record.files} & {"config.json", "model.bin"}


@pytest.mark.parametrize("record", TRANSLATORS, ids=lambda record: record.name)
def test_a_downloaded_translator_is_converted_once_and_runs(
    record: Translator, hub: HubSite, here: Path
) -> None:
    assert installed_translator() is None
    reports = list(download(record))
    assert "converting" in {report.step for report in reports}
    assert all(isinstance(report, DownloadReport) for report in reports)
    assert files_in(here / record.name) == sorted([*READY[record.kind], TRANSLATOR_FILE])
    ready = installed_translator()
    assert ready is not None
    assert (ready.record.name, ready.record.prefix) == (record.name, record.prefix)
    assert LoadedTranslator.load(ready, 1).translate(list(LEARNT)) == list(LEARNT.values())
    asked = len(hub.asked)
    assert bytes_left(record) == 0
    list(download(record))
    assert len(hub.asked) == asked


def test_a_damaged_translator_is_fetched_and_converted_anew(hub: HubSite, here: Path) -> None:
    list(download(OPUS))
    path = here / OPUS.name / "model.bin"
    path.write_bytes(path.read_bytes()[:-1])
    list(download(OPUS))
    [ready] = installed_translators()
    verify_translator(ready)
    assert files_in(ready.folder) == sorted([*READY["marian"], TRANSLATOR_FILE])


def test_a_translator_of_another_machine_is_taken_as_it_is(
    marian: InstalledTranslator, hub: HubSite, here: Path
) -> None:
    list(download(OPUS, offered=marian.folder))
    assert hub.asked == []
    [ready] = installed_translators()
    assert ready.record == marian.record


def test_of_several_translators_the_largest_one_is_used(
    marian: InstalledTranslator, t5: InstalledTranslator, here: Path
) -> None:
    for translator in (marian, t5):
        folder = here / translator.record.name
        folder.mkdir(parents=True)
        (folder / TRANSLATOR_FILE).write_bytes((translator.folder / TRANSLATOR_FILE).read_bytes())
        found = installed_translator()
        assert found is not None
        assert found.record == translator.record


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "llama"},
        {"name": "../up"},
        {"prefix": 3},
        {"bleus": None},
        {"files": [{"name": "../x", "urls": [], "hub": None, "sha256": "", "size": 1}]},
        {"files": [{"name": "..", "urls": [], "hub": None, "sha256": "", "size": 1}]},
    ],
)
def test_malformed_records_are_left_out(
    change: dict[str, object], marian: InstalledTranslator, here: Path
) -> None:
    folder = here / "odd"
    folder.mkdir(parents=True)
    values = json.loads((marian.folder / TRANSLATOR_FILE).read_text("utf-8"))
    (folder / TRANSLATOR_FILE).write_text(json.dumps(values | change), "utf-8")
    with pytest.raises(CheckpointError):
        read_translator(folder)
    assert installed_translators() == []


def test_pickles_that_would_run_code_are_refused(marian_hub: Path, tmp_path: Path) -> None:
    laid_out(OPUS, marian_hub, tmp_path)
    (tmp_path / "pytorch_model.bin").write_bytes(
        b"cposix\nsystem\n(S'touch " + str(tmp_path / "harm").encode() + b"'\ntR."
    )
    with pytest.raises(CheckpointError, match="it was not opened"):
        convert(OPUS, {NETWORK_FILE: CheckpointFile(NETWORK_FILE)}, tmp_path)
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("decoder_layers", 2, r"decoder.layers.1.* is missing"),
        ("encoder_layers", 0, r"encoder.layers.0.* has no place"),
        ("activation_function", "odd", "no translator that is known"),
        ("d_model", None, "no translator that is known"),
    ],
)
def test_files_that_do_not_fit_each_other_are_refused_and_kept(
    key: str, value: object, told: str, marian_hub: Path, tmp_path: Path
) -> None:
    laid_out(OPUS, marian_hub, tmp_path)
    path = tmp_path / NETWORK_FILE
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | {key: value}), "utf-8")
    before = files_in(tmp_path)
    with pytest.raises(CheckpointError, match=told):
        convert(OPUS, {NETWORK_FILE: CheckpointFile(NETWORK_FILE)}, tmp_path)
    assert files_in(tmp_path) == before


def test_a_vocabulary_of_another_size_is_refused(marian_hub: Path, tmp_path: Path) -> None:
    laid_out(OPUS, marian_hub, tmp_path)
    path = tmp_path / "vocab.json"
    ids = json.loads(path.read_text("utf-8"))
    fewer = [piece for piece in ids if piece not in ("<pad>", "a")]
    for pieces, told in ((fewer, "ends in <pad>"), ([*fewer, "<pad>"], "vocabulary has")):
        path.write_text(json.dumps({piece: id_ for id_, piece in enumerate(pieces)}), "utf-8")
        with pytest.raises(CheckpointError, match=told):
            convert(OPUS, {NETWORK_FILE: CheckpointFile(NETWORK_FILE)}, tmp_path)


def test_networks_whose_output_is_their_vocabulary_are_scaled(t5_hub: Path, tmp_path: Path) -> None:
    laid_out(ENVIT5, t5_hub, tmp_path)
    path = tmp_path / NETWORK_FILE
    for said, scaled in (
        ({"tie_word_embeddings": True}, True),
        ({"tie_word_embeddings": False}, False),
        ({"tie_word_embeddings": True, "scale_decoder_outputs": False}, False),
    ):
        path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | said), "utf-8")
        assert isinstance(_spec(ENVIT5, tmp_path).decoder.scale_outputs, str) is not scaled
