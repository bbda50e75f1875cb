"""A network in a TFLite file that is small enough to be followed by hand."""

from pathlib import Path

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

SIZE = 8
SCALE, ZERO = 0.5, 10  # a number is 0.5 x (its integer - 10)
AVERAGES, LARGEST = "averages", "largest"
Shape = tuple[int, ...]


def write_tflite(
    path: Path,
    *,
    scale: float | None = SCALE,
    taken: Shape = (1, SIZE, SIZE, 3),
    kind: int = schema.TensorType.UINT8,
    outputs: tuple[int, ...] = (2,),
) -> Path:
    """Averages over quarters of the image, then the largest of each channel.

    The tensors are the image, `averages` (1, 2, 2, 3) and `largest` (1, 1, 1, 3).
    """
    channels = taken[-1]
    tensors = [
        _tensor("image", taken, kind, scale),
        _tensor(AVERAGES, (1, 2, 2, channels), kind, scale),
        _tensor(LARGEST, (1, 1, 1, channels), kind, scale),
    ]
    graph = schema.SubGraphT()
    graph.tensors, graph.inputs, graph.outputs = tensors, [0], list(outputs)
    graph.operators = [_pool(0, taken[1] // 2), _pool(1, 2)]
    codes = []
    for operator in (schema.BuiltinOperator.AVERAGE_POOL_2D, schema.BuiltinOperator.MAX_POOL_2D):
        code = schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = operator
        code.version = 2
        codes.append(code)
    model = schema.ModelT()
    model.version, model.operatorCodes, model.subgraphs = 3, codes, [graph]
    model.buffers = [schema.BufferT()]
    builder = flatbuffers.Builder()
    builder.Finish(model.Pack(builder), b"TFL3")
    path.write_bytes(builder.Output())
    return path


def _tensor(name: str, shape: Shape, kind: int, scale: float | None) -> schema.TensorT:
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.type, tensor.buffer = name, list(shape), kind, 0
    if scale is not None:
        tensor.quantization = schema.QuantizationParametersT()
        tensor.quantization.scale, tensor.quantization.zeroPoint = [scale], [ZERO]
    return tensor


def _pool(number: int, side: int) -> schema.OperatorT:
    operator = schema.OperatorT()
    operator.opcodeIndex, operator.inputs, operator.outputs = number, [number], [number + 1]
    operator.builtinOptionsType = schema.BuiltinOptions.Pool2DOptions
    options = operator.builtinOptions = schema.Pool2DOptionsT()
    options.padding = schema.Padding.VALID
    options.strideW = options.strideH = options.filterWidth = options.filterHeight = side
    return operator


def quarters(image: np.ndarray) -> np.ndarray:
    """What the network's averages of an image are, (2, 2, 3), before they are rounded."""
    half = len(image) // 2
    return np.asarray(image.reshape(2, half, 2, half, 3).mean(axis=(1, 3)))
