"""Which files below the watched folders are taken for the user's photos."""

import json
import os
from dataclasses import dataclass

from engine.indexing.walking import seen_from
from engine.library.library import Library

_SETTING = "selection"


@dataclass(frozen=True, slots=True)
class Selection:
    """What the user wants to be looked through.

    Attributes:
        hidden: also files and directories that are hidden.
        excluded: directories that are left out, absolute and byte-exact.
    """

    hidden: bool = False
    excluded: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, library: Library) -> "Selection":
        """What was remembered with a library."""
        kept = json.loads(library.setting(_SETTING) or "{}")
        excluded = tuple(os.fsencode(path) for path in kept.get("excluded", ()))
        return cls(bool(kept.get("hidden", False)), excluded)

    def remember(self, library: Library) -> None:
        """Keep it with a library that is open for writing; the next pass goes by it."""
        excluded = [os.fsdecode(path) for path in self.excluded]
        library.remember(_SETTING, json.dumps({"hidden": self.hidden, "excluded": excluded}))

    def left_out_below(self, root: bytes) -> frozenset[bytes]:
        """The excluded directories as they are named below a root."""
        seen = (seen_from(root, path) for path in self.excluded)
        return frozenset(path for path in seen if path is not None)
