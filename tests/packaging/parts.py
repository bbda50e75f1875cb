"""What packaging/ holds, which is no package to be imported from."""

import importlib
import sys
from typing import Any

from tests.packaging.packaged import ROOT


def _loaded() -> Any:  # noqa: ANN401 - a module
    sys.path.insert(0, str(ROOT / "packaging"))
    try:
        return importlib.import_module("bundle")
    finally:
        sys.path.remove(str(ROOT / "packaging"))


bundle = _loaded()
