import json
import logging
import os
import time
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine import updates
from engine.paths import cache_folder
from engine.updates import Release
from engine.version import program_version
from gui import update_check
from gui.update_check import DAY_SECONDS, UpdateCheck, stamp_file
from tests.engine.models.site import Answer, Site, refusing, sending
from tests.gui.translation import speaking

PAGE = "https://anhoi.example/"
NOTES = {"vi": "Tìm nhanh hơn.", "en": "Searches faster."}


def latest(version: str) -> bytes:
    return json.dumps({"version": version, "page": PAGE, "notes": NOTES}).encode()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The project's page, which tells of a newer version."""
    with Site() as made:
        made.answers["/latest.json"] = sending(latest("99.0"))
        monkeypatch.setattr(updates, "ADDRESS", f"{made.address}/latest.json")
        yield made


@pytest.fixture
def check(site: Site, qtbot: QtBot, errors: list[Exception]) -> Iterator[UpdateCheck]:
    made = UpdateCheck(errors.append)
    yield made
    made.close()
    assert not errors


def age(seconds: float) -> None:
    then = time.time() - seconds
    os.utime(stamp_file(), (then, then))


def test_nobody_is_asked_until_the_user_wants_it(check: UpdateCheck, site: Site) -> None:
    check.set_daily(False)
    check.close()  # waits for what is under way
    assert site.asked == []
    assert not stamp_file().exists()


def test_a_newer_version_is_told_of_and_nobody_asked_again_that_day(
    check: UpdateCheck, site: Site, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(check.found) as found:
        check.set_daily(True)
    assert found.args == [Release("99.0", PAGE, NOTES)]
    check.set_daily(False)
    age(DAY_SECONDS - 60)
    check.set_daily(True)
    check._timer.timeout.emit()
    assert site.asked == ["/latest.json"]
    age(DAY_SECONDS + 1)
    with qtbot.waitSignal(check.found):
        check._timer.timeout.emit()
    assert site.asked == ["/latest.json"] * 2


def test_a_clock_that_was_wrong_does_not_stop_it_for_ever(
    check: UpdateCheck, site: Site, qtbot: QtBot
) -> None:
    cache_folder().mkdir(parents=True)
    stamp_file().touch()
    age(-365 * DAY_SECONDS)
    with qtbot.waitSignal(check.found):
        check.set_daily(True)


def test_where_it_cannot_be_remembered_nobody_is_asked(check: UpdateCheck, site: Site) -> None:
    cache_folder().parent.mkdir(parents=True)
    cache_folder().write_text("a file in the way")
    check.set_daily(True)
    check.close()
    assert site.asked == []


@pytest.mark.parametrize("answer", [refusing(500), sending(b"<html>"), sending(latest("0.0.1"))])
def test_a_page_that_tells_nothing_new_is_not_worth_a_word(
    check: UpdateCheck, site: Site, qtbot: QtBot, caplog: pytest.LogCaptureFixture, answer: Answer
) -> None:
    site.answers["/latest.json"] = answer
    caplog.set_level(logging.INFO, logger=update_check.__name__)
    with qtbot.assertNotEmitted(check.found), qtbot.assertNotEmitted(check.told):
        check.set_daily(True)
        qtbot.waitUntil(lambda: bool(caplog.records), timeout=10_000)
    assert {record.levelname for record in caplog.records} == {"INFO"}


def test_who_asks_is_told_what_came_of_it(check: UpdateCheck, site: Site, qtbot: QtBot) -> None:
    for content, sentence in (
        (latest("99.0"), f"Ảnh Ơi 99.0 is out, to be had at {PAGE}. Searches faster."),
        (latest(program_version()), f"This is the newest version: {program_version()}."),
        (b"<html>", f"What {updates.ADDRESS} tells of new versions cannot be understood."),
    ):
        site.answers["/latest.json"] = sending(content)
        with qtbot.waitSignal(check.told) as told:
            check.look()
        assert told.args == [sentence]
    check.set_daily(True)
    assert len(site.asked) == 3  # asked by hand counts for the day


def test_nobody_goes_on_waiting_after_a_bug(
    site: Site, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[Exception] = []
    check = UpdateCheck(reported.append)
    monkeypatch.setattr(update_check, "fetch_latest", lambda address: 1 // 0)
    with qtbot.waitSignal(check.told) as told:
        check.look()
    assert told.args == [""]
    assert isinstance(reported[0], ZeroDivisionError)
    check.close()


def test_what_is_new_is_told_in_the_language_of_the_window(
    check: UpdateCheck, qapp: QApplication
) -> None:
    with speaking(qapp, "vi"):
        assert "Tìm nhanh hơn." in check.sentence(Release("99.0", PAGE, NOTES))
    assert check.sentence(Release("99.0", PAGE, {})) == f"Ảnh Ơi 99.0 is out, to be had at {PAGE}."


def test_without_an_address_the_switch_does_nothing(
    qtbot: QtBot, errors: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "ADDRESS", "")
    check = UpdateCheck(errors.append)
    check.set_daily(True)
    assert not stamp_file().exists()
    with qtbot.waitSignal(check.told) as told:
        check.look()
    assert told.args == ["The project has no page yet that tells of new versions."]
    check.close()
