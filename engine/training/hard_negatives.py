"""Batches whose photos are alike, so that telling them apart teaches more."""

import numpy as np

from engine.evaluation.metrics import blocks
from engine.models.encoder import FloatArray
from engine.search.fusion import IntArray

# Of 300 Flickr8k photos cropped a little (up to 10 % a side), 95 in 100 stay nearer than this to
# what they were, seen with an OpenCLIP starter; 3.5 in 100 of 1,000 photos have a stranger as near.
TOO_NEAR = 0.95


def hard_order(
    drawn: IntArray,
    embeddings: FloatArray,
    batch_size: int,
    share: float,
    random: np.random.Generator,
    too_near: float = TOO_NEAR,
) -> IntArray:
    """Order the photos of an epoch so that every batch holds some that are hard to tell apart.

    Each batch starts with seeds, in the order drawn, and goes on with the photos nearest to them
    that no batch holds yet. Early batches find nearer ones than late ones, so the batches are
    shuffled in the end. Photos that are nearly the same as a member are not sought out, for they
    would be false negatives; chance may still bring them together. Where an encoder has nearly all
    photos that near, as an untrained one may, the order is little else than chance.

    Args:
        drawn: rows of an epoch's photos, shape (k,), int64, each once, in random order.
        embeddings: of all n photos, shape (n, d), float32, unit length; zero where not yet known.
        batch_size: photos a batch, >= 1; the last k % batch_size photos are no batch.
        share: of a batch's photos that are sought out, in [0, 1]; 0 leaves the order as drawn.
        random: where the order of the batches comes from.
        too_near: the cosine above which two photos count as nearly the same.

    Returns:
        A permutation of drawn, shape (k,), int64. Besides it and a copy of the embeddings, memory
        does not grow with k; time does with k x k x d x share.

    Raises:
        ValueError: the share is out of its range.

    Source: the nearest negatives of Xiong et al., "Approximate Nearest Neighbor Negative
    Contrastive Learning for Dense Text Retrieval", ICLR 2021, section 4, searched exactly.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share}")
    sought = min(round(share * batch_size), batch_size - 1)
    if not sought:
        return drawn
    batches, left = [], drawn
    for _ in range(len(drawn) // batch_size):
        seeds, left = np.split(left, [batch_size - sought])
        nearest = _nearest(embeddings[seeds], embeddings[left], sought, too_near)
        batch = np.concatenate([seeds, left[nearest]])
        filling, left = np.split(np.delete(left, nearest), [batch_size - len(batch)])
        batches.append(np.concatenate([batch, filling]))
    random.shuffle(batches)
    return np.concatenate([*batches, left])


def _nearest(seeds: FloatArray, others: FloatArray, wanted: int, too_near: float) -> list[int]:
    """Find the others nearest to the seeds, about as many for each seed.

    Args:
        seeds: shape (s, d), float32, s >= 1; a zero row is as near to the first as to any other.
        others: shape (p, d), float32, p >= wanted.
        wanted: how many.
        too_near: to a seed or to one that is found already.

    Returns:
        Their positions, each once; fewer than wanted where the rest are too near.
    """
    shares = np.diff(np.arange(len(seeds) + 1) * wanted // len(seeds))
    asking = np.flatnonzero(shares)
    members = np.concatenate([seeds, np.zeros((wanted, seeds.shape[1]), np.float32)])
    found: list[int] = []
    for block in blocks(len(asking), len(others)):
        cosines = seeds[asking[block]] @ others.T
        cosines[cosines > too_near] = -np.inf  # all at once: they may be many
        cosines[:, found] = -np.inf
        for row, share in zip(cosines, shares[asking[block]], strict=True):
            goal = len(found) + share
            while len(found) < goal and row[nearest := int(row.argmax())] > -np.inf:
                cosines[:, nearest] = -np.inf
                if (members @ others[nearest]).max() <= too_near:
                    members[len(seeds) + len(found)] = others[nearest]
                    found.append(nearest)
    return found
