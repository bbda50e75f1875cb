"""Run within a session bus of its own: is a file manager on it, and has another reveal files."""

import sys

from PySide6.QtCore import ClassInfo, QCoreApplication, QObject, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication

from gui.photos import desktop


@ClassInfo({"D-Bus Interface": "org.freedesktop.FileManager1"})  # type: ignore[call-arg]
class FileManager(QObject):  # type: ignore[operator]
    @Slot("QStringList", str)
    def ShowItems(self, addresses: list[str], startup_id: str) -> None:  # noqa: N802 - its name
        sys.stdout.write("\n".join(addresses))
        QCoreApplication.exit(0)


def main() -> None:
    app = QGuiApplication([])
    bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "file manager")
    manager = FileManager()
    option = QDBusConnection.RegisterOption.ExportAllSlots
    bus.registerObject("/org/freedesktop/FileManager1", manager, option)
    bus.registerService("org.freedesktop.FileManager1")
    desktop.reveal(["/tmp/Ảnh 1.jpg".encode(), b"/tmp/\xff.jpg"], lambda: app.exit(1))
    sys.exit(app.exec())


main()
