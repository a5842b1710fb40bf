"""Making the next thing while the one before is used."""

from collections.abc import Generator, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def one_ahead(items: Iterator[Item]) -> Generator[Item, None, None]:
    """Give the items, each made in a thread while the one before is used; at most one lies ready.

    What making one raises is raised where it would have been given. Close it where the use may stop early: closing
    waits for the item that is being made.
    """
    from concurrent.futures import ThreadPoolExecutor  # what is open longer than it is used is opened late

    with ThreadPoolExecutor(1, "one ahead") as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item
