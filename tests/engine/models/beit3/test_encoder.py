import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sentencepiece import SentencePieceTrainer

from engine.errors import CheckpointError
from engine.images.preprocessing import CLIP_MEAN, CLIP_STD, Preprocessing
from engine.models.beit3.config import Beit3Config
from engine.models.beit3.encoder import Beit3Encoder
from engine.models.beit3.retrieval import Beit3Retrieval
from engine.models.checkpoint import Checkpoint, CheckpointFile
from engine.models.encoder import Encoder, UInt8Array
from engine.models.weights import save_weights

TINY = Beit3Config(
    embed_dim=32,
    layers=2,
    heads=4,
    ffn_dim=64,
    vocab_size=50,
    image_size=32,
    patch_size=8,
    max_text_positions=20,
    text_length=16,
)
CHECKPOINT = Checkpoint(
    name="tiny",
    family="beit3",
    architecture="config.json",
    weights=CheckpointFile("tiny.safetensors"),
    tokenizer=CheckpointFile("tiny.spm"),
    preprocessing=Preprocessing(32, "squash", CLIP_MEAN, CLIP_STD),
    dimension=32,
    licence="CC0-1.0",
    languages=("en", "vi"),
    memory_mb=1,
    source="made by the test",
)
SENTENCES = ["a dog runs on the beach", "con mèo ngủ trên ghế", "two cats and a dog"]


def network() -> Beit3Retrieval:
    torch.manual_seed(7)
    made = Beit3Retrieval(TINY).requires_grad_(False)
    for parameter in made.parameters():
        parameter.add_(torch.randn_like(parameter), alpha=0.1)
    return made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny")
    (path / "config.json").write_text(json.dumps(TINY.to_dict()), "utf-8")
    save_weights(path / "tiny.safetensors", network().state_dict())
    vocabulary = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES * 3),
        model_writer=vocabulary,
        vocab_size=60,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    (path / "tiny.spm").write_bytes(vocabulary.getvalue())
    return path


@pytest.fixture(scope="module")
def encoder(folder: Path) -> Encoder:
    return Beit3Encoder.load(CHECKPOINT, folder)


def images(count: int) -> UInt8Array:
    return np.random.default_rng(1).integers(0, 256, (count, 32, 32, 3), np.uint8)


def test_embeddings_have_unit_length(encoder: Encoder) -> None:
    for embeddings in (encoder.encode_images(images(3)), encoder.encode_texts(SENTENCES)):
        assert embeddings.shape == (3, encoder.dimension) == (3, 32)
        assert embeddings.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-6)


def test_an_image_is_normalised_as_the_checkpoint_says(encoder: Encoder) -> None:
    batch = images(2)
    pixels = ((batch / 255 - CLIP_MEAN) / CLIP_STD).transpose(0, 3, 1, 2).astype(np.float32)
    expected = network().embed_images(torch.from_numpy(pixels.copy())).numpy()
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(encoder.encode_images(batch), expected, atol=1e-5)


def test_more_images_than_are_run_at_once_embed_as_one_by_one(encoder: Encoder) -> None:
    batch = images(19)
    alone = [encoder.encode_images(batch[i : i + 1])[0] for i in range(19)]
    np.testing.assert_allclose(encoder.encode_images(batch), alone, atol=1e-5)


def test_more_texts_than_are_run_at_once_embed_as_one_by_one(encoder: Encoder) -> None:
    texts = [f"{sentence} {'dog ' * (i % 5)}" for i in range(30) for sentence in SENTENCES]
    alone = [encoder.encode_texts([text])[0] for text in texts]
    np.testing.assert_allclose(encoder.encode_texts(texts), alone, atol=1e-5)


def test_a_read_only_array_of_images_is_accepted(encoder: Encoder) -> None:
    batch = images(2)
    batch.flags.writeable = False
    assert encoder.encode_images(batch).shape == (2, 32)


