"""What a crawl did, told."""

import json

import pytest

from crawler.errors import (
    Blocked,
    CrawlerError,
    Enough,
    Interrupted,
    Missing,
    NotAllowed,
    NotLoggedIn,
    Refused,
    Unreachable,
)
from crawler.report import Report, as_dict, left_out, report, sentences
from db.runs import Counts

COUNTS = {"stored": 1200, "withheld": 3, "episodes": 2, "requests": 31, "retries": 1, "changed meanwhile": 4}


def told(
    stopped_by: CrawlerError | None = None,
    counts: dict[str, int] | None = None,
    refused: tuple[str, ...] = (),
    number: int | None = 3,
) -> Report:
    stored = Counts(entries=5000, tracks_new=20, artists_new=7)
    return report(stopped_by, COUNTS if counts is None else counts, stored, refused, number)


@pytest.mark.parametrize(
    ("stopped_by", "reason", "code"),
    [
        (None, "done", 0),
        (Blocked("the quota is used up", 99.0), "quota", 75),
        (Enough("used up"), "max-requests", 0),
        (Interrupted("stopped"), "interrupted", 75),
        (Unreachable("no answer"), "unreachable", 1),
        (NotAllowed("Premium"), "not allowed", 1),
        (NotLoggedIn("log in again"), "not logged in", 1),
        (Refused("no", 403), "refused", 1),
        (Missing("no such thing"), "refused", 1),
    ],
)
def test_every_end_has_a_name_and_an_exit_code(stopped_by: CrawlerError | None, reason: str, code: int) -> None:
    made = told(stopped_by)
    assert (made.reason, made.exit_code) == (reason, code)
    assert made.finished == (stopped_by is None)
    lines = list(sentences(made))
    assert lines[-1] == ("Done." if stopped_by is None else f"Stopped ({reason}): {stopped_by}")


def test_only_a_quota_has_an_end() -> None:
    assert told(Blocked("used up", 99.0)).until == 99.0
    assert told(Enough("used up")).until is None


def test_a_list_that_was_refused_and_a_playlist_that_failed_are_no_success() -> None:
    refused = told(refused=("the list of somebody: Forbidden",))
    assert refused.exit_code == 1
    assert "Not read: the list of somebody: Forbidden" in sentences(refused)
    failed = told(counts={"failed": 2})
    assert failed.exit_code == 1
    assert "run this again" in list(sentences(failed))[-1]


def test_all_counts_are_there_and_zero_where_nothing_was() -> None:
    counts = told(counts={}).counts
    assert set(counts) == {
        "stored", "unchanged", "empty", "withheld", "gone", "failed", "episodes", "local files", "unavailable",
        "requests", "retries", "waits", "renewals",
    }  # fmt: skip
    assert set(counts.values()) == {0}


def test_the_plain_values_are_json() -> None:
    plain = json.loads(json.dumps(as_dict(told(Blocked("used up", 99.5)))))
    assert plain["reason"] == "quota"
    assert plain["until"] == 99.5
    assert plain["import"] == 3
    assert plain["counts"]["changed meanwhile"] == 4
    assert (plain["entries"], plain["tracks_new"], plain["artists_new"]) == (5000, 20, 7)


def test_people_read_what_was_and_not_what_was_not() -> None:
    lines = list(sentences(told()))
    assert lines[0] == "Playlists: 1,200 stored, 3 withheld"
    assert "New: 5,000 entries, 20 tracks, 7 artists" in lines
    assert "Odd entries: 2 episodes (episodes and unavailable ones are left out)" in lines
    assert "On the way: 31 requests, 1 retry, 4 changed meanwhile" in lines
    assert "To take it back: segue purge --import 3" in lines
    assert any(line.startswith("Withheld: ") for line in lines)
    assert next(iter(sentences(told(counts={}, number=None)))) == "Playlists: none"


def test_what_was_left_out_is_counted_in_words_and_local_files_are_none_of_it() -> None:
    counts = {"episodes": 2, "local files": 7, "unavailable": 1, "cut at 10,000": 3, "stored": 9}
    assert left_out(told(counts=counts)) == {
        "podcast episodes": 2,
        "songs that Spotify no longer has": 1,
        "playlists cut at 10,000 entries": 3,
    }
    assert set(left_out(told(counts={})).values()) == {0}
