from collections.abc import Callable

from engine.library.library import Library
from engine.library.photo import Float16Array, Folder, FolderCounts

AddPhotos = Callable[..., list[int]]
Vector = Callable[[int], Float16Array]


def test_a_folder_is_kept_byte_for_byte_and_is_online_at_first(library: Library) -> None:
    path = b"/\xff\xfe % _ ' \" \n"
    folder = library.folders.add(path)
    assert folder == Folder(folder.id, path, online=True)
    assert library.folders.all() == [folder]


def test_a_folder_added_twice_is_there_once_as_it_was(library: Library) -> None:
    folder = library.folders.add(b"/a")
    library.folders.set_online(folder.id, False)
    assert library.folders.add(b"/a") == Folder(folder.id, b"/a", online=False)
    assert len(library.folders.all()) == 1


def test_folders_come_in_the_order_they_were_added(library: Library) -> None:
    for path in (b"/c", b"/a", b"/b"):
        library.folders.add(path)
    assert [folder.path for folder in library.folders.all()] == [b"/c", b"/a", b"/b"]


def test_a_folder_goes_with_its_photos_and_leaves_others_alone(
    library: Library, add_photos: AddPhotos
) -> None:
    add_photos(b"1.jpg", folder=b"/a/b")
    (kept,) = add_photos(b"1.jpg", folder=b"/a/bc")
    library.folders.remove(library.folders.add(b"/a/b").id)
    assert library.photos.ids().tolist() == [kept]


def test_a_folder_goes_with_its_unreadable_directories_only(library: Library) -> None:
    folder = library.folders.add(b"/a/b")
    for path in (b"/a/b", b"/a/b/x", b"/a/bc/x", b"/a"):
        library.failures.add(path, None, "no permission", permanent=False)
    library.folders.remove(folder.id)
    assert {failure.path for failure in library.failures.all()} == {b"/a/bc/x", b"/a"}


def test_the_id_of_a_removed_folder_is_never_given_again(library: Library) -> None:
    first = library.folders.add(b"/a")
    library.folders.remove(first.id)
    assert library.folders.add(b"/a").id > first.id


def test_a_folder_merged_into_another_hands_over_its_photos(
    library: Library, add_photos: AddPhotos
) -> None:
    (photo_id,) = add_photos(b"1.jpg", folder=b"/a/b")
    inner, outer = library.folders.add(b"/a/b"), library.folders.add(b"/a")
    library.folders.merge(inner.id, into=outer.id)
    assert library.folders.all() == [outer]
    assert [photo.folder_id for photo in library.photos.get([photo_id])] == [outer.id]


def test_counts_tell_what_waits_and_what_cannot_be_read(
    library: Library, add_photos: AddPhotos, vector: Vector
) -> None:
    done, half, broken, gone = add_photos(b"1.jpg", b"2.jpg", b"3.jpg", b"4.jpg")
    (other,) = add_photos(b"1.jpg", folder=b"/other")
    for key in ("a", "b", "unused"):
        library.embeddings.add(done, key, vector(1))
    library.embeddings.add(half, "a", vector(2))
    library.embeddings.add(half, "unused", vector(2))
    library.failures.add(b"/photos/3.jpg", broken, "broken", permanent=True)
    library.failures.add(b"/photos/private", None, "not permitted", permanent=False)
    library.photos.mark_missing([gone])
    empty = library.folders.add(b"/empty").id
    photos, elsewhere = (library.photos.get([id_])[0].folder_id for id_ in (done, other))
    assert library.folders.counts(["a", "b"]) == {
        photos: FolderCounts(photos=3, waiting=1, problems=2),
        elsewhere: FolderCounts(photos=1, waiting=1, problems=0),
        empty: FolderCounts(photos=0, waiting=0, problems=0),
    }
