import pytest
from pytestqt.qtbot import QtBot

from engine.models.checkpoints import CHECKPOINTS
from engine.models.download import DownloadReport
from gui.models.download_strip import DownloadStrip
from gui.models.downloads import Download


@pytest.fixture
def strip(qtbot: QtBot) -> DownloadStrip:
    strip = DownloadStrip()
    qtbot.addWidget(strip)
    return strip


def test_it_takes_no_room_where_nothing_is_fetched(strip: DownloadStrip) -> None:
    assert strip.isHidden()
    strip.show_downloads([Download(CHECKPOINTS[0])])
    assert not strip.isHidden()
    strip.show_downloads([])
    assert strip.isHidden()


def test_the_first_is_told_and_the_others_are_counted(strip: DownloadStrip) -> None:
    report = DownloadReport("downloading", "w", 2**20, 4 * 2**20, None)
    strip.show_downloads([Download(CHECKPOINTS[0], report), Download(CHECKPOINTS[1])])
    name = CHECKPOINTS[0].name
    assert strip.label.text() == f"Downloading {name} · 25 % · 1.0 MB of 4.0 MB · 1 more waiting"
    assert strip.bar.value() == 250


def test_cancelling_names_the_one_that_is_shown(qtbot: QtBot, strip: DownloadStrip) -> None:
    strip.show_downloads([Download(CHECKPOINTS[1])])
    assert strip.bar.maximum() == 0
    with qtbot.waitSignal(strip.cancel_wanted) as cancelled:
        strip.cancel_button.click()
    assert cancelled.args == [CHECKPOINTS[1].name]
