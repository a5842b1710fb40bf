"""Each command as a person or a program calls it."""

import csv
import io
import json
from pathlib import Path

import pytest

from cli import COMMANDS
from db.connection import open_writer
from db.records import AudioFeatures
from recommender.models.registry import KINDS
from tests.cli.running import segue
from tests.recommender.songs import add, playlist, song, spotify_id, taste_song, train

CALM = [taste_song("calm", n).track_id for n in range(15)]


def lines(text: str) -> list[str]:
    return text.splitlines()


# stats


def test_stats_counts_what_there_is(trained: Path) -> None:
    """A table for people on stdout, nothing on stderr."""
    result = segue("--db", trained, "stats")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert [row.split()[0] for row in lines(result.stdout)[:6]] == [
        "playlists", "tracks", "artists", "entries", "features", "plays"
    ]  # fmt: skip
    assert lines(result.stdout)[0].split() == ["playlists", "40"]
    assert lines(result.stdout)[-1].split() == ["test", "1", "40", "30"]


def test_stats_json_is_flat_integers_and_by_source(trained: Path) -> None:
    """The contract with other programs."""
    told = json.loads(segue("stats", "--db", trained, "--json").stdout)
    assert list(told) == ["playlists", "tracks", "artists", "entries", "features", "plays", "by_source"]
    assert all(type(told[name]) is int for name in list(told)[:-1])
    assert (told["playlists"], told["tracks"], told["artists"], told["entries"]) == (40, 30, 10, 320)
    assert told["by_source"] == {"test": {"imports": 1, "playlists": 40, "tracks": 30}}


def test_stats_of_an_empty_database_are_zeros(tmp_path: Path) -> None:
    """No playlists yet is no error."""
    with open_writer(tmp_path / "s.db", "a test"):
        pass
    told = json.loads(segue("--db", tmp_path / "s.db", "stats", "--json").stdout)
    assert told.pop("by_source") == {}
    assert set(told.values()) == {0}


# where the database is


def test_the_database_is_named_before_or_after_the_command_or_by_the_environment(trained: Path, tmp_path: Path) -> None:
    """What stands after the command wins, then what stands before, then SEGUE_DB."""
    none = tmp_path / "none.db"
    for words, env in (
        (("--db", trained, "stats", "--json"), {}),
        (("stats", "--json", "--db", trained), {}),
        (("--db", none, "stats", "--json", "--db", trained), {}),
        (("stats", "--json"), {"SEGUE_DB": str(trained)}),
        (("--db", trained, "stats", "--json"), {"SEGUE_DB": str(none)}),
        (("stats", "--json", "--db", trained), {"SEGUE_DB": str(none)}),
    ):
        assert json.loads(segue(*words, env=env).stdout)["playlists"] == 40


