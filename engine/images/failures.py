"""What the decoders of photos throw, turned into sentences for the user."""

import errno
import struct
import threading
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from engine.errors import UnreadableImageError

# What Pillow and its plugins have been seen to raise on hostile bytes. A warning is an exception
# where the filters say so.
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    ArithmeticError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RuntimeError,
    EOFError,
    MemoryError,
    BufferError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Warning,
)

# A seek to an offset made up by the file fails with these; the disk is not to blame.
_ERRNO_OF_BAD_OFFSETS = (None, errno.EINVAL, errno.EOVERFLOW)

_SIGNS_OF_A_CUT = ("truncated", "end of file", "end of data", "not enough data")

# Threads that leave catch_warnings in another order than they entered it would leave wrong
# filters behind.
_FILTERS_OF_WARNINGS = threading.RLock()


@contextmanager
def quiet() -> Iterator[None]:
    """Ignore the warnings of plugins, which speak of EXIF and tags no user can mend.

    Meant for headers and EXIF only: one thread at a time is let in.
    """
    with _FILTERS_OF_WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def decoding() -> Iterator[None]:
    """Turn whatever a decoder raises into an error with a sentence.

    Raises:
        UnreadableImageError: the decoder gave up; permanent unless the disk or the memory
            was the reason.
    """
    try:
        yield
    except DECODER_ERRORS as error:
        raise _explained(error) from error


def cut_off() -> UnreadableImageError:
    """Say that the end of the file is missing."""
    return UnreadableImageError(
        "The file is cut off: only part of the picture is there.", permanent=True
    )


def file_error(error: OSError) -> UnreadableImageError:
    """Say why the file system refused the file; trying again later may work."""
    if isinstance(error, PermissionError):
        reason = "There is no permission to read the file."
    elif isinstance(error, FileNotFoundError | NotADirectoryError):
        reason = "The file is no longer there."
    else:
        reason = f"The file cannot be read: {error.strerror or error}."
    return UnreadableImageError(reason, permanent=False)


def _explained(error: BaseException) -> UnreadableImageError:
    culprit = _file_system_error(error)
    if culprit is not None:
        return file_error(culprit)
    if isinstance(error, MemoryError):
        return UnreadableImageError(
            "There is too little free memory to decode the picture.", permanent=False
        )
    if isinstance(error, Image.DecompressionBombError):
        return UnreadableImageError("The picture is too large to decode.", permanent=True)
    if isinstance(error, EOFError) or _speaks_of_a_cut(error):
        return cut_off()
    return UnreadableImageError(
        "The picture in the file is damaged and cannot be decoded.", permanent=True
    )


def _speaks_of_a_cut(error: BaseException) -> bool:
    message = str(error).lower()
    return any(sign in message for sign in _SIGNS_OF_A_CUT)


def _file_system_error(error: BaseException | None) -> OSError | None:
    # Plugins hide what they catch (`raise SyntaxError(...) from None`), but the context stays:
    # a network drive that drops out must not condemn the photo for good.
    while error is not None:
        if isinstance(error, OSError) and error.errno not in _ERRNO_OF_BAD_OFFSETS:
            return error
        error = error.__cause__ or error.__context__
    return None
