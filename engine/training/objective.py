"""All losses of a step over one network, with the linear maps that only training needs."""

from collections.abc import Mapping
from functools import partial
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn.functional import dropout

from engine.training.losses import (
    contrastive_loss,
    embedding_loss,
    feature_loss,
    matryoshka,
    similarity_loss,
)
from engine.training.network import DualEncoder
from engine.training.recipe import Phase

SIMILARITY_TEMPERATURE = 0.1
FARTHEST = 6.0  # deviations of a teacher's embedding from its mean; what lies further is cut off


class Objective(nn.Module):
    """A network and its teacher, joined by linear maps.

    Args:
        network: what is trained.
        dimension: of its embeddings.
        teacher: mean and deviation of the teacher's embeddings, shape (t,) each, float32; None
            where there is no teacher.
    """

    def __init__(
        self, network: DualEncoder, dimension: int, teacher: tuple[Tensor, Tensor] | None
    ) -> None:
        super().__init__()
        self.network = network
        if teacher:
            self.register_buffer("mean", teacher[0])
            self.register_buffer("deviation", teacher[1])
            self.mapped = nn.Linear(len(teacher[0]), dimension, bias=False)
            self.regressed = nn.Linear(dimension, len(teacher[0]))

    @property
    def hidden(self) -> nn.Module:
        """The network, whose layers feed others; the maps to and from the teacher are the ends."""
        return cast("nn.Module", self.network)

    def standardised(self, teacher: Tensor) -> Tensor:
        """(n, t) embeddings of the teacher with mean 0 and deviation 1."""
        mean, deviation = cast("Tensor", self.mean), cast("Tensor", self.deviation)
        return ((teacher.float() - mean) / deviation).clamp(-FARTHEST, FARTHEST)

    def map_teacher(self, teacher: Tensor) -> Tensor:
        """(n, t) embeddings of the teacher to (n, d), to be compared with texts."""
        return cast("Tensor", self.mapped(self.standardised(teacher)))

    def losses(
        self, phase: Phase, embedded: Mapping[str, Tensor], teacher: Tensor | None, owners: Tensor
    ) -> dict[str, Tensor]:
        """Every loss that the phase weighs, unweighted.

        Args:
            phase: which losses, and their settings.
            embedded: "images" (n, d), "texts" (m, d), "english" and "vietnamese" (k, d), as far
                as the phase needs them.
            teacher: the teacher's embeddings of the images, shape (n, t).
            owners: the image of each text, shape (m,), int64.
        """
        weights, found = phase.weights, {}
        scale = self.network.logit_scale
        contrast = partial(contrastive_loss, logit_scale=scale, owners=owners)
        if weights.contrastive:
            found["contrastive"] = self._by_prefix(
                phase, contrast, embedded["images"], embedded["texts"]
            )
        if weights.translation:
            pair = embedded["english"], embedded["vietnamese"]
            same = partial(contrastive_loss, logit_scale=scale)
            found["translation"] = self._by_prefix(phase, same, *pair)
        if teacher is not None and weights.need_teacher:
            found |= self._distilled(phase, embedded, self.standardised(teacher), contrast)
        return found

    def _distilled(
        self,
        phase: Phase,
        embedded: Mapping[str, Tensor],
        teacher: Tensor,
        contrast: "partial[Tensor]",
    ) -> dict[str, Tensor]:
        weights, found = phase.weights, {}
        if weights.alignment:
            blurred = dropout(teacher, phase.teacher_dropout, self.training)
            mapped = cast("Tensor", self.mapped(blurred))
            found["alignment"] = self._by_prefix(phase, contrast, mapped, embedded["texts"])
        if weights.feature:
            found["feature"] = feature_loss(self.regressed(embedded["images"].float()), teacher)
        if weights.embedding:
            with torch.no_grad():
                target = self.mapped(teacher)
            found["embedding"] = embedding_loss(embedded["images"], target)
        if weights.similarity:
            images = embedded["images"]
            found["similarity"] = similarity_loss(images, teacher, SIMILARITY_TEMPERATURE)
        return found

    @staticmethod
    def _by_prefix(phase: Phase, loss: "partial[Tensor]", left: Tensor, right: Tensor) -> Tensor:
        if not phase.prefixes:
            return loss(left, right)
        whole = left.shape[1]
        return matryoshka(loss, left, right, sorted({*phase.prefixes, whole}))
