"""Ctrl-C: the first stops gently, the second at once."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def interruptible(stop: Callable[[], None]) -> Iterator[None]:
    """Let the first Ctrl-C call stop in the event loop; the second ends the program as ever."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals come to the main thread alone
        return
    before = signal.getsignal(signal.SIGINT)
    loop = asyncio.get_running_loop()

    def gently(_number: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        loop.call_soon_threadsafe(stop)
        click.echo("\nStopping when what is under way has come; Ctrl-C again to stop at once.", err=True)

    signal.signal(signal.SIGINT, gently)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
