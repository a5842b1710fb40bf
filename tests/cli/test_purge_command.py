"""Removing a source and what is too old, as a person or a program calls it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cli import main
from db.commands import purge
from recommender.artifacts import models_folder
from tests.cli.running import command, segue
from tests.db.crawling import DAY, crawl
from tests.recommender.songs import add, playlist, taste_song

MODELS = "Models learned from it remain in {}: segue train makes them anew"


def lines(text: str) -> list[str]:
    return text.splitlines()


@pytest.fixture
def crawled(untrained: Path) -> Path:
    """The database of two tastes with a crawl of today beside it."""
    crawl(untrained, {1: [1, 2], 2: [2, 3]}, int(time.time()) - 60, features=[1])
    return untrained


def _playlists(path: Path) -> int:
    return int(json.loads(segue("--db", path, "stats", "--json").stdout)["playlists"])


def test_a_source_goes_with_yes(crawled: Path) -> None:
    """It says what went, and nothing of models where there are none."""
    result = segue("--db", crawled, "purge", "--source", "spotify", "--yes")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "Removed what came from spotify: 2 playlists, 3 tracks, 1 features, 2 found playlists\n"
    assert _playlists(crawled) == 40
    assert b"snapshot-1" not in crawled.read_bytes()
    assert not crawled.with_name(crawled.name + "-wal").exists()


def test_a_source_that_left_nothing_goes_without_asking(crawled: Path) -> None:
    """Exit code 0, so that the tokens of a service can go where nothing was crawled."""
    segue("--db", crawled, "purge", "--source", "spotify", "--yes")
    result = segue("--db", crawled, "purge", "--source", "spotify")
    assert result.exit_code == 0
    assert result.stdout == "Removed what came from spotify: nothing was left of it\n"


def test_without_a_terminal_and_without_yes_nothing_goes(crawled: Path) -> None:
    """One line that names the counts and the cure."""
    for more in ((), ("--json",)):
        result = segue("--db", crawled, "purge", "--source", "spotify", *more)
        assert (result.exit_code, result.stdout) == (1, "")
        counts = "1 imports, 2 playlists, 3 tracks, 1 audio features, 2 found playlists"
        assert lines(result.stderr) == [
            f"Error: this removes what came from spotify ({counts}): say --yes to agree to it"
        ]
    assert _playlists(crawled) == 42


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals to test with")
@pytest.mark.parametrize(("answer", "left"), [(b"y\n", 40), (b"n\n", 42), (b"\n", 42)])
def test_at_a_terminal_it_asks(crawled: Path, answer: bytes, left: int) -> None:
    """No is the answer of who only presses Enter."""
    ours, theirs = os.openpty()
    try:
        with subprocess.Popen(
            command("--db", crawled, "purge", "--source", "spotify"),
            stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as child:  # fmt: skip
            os.write(ours, answer)
            out, told = child.communicate(timeout=60)
    finally:
        os.close(ours)
        os.close(theirs)
    assert "This removes what came from spotify: 1 imports, 2 playlists, 3 tracks" in told
    assert child.returncode == (left != 40)
    assert bool(out) == (left == 40)
    assert _playlists(crawled) == left


def test_models_that_learned_from_it_are_named(trained: Path) -> None:
    """They are not touched; the line is on stderr, and in the JSON."""
    crawl(trained, {1: [1]}, int(time.time()))
    result = segue("--db", trained, "purge", "--source", "spotify", "--yes")
    told = MODELS.format(models_folder(trained))
    assert lines(result.stderr) == [told]
    assert models_folder(trained).is_dir()
    again = segue("--db", trained, "purge", "--source", "test", "--yes", "--json")
    assert json.loads(again.stdout) == {
        "source": "test", "playlists": 40, "playlists_restored": 0, "tracks": 30, "features": 0, "plays": 0,
        "texts": 0, "found": 0, "notes": [told],
    }  # fmt: skip
    assert again.stderr == ""


def test_an_unknown_source_is_one_sentence(crawled: Path) -> None:
    """It names those there are, and is told before any question."""
    result = segue("--db", crawled, "purge", "--source", "napster")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: nothing here came from 'napster': there are spotify, test\n"


@pytest.mark.parametrize(
    ("words", "source"),
    [
        (("--source", "spotify", "--yes"), "spotify"),
        (("--source", "test", "--yes"), "test"),
        (("--expired",), None),
        (("--import", "1"), None),
    ],
)
def test_the_command_gives_the_source_to_who_calls_it(
    crawled: Path, words: tuple[str, ...], source: str | None
) -> None:
    """So that the tokens of the service can be removed afterwards by who knows them."""
    with main.make_context("segue", ["--db", str(crawled), "purge"]) as outer, purge.make_context(
        "purge", list(words), parent=outer
    ) as context:  # fmt: skip
        context.obj = crawled
        assert purge.invoke(context) == source


def test_what_is_expired_goes_and_the_days_are_remembered(crawled: Path) -> None:
    """Thirty days at first, then what was said; today's crawl stays."""
    crawl(crawled, {7: [70, 71]}, int(time.time()) - 10 * DAY)
    crawl(crawled, {8: [80]}, int(time.time()) - 31 * DAY)
    result = segue("--db", crawled, "purge", "--expired")
    assert (result.exit_code, result.stderr) == (0, "")
    assert (
        result.stdout == "Dropped what Spotify did not confirm for 30 days: 1 playlists, 1 tracks, 1 found playlists\n"
    )
    told = json.loads(segue("--db", crawled, "purge", "--expired", "--keep-days", 7, "--json").stdout)
    assert told == {
        "keep_days": 7, "playlists": 1, "playlists_restored": 0, "tracks": 2, "features": 0, "found": 1
    }  # fmt: skip
    result = segue("--db", crawled, "purge", "--expired")
    assert result.stdout == "Dropped what Spotify did not confirm for 7 days: nothing is that old\n"
    assert _playlists(crawled) == 42


def test_taking_an_import_back_does_not_ask(crawled: Path) -> None:
    """It is as it always was."""
    add(crawled, [playlist("third", [taste_song("calm", 1)])], "third")
    result = segue("--db", crawled, "purge", "--import", 3)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Took import 3 back: 1 playlists, 0 playlists restored, 0 tracks")
