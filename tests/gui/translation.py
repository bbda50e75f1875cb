"""The window's translations, compiled once for all tests and put in place where one asks."""

import atexit
import functools
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from gui import language

SCRIPT = Path(__file__).parents[2] / "packaging" / "translations.sh"


@functools.cache
def compiled() -> Path:
    """The folder of the compiled translations."""
    folder = Path(tempfile.mkdtemp(prefix="anhoi-translations-"))
    atexit.register(shutil.rmtree, folder)
    subprocess.run(["sh", SCRIPT, "compile", folder], check=True)
    return folder


@contextmanager
def speaking(app: QCoreApplication, choice: language.Choice) -> Iterator[None]:
    """Let the window speak a language, and afterwards none but that of its sources."""
    before = QLocale()
    language.install(app, choice, compiled())
    try:
        yield
    finally:
        for translator in app.findChildren(QTranslator):
            app.removeTranslator(translator)
            translator.deleteLater()
        QLocale.setDefault(before)
