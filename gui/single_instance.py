"""One window a library: a second start hands what it was given to the first, and ends."""

import ctypes
import hashlib
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QDir, QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

CONNECT_MS = 1000
ANSWER_MS = 3000  # the first may just be building its window
_HEARD = b"\x06"
_LENGTH_BYTES = 4
_ANY_PROCESS = -1  # may come to the front, under Windows
_TOKEN = "XDG_ACTIVATION_TOKEN"  # under Wayland, what lets a window come to the front

logger = logging.getLogger(__name__)


class SingleInstance(QObject):
    """Finds out whether a window of a library is open already, and calls it.

    Args:
        library_folder: each library has a window of its own.
        parent: Qt's.

    Attributes:
        word: after `claim`, a sentence for the user about a first window that does not answer;
            else None.

    Signals:
        called: a second start has ended in favour of this one; the paths it was given, absolute.
            The window is to be raised.
    """

    called = Signal(list)

    def __init__(self, library_folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.word: str | None = None
        self._name = _name(library_folder)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)

    def claim(self, paths: Sequence[bytes] = ()) -> bool:
        """Be the first, or call the first.

        Args:
            paths: handed to the first, absolute.

        Returns:
            False when another window has taken the paths and this process is to end.
        """
        lock = QLockFile(
            QDir.temp().filePath(f"{self._name}.lock")
        )  # two starts at once take turns
        lock.tryLock(CONNECT_MS)
        try:
            return self._claim(paths)
        finally:
            lock.unlock()

    def move(self, library_folder: Path) -> None:
        """Be found under another library from now on, unless that has a window already."""
        name = _name(library_folder)
        if name != self._name:
            self._server.close()
            self._name = name
            self.claim()

    def close(self) -> None:
        """Be called no more."""
        self._server.close()

    def _claim(self, paths: Sequence[bytes]) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(CONNECT_MS):
            self._listen()
            return True
        if _heard(socket, [os.fsencode(os.environ.get(_TOKEN, "")), *paths]):
            return False
        self.word = self.tr("Ảnh Ơi is open already but does not answer; this is a second window.")
        return True

    def _listen(self) -> None:
        QLocalServer.removeServer(self._name)  # what a killed process has left
        if not self._server.listen(self._name):
            logger.warning("A second start will not find this one: %s", self._server.errorString())

    def _welcome(self) -> None:
        while socket := self._server.nextPendingConnection():
            socket.readyRead.connect(self._hear)
            socket.disconnected.connect(socket.deleteLater)
            self._take(socket)

    def _hear(self) -> None:
        socket = self.sender()  # kept in a closure, it would be torn down twice
        if isinstance(socket, QLocalSocket):
            self._take(socket)

    def _take(self, socket: QLocalSocket) -> None:
        size = _LENGTH_BYTES + int.from_bytes(socket.peek(_LENGTH_BYTES).data(), "big")
        if socket.bytesAvailable() < size:
            return
        token, *paths = bytes(socket.read(size).data())[_LENGTH_BYTES:].split(b"\0")
        socket.write(_HEARD)
        socket.flush()
        if token:
            os.environ[_TOKEN] = os.fsdecode(token)
        self.called.emit(paths)


def _heard(socket: QLocalSocket, parts: Sequence[bytes]) -> bool:
    """Send a message to the first window; whether it took it."""
    if sys.platform == "win32":
        ctypes.windll.user32.AllowSetForegroundWindow(_ANY_PROCESS)
    message = b"\0".join(parts)
    socket.write(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
    return socket.waitForReadyRead(ANSWER_MS) and socket.read(1).data() == _HEARD


def _name(library_folder: Path) -> str:
    """What the first window listens to: a path where others have no access, if there is one."""
    owner = f"{QDir.homePath()}\0{library_folder.resolve()}"
    name = f"anhoi-{hashlib.sha256(owner.encode()).hexdigest()[:16]}"
    private = os.environ.get("XDG_RUNTIME_DIR", "")
    return os.path.join(private, name) if os.path.isdir(private) else name
