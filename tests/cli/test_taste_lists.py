"""`segue taste clean` and `segue taste discover`, as a person or a program calls them, in a generated world."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from db.records import Play
from tests.cli.running import segue
from tests.recommender.listening import add_plays
from tests.recommender.songs import add, playlist, spotify_id, train
from tests.recommender.tasting import CALM, JUDGED_ARTISTS, LOUD, heard_song, learned, taste_world

KEPT = {*(heard_song(LOUD, artist, 0).track_id for artist in (11, 12, 13)), spotify_id("silent0")}


@pytest.fixture(scope="module")
def world_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return learned(taste_world(tmp_path_factory.mktemp("taste") / "t.db"))


@pytest.fixture
def world(world_once: Path, tmp_path: Path) -> Path:
    """A copy of the world of a person whose taste is learned."""
    shutil.copytree(world_once.parent, tmp_path / "taste")
    return tmp_path / "taste" / "t.db"


def taste(database: Path, *words: object) -> Result:
    return segue("--db", database, "taste", *words)


def refused(done: Result, sentence: str) -> None:
    assert done.exit_code == 1
    assert re.search(rf"^Error: .*{sentence}", done.stderr, re.MULTILINE)


def ids(result: Result) -> list[str]:
    return [song["track_id"] for song in json.loads(result.stdout)["suggestions"]]


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Read all that is stored, but for what was suggested."""
    with closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in tables if name != "suggested"
        }


def test_cleaning_tells_what_one_would_skip_from_what_stays(world: Path) -> None:
    """In three parts: the calm ones, the loud ones, and the one of which it is not known how it sounds."""
    done = taste(world, "clean", "mixed")
    skip, keep, unknown = (done.stdout.index(word) for word in ("You would skip:", "You would keep:", "These stay"))
    assert done.stdout[skip:keep].count("calm tune") == 4
    assert done.stdout[keep:unknown].count("loud tune") == 3
    assert "unheard 0" in done.stdout[unknown:]
    assert 'Cleaning "mixed", 8 tracks:' in done.stderr
    assert "GENERATED: 60 of 60 thumbs" in done.stderr


def test_a_song_whose_sound_is_not_known_is_judged_by_another_copy_of_it(world: Path) -> None:
    told = json.loads(taste(world, "clean", "mixed", "--json").stdout)
    assert spotify_id("remaster") in [song["track_id"] for song in told["skip"]]
    assert told["not_known"] == [spotify_id("silent0")]


def test_what_is_skipped_says_what_speaks_against_it_and_what_stays_what_speaks_for_it(world: Path) -> None:
    told = json.loads(taste(world, "clean", "mixed", "--json").stdout)
    against = {reason for song in told["skip"] for reason in song["reasons"][1:]}
    speaking = {reason for song in told["keep"] for reason in song["reasons"][1:]}
    assert against
    assert against <= {"calm", "quiet", "slow", "acoustic", "not for dancing"}
    assert not against & speaking


def test_what_stays_becomes_a_new_list_and_the_playlist_is_left_as_it_is(world: Path, tmp_path: Path) -> None:
    """In the playlist's order; the database does not change by a byte."""
    before = world.read_bytes()
    done = taste(world, "clean", "mixed", "-o", tmp_path / "new.json")
    told = json.loads((tmp_path / "new.json").read_text(encoding="utf-8"))
    kept = [song["track_id"] for song in told["suggestions"]]
    assert kept == [heard_song(LOUD, artist, 0).track_id for artist in (11, 12, 13)] + [spotify_id("silent0")]
    assert "holds 4 songs" in done.stderr
    assert world.read_bytes() == before


def test_without_an_output_cleaning_writes_nothing(world: Path, tmp_path: Path) -> None:
    before, there = contents(world), sorted(tmp_path.rglob("*"))
    taste(world, "clean", "mixed")
    assert contents(world) == before
    assert [path for path in sorted(tmp_path.rglob("*")) if path.suffix not in (".db-wal", ".db-shm")] == there


