"""What the program says of itself."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.version import program_version


def show_about(window: QWidget) -> None:
    """Open the dialog."""
    translate = QCoreApplication.translate
    text = translate(
        "About",
        "Finds the photos on your own disk from a Vietnamese sentence. Nothing leaves this "
        "machine.",
    )
    licence = translate(
        "About",
        "Licence: Apache-2.0. The starter checkpoints learnt from research data; their README "
        "files in resources/models say which.",
    )
    version = translate("About", "Version {version}").format(version=program_version())
    QMessageBox.about(
        window,
        translate("About", "About Ảnh Ơi"),
        f"<h3>Ảnh Ơi</h3><p>{version}</p><p>{text}</p><p>{licence}</p>",
    )
