"""What the window's process and the model process say to each other."""

from dataclasses import dataclass
from typing import Literal

from engine.images.metadata import PhotoMetadata
from engine.models.encoder import FloatArray

Device = Literal["auto", "cpu", "cuda", "mps"]
Share = Literal["gentle", "normal", "full"]


@dataclass(frozen=True, slots=True)
class Machine:
    """How much of the machine the model process may use.

    Attributes:
        device: where the encoders run; "auto" takes the best there is.
        share: "gentle" leaves all but one core to others and gives way to everything, "normal"
            takes all cores and gives way, "full" does not give way.
    """

    device: Device = "auto"
    share: Share = "normal"


DEFAULT_MACHINE = Machine()
NO_TRANSLATOR = "There is no translator on this machine."


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
class TextsToTranslate:
    """Vietnamese texts for the translator."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An encoder or a translator that cannot be used, as a sentence for the user."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Bug:
    """An unexpected error, as its trace."""

    trace: str
