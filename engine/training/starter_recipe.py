"""How the two small encoders that come with the program learn from a teacher."""

from dataclasses import replace

from engine.models.checkpoint import Family
from engine.training.recipe import Phase, Recipe, Weights
from engine.training.text_augmentation import TextAugmentation

EPOCHS_OF_PHOTOS: dict[Family, int] = {"openclip": 70, "beit3": 50}
RATE_OF_PHOTOS: dict[Family, float] = {"openclip": 2e-3, "beit3": 3e-3}
DECAY_OF_PHOTOS: dict[Family, float] = {"openclip": 0.05, "beit3": 0.1}
# The vocabulary folds case, and queries are brought to one tone placement.
TEXTS = TextAugmentation(all_marks=0.3, case=0, tone_placement=0)


def recipe_of(family: Family, seed: int) -> Recipe:
    """How a starter learns from a teacher: words first, then photos, then both.

    The text side learns to find the teacher's embeddings, mapped linearly; the image side
    learns to embed photos as that map does, which needs no words and takes the longest; then
    the two learn from each other.
    """
    words = Phase(
        "words",
        epochs=40,
        batch_size=512,
        learning_rate=5e-3,
        weights=Weights(alignment=1),
        weight_decay=0.1,
        dropout=0.2,
        teacher_dropout=0.3,
        whole=0.5,
        text_augmentation=TEXTS,
        muon=True,  # AdamW has learnt less of any transformer when the epochs are over
    )
    photos = Phase(
        "photos",
        epochs=EPOCHS_OF_PHOTOS[family],
        batch_size=128,
        learning_rate=RATE_OF_PHOTOS[family],
        weights=Weights(feature=1, embedding=1),
        weight_decay=DECAY_OF_PHOTOS[family],
        muon=family == "beit3",
    )
    both = Phase(
        "both",
        epochs=10,
        batch_size=256,
        learning_rate=2e-4,
        weights=Weights(contrastive=1, alignment=0.5, feature=1, embedding=1),
        weight_decay=0.1,
        dropout=0.2,
        teacher_dropout=0.3,
        whole=0.3,
        text_augmentation=replace(TEXTS, all_marks=0.5),
    )
    return Recipe((words, photos, both), seed)
