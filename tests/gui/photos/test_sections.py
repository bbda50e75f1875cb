import numpy as np

from engine.library.photo import IdArray
from gui.photos.sections import MORE, NEAREST, DateArray, Part, by_date, by_relevance
from tests.gui.photos.results import make_found


def test_best_and_possible_matches_stand_under_their_headings() -> None:
    rows = by_relevance(make_found(range(10, 30), 2, 5), 0, ())
    assert rows.positions.tolist() == [-1, 0, 1, -1, 2, 3, 4, -1]
    assert rows.wide == {0: (Part.BEST, 2), 3: (Part.POSSIBLE, 3), 7: (Part.MORE, 15)}


def test_a_section_without_photos_has_no_heading() -> None:
    rows = by_relevance(make_found(range(3), 3, 3), 0, ())
    assert rows.wide == {0: (Part.BEST, 3)}


def test_nothing_found_has_no_rows() -> None:
    rows = by_relevance(make_found([], 0, 0), 0, ())
    assert len(rows.positions) == 0
    assert not rows.wide


def test_where_nothing_fits_well_the_nearest_are_shown_and_so_called() -> None:
    rows = by_relevance(make_found(range(100), 0, 60), 0, ())
    assert rows.wide == {0: (Part.NEAREST, NEAREST), 25: (Part.MORE, 76)}
    few = by_relevance(make_found(range(7), 0, 0), 0, ())
    assert few.wide == {0: (Part.NEAREST, 7)}


def test_revealing_goes_on_below_the_cut_until_all_is_shown() -> None:
    found = make_found(range(250), 2, 5)
    once = by_relevance(found, MORE, ())
    assert once.wide[7] == (Part.LESS_LIKELY, MORE)
    assert once.wide[8 + MORE] == (Part.MORE, 45)
    twice = by_relevance(found, 2 * MORE, ())
    assert twice.wide[7] == (Part.LESS_LIKELY, 245)
    assert Part.MORE not in {part for part, _ in twice.wide.values()}


def test_members_of_a_burst_stay_behind_their_leader_but_are_counted() -> None:
    found = make_found([5, 6, 7, 8, 9], 3, 5, bursts={5: (7, 9)})
    rows = by_relevance(found, 0, ())
    assert rows.positions.tolist() == [-1, 0, 1, -1, 3]
    assert rows.wide == {0: (Part.BEST, 3), 3: (Part.POSSIBLE, 2)}


def test_an_expanded_burst_follows_its_leader() -> None:
    found = make_found([5, 6, 7, 8, 9], 3, 5, bursts={5: (7, 9)})
    assert by_relevance(found, 0, {5}).positions.tolist() == [-1, 0, 2, 4, 1, -1, 3]


def dates_of(ids: IdArray) -> DateArray:
    """Even ids are the newer the larger they are, odd ones have no date."""
    days = np.array(ids, "datetime64[D]")
    days[ids % 2 == 1] = np.datetime64("NaT")
    return days


def test_by_date_the_same_photos_come_newest_first_and_undated_last() -> None:
    found = make_found([2, 3, 8, 4, 6, 1, 10], 1, 5)
    rows = by_date(found, 0, (), dates_of)
    shown = found.ranking.ids[rows.positions[:-1]].tolist()
    assert shown == [8, 6, 4, 2, 3]
    assert rows.wide == {5: (Part.MORE, 2)}


def test_by_date_a_burst_stays_together() -> None:
    found = make_found([2, 4, 6, 8], 4, 4, bursts={4: (2,)})
    rows = by_date(found, 0, {4}, dates_of)
    assert found.ranking.ids[rows.positions].tolist() == [8, 6, 4, 2]
    assert not rows.wide
