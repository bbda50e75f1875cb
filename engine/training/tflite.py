"""Teachers in TensorFlow Lite files."""

import math
import threading
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xxhash

from engine.errors import CheckpointError
from engine.images.preprocessing import UInt8Array
from engine.models.encoder import FloatArray

if TYPE_CHECKING:
    from ai_edge_litert.interpreter import Interpreter

_MAKING = threading.Lock()  # while the warnings of one thread are silent


class TfliteNetwork:
    """An image network from a file, one interpreter a thread.

    Attributes:
        name: the file's, the tensor's after a colon, and the beginning of the file's hash.
        size: side of the images it takes, in pixels.
        dimension: how many numbers the tensor has.
    """

    def __init__(self, path: Path, tensor: str | None = None) -> None:
        """Open a network that takes one image of shape (1, S, S, 3), uint8.

        Args:
            path: a .tflite file.
            tensor: the name of an inner tensor whose numbers are the embedding; None: the output.

        Raises:
            CheckpointError: ai-edge-litert is not installed, the file cannot be read or is no
                such network, or it has no tensor of that name.
        """
        try:
            self._content = path.read_bytes()
        except OSError as error:
            raise CheckpointError(f"{path} cannot be read: {error.strerror}.") from error
        self._path, self._inner = path, tensor is not None
        self._of_thread = threading.local()
        interpreter = self._interpreter()
        self._input, self.size = self._described_input(interpreter.get_input_details())
        described = self._described_output(interpreter, tensor)
        self._output: int = described["index"]
        self._scale, self._zero = self._quantisation(described)
        named = path.name if tensor is None else f"{path.name}:{tensor}"
        self.name = f"{named}@{xxhash.xxh3_128_hexdigest(self._content)[:12]}"
        self.dimension = math.prod(int(length) for length in described["shape"])

    def embed(self, image: UInt8Array) -> FloatArray:
        """Embed an image of shape (size, size, 3), RGB; (dimension,), dequantised."""
        interpreter = self._interpreter()
        interpreter.set_tensor(self._input, image[None])
        interpreter.invoke()
        values = interpreter.get_tensor(self._output).astype(np.float32).ravel()
        return np.asarray((values - self._zero) * self._scale, np.float32)

    def _interpreter(self) -> "Interpreter":
        """This thread's own: none may be used by two at once."""
        if not hasattr(self._of_thread, "interpreter"):
            self._of_thread.interpreter = self._made()
        interpreter: Interpreter = self._of_thread.interpreter
        return interpreter

    def _made(self) -> "Interpreter":
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise CheckpointError(
                f"{self._path.name} is run by ai-edge-litert, which is not installed here (pip "
                "install ai-edge-litert; the packaged program has no room for it)."
            ) from error
        with _MAKING, warnings.catch_warnings():
            # That keeping all tensors takes memory is known: a few MB, for one image.
            warnings.filterwarnings("ignore", ".*experimental_preserve_all_tensors", UserWarning)
            try:
                interpreter = Interpreter(
                    model_content=self._content,
                    num_threads=1,
                    experimental_preserve_all_tensors=self._inner,
                )
                interpreter.allocate_tensors()
            except (ValueError, RuntimeError) as error:
                raise CheckpointError(f"{self._path} is no network to be run: {error}") from error
        return interpreter

    def _described_input(self, inputs: list[dict[str, Any]]) -> tuple[int, int]:
        """Index and side of the only input."""
        shapes = [tuple(int(length) for length in one["shape"]) for one in inputs]
        size = shapes[0][1] if len(shapes[0]) == 4 else 0
        if shapes != [(1, size, size, 3)] or inputs[0]["dtype"] != np.uint8:
            found = ", ".join(f"{shape}" for shape in shapes)
            raise CheckpointError(
                f"{self._path.name} does not take one image of shape (1, S, S, 3), uint8, but "
                f"{found}, {np.dtype(inputs[0]['dtype'])}."
            )
        return inputs[0]["index"], size

    def _described_output(self, interpreter: "Interpreter", tensor: str | None) -> dict[str, Any]:
        if tensor is None:
            outputs: list[dict[str, Any]] = interpreter.get_output_details()
            if len(outputs) != 1:
                names = ", ".join(one["name"] for one in outputs)
                raise CheckpointError(f"{self._path.name} has several outputs, name one: {names}.")
            return outputs[0]
        found: list[dict[str, Any]] = [
            one for one in interpreter.get_tensor_details() if one["name"] == tensor
        ]
        if not found:
            raise CheckpointError(f"{self._path.name} has no tensor “{tensor}”.")
        return found[0]

    def _quantisation(self, described: dict[str, Any]) -> tuple[float, int]:
        """Scale and zero point; 1 and 0 for floating-point numbers."""
        scale, zero = described["quantization"]
        if np.issubdtype(described["dtype"], np.floating):
            return 1.0, 0
        if not scale > 0:
            raise CheckpointError(
                f"{self._path.name} does not tell what the integers of {described['name']} mean."
            )
        return float(scale), int(zero)
