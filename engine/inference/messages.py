"""What the window's process and the model process say to each other."""

from dataclasses import dataclass

from engine.images.metadata import PhotoMetadata
from engine.models.encoder import FloatArray


@dataclass(frozen=True, slots=True)
class PhotoToEmbed:
    """A photo by its byte-exact path, and the keys of the checkpoints that shall embed it."""

    path: bytes
    wanted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EmbeddedPhoto:
    """All that one decode gave.

    Attributes:
        embeddings: by checkpoint key, each of shape (d,), float32, unit length.
        thumbnail: a JPEG file.
        metadata: what the photo says of itself.
        content_hash: of the file.
    """

    embeddings: dict[str, FloatArray]
    thumbnail: bytes
    metadata: PhotoMetadata
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class UnreadablePhoto:
    """A photo that could not be embedded; `permanent` as in UnreadableImageError."""

    reason: str
    permanent: bool


PhotoAnswer = EmbeddedPhoto | UnreadablePhoto


@dataclass(frozen=True, slots=True)
class TextsToEncode:
    """Texts for the checkpoint of this key."""

    checkpoint: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An encoder that cannot be used, as a sentence for the user."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Bug:
    """An unexpected error, as its trace."""

    trace: str
