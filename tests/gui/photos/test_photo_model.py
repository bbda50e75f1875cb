from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from engine.library.photo import IdArray
from gui.photos.photo_model import PhotoModel
from gui.photos.roles import Kind, Role
from gui.photos.sections import DateArray
from gui.searching import Restriction
from tests.gui.photos.results import make_found

IDS = list(range(100, 150))


@pytest.fixture
def model(qapp: object) -> PhotoModel:
    return PhotoModel()


def shown(model: PhotoModel) -> list[int | str]:
    """Ids of photos, and the texts of the rows between them."""
    rows = [model.index(row) for row in range(model.rowCount())]
    return [model.id_at(index) or index.data() for index in rows]


def changed_rows(model: PhotoModel) -> list[tuple[int, int]]:
    changed: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    return changed


def stays(model: PhotoModel) -> bool:
    return model.same_place


def days(ids: IdArray) -> DateArray:
    return np.array(ids, "datetime64[D]")


def test_it_keeps_to_the_rules_of_models_in_all_states(
    model: PhotoModel, qtmodeltester: ModelTester
) -> None:
    found = make_found(IDS, 3, 6, bursts={101: (104, 105)})
    check: Callable[[PhotoModel], None] = qtmodeltester.check
    steps: list[Callable[[], None]] = [
        lambda: model.show_photos(np.array([1, 2, 3])),
        lambda: model.append_ids([4, 5]),
        lambda: model.set_favourites([2, 4]),
        lambda: model.show_found(found),
        lambda: model.expand_burst(101),
        model.show_more,
        lambda: model.set_order("date"),
        lambda: model.show_found(make_found([], 0, 0)),
    ]
    model.set_dates(days)
    check(model)
    for step in steps:
        step()
        check(model)


def test_browsing_shows_photos_in_the_order_given(model: PhotoModel) -> None:
    model.show_photos(np.array([7, 3, 9]))
    assert shown(model) == [7, 3, 9]
    assert model.index_of(9).row() == 2
    assert not model.index_of(8).isValid()
    assert model.found is None


def test_the_photo_added_last_comes_first(model: PhotoModel) -> None:
    model.show_photos(np.array([2, 1]))
    model.append_ids([3, 4])
    model.append_ids(np.array([5]))
    assert shown(model) == [5, 4, 3, 2, 1]


def test_a_photo_that_is_shown_is_not_added_again(model: PhotoModel) -> None:
    model.show_photos(np.array([2, 1]))
    model.append_ids([2, 3, 1])
    assert shown(model) == [3, 2, 1]


def test_new_photos_do_not_disturb_results(model: PhotoModel) -> None:
    model.show_found(make_found([5, 6], 2, 2))
    model.append_ids([9])
    assert shown(model) == ["Best matches", 5, 6]


def test_results_stand_under_headings_with_their_numbers(model: PhotoModel) -> None:
    model.show_found(make_found(IDS, 2, 3))
    assert shown(model)[:5] == ["Best matches", 100, 101, "Possible matches", 102]
    assert model.index(0).data(Role.COUNT) == 2
    assert [model.index(row).data(Role.KIND) for row in (0, 1, 5)] == [
        Kind.HEADING,
        Kind.PHOTO,
        Kind.MORE,
    ]
    assert model.wide_rows == [0, 3, 5]
    assert model.ids_between(0, 4) == [100, 101, 102]


def test_where_nothing_fits_it_says_so(model: PhotoModel) -> None:
    model.show_found(make_found(IDS, 0, 0))
    assert shown(model)[0] == "Nothing stands out; the nearest photos"


def test_only_photos_can_be_selected_and_dragged(model: PhotoModel) -> None:
    model.show_found(make_found(IDS, 2, 3))
    taking = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
    assert model.index(1).flags() & taking == taking
    for row in (0, 5):
        assert not model.index(row).flags() & taking
    assert not model.index(0).flags() & Qt.ItemFlag.ItemIsEnabled
    assert model.index(5).flags() & Qt.ItemFlag.ItemIsEnabled


def test_show_more_reveals_what_is_below_the_cut(model: PhotoModel) -> None:
    model.show_found(make_found(IDS, 2, 3))
    assert shown(model)[-1] == "Show 47 more photo(s)"
    model.show_more()
    assert shown(model)[5:7] == ["Less likely", 103]
    assert shown(model)[-1] == 149


def test_a_burst_is_spread_out_after_its_leader_and_folded_again(model: PhotoModel) -> None:
    model.show_found(make_found([1, 2, 3, 4], 4, 4, bursts={1: (3, 4)}))
    assert shown(model) == ["Best matches", 1, 2]
    assert model.index(1).data(Role.BURST) == 3
    assert model.index(2).data(Role.BURST) is None
    model.expand_burst(1)
    assert shown(model) == ["Best matches", 1, 3, 4, 2]
    assert [model.index(row).data(Role.UNFOLDED) for row in (1, 2, 3, 4)] == [
        True,
        True,
        True,
        False,
    ]
    model.expand_burst(1)
    assert shown(model) == ["Best matches", 1, 2]


