"""Marian and T5 networks, as CTranslate2 wants to have their weights.

Torch and transformers name the tensors; CTranslate2 joins those of queries, keys and values.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.errors import CheckpointError
from engine.models.encoder import FloatArray

Config = Mapping[str, Any]
Spec = Any  # CTranslate2 has no types


class Weights:
    """The tensors of a network, each of which has to be used.

    Args:
        tensors: by name, float32.
        spare: ends of the names of those that may be left over, because others say the same.
    """

    def __init__(self, tensors: Mapping[str, FloatArray], spare: tuple[str, ...]) -> None:
        self._tensors = tensors
        self._left = {name for name in tensors if not name.endswith(spare)}

    def __contains__(self, name: str) -> bool:
        return name in self._tensors

    def take(self, name: str) -> FloatArray:
        """The tensor of this name.

        Raises:
            CheckpointError: there is none.
        """
        if name not in self._tensors:
            raise CheckpointError(f"The translator's weights do not fit: {name} is missing.")
        self._left.discard(name)
        return self._tensors[name]

    def check_all_taken(self) -> None:
        """Refuse weights of another network than the one that was filled.

        Raises:
            CheckpointError: a tensor has not been taken; the first is named.
        """
        if self._left:
            surplus = min(self._left)
            raise CheckpointError(
                f"The translator's weights do not fit: {surplus} has no place in this network."
            )

    def linear(self, spec: Spec, *names: str) -> None:
        """Fill a linear layer; several are put beneath each other."""
        spec.weight = np.concatenate([self.take(f"{name}.weight") for name in names])
        if f"{names[0]}.bias" in self:
            spec.bias = np.concatenate([self.take(f"{name}.bias") for name in names])

    def attention(self, spec: Spec, query: str, key: str, value: str, out: str) -> None:
        """Fill an attention; that of a text to itself has one layer for the first three."""
        *inner, last = spec.linear
        if len(inner) == 1:
            self.linear(inner[0], query, key, value)
        else:
            self.linear(inner[0], query)
            self.linear(inner[1], key, value)
        self.linear(last, out)

    def norm(self, spec: Spec, name: str) -> None:
        """Fill a layer norm, or a root mean square norm, which has no bias."""
        spec.gamma = self.take(f"{name}.weight")
        if hasattr(spec, "beta"):
            spec.beta = self.take(f"{name}.bias")


def marian_spec(config: Config, tensors: Mapping[str, FloatArray], pieces: Sequence[str]) -> Spec:
    """Describe a Marian network of one vocabulary for both languages.

    Args:
        config: of transformers.
        tensors: by the names of transformers' MarianMTModel, float32.
        pieces: the vocabulary by id; the last one, <pad>, only begins transformers' decoding and
            is dropped, as CTranslate2 begins with zeros.

    Raises:
        CheckpointError: they do not fit each other.

    Source: Junczys-Dowmunt et al., Marian, ACL 2018.
    """
    from ctranslate2.specs import Activation, TransformerSpec

    weights = Weights(tensors, ("embed_positions.weight", "embed_tokens.weight", "lm_head.weight"))
    activations = {"swish": Activation.SWISH, "relu": Activation.RELU}
    spec = TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]),
        config["encoder_attention_heads"],
        pre_norm=False,
        activation=activations[config["activation_function"]],
    )
    embeddings = weights.take("model.shared.weight")[:-1]
    spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = embeddings
    for side in ("encoder", "decoder"):
        stack = getattr(spec, side)
        stack.scale_embeddings = math.sqrt(config["d_model"]) if config["scale_embedding"] else 1.0
        stack.position_encodings.encodings = _sinusoids(
            config["max_position_embeddings"], config["d_model"]
        )
        for number, layer in enumerate(stack.layer):
            _marian_layer(layer, weights, f"model.{side}.layers.{number}")
    spec.decoder.start_from_zero_embedding = True
    spec.decoder.projection.weight = embeddings
    spec.decoder.projection.bias = weights.take("final_logits_bias").reshape(-1)[:-1]
    weights.check_all_taken()
    return _with_vocabulary(spec, pieces[:-1], start="</s>")


def _marian_layer(layer: Spec, weights: Weights, name: str) -> None:
    attentions = [(layer.self_attention, f"{name}.self_attn")]
    if hasattr(layer, "attention"):
        attentions.append((layer.attention, f"{name}.encoder_attn"))
    for attention, own in attentions:
        weights.attention(attention, *(f"{own}.{one}_proj" for one in ("q", "k", "v", "out")))
        weights.norm(attention.layer_norm, f"{own}_layer_norm")
    weights.linear(layer.ffn.linear_0, f"{name}.fc1")
    weights.linear(layer.ffn.linear_1, f"{name}.fc2")
    weights.norm(layer.ffn.layer_norm, f"{name}.final_layer_norm")


def _sinusoids(positions: int, width: int) -> FloatArray:
    """Marian's position encodings, sines before cosines: shape (positions, width)."""
    rates = 10_000.0 ** (-2 * np.arange((width + 1) // 2) / width)
    angles = np.arange(positions)[:, np.newaxis] * rates
    return np.concatenate([np.sin(angles), np.cos(angles)[:, : width // 2]], 1).astype(np.float32)


def t5_spec(config: Config, tensors: Mapping[str, FloatArray], pieces: Sequence[str]) -> Spec:
    """Describe a T5 network.

    Args:
        config: of transformers.
        tensors: by the names of transformers' T5ForConditionalGeneration, float32.
        pieces: the vocabulary by id; rows of the network beyond it have no piece.

    Raises:
        CheckpointError: they do not fit each other.

    Source: Raffel et al., T5, JMLR 2020.
    """
    from ctranslate2.specs import Activation, TransformerSpec

    unused = "EncDecAttention.relative_attention_bias.weight"  # which early versions have saved
    weights = Weights(tensors, ("embed_tokens.weight", "lm_head.weight", unused))
    gated = config["feed_forward_proj"].startswith("gated-")
    spec = TransformerSpec.from_config(
        (config["num_layers"], config["num_decoder_layers"]),
        config["num_heads"],
        activation=Activation.GELUTanh if gated else Activation.RELU,
        relative_attention_bias=True,
        ffn_glu=gated,
        rms_norm=True,
    )
    embeddings = weights.take("shared.weight")
    for side in ("encoder", "decoder"):
        stack = getattr(spec, side)
        stack.scale_embeddings = False
        _t5_stack(stack, weights, side, config.get("relative_attention_max_distance", 128))
    spec.encoder.embeddings[0].weight = spec.decoder.embeddings.weight = embeddings
    untied = "lm_head.weight" in weights
    spec.decoder.projection.weight = weights.take("lm_head.weight") if untied else embeddings
    # What later versions of transformers say apart, earlier ones took from whether it is tied.
    if config.get("scale_decoder_outputs", config.get("tie_word_embeddings", True)):
        spec.decoder.scale_outputs = config["d_model"] ** -0.5
    weights.check_all_taken()
    fillers = [f"<unused_{number}>" for number in range(len(embeddings) - len(pieces))]
    return _with_vocabulary(
        spec, [*pieces, *fillers], start=pieces[config["decoder_start_token_id"]]
    )


def _t5_stack(stack: Spec, weights: Weights, side: str, distance: int) -> None:
    weights.norm(stack.layer_norm, f"{side}.final_layer_norm")
    bias = weights.take(f"{side}.block.0.layer.0.SelfAttention.relative_attention_bias.weight")
    for number, layer in enumerate(stack.layer):
        name = f"{side}.block.{number}.layer"
        _t5_attention(layer.self_attention, weights, f"{name}.0", "SelfAttention")
        layer.self_attention.relative_attention_bias = bias
        layer.self_attention.relative_attention_max_distance = np.int32(distance)
        if hasattr(layer, "attention"):
            _t5_attention(layer.attention, weights, f"{name}.1", "EncDecAttention")
        _t5_feed_forward(layer.ffn, weights, f"{name}.{2 if side == 'decoder' else 1}")


def _t5_attention(attention: Spec, weights: Weights, name: str, kind: str) -> None:
    weights.attention(attention, *(f"{name}.{kind}.{one}" for one in ("q", "k", "v", "o")))
    weights.norm(attention.layer_norm, f"{name}.layer_norm")
    attention.queries_scale = 1.0


def _t5_feed_forward(ffn: Spec, weights: Weights, name: str) -> None:
    inner = f"{name}.DenseReluDense"
    if hasattr(ffn, "linear_0_noact"):
        weights.linear(ffn.linear_0, f"{inner}.wi_0")
        weights.linear(ffn.linear_0_noact, f"{inner}.wi_1")
    else:
        weights.linear(ffn.linear_0, f"{inner}.wi")
    weights.linear(ffn.linear_1, f"{inner}.wo")
    weights.norm(ffn.layer_norm, f"{name}.layer_norm")


def _with_vocabulary(spec: Spec, pieces: Sequence[str], start: str) -> Spec:
    rows = len(spec.decoder.projection.weight)
    lacking = {"</s>", "<unk>"} - set(pieces)
    if rows != len(pieces) or len(set(pieces)) != len(pieces) or lacking:
        raise CheckpointError(
            f"The translator's vocabulary has {len(set(pieces)):,} pieces where its network has "
            f"{rows:,}."
        )
    spec.register_source_vocabulary(list(pieces))
    spec.register_target_vocabulary(list(pieces))
    spec.config.bos_token = spec.config.decoder_start_token = start
    spec.config.eos_token, spec.config.unk_token = "</s>", "<unk>"
    return spec
