"""Write what the built program contains of others, with all licence texts.

python packaging/notices.py dist/anhoi    writes THIRD-PARTY-NOTICES.txt and LICENSE there
"""

import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from contents import Component, components

ROOT = Path(__file__).resolve().parent.parent
FILE = "THIRD-PARTY-NOTICES.txt"
RULE = "=" * 100
THIN = "-" * 100
HEAD = """\
Ảnh Ơi is published under the Apache License 2.0, which is in the file LICENSE beside this one. It
comes with the works of others that are listed here; their licences and notices follow, word for
word as their makers publish them. What is under the LGPL (Qt with PySide6,
and what pi-heif contains) is unchanged; their notices say where the sources are.
"""


def notices(parts: Sequence[Component]) -> str:
    """The whole text: a table, then each component with its texts; the same text only once."""
    seen: dict[str, str] = {}
    return "\n".join([HEAD, *_table(parts), "", *(_section(part, seen) for part in parts)])


def _table(parts: Sequence[Component]) -> Iterator[str]:
    name_width = max(len(part.name) for part in parts)
    version_width = max(len(part.version) for part in parts)
    for part in parts:
        yield f"{part.name:{name_width}}  {part.version:{version_width}}  {part.licence}"


def _section(part: Component, seen: dict[str, str]) -> str:
    lines = [RULE, f"{part.name} {part.version}", f"Licence: {part.licence}"]
    lines += [f"Comes with: {name}" for name, _ in part.libraries]
    lines.append(RULE)
    for name, text in part.texts.items():
        body = text.strip()
        lines += [THIN, name, THIN, seen.get(body, body), ""]
        seen.setdefault(body, f"The same text as {name} of {part.name} above.")
    return "\n".join(lines)


def main(folder: Path) -> None:
    parts = components(folder)
    # The mark in front tells Windows' installer that this is UTF-8.
    (folder / FILE).write_text(notices(parts), "utf-8-sig")
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    print(f"{folder / FILE}: {len(parts)} components")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
