"""What the program says of itself."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.version import program_version
from gui.licences import LicencesDialog


def show_about(window: QWidget) -> QMessageBox:
    """Open the box; its button for the licences opens them in its place."""
    translate = QCoreApplication.translate
    box = QMessageBox(window)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIconPixmap(window.windowIcon().pixmap(64, 64))
    box.setWindowTitle(translate("About", "About Ảnh Ơi"))
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText("".join(_paragraphs()))
    licences = box.addButton(translate("About", "&Licences…"), QMessageBox.ButtonRole.ActionRole)
    box.addButton(QMessageBox.StandardButton.Ok)
    box.buttonClicked.connect(
        lambda button: LicencesDialog(window).open() if button is licences else None
    )
    box.open()
    return box


def _paragraphs() -> list[str]:
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
    return ["<h3>Ảnh Ơi</h3>", *(f"<p>{one}</p>" for one in (version, text, licence))]
