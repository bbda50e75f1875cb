import os
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest

from engine.images.metadata import PhotoMetadata
from engine.library import photos
from engine.library.library import Library
from engine.library.photo import Float16Array, FoundFile, KnownFile

AddPhotos = Callable[..., list[int]]
DAY = 86_400
TAKEN = datetime(2024, 2, 10, 23, 59, 59)
FACTS = PhotoMetadata(4000, 3000, TAKEN, 10.7769, 106.7009, "Máy ảnh X100")


def test_a_path_is_kept_byte_for_byte(library: Library, add_photos: AddPhotos) -> None:
    names = [b"\xff\xfe.jpg", b"a\n'\".jpg", "Tết.jpg".encode(), b"\xed\xa0\x80.jpg"]
    found = library.photos.get(add_photos(*names))
    assert [photo.path for photo in found] == [b"/photos/" + name for name in names]


def test_a_photo_is_unread_at_first(library: Library, add_photos: AddPhotos) -> None:
    (photo,) = library.photos.get(add_photos(b"a.jpg"))
    assert (photo.size, photo.mtime_ns, photo.missing) == (100, 1_000, False)
    assert {photo.content_hash, photo.width, photo.taken_at, photo.camera} == {None}
    assert photo.shown_path == "/photos/a.jpg"


def test_photos_come_in_the_order_asked_for_without_unknown_ones(
    library: Library, add_photos: AddPhotos
) -> None:
    first, second, third = add_photos(b"1.jpg", b"2.jpg", b"3.jpg")
    wanted = np.array([third, 999, first, third, second])
    assert [p.id for p in library.photos.get(wanted)] == [third, first, third, second]
    assert library.photos.get([]) == []


def test_a_hundred_thousand_photos_can_be_asked_for_at_once(
    library: Library, add_photos: AddPhotos
) -> None:
    (photo_id,) = add_photos(b"1.jpg")
    assert [p.id for p in library.photos.get(range(100_000))] == [photo_id]


def test_a_photo_named_in_nfd_is_found_by_its_name_as_typed(
    library: Library, add_photos: AddPhotos
) -> None:
    name = unicodedata.normalize("NFD", "Tết ở Huế.jpg").encode()
    (photo_id,) = add_photos(name)
    found = library.photos.find("/photos/Tết ở Huế.jpg".encode())
    assert found is not None
    assert (found.id, found.path) == (photo_id, b"/photos/" + name)


def test_of_two_names_equal_in_nfc_each_is_found_by_its_own_bytes(
    library: Library, add_photos: AddPhotos
) -> None:
    forms = [unicodedata.normalize(form, "/photos/ế.jpg").encode() for form in ("NFC", "NFD")]
    ids = add_photos(*(os.path.basename(path) for path in forms))
    assert [found.id for path in forms if (found := library.photos.find(path))] == ids


def test_a_photo_is_not_found_by_a_name_that_is_ambiguous_or_strange(
    library: Library, add_photos: AddPhotos
) -> None:
    add_photos("Ǻ.jpg".encode(), "A\u030a\u0301.jpg".encode(), b"\xff.jpg")
    assert library.photos.find("/photos/\u00c5\u0301.jpg".encode()) is None  # like two of them
    assert library.photos.find(b"/photos/\xfe.jpg") is None
    assert library.photos.find(b"/photos/%.jpg") is None


def test_missing_photos_are_not_counted_and_not_in_results(
    library: Library, add_photos: AddPhotos
) -> None:
    gone, there = add_photos(b"1.jpg", b"2.jpg")
    library.photos.mark_missing([gone])
    assert library.photos.count() == 1
    assert library.photos.ids().tolist() == [there]
    assert [photo.missing for photo in library.photos.get([gone, there])] == [True, False]


def test_what_is_known_of_files_is_told_by_folder(library: Library, add_photos: AddPhotos) -> None:
    gone, there = add_photos(b"1.jpg", b"2.jpg", folder=b"/a")
    add_photos(b"1.jpg", folder=b"/ab")
    library.photos.mark_missing([gone])
    assert library.photos.known_files(library.folders.add(b"/a").id) == {
        b"/a/1.jpg": KnownFile(gone, 100, 1_000, missing=True),
        b"/a/2.jpg": KnownFile(there, 100, 1_000, missing=False),
    }


@pytest.mark.parametrize("name", [b"b", b"b%", b"_", b"[b]*?", b"\xff", b"b'"])
def test_a_directory_is_not_taken_for_one_whose_name_begins_alike(
    name: bytes, library: Library, add_photos: AddPhotos
) -> None:
    names = [name + b"/1.jpg", name + b"c/1.jpg", b"zz/1.jpg", name]
    inside, *_, same_name = add_photos(*names, folder=b"/a")
    folder, under = library.folders.add(b"/a"), b"/a/" + name
    known = library.photos.known_files(folder.id, under)
    assert {file.id for file in known.values()} == {inside, same_name}
    assert library.photos.ids([under]).tolist() == [inside]


