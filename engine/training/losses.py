"""What the two sides of an encoder are trained to agree on, and what a student is taught."""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn.functional import (
    cosine_similarity,
    cross_entropy,
    kl_div,
    log_softmax,
    mse_loss,
    normalize,
)


def contrastive_loss(
    images: Tensor, texts: Tensor, logit_scale: Tensor, owners: Tensor | None = None
) -> Tensor:
    """Symmetric InfoNCE: every image finds its texts in the batch, every text its image.

    All texts of an image are its positives: the image's loss is the mean of their negative
    log-probabilities among all texts. Images without a text are only there to be told from others.

    Args:
        images: embeddings before normalisation, shape (n, d), n >= 1.
        texts: embeddings before normalisation, shape (m, d), m >= 1.
        logit_scale: logarithm of the inverse temperature, shape ().
        owners: the image each text belongs to, shape (m,), int64, in [0, n); None where m is n
            and text i belongs to image i, which makes this the loss of CLIP.

    Returns:
        The mean of the images' loss and the texts' loss, shape (), float32.

    Raises:
        ValueError: a text has no owner, or an owner no text.

    Source: Radford et al., "Learning Transferable Visual Models From Natural Language
    Supervision", ICML 2021, figure 3; several positives as in Khosla et al., "Supervised
    Contrastive Learning", NeurIPS 2020, equation 2 (L_out).
    """
    if owners is None:
        owners = torch.arange(len(images), device=images.device)
    if len(owners) != len(texts):
        raise ValueError(f"{len(texts)} texts, but {len(owners)} owners")
    logits = _cosines(images, texts) * logit_scale.float().exp()
    weights = 1 / torch.bincount(owners)[owners]  # sum to 1 an image
    of_texts = log_softmax(logits, dim=1).gather(0, owners.unsqueeze(0)).squeeze(0)
    to_texts = -(weights * of_texts).sum() / weights.sum()
    return (to_texts + cross_entropy(logits.T, owners)) / 2


def embedding_loss(students: Tensor, targets: Tensor) -> Tensor:
    """How far the student's embeddings point away from what they should be.

    Args:
        students: embeddings before normalisation, shape (n, d).
        targets: likewise.

    Returns:
        The mean of 1 - cosine, in [0, 2], shape (), float32.
    """
    return 1 - cosine_similarity(students.float(), targets.float(), dim=-1).mean()


def feature_loss(predicted: Tensor, targets: Tensor) -> Tensor:
    """How badly a map of the student's embeddings predicts the teacher's.

    Args:
        predicted: shape (n, d).
        targets: the teacher's embeddings, shape (n, d); standardised, so that no dimension drowns
            the others.

    Returns:
        The mean squared error, shape (), float32.

    Source: Romero et al., "FitNets: Hints for Thin Deep Nets", ICLR 2015, equation 3.
    """
    return mse_loss(predicted.float(), targets.float())


def similarity_loss(students: Tensor, teachers: Tensor, temperature: float) -> Tensor:
    """How differently student and teacher see what is near what within the batch.

    Every row is a distribution over the other rows, a softmax of its cosines to them; student and
    teacher need not have as many dimensions.

    Args:
        students: embeddings before normalisation, shape (n, d), n >= 2.
        teachers: of the same, shape (n, e).
        temperature: the cosines are divided by it, > 0; the lower, the more only the nearest count.

    Returns:
        The mean over rows of KL(teacher || student), shape (), float32; 0 where they agree.

    Raises:
        ValueError: the rows are too few to be related, or not as many on both sides.

    Source: Passalis & Tefas, "Learning Deep Representations with Probabilistic Knowledge
    Transfer", ECCV 2018, section 3, with a softmax in place of the shifted cosine.
    """
    if len(students) != len(teachers) or len(students) < 2:
        raise ValueError(f"no relations of {len(students)} rows to {len(teachers)}")
    seen, right = (log_softmax(_relations(rows) / temperature, 1) for rows in (students, teachers))
    return kl_div(seen, right, reduction="batchmean", log_target=True)


def matryoshka(
    loss: Callable[[Tensor, Tensor], Tensor],
    images: Tensor,
    texts: Tensor,
    prefixes: Sequence[int],
) -> Tensor:
    """Let the first dimensions of the embeddings do by themselves as well.

    Args:
        loss: of images and texts of any width; has to normalise them itself.
        images: embeddings before normalisation, shape (n, d).
        texts: likewise, shape (m, d).
        prefixes: how many of the first dimensions, each in [1, d]; d itself among them where the
            whole embedding is to be trained.

    Returns:
        The mean of the losses of the prefixes, shape ().

    Raises:
        ValueError: there is no prefix, or one is no part of the embedding.

    Source: Kusupati et al., "Matryoshka Representation Learning", NeurIPS 2022, equation 1, with
    equal weights that sum to 1.
    """
    width = min(images.shape[1], texts.shape[1])
    if not prefixes or min(prefixes) < 1 or max(prefixes) > width:
        raise ValueError(f"prefixes {list(prefixes)} of {width} dimensions")
    return torch.stack([loss(images[:, :p], texts[:, :p]) for p in prefixes]).mean()


def _cosines(a: Tensor, b: Tensor) -> Tensor:
    """Of all rows with all rows, in float32 whatever is autocast around it."""
    with torch.autocast(a.device.type, enabled=False):
        return normalize(a.float(), dim=-1) @ normalize(b.float(), dim=-1).T


def _relations(rows: Tensor) -> Tensor:
    """The cosines of each of n rows to the others, shape (n, n - 1)."""
    others = ~torch.eye(len(rows), dtype=torch.bool, device=rows.device)
    return _cosines(rows, rows)[others].view(len(rows), -1)
