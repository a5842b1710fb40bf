"""`segue crawl` as people and programs run it."""

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli import main
from crawler.credentials import Credentials
from crawler.token_file import read_token
from db.connection import open_reader
from db.dropped import dropped
from demo.ids import Kind
from demo.spotify.serving import Options, Places, serving
from tests.cli.running import command, segue
from tests.crawler.running import (
    CLIENT_ID,
    SECRET,
    Clock,
    api_requests,
    command_environment,
    crawl_command,
    crawled,
    crawling,
    everything,
    home_variables,
    logged_in,
    make_login,
    stored,
)

QUICK = ("--pace", "0", "--accept-terms")
DAY_S = 86_400
posix = pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent in another way there")


def crawl(spotify: Places, home: Path, database: Path, *words: object, app: bool = False) -> Result:
    """Run the command in this process, with a login where none is there."""
    if not app and not (home / "tokens").exists():
        make_login(spotify, home)
    env: dict[str, str] = {"SPOTIPY_CLIENT_SECRET": "", "SPOTIPY_REDIRECT_URI": ""}
    spotify.forget()
    return segue("crawl", "--db", database, *words, env=env | home_variables(spotify, home, app=app))


def test_a_crawl_tells_people_what_it_did(extended: Places, home: Path, database: Path) -> None:
    done = crawl(extended, home, database, *QUICK)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Playlists: 18 stored, 1 empty, 1 gone")
    assert lines[-1] == "Done."
    assert "To take it back: segue purge --import 1" in lines
    assert "To read: " in done.stderr
    assert "at this pace" not in done.stderr


def test_a_crawl_keeps_what_it_left_out(extended: Places, home: Path, database: Path) -> None:
    """With its import, by the reason; crawling again finds nothing new and counts nothing twice."""
    for _ in range(2):
        crawl(extended, home, database, *QUICK)
        with open_reader(database) as connection:
            (one,) = dropped(connection)
        told = json.loads(crawl(extended, home, database.with_name("b.db"), *QUICK, "--json").stdout)["counts"]
        database.with_name("b.db").unlink()
        assert one.source == "spotify"
        assert one.dropped["podcast episodes"] == told["episodes"] > 0
        assert one.dropped["songs that Spotify no longer has"] == told["unavailable"] > 0


def test_the_budget_says_how_long_it_takes_at_this_pace(extended: Places, home: Path, database: Path) -> None:
    told = crawl(extended, home, database, "--accept-terms", "--rate", "3000/30s").stderr
    assert "To read: 19 playlists, about 27 requests." in told
    slow = crawl(extended, home, database.with_name("b.db"), "--accept-terms", "--pace", "0.04").stderr
    assert "about 27 requests, 1 s at this pace" in slow


def test_json_is_one_object_on_stdout_and_nothing_else(extended: Places, home: Path, database: Path) -> None:
    done = crawl(extended, home, database, *QUICK, "--json")
    told = json.loads(done.stdout)
    assert told["reason"] == "done"
    assert told["counts"]["stored"] == 18
    assert told["counts"]["requests"] == len(api_requests(extended))
    assert told["import"] == 1
    assert done.stderr == ""


def test_a_crawl_that_stops_is_one_object_too(extended: Places, home: Path, database: Path) -> None:
    done = crawl(extended, home, database, *QUICK, "--json", "--max-requests", 5)
    told = json.loads(done.stdout)
    assert (done.exit_code, told["reason"], told["counts"]["requests"]) == (0, "max-requests", 5)


def test_a_stopped_crawl_says_that_it_goes_on(extended: Places, home: Path, database: Path) -> None:
    crawl(extended, home, database, *QUICK, "--max-requests", 5)
    done = crawl(extended, home, database, *QUICK)
    assert "Going on with the crawl that was stopped." in done.stderr
    assert done.stdout.endswith("Done.\n")


# Before anything is asked.


def test_without_credentials_there_is_one_line_and_no_database(home: Path, database: Path) -> None:
    env = dict.fromkeys(("SPOTIPY_CLIENT_ID", "SPOTIPY_CLIENT_SECRET", "SPOTIPY_REDIRECT_URI"), "")
    done = segue("crawl", "--db", database, env={**env, "SEGUE_HOME": str(home)})
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "SPOTIPY_CLIENT_ID" in done.stderr
    assert not database.exists()


