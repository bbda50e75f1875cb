"""BEiT3 checkpoints: what exists, where it comes from, what it costs. Data only.

`gmacs` and `memory_mb` are counted on our own network (torch.utils.flop_counter, one photo through
the image side; two operations a multiply-add). How well they find photos is known for English only,
which is all their text side reads.
"""

from engine.images.preprocessing import HALF, Preprocessing
from engine.models.checkpoint import Checkpoint, CheckpointFile, Recall

_RELEASE = "https://github.com/addf400/files/releases/download/beit3"
_SPM = CheckpointFile(
    "beit3.spm",
    (f"{_RELEASE}/beit3.spm",),
    sha256="6f5e2fefcf793761a76a6bfb8ad35489f9c203b25557673284b6d032f41043f4",
    size=1_356_293,
)
_DIMENSIONS = {"base": 768, "large": 1024}
_GMACS = {("base", 224): 17.6, ("base", 384): 55.5, ("large", 224): 61.6, ("large", 384): 191.1}


def _beit3(
    name: str,
    architecture: str,
    size: int,
    memory_mb: int,
    recalls: tuple[Recall, ...] = (),
    sha256: str | None = None,
) -> Checkpoint:
    file = f"{name}.pth"
    return Checkpoint(
        name=name.replace("_", "-"),
        family="beit3",
        architecture=architecture,
        weights=CheckpointFile(file, (f"{_RELEASE}/{file}",), sha256=sha256),
        tokenizer=_SPM,
        preprocessing=Preprocessing(size=size, resize="squash", mean=HALF, std=HALF),
        dimension=_DIMENSIONS[architecture],
        licence="MIT",
        languages=("en",),
        memory_mb=memory_mb,
        source="Wang et al., Image as a Foreign Language, CVPR 2023",
        gmacs=_GMACS[architecture, size],
        recalls=recalls,
    )


def _english(data: str, percent: float) -> tuple[Recall, ...]:
    """Of a checkpoint tuned on the same set's training part."""
    return (Recall("en", data, 1, percent, "microsoft/unilm, beit3/README.md, IR@1"),)


BEIT3_CHECKPOINTS: tuple[Checkpoint, ...] = (
    _beit3("beit3_base_itc_patch16_224", "base", 224, memory_mb=848),
    _beit3(
        "beit3_base_patch16_384_coco_retrieval",
        "base",
        384,
        memory_mb=849,
        recalls=_english("COCO", 61.4),
        sha256="df39666a88508ccd356567616582bc62cd56fa86ad6a8f8e50471b35217c8629",
    ),
    _beit3(
        "beit3_base_patch16_384_f30k_retrieval",
        "base",
        384,
        memory_mb=849,
        recalls=_english("Flickr30k", 86.2),
    ),
    _beit3("beit3_large_itc_patch16_224", "large", 224, memory_mb=2574),
    _beit3(
        "beit3_large_patch16_384_coco_retrieval",
        "large",
        384,
        memory_mb=2576,
        recalls=_english("COCO", 63.4),
    ),
    _beit3(
        "beit3_large_patch16_384_f30k_retrieval",
        "large",
        384,
        memory_mb=2576,
        recalls=_english("Flickr30k", 88.1),
    ),
)
