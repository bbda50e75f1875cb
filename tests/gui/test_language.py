import logging
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Literal

import pytest
from PySide6.QtCore import QCoreApplication, QDate, QEvent, QLocale, QTranslator
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from gui.language import Language, collation_key, install, language_of
from tests.gui.translation import compiled, speaking

# Each line is in the order of a Vietnamese dictionary.
ORDERS = [
    "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y",
    "ma mà mả mã má mạ",
    "nang nàng nảng nãng náng nạng năng nằng nẳng nẵng nắng nặng nâng nầng nẩng nẫng nấng nậng",
    "da dạ dăm dân dê dứa đa đá đăng đâu đê đưa",
    "an anh ảnh áo ăn ấm",
    "Cần|Thơ Đà_Nẵng Hà-Giang Hà|Nội Hạ|Long Huế Lạng_Sơn Ô|Môn Quảng|Nam Sa|Pa Uông|Bí",
    "ba|ba ba|bình ba|cụm bà|con bá",
    "tháng|1 tháng|2 tháng|10 Tháng|11",
    "IMG_9.jpg IMG_10.jpg img_11.jpg IMG_100.jpg",
    "anh anh|2 ảnh Ảnh ảnh|2",
]


@pytest.fixture
def vietnamese(qapp: QCoreApplication) -> Iterator[None]:
    with speaking(qapp, "vi"):
        yield


@pytest.mark.parametrize("line", ORDERS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_are_in_the_order_of_a_vietnamese_dictionary(
    line: str, form: Literal["NFC", "NFD"]
) -> None:
    names = [unicodedata.normalize(form, name.replace("|", " ")) for name in line.split()]
    shuffled = Random(7).sample(names, len(names))
    assert sorted(shuffled, key=collation_key) == names


def test_no_two_names_share_a_place() -> None:
    names = sorted(["ảnh", "Ảnh", "ẢNH", "ảnh ", "anh"], key=collation_key)
    assert all(collation_key(one) < collation_key(other) for one, other in pairwise(names))


@pytest.mark.parametrize(
    ("spoken", "language"),
    [
        (["vi-VN", "vi"], "vi"),
        (["en-Latn-US", "en-US", "en"], "en"),
        (["en-GB", "vi-VN"], "vi"),
        (["fr-FR", "fr", "en"], "en"),
        (["fr-FR", "fr"], "vi"),
        (["C"], "vi"),
        ([], "vi"),
    ],
)
def test_vietnamese_comes_first(spoken: list[str], language: Language) -> None:
    assert language_of(spoken) == language


def test_the_system_is_asked_where_nothing_was_chosen(qapp: QCoreApplication) -> None:
    with speaking(qapp, "system"):
        expected = language_of(QLocale.system().uiLanguages())
        assert QLocale().name()[:2] == expected


def test_texts_of_the_window_are_vietnamese(vietnamese: None) -> None:
    assert QCoreApplication.translate("TrayIcon", "&Quit") == "&Thoát"
    photos = QCoreApplication.translate(
        "TrayIcon", "%Ln photo(s) in “{folder}” can be searched now.", "", 12
    )
    assert photos.startswith("Đã có thể tìm 12 ảnh")


def test_english_has_its_plurals(qapp: QCoreApplication) -> None:
    with speaking(qapp, "en"):
        one, many = (
            QCoreApplication.translate(
                "TrayIcon", "%Ln photo(s) in “{folder}” can be searched now.", "", count
            )
            for count in (1, 2)
        )
    assert one == "1 photo in “{folder}” can be searched now."
    assert many == "2 photos in “{folder}” can be searched now."


def test_the_buttons_of_qt_are_vietnamese(qtbot: QtBot, vietnamese: None) -> None:
    kinds = QDialogButtonBox.StandardButton
    box = QDialogButtonBox(kinds.Ok | kinds.Cancel | kinds.Close | kinds.Yes | kinds.Save)
    qtbot.addWidget(box)
    texts = {button.text().replace("&", "") for button in box.buttons()}
    assert texts == {"OK", "Huỷ", "Đóng", "Có", "Lưu"}


def test_the_menus_of_what_is_typed_into_are_vietnamese(qtbot: QtBot, vietnamese: None) -> None:
    for widget in (QLineEdit("ảnh"), QPlainTextEdit("ảnh")):
        qtbot.addWidget(widget)
        menu = widget.createStandardContextMenu()
        texts = [action.text().split("\t")[0].replace("&", "") for action in menu.actions()]
        spoken = [text for text in texts if text]
        assert spoken == ["Hoàn tác", "Làm lại", "Cắt", "Sao chép", "Dán", "Xoá", "Chọn tất cả"]
        menu.deleteLater()


def test_numbers_and_dates_are_written_as_in_vietnam(vietnamese: None) -> None:
    assert QLocale().toString(12345) == "12.345"
    assert (
        "tháng 2" in QLocale().toString(QDate(2024, 2, 10), QLocale.FormatType.LongFormat).lower()
    )


def test_another_language_takes_the_place_of_the_first(qapp: QCoreApplication) -> None:
    with speaking(qapp, "vi"):
        install(qapp, "en", compiled())
        assert QCoreApplication.translate("TrayIcon", "&Quit") == "&Quit"
        assert QLocale().toString(12345) == "12,345"
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert len(qapp.findChildren(QTranslator)) == 1


def test_without_its_file_the_window_speaks_english_and_the_log_says_so(
    qapp: QCoreApplication, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with speaking(qapp, "vi"):
        assert install(qapp, "vi", tmp_path) == "vi"
        assert QCoreApplication.translate("TrayIcon", "&Quit") == "&Quit"
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "packaging/setup.sh" in caplog.text
