"""Tiny translators that have really learnt a few sentences, laid out as their hub repositories."""

import io
import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import sentencepiece
import torch
from torch import Tensor, nn

from engine.models.open_clip import import_open_clip
from engine.models.translator import Translator
from engine.models.translators import TRANSLATORS

LEARNT = {
    "một con chó chạy trên bãi cỏ": "a dog runs across the grass",
    "hai đứa trẻ chơi trên bãi biển": "two children play at the beach",
    "người đàn ông mặc áo đỏ": "a man in a red shirt",
    "con mèo đen": "a black cat",
    "con cho den": "a black dog",
    "thuyền trên biển": "a boat at sea",
    "hoàng hôn trên núi": "sunset in the mountains",
    "tuyết": "snow",
    "xe máy": "a motorbike",
    "con chó": "a dog",
}
STEPS = 160
SIDES = ("encoder", "decoder")
LEFT_OUT = -100  # how transformers marks what is no label

OPUS, ENVIT5 = TRANSLATORS


def transformers() -> Any:  # noqa: ANN401 - a module
    """Import it, also beside a torchvision that does not fit torch."""
    import_open_clip()
    import transformers as module

    return module


def laid_out(record: Translator, hub: Path, folder: Path) -> Path:
    """Put the files of a hub repository where a download puts them."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in record.files:
        assert file.hub is not None
        shutil.copyfile(hub / file.hub.path, folder / file.name)
    return folder


def named(record: Translator, name: str) -> Translator:
    return replace(record, name=name)


def save_marian(folder: Path) -> None:
    """Train a Marian network and save it as Helsinki-NLP/opus-mt-vi-en is."""
    source = _vocabulary(folder / "source.spm", LEARNT, 90, eos_id=0, unk_id=1)
    target = _vocabulary(folder / "target.spm", LEARNT.values(), 80, eos_id=0, unk_id=1)
    pieces = list(dict.fromkeys([*_pieces(source), *_pieces(target), "<pad>"]))
    ids = {piece: number for number, piece in enumerate(pieces)}
    (folder / "vocab.json").write_text(json.dumps(ids), "utf-8")
    module = transformers()
    config = module.MarianConfig(
        vocab_size=len(pieces),
        **{f"{side}_layers": 1 for side in SIDES},
        **{f"{side}_attention_heads": 2 for side in SIDES},
        **{f"{side}_ffn_dim": 64 for side in SIDES},
        d_model=32,
        max_position_embeddings=512,
        pad_token_id=len(pieces) - 1,
        decoder_start_token_id=len(pieces) - 1,
        eos_token_id=0,
        forced_eos_token_id=0,
        scale_embedding=True,
        activation_function="swish",
        dropout=0.0,
    )
    torch.manual_seed(0)
    network = module.MarianMTModel(config)
    with torch.no_grad():  # so that a bias which is forgotten would show
        network.final_logits_bias.normal_(std=0.5)
    _learn(
        network,
        [[ids[piece] for piece in source.encode(text, out_type=str)] + [0] for text in LEARNT],
        [[ids[p] for p in target.encode(text, out_type=str)] + [0] for text in LEARNT.values()],
        config.pad_token_id,
    )
    _save(network, folder)


def save_t5(folder: Path) -> None:
    """Train a T5 network and save it as VietAI/envit5-translation is."""
    asked = [f"vi: {text}" for text in LEARNT]
    said = [f"en: {text}" for text in LEARNT.values()]
    vocabulary = _vocabulary(
        folder / "spiece.model", [*asked, *said], 150, pad_id=0, eos_id=1, unk_id=2
    )
    module = transformers()
    config = module.T5Config(
        vocab_size=len(vocabulary) + 6,  # EnViT5 has rows to spare, too
        d_model=32,
        d_kv=16,
        d_ff=64,
        num_layers=2,
        num_decoder_layers=2,
        num_heads=2,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
        dropout_rate=0.0,
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
    )
    torch.manual_seed(0)
    network = _untied(module.T5ForConditionalGeneration(config))
    sources, targets = ([[*vocabulary.encode(one), 1] for one in texts] for texts in (asked, said))
    _learn(network, sources, targets, 0)
    _save(network, folder)
    path = folder / "config.json"  # as earlier versions of transformers wrote it
    said = json.loads(path.read_text("utf-8"))
    del said["scale_decoder_outputs"]
    path.write_text(json.dumps(said | {"tie_word_embeddings": False}), "utf-8")


def saved(folder: Path) -> Any:  # noqa: ANN401 - transformers' own
    """The network of a hub repository, as transformers runs it."""
    module = transformers()
    marian = (folder / "source.spm").exists()
    kind = module.MarianMTModel if marian else module.T5ForConditionalGeneration
    config = kind.config_class.from_json_file(folder / "config.json")
    network = kind(config).eval()
    if not marian:
        _untied(network)
    network.load_state_dict(torch.load(folder / "pytorch_model.bin"))
    return network


def _untied(network: Any) -> Any:  # noqa: ANN401
    """With an output layer of its own, as EnViT5 has."""
    network.lm_head.weight = nn.Parameter(network.lm_head.weight.detach().clone())
    return network


def generated(folder: Path, texts: Sequence[str]) -> list[str]:
    """What transformers itself makes of texts with the network of a hub repository."""
    network, marian = saved(folder), (folder / "source.spm").exists()
    config = network.config
    if marian:
        ids = json.loads((folder / "vocab.json").read_text("utf-8"))
    names = ("source.spm", "target.spm") if marian else ("spiece.model", "spiece.model")
    source, target = (_processor(folder / name) for name in names)
    found = []
    for text in texts:
        if marian:
            row = [ids.get(piece, ids["<unk>"]) for piece in source.encode(text, out_type=str)]
        else:
            row = source.encode(f"vi: {text}")
        tokens = torch.tensor([[*row, config.eos_token_id]])
        output = network.generate(
            tokens,
            num_beams=4,
            max_length=60,
            bad_words_ids=[[config.pad_token_id]],
        )[0].tolist()
        special = {config.pad_token_id, config.eos_token_id}
        output = [token for token in output if token not in special]
        if marian:
            pieces = list(ids)
            found.append(target.decode([pieces[token] for token in output]))
        else:
            found.append(target.decode(output).removeprefix("en:").strip())
    return found


def _vocabulary(path: Path, texts: Iterable[str], pieces: int, **ids: int) -> Any:  # noqa: ANN401
    model = io.BytesIO()
    options: dict[str, Any] = {"pad_id": -1, **ids}
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(list(texts) * 4),
        model_writer=model,
        vocab_size=pieces,
        hard_vocab_limit=False,
        bos_id=-1,
        num_threads=1,
        minloglevel=2,
        **options,
    )
    path.write_bytes(model.getvalue())
    return _processor(path)


def _processor(path: Path) -> Any:  # noqa: ANN401 - SentencePiece has no types
    return sentencepiece.SentencePieceProcessor(model_file=str(path))


def _pieces(processor: Any) -> list[str]:  # noqa: ANN401
    return [processor.id_to_piece(number) for number in range(len(processor))]


def _learn(
    network: nn.Module, sources: list[list[int]], targets: list[list[int]], pad: int
) -> None:
    tokens, labels = _padded(sources, pad), _padded(targets, LEFT_OUT)
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-2)
    for _ in range(STEPS):
        loss = network(input_ids=tokens, attention_mask=(tokens != pad).long(), labels=labels).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():  # decoding begins from zeros, as in the real Marian networks
            network.get_input_embeddings().weight[pad] = 0  # type: ignore[operator]


def _padded(rows: list[list[int]], filler: int) -> Tensor:
    longest = max(map(len, rows))
    return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])


def _save(network: Any, folder: Path) -> None:  # noqa: ANN401
    network.config.to_json_file(folder / "config.json", use_diff=False)
    torch.save(network.state_dict(), folder / "pytorch_model.bin")
