import numpy as np
from PySide6.QtGui import QImage, QPaintEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from gui.photos.empty_text import paint_empty_text

LONG = "Kéo thả một thư mục vào bất cứ đâu trên cửa sổ này, hoặc nhấn “Thêm thư mục”. " * 3


class Page(QWidget):
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_empty_text(self, "Chưa có ảnh nào", LONG)


def test_a_long_hint_is_broken_into_lines_and_centred(qtbot: QtBot) -> None:
    page = Page()
    qtbot.addWidget(page)
    page.resize(500, 400)
    grey = page.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    values = np.frombuffer(bytes(grey.constBits()), np.uint8).reshape(400, -1)[:, :500]
    ys, xs = np.nonzero(values != values[0, 0])
    assert xs.min() >= 40
    assert xs.max() <= 460
    assert 100 < (ys.min() + ys.max()) / 2 < 300