def test_without_a_login_there_is_one_line_and_no_database(extended: Places, home: Path, database: Path) -> None:
    done = segue("crawl", "--db", database, env={"SPOTIPY_CLIENT_SECRET": "", **home_variables(extended, home)})
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert "segue login" in done.stderr
    assert not database.exists()


def test_an_app_alone_has_no_playlists_and_says_so_before_it_asks(extended: Places, home: Path, database: Path) -> None:
    done = crawl(extended, home, database, *QUICK, app=True)
    assert done.exit_code == 1
    assert "--playlist, --user, --search" in done.stderr
    assert extended.requests() == []
    assert not database.exists()


def test_an_app_alone_reads_what_is_named(extended: Places, home: Path, database: Path) -> None:
    named = extended.world.id_of(Kind.PLAYLIST, 70)
    done = crawl(extended, home, database, *QUICK, "--playlist", named, "--market", "SE", app=True)
    assert done.exit_code == 0
    assert set(stored(database)) == {named}
    assert "market=SE" in api_requests(extended)[0].path


def test_the_terms_are_shown_and_asked_for_before_the_first_request(
    extended: Places, home: Path, database: Path
) -> None:
    done = crawl(extended, home, database, "--pace", 0)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert "Developer Terms" in done.stderr
    assert "--accept-terms" in done.stderr.splitlines()[-1]
    assert extended.requests() == []


def test_accepted_terms_are_remembered(extended: Places, home: Path, database: Path) -> None:
    assert crawl(extended, home, database, *QUICK, "--max-requests", 1).exit_code == 0
    done = crawl(extended, home, database, "--pace", 0)
    assert done.exit_code == 0
    assert "Developer Terms" not in done.stderr


@posix
@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_in_a_terminal_the_terms_are_asked_for(
    extended: Places, home: Path, database: Path, answer: str, code: int
) -> None:
    make_login(extended, home)
    terminal, keyboard = os.openpty()
    extended.forget()
    try:
        os.write(terminal, f"{answer}\n".encode())
        done = subprocess.run(
            command("crawl", "--db", database, "--pace", 0, "--json"),
            stdin=keyboard,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env=command_environment(extended, home),
        )
    finally:
        os.close(terminal)
        os.close(keyboard)
    assert done.returncode == code, done.stderr
    assert "Developer Terms" in done.stderr
    assert "Go on? [y/N]" in done.stderr
    assert bool(done.stdout) == bool(api_requests(extended)) == (code == 0)


@pytest.mark.parametrize(
    "words",
    [
        ("something",),
        ("--playlist", "nonsense"),
        ("--user", "two words"),
        ("--search", "  "),
        ("--search", "a", "--user", "b", "c"),
        ("--max-playlists", "0"),
        ("--max-requests", "-1"),
        ("--rate", "fast"),
        ("--rate", "0/30s"),
        ("--pace", "-1"),
        ("--concurrency", "65"),
        ("--keep-days", "0"),
        ("--no-such-option",),
    ],
)
def test_wrong_usage_exits_with_2_and_asks_nothing(
    extended: Places, home: Path, database: Path, words: tuple[str, ...]
) -> None:
    done = crawl(extended, home, database, *words)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Error: " in done.stderr
    assert api_requests(extended) == []
    assert not database.exists()


def test_what_follows_an_option_belongs_to_it(extended: Places, home: Path, database: Path) -> None:
    named = [extended.world.id_of(Kind.PLAYLIST, number) for number in (70, 71, 72)]
    assert crawl(extended, home, database, *QUICK, "--playlist", *named).exit_code == 0
    assert set(stored(database)) == set(named)


def test_what_was_not_confirmed_for_30_days_is_dropped_and_read_again(
    extended: Places, home: Path, database: Path
) -> None:
    crawled(extended, database, logged_in(extended, home), clock=Clock(-40 * DAY_S))
    done = crawl(extended, home, database, *QUICK)
    assert done.exit_code == 0
    assert "Dropped what Spotify did not confirm for 30 days: 19 playlists" in done.stderr
    assert done.stdout.startswith("Playlists: 18 stored, 1 empty")