def test_a_moved_photo_keeps_its_id_embeddings_and_marks(
    library: Library, add_photos: AddPhotos, vector: Callable[[int], Float16Array]
) -> None:
    (photo_id,) = add_photos(b"old.jpg")
    library.photos.record_facts(photo_id, b"hash", FACTS)
    library.embeddings.add(photo_id, "a", vector(1))
    library.mark_relevant("tết", photo_id)
    library.failures.add(b"/photos/old.jpg", photo_id, "gone", permanent=False)
    library.photos.mark_missing([photo_id])
    other = library.folders.add(b"/other")
    library.photos.move(photo_id, other.id, FoundFile(b"/other/\xff.jpg", 100, 2_000))
    (photo,) = library.photos.get([photo_id])
    assert (photo.path, photo.folder_id, photo.mtime_ns) == (b"/other/\xff.jpg", other.id, 2_000)
    assert (photo.missing, photo.content_hash, photo.taken_at) == (False, b"hash", TAKEN)
    assert library.embeddings.photo_ids("a").tolist() == [photo_id]
    assert library.relevance_marks() == [("tết", photo_id)]
    assert library.failures.all() == []
    assert library.photos.find(b"/photos/old.jpg") is None


def test_of_a_changed_photo_nothing_is_known_until_it_is_read_again(
    library: Library, add_photos: AddPhotos, vector: Callable[[int], Float16Array]
) -> None:
    (photo_id,) = add_photos(b"1.jpg")
    unread = library.photos.get([photo_id])[0]
    library.photos.record_facts(photo_id, b"hash", FACTS)
    library.embeddings.add(photo_id, "a", vector(1))
    library.failures.add(unread.path, photo_id, "broken", permanent=True)
    library.photos.mark_missing([photo_id])
    library.photos.change(photo_id, FoundFile(unread.path, 7, 8))
    assert library.photos.get([photo_id]) == [replace(unread, size=7, mtime_ns=8)]
    assert library.failures.all() == []
    assert len(library.embeddings.photo_ids("a")) == 0


def test_a_touched_photo_keeps_what_is_known_of_it(library: Library, add_photos: AddPhotos) -> None:
    (photo_id,) = add_photos(b"1.jpg")
    library.photos.record_facts(photo_id, b"hash", FACTS)
    library.photos.mark_missing([photo_id])
    library.photos.touch(photo_id, FoundFile(b"/photos/1.jpg", 100, 5_000))
    (photo,) = library.photos.get([photo_id])
    assert (photo.missing, photo.mtime_ns, photo.content_hash) == (False, 5_000, b"hash")


def test_a_file_dated_beyond_what_the_library_holds_is_taken_in(library: Library) -> None:
    folder = library.folders.add(b"/a")
    in_2400 = 13_569_465_600 * 10**9
    for found in (FoundFile(b"/a/1", 1, in_2400), FoundFile(b"/a/2", 1, -in_2400)):
        library.photos.add(folder.id, found)
        known = library.photos.known_files(folder.id)[found.path]
        assert known.mtime_ns == FoundFile(found.path, 1, found.mtime_ns).mtime_ns


