"""The training loop, as a generator: every epoch is a progress report and a place to stop."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn

from engine.errors import CaptionsError
from engine.evaluation.metrics import Metrics, ranks
from engine.images.preprocessing import Preprocessing
from engine.models.encoder import UInt8Array
from engine.models.precision import choose_device
from engine.models.running import normalised_pixels
from engine.models.tokenizer import SentencePieceTokenizer
from engine.training.augmentation import random_views
from engine.training.data import CaptionedPhoto, batches
from engine.training.losses import contrastive_loss

LARGEST_LOGIT_SCALE = math.log(100)  # as in CLIP, section 2.5


class DualEncoder(Protocol):
    """A trainable network with an image side and a text side, an `nn.Module` otherwise."""

    @property
    def logit_scale(self) -> Tensor:
        """Logarithm of the inverse temperature, shape ()."""

    def parameters(self) -> Iterator[nn.Parameter]:
        """As of nn.Module."""

    def to(self, device: torch.device) -> nn.Module:
        """As of nn.Module."""

    def train(self, mode: bool = True) -> nn.Module:
        """As of nn.Module."""

    def embed_images(self, pixels: Tensor) -> Tensor:
        """(n, 3, S, S) normalised pixels to (n, d), not normalised."""

    def embed_texts(self, ids: Tensor, padding_mask: Tensor) -> Tensor:
        """(n, t) token ids and mask (1 = padding) to (n, d), not normalised."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train.

    Attributes:
        epochs: passes over the photos.
        batch_size: pairs a step.
        learning_rate: peak of the cosine schedule.
        warm_up: share of the steps in which the rate climbs to its peak.
        weight_decay: of matrices; vectors (biases, norms, scales) have none.
        seed: of everything random.
        validate_every: epochs between two validations.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    warm_up: float = 0.05
    weight_decay: float = 0.1
    seed: int = 1
    validate_every: int = 5


@dataclass(frozen=True, slots=True)
class Epoch:
    """What one pass came to.

    Attributes:
        number: 1 is the first.
        loss: mean over its batches; NaN where chance drew too few photos for a single one.
        validation: None where none was due.
    """

    number: int
    loss: float
    validation: Metrics | None


def fit(
    network: DualEncoder,
    tokenizer: SentencePieceTokenizer,
    preprocessing: Preprocessing,
    photos: Sequence[CaptionedPhoto],
    pixels: UInt8Array,
    validation: tuple[Sequence[CaptionedPhoto], UInt8Array],
    recipe: Recipe,
) -> Iterator[Epoch]:
    """Train in place with a plain contrastive loss, on the best device there is.

    Args:
        network: changed in place; left in evaluation mode, on that device.
        tokenizer: of its text side.
        preprocessing: of its image side; only size, mean and std matter here.
        photos: n photos with their captions.
        pixels: of these photos, shape (n, C, C, 3), uint8, C at least the input's size.
        validation: photos and their pixels, shape (m, S, S, 3), at the input's size.
        recipe: how.

    Yields:
        One report an epoch.

    Raises:
        CaptionsError: the photos are too few for a batch.
    """
    device = choose_device()
    network.to(device)
    random = np.random.default_rng(recipe.seed)
    generator = torch.Generator().manual_seed(recipe.seed)
    optimizer = _optimizer(network, recipe)
    schedule = _schedule(optimizer, _photos_an_epoch(photos, recipe), recipe)
    for number in range(1, recipe.epochs + 1):
        network.train()
        losses = []
        for rows, texts in batches(photos, recipe.batch_size, random):
            images = torch.from_numpy(pixels[rows]).to(device)
            views = random_views(images, preprocessing.size, generator)
            ids, mask = (part.to(device) for part in tokenizer.encode(texts))
            losses.append(_step(network, optimizer, _standardised(views, preprocessing), ids, mask))
            schedule.step()
        due = number % recipe.validate_every == 0 or number == recipe.epochs
        metrics = validate(network, tokenizer, preprocessing, *validation) if due else None
        yield Epoch(number, float(np.mean(losses)) if losses else math.nan, metrics)


def _step(
    network: DualEncoder, optimizer: torch.optim.Optimizer, views: Tensor, ids: Tensor, mask: Tensor
) -> float:
    with torch.autocast(views.device.type, dtype=torch.bfloat16):
        images = network.embed_images(views)
        texts = network.embed_texts(ids, mask)
    loss = contrastive_loss(images, texts, network.logit_scale)
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    with torch.no_grad():
        network.logit_scale.clamp_(0, LARGEST_LOGIT_SCALE)
    return float(loss.detach())


def _standardised(views: Tensor, preprocessing: Preprocessing) -> Tensor:
    mean = torch.tensor(preprocessing.mean, device=views.device).view(3, 1, 1)
    std = torch.tensor(preprocessing.std, device=views.device).view(3, 1, 1)
    return ((views - mean) / std).contiguous(memory_format=torch.channels_last)


def _optimizer(network: DualEncoder, recipe: Recipe) -> torch.optim.AdamW:
    matrices = [p for p in network.parameters() if p.ndim >= 2]
    vectors = [p for p in network.parameters() if p.ndim < 2]
    groups = [
        {"params": matrices, "weight_decay": recipe.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate, betas=(0.9, 0.98))


def _photos_an_epoch(photos: Sequence[CaptionedPhoto], recipe: Recipe) -> float:
    """How many are drawn on average; refused where that is no batch."""
    drawn = sum(photo.weight for photo in photos)
    if drawn < recipe.batch_size:
        raise CaptionsError(
            f"An epoch has {drawn:,.0f} photos, fewer than a batch of {recipe.batch_size:,}; "
            "more photos, or a smaller batch, are needed to learn anything."
        )
    return drawn


def _schedule(
    optimizer: torch.optim.Optimizer, drawn: float, recipe: Recipe
) -> torch.optim.lr_scheduler.LambdaLR:
    """Climb to the peak, then come down along a cosine; `drawn` photos are expected an epoch."""
    steps = max(1, round(recipe.epochs * drawn / recipe.batch_size))
    warm_up = max(1, round(recipe.warm_up * steps))

    def share(step: int) -> float:
        if step < warm_up:
            return (step + 1) / warm_up
        return 0.5 * (1 + math.cos(math.pi * min(1.0, (step - warm_up) / max(1, steps - warm_up))))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, share)


@torch.inference_mode()
def validate(
    network: DualEncoder,
    tokenizer: SentencePieceTokenizer,
    preprocessing: Preprocessing,
    photos: Sequence[CaptionedPhoto],
    pixels: UInt8Array,
) -> Metrics:
    """Text-to-image recall over the validation photos, every caption a query.

    Args:
        network: changed in place; left in evaluation mode.
        tokenizer: of its text side.
        preprocessing: of its image side.
        photos: m photos with their captions.
        pixels: of shape (m, S, S, 3), uint8, prepared.
    """
    network.train(False)
    device = network.logit_scale.device
    images = torch.cat(
        [
            network.embed_images(normalised_pixels(pixels[i : i + 64], preprocessing, device))
            for i in range(0, len(pixels), 64)
        ]
    )
    texts = [caption for photo in photos for caption in photo.captions]
    relevant = np.repeat(np.arange(len(photos)), [len(photo.captions) for photo in photos])
    embedded = torch.cat(
        [
            network.embed_texts(*(part.to(device) for part in tokenizer.encode(texts[i : i + 256])))
            for i in range(0, len(texts), 256)
        ]
    )
    cosines = nn.functional.normalize(embedded) @ nn.functional.normalize(images).T
    return Metrics.from_ranks(ranks(cosines.cpu().numpy(), relevant))
