"""Which checkpoints suit this machine, and why."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from engine.models.checkpoint import Checkpoint, Recall
from engine.models.checkpoints import CHECKPOINTS
from engine.models.machine import MachineFacts

MIB = 2**20

# Everybody has other programs open, so the encoders may take half of the memory. Of that half, so
# much goes to the window, the index, the translator and what torch itself loads.
MEMORY_SHARE = 2
RESERVED_BYTES = 1024 * MIB
SPARE_DISK_BYTES = 1024 * MIB
SPARE_ACCELERATOR_BYTES = 512 * MIB  # of the numbers between the layers, for a batch

# Measured: ViT-B/16 at 224 pixels (17.6 billion multiply-adds) in bfloat16, 19 photos a second on
# two cores of Zen 5; and 22 a second for decoding photos of 12 megapixels. Other processors differ,
# some by several times, so that whatever is computed from these is an estimate.
GMACS_A_CORE = 19 * 17.6 / 2
READ_A_CORE = 22 / 2

WEAK_CORES = 4  # with fewer, and no accelerator, the quick checkpoint is recommended

# Checkpoints made for many languages put the right photo first for 40 % and more of the Vietnamese
# captions of Crossmodal-3600, those that learnt from English texts mostly for 1 to 3 %. Between the
# two, and where nine of ten sentences miss their photo, a ranking is hardly of use.
POOR_PERCENT = 10

OPENCLIP = "vit-b-16-siglip2"
OPENCLIP_QUICK = "vit-b-32-siglip2-256"
OPENCLIP_THOROUGH = "vit-l-16-siglip2-256"
BEIT3 = "beit3-base-patch16-384-coco-retrieval"


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What suits a machine.

    Attributes:
        openclip: None where the starter that comes with the program suits best.
        beit3: likewise.
        reasons: sentences, the most important first.
    """

    openclip: Checkpoint | None
    beit3: Checkpoint | None
    reasons: tuple[str, ...]


def recommend(
    facts: MachineFacts, wants_translation: bool = True, here: Collection[str] = ()
) -> Recommendation:
    """The pair of checkpoints that suits a machine.

    Args:
        facts: what the machine has.
        wants_translation: whether Vietnamese queries may be translated for BEiT3, which reads
            English only.
        here: names of checkpoints that are on this machine already and take no more disk.
    """
    openclip, why_openclip = _openclip(facts, here)
    beit3, why_beit3 = _beit3(_left(facts, openclip, here), wants_translation, here)
    return Recommendation(
        openclip, beit3, (*why_openclip, *why_beit3, *_time(openclip, beit3, facts))
    )


def fits(record: Checkpoint, facts: MachineFacts, here: Collection[str] = ()) -> str | None:
    """Why a machine cannot run a checkpoint: a sentence, or None where it can.

    Args:
        record: the checkpoint.
        facts: what the machine has, or has left beside another checkpoint.
        here: names of checkpoints that are on this machine already and take no more disk.
    """
    return (
        _short_of_memory(record, facts)
        or _short_of_card(record, facts)
        or (None if record.name in here else _short_of_disk(record, facts))
    )


def seconds_per_photo(record: Checkpoint, facts: MachineFacts) -> float | None:
    """How long embedding a photo takes, as an estimate; None where nobody knows what it costs.

    An accelerator is taken to embed faster than the processor can decode photos for it.
    """
    if record.gmacs is None:
        return None
    return _seconds_per_photo(record.gmacs, facts)


def _seconds_per_photo(gmacs: float, facts: MachineFacts) -> float:
    """With networks of so many multiply-adds together; a photo is read once for all of them."""
    reading = 1 / (READ_A_CORE * facts.cores)
    network = 0.0 if facts.accelerated else gmacs / (GMACS_A_CORE * facts.cores)
    return max(reading, network)


def poor_in(record: Checkpoint, language: str) -> Recall | None:
    """The measured figure that shows a checkpoint finds next to nothing in a language, if any.

    Args:
        record: the checkpoint.
        language: ISO 639-1 code.
    """
    for recall in record.recalls:
        if (recall.language, recall.rank) == (language, 1) and recall.percent < POOR_PERCENT:
            return recall
    return None


def download_bytes(record: Checkpoint) -> int:
    """What a checkpoint takes on the disk; weights of unknown size are reckoned as float32."""
    others = sum(file.size or 0 for file in record.files if file is not record.weights)
    return others + (record.weights.size or _memory_bytes(record))


