"""An evaluation made of given numbers, and the thumbnails of its photos."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.evaluation.evaluating import Evaluation
from engine.images.thumbnails import make_thumbnail, save_thumbnail
from engine.search.fusion import Fusion
from gui.evaluation.running import Outcome
from tests.engine.evaluation.tables import evaluated

FUSION = Fusion("zscore", (0.3, 0.7))


@pytest.fixture(scope="session")
def evaluation() -> Evaluation:
    """40 queries among 32 photos with ids 10 to 41; BEiT3 is the better encoder."""
    rng = np.random.default_rng(0)
    scores = rng.standard_normal((2, 40, 32)).astype(np.float32)
    photos = (np.arange(40) % 30).astype(np.int64)
    scores[0, np.arange(40), photos] += 0.6
    scores[1, np.arange(40), photos] += 1.2
    return evaluated(scores, photos, FUSION)


@pytest.fixture(scope="session")
def evaluation_of_one() -> Evaluation:
    """Three captions of one photo, for which there is no sweep."""
    scores = np.random.default_rng(0).random((2, 3, 4), dtype=np.float32)
    return evaluated(scores, np.zeros(3, np.int64), FUSION)


@pytest.fixture
def outcome(evaluation: Evaluation, tmp_path: Path) -> Outcome:
    """The evaluation as one of the user's marks; the photo with id 41 has no thumbnail."""
    for photo_id in range(10, 41):
        image = Image.new("RGB", (320, 240), (photo_id * 6, 100, 50))
        save_thumbnail(tmp_path / "thumbnails", photo_id, make_thumbnail(image))
    return Outcome(evaluation, tmp_path / "thumbnails", of_marks=True)