def test_without_a_name_it_is_segue_db_here(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the folder where the command is called."""
    monkeypatch.chdir(trained.parent)
    assert json.loads(segue("stats", "--json").stdout)["playlists"] == 40


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_the_database_and_has_help(name: str) -> None:
    """The option stands once in each, and the help begins with a sentence."""
    told = segue(name, "--help")
    assert told.exit_code == 0
    assert told.stdout.count("--db PATH") == 1 or name == "demo"
    assert len(lines(told.stdout)[2].strip()) > 10


@pytest.mark.parametrize(
    "words",
    [
        ("stats",),
        ("status",),
        ("train",),
        ("search", "x"),
        ("suggest", "x"),
        ("purge", "--import", 1),
        ("purge", "--source", "spotify", "--yes"),
        ("purge", "--expired"),
    ],
)
def test_a_database_that_is_not_there_or_not_ours_is_one_line(tmp_path: Path, words: tuple[object, ...]) -> None:
    """With the cure, exit code 1, nothing on stdout, and no file made."""
    (tmp_path / "other.db").write_text("This is a diary, not a database. " * 50)
    for name, sentence in (("none.db", "there is no database at"), ("other.db", "is no database of Segue")):
        result = segue("--db", tmp_path / name, *words)
        assert result.exit_code == 1
        assert result.stdout == ""
        assert len(lines(result.stderr)) == 1
        assert sentence in result.stderr
    assert not (tmp_path / "none.db").exists()


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    """An SQLite file of a browser, say."""
    import sqlite3

    connection = sqlite3.connect(tmp_path / "browser.db")
    connection.execute("CREATE TABLE bookmarks (url)")
    connection.close()
    before = (tmp_path / "browser.db").read_bytes()
    result = segue("--db", tmp_path / "browser.db", "stats")
    assert result.exit_code == 1
    assert "is an SQLite file of another program" in result.stderr
    assert (tmp_path / "browser.db").read_bytes() == before


# wrong usage


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("nope",), "No such command 'nope'"),
        (("suggest",), "name a TRACK to continue, or --title what the playlist is called"),
        (("suggest", "x", "-n", "0"), "0 is not in the range x>=1"),
        (("suggest", "x", "-n", "many"), "'many' is not a valid integer"),
        (("suggest", "x", "--format", "xml"), "'xml' is not one of 'table', 'json', 'csv', 'm3u8', 'jspf', 'uris'"),
        (("suggest", "x", "--per-artist", "-1"), "-1 is not in the range x>=0"),
        (("search",), "name words to look for, a filter such as --tempo 110..130, or --sort"),
        (("search", " "), "name words to look for, a filter such as --tempo 110..130, or --sort"),
        (("search", "--tempo", "500.."), "500 is no tempo: it goes from 0 to 300"),
        (
            ("purge",),
            "say what is to go: --import N, --source NAME, --listener NAME, --expired, or --suggested, one of them",
        ),
        (("purge", "--import", "1", "--expired"), "say what is to go"),
        (("purge", "--source", "csv", "--expired"), "say what is to go"),
        (("purge", "--source", "csv", "--keep-days", "3"), "--keep-days goes with --expired"),
        (("purge", "--expired", "--keep-days", "0"), "0 is not in the range 1<=x<=36500"),
        (("train", "nope"), f"there is no kind of model called nope: there are {', '.join(KINDS)}"),
        (("train", "item-knn", "--preset", "nope"), "item-knn has no preset nope: there are cosine, plain, small"),
        (("train", "item-knn", "--set", "nope=1"), "there is no option nope: there are neighbours, alpha"),
        (("train", "item-knn", "--set", "alpha"), "--set takes NAME=VALUE, not 'alpha'"),
        (("train", "item-knn", "--set", "alpha=much"), "option alpha takes a number, not 'much'"),
        (("train", "--as", "mine"), "go with one MODEL"),
        (("train", "item-knn", "popularity", "--preset", "small"), "go with one MODEL"),
        (("train", "item-knn", "--as", "../up"), "cannot name a model"),
        (("train", "item-knn", "--as", "popularity"), "the name of another kind of model"),
        (("train", "item-knn", "--top-tracks", "5"), "--top-tracks goes with knn-baseline"),
        (("train", "knn-baseline", "--top-tracks", "1"), "1 is not in the range x>=2"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_what_there_is(
    trained: Path, words: tuple[str, ...], sentence: str
) -> None:
    """Nothing on stdout, and nothing done."""
    result = segue("--db", trained, *words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert sentence in " ".join(result.stderr.split())


# search


def test_search_lists_recordings_with_their_ids(trained: Path) -> None:
    """Versions on one line; the id is that of the most listed one."""
    add(trained, [playlist("v", [song("Calm Song 3 - Live", "calm artist 3", spotify_id("live"))])])
    result = segue("--db", trained, "search", "calm song 3")
    assert result.exit_code == 0
    rows = lines(result.stdout)
    assert rows[0].split() == ["title", "·", "artists", "album", "versions", "playlists", "id"]
    assert rows[1].startswith("calm song 3 · calm artist 3")
    assert rows[1].split()[-1] == CALM[3]
    assert rows[1].split()[-3] == "2"


def test_search_json_is_a_list(trained: Path) -> None:
    """At most so many as were asked for."""
    told = json.loads(segue("--db", trained, "search", "calm", "song", "-n", "4", "--json").stdout)
    assert len(told) == 4
    assert {"track_id", "name", "artists", "album", "playlists", "versions"} <= told[0].keys()


@pytest.mark.parametrize("flags", [(), ("--json",)])
def test_search_for_nothing_that_exists_is_exit_code_1(trained: Path, flags: tuple[str, ...]) -> None:
    """JSON stays JSON: an empty list."""
    result = segue("--db", trained, "search", "zzzz", *flags)
    assert result.exit_code == 1
    assert 'nothing is found for "zzzz": try fewer words' in result.stderr
    assert result.stdout == ("[]\n" if flags else "")


def test_search_takes_filters_alone_and_says_what_it_left_out(trained: Path) -> None:
    """A note on stderr for what is not known; the table stays a table."""
    add(trained, [AudioFeatures(taste_song("calm", 3), tempo=90.0), AudioFeatures(taste_song("calm", 4), tempo=140.0)])
    result = segue("--db", trained, "search", "--tempo", "80..100")
    assert result.exit_code == 0
    assert [line.split()[-1] for line in lines(result.stdout)] == ["id", CALM[3]]
    assert "whose tempo is not known (--keep-unknown lets them come)" in result.stderr
    both = segue("--db", trained, "search", "calm", "--tempo", "80..100", "--json")
    assert [told["track_id"] for told in json.loads(both.stdout)] == [CALM[3]]
    nothing = segue("--db", trained, "search", "loud", "--tempo", "80..100")
    assert nothing.exit_code == 1
    assert "nothing that is found keeps the filters" in nothing.stderr


# suggest


def test_suggest_takes_words_ids_uris_and_urls(trained: Path) -> None:
    """What the words were taken for is said on stderr; the list alone is on stdout."""
    result = segue(
        "--db", trained, "suggest", "calm song 0 calm artist 0", CALM[1], f"spotify:track:{CALM[2]}",
        f"https://open.spotify.com/intl-de/track/{CALM[3]}?si=1", "-n", 5,
    )  # fmt: skip
    assert result.exit_code == 0
    assert lines(result.stderr) == [
        f'"calm song 0 calm artist 0" is calm song 0 · calm artist 0 ({CALM[0]})',
        "Suggested by item-knn:",
    ]
    assert [row.split()[0] for row in lines(result.stdout)] == ["1.", "2.", "3.", "4.", "5."]
    assert {row.split()[-1] for row in lines(result.stdout)} <= set(CALM[4:])


def test_suggest_json_is_one_object(trained: Path) -> None:
    """Unknown seeds and notes stand in it too."""
    stranger = "4uLU6hMCjMI75M1A2tKUQC"
    result = segue("--db", trained, "suggest", CALM[0], stranger, "--json", "-n", 3, "--model", "popularity")
    told = json.loads(result.stdout)
    assert list(told) == ["model", "seeds", "unknown", "notes", "suggestions"]
    assert (told["model"], told["seeds"], told["unknown"]) == ("popularity", [CALM[0]], [stranger])
    assert len(told["suggestions"]) == 3
    fields = ["track_id", "name", "artists", "score", "model", "reasons", "album", "duration_ms", "path"]
    assert list(told["suggestions"][0]) == fields
    assert type(told["suggestions"][0]["artists"]) is list
    assert f"{stranger} stands in no playlist here, so it cannot help" in result.stderr


def test_suggest_writes_the_forms_that_others_read(trained: Path) -> None:
    """The same tracks in each."""

    def out(form: str) -> str:
        return segue("--db", trained, "suggest", CALM[0], "-n", 4, "--format", form).stdout

    wanted = out("uris").splitlines()
    assert len(wanted) == 4
    assert [row["Track URI"] for row in csv.DictReader(io.StringIO(out("csv")))] == wanted
    ids = [uri.removeprefix("spotify:track:") for uri in wanted]
    assert out("m3u8").splitlines()[3::2] == [f"https://open.spotify.com/track/{track_id}" for track_id in ids]
    assert [f"spotify:track:{s['track_id']}" for s in json.loads(out("json"))["suggestions"]] == wanted
    assert len(json.loads(out("jspf"))["playlist"]["track"]) == 4


def test_suggest_for_an_unknown_track_gives_popular_ones_and_says_so(trained: Path) -> None:
    """Never an empty answer, never a crash."""
    result = segue("--db", trained, "suggest", "4uLU6hMCjMI75M1A2tKUQC")
    assert result.exit_code == 0
    assert len(lines(result.stdout)) == 10
    assert "Note: no model here knows any of these tracks, so these are the most popular ones" in result.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("zzzz qqqq",), 'no track is found for "zzzz qqqq": try fewer words'),
        (("song",), '"song" is no whole title, and fits several tracks; say which'),
        (("https://open.spotify.com/playlist/37i9dQZF1DX0XUsuxWHRQd?si=1",), "is a playlist, not a track"),
        ((CALM[0], "--model", "nope"), "no model nope is trained (there are item-knn, popularity): run `segue train`"),
        ((CALM[0], "--model", "../songs.models/item-knn"), "is trained (there are item-knn, popularity)"),
    ],
)
def test_suggest_that_cannot_go_on_says_why(trained: Path, words: tuple[str, ...], sentence: str) -> None:
    """Exit code 1, the sentence on stderr, nothing on stdout."""
    result = segue("--db", trained, "suggest", *words)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert sentence in result.stderr


def test_suggest_before_any_training_says_train(untrained: Path) -> None:
    """The next command stands in the sentence."""
    result = segue("--db", untrained, "suggest", CALM[0])
    assert (result.exit_code, result.stderr) == (1, "Error: no model is trained yet: run `segue train`\n")


def test_a_damaged_model_is_a_note_or_when_named_the_error(trained: Path) -> None:
    """The model after it serves."""
    (trained.with_suffix(".models") / "item-knn" / "offsets.npy").unlink()
    result = segue("--db", trained, "suggest", CALM[0], "-n", 2)
    assert result.exit_code == 0
    assert "Note: the model in" in result.stderr
    assert "train it again (segue train item-knn)" in result.stderr
    result = segue("--db", trained, "suggest", CALM[0], "--model", "item-knn")
    assert (result.exit_code, result.stdout) == (1, "")


def test_a_title_cannot_command_the_terminal(trained: Path) -> None:
    """Neither in a list, nor in a search, nor in what the words were taken for."""
    evil = song("Calm \x1b]0;owned\x07\x1b[2J\nevil", "calm \x1b[31martist", spotify_id("evil"))
    add(trained, [playlist(f"e{n}", [evil, taste_song("calm", 0)]) for n in range(9)])
    train(trained)
    for words in (("search", "evil"), ("suggest", "evil"), ("suggest", CALM[0]), ("suggest", "calm"), ("status",)):
        result = segue("--db", trained, *words)
        assert "\x1b" not in result.output
        assert "\x07" not in result.output
