"""Stands for the system's programs that addresses are handed to."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices


class _Listener(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    @Slot(QUrl)
    def take(self, address: QUrl) -> None:
        self.addresses.append(bytes(address.toEncoded().data()).decode())


@contextmanager
def handed_over(*schemes: str) -> Iterator[list[str]]:
    """The addresses of these schemes that the program has the system open."""
    listener = _Listener()
    for scheme in schemes:
        QDesktopServices.setUrlHandler(scheme, listener, "take")  # type: ignore[arg-type]
    try:
        yield listener.addresses
    finally:
        for scheme in schemes:
            QDesktopServices.unsetUrlHandler(scheme)
