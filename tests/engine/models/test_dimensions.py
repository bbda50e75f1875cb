import pytest

from engine.errors import CheckpointError
from engine.models.checkpoint import Family
from engine.models.dimensions import dimension_of, image_size_of


@pytest.mark.parametrize(
    ("family", "architecture", "dimension"),
    [
        ("beit3", "base", 768),
        ("beit3", "large", 1024),
        ("openclip", "ViT-B-16", 512),
        ("openclip", "ViT-B-16-plus-240", 640),
        ("openclip", "coca_ViT-B-32", 512),
    ],
)
def test_the_dimension_is_known_by_the_architectures_name(
    family: Family, architecture: str, dimension: int
) -> None:
    assert dimension_of(family, architecture) == dimension


@pytest.mark.parametrize(("architecture", "size"), [("ViT-B-16", 224), ("ViT-B-16-plus-240", 240)])
def test_the_image_size_is_known_by_the_architectures_name(architecture: str, size: int) -> None:
    assert image_size_of(architecture) == size


@pytest.mark.parametrize("architecture", ["", "nobody", "config.json", "hf-hub:a/b"])
def test_unknown_architectures_are_refused(architecture: str) -> None:
    with pytest.raises(CheckpointError, match="BEiT3 comes as"):
        dimension_of("beit3", architecture)
    with pytest.raises(CheckpointError, match="knows no architecture"):
        dimension_of("openclip", architecture)
    with pytest.raises(CheckpointError, match="knows no architecture"):
        image_size_of(architecture)
