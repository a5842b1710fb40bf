"""How many requests work at once, how many wait, and for how long: over real sockets."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from tests.web.conftest import KEY
from tests.web.serving import get, in_a_thread
from web.app import create_app
from web.running.limits import Limited
from web.running.watching import Watched
from web.settings import Settings

AT_ONCE, WAITING = 2, 3


class Held:
    """An application with an address that answers only when it is let go."""

    def __init__(self, database: Path, seconds: float) -> None:
        told = Settings(key=KEY, at_once=AT_ONCE, waiting=WAITING, seconds=seconds)
        self.app = create_app(database, told)
        self.free = threading.Event()
        self.working = threading.Semaphore(0)
        self.most = self._now = 0
        self._lock = threading.Lock()
        self.app.add_url_rule("/held", "held", self._hold)

    def _hold(self) -> str:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        self.working.release()
        assert self.free.wait(20)
        with self._lock:
            self._now -= 1
        return "done"

    def inside(self, port: int) -> float:
        """So many are working or waiting, as /metrics tells."""
        told = get(port, "/metrics").text
        return sum(
            float(line.rpartition(" ")[2])
            for line in told.splitlines()
            if line.startswith(("segue_requests_waiting ", "segue_requests_working "))
        )


@pytest.fixture
def held(made: Path) -> Iterator[Held]:
    one = Held(made, seconds=20)
    yield one
    one.free.set()


def full(held: Held, port: int) -> None:
    """Wait until nobody more gets in."""
    ends = time.monotonic() + 10
    while held.inside(port) < AT_ONCE + WAITING:
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_one_more_than_may_work_and_wait_is_refused_at_once_and_the_others_are_answered(held: Held) -> None:
    with in_a_thread(held.app) as port, ThreadPoolExecutor(AT_ONCE + WAITING) as pool:
        asked = [pool.submit(get, port, "/held") for _ in range(AT_ONCE + WAITING)]
        full(held, port)
        more = get(port, "/held")
        assert more.status == 429
        assert more.headers["Retry-After"] == "1"
        assert more.seconds < 8, "the others are held for twenty"
        assert "Content-Security-Policy" in more.headers
        assert "hands full" in more.text
        held.free.set()
        assert [one.result().status for one in asked] == [200] * (AT_ONCE + WAITING)
        assert get(port, "/held").status == 200
    assert held.most == AT_ONCE


def test_being_alive_figures_and_files_go_past_the_queue(held: Held) -> None:
    with in_a_thread(held.app) as port, ThreadPoolExecutor(AT_ONCE + WAITING) as pool:
        asked = [pool.submit(get, port, "/held") for _ in range(AT_ONCE + WAITING)]
        full(held, port)
        for path in ("/healthz", "/readyz", "/metrics", "/static/segue.css"):
            assert get(port, path).status == 200
        held.free.set()
        assert [one.result().status for one in asked] == [200] * (AT_ONCE + WAITING)


class TestALateAnswer:
    @pytest.fixture
    def held(self, made: Path) -> Iterator[Held]:
        one = Held(made, seconds=0.3)
        yield one
        one.free.set()

    def test_is_a_sentence_and_its_place_stays_taken_until_it_ends(self, held: Held) -> None:
        with in_a_thread(held.app) as port, ThreadPoolExecutor(AT_ONCE) as pool:
            late = [one.result() for one in [pool.submit(get, port, "/held") for _ in range(AT_ONCE)]]
            assert [one.status for one in late] == [503] * AT_ONCE
            assert all("longer than 0.3 seconds" in one.text for one in late)
            assert all(one.seconds < 8 for one in late)
            assert held.inside(port) == AT_ONCE, "they still work"
            behind = get(port, "/")
            assert behind.status == 503, "nobody takes a place that is not free"
            held.free.set()
            until = time.monotonic() + 10
            while held.inside(port):
                assert time.monotonic() < until
            assert get(port, "/healthz").status == get(port, "/").status == 200
        assert held.most == AT_ONCE

    def test_what_waited_too_long_is_never_begun(self, held: Held) -> None:
        with in_a_thread(held.app) as port, ThreadPoolExecutor(AT_ONCE + WAITING) as pool:
            asked = [pool.submit(get, port, "/held") for _ in range(AT_ONCE + WAITING)]
            assert {one.result().status for one in asked} == {503}
            held.free.set()
            until = time.monotonic() + 10
            while held.inside(port):
                assert time.monotonic() < until
        begun = 0
        while held.working.acquire(blocking=False):
            begun += 1
        assert begun == AT_ONCE


@pytest.fixture(scope="module")
def around(app: Flask) -> Client:
    """Ask the application with all that stands around it."""
    station = app.extensions["segue"]
    return Client(Watched(Limited(app, station.settings, station.figures), station.figures))


@settings(deadline=None)
@given(
    path=st.sampled_from(["/", "/next", "/nothing", "/healthz", "/static/segue.css", "/sign-in", "/metrics"]),
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "PUT"]),
)
def test_what_stands_around_it_changes_no_answer(app: Flask, around: Client, path: str, method: str) -> None:
    plain = app.test_client().open(path, method=method)
    whole = around.open(path, method=method)
    with plain, whole:
        assert whole.status_code == plain.status_code
        assert whole.headers["X-Request-Id"]
        assert whole.headers.get("Content-Type") == plain.headers.get("Content-Type")
        assert whole.headers.get("Allow") == plain.headers.get("Allow")
        if path not in ("/metrics", "/sign-in"):
            assert whole.data == plain.data


class TestSlowClients:
    def test_who_sends_slowly_keeps_nobody_waiting(self, app: Flask) -> None:
        with in_a_thread(app) as port, contextlib.ExitStack() as stack:
            slow = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(150)]
            for one in slow:
                one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-")
            assert get(port, "/").seconds < 8

    def test_who_reads_slowly_keeps_nobody_waiting(self, app: Flask) -> None:
        with in_a_thread(app) as port, contextlib.ExitStack() as stack:
            for _ in range(20):
                one = stack.enter_context(socket.socket())
                one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
                one.connect(("127.0.0.1", port))
                one.sendall(b"GET /?q=circuit HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50)
            assert get(port, "/").seconds < 8

    def test_a_request_that_never_arrives_whole_is_let_go(self, app: Flask) -> None:
        with in_a_thread(app, patience=0.5) as port:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as slow:
                slow.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
                ended = False
                for _ in range(100):
                    time.sleep(0.05)
                    try:  # a byte now and then is no excuse
                        slow.sendall(b"X")
                        slow.settimeout(0.01)
                        ended = not slow.recv(1)
                    except TimeoutError:
                        continue
                    except OSError:
                        ended = True
                    if ended:
                        break
                assert ended
            assert get(port, "/healthz").status == 200

    def test_a_quick_one_on_the_same_connection_again_and_again_is_not(self, app: Flask) -> None:
        with in_a_thread(app, 0.5) as port:
            one = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            for _ in range(15):
                one.request("GET", "/healthz")
                assert one.getresponse().read() == b"ok\n"
                kept = one.sock
                time.sleep(0.1)
            assert one.sock is kept, "it is the same connection all the time"
            one.close()

    def test_headers_without_end_are_refused(self, app: Flask) -> None:
        with in_a_thread(app) as port:
            assert get(port, "/", {"X-Long": "a" * 100_000}).status == 431
