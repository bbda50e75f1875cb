from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine.models.checkpoint import Checkpoint
from engine.models.installed import find_installed
from gui.models.downloads import Downloads
from gui.tasks import TaskRunner
from tests.engine.models.site import Site, refusing, silent

Records = tuple[Checkpoint, Checkpoint]


@pytest.fixture
def downloads(tasks: TaskRunner, errors: list[Exception]) -> Downloads:
    return Downloads(tasks, errors.append)


def names(downloads: Downloads) -> list[str]:
    return [download.record.name for download in downloads.under_way]


def test_what_was_asked_for_arrives_one_after_the_other(
    qtbot: QtBot, downloads: Downloads, larger: Records
) -> None:
    arrived: list[str] = []
    downloads.arrived.connect(arrived.append)
    for record in larger:
        downloads.start(record)
    assert names(downloads) == ["larger-openclip", "larger-beit3"]
    qtbot.waitUntil(lambda: not downloads.under_way, timeout=20_000)
    assert arrived == ["larger-openclip", "larger-beit3"]
    assert all(find_installed(record.name) for record in larger)
    assert downloads.find("larger-beit3") is None


def test_it_tells_how_far_it_is(
    qtbot: QtBot, downloads: Downloads, larger: Records, site: Site
) -> None:
    weights = f"/larger-openclip/{larger[0].weights.name}"
    site.answers[weights] = silent(site, after=b"x" * 1000, length=larger[0].weights.size or 0)
    downloads.start(larger[0])

    def has_some() -> bool:
        found = downloads.find("larger-openclip")
        return bool(found and found.report and found.report.done >= 1000)

    qtbot.waitUntil(has_some, timeout=10_000)
    downloads.cancel("larger-openclip")
    assert downloads.find("larger-openclip") is None


def test_a_cancelled_one_makes_room_for_the_next(
    qtbot: QtBot, downloads: Downloads, larger: Records, site: Site
) -> None:
    site.answers[f"/larger-openclip/{larger[0].weights.name}"] = silent(site)
    for record in larger:
        downloads.start(record)
    with qtbot.waitSignal(downloads.arrived, timeout=20_000) as arrived:
        downloads.cancel("larger-openclip")
    assert arrived.args == ["larger-beit3"]


def test_a_failure_is_kept_until_it_is_tried_again(
    qtbot: QtBot, downloads: Downloads, larger: Records, site: Site, errors: list[Exception]
) -> None:
    good = dict(site.answers)
    site.answers = {path: refusing(404) for path in good}
    with qtbot.waitSignal(downloads.failed, timeout=20_000):
        downloads.start(larger[0])
    failed = downloads.find("larger-openclip")
    assert failed
    assert failed.error
    assert "404" in failed.error
    site.answers = good
    with qtbot.waitSignal(downloads.arrived, timeout=20_000):
        downloads.start(larger[0])
    assert not errors


def test_copies_from_a_folder_are_taken_without_a_request(
    qtbot: QtBot, downloads: Downloads, larger: Records, site: Site, checkpoints: Path
) -> None:
    with qtbot.waitSignal(downloads.arrived, timeout=20_000):
        downloads.start(larger[0], checkpoints / "tiny-openclip")
    assert site.asked == []


def test_asking_twice_downloads_once(
    qtbot: QtBot, downloads: Downloads, larger: Records, site: Site
) -> None:
    for _ in range(2):
        downloads.start(larger[1])
    qtbot.waitUntil(lambda: not downloads.under_way, timeout=20_000)
    assert len(site.asked) == len(set(site.asked)) == len(larger[1].files)
