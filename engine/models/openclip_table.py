"""OpenCLIP checkpoints: what exists, where it comes from, what it costs. Data only.

Recall by language is for Crossmodal-3600 (Thapliyal et al., EMNLP 2022: 3,600 photos from where
the languages are spoken), as open_clip's own evaluation has it. For SigLIP 2 no figure by language
is at hand; its authors give COCO with English captions.

`gmacs` and `memory_mb` are counted on the networks that open_clip builds; where the text tower
comes from transformers, its parameters are those of open_clip's docs/model_profile.csv.
"""

from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, HALF, Preprocessing
from engine.models.checkpoint import Checkpoint, CheckpointFile, HubFile, Recall

_HUB = "https://huggingface.co"
_SAFE_WEIGHTS = "open_clip_model.safetensors"
_WEIGHTS = "open_clip_pytorch_model.bin"
# Of the languages a multilingual text side knows, those that the window speaks.
_BOTH = ("vi", "en")

_MULTILINGUAL_RESULTS = (
    "open_clip, docs/openclip_multilingual_retrieval_results.csv, image_retrieval_recall@1"
)
_SIGLIP2_RESULTS = "google-research/big_vision, README_siglip2.md, COCO T→I"


def _crossmodal(vietnamese: float, english: float) -> tuple[Recall, ...]:
    return tuple(
        Recall(language, "Crossmodal-3600", 1, percent, _MULTILINGUAL_RESULTS)
        for language, percent in (("vi", vietnamese), ("en", english))
    )


def _coco(english: float) -> tuple[Recall, ...]:
    return (Recall("en", "COCO", 1, english, _SIGLIP2_RESULTS),)


def _file(repository: str, path: str, name: str = "", sha256: str | None = None) -> CheckpointFile:
    return CheckpointFile(name or path, hub=HubFile(repository, path), sha256=sha256)


def _clip(
    name: str,
    architecture: str,
    repository: str,
    weights: str,
    recalls: tuple[Recall, ...],
) -> Checkpoint:
    """ViT-B/16 with CLIP's text side and the tokenizer that is within open_clip."""
    return Checkpoint(
        name=name,
        family="openclip",
        architecture=architecture,
        weights=_file(repository, weights),
        tokenizer=None,
        preprocessing=Preprocessing(224, "crop", CLIP_MEAN, CLIP_STD),
        dimension=512,
        licence="MIT",
        languages=("en",),
        memory_mb=571,
        source=f"{_HUB}/{repository}",
        gmacs=17.6,
        recalls=recalls,
    )


def _siglip(
    architecture: str,
    size: int,
    *,
    memory_mb: int,
    gmacs: float,
    recalls: tuple[Recall, ...],
    dimension: int = 768,
    sha256: str | None = None,
) -> Checkpoint:
    """SigLIP with the tokenizer of its own repository."""
    repository = f"timm/{architecture}"
    return Checkpoint(
        name=architecture.lower(),
        family="openclip",
        architecture=architecture,
        weights=_file(repository, _SAFE_WEIGHTS, sha256=sha256),
        tokenizer=_file(repository, "tokenizer.json"),
        preprocessing=Preprocessing(size, "squash", HALF, HALF),
        dimension=dimension,
        licence="Apache-2.0",
        languages=_BOTH,
        memory_mb=memory_mb,
        source=f"{_HUB}/{repository}",
        other_files=(
            _file(repository, "tokenizer_config.json"),
            _file(repository, "special_tokens_map.json"),
        ),
        gmacs=gmacs,
        recalls=recalls,
    )


def _nllb(tag: str, repository: str, recalls: tuple[Recall, ...]) -> Checkpoint:
    """SigLIP's image side with the text side of a translation network."""
    text = "facebook/nllb-200-distilled-600M"
    return Checkpoint(
        name=f"nllb-clip-base-siglip-{tag}",
        family="openclip",
        architecture="nllb-clip-base-siglip",
        weights=_file(repository, _WEIGHTS),
        tokenizer=_file(text, "tokenizer.json"),
        preprocessing=Preprocessing(384, "squash", HALF, HALF),
        dimension=768,
        licence="CC-BY-NC-4.0",
        languages=_BOTH,
        memory_mb=1936,
        source=f"{_HUB}/{repository}",
        other_files=(
            _file(text, "config.json", "text_config.json"),
            _file(text, "tokenizer_config.json"),
            _file(text, "special_tokens_map.json"),
        ),
        gmacs=56.1,
        recalls=recalls,
    )


_XLM = "laion/CLIP-ViT-B-32-xlm-roberta-base-laion5B-s13B-b90k"
_XLM_TEXT = "FacebookAI/xlm-roberta-base"  # what the hub calls xlm-roberta-base today

OPENCLIP_CHECKPOINTS: tuple[Checkpoint, ...] = (
    _clip(
        "vit-b-16-openai",
        "ViT-B-16-quickgelu",
        "timm/vit_base_patch16_clip_224.openai",
        _SAFE_WEIGHTS,
        _crossmodal(1.14, 39.28),
    ),
    _clip(
        "vit-b-16-laion2b",
        "ViT-B-16",
        "laion/CLIP-ViT-B-16-laion2B-s34B-b88K",
        _WEIGHTS,
        _crossmodal(1.56, 49.06),
    ),
    _clip(
        "vit-b-16-datacomp-xl",
        "ViT-B-16",
        "laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K",
        _WEIGHTS,
        _crossmodal(2.08, 46.56),
    ),
    _siglip("ViT-B-16-SigLIP2", 224, memory_mb=1431, gmacs=17.7, recalls=_coco(52.1)),
    _siglip("ViT-B-16-SigLIP2-256", 256, memory_mb=1431, gmacs=23.4, recalls=_coco(53.2)),
    _siglip("ViT-B-16-SigLIP2-384", 384, memory_mb=1432, gmacs=56.1, recalls=_coco(54.6)),
    _siglip("ViT-B-32-SigLIP2-256", 256, memory_mb=1438, gmacs=5.7, recalls=_coco(47.2)),
    _siglip(
        "ViT-L-16-SigLIP2-256",
        256,
        memory_mb=3363,
        gmacs=81.3,
        recalls=_coco(54.7),
        dimension=1024,
    ),
    _siglip(
        "ViT-B-16-SigLIP-i18n-256",
        256,
        memory_mb=1414,
        gmacs=23.4,
        recalls=_crossmodal(53.53, 49.11),
        sha256="0dca7e40ddcc0c89c39275226bd8609d96c60b1605bc1ae612a68f02170f14ce",
    ),
    _nllb("mrl", "visheratin/nllb-siglip-mrl-base", _crossmodal(61.47, 49.14)),
    _nllb("v1", "visheratin/nllb-clip-base-siglip", _crossmodal(56.69, 44.89)),
    Checkpoint(
        name="xlm-roberta-base-vit-b-32",
        family="openclip",
        architecture="xlm-roberta-base-ViT-B-32",
        weights=_file(_XLM, _WEIGHTS),
        tokenizer=_file(_XLM_TEXT, "tokenizer.json"),
        preprocessing=Preprocessing(224, "crop", CLIP_MEAN, CLIP_STD),
        dimension=512,
        licence="MIT",
        languages=_BOTH,
        memory_mb=1397,
        source=f"{_HUB}/{_XLM}",
        other_files=(  # the repository has no special_tokens_map.json
            _file(_XLM_TEXT, "config.json", "text_config.json"),
            _file(_XLM_TEXT, "tokenizer_config.json"),
        ),
        gmacs=4.4,
        recalls=_crossmodal(54.56, 47.0),
    ),
)
