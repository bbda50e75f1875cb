from threading import Thread

from gui.photos.thumbnail_wishes import ThumbnailWishes


def taken(wishes: ThumbnailWishes, count: int) -> list[int | None]:
    return [wishes.take() for _ in range(count)]


def test_the_newest_wishes_come_first_in_the_order_they_were_drawn() -> None:
    wishes = ThumbnailWishes(10)
    wishes.put([1, 2, 3])
    wishes.put([4, 5])
    assert taken(wishes, 5) == [4, 5, 1, 2, 3]


def test_a_wish_repeated_is_new_again_and_granted_once() -> None:
    wishes = ThumbnailWishes(10)
    wishes.put([1, 2])
    wishes.put([3])
    wishes.put([2])
    assert taken(wishes, 3) == [2, 3, 1]


def test_the_oldest_wishes_fall_out() -> None:
    wishes = ThumbnailWishes(3)
    wishes.put([1, 2])
    wishes.put([3, 4])
    assert taken(wishes, 3) == [3, 4, 1]
    wishes.close()
    assert wishes.take() is None


def test_what_is_in_hand_is_not_given_to_a_second_worker() -> None:
    wishes = ThumbnailWishes(10)
    wishes.put([1])
    assert wishes.take() == 1
    wishes.put([1, 2])
    assert wishes.take() == 2
    assert wishes.settle(1)
    wishes.put([1])
    assert wishes.take() == 1


def test_an_answer_does_not_hold_when_the_photo_changed_meanwhile() -> None:
    wishes = ThumbnailWishes(10)
    wishes.put([1, 2])
    taken(wishes, 2)
    wishes.outdate([1, 7])
    assert not wishes.settle(1)
    assert wishes.settle(2)
    wishes.put([7])
    assert wishes.take() == 7
    assert wishes.settle(7)


def test_a_worker_that_waits_is_let_go_at_the_end() -> None:
    wishes = ThumbnailWishes(10)
    granted: list[int | None] = []
    worker = Thread(target=lambda: granted.append(wishes.take()))
    worker.start()
    wishes.close()
    worker.join()
    assert granted == [None]


def test_nothing_is_taken_while_wishes_are_held_back() -> None:
    wishes = ThumbnailWishes(10)
    wishes.hold()
    wishes.put([1])
    granted: list[int | None] = []
    worker = Thread(target=lambda: granted.append(wishes.take()))
    worker.start()
    worker.join(0.05)
    assert granted == []
    wishes.release()
    worker.join()
    assert granted == [1]


def test_everything_in_hand_can_be_outdated() -> None:
    wishes = ThumbnailWishes(10)
    wishes.put([1, 2, 3])
    assert taken(wishes, 2) == [1, 2]
    wishes.outdate_all()
    assert taken(wishes, 1) == [3]
    assert [wishes.settle(photo_id) for photo_id in (1, 2, 3)] == [False, False, True]
