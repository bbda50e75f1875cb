"""What the two sides of an encoder are trained to agree on."""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize


def contrastive_loss(images: Tensor, texts: Tensor, logit_scale: Tensor) -> Tensor:
    """Symmetric InfoNCE: every image finds its text in the batch, every text its image.

    Args:
        images: embeddings before normalisation, shape (n, d); row i belongs to text i.
        texts: embeddings before normalisation, shape (n, d).
        logit_scale: logarithm of the inverse temperature, shape ().

    Returns:
        The mean of both cross-entropies, shape (), float32.

    Source: Radford et al., "Learning Transferable Visual Models From Natural Language
    Supervision", ICML 2021, figure 3.
    """
    cosines = normalize(images.float(), dim=-1) @ normalize(texts.float(), dim=-1).T
    logits = cosines * logit_scale.exp()
    targets = torch.arange(len(logits), device=logits.device)
    return (cross_entropy(logits, targets) + cross_entropy(logits.T, targets)) / 2
