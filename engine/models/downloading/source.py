"""Where a file can be had."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from engine.errors import DownloadError


@dataclass(frozen=True)
class Source:
    """An address of a file.

    Attributes:
        url: http or https.
        headers: to be sent along, such as who asks.
        explain: what a refusal means, from the answer's code and headers; None: as usual.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    explain: Callable[[int, Mapping[str, str]], DownloadError | None] = lambda _code, _headers: None