def test_a_form_without_a_file_goes_to_stdout_alone(world: Path) -> None:
    done = taste(world, "clean", "mixed", "--format", "uris")
    assert {line.removeprefix("spotify:track:") for line in done.stdout.split()} == KEPT


def test_the_threshold_decides(world: Path) -> None:
    """At 0 nothing is skipped; above all chances there is no list to make, and that is said."""
    assert json.loads(taste(world, "clean", "mixed", "--threshold", 0, "--json").stdout)["skip"] == []
    refused(
        taste(world, "clean", heard_only(world), "--threshold", 1, "--json"),
        r"you would skip all of it: .* \(--threshold\)",
    )


def heard_only(world: Path) -> Path:
    """Write a playlist of songs whose sound is known."""
    path = world.with_name("heard.m3u8")
    links = [f"https://open.spotify.com/track/{heard_song(LOUD, number, 1).track_id}" for number in range(3)]
    path.write_text("\n".join(["#EXTM3U", *links, ""]), encoding="utf-8")
    return path


def test_a_file_is_cleaned_as_well_and_not_imported(world: Path) -> None:
    before = contents(world)
    file = heard_only(world)
    told = json.loads(taste(world, "clean", file, "--json").stdout)
    assert len(told["keep"]) == 3
    assert contents(world) == before


def test_a_playlist_that_cannot_be_judged_is_refused_with_the_cure(world: Path) -> None:
    refused(taste(world, "clean", "silence"), r'of no song of "silence" it is known how it sounds.*segue features')


def test_a_playlist_that_is_not_here_is_refused(world: Path) -> None:
    refused(taste(world, "clean", "nowhere"), 'no playlist here is called "nowhere"')


@pytest.mark.parametrize("words", [("clean", "mixed"), ("discover",), ("report",)])
def test_without_a_taste_it_is_said_how_to_get_one(world: Path, words: tuple[str, ...]) -> None:
    """In one line, with no taste at all and for a listener who has none."""
    refused(taste(world, *words, "--listener", "somebody else"), "segue taste train")
    shutil.rmtree(world.with_name("t.models"))
    done = taste(world, *words)
    refused(done, "segue taste train")
    assert (done.stdout, len(done.stderr.splitlines())) == ("", 1)


def test_discovering_finds_the_liked_sound_elsewhere(world: Path) -> None:
    """No song with a thumb, and none by artists of whom one is liked; the other sound does not come."""
    found = ids(taste(world, "discover", "-n", 50, "--json"))
    elsewhere = {heard_song(LOUD, artist, n).track_id for artist in range(JUDGED_ARTISTS, 15) for n in range(4)}
    assert found
    assert set(found) <= elsewhere
    assert len(found) == 15  # three of each of five artists


def test_artists_that_are_liked_come_where_that_is_wished(world: Path) -> None:
    """But still no song with a thumb."""
    found = ids(taste(world, "discover", "-n", 50, "--same-artists", "--json"))
    unjudged = {heard_song(LOUD, artist, 3).track_id for artist in range(JUDGED_ARTISTS)}
    judged = {heard_song(LOUD, artist, n).track_id for artist in range(JUDGED_ARTISTS) for n in range(3)}
    assert set(found) & unjudged
    assert not set(found) & judged


def test_the_score_is_the_chance_and_falls(world: Path) -> None:
    songs = json.loads(taste(world, "discover", "--json").stdout)["suggestions"]
    scores = [song["score"] for song in songs]
    assert all(0.5 < score <= 1 for score in scores)
    assert [song["reasons"][0] for song in songs] == [
        f"you would like it: {min(round(100 * score), 99)} %" for score in scores
    ]


def test_filters_keep_their_promise(world: Path) -> None:
    """--genre and --not-genre; a genre that nobody plays is named."""
    pop = ids(taste(world, "discover", "--genre", "pop", "--json"))
    assert set(pop) <= {heard_song(LOUD, artist, n).track_id for artist in (10, 12, 14) for n in range(4)}
    other = ids(taste(world, "discover", "--not-genre", "pop", "--json"))
    assert other
    assert not set(other) & set(pop)
    nobody = taste(world, "discover", "--genre", "polka")
    assert nobody.exit_code == 1
    assert 'of no song here the genre "polka" is told' in nobody.stderr


