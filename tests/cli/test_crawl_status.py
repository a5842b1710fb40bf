"""What `segue status` tells of crawling."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db import found, gate
from db.connection import open_writer, transaction
from tests.cli.running import segue
from tests.db.crawling import crawl, recco

NOW = int(time.time())
TARGET = json.dumps({"mine": True, "playlists": [], "users": ["ada"], "searches": ["a", "b"], "grow": False})


@pytest.fixture
def stopped(trained: Path) -> Path:
    """The database of two tastes, with a crawl that the quota stopped an hour ago."""
    crawl(trained, {1: [1, 2]}, NOW - 3600, features=[1])
    recco(trained, [2], misses=[1])
    with open_writer(trained, "testing") as connection, transaction(connection):
        key, *_ = found.open_crawl(connection, TARGET, NOW - 3600)
        for number, state in enumerate(["waiting", "waiting", "withheld", "gone", "failed", "empty"]):
            found.put_found(connection, [(found.Found(f"p{number}"), state, NOW)], key)
        found.note_crawl(connection, key, None, "quota")
        gate.write_gate(connection, "spotify at a.test", gate.Gate(NOW + 7200.0, "QUOTA_EXCEEDED", 1))
        gate.write_gate(connection, "over", gate.Gate(NOW - 5.0, "QUOTA_EXCEEDED", 1))
        gate.write_answer(connection, "made-up-client", "kind", "restricted", NOW)
        gate.write_setting(connection, "keep_days", "14")
    return trained


def _local(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def test_status_tells_what_crawling_knows(stopped: Path) -> None:
    """After imports and models, in lines."""
    result = segue("--db", stopped, "status")
    assert (result.exit_code, result.stderr) == (0, "")
    begun = f"unfinished crawl of my playlists, user ada, search a and 1 more, begun {_local(NOW - 3600)}"
    assert result.stdout.split("\n\n")[-1].splitlines() == [
        "found playlists: 1 stored, 1 empty, 1 withheld, 1 gone, 1 failed, 2 waiting",
        f"{begun}: stopped by the quota; go on with the same segue crawl",
        f"no requests to spotify at a.test before {_local(NOW + 7200)} (QUOTA_EXCEEDED)",
        f"app made-up-client: restricted, as seen {_local(NOW)}",
        "audio features: 1 from reccobeats, 1 from spotify, 1 asked for in vain",
        "what Spotify does not confirm for 14 days is dropped (segue purge --expired --keep-days N changes that)",
    ]


def test_status_json_has_it_as_plain_values(stopped: Path) -> None:
    """The deadline as ISO with its offset, and in seconds from now."""
    told = json.loads(segue("--db", stopped, "status", "--json").stdout)["crawl"]
    blocked = told.pop("blocked")
    assert told == {
        "found": {"stored": 1, "empty": 1, "withheld": 1, "gone": 1, "failed": 1, "waiting": 2},
        "unfinished": [{"target": TARGET, "started_at": NOW - 3600, "reason": "quota"}],
        "apps": [{"client": "made-up-client", "kind": "restricted", "asked_at": NOW}],
        "keep_days": 14,
        "features": {"reccobeats": 1, "spotify": 1},
        "misses": 1,
    }
    assert [(one["account"], one["reason"], one["blocked_until"]) for one in blocked] == [
        ("spotify at a.test", "QUOTA_EXCEEDED", NOW + 7200)
    ]
    assert datetime.fromisoformat(blocked[0]["until"]) == datetime.fromtimestamp(NOW + 7200, UTC)
    assert 0 < blocked[0]["seconds"] <= 7200


def test_status_without_any_crawl_says_nothing_of_it(trained: Path) -> None:
    """The JSON has its keys all the same."""
    assert "crawl" not in segue("--db", trained, "status").stdout
    told = json.loads(segue("--db", trained, "status", "--json").stdout)["crawl"]
    assert set(told["found"].values()) == {0}
    assert (told["unfinished"], told["blocked"], told["apps"], told["features"]) == ([], [], [], {})
    assert (told["keep_days"], told["misses"]) == (30, 0)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "under way, or stopped from outside"),
        ("interrupted", "stopped (interrupted)"),
        ("\x1b[2Jevil", "stopped ([2Jevil)"),
    ],
)
def test_other_reasons_are_named(trained: Path, reason: str, sentence: str) -> None:
    """And nothing that came from outside commands the terminal."""
    with open_writer(trained, "testing") as connection, transaction(connection):
        key, *_ = found.open_crawl(connection, "not JSON \x1b[31m", NOW)
        found.note_crawl(connection, key, None, reason)
        gate.write_gate(connection, "far", gate.Gate(1e15, "a wait without end", 1))
    result = segue("--db", trained, "status")
    assert f"unfinished crawl of not JSON [31m, begun {_local(NOW)}: {sentence}; go on" in result.stdout
    assert "no requests to far before a time beyond the calendar (a wait without end)" in result.stdout
    assert json.loads(segue("--db", trained, "status", "--json").stdout)["crawl"]["blocked"][0]["until"] is None
