from pathlib import Path

import pytest

from engine.models.installed import measured
from engine.models.installed_translators import InstalledTranslator, install_translator
from engine.models.translator import Translator
from engine.models.translator_conversion import convert
from tests.engine.models.tiny_translators import ENVIT5, OPUS, laid_out, save_marian, save_t5


@pytest.fixture(scope="session")
def marian_hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained tiny network, laid out as the hub has opus-mt-vi-en."""
    folder = tmp_path_factory.mktemp("opus")
    save_marian(folder)
    return folder


@pytest.fixture(scope="session")
def t5_hub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trained tiny network, laid out as the hub has EnviT5."""
    folder = tmp_path_factory.mktemp("envit5")
    save_t5(folder)
    return folder


def installed_from(hub: Path, record: Translator, folder: Path) -> InstalledTranslator:
    laid_out(record, hub, folder)
    files = {file.name: measured(folder, file) for file in record.files}
    return install_translator(record, convert(record, files, folder), folder)


@pytest.fixture(scope="session")
def marian(marian_hub: Path, tmp_path_factory: pytest.TempPathFactory) -> InstalledTranslator:
    return installed_from(marian_hub, OPUS, tmp_path_factory.mktemp("ready") / OPUS.name)


@pytest.fixture(scope="session")
def t5(t5_hub: Path, tmp_path_factory: pytest.TempPathFactory) -> InstalledTranslator:
    return installed_from(t5_hub, ENVIT5, tmp_path_factory.mktemp("ready") / ENVIT5.name)
