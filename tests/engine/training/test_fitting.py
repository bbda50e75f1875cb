import math
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import ImageEnhance
from torch import Tensor

from engine.cli.scenes import draw_scenes
from engine.errors import CaptionsError
from engine.images.preprocessing import HALF, Preprocessing, prepare
from engine.models.beit3.config import Beit3Config
from engine.models.beit3.retrieval import Beit3Retrieval
from engine.models.encoder import UInt8Array
from engine.models.tokenizer import SentencePieceTokenizer
from engine.training.data import CaptionedPhoto
from engine.training.fitting import LARGEST_LOGIT_SCALE, Epoch, Recipe, fit, validate
from engine.training.vocabulary import train_vocabulary

SIDE = 32
PREPROCESSING = Preprocessing(SIDE, "squash", HALF, HALF)
CONFIG = Beit3Config(
    embed_dim=48,
    layers=2,
    heads=2,
    ffn_dim=96,
    vocab_size=120,
    image_size=SIDE,
    patch_size=8,
    max_text_positions=34,
    text_length=32,
)
Photos = tuple[list[CaptionedPhoto], UInt8Array]


def scenes(variants: int, seed: int, side: int) -> Photos:
    """Drawn scenes, each cut and lit differently in every variant."""
    random = np.random.default_rng(seed)
    photos, pixels = [], []
    for name, caption, scene in draw_scenes():
        small = scene.resize((SIDE * 4, SIDE * 3))
        for variant in range(variants):
            left, top = random.integers(0, 12, 2).tolist()
            right, bottom = random.integers(0, 12, 2).tolist()
            view = small.crop((left, top, small.width - right, small.height - bottom))
            lit = ImageEnhance.Brightness(view).enhance(random.uniform(0.85, 1.15))
            photos.append(CaptionedPhoto(Path(f"{name}-{variant}"), (caption,), (1.0,)))
            pixels.append(prepare(lit, Preprocessing(side, "squash", HALF, HALF)))
    return photos, np.stack(pixels)


@pytest.fixture(scope="module")
def training() -> Photos:
    return scenes(4, seed=1, side=36)


@pytest.fixture(scope="module")
def held_out() -> Photos:
    return scenes(1, seed=2, side=SIDE)


@pytest.fixture(scope="module")
def tokenizer(training: Photos, tmp_path_factory: pytest.TempPathFactory) -> SentencePieceTokenizer:
    path = tmp_path_factory.mktemp("vocabulary") / "vocabulary.spm"
    path.write_bytes(train_vocabulary((p.captions[0] for p in training[0]), 100))
    return SentencePieceTokenizer(path, sha256=None, pieces=None, length=32)


def network(seed: int = 1) -> Beit3Retrieval:
    torch.manual_seed(seed)
    return Beit3Retrieval(CONFIG)


def train(
    untrained: Beit3Retrieval,
    tokenizer: SentencePieceTokenizer,
    training: Photos,
    held_out: Photos,
    recipe: Recipe,
) -> Iterator[Epoch]:
    return fit(untrained, tokenizer, PREPROCESSING, *training, held_out, recipe)


def test_a_small_network_learns_to_find_scenes_it_has_not_seen(
    tokenizer: SentencePieceTokenizer, training: Photos, held_out: Photos
) -> None:
    trained = network()
    before = validate(trained, tokenizer, PREPROCESSING, *held_out)
    recipe = Recipe(epochs=40, batch_size=24, learning_rate=2e-3, validate_every=40)
    epochs = list(train(trained, tokenizer, training, held_out, recipe))
    after = epochs[-1].validation
    assert after is not None
    # By chance 21 % of 24 scenes are among the first five, and the mean rank is 12.5.
    assert before.r5 < 50
    assert after.r5 > 75
    assert after.mean_rank < 4
    assert epochs[-1].loss < epochs[0].loss / 2
    assert not trained.training


def test_the_seed_decides_every_weight(
    tokenizer: SentencePieceTokenizer, training: Photos, held_out: Photos
) -> None:
    def weights(seed: int) -> dict[str, Tensor]:
        trained = network()
        recipe = Recipe(epochs=1, batch_size=32, learning_rate=1e-3, seed=seed)
        list(train(trained, tokenizer, training, held_out, recipe))
        return trained.state_dict()

    first, again, other = weights(1), weights(1), weights(2)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)