def test_how_long_data_is_kept_is_remembered(extended: Places, home: Path, database: Path) -> None:
    crawled(extended, database, logged_in(extended, home), clock=Clock(-40 * DAY_S))
    for words in (("--keep-days", 60, "--max-requests", 1), ()):
        done = crawl(extended, home, database, *QUICK, *words)
        assert "Dropped" not in done.stderr
    assert done.stdout.startswith("Playlists: 18 unchanged, 1 empty")


# What stops it.


def test_a_quota_exits_with_75_and_the_next_run_asks_for_nothing(home: Path, database: Path) -> None:
    with serving(Options(playlists=60, library=12, followed=4, liked=20, faults="quota=5")) as spotify:
        done = crawl(spotify, home, database, *QUICK)
        assert done.exit_code == 75
        assert "Stopped (quota): " in done.stdout
        assert "the quota of Spotify is used up until " in done.stdout
        again = crawl(spotify, home, database, *QUICK)
        assert again.exit_code == 75
        assert again.stdout == ""
        assert len(again.stderr.splitlines()) == 1
        assert spotify.requests() == []
        other = crawl(spotify, home, database, *QUICK, "--playlist", spotify.world.id_of(Kind.PLAYLIST, 30))
        assert other.exit_code == 75, "one quota for all that the account asks"
        assert spotify.requests() == []


@pytest.mark.parametrize("fault", ["no-premium", "unregistered"])
def test_an_app_that_may_do_nothing_is_told_why(home: Path, database: Path, fault: str) -> None:
    with serving(Options(playlists=40, library=12, followed=4, liked=20, faults=fault)) as spotify:
        done = crawl(spotify, home, database, *QUICK)
        assert done.exit_code == 1
        assert "Stopped (not allowed): " in done.stdout
        assert ("Premium" if fault == "no-premium" else "User Management") in done.stdout
        assert len(api_requests(spotify)) == 1, "a no is not asked for twice"


def test_a_login_that_is_taken_no_longer_is_told(extended: Places, home: Path, database: Path) -> None:
    path = make_login(extended, home)
    held = read_token(path)
    assert held
    assert held.refresh
    path.write_text(path.read_text().replace(held.refresh, "ended").replace(held.access, "ended"))
    done = crawl(extended, home, database, *QUICK)
    assert done.exit_code == 1
    assert "Stopped (not logged in): " in done.stdout
    assert "segue login" in done.stdout


def test_a_list_that_is_refused_exits_with_1_and_the_rest_is_read(
    restricted: Places, home: Path, database: Path
) -> None:
    done = crawl(restricted, home, database, *QUICK, "--user", "nobody_at_all")
    assert done.exit_code == 1
    assert "Not read: user nobody_at_all: " in done.stdout


# As a process of its own.


def test_no_token_and_no_secret_stands_in_anything_that_is_written(
    extended: Places, home: Path, database: Path
) -> None:
    path = make_login(extended, home)
    held = read_token(path)
    assert held
    assert held.refresh
    env = command_environment(extended, home, app=True, PYTHONDEVMODE="1", PYTHONASYNCIODEBUG="1")
    done = crawl_command("--db", database, *QUICK, env=env)
    assert done.returncode == 0, done.stderr
    with closing(sqlite3.connect(database)) as connection:
        kept = "\n".join(connection.iterdump())
    for secret in (held.access, held.refresh, SECRET):
        assert secret not in done.stdout + done.stderr + kept
    assert SECRET not in repr(Credentials(CLIENT_ID, SECRET))


def test_no_bar_is_drawn_where_nobody_looks(extended: Places, home: Path, database: Path) -> None:
    make_login(extended, home)
    done = crawl_command("--db", database, *QUICK, env=command_environment(extended, home))
    assert done.returncode == 0
    assert "\r" not in done.stderr + done.stdout
    assert "requests/s" not in done.stderr + done.stdout
    assert "To read" not in done.stdout