def test_the_same_wish_keeps_its_place_and_what_was_revealed(model: PhotoModel) -> None:
    model.show_found(make_found(IDS, 2, 3, bursts={100: (102,)}))
    assert not stays(model)
    model.show_more()
    model.expand_burst(100)
    model.show_found(make_found(IDS[::-1], 2, 3, bursts={100: (102,)}))
    assert stays(model)
    assert len(set(shown(model)) & set(IDS)) == len(IDS)
    model.show_found(make_found(IDS, 2, 3, bursts={100: (102,)}, text="con mèo"))
    assert not stays(model)
    assert shown(model) == ["Best matches", 100, 101, "Show 47 more photo(s)"]


def test_the_same_folder_keeps_its_place_only_when_it_is_said(model: PhotoModel) -> None:
    model.show_photos(np.array([1, 2]))
    model.show_photos(np.array([1]), same_place=True)
    assert stays(model)
    model.show_photos(np.array([2]))
    assert not stays(model)
    model.show_found(make_found([1], 1, 1))
    model.show_photos(np.array([2]), same_place=True)
    assert not stays(model)


def test_results_can_be_ordered_by_date(model: PhotoModel) -> None:
    model.set_dates(days)
    model.show_found(make_found([5, 9, 7, 6], 2, 3))
    model.set_order("date")
    assert shown(model) == [9, 7, 5, "Show 1 more photo(s)"]
    model.set_order("relevance")
    assert shown(model)[:2] == ["Best matches", 5]


def test_score_bars_belong_to_results_only(model: PhotoModel) -> None:
    model.show_photos(np.array([1, 2]))
    assert model.index(0).data(Role.SHARES) is None
    model.show_found(make_found(IDS, 2, 3))
    assert list(model.index(1).data(Role.SHARES)) == pytest.approx([0.25, 0.75])
    assert model.index(0).data(Role.SHARES) is None
    assert model.index(1).data(Role.LACKING) is None


def test_marks_are_told_of_only_where_they_change(model: PhotoModel) -> None:
    model.show_photos(np.arange(1, 11))
    model.set_favourites([2, 3, 4, 8])
    changed = changed_rows(model)
    model.set_favourites([3, 4, 8, 9])
    assert changed == [(1, 1), (8, 8)]
    assert [model.index(row).data(Role.FAVOURITE) for row in (1, 2, 8)] == [False, True, True]


def test_very_many_changes_are_told_of_at_once(model: PhotoModel) -> None:
    model.show_photos(np.arange(1, 1001))
    changed = changed_rows(model)
    model.set_offline(range(2, 1001, 2))
    assert changed == [(1, 999)]


def test_vanished_photos_add_up(model: PhotoModel) -> None:
    model.show_photos(np.arange(1, 11))
    model.set_vanished([2])
    changed = changed_rows(model)
    model.add_vanished(5)
    assert changed == [(4, 4)]
    assert [index for index in range(10) if model.index(index).data(Role.VANISHED)] == [1, 4]
    model.set_vanished([])
    assert not model.index(1).data(Role.VANISHED)


def test_a_photo_is_described_only_when_it_is_read(model: PhotoModel) -> None:
    asked: list[int] = []

    def describe(photo_id: int) -> str:
        asked.append(photo_id)
        return f"IMG_{photo_id}.jpg"

    model.set_describer(describe)
    model.show_found(make_found(IDS, 2, 3, bursts={100: (101,)}))
    model.set_favourites([100])
    model.set_offline([100])
    assert asked == []
    tip = model.index(1).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "IMG_100.jpg\nFavourite\nFolder is off-line"
    spoken = model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == (
        "IMG_100.jpg. Result 1 of 50, score 1.000. 1 similar photo(s) behind it. "
        "Favourite. Folder is off-line"
    )
    assert set(asked) == {100}


def test_a_photo_that_one_encoder_lacks_says_so(model: PhotoModel) -> None:
    found = make_found(IDS, 2, 3)
    found.ranking.cosines[1, 0] = np.nan
    model.show_found(found)
    assert model.index(1).data(Role.LACKING) == 1
    assert "BEiT3 has not looked at this photo yet" in model.index(1).data(
        Qt.ItemDataRole.ToolTipRole
    )


def test_dragged_photos_are_their_files(model: PhotoModel) -> None:
    names = {1: "/ảnh/một hai.jpg".encode(), 2: b"/photos/\xff.jpg"}
    model.set_paths_provider(lambda ids: [names[photo_id] for photo_id in ids])
    model.show_photos(np.array([2, 1]))
    mime = model.mimeData([model.index(0), model.index(1)])
    assert mime.hasFormat("text/uri-list")
    assert bytes(mime.data("text/uri-list").data()).split() == [
        b"file:///photos/%FF.jpg",
        b"file:///%E1%BA%A3nh/m%E1%BB%99t%20hai.jpg",
    ]
    assert model.supportedDragActions() == Qt.DropAction.CopyAction


def test_what_is_no_row_is_no_photo(model: PhotoModel, qtbot: QtBot) -> None:
    assert model.id_at(QModelIndex()) is None
    assert model.data(QModelIndex()) is None
    assert model.flags(QModelIndex()) == Qt.ItemFlag.NoItemFlags


def test_the_same_wish_in_another_folder_is_another_place(model: PhotoModel) -> None:
    model.show_found(make_found(IDS, 2, 3))
    model.show_more()
    other = replace(make_found(IDS, 2, 3), restriction=Restriction(folder=b"/photos"))
    model.show_found(other)
    assert not stays(model)
    model.show_found(other)
    assert stays(model)
