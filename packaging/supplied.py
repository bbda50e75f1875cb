"""Licence texts for what comes without its own: a short table, reviewed by hand.

A distribution that is in neither place stops the build: see `packaging/contents.py`.
"""

from pathlib import Path

HERE = Path(__file__).resolve().parent
APACHE = HERE.parent / "LICENSE"
LICENCES = HERE / "licences"
QT = tuple(LICENCES / name for name in ("Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt"))
MKL = LICENCES / "Intel-MKL.txt"

# In place of texts that are missing, or beside those of the distribution for what its wheel has
# compiled in or only links to.
TEXTS: dict[str, tuple[Path, ...]] = {
    "ctranslate2": (LICENCES / "ctranslate2.txt", MKL, APACHE),  # with oneMKL and oneDNN inside
    "pi-heif": QT[1:],  # with libheif and libde265 (LGPL-3) inside
    "pyside6": QT,
    "pyside6-addons": QT,
    "pyside6-essentials": QT,
    "sentencepiece": (APACHE,),
    "shiboken6": QT,
    "tokenizers": (APACHE,),
    "torch": (MKL,),  # oneMKL inside, on Intel's processors
}

# What we use it under, where the distribution leaves a choice or says less than its wheel holds.
LICENCE: dict[str, str] = {
    "pi-heif": "BSD-3-Clause AND LGPL-3.0-or-later",
    "pyside6": "LGPL-3.0-only",
    "pyside6-addons": "LGPL-3.0-only",
    "pyside6-essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
}
