"""`segue serve` as a process: where it listens, whom it lets in, and how it ends."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.web import world
from tests.web.serving import Process, command, environment, process
from web.errors import CannotServe
from web.running.keys import FILE, cookie_key, told_token
from web.running.listening import listen
from web.running.shares import Shares

SEED = world.track_id("techno", 1, 3)
posix = pytest.mark.skipif(os.name != "posix", reason="processes of Windows get no signals")


def refused(database: Path, *words: str, code: int = 1, **more: str) -> str:
    done = subprocess.run(
        command(database, *words),
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
        env=environment(database.parent, **more),
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@posix
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_it_is_answers_and_ends_when_it_is_told(database: Path, by: signal.Signals) -> None:
    with process(database) as served:
        said = "\n".join(served.said)
        assert f"Segue is at http://127.0.0.1:{served.port}/" in said
        assert "120 songs, 120 playlists" in said
        assert "hybrid" in said
        assert served.get(f"/next?seed={SEED}").status == 200
        began = time.monotonic()
        assert served.end(by) == 0
        assert time.monotonic() - began < 8, "a tenth of a second where nobody else works"
    assert served.said[-1] == "Segue has ended"
    assert not list(database.parent.glob("world.db-*")), "the database is one file again"


@posix
def test_what_is_being_answered_when_it_ends_is_answered(database: Path) -> None:
    """A blocked reader of the answer is not enough: the list itself is long, and takes a moment."""
    with process(database, "--threads", "1") as served:
        served.get("/readyz")
        answers: list[int] = []
        asking = [
            threading.Thread(target=lambda n=n: answers.append(served.get(f"/next?seed={SEED}&n=100&vary={n}").status))
            for n in range(6)
        ]
        for one in asking:
            one.start()
        while "segue_requests_working 1.0" not in served.get("/metrics").text:
            assert len(answers) < 6, "all were answered before it could be told to end"
        assert served.end() == 0
        for one in asking:
            one.join()
    assert answers == [200] * 6


def test_without_a_database_it_says_what_helps_and_serves(tmp_path: Path) -> None:
    with process(tmp_path / "none.db") as served:
        assert any("segue import" in line for line in served.said)
        assert served.get("/healthz").status == 200
        ready = served.get("/readyz")
        assert ready.status == 503
        assert "segue import" in ready.text


def test_a_taken_port_is_one_line_with_the_cure(database: Path) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        said = refused(database, "--port", str(port))
    assert said.splitlines() == [
        f"Error: port {port} of 127.0.0.1 is taken: name another (--port {port + 1}), or take any free one (--port 0)"
    ]


def test_an_address_of_another_machine_is_refused() -> None:
    for host in ("192.0.2.7", "no.such.host.invalid"):
        with pytest.raises(CannotServe, match="no address of this machine"):
            listen(host, 0)


class TestOthers:
    def test_are_let_in_only_with_a_token_or_where_it_is_said(self, database: Path) -> None:
        said = refused(database, "--host", "0.0.0.0", "--port", "0")
        assert "SEGUE_TOKEN" in said
        assert "--open-to-all" in said
        with process(database, "--host", "0.0.0.0", "--open-to-all") as served:
            assert served.get("/").status == 200
            assert "Everybody who reaches this machine may use it." in served.said

    def test_show_the_token_of_the_environment(self, database: Path) -> None:
        token = "a-generated-token-for-tests"
        with process(database, "--host", "0.0.0.0", SEGUE_TOKEN=token) as served:
            assert served.get("/metrics").status == 401
            assert served.get("/metrics", {"Authorization": f"Bearer {token}"}).status == 200
            assert served.get("/healthz").status == 200
            assert token not in "\n".join(served.said)

    def test_show_the_token_of_a_file(self, database: Path, tmp_path: Path) -> None:
        (tmp_path / "token").write_text("a-generated-token-in-a-file\n")
        with process(database, "--token-file", str(tmp_path / "token")) as served:
            assert served.get("/", {"Authorization": "Bearer a-generated-token-in-a-file"}).status == 200
            assert served.get("/").status == 401

    def test_show_one_that_was_made_and_told_once(self, database: Path) -> None:
        with process(database, "--token") as served:
            [told] = [line.rpartition(" ")[2] for line in served.said if "told this once" in line]
            assert served.get("/").status == 401
            assert served.get("/", {"Authorization": f"Bearer {told}"}).status == 200
            listing = Path(f"/proc/{served.running.pid}/cmdline")
            assert not listing.exists() or told.encode() not in listing.read_bytes()

    @pytest.mark.parametrize("bad", ["short", "with a space in the middle", "umlauts-äöü-are-no-header"])
    def test_a_token_that_no_header_can_carry_or_anybody_can_guess_is_refused(self, bad: str) -> None:
        with pytest.raises(CannotServe, match="16 to 256"):
            told_token(bad, None)

    def test_a_token_file_that_is_not_there_or_empty_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CannotServe, match="cannot be read"):
            told_token(None, tmp_path / "none")
        (tmp_path / "empty").write_text("\n")
        with pytest.raises(CannotServe, match="16 to 256"):
            told_token(None, tmp_path / "empty")

    def test_a_further_name_is_answered_to(self, database: Path) -> None:
        with process(database, "--name", "Music.Example") as served:
            assert served.get("/", {"Host": "music.example"}).status == 200
            assert served.get("/", {"Host": "other.example"}).status == 400


@posix
def test_a_browser_is_opened_where_it_is_asked_for(database: Path, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {tmp_path}/opened\n')
    browser.chmod(0o700)
    with process(database, "--open", BROWSER=f"{browser} %s") as served:
        _until(lambda: (tmp_path / "opened").exists() and bool((tmp_path / "opened").read_text()))
        assert (tmp_path / "opened").read_text() == f"http://127.0.0.1:{served.port}/"
        assert served.get("/").status == 200


def test_an_experiment_names_two_trained_models(database: Path) -> None:
    assert "als" in refused(database, "--remember", "--experiment", "hybrid,als")
    for words in (["--remember", "--experiment", "hybrid"], ["--bandit"], ["--experiment", "hybrid,item-knn"]):
        assert "--experiment" in refused(database, *words, code=2)


@pytest.mark.parametrize(
    ("words", "code", "cure"),
    [
        (["--time-limit", "nan"], 2, "no number of seconds"),
        (["--name", "http://music.example/"], 1, "without http://"),
        (["--name", "music.example:8484"], 1, "without http:// and port"),
        (["--name", ""], 1, "without http://"),
        (["--host", ""], 1, "leave it out"),
        (["--token", ""], 1, "`segue serve --token` makes one"),
    ],
)
def test_what_would_do_nothing_is_refused(database: Path, words: list[str], code: int, cure: str) -> None:
    assert cure in refused(database, "--port", "0", *words, code=code)


def test_a_log_that_cannot_be_written_is_told_before_it_says_where_it_is(database: Path, tmp_path: Path) -> None:
    said = refused(database, "--port", "0", "--log", str(tmp_path / "none" / "log"))
    assert len(said.splitlines()) == 1
    assert "--log FILE" in said


class TestTheKeyOfCookies:
    def test_stays_the_same_and_is_for_the_owner_alone(self, tmp_path: Path) -> None:
        home = {"SEGUE_HOME": str(tmp_path / "home")}
        key = cookie_key(home, tmp_path / "a.db", "token")
        assert cookie_key(home, tmp_path / "a.db", "token") == key
        if os.name == "posix":
            assert (tmp_path / "home" / FILE).stat().st_mode & 0o777 == 0o600

    def test_is_another_one_for_another_database_or_token(self, tmp_path: Path) -> None:
        home = {"SEGUE_HOME": str(tmp_path / "home")}
        keys = [cookie_key(home, tmp_path / name, token) for name in ("a.db", "b.db") for token in ("", "token")]
        assert len(set(keys)) == 4

    def test_an_empty_file_signs_nothing(self, tmp_path: Path) -> None:
        home = {"SEGUE_HOME": str(tmp_path)}
        (tmp_path / FILE).write_bytes(b"")
        key = cookie_key(home, tmp_path / "a.db", "")
        assert len((tmp_path / FILE).read_bytes()) == 32
        assert cookie_key(home, tmp_path / "a.db", "") == key

    def test_a_home_that_cannot_be_written_is_no_reason_not_to_serve(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("")
        assert len(cookie_key({"SEGUE_HOME": str(tmp_path / "file" / "below")}, tmp_path / "a.db", "")) == 32


@posix
class TestSeveralProcesses:
    def test_share_one_port_and_count_together(self, database: Path) -> None:
        with process(database, "--workers", "2") as served:
            workers = _workers(served, 2)
            for number in range(20):
                assert served.get(f"/?q=circuit&n={number + 1}").status == 200
            assert 'segue_requests_total{method="GET",room="find",status="200"} 20.0' in served.get("/metrics").text
            assert served.end() == 0
        seen = {line["process"] for line in map(json.loads, _logged(served)) if line.get("path") == "/"}
        assert seen <= set(workers)
        assert not [pid for pid in workers if _lives(pid)]
        assert not list(database.parent.glob("world.db-*"))

    def test_have_as_many_connections_each(self, database: Path) -> None:
        """Clients keep their connections: the first process to wake would else have all of them."""
        with process(database, "--workers", "2") as served, contextlib.ExitStack() as open_ones:
            _workers(served, 2)
            for _ in range(8):
                one = http.client.HTTPConnection("127.0.0.1", served.port, timeout=10)
                open_ones.callback(one.close)
                one.request("GET", "/")
                assert one.getresponse().read()
            assert served.end() == 0
        counted = Counter(json.loads(line)["process"] for line in _logged(served))
        assert sorted(counted.values()) == [4, 4]

    def test_one_that_dies_is_replaced(self, database: Path) -> None:
        with process(database, "--workers", "2") as served:
            first, second = _workers(served, 2)
            os.kill(first, signal.SIGKILL)
            _until(lambda: first not in _children(served) and len(_children(served)) == 2)
            assert second in _children(served)
            assert served.get("/").status == 200
            assert served.end() == 0
        assert any("another one takes its place" in line for line in served.said)

    def test_too_many_that_die_end_it(self, database: Path) -> None:
        with process(database, "--workers", "2") as served:
            _until(lambda: _kills_one(served))
            assert served.running.wait() == 1
        assert any("ended one after another" in line for line in served.said)

    def test_they_end_when_the_one_that_watches_them_is_killed(self, database: Path) -> None:
        with process(database, "--workers", "2") as served:
            workers = _workers(served, 2)
            served.running.kill()
            _until(lambda: not [pid for pid in workers if _lives(pid)])

    def test_the_models_are_in_memory_once(self, database: Path) -> None:
        """What two processes hold of their own is far less than what they see."""
        with process(database, "--workers", "2") as served:
            for number in range(40):
                assert served.get(f"/next?seed={SEED}&vary={number}").status == 200
            for worker in _workers(served, 2):
                rollup = Path(f"/proc/{worker}/smaps_rollup")
                if not rollup.exists():
                    pytest.skip("only Linux tells what is shared")
                told = dict(line.split(":") for line in rollup.read_text().splitlines()[1:])
                rss, pss = (int(told[name].split()[0]) for name in ("Rss", "Pss"))
                assert pss < 0.7 * rss


def test_who_hangs_or_is_gone_is_not_waited_for() -> None:
    shares = Shares(2)
    shares.tell(0, 5, now=100)
    shares.tell(1, 0, now=100)
    assert not shares.is_least(0, now=101)
    assert shares.is_least(1, now=101)
    assert shares.is_least(0, now=103), "the other one has told nothing for long"
    shares.tell(1, 0, now=103)
    shares.forget(1)
    assert shares.is_least(0, now=103)


def _children(served: Process) -> list[int]:
    done = subprocess.run(["pgrep", "-P", str(served.running.pid)], check=False, capture_output=True, text=True)
    return [int(word) for word in done.stdout.split()]


def _workers(served: Process, number: int) -> list[int]:
    _until(lambda: len(_children(served)) == number)
    return _children(served)


def _kills_one(served: Process) -> bool:
    """Kill one of its processes, and tell whether it has ended itself."""
    for child in _children(served)[:1]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return served.running.poll() is not None


def _lives(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        os.kill(pid, 0)
        return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.02)


def _logged(served: Process) -> list[str]:
    return [line for line in served.said if line.startswith("{")]