def test_epochs_are_numbered_and_validated_when_due_and_at_the_end(
    tokenizer: SentencePieceTokenizer, training: Photos, held_out: Photos
) -> None:
    recipe = Recipe(epochs=5, batch_size=96, learning_rate=1e-3, validate_every=2)
    epochs = list(train(network(), tokenizer, training, held_out, recipe))
    assert [epoch.number for epoch in epochs] == [1, 2, 3, 4, 5]
    assert [epoch.number for epoch in epochs if epoch.validation] == [2, 4, 5]
    assert all(math.isfinite(epoch.loss) for epoch in epochs)


def test_fewer_photos_than_a_batch_are_refused_with_both_numbers(
    tokenizer: SentencePieceTokenizer, training: Photos, held_out: Photos
) -> None:
    recipe = Recipe(epochs=1, batch_size=97, learning_rate=1e-3)
    with pytest.raises(CaptionsError, match=r"96 photos, fewer than a batch of 97"):
        next(train(network(), tokenizer, training, held_out, recipe))


def test_an_epoch_that_chance_leaves_without_a_batch_is_passed_over(
    tokenizer: SentencePieceTokenizer, training: Photos, held_out: Photos
) -> None:
    photos = [CaptionedPhoto(p.path, p.captions, (0.5,)) for p in training[0]]
    recipe = Recipe(epochs=6, batch_size=48, learning_rate=1e-3, validate_every=9)
    epochs = train(network(), tokenizer, (photos, training[1]), held_out, recipe)
    losses = [epoch.loss for epoch in epochs]
    assert any(map(math.isnan, losses))
    assert any(map(math.isfinite, losses))


def test_the_temperature_stays_in_its_bounds(
    tokenizer: SentencePieceTokenizer, training: Photos, held_out: Photos
) -> None:
    trained = network()
    with torch.no_grad():
        trained.logit_scale.fill_(LARGEST_LOGIT_SCALE + 1)
    recipe = Recipe(epochs=1, batch_size=96, learning_rate=1e-3)
    list(train(trained, tokenizer, training, held_out, recipe))
    assert 0 < float(trained.logit_scale.detach()) <= LARGEST_LOGIT_SCALE + 1e-6


def test_work_stops_where_its_reader_stops(
    tokenizer: SentencePieceTokenizer, training: Photos, held_out: Photos
) -> None:
    recipe = Recipe(epochs=1_000_000, batch_size=96, learning_rate=1e-3)
    epochs = train(network(), tokenizer, training, held_out, recipe)
    assert [epoch.number for epoch in islice(epochs, 2)] == [1, 2]


def test_validation_does_not_depend_on_how_photos_and_captions_fall_into_blocks(
    tokenizer: SentencePieceTokenizer, held_out: Photos
) -> None:
    photos, pixels = held_out
    several = [
        CaptionedPhoto(p.path, (*p.captions, unicodedata.normalize("NFC", f"ảnh {p.path}")), (1, 1))
        for p in photos * 6
    ]
    repeated = np.concatenate([pixels] * 6)  # 144 images and 288 captions: more than a block each
    same = network()
    found = validate(same, tokenizer, PREPROCESSING, several, repeated)
    with torch.inference_mode():
        ids = [tokenizer.encode([text]) for p in several for text in p.captions]
        texts = torch.cat([same.embed_texts(*pair) for pair in ids])
        scaled = torch.from_numpy(repeated).permute(0, 3, 1, 2) / 255 * 2 - 1
        images = same.embed_images(scaled)
    unit = torch.nn.functional.normalize
    cosines = (unit(texts) @ unit(images).T).double()
    own = cosines[torch.arange(len(texts)), torch.arange(len(texts)) // 2]
    # A scene is there six times, so its copies tie but for rounding.
    better = (cosines > own[:, None] + 1e-5).sum(dim=1)
    assert found.queries == 288
    assert abs(found.mean_rank - float(better.double().mean()) - 3.5) < 2.6
