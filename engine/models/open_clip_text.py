"""How an OpenCLIP checkpoint turns texts into tokens: open_clip's own way, or by its files."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from torch import Tensor

from engine.errors import CheckpointError
from engine.models.checkpoint import Checkpoint
from engine.models.open_clip import (
    TEXT_CONFIG_FILE,
    import_open_clip,
    import_transformers,
    read_config,
    read_text_config,
    sentence,
)
from engine.models.tokenizer import SentencePieceTokenizer, whole

Tokenize = Callable[[list[str]], Tensor]

TOKENIZER_FILE = "tokenizer.json"  # of Hugging Face; what describes it lies beside it
TOKENIZER_CONFIG_FILE = "tokenizer_config.json"
SPECIAL_TOKENS_FILE = "special_tokens_map.json"  # not every tokenizer has one

PROBE_TEXT = "ảnh ⁂"  # words, and a sign that vocabularies do without

# NLLB's tokenizer names the language in front of a text, and the network reads it there. A text
# says nothing of its language, so it is the same for all texts of a checkpoint.
NLLB_VIETNAMESE, NLLB_ENGLISH = "vie_Latn", "eng_Latn"


def load_tokenizer(checkpoint: Checkpoint, folder: Path, vocab_size: int) -> Tokenize:
    """Load what a checkpoint reads texts with; nothing is fetched.

    Args:
        checkpoint: one of the OpenCLIP family.
        folder: where its files lie.
        vocab_size: how many tokens its network knows.

    Returns:
        A function from n texts to their token ids, shape (n, context length), int64.

    Raises:
        CheckpointError: a file is missing or damaged, or has more tokens than the network.
    """
    config = read_config(checkpoint.architecture, folder)["text_cfg"]
    if checkpoint.tokenizer is None:
        return _of_open_clip(checkpoint, config)
    path = folder / checkpoint.tokenizer.name
    if path.suffix == ".json":
        return _of_hugging_face(checkpoint, path, config, vocab_size)
    return _of_sentencepiece(checkpoint, path, config, vocab_size)


def _of_open_clip(checkpoint: Checkpoint, config: dict[str, Any]) -> Tokenize:
    if config.get("hf_tokenizer_name"):  # open_clip would fetch that one
        raise CheckpointError(
            f"The checkpoint {checkpoint.name} needs the tokenizer of its architecture "
            f"({TOKENIZER_FILE}): {checkpoint.architecture} has none of its own."
        )
    tokenizer = import_open_clip().SimpleTokenizer(**_arguments(config))
    return lambda texts: _tensor(tokenizer(list(map(whole, texts))))


def _of_hugging_face(
    checkpoint: Checkpoint, path: Path, config: dict[str, Any], vocab_size: int
) -> Tokenize:
    for needed in (path.with_name(TOKENIZER_FILE), path.with_name(TOKENIZER_CONFIG_FILE)):
        if not needed.is_file():
            raise CheckpointError(f"The tokenizer {path} cannot be used: {needed} is missing.")
    tokenizer = _hf_tokenizer(path, config)
    if _knows(tokenizer, NLLB_VIETNAMESE):
        # Not by its set_language, which transformers takes back at every call.
        language = NLLB_VIETNAMESE if checkpoint.knows("vi") else NLLB_ENGLISH
        tokenizer.tokenizer.src_lang = language

    def tokenize(texts: list[str]) -> Tensor:
        tokens = _tensor(tokenizer(list(map(whole, texts))))
        # Not by the size of the vocabulary: some hold names of tokens that no text ever has.
        if tokens.numel() and int(tokens.max()) >= vocab_size:
            raise CheckpointError(_too_many(checkpoint, int(tokens.max()) + 1, vocab_size))
        return tokens

    return tokenize


def _hf_tokenizer(path: Path, config: dict[str, Any]) -> Any:  # noqa: ANN401
    """open_clip's own wrapper, on the files of a folder and nothing else; it has been tried out."""
    import_transformers()
    try:
        tokenizer = import_open_clip().tokenizer.HFTokenizer(
            str(path.parent),
            tokenizer_mode=config.get("tokenizer_mode"),
            # Handed over, so that it looks for no config.json, which is another one here.
            config=_tower(path.with_name(TEXT_CONFIG_FILE)),
            local_files_only=True,
            trust_remote_code=False,
            **_arguments(config),
        )
        tokenizer([PROBE_TEXT])  # some of what can be missing shows here only
    except CheckpointError:
        raise
    except Exception as error:  # a damaged file can make transformers raise anything
        raise CheckpointError(f"The tokenizer {path} cannot be read: {sentence(error)}") from error
    return tokenizer


def _tower(path: Path) -> Any:  # noqa: ANN401 - of transformers
    """What a text tower's description says of the tokenizer's class, where there is one."""
    if path.is_file() and "model_type" in json.loads(path.read_text("utf-8")):
        return read_text_config(path)
    return import_transformers().PreTrainedConfig()


def _arguments(config: dict[str, Any]) -> dict[str, Any]:
    """What open_clip would give a tokenizer by the description of an architecture."""
    default = import_open_clip().tokenizer.DEFAULT_CONTEXT_LENGTH
    context_length = config.get("context_length", default)
    return {"context_length": context_length, **(config.get("tokenizer_kwargs") or {})}


def _knows(tokenizer: Any, language: str) -> bool:  # noqa: ANN401
    names = tokenizer.tokenizer
    return hasattr(names, "src_lang") and (
        names.convert_tokens_to_ids(language) != names.unk_token_id
    )


def _of_sentencepiece(
    checkpoint: Checkpoint, path: Path, config: dict[str, Any], vocab_size: int
) -> Tokenize:
    sha256 = checkpoint.tokenizer.sha256 if checkpoint.tokenizer else None
    length = _arguments(config)["context_length"]
    own = SentencePieceTokenizer(path, sha256=sha256, pieces=None, length=length)
    if own.vocab_size > vocab_size:
        raise CheckpointError(_too_many(checkpoint, own.vocab_size, vocab_size))
    return lambda texts: own.encode(texts, trim=False)[0]


def _too_many(checkpoint: Checkpoint, found: int, known: int) -> str:
    return f"The tokenizer of {checkpoint.name} has {found} tokens; its network knows {known}."


def _tensor(tokens: Any) -> Tensor:  # noqa: ANN401 - open_clip has no types
    assert isinstance(tokens, Tensor)
    return tokens
