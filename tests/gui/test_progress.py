from itertools import count
from typing import cast

import pytest

from engine.indexing.adding import AddReport
from engine.indexing.embedding import EmbedReport
from engine.library.photo import Folder
from engine.workspace import Pair
from gui.coming_pair import Coming
from gui.progress import Progress, ProgressMeter

FOLDER = Folder(1, "/ảnh".encode(), online=True)


@pytest.fixture
def meter() -> ProgressMeter:
    """Looks at the clock once a second."""
    seconds = map(float, count())
    return ProgressMeter(seconds.__next__)


def batch(done: int, total: int, failed: int = 0) -> EmbedReport:
    return EmbedReport(total, done, failed, ids=[1])


def test_what_is_found_is_counted_until_the_folder_is_looked_through(meter: ProgressMeter) -> None:
    assert meter.found(AddReport(FOLDER, seen=812)) == Progress("finding", "/ảnh", 812)
    assert meter.found(AddReport(FOLDER, seen=900, finished=True)) == Progress()


def test_rate_and_time_left_follow_from_the_batches(meter: ProgressMeter) -> None:
    meter.embedded(EmbedReport(total=100))
    assert meter.embedded(batch(18, 100, failed=2)) == Progress(
        "embedding", done=20, total=100, failed=2, rate=20.0, seconds_left=4.0
    )


def test_one_odd_batch_changes_the_rate_a_little(meter: ProgressMeter) -> None:
    meter.embedded(EmbedReport(total=1000))
    meter.embedded(batch(20, 1000))
    assert meter.embedded(batch(140, 1000)).rate == pytest.approx(30)  # 120 in that second


def test_photos_added_meanwhile_belong_to_the_run(meter: ProgressMeter) -> None:
    meter.embedded(EmbedReport(total=10))
    meter.found(AddReport(FOLDER, new_ids=[11, 12]))
    assert meter.embedded(batch(10, 10)).total == 12
    assert meter.now.phase == "embedding"


def test_at_the_end_nothing_is_going_on(meter: ProgressMeter) -> None:
    meter.embedded(EmbedReport(total=2))
    assert meter.embedded(batch(1, 2, failed=1)) == Progress()
    assert meter.embedded(EmbedReport(total=0)) == Progress()


def test_a_pause_is_shown_until_it_is_over_and_does_not_slow_the_rate(
    meter: ProgressMeter,
) -> None:
    meter.embedded(EmbedReport(total=100))
    meter.embedded(batch(20, 100))
    assert meter.paused() == Progress("paused", done=20, total=100, rate=20.0)
    assert meter.embedded(batch(40, 100)).phase == "paused"  # the batch that was in hand
    for _ in range(50):
        meter._clock()
    assert meter.resumed().phase == "embedding"
    assert meter.embedded(batch(60, 100)).rate == pytest.approx(20)


def test_a_run_that_was_stopped_tells_what_is_left(meter: ProgressMeter) -> None:
    meter.embedded(EmbedReport(total=100))
    meter.embedded(batch(20, 100))
    assert meter.stopped(waiting=80) == Progress("stopped", total=80)
    assert meter.stopped(waiting=0) == Progress()


def coming(done: int, total: int = 100, offline: int = 0) -> Coming:
    return Coming(cast("Pair", ()), done, total, offline=offline)


def test_a_pair_being_prepared_is_shown_with_its_rate(meter: ProgressMeter) -> None:
    assert meter.prepared(coming(20)) == Progress("preparing", done=20, total=100)
    assert meter.prepared(coming(40)) == Progress(
        "preparing", done=40, total=100, rate=20.0, seconds_left=3.0
    )
    assert meter.prepared(None) == Progress()


def test_photos_of_the_pair_in_use_are_shown_first(meter: ProgressMeter) -> None:
    meter.prepared(coming(20))
    assert meter.embedded(EmbedReport(total=5)).phase == "embedding"
    assert meter.embedded(batch(5, 5)).phase == "preparing"
    assert meter.found(AddReport(FOLDER, seen=3)).phase == "finding"


def test_a_pair_may_wait_for_drives(meter: ProgressMeter) -> None:
    expected = Progress("waiting", done=70, total=100, offline=30)
    assert meter.prepared(coming(70, offline=30)) == expected
    assert meter.prepared(coming(60, offline=30)).phase == "preparing"


def test_a_preparation_that_was_stopped_can_be_seen(meter: ProgressMeter) -> None:
    meter.prepared(coming(20))
    assert meter.stopped(0).phase == "preparing"  # the run before it came to its end
    assert meter.stopped(0, early=True) == Progress("put off", done=20, total=100)
    assert meter.prepared(coming(40)).phase == "preparing"
    meter.paused()
    assert meter.now.phase == "paused"