@posix
def test_ctrl_c_stores_what_is_under_way_and_the_next_run_asks_for_no_page_again(home: Path, database: Path) -> None:
    sizes = {"playlists": 90, "library": 40, "followed": 0, "liked": 60}
    with serving(Options(**sizes)) as spotify:
        crawled(spotify, database.with_name("whole.db"), logged_in(spotify, home))
    with serving(Options(**sizes, faults="latency=60ms")) as spotify:
        env = command_environment(spotify, home)
        (home / "tokens").joinpath(next((home / "tokens").glob("*.json")).name).unlink()
        make_login(spotify, home)
        with crawling("--db", database, *QUICK, "--json", env=env) as started:
            while sum(seen.path.startswith("/v1/playlists/") for seen in spotify.requests()) < 12:
                time.sleep(0.02)
                assert started.poll() is None
            started.send_signal(signal.SIGINT)
            out, err = started.communicate(timeout=20)
        assert started.returncode == 75, err
        assert "Ctrl-C again to stop at once" in err
        told = json.loads(out)
        assert told["reason"] == "interrupted"
        assert told["counts"]["stored"] == len(stored(database)) - told["counts"]["empty"] > 0
        first = api_requests(spotify)
        assert told["counts"]["requests"] == len(first)
        spotify.forget()
        done = crawl_command("--db", database, *QUICK, "--concurrency", 8, env=env)
        assert done.returncode == 0, done.stderr
        pages = Counter(seen.path for seen in [*first, *api_requests(spotify)])
    twice = {path for path, count in pages.items() if count > 1}
    assert twice <= {"/v1/me"}
    ours, whole = everything(database), everything(database.with_name("whole.db"))
    assert [row[0] for row in ours["imports"]] == [row[0] for row in whole["imports"]]
    ours.pop("imports")
    whole.pop("imports")
    assert ours == whole


@posix
def test_ctrl_c_ends_a_long_pause(extended: Places, home: Path, database: Path) -> None:
    make_login(extended, home)
    extended.forget()
    words = ("--db", database, "--accept-terms", "--pace", 50)
    with crawling(*words, env=command_environment(extended, home)) as started:
        while not api_requests(extended):
            time.sleep(0.02)
            assert started.poll() is None
        time.sleep(0.2)
        began = time.monotonic()
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=20)
    assert time.monotonic() - began < 10
    assert started.returncode == 75, err
    assert "Stopped (interrupted): what was under way is stored; the same command goes on where it was" in out


@posix
def test_a_second_ctrl_c_ends_it_at_once_without_a_traceback(home: Path, database: Path) -> None:
    with serving(Options(playlists=60, library=30, followed=0, liked=20, faults="latency=20s")) as spotify:
        make_login(spotify, home)
        with crawling("--db", database, *QUICK, env=command_environment(spotify, home)) as started:
            deadline = time.monotonic() + 20
            while not database.exists() and time.monotonic() < deadline:
                time.sleep(0.02)
            time.sleep(0.7)
            started.send_signal(signal.SIGINT)
            time.sleep(0.3)
            began = time.monotonic()
            started.send_signal(signal.SIGINT)
            _, err = started.communicate(timeout=20)
            assert time.monotonic() - began < 10
    assert started.returncode != 0
    assert "Traceback" not in err


@posix
def test_the_bar_is_drawn_on_stderr_where_somebody_looks(extended: Places, home: Path, database: Path) -> None:
    make_login(extended, home)
    terminal, screen = os.openpty()
    try:
        with subprocess.Popen(
            command("crawl", "--db", database, *QUICK),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=screen,
            env=command_environment(extended, home, TERM="xterm"),
        ) as started:
            out, _ = started.communicate(timeout=60)
        drawn = os.read(terminal, 1 << 20).decode(errors="replace")
    finally:
        os.close(terminal)
        os.close(screen)
    assert "Reading playlists" in drawn
    assert "requests/s" in drawn
    assert out.decode().splitlines()[-1] == "Done."
    assert "Reading" not in out.decode()


@pytest.mark.parametrize(
    "words",
    [
        ("--keep-days", "99999999999999999999"),
        ("--pace", "nan"),
        ("--pace", "inf"),
        ("--rate", ""),
        ("--search", "bad\udcff"),
        ("--user", "bad\udcff"),
        ("--account", "a\nb"),
    ],
)
def test_values_that_make_no_sense_are_refused_before_anything_is_written(
    words: tuple[str, str], tmp_path: Path
) -> None:
    database = tmp_path / "songs.db"
    result = CliRunner().invoke(main, ["--db", str(database), "crawl", *words])
    assert result.exit_code == 2
    assert words[0].strip("-") in result.stderr
    assert not database.exists()