def test_nothing_embeds_to_nothing(encoder: Encoder) -> None:
    assert encoder.encode_images(images(0)).shape == (0, 32)
    assert encoder.encode_texts([]).shape == (0, 32)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_points_the_same_way(
    encoder: Encoder, folder: Path, dtype: torch.dtype
) -> None:
    half = Beit3Encoder.load(CHECKPOINT, folder, dtype=dtype)
    batch = images(4)
    cosines = np.concatenate(
        [
            (half.encode_images(batch) * encoder.encode_images(batch)).sum(axis=1),
            (half.encode_texts(SENTENCES) * encoder.encode_texts(SENTENCES)).sum(axis=1),
        ]
    )
    assert cosines.min() > 0.999
    norms = np.linalg.norm(half.encode_images(batch), axis=1)
    np.testing.assert_allclose(norms, 1, atol=1e-6)


def test_one_side_can_be_loaded_alone(encoder: Encoder, folder: Path) -> None:
    image = Beit3Encoder.load(CHECKPOINT, folder, ["image"])
    text = Beit3Encoder.load(CHECKPOINT, folder, ["text"])
    np.testing.assert_array_equal(image.encode_images(images(2)), encoder.encode_images(images(2)))
    np.testing.assert_array_equal(text.encode_texts(SENTENCES), encoder.encode_texts(SENTENCES))


def test_asking_a_side_that_was_not_loaded_is_a_bug(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="text side"):
        Beit3Encoder.load(CHECKPOINT, folder, ["image"]).encode_texts(SENTENCES)
    with pytest.raises(RuntimeError, match="image side"):
        Beit3Encoder.load(CHECKPOINT, folder, ["text"]).encode_images(images(1))


def test_images_of_another_size_or_type_are_refused(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match="uint8 of shape"):
        encoder.encode_images(np.zeros((1, 40, 40, 3), np.uint8))
    with pytest.raises(ValueError, match="float32 of shape"):
        encoder.encode_images(np.zeros((1, 32, 32, 3), np.float32))


def test_a_blank_text_is_refused(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match="blank"):
        encoder.encode_texts(["a dog", " "])


@pytest.mark.parametrize(
    ("checkpoint", "complaint"),
    [
        (replace(CHECKPOINT, architecture="huge"), "unknown architecture huge"),
        (replace(CHECKPOINT, dimension=64), "give 64 numbers"),
        (replace(CHECKPOINT, architecture="base"), "give 32 numbers"),
        (
            replace(CHECKPOINT, preprocessing=replace(CHECKPOINT.preprocessing, size=40)),
            "images of 40 pixels",
        ),
        (replace(CHECKPOINT, tokenizer=None), "names no tokenizer"),
        (replace(CHECKPOINT, tokenizer=CheckpointFile("absent.spm")), r"absent\.spm"),
        (replace(CHECKPOINT, tokenizer=CheckpointFile("tiny.spm", sha256="0" * 64)), "damaged"),
        (replace(CHECKPOINT, weights=CheckpointFile("absent.pt")), r"absent\.pt does not exist"),
    ],
)
def test_files_that_do_not_fit_their_record_are_refused(
    checkpoint: Checkpoint, complaint: str, folder: Path
) -> None:
    with pytest.raises(CheckpointError, match=complaint):
        Beit3Encoder.load(checkpoint, folder)


def test_a_small_vocabulary_does_not_pass_for_the_released_one(folder: Path) -> None:
    checkpoint = replace(
        CHECKPOINT,
        architecture="base",
        dimension=768,
        preprocessing=replace(CHECKPOINT.preprocessing, size=224),
    )
    with pytest.raises(CheckpointError, match="where 64000 are needed"):
        Beit3Encoder.load(checkpoint, folder)


def test_a_tokenizer_with_more_tokens_than_the_network_is_refused(
    folder: Path, tmp_path: Path
) -> None:
    small = replace(TINY, vocab_size=10)
    (tmp_path / "config.json").write_text(json.dumps(small.to_dict()), "utf-8")
    (tmp_path / "tiny.spm").write_bytes((folder / "tiny.spm").read_bytes())
    with pytest.raises(CheckpointError, match="the network knows 10"):
        Beit3Encoder.load(CHECKPOINT, tmp_path)
