"""What does not come with the frozen program, in it: towers, downloads, translation."""

from pathlib import Path

import pytest

from engine.models.translators import DEFAULT_TRANSLATOR, TRANSLATORS
from tests.engine.models.hub_site import HubSite
from tests.engine.models.tiny_open_clip import write_checkpoint
from tests.engine.models.tiny_translators import LEARNT
from tests.packaging.packaged import Packaged
from tests.packaging.test_packaged_program import QUERY, succeeds

pytestmark = pytest.mark.packaged


def checkpoints(packaged: Packaged) -> Path:
    return packaged.library.parent / "checkpoints"


@pytest.mark.parametrize("kind", ["SigLIP2", "xlm-roberta", "nllb-clip"])
def test_text_towers_and_tokenizers_of_hugging_face_run(
    packaged: Packaged, scenes: Path, kind: str
) -> None:
    write_checkpoint(kind, checkpoints(packaged) / kind.lower(), ("vi", "en"))
    succeeds(packaged, "index", scenes)
    succeeds(packaged, "models", "use", kind.lower())
    succeeds(packaged, "index", scenes)
    found = succeeds(packaged, "search", QUERY, "--mode", "openclip")
    assert len(found.splitlines()) > 10


def test_a_translator_is_downloaded_converted_and_asked(
    packaged: Packaged, scenes: Path, marian_hub: Path
) -> None:
    translator = next(each for each in TRANSLATORS if each.name == DEFAULT_TRANSLATOR)
    repository = translator.files[0].hub
    assert repository
    vietnamese, english = next(iter(LEARNT.items()))
    write_checkpoint("SigLIP2", checkpoints(packaged) / "siglip2", ("en",))
    succeeds(packaged, "index", scenes)
    succeeds(packaged, "models", "use", "siglip2")
    with HubSite() as hub:
        files = {path.name: path.read_bytes() for path in marian_hub.iterdir()}
        hub.add(repository.repository, files)
        packaged.environment["HF_ENDPOINT"] = hub.address
        succeeds(packaged, "models", "download", translator.name)
    succeeds(packaged, "index", scenes)
    assert english in packaged.run("search", vietnamese).stderr
