"""Where the program writes down what happened: a file for later, and the terminal."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

import platformdirs
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from engine.paths import APP_NAME

MAX_BYTES = 1_000_000
OLDER_FILES = 3
FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"

logger = logging.getLogger(__name__)

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_file() -> Path:
    """The file that is written to; older ones lie beside it."""
    return platformdirs.user_log_path(APP_NAME) / "anhoi.log"


@contextmanager
def written_down() -> Iterator[None]:
    """Write down what this process and Qt tell, warnings in the terminal too."""
    root, handlers = logging.getLogger(), _handlers()
    level = root.level
    for handler in handlers:
        handler.setFormatter(logging.Formatter(FORMAT))
        root.addHandler(handler)
    root.setLevel(logging.INFO)
    before = qInstallMessageHandler(_log_qt)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
        root.setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()


def _handlers() -> list[logging.Handler]:
    terminal = logging.StreamHandler(sys.stderr)
    terminal.setLevel(logging.WARNING)
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        file = RotatingFileHandler(
            log_file(), maxBytes=MAX_BYTES, backupCount=OLDER_FILES, encoding="utf-8"
        )
    except OSError as error:  # a full disk must not keep the window shut
        logger.warning("Nothing is written to %s: %s", log_file(), error)
        return [terminal]
    return [terminal, file]


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    logging.getLogger(f"qt.{context.category}").log(_LEVELS[kind], "%s", message)
