"""Several processes that serve on one socket, watched by one that does nothing else.

Forked, and not one by one from nothing: what was loaded before is there once for all of them, as the models are, which
are mapped. It is safe because the watching process has one thread and no loop. Of the servers made for this, gunicorn
does not run on Windows, where waitress does, and it needs another server before it that keeps slow clients away. A
new connection goes to the process that has the fewest.
"""

import gc
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from types import FrameType

from prometheus_client.multiprocess import mark_process_dead

from web.errors import CannotServe
from web.running.shares import Post, Shares

_MOST_DEATHS, _WITHIN_S = 5, 60.0
"""Where so many die within so short a time, new ones would die too."""
_PATIENCE_S = 4.0
"""Longer than a process waits for its own requests at the end."""
_STOPPING = (signal.SIGINT, signal.SIGTERM)
_log = logging.getLogger("segue.workers")

Serve = Callable[[Post], None]
"""Serves in one process, at its post."""


class Workers:
    """The processes of one server."""

    def __init__(self, serve: Serve, number: int) -> None:
        self._context = multiprocessing.get_context("fork")
        self._serve = serve
        self._places = range(number)
        self._shares = Shares(number)
        self._alive: dict[int, BaseProcess] = {}
        """By their places."""
        self._deaths: deque[float] = deque(maxlen=_MOST_DEATHS)
        self._stopping = False

    def run(self) -> None:
        """Keep so many processes serving until this one is interrupted or terminated. Raises CannotServe."""
        for each in _STOPPING:
            signal.signal(each, self._stop)
        assert threading.active_count() == 1, "a process of several threads must not be forked"
        gc.freeze()  # the collector would write into pages that are shared until then
        try:
            while not self._stopping:
                for place in self._places:
                    if place not in self._alive:
                        self._alive[place] = self._begin(place)
                connection.wait([one.sentinel for one in self._alive.values()])
                self._replace_dead()
        finally:
            self._end()

    def _begin(self, place: int) -> BaseProcess:
        self._shares.tell(place, 0, time.monotonic())  # the others leave it its share while it starts
        # None of them may be terminated before it can end well.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        try:
            worker = self._context.Process(target=self._serve, args=(Post(self._shares, place, os.getpid()),))
            worker.start()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
        return worker

    def _replace_dead(self) -> None:
        """Let go of those that ended; one that did so by itself is noted, and replaced in the next round."""
        for place, one in [(place, one) for place, one in self._alive.items() if not one.is_alive()]:
            del self._alive[place]
            self._shares.forget(place)
            mark_process_dead(one.pid)  # type: ignore[no-untyped-call]
            if not self._stopping:
                _log.warning("process %s ended with %s: another one takes its place", one.pid, one.exitcode)
                self._deaths.append(time.monotonic())
        if len(self._deaths) == _MOST_DEATHS and self._deaths[-1] - self._deaths[0] < _WITHIN_S:
            raise CannotServe(f"{_MOST_DEATHS} processes ended one after another: the log above says why")

    def _stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True
        self._tell()

    def _tell(self) -> None:
        for one in self._alive.values():
            if one.is_alive():
                one.terminate()

    def _end(self) -> None:
        """End all: well, or by force what does not end in time."""
        self._tell()
        ends = time.monotonic() + _PATIENCE_S
        for one in self._alive.values():
            one.join(max(ends - time.monotonic(), 0))
            if one.is_alive():
                one.kill()
                one.join()