def test_a_photo_stays_missing_since_it_was_first_missed(
    library: Library, add_photos: AddPhotos, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = add_photos(b"1.jpg", b"2.jpg", b"3.jpg")
    now = 100 * DAY
    for missed, days_ago in ((ids[:1], 31), (ids[:2], 29)):
        monkeypatch.setattr(photos, "time", lambda ago=days_ago: float(now - ago * DAY))
        library.photos.mark_missing(missed)
    monkeypatch.setattr(photos, "time", lambda: float(now))
    assert len(library.photos.remove_long_missing()) == 1
    assert len(library.photos.remove_long_missing()) == 0
    assert [photo.id for photo in library.photos.get(ids)] == ids[1:]


def test_nothing_of_an_off_line_folder_is_removed(
    library: Library, add_photos: AddPhotos, monkeypatch: pytest.MonkeyPatch
) -> None:
    (photo_id,) = add_photos(b"1.jpg", folder=b"/drive")
    monkeypatch.setattr(photos, "time", lambda: 0.0)
    library.photos.mark_missing([photo_id])
    monkeypatch.undo()
    drive = library.folders.add(b"/drive")
    library.folders.set_online(drive.id, False)
    assert len(library.photos.remove_long_missing()) == 0
    library.folders.set_online(drive.id, True)
    assert len(library.photos.remove_long_missing()) == 1


@pytest.mark.parametrize(
    "facts", [FACTS, PhotoMetadata(1, 1, None, None, None, None), replace(FACTS, latitude=0.0)]
)
def test_facts_come_back_as_they_were_read(
    facts: PhotoMetadata, library: Library, add_photos: AddPhotos
) -> None:
    first, second = add_photos(b"1.jpg", b"2.jpg")
    library.photos.record_facts(first, b"\x00hash", facts)
    library.photos.copy_facts(first, second)
    for photo in library.photos.get([first, second]):
        assert photo.content_hash == b"\x00hash"
        for name in PhotoMetadata.__slots__:
            assert getattr(photo, name) == getattr(facts, name)


def test_candidates_for_a_moved_file_have_its_size_and_a_known_content(
    library: Library, add_photos: AddPhotos
) -> None:
    read, _, missing = add_photos(b"1.jpg", b"2.jpg", b"3.jpg")
    for photo_id in (read, missing):
        library.photos.record_facts(photo_id, b"hash", FACTS)
    library.photos.mark_missing([missing])
    assert [photo.id for photo in library.photos.with_content(100, b"hash")] == [read, missing]
    assert library.photos.with_content(100, b"other") == []
    assert library.photos.knows_size(100)
    assert not library.photos.knows_size(99)


@pytest.mark.parametrize(
    ("taken_from", "taken_to", "expected"),
    [
        (None, None, [0, 1, 2, 3, 4]),
        (date(2024, 2, 10), None, [1, 2, 3]),
        (None, date(2024, 2, 10), [0, 1, 2]),
        (date(2024, 2, 10), date(2024, 2, 10), [1, 2]),
        (date(2024, 2, 11), date(2024, 2, 10), []),
        (date.min, date.max, [0, 1, 2, 3]),
    ],
)
def test_dates_are_whole_days_from_the_first_to_the_last(
    taken_from: date | None,
    taken_to: date | None,
    expected: list[int],
    library: Library,
    add_photos: AddPhotos,
) -> None:
    moments = [
        datetime(2024, 2, 9, 23, 59, 59, 999_999),
        datetime(2024, 2, 10),
        datetime(2024, 2, 10, 23, 59, 59, 999_999),
        datetime(2024, 2, 11),
        None,
    ]
    ids = add_photos(*(b"%d.jpg" % number for number in range(5)))
    for photo_id, taken_at in zip(ids, moments, strict=True):
        library.photos.record_facts(photo_id, b"hash", replace(FACTS, taken_at=taken_at))
    found = library.photos.ids(taken_from=taken_from, taken_to=taken_to)
    assert found.tolist() == [ids[number] for number in expected]
    assert found.dtype == np.int64


def test_folders_and_dates_narrow_down_together(library: Library, add_photos: AddPhotos) -> None:
    first, second = add_photos(b"a/1.jpg", b"b/2.jpg")
    (third,) = add_photos(b"3.jpg", folder=b"/other")
    for photo_id in (first, third):
        library.photos.record_facts(photo_id, b"hash", FACTS)
    where = [b"/photos/a", b"/photos/b/"]
    assert library.photos.ids(where).tolist() == [first, second]
    assert library.photos.ids(where, taken_from=date(2024, 1, 1)).tolist() == [first]
    assert library.photos.ids([b"/"]).tolist() == [first, second, third]


def test_a_folder_named_in_nfd_is_filtered_by_its_name_as_typed(
    library: Library, add_photos: AddPhotos
) -> None:
    ids = add_photos(b"1.jpg", folder=unicodedata.normalize("NFD", "/Huế").encode())
    assert library.photos.ids(["/Huế".encode()]).tolist() == ids


def test_favourites_are_kept_until_the_mark_is_taken_away(
    library: Library, add_photos: AddPhotos
) -> None:
    first, second, third = add_photos(b"1.jpg", b"2.jpg", b"3.jpg")
    library.photos.set_favourite([third, first], True)
    library.photos.mark_missing([third])
    assert library.photos.favourites().tolist() == [first]
    library.photos.set_favourite([first, second], False)
    assert library.photos.favourites().tolist() == []


def test_photos_are_dated_by_the_camera_or_else_by_the_file(
    library: Library, add_photos: AddPhotos
) -> None:
    dated, undated, gone, twin = add_photos(b"1.jpg", b"2.jpg", b"3.jpg", b"4.jpg")
    taken = datetime(2024, 2, 10, 9, 30)
    library.photos.record_facts(dated, b"1", PhotoMetadata(1, 1, taken, None, None, None))
    library.photos.mark_missing([gone])
    ids, times = library.photos.dates()
    assert ids.tolist() == [dated, twin, undated]
    assert times.tolist() == [taken.timestamp(), 0.0, 0.0]  # the files are of 1,000 ns


def test_sizes_are_added_up(library: Library, add_photos: AddPhotos) -> None:
    ids = add_photos(b"1.jpg", b"2.jpg", b"3.jpg")  # of 100 bytes each
    assert library.photos.total_size([ids[0], ids[2], 99]) == 200
    assert library.photos.total_size([]) == 0
