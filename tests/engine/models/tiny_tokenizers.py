"""Tiny tokenizers of Hugging Face's, trained on a few sentences in the layout of the real ones.

Gemma's is SigLIP 2's, T5's SigLIP i18n's, BERT's CLIPA's; XLM-R and NLLB come with text towers.
"""

from functools import cache
from typing import Any

from tokenizers import Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE, Unigram, WordPiece
from tokenizers.processors import TemplateProcessing
from tokenizers.trainers import BpeTrainer, UnigramTrainer, WordPieceTrainer

Values = dict[str, Any]

TEXTS = (
    "một con chó chạy trên bãi cỏ",
    "hai đứa trẻ chơi đùa bên bờ biển",
    "người đàn ông mặc áo đỏ leo núi tuyết",
    "mot con cho chay tren bai co",
    "a dog runs across the grass",
)
LANGUAGES = ("eng_Latn", "fra_Latn", "vie_Latn")


@cache  # training is not the same twice
def gemma() -> tuple[Tokenizer, Values]:
    tokenizer = Tokenizer(BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    single_bytes = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = BpeTrainer(vocab_size=340, special_tokens=special + single_bytes, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = _framed(tokenizer, "$A <eos>")
    return tokenizer, {
        "tokenizer_class": "GemmaTokenizer",
        "add_bos_token": False,
        "add_eos_token": True,
        "padding_side": "right",
        "model_max_length": 64,
        **{f"{name}_token": f"<{name}>" for name in ("pad", "eos", "bos", "unk")},
    }


@cache  # training is not the same twice
def t5() -> tuple[Tokenizer, Values]:
    tokenizer = _unigram(["<pad>", "</s>", "<unk>"])
    tokenizer.post_processor = _framed(tokenizer, "$A </s>")
    # SigLIP pads with the end of the sentence.
    special = {"pad_token": "</s>", "eos_token": "</s>", "unk_token": "<unk>"}
    return tokenizer, special | {"tokenizer_class": "T5Tokenizer", "extra_ids": 0}


@cache  # training is not the same twice
def xlm_roberta() -> tuple[Tokenizer, Values]:
    tokenizer = _unigram(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.post_processor = _framed(tokenizer, "<s> $A </s>")
    return tokenizer, {"model_max_length": 512}  # its class follows from the tower's


@cache  # training is not the same twice
def nllb() -> tuple[Tokenizer, Values]:
    tokenizer = Tokenizer(BPE(unk_token="<unk>", fuse_unk=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = BpeTrainer(vocab_size=120, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.add_special_tokens([*LANGUAGES, "<mask>"])
    tokenizer.post_processor = _framed(tokenizer, "eng_Latn $A </s>")
    return tokenizer, {
        "tokenizer_class": "NllbTokenizer",
        "src_lang": "eng_Latn",
        "additional_special_tokens": list(LANGUAGES),
        "model_max_length": 1024,
        "bos_token": "<s>",
        "eos_token": "</s>",
        "sep_token": "</s>",
        "cls_token": "<s>",
        "unk_token": "<unk>",
        "pad_token": "<pad>",
        "mask_token": "<mask>",
    }


@cache
def bert() -> tuple[Tokenizer, Values]:
    tokenizer = Tokenizer(WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = WordPieceTrainer(vocab_size=120, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(TEXTS, trainer)
    tokenizer.post_processor = _framed(tokenizer, "[CLS] $A [SEP]")
    return tokenizer, {"do_lower_case": True, "model_max_length": 512}


def _unigram(special: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
    )
    tokenizer.decoder = decoders.Metaspace()
    trainer = UnigramTrainer(
        vocab_size=120, special_tokens=special, unk_token="<unk>", show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    return tokenizer


def _framed(tokenizer: Tokenizer, template: str) -> TemplateProcessing:
    special = [name for name in template.split() if name != "$A"]
    ids = [(name, tokenizer.token_to_id(name)) for name in special]
    return TemplateProcessing(single=template, special_tokens=ids)