def test_what_was_heard_blocked_or_suggested_lately_does_not_come(world: Path) -> None:
    heard, blocked = heard_song(LOUD, 10, 0), heard_song(LOUD, 11, 0)
    add_plays(world, [Play("me", heard, 3)])
    segue("--db", world, "block", blocked.track_id)
    first = ids(taste(world, "discover", "-n", 5, "--per-artist", 0, "--json"))
    fresh = ids(taste(world, "discover", "-n", 50, "--per-artist", 0, "--fresh", "--json"))
    assert not {heard.track_id, blocked.track_id} & {*first, *fresh}
    assert not set(first) & set(fresh)
    assert len(fresh) == 20 - 2 - len(first)


def test_plays_of_several_are_nobodys_and_that_is_said(world: Path) -> None:
    add_plays(world, [Play("ann", heard_song(LOUD, 10, 0), 3), Play("bob", heard_song(CALM, 10, 0), 3)])
    done = taste(world, "discover", "--per-artist", 0, "--json")
    assert "name yourself with --listener" in done.stderr
    assert heard_song(LOUD, 10, 0).track_id in ids(done)


def test_discovering_changes_nothing_but_what_was_suggested(world: Path) -> None:
    before = contents(world)
    taste(world, "discover")
    assert contents(world) == before


def test_another_number_gives_another_list(world: Path) -> None:
    lists = [ids(taste(world, "discover", "-n", 5, "--vary", number, "--json")) for number in (1, 1, 2)]
    assert lists[0] == lists[1] != lists[2]


def test_it_saves_as_suggest_does(world: Path, tmp_path: Path) -> None:
    done = taste(world, "discover", "-n", 4, "-o", tmp_path / "new.m3u8")
    assert "holds 4 songs" in done.stderr
    assert (tmp_path / "new.m3u8").read_text(encoding="utf-8").count("https://open.spotify.com/track/") == 4


def test_what_goes_with_the_likes_in_playlists_comes_first(world: Path) -> None:
    """Where a model is trained that knows it, which is said; --alone leaves it out."""
    friend = heard_song(LOUD, 14, 1)
    likes = [heard_song(LOUD, artist, 0) for artist in range(6)]
    # What is in every playlist goes with nothing: others are needed.
    lists = [playlist(f"with {n}", [likes[n], likes[(n + 1) % 6], friend]) for n in range(6)]
    lists += [playlist(f"other {n}", [heard_song(CALM, n + k, 0) for k in range(3)]) for n in range(6)]
    add(world, lists)
    alone = taste(world, "discover", "--json")
    assert "counts too" not in alone.stderr
    train(world)
    together = taste(world, "discover", "--json")
    assert "item-knn counts too" in together.stderr
    assert ids(together)[0] == friend.track_id
    assert ids(taste(world, "discover", "--alone", "--json")) == ids(alone) != ids(together)


def test_a_model_that_only_knows_what_is_popular_does_not_count(world: Path) -> None:
    before = ids(taste(world, "discover", "--json"))
    train(world, ["popularity"])
    done = taste(world, "discover", "--json")
    assert "counts too" not in done.stderr
    assert ids(done) == before


def test_nothing_likely_enough_is_one_line_with_the_cure(world: Path) -> None:
    refused(
        taste(world, "discover", "--threshold", 1),
        r"none of the 120 songs whose sound is known is liked with a chance of 100 % .* ask for less \(--threshold\)",
    )


@pytest.mark.parametrize("words", [("clean", "mixed"), ("discover",)])
def test_to_spotify_needs_a_login_before_anything_is_done(world: Path, words: tuple[str, ...], tmp_path: Path) -> None:
    """The option is there, and nothing is on stdout when it cannot be kept."""
    home = {"SEGUE_HOME": str(tmp_path), "HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    done = segue("--db", world, "taste", *words, "--to-spotify", "Mix", env=home)
    refused(done, "segue login")
    assert done.stdout == ""
