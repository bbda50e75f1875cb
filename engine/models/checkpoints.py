"""The table of checkpoints: what exists, where it comes from, what it costs. Data only."""

from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, HALF, Preprocessing
from engine.models.checkpoint import Checkpoint, CheckpointFile, HubFile, PairDefault

_HUB = "https://huggingface.co"
_BEIT3_RELEASE = "https://github.com/addf400/files/releases/download/beit3"
_BEIT3_SPM = CheckpointFile(
    "beit3.spm",
    (f"{_BEIT3_RELEASE}/beit3.spm",),
    sha256="6f5e2fefcf793761a76a6bfb8ad35489f9c203b25557673284b6d032f41043f4",
    size=1_356_293,
)


def _beit3(
    name: str, architecture: str, size: int, memory_mb: int, sha256: str | None = None
) -> Checkpoint:
    file = f"{name}.pth"
    return Checkpoint(
        name=name.replace("_", "-"),
        family="beit3",
        architecture=architecture,
        weights=CheckpointFile(file, (f"{_BEIT3_RELEASE}/{file}",), sha256=sha256),
        tokenizer=_BEIT3_SPM,
        preprocessing=Preprocessing(size=size, resize="squash", mean=HALF, std=HALF),
        dimension={"base": 768, "large": 1024}[architecture],
        licence="MIT",
        languages=("en",),
        memory_mb=memory_mb,
        source="Wang et al., Image as a Foreign Language, CVPR 2023",
    )


def _openclip(
    name: str,
    architecture: str,
    repository: str,
    file: str,
    memory_mb: int,
) -> Checkpoint:
    return Checkpoint(
        name=name,
        family="openclip",
        architecture=architecture,
        weights=CheckpointFile(file, hub=HubFile(repository, file)),
        tokenizer=None,
        preprocessing=Preprocessing(size=224, resize="crop", mean=CLIP_MEAN, std=CLIP_STD),
        dimension=512,
        licence="MIT",
        languages=("en",),
        memory_mb=memory_mb,
        source=f"{_HUB}/{repository}",
    )


CHECKPOINTS: tuple[Checkpoint, ...] = (
    _openclip(
        "vit-b-16-openai",
        "ViT-B-16-quickgelu",
        "timm/vit_base_patch16_clip_224.openai",
        "open_clip_model.safetensors",
        memory_mb=572,
    ),
    _openclip(
        "vit-b-16-laion2b",
        "ViT-B-16",
        "laion/CLIP-ViT-B-16-laion2B-s34B-b88K",
        "open_clip_pytorch_model.bin",
        memory_mb=572,
    ),
    _openclip(
        "vit-b-16-datacomp-xl",
        "ViT-B-16",
        "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K",
        "open_clip_pytorch_model.bin",
        memory_mb=572,
    ),
    _beit3("beit3_base_itc_patch16_224", "base", 224, memory_mb=848),
    _beit3(
        "beit3_base_patch16_384_coco_retrieval",
        "base",
        384,
        memory_mb=849,
        sha256="df39666a88508ccd356567616582bc62cd56fa86ad6a8f8e50471b35217c8629",
    ),
    _beit3("beit3_base_patch16_384_f30k_retrieval", "base", 384, memory_mb=849),
    _beit3("beit3_large_itc_patch16_224", "large", 224, memory_mb=2574),
    _beit3("beit3_large_patch16_384_coco_retrieval", "large", 384, memory_mb=2576),
    _beit3("beit3_large_patch16_384_f30k_retrieval", "large", 384, memory_mb=2576),
)

DEFAULT_OPENCLIP = "starter-openclip"
DEFAULT_BEIT3 = "starter-beit3"

PAIRS: tuple[PairDefault, ...] = (
    PairDefault(DEFAULT_OPENCLIP, DEFAULT_BEIT3, "zscore", (0.7, 0.3), "Flickr8k dev, Vietnamese"),
    PairDefault(
        "vit-b-16-openai",
        "beit3-base-patch16-384-coco-retrieval",
        "none",
        (0.3, 0.7),
        "the original paper project",
    ),
)


def pair_default(openclip: str, beit3: str) -> PairDefault:
    """How to join two checkpoints; equal parts by z-score where nobody has measured it."""
    for pair in PAIRS:
        if (pair.openclip, pair.beit3) == (openclip, beit3):
            return pair
    return PairDefault(openclip, beit3, "zscore", (0.5, 0.5), "not measured for this pair")
