"""How many requests work at once, how many wait, and for how long."""

import queue
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.exceptions import HTTPException, ServiceUnavailable, TooManyRequests
from werkzeug.wrappers import Response

from web.running.figures import Figures
from web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PAST = ("/healthz", "/readyz", "/metrics")
"""What has to answer even when the server is full; files of ours do too."""
STATIC = "/static/"
RETRY_AFTER_S = 1
FULL = "the server has its hands full: ask again in a moment, or start it with more (`segue serve --threads`)"

Job = Future[Response]


class Limited:
    """Lets so many requests work at once and so many wait; one more is refused at once, and a late one is let go.

    A thread cannot be stopped from outside: what is late is answered with a refusal, and may work on. Its place stays
    taken until it ends, so that the load is bounded whatever is asked.
    """

    def __init__(self, app: Flask, settings: Settings, figures: Figures) -> None:
        self._app = app
        self._inner: WSGIApplication = app.wsgi_app
        self._seconds = settings.seconds
        self._places = settings.at_once + settings.waiting
        self._figures = figures
        self._inside = 0
        self._lock = threading.Lock()
        self._at_once = settings.at_once
        self._jobs: queue.SimpleQueue[tuple[Job, WSGIEnvironment] | None] = queue.SimpleQueue()
        for number in range(self._at_once):
            # Not a pool of concurrent.futures: at the end Python would wait for whatever hangs in one.
            threading.Thread(target=self._work, name=f"answering-{number}", daemon=True).start()

    def close(self) -> None:
        """Let the threads end once they have nothing to do; whoever asks after that gets no answer."""
        for _ in range(self._at_once):
            self._jobs.put(None)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        """Answer, or refuse."""
        path = environ.get("PATH_INFO", "")
        if path in PAST or path.startswith(STATIC):
            return self._inner(environ, start_response)
        return self._answered(environ)(environ, start_response)

    def _answered(self, environ: "WSGIEnvironment") -> Response:
        with self._lock:
            full = self._inside >= self._places
            self._inside += not full
        if full:
            self._figures.refused.labels("full").inc()
            return self._refused(environ, TooManyRequests(FULL, retry_after=RETRY_AFTER_S))
        job: Job = Future()
        self._figures.waiting.inc()
        self._jobs.put((job, environ))
        try:
            return job.result(self._seconds)
        except TimeoutError:
            if job.done():
                raise
            job.cancel()
            self._figures.refused.labels("late").inc()
            late = f"the answer took longer than {self._seconds:g} seconds: ask for less at once, or try again later"
            return self._refused(environ, ServiceUnavailable(late, retry_after=RETRY_AFTER_S))

    def _work(self) -> None:
        while (waiting := self._jobs.get()) is not None:
            job, environ = waiting
            self._figures.waiting.dec()
            try:
                if job.set_running_or_notify_cancel():
                    with self._figures.working.track_inprogress():
                        self._answer(job, environ)
            finally:
                with self._lock:
                    self._inside -= 1

    def _answer(self, job: Job, environ: "WSGIEnvironment") -> None:
        try:
            job.set_result(Response.from_app(self._inner, environ, buffered=True))
        except BaseException as error:  # noqa: BLE001 - the one who waits for the answer gets it, whatever it is
            job.set_exception(error)

    def _refused(self, environ: "WSGIEnvironment", why: HTTPException) -> Response:
        """Say it in the shape of the room that was asked, with all the headers that its answers have."""
        with self._app.request_context(environ):
            told = self._app.make_response(self._app.handle_user_exception(why))
            return self._app.process_response(told)
