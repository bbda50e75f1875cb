"""How to train: phases, and what each of them weighs."""

from dataclasses import asdict, dataclass, field, fields

from engine.training.text_augmentation import TextAugmentation
from engine.training.views import ImageAugmentation


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each loss counts; what would only serve a loss of weight 0 is not computed.

    Attributes:
        contrastive: image against text.
        alignment: the teacher's embedding, mapped linearly, against text.
        translation: English sentence against Vietnamese sentence.
        feature: the teacher's embedding, regressed linearly from the image's.
        embedding: the image's against the teacher's mapped one.
        similarity: relations between the images of a batch, against the teacher's.
    """

    contrastive: float = 0.0
    alignment: float = 0.0
    translation: float = 0.0
    feature: float = 0.0
    embedding: float = 0.0
    similarity: float = 0.0

    @property
    def need_images(self) -> bool:
        return any((self.contrastive, self.feature, self.embedding, self.similarity))

    @property
    def need_texts(self) -> bool:
        return any((self.contrastive, self.alignment))

    @property
    def need_teacher(self) -> bool:
        return any((self.alignment, self.feature, self.embedding, self.similarity))


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a training with one schedule; it begins with the averaged weights of the last.

    Attributes:
        name: for people.
        epochs: passes over the photos.
        batch_size: photos a step, as many as the contrastive losses compare.
        learning_rate: peak of the cosine schedule.
        weights: of the losses.
        warm_up: share of the steps in which the rate climbs to its peak.
        weight_decay: of matrices; vectors (biases, norms, scales) have none.
        muon: Muon moves the weights of linear layers, in place of AdamW; where steps are few, it
            comes further in each.
        average: decay of the exponential moving average of all weights, reached slowly.
        dropout: on the residual branches of the text side, in [0, 1).
        teacher_dropout: on the teacher's embeddings before their linear map, in [0, 1).
        whole: share of captioned photos that are shown as they are; captions say what is on all
            of a photo, and a view may lack it.
        captions: of a photo in a step, where it has so many.
        accumulate: batches whose gradients are summed up to one step.
        chunk: photos or texts encoded at once; smaller ones than the batch save memory and cost
            a second forward pass (GradCache). None is the whole batch. The result is the same
            but for rounding, unless the network has batch norm in training mode, as the
            OpenCLIP starter has: that standardises by the chunk in place of the batch.
        prefixes: lengths of embeddings that shall serve by themselves (Matryoshka), beside the
            whole ones, which always take part.
        hard_negatives: share of a batch that is chosen for being alike, in [0, 1).
        text_augmentation: of captions.
        image_augmentation: of photos whose teacher has seen no views of them.
    """

    name: str
    epochs: int
    batch_size: int
    learning_rate: float
    weights: Weights = Weights(contrastive=1.0)
    warm_up: float = 0.05
    weight_decay: float = 0.1
    muon: bool = False
    average: float = 0.998
    dropout: float = 0.0
    teacher_dropout: float = 0.0
    whole: float = 0.0
    captions: int = 1
    accumulate: int = 1
    chunk: int | None = None
    prefixes: tuple[int, ...] = ()
    hard_negatives: float = 0.0
    text_augmentation: TextAugmentation = field(default_factory=TextAugmentation)
    image_augmentation: ImageAugmentation = field(default_factory=ImageAugmentation)

    def described(self) -> dict[str, str]:
        """What differs from the defaults, for people."""
        plain = Phase("", 0, 0, 0.0)
        given: dict[str, str] = {}
        for name in (each.name for each in fields(self)):
            value = getattr(self, name)
            if name == "weights":
                given |= {f"weight of {n}": f"{w:g}" for n, w in asdict(value).items() if w}
            elif name != "name" and value != getattr(plain, name):
                augments = isinstance(value, TextAugmentation | ImageAugmentation)
                given[_words(name)] = _settings(value) if augments else f"{value}"
        return given


def _settings(value: TextAugmentation | ImageAugmentation) -> str:
    return ", ".join(f"{_words(name)} {setting}" for name, setting in asdict(value).items())


def _words(name: str) -> str:
    return name.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train.

    Attributes:
        phases: one after another.
        seed: of everything random.
        validate_every: epochs between two validations; the end of a phase always has one.
    """

    phases: tuple[Phase, ...]
    seed: int = 1
    validate_every: int = 5
