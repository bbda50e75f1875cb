"""Which version of the program this is."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PROJECT_FILE = Path(__file__).parents[1] / "pyproject.toml"


def program_version() -> str:
    """The installed version; the repository's own where it is not installed."""
    try:
        return version("anhoi")
    except PackageNotFoundError:
        project = tomllib.loads(PROJECT_FILE.read_text("utf-8"))
        return str(project["project"]["version"])