def _openclip(
    facts: MachineFacts, here: Collection[str]
) -> tuple[Checkpoint | None, tuple[str, ...]]:
    record, why = _found(OPENCLIP), "{} finds photos with Vietnamese and English sentences."
    if facts.accelerated and fits(_found(OPENCLIP_THOROUGH), facts, here) is None:
        record, why = _found(OPENCLIP_THOROUGH), "{} is thorough, and the graphics part is quick."
    elif not facts.accelerated and facts.cores < WEAK_CORES:
        record = _found(OPENCLIP_QUICK)
        why = "{} is the quickest that reads Vietnamese, for a machine with few processor cores."
    if unfit := fits(record, facts, here):
        return None, (f"The starter checkpoint of OpenCLIP suits this machine. {unfit}",)
    return record, (why.format(record.name), *_known(record))


def _beit3(
    facts: MachineFacts, wants_translation: bool, here: Collection[str]
) -> tuple[Checkpoint | None, tuple[str, ...]]:
    record, starter = _found(BEIT3), "The starter checkpoint of BEiT3 suits this machine."
    if not wants_translation:
        return None, (f"{starter} Larger ones read English only.",)
    if unfit := fits(record, facts, here):
        return None, (f"{starter} {unfit}",)
    reads = f"{record.name} reads English only: Vietnamese queries are translated for it."
    return record, (reads, *_known(record))


def _known(record: Checkpoint) -> tuple[str, ...]:
    """What is known of how well it finds photos, and what is not."""
    sentences = [
        f"{record.name} puts the right photo first for {recall.percent:.1f} % of the "
        f"{'Vietnamese' if recall.language == 'vi' else 'English'} captions of {recall.data}."
        for recall in record.recalls
    ]
    if record.knows("vi") and not any(recall.language == "vi" for recall in record.recalls):
        sentences.append(f"How well {record.name} does in Vietnamese alone is not known here.")
    return tuple(sentences)


def _time(
    openclip: Checkpoint | None, beit3: Checkpoint | None, facts: MachineFacts
) -> tuple[str, ...]:
    costs = [record.gmacs for record in (openclip, beit3) if record and record.gmacs is not None]
    if not costs:
        return ()
    seconds = 1000 * _seconds_per_photo(sum(costs), facts)
    return (
        f"Embedding 1,000 photos takes about {max(1, round(seconds / 60)):,} min, by estimate.",
    )


def _short_of_memory(record: Checkpoint, facts: MachineFacts) -> str | None:
    needed, there = _memory_bytes(record), facts.memory_bytes // MEMORY_SHARE - RESERVED_BYTES
    if needed <= there:
        return None
    return f"{record.name} needs {_mib(needed)} MiB of memory; {_mib(there)} can be given to it."


def _short_of_card(record: Checkpoint, facts: MachineFacts) -> str | None:
    if facts.accelerator is None or facts.accelerator_bytes is None:
        return None
    needed, there = _memory_bytes(record), facts.accelerator_bytes - SPARE_ACCELERATOR_BYTES
    if needed <= there:
        return None
    return (
        f"{record.name} needs {_mib(needed)} MiB of the graphics card's memory; "
        f"{_mib(there)} can be given to it."
    )


def _short_of_disk(record: Checkpoint, facts: MachineFacts) -> str | None:
    needed, there = download_bytes(record) + SPARE_DISK_BYTES, facts.free_disk_bytes
    if needed <= there:
        return None
    return f"{record.name} needs {_mib(needed)} MiB on the disk; {_mib(there)} are free."


def _left(facts: MachineFacts, record: Checkpoint | None, here: Collection[str]) -> MachineFacts:
    """What a machine has left beside a checkpoint."""
    if record is None:
        return facts
    memory = _memory_bytes(record)
    there = facts.accelerator_bytes
    return replace(
        facts,
        memory_bytes=facts.memory_bytes - MEMORY_SHARE * memory,
        free_disk_bytes=facts.free_disk_bytes
        - (0 if record.name in here else download_bytes(record)),
        accelerator_bytes=None if there is None else there - memory,
    )


def _found(name: str) -> Checkpoint:
    return next(record for record in CHECKPOINTS if record.name == name)


def _memory_bytes(record: Checkpoint) -> int:
    return record.memory_mb * MIB


def _mib(size: int) -> str:
    return f"{max(0, size) // MIB:,}"
