from pytestqt.qtbot import QtBot

from gui.elided_label import ElidedLabel


def test_it_may_be_as_narrow_as_need_be_and_keeps_its_text(qtbot: QtBot) -> None:
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.show_text("24 best of 4,310 photos")
    assert label.minimumSizeHint().width() == 0
    assert label.text() == label.toolTip() == "24 best of 4,310 photos"


def test_a_text_that_does_not_fit_is_drawn_shorter(qtbot: QtBot) -> None:
    long, short = ElidedLabel(), ElidedLabel()
    for label, text in ((long, "a" * 100), (short, "a" * 50)):
        qtbot.addWidget(label)
        label.show_text(text)
        label.resize(100, 20)
    assert long.grab().toImage() == short.grab().toImage()
