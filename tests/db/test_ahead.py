"""One ahead: the order stays, at most one lies ready, and what goes wrong in the thread is heard."""

import threading
from collections.abc import Iterator
from contextlib import closing

import pytest

from db.ahead import one_ahead


def _numbers(made: list[int], upto: int = 5) -> Iterator[int]:
    for number in range(upto):
        made.append(number)
        yield number


def _at_work() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("one ahead")]


def test_all_come_in_their_order() -> None:
    assert list(one_ahead(_numbers([]))) == [0, 1, 2, 3, 4]
    assert list(one_ahead(iter([]))) == []
    assert _at_work() == []


def test_they_are_made_in_a_thread() -> None:
    assert list(one_ahead(threading.current_thread().name for _ in range(2))) != [threading.current_thread().name] * 2


def test_at_most_one_lies_ready() -> None:
    made: list[int] = []
    with closing(one_ahead(_numbers(made))) as ahead:
        for number in ahead:
            assert len(made) - (number + 1) <= 1


def test_the_next_is_made_while_one_is_used() -> None:
    """The user of the first waits for the second: it has to come without the user asking for it."""
    second = threading.Event()

    def _two() -> Iterator[int]:
        yield 1
        second.set()
        yield 2

    with closing(one_ahead(_two())) as ahead:
        assert next(ahead) == 1
        assert second.wait(10)


def test_what_fails_in_the_thread_is_raised_at_its_place() -> None:
    def _failing() -> Iterator[int]:
        yield 1
        raise OSError("the disk is gone")

    got = []
    with pytest.raises(OSError, match="the disk is gone"):
        got.extend(one_ahead(_failing()))  # extend takes what comes before it fails
    assert got == [1]
    assert _at_work() == []


def test_who_stops_early_leaves_no_thread_behind() -> None:
    made: list[int] = []
    with closing(one_ahead(_numbers(made))) as ahead:
        assert next(ahead) == 0
        assert len(_at_work()) == 1
    assert _at_work() == []
    assert len(made) <= 2
