"""`segue block`, as a person or a program calls it."""

import json
from pathlib import Path

import pytest

from db.connection import open_reader
from db.suggested import lately, remember
from recommender import catalogue
from tests.cli.running import segue
from tests.recommender.songs import NOW, add, playlist, song, spotify_id, taste_song

SONG = taste_song("calm", 3)
UNIQUE = song("Wonderwall", "Beyoncé", spotify_id("wonder"))


@pytest.fixture
def database(untrained: Path) -> Path:
    """Two tastes, one song of Beyoncé, and artists whose names are near one another."""
    others = [
        song(f"Song {n}", artist) for n, artist in enumerate(["The Crooked Lamps", "Crooked Sons", "Crooked Sons"])
    ]
    add(untrained, [playlist("more", [UNIQUE, *others])])
    return untrained


def _listed(database: Path) -> list[tuple[str, str, str]]:
    told = json.loads(segue("--db", database, "block", "--list", "--json").stdout)
    return [(one["kind"], one["raw_id"], one["name"]) for one in told]


@pytest.mark.parametrize(
    "words",
    [
        UNIQUE.track_id,
        f"spotify:track:{UNIQUE.track_id}",
        f"https://open.spotify.com/track/{UNIQUE.track_id}?si=abc",
        "wonderwall",
    ],
)
def test_a_track_is_blocked_however_it_is_named(database: Path, words: str) -> None:
    result = segue("--db", database, "block", words)
    assert (result.exit_code, result.stdout) == (0, f"Blocked: Wonderwall · Beyoncé ({UNIQUE.track_id})\n")
    assert _listed(database) == [("track", UNIQUE.track_id, "Wonderwall · Beyoncé")]
    again = segue("--db", database, "block", words)
    assert (again.exit_code, again.stdout) == (0, f"Already blocked: Wonderwall · Beyoncé ({UNIQUE.track_id})\n")


@pytest.mark.parametrize("name", ["Beyoncé", "beyonce", "BEYONCE"])
def test_an_artist_is_blocked_by_name(database: Path, name: str) -> None:
    """Case and accents aside; what ranking compares with is the normalised name."""
    result = segue("--db", database, "block", "--artist", name, "crooked lamps")
    assert result.stdout.splitlines() == ["Blocked: Beyoncé, everything", "Blocked: The Crooked Lamps, everything"]
    with open_reader(database) as connection:
        assert catalogue.blocked(connection).artists == {"beyonce", "crooked lamps"}


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("crooked", 'no artist here is called "crooked": did you mean Crooked Sons or The Crooked Lamps?'),
        ("croked sons", 'no artist here is called "croked sons": did you mean Crooked Sons?'),
        ("zzzzzz", 'no artist here is called "zzzzzz"; `segue search` finds who is here'),
        (" ", "an artist needs a name"),
    ],
)
def test_an_artist_who_is_not_clear_is_one_line_with_near_ones(database: Path, name: str, sentence: str) -> None:
    """And nothing of the same command is blocked."""
    result = segue("--db", database, "block", "--artist", "Beyoncé", name)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {sentence}\n")
    assert _listed(database) == []


def test_words_that_name_no_track_block_nothing(database: Path) -> None:
    result = segue("--db", database, "block", "wonderwall", "no such song")
    assert (result.exit_code, result.stdout) == (1, "")
    assert 'no track is found for "no such song"' in result.stderr
    assert _listed(database) == []


def test_the_list_is_a_table_for_people(database: Path) -> None:
    assert segue("--db", database, "block", "--list").stdout == "nothing is blocked\n"
    segue("--db", database, "block", "wonderwall")
    segue("--db", database, "block", "--artist", "Beyoncé")
    head, band, track = segue("--db", database, "block", "--list").stdout.splitlines()
    assert head.split() == ["blocked", "what", "since", "id"]
    assert band.startswith("artist   Beyoncé ")
    assert track.startswith("track    Wonderwall · Beyoncé ")
    assert track.endswith(UNIQUE.track_id)


@pytest.mark.parametrize(
    "words", [UNIQUE.track_id, f"spotify:track:{UNIQUE.track_id}", "wonderwall", "beyonce wonderwall"]
)
def test_a_block_of_a_track_is_undone(database: Path, words: str) -> None:
    segue("--db", database, "block", "wonderwall")
    segue("--db", database, "block", "--artist", "Beyoncé")
    result = segue("--db", database, "block", "--remove", words)
    assert (result.exit_code, result.stdout) == (0, f"No longer blocked: Wonderwall · Beyoncé ({UNIQUE.track_id})\n")
    assert [kind for kind, _, _ in _listed(database)] == ["artist"]
    result = segue("--db", database, "block", "--remove", words)
    assert result.stderr == f'Error: "{words}" is not blocked: `segue block --list` shows what is\n'
    assert result.exit_code == 1


def test_a_block_is_undone_after_its_track_and_artist_are_gone(database: Path) -> None:
    """By words too: a block keeps the name that it was made under, and no purge takes it."""
    segue("--db", database, "block", "wonderwall", SONG.track_id)
    segue("--db", database, "block", "--artist", "Beyoncé")
    segue("--db", database, "purge", "--source", "test", "--yes")
    assert json.loads(segue("--db", database, "stats", "--json").stdout)["tracks"] == 0
    assert len(_listed(database)) == 3
    assert segue("--db", database, "block", "--remove", "wonderwall").exit_code == 0
    assert segue("--db", database, "block", "--remove", "--artist", "BEYONCE").exit_code == 0
    assert _listed(database) == [("track", SONG.track_id, "calm song 3 · calm artist 3")]


def test_words_that_fit_several_blocks_list_them(database: Path) -> None:
    segue("--db", database, "block", *(taste_song("calm", n).track_id for n in (1, 2)))
    result = segue("--db", database, "block", "--remove", "calm song")
    assert (result.exit_code, result.stdout) == (1, "")
    assert '"calm song" fits several blocks; say which:' in result.stderr
    assert all(taste_song("calm", n).track_id in result.stderr for n in (1, 2))
    assert len(_listed(database)) == 2


@pytest.mark.parametrize(
    "words",
    [[], ["--artist"], ["--remove"], ["--list", "wonderwall"], ["--list", "--remove"], ["wonderwall", "--json"]],
)
def test_wrong_usage_is_said(database: Path, words: list[str]) -> None:
    assert segue("--db", database, "block", *words).exit_code == 2


def test_without_a_database_there_is_nothing_to_block(tmp_path: Path) -> None:
    result = segue("--db", tmp_path / "none.db", "block", "wonderwall")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: there is no database at ")
    assert not (tmp_path / "none.db").exists()


def test_what_was_suggested_is_forgotten(database: Path) -> None:
    assert remember(database, ["a", "b"], NOW)
    result = segue("--db", database, "purge", "--suggested")
    assert (result.exit_code, result.stdout) == (0, "Forgot what was suggested: 2 tracks\n")
    with open_reader(database) as connection:
        assert lately(connection, NOW) == frozenset()
    assert json.loads(segue("--db", database, "purge", "--suggested", "--json").stdout) == {"suggested": 0}
    assert segue("--db", database, "purge", "--suggested", "--expired").exit_code == 2
