"""The way to a service: what comes back, what is waited for, and what never leaves."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import aiohttp
import pytest

import crawler.transport
from crawler.errors import Blocked, CrawlerError, Enough, Interrupted, NotLoggedIn, Unreachable
from crawler.pacing import Answer, Pacer, Policy, Rate
from crawler.rows import Rows
from crawler.session import open_transport
from crawler.token_file import read_token, write_token
from crawler.transport import Manner, Request, Transport
from db.connection import open_reader, open_writer, transaction
from db.gate import Gate, gates, read_gate, write_gate
from demo.spotify.serving import Places
from tests.crawler.accounts import free_port
from tests.crawler.odd_api import Api, Reply, odd_api, packed_zeros
from tests.crawler.running import Clock, logged_in, make_login

Result = TypeVar("Result")
QUOTA = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
RATE = {"error": {"status": 429, "message": "API rate limit exceeded"}}


class Held:
    """Tokens that are only counted."""

    def __init__(self, fails: int = 0) -> None:
        self.renewals = 0
        self.fails = fails

    async def current(self) -> str:
        if self.fails:
            self.fails -= 1
            raise Unreachable("the accounts service does not answer")
        await asyncio.sleep(0.01)
        return f"secret-{self.renewals}"

    async def renewed(self, stale: str) -> str:
        self.renewals += stale == f"secret-{self.renewals}"
        return f"secret-{self.renewals}"


class Way:
    """A transport with a clock of its own, and the gates that it wanted remembered."""

    def __init__(
        self,
        *,
        tokens: Held | None = None,
        gate: Gate | None = None,
        rate: Rate | None = None,
        concurrency: int = 4,
        most: int | None = None,
        policy: Policy | None = None,
    ) -> None:
        self.clock, self.remembered, self.told = Clock(), list[Gate](), list[str]()
        self.tokens = tokens
        self._gate = gate or Gate()
        self._manner = Manner(
            Pacer(0.0, rate), concurrency, most, policy or Policy(), self.clock.now, self.clock.sleep, lambda: 0.0,
            self.told.append,
        )  # fmt: skip

    def run(self, work: Callable[[Transport], Awaitable[Result]]) -> Result:
        async def inside() -> Result:
            async def remember(gate: Gate) -> None:
                self.remembered.append(gate)

            async with Transport("Spotify", self.tokens, self._gate, self._manner, remember) as transport:
                self.transport = transport
                return await work(transport)

        return asyncio.run(inside())

    def get(self, api: Api | str, path: str = "/x") -> Answer:
        url = api if isinstance(api, str) else api.url
        return self.run(lambda transport: transport.send(Request("GET", url + path)))


def test_an_answer_comes_with_its_body_and_its_headers() -> None:
    with odd_api(Reply({"a": [1]}, headers={"X-Thing": "1"}, kind="text/plain")) as api:
        answer = Way().get(api)
    assert (answer.status, answer.told, answer.headers["x-thing"]) == (200, {"a": [1]}, "1")


def test_a_server_that_is_not_there_is_given_up_after_five_tries() -> None:
    way = Way()
    with pytest.raises(Unreachable, match=r"no answer came, 5 times in a row; look at the network"):
        way.get(f"http://127.0.0.1:{free_port()}")
    assert way.clock.slept == [1.0, 2.0, 4.0, 8.0]
    assert way.transport.counts == {"requests": 5, "retries": 4}


@pytest.mark.parametrize(
    "broken",
    [
        Reply({"a": "b" * 1000}, cut=True),
        Reply(b'{"a": ['),
        Reply(b"<html>502</html>", 502, kind="text/html"),
        Reply(b"<html>a proxy was here</html>", kind="text/html"),
        Reply(b""),
        Reply(b"\xff\xfe{}"),
        Reply({"error": "busy"}, 503),
        Reply({}, headers={"Content-Encoding": "gzip"}),
    ],
)
def test_a_spoilt_answer_is_asked_for_again(broken: Reply) -> None:
    with odd_api(broken, broken, Reply({"fine": True})) as api:
        way = Way()
        assert way.get(api).told == {"fine": True}
        assert len(api.asked) == 3
    assert way.transport.counts == {"requests": 3, "retries": 2}


def test_a_connection_that_is_hung_up_is_tried_as_often_as_is_counted() -> None:
    with odd_api(Reply(hang_up=True)) as api:
        way = Way()
        with pytest.raises(Unreachable):
            way.get(api)
        assert len(api.asked) == way.transport.counts["requests"] == 5


def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crawler.transport, "_TIMEOUT", aiohttp.ClientTimeout(total=0.1))
    never = threading.Event()
    with odd_api(Reply({}, after=never), Reply({"fine": True})) as api:
        try:
            assert Way().get(api).told == {"fine": True}
        finally:
            never.set()


def test_a_body_without_end_is_not_read_to_its_end() -> None:
    with odd_api(packed_zeros(64 * 1024 * 1024)) as api, pytest.raises(Unreachable):
        Way(policy=Policy(fault_tries=0)).get(api)


def test_a_redirect_is_not_followed_so_that_no_token_goes_elsewhere() -> None:
    with odd_api(Reply({"stolen": True})) as elsewhere:
        with odd_api(Reply({}, 302, {"Location": elsewhere.url})) as api:
            assert Way(tokens=Held()).get(api).status == 302
        assert elsewhere.asked == []


def test_what_may_not_be_sent_twice_is_sent_once() -> None:
    with odd_api(Reply({}, 503)) as api:
        request = Request("POST", api.url, body={"a": 1}, safe=False)
        with pytest.raises(Unreachable):
            Way().run(lambda transport: transport.send(request))
        assert len(api.asked) == 1


# Waiting.


def test_too_many_requests_holds_everybody_back() -> None:
    times: list[float] = []
    with odd_api(Reply(RATE, 429, {"Retry-After": "7"}), Reply({})) as api:
        way = Way(concurrency=1)
        began = way.clock.now()

        async def two(transport: Transport) -> None:
            async def one() -> None:
                await transport.send(Request("GET", api.url))
                times.append(way.clock.now() - began)

            await asyncio.gather(one(), one())

        way.run(two)
        assert len(api.asked) == 3
    assert min(times) >= 7
    assert way.transport.counts["waits"] == 1
    assert way.told == ["Spotify asks for a pause of 7 s (too many requests)"]


def test_too_many_requests_for_ever_is_given_up_after_six_tries() -> None:
    with odd_api(Reply(b"Too many requests", 429, kind="text/plain")) as api:
        with pytest.raises(Unreachable, match="429"):
            Way().get(api)
        assert len(api.asked) == 6


def test_a_quota_ends_all_sending_and_is_remembered_at_once() -> None:
    with odd_api(Reply(QUOTA, 429, {"Retry-After": "52531"})) as api:
        way = Way()
        with pytest.raises(Blocked, match="run this again then") as caught:
            way.get(api)
        assert caught.value.until == pytest.approx(way.clock.now() + 52_531, abs=5)
        assert [(gate.blocked_until, gate.reason, gate.streak) for gate in way.remembered] == [
            (caught.value.until, "quota", 1)
        ]
        later = Way(gate=way.remembered[0])
        with pytest.raises(Blocked):
            later.get(api)
        assert len(api.asked) == 1, "not one request before the deadline"
        later.clock.ahead = 52_540
        api.replies = [Reply({"fine": True})]
        assert later.get(api).told == {"fine": True}
        assert later.transport.gate.streak == 0


def test_a_deadline_is_never_shortened_by_a_later_answer() -> None:
    both = threading.Barrier(2)
    second = threading.Event()
    with odd_api(
        Reply(QUOTA, 429, {"Retry-After": "9000"}), Reply(QUOTA, 429, {"Retry-After": "100"}, after=second)
    ) as api:
        way = Way()

        async def two(transport: Transport) -> list[BaseException | Answer]:
            first = asyncio.ensure_future(transport.send(Request("GET", api.url)))
            other = asyncio.ensure_future(transport.send(Request("GET", api.url)))
            await asyncio.wait({first, other}, return_when=asyncio.FIRST_COMPLETED)
            second.set()
            return await asyncio.gather(first, other, return_exceptions=True)

        ends = way.run(two)
        assert both.n_waiting == 0
    assert [type(end) for end in ends] == [Blocked, Blocked]
    deadline = way.clock.now() + 9000
    assert [gate.blocked_until for gate in way.remembered] == pytest.approx([deadline, deadline], abs=5)


def test_a_remembered_deadline_is_never_shortened(database: Path) -> None:
    with open_writer(database, "a test") as connection:
        for until, reason in ((500.0, "quota"), (100.0, ""), (0.0, "")):
            with transaction(connection):
                write_gate(connection, "an account", Gate(until, reason, 2, (1.0, 2.0)))
        assert read_gate(connection, "an account") == Gate(500.0, "quota", 2, (1.0, 2.0))
        assert read_gate(connection, "another") == Gate()


def test_the_gate_and_the_rate_outlive_a_run(database: Path) -> None:
    with odd_api(Reply({})) as api, open_writer(database, "a test") as connection:
        rows = Rows(connection)

        async def use() -> None:
            pace = (0.0, Rate(3, 30.0))
            async with open_transport("Spotify", "an account", None, rows, Manner, pace) as transport:
                for _ in range(3):
                    await transport.send(Request("GET", api.url))

        asyncio.run(use())
    with open_reader(database) as connection:
        assert len(gates(connection)["an account"].starts) == 3


def test_guessed_quotas_double_from_run_to_run() -> None:
    with odd_api(Reply(QUOTA, 429)) as api:
        gate = Gate()
        waits = []
        for _ in range(3):
            way = Way(gate=replace(gate, blocked_until=0.0))
            with pytest.raises(Blocked):
                way.get(api)
            gate = way.remembered[-1]
            waits.append(round(gate.blocked_until - way.clock.now(), -1))
    assert waits == [300, 600, 1200]


# Tokens.


def test_a_refused_token_is_renewed_once_and_then_given_up() -> None:
    with odd_api(Reply({}, 401)) as api:
        way = Way(tokens=Held())
        with pytest.raises(NotLoggedIn, match="segue login"):
            way.get(api)
        assert [told for _, told in api.asked] == ["Bearer secret-0", "Bearer secret-1"]


def test_no_token_stands_in_an_error() -> None:
    with odd_api(Reply({}, 401)) as api, pytest.raises(CrawlerError) as caught:
        Way(tokens=Held()).get(api)
    assert "secret" not in repr(caught.value)


@pytest.mark.parametrize("workers", [2, 12])
def test_a_token_that_ends_is_renewed_by_one_worker_alone(extended: Places, home: Path, workers: int) -> None:
    path = make_login(extended, home)
    held = read_token(path)
    assert held
    write_token(path, replace(held, access="ended"))
    extended.forget()
    way = Way(concurrency=workers)
    way.tokens = logged_in(extended, home).tokens  # type: ignore[assignment]

    async def all_at_once(transport: Transport) -> list[Answer]:
        return await asyncio.gather(*(transport.send(Request("GET", f"{extended.api}/me")) for _ in range(workers)))

    assert {answer.status for answer in way.run(all_at_once)} == {200}
    assert [seen.path for seen in extended.requests()].count("/api/token") == 1
    after = read_token(path)
    assert after
    assert after.access != "ended"


def test_a_token_that_cannot_be_had_does_not_hold_up_those_who_come_later() -> None:
    with odd_api(Reply({"fine": True})) as api:
        way = Way(tokens=Held(fails=1), rate=Rate(1, 5.0))

        async def one_after_another(transport: Transport) -> Answer:
            with pytest.raises(Unreachable):
                await transport.send(Request("GET", api.url))
            return await asyncio.wait_for(transport.send(Request("GET", api.url)), 5)

        assert way.run(one_after_another).told == {"fine": True}


# Limits and the end.


def test_no_more_requests_are_sent_than_are_allowed_however_many_want_to() -> None:
    with odd_api(Reply({})) as api:
        way = Way(most=5, concurrency=8, tokens=Held())

        async def many(transport: Transport) -> list[BaseException | Answer]:
            wanted = (transport.send(Request("GET", api.url)) for _ in range(20))
            return await asyncio.gather(*wanted, return_exceptions=True)

        ends = way.run(many)
        assert len(api.asked) == 5
    assert sum(isinstance(end, Answer) for end in ends) == 5
    assert sum(isinstance(end, Enough) for end in ends) == 15


def test_tries_count_among_the_requests_that_are_allowed() -> None:
    with odd_api(Reply({}, 503)) as api:
        with pytest.raises(Enough):
            Way(most=2).get(api)
        assert len(api.asked) == 2


def test_stopping_lets_what_is_under_way_come_home_and_starts_nothing() -> None:
    go = threading.Event()
    with odd_api(Reply({"fine": True}, after=go)) as api:
        way = Way(concurrency=1)

        async def stopped(transport: Transport) -> list[BaseException | Answer]:
            under_way = asyncio.ensure_future(transport.send(Request("GET", api.url)))
            waiting = asyncio.ensure_future(transport.send(Request("GET", api.url)))
            while not api.asked:
                await asyncio.sleep(0.01)
            transport.stop()
            go.set()
            return await asyncio.gather(under_way, waiting, return_exceptions=True)

        first, second = way.run(stopped)
        assert len(api.asked) == 1
    assert isinstance(first, Answer)
    assert isinstance(second, Interrupted)


def test_stopping_ends_a_long_wait_at_once() -> None:
    with odd_api(Reply(RATE, 429, {"Retry-After": "60"})) as api:
        manner = Manner(Pacer(0.0), draw=lambda: 0.0)

        async def stopped() -> None:
            async def remember(_: Gate) -> None:
                pass

            async with Transport("Spotify", None, Gate(), manner, remember) as transport:
                waiting = asyncio.ensure_future(transport.send(Request("GET", api.url)))
                while not transport.counts["waits"]:
                    await asyncio.sleep(0.01)
                transport.stop()
                with pytest.raises(Interrupted):
                    await asyncio.wait_for(waiting, 5)

        asyncio.run(stopped())


def test_plain_http_goes_through_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its token would be read there; only https has a use for a proxy."""
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    monkeypatch.delenv("no_proxy", raising=False)
    with odd_api(Reply({"fine": True})) as api:
        assert Way().get(api).told == {"fine": True}


def test_trouble_is_told_once_with_the_host() -> None:
    way = Way()
    with odd_api(Reply({}, 503), Reply({}, 503), Reply({"fine": True})) as api:
        way.get(api)
    assert len(way.told) == 1
    assert "127.0.0.1:" in way.told[0]
