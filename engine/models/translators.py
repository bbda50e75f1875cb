"""The table of translators: what exists, where it comes from, what it costs. Data only."""

from engine.models.checkpoint import CheckpointFile, HubFile
from engine.models.translator import Bleu, Translator

WEIGHTS_FILE = "pytorch_model.bin"
# The hub's config.json goes by another name here, because CTranslate2 has one of its own.
NETWORK_FILE = "network.json"


def _files(repository: str, *others: str) -> tuple[CheckpointFile, ...]:
    """The weights, what describes the network, and `others`, under the hub's names."""
    weights = CheckpointFile(WEIGHTS_FILE, hub=HubFile(repository, WEIGHTS_FILE))
    network = CheckpointFile(NETWORK_FILE, hub=HubFile(repository, "config.json"))
    rest = (CheckpointFile(name, hub=HubFile(repository, name)) for name in others)
    return (weights, network, *rest)


# From the smallest to the largest: of several on one machine the last one translates.
TRANSLATORS: tuple[Translator, ...] = (
    Translator(
        name="opus-mt-vi-en",
        kind="marian",
        files=_files("Helsinki-NLP/opus-mt-vi-en", "vocab.json", "source.spm", "target.spm"),
        licence="Apache-2.0",
        memory_mb=69,
        source="Tiedemann & Thottingal, OPUS-MT, EAMT 2020",
        download_mb=292,
        bleus=(
            Bleu(
                "Tatoeba-test.vie.eng",
                42.8,
                "https://huggingface.co/Helsinki-NLP/opus-mt-vi-en/blob/main/metadata.json",
            ),
        ),
    ),
    Translator(
        name="envit5-translation",
        kind="t5",
        files=_files("VietAI/envit5-translation", "spiece.model"),
        licence="OpenRAIL, of which kind its authors do not say",
        memory_mb=262,
        source="Ngo et al., MTet, arXiv:2210.05610, 2022",
        prefix="vi: ",
        answer_prefix="en: ",
        download_mb=1101,
    ),
)

DEFAULT_TRANSLATOR = "opus-mt-vi-en"
