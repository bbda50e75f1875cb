from collections.abc import Callable

from engine.library.library import Library
from engine.library.photo import Folder

AddPhotos = Callable[..., list[int]]


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
