"""The errors a user can meet; their messages are sentences fit to be shown.

EngineError
├── LibraryError            the library file cannot be used
│   └── LibraryBusyError    another Ảnh Ơi is writing to it
├── FolderError             a folder or file named by the user cannot be used
├── UnreadableImageError    one photo cannot be decoded; the work goes on without it
├── CheckpointError         weights, tokenizer or preprocessing do not fit
│   └── DownloadError       a checkpoint did not arrive whole
├── QueryError              what was typed cannot be searched
├── IndexFileError          a FAISS file cannot be read or written
├── CaptionsError           a caption file or its photos cannot be evaluated
├── TrainingError           a training cannot begin, or cannot go on
└── ModelProcessDied        the process that runs the encoders cannot be kept alive

Anything else that is raised is a bug and is shown with its trace.
"""


class EngineError(Exception):
    """What the user can do something about."""


class LibraryError(EngineError):
    pass


class LibraryBusyError(LibraryError):
    pass


class FolderError(EngineError):
    pass


class UnreadableImageError(EngineError):
    """A photo that cannot be decoded.

    Attributes:
        permanent: True when the file itself is at fault, so that trying again is pointless until
            it changes; False when the surroundings are (permissions, a slow disk, little memory).
    """

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent


class CheckpointError(EngineError):
    pass


class DownloadError(CheckpointError):
    pass


class QueryError(EngineError):
    """A query that cannot be searched; `start` and `end` mark the characters at fault."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


class IndexFileError(EngineError):
    pass


class CaptionsError(EngineError):
    pass


class TrainingError(EngineError):
    pass


class ModelProcessDied(EngineError):  # noqa: N818 - the name says what happened
    pass
