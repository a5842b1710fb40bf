"""The options of every command that makes a list, as a person or a program calls them."""

import asyncio
import csv
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from crawler.token import READ_SCOPES, WRITE_SCOPES
from db.connection import open_reader
from db.records import Play
from db.song_facts import song_facts
from db.suggested import lately
from demo.spotify import serving
from demo.spotify.serving import Options
from recommender.lists.reasons import Reason
from recommender.suggest import NO_SPACE
from tests.cli.running import environment, process, segue
from tests.crawler.small import at, log_in, song_id
from tests.crawler.test_export import _look
from tests.db.conftest import mount  # noqa: F401 - a fixture
from tests.db.test_lock import child
from tests.recommender.listening import add_plays
from tests.recommender.songs import NOW, add, playlist, song, taste_song, train
from tests.recommender.test_reasons import hold
from tests.recommender.varied import every_version, varied

SEED, OTHER = varied("calm", 9), varied("calm", 11)


@pytest.fixture
def database(furnished: Path) -> Path:
    return furnished


def listed(database: Path, *words: object, command: str = "suggest") -> list[str]:
    """Give the ids that a command suggests."""
    result = segue("--db", database, command, *words, "--json")
    assert result.exit_code == 0, result.stderr
    return [one["track_id"] for one in json.loads(result.stdout)["suggestions"]]


def remembered(database: Path) -> frozenset[str]:
    with open_reader(database) as connection:
        return lately(connection, 2_000_000_000, days=20_000)


# the same, and not the same again


@pytest.mark.parametrize("words", [(), ("--vary", 3), ("--diversity", 0.5, "--order", "smooth"), ("--title", "loud")])
@pytest.mark.parametrize("form", ["table", "json", "csv", "uris"])
def test_the_same_command_gives_the_same_list_again(database: Path, form: str, words: Sequence[object]) -> None:
    """Though it was remembered in between; and nobody is told that playlists changed."""
    first, again = (segue("--db", database, "suggest", SEED.track_id, "--format", form, *words) for _ in range(2))
    assert first.exit_code == 0
    assert (first.stdout, first.stderr) == (again.stdout, again.stderr)
    assert "changed" not in first.stderr


def test_fresh_leaves_out_what_was_suggested_before(database: Path) -> None:
    """In any version, also what `continue` suggested; a seed may have been suggested."""
    first = listed(database, SEED.track_id, "-n", 6)
    assert remembered(database) == set(first)
    second = listed(database, SEED.track_id, "-n", 6, "--fresh")
    assert len(second) == 6
    third = listed(database, "calm evening 1", "-n", 6, "--fresh", command="continue")
    fourth = listed(database, first[0], "-n", 6, "--fresh", "--versions")
    assert len({*first, *second, *third, *fourth}) == 24
    with closing(sqlite3.connect(database)) as connection:
        names = dict(connection.execute("SELECT track_id, name FROM tracks").fetchall())
    songs = [names[one].partition(" (")[0].partition(" - ")[0] for one in (*first, *second)]
    assert len(set(songs)) == 12
    assert listed(database, SEED.track_id, "-n", 6) == first
    assert segue("--db", database, "purge", "--suggested").exit_code == 0
    assert listed(database, SEED.track_id, "-n", 6, "--fresh") == first


def test_what_is_not_written_is_not_remembered(database: Path, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("mine")
    assert segue("--db", database, "suggest", SEED.track_id, "-o", tmp_path / "there.csv").exit_code == 1
    assert segue("--db", database, "suggest", SEED.track_id, "--model", "nope").exit_code == 1
    assert remembered(database) == frozenset()


def test_each_number_gives_a_list_of_its_own(database: Path) -> None:
    found = [listed(database, SEED.track_id, "--vary", number) for number in (0, 1, 2, 1)]
    assert found[1] == found[3]
    assert len({tuple(one) for one in found}) == 3
    again = process("suggest", SEED.track_id, "--vary", 1, "--json", "--db", database, env=environment())
    assert [one["track_id"] for one in json.loads(again.stdout)["suggestions"]] == found[1]


def test_a_database_that_is_being_written_or_cannot_be_still_suggests(database: Path) -> None:
    """Without a word: what is remembered is no person's concern."""
    wanted = segue("--db", database, "suggest", SEED.track_id)
    with child("hold", database, "holding"):
        busy = segue("--db", database, "suggest", SEED.track_id)
    assert (busy.exit_code, busy.stdout, busy.stderr) == (0, wanted.stdout, wanted.stderr)
    database.chmod(0o444)
    database.parent.chmod(0o555)
    try:
        locked = process("suggest", SEED.track_id, "--db", database, env=environment())
        assert (locked.returncode, locked.stdout, locked.stderr) == (0, wanted.stdout, wanted.stderr)
    finally:
        database.parent.chmod(0o755)


# blocks


@pytest.mark.parametrize("words", [(SEED.track_id,), ("--title", "calm evening"), (SEED.track_id, "--versions")])
def test_what_is_blocked_does_not_come_until_it_is_let_in_again(database: Path, words: tuple[str, ...]) -> None:
    before = segue("--db", database, "suggest", *words, "-n", 30, "--json")
    track, artist = varied("calm", 2), "calm artist 5"
    assert segue("--db", database, "block", track.track_id).exit_code == 0
    assert segue("--db", database, "block", "--artist", artist).exit_code == 0
    told = json.loads(segue("--db", database, "suggest", *words, "-n", 30, "--json").stdout)["suggestions"]
    assert told
    assert not {one["track_id"] for one in told} & {one.track_id for one in every_version("calm", 2)}
    assert not any(artist in one["artists"] for one in told)
    assert segue("--db", database, "block", "--remove", track.track_id).exit_code == 0
    assert segue("--db", database, "block", "--remove", "--artist", artist).exit_code == 0
    assert segue("--db", database, "suggest", *words, "-n", 30, "--json").stdout == before.stdout


# filters and dials


def test_filters_and_how_far_they_looked_are_told(database: Path) -> None:
    result = segue("--db", database, "suggest", SEED.track_id, "--clean", "--year", "1990..1999", "-n", 100, "--json")
    told = json.loads(result.stdout)
    found = [one["track_id"] for one in told["suggestions"]]
    with open_reader(database) as connection:
        facts = song_facts(connection, found)
    assert found
    assert all(fact.explicit is False and fact.year in range(1990, 2000) for fact in facts.values())
    for beginning in ("left out ", "looked through the best ", "no more than these "):
        (note,) = (note for note in told["notes"] if note.startswith(beginning) and "year" not in note)
        assert f"Note: {note}\n" in result.stderr
    kept = segue("--db", database, "suggest", SEED.track_id, "--clean", "--keep-unknown", "-n", 100)
    assert "left out" not in kept.stderr


def test_a_filter_that_nobody_keeps_is_no_crash(database: Path, tmp_path: Path) -> None:
    """An empty list in every form, and a sentence."""
    for form in ("table", "json", "csv", "m3u8", "jspf", "uris"):
        result = segue(
            "--db", database, "suggest", SEED.track_id, "--year", 1700, "--format", form, "--order", "smooth", "--why"
        )
        assert result.exit_code == 1
        assert "Note: nothing can be suggested: wish for less" in result.stderr
        assert "Suggested by" not in result.stderr
    assert segue("--db", database, "suggest", SEED.track_id, "--year", 1700, "-o", tmp_path / "a.m3u8").exit_code == 1
    assert not (tmp_path / "a.m3u8").exists()


def test_what_was_played_does_not_come(database: Path) -> None:
    """Whose plays are meant is asked where it is not clear."""
    nobody = segue("--db", database, "suggest", SEED.track_id, "--unheard")
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert "nobody's plays are here" in nobody.stderr
    first = listed(database, SEED.track_id)
    add_plays(database, [Play("Ada", varied("calm", number), 1, NOW) for number in range(12)])
    assert not set(listed(database, SEED.track_id, "--unheard", "--listener", "ada")) & set(first[:1])
    heard = {one.track_id for number in range(12) for one in every_version("calm", number)}
    assert not heard & set(listed(database, SEED.track_id, "--unheard", "-n", 30))
    add_plays(database, [Play("Bo", OTHER, 1, NOW)], "another log")
    both = segue("--db", database, "suggest", SEED.track_id, "--unheard")
    assert both.exit_code == 1
    assert "several people's plays are here; name one of them: Ada, Bo" in both.stderr


def test_diversity_without_a_space_is_one_note(trained: Path) -> None:
    result = segue("--db", trained, "suggest", taste_song("calm", 0).track_id, "--diversity", 0.8, "-n", 28)
    assert result.exit_code == 0
    assert result.stderr.count(NO_SPACE) == 1


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--popularity", "nan"), "nan is no number"),
        (("--diversity", "nan"), "nan is no number"),
        (("--popularity", "1.5"), "1.5 is not in the range -1<=x<=1"),
        (("--diversity", "-0.1"), "-0.1 is not in the range 0<=x<=1"),
        (("--vary", "-1"), "-1 is not in the range x>=0"),
        (("--vary", "some"), "'some' is not a valid integer"),
        (("--order", "odd"), "'odd' is not one of 'best', 'smooth'"),
        (("--listener", "ada"), "--listener goes with --unheard"),
        (("--year", "1999..1990"), "1999"),
        (("--format", "xml"), "'xml' is not one of"),
    ],
)
@pytest.mark.parametrize("command", ["suggest", "continue"])
def test_a_wrong_value_is_a_sentence(database: Path, command: str, words: tuple[str, ...], sentence: str) -> None:
    result = segue("--db", database, command, SEED.track_id if command == "suggest" else "calm evening 1", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in " ".join(result.stderr.split())


# plain


@pytest.mark.parametrize(
    ("words", "called"),
    [
        (("--unlike", OTHER.track_id), "--unlike"), (("--popularity", "0.5"), "--popularity"),
        (("--diversity", "0.5"), "--diversity"), (("--per-artist", "3"), "--per-artist"),
        (("--versions",), "--versions"),
        (("--unheard",), "--unheard"), (("--fresh",), "--fresh"), (("--vary", "1"), "--vary"),
        (("--order", "smooth"), "--order"), (("--why",), "--why"), (("--clean",), "--explicit/--clean"),
        (("--year", "1990"), "--year"), (("--genre", "rock"), "--genre"), (("--not-genre", "rock"), "--not-genre"),
        (("--tempo", "90..100"), "--tempo"), (("--key", "Am"), "--key"), (("--mode", "minor"), "--mode"),
        (("--keep-unknown",), "--keep-unknown"),
    ],
)  # fmt: skip
def test_beside_plain_another_choice_is_refused_by_name(database: Path, words: tuple[str, ...], called: str) -> None:
    """Rather than passed over in silence."""
    result = segue("--db", database, "suggest", SEED.track_id, "--plain", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"--plain is the model's own order, in which {called} cannot count: leave one out" in result.stderr


def test_plain_goes_with_all_that_does_not_choose(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    words = ["--plain", "-n", 5, "--model", "item-knn", "--title", "calm", "--like", OTHER.track_id]
    assert segue("--db", database, "suggest", SEED.track_id, *words, "-o", path, "--force").exit_code == 0
    assert len(listed(database, SEED.track_id, *words)) == 5
    assert segue("--db", database, "suggest", "--title", "calm", "--plain").exit_code == 0


# what is written


def test_the_name_of_the_file_tells_the_form(database: Path, tmp_path: Path) -> None:
    """Unless the form is named; what is there is replaced only by force."""
    shown = segue("--db", database, "suggest", SEED.track_id, "--json").stdout
    for command, first in (("suggest", SEED.track_id), ("continue", "calm evening 2")):
        wanted = listed(database, first, "-n", 5, command=command)
        holds = {
            "a.csv": lambda text: [row["Track URI"][-22:] for row in csv.DictReader(text.splitlines())],
            "a.JSON": lambda text: [one["track_id"] for one in json.loads(text)["suggestions"]],
            "a.txt": lambda text: [line.removeprefix("spotify:track:") for line in text.splitlines()],
        }
        for name, read in holds.items():
            path = tmp_path / name
            done = segue("--db", database, command, first, "-n", 5, "-o", path)
            assert (done.exit_code, done.stdout) == (0, "")
            assert f"{path} holds 5 songs\n" in done.stderr
            if name != "a.csv":
                assert read(path.read_text()) == wanted
            before = path.read_bytes()
            refused = segue("--db", database, command, first, "-n", 2, "-o", path)
            assert (refused.exit_code, path.read_bytes()) == (1, before)
            assert f"{path} is there already: --force replaces it" in refused.stderr
            assert segue("--db", database, command, first, "-n", 2, "-o", path, "--force").exit_code == 0
            assert path.read_bytes() != before
            path.unlink()
        for name, beginning in (("a.m3u8", "#EXTM3U"), ("a.m3u", "#EXTM3U"), ("a.jspf", '{\n "playlist"')):
            segue("--db", database, command, first, "-o", tmp_path / name, "--force")
            assert (tmp_path / name).read_text().startswith(beginning)
    for more in (["--json"], ["--format", "json"]):
        path = tmp_path / f"b{len(more)}.csv"
        assert segue("--db", database, "suggest", SEED.track_id, "-o", path, *more).stdout == ""
        assert path.read_text() == shown


@pytest.mark.parametrize("name", ["l.xml", "noext", ".csv", "l.db"])
@pytest.mark.parametrize("command", ["suggest", "continue"])
def test_a_name_that_tells_no_format_is_refused(database: Path, tmp_path: Path, command: str, name: str) -> None:
    """Rather than filled with a table; a format that is named goes into any name."""
    words = ("--db", database, command, SEED.track_id if command == "suggest" else "calm evening 2", "-n", 1)
    refused = segue(*words, "-o", tmp_path / name)
    assert (refused.exit_code, refused.stdout) == (2, "")
    cure = f"the name {name} tells no format: add --format, or end it in .m3u8, .jspf, .csv, .json or .txt"
    assert cure in " ".join(refused.stderr.split())
    assert not (tmp_path / name).exists()
    assert remembered(database) == frozenset()
    for form in ("table", "csv"):
        done = segue(*words, "-o", tmp_path / name, "--format", form, "--force")
        assert done.exit_code == 0
        assert f"{tmp_path / name} holds 1 song\n" in done.stderr


@pytest.mark.parametrize("words", [("-o", ""), ("-o", "", "--format", "csv"), ("-o", "", "--json")])
def test_no_name_at_all_is_wrong_usage(database: Path, words: tuple[str, ...]) -> None:
    result = segue("--db", database, "suggest", SEED.track_id, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "name the file to write (-o FILE), or leave -o out" in result.stderr


def test_a_full_disk_is_that_of_the_list(database: Path, mount: Callable[[str], Path]) -> None:  # noqa: F811
    disk = mount("4k")
    (disk / "full").write_bytes(bytes(4096))
    for command, first in (("suggest", SEED.track_id), ("continue", "calm evening 2")):
        result = segue("--db", database, command, first, "-n", 50, "-o", disk / "a.json")
        assert result.exit_code == 1
        assert f"Error: the disk of {disk} is full: make room, or name another place (-o PATH)\n" in result.stderr


def test_a_dash_is_stdout(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table, dashed = (
        segue("--db", database, "suggest", SEED.track_id),
        segue("--db", database, "suggest", SEED.track_id, "-o", "-"),
    )
    assert (dashed.stdout, dashed.stderr) == (table.stdout, table.stderr)
    assert not (tmp_path / "-").exists()


def test_why_gives_queries_that_the_database_confirms(database: Path) -> None:
    """In the JSON one for each reason; in the table each under its reason."""
    words = ["suggest", SEED.track_id, OTHER.track_id, "--why", "-n", 12, "--title", "calm"]
    told = json.loads(segue("--db", database, *words, "--json").stdout)["suggestions"]
    table = segue("--db", database, *words).stdout.splitlines()
    with closing(sqlite3.connect(database)) as connection:
        for one in told:
            assert len(one["reasons"]) == len(one["checks"]) >= 1
            for text, check in zip(one["reasons"], one["checks"], strict=True):
                hold(connection, Reason(text, check))
                assert f"        {check}" in table
                assert table[table.index(f"        {check}") - 1].strip()
    without = json.loads(segue("--db", database, "suggest", SEED.track_id, "--json").stdout)["suggestions"]
    assert not any("checks" in one for one in without)


# continue


def test_a_playlist_is_continued_with_every_choice(database: Path) -> None:
    """Its name counts unless it is to be left out, and what it holds does not come in any version."""
    name = "calm evening 3"
    with closing(sqlite3.connect(database)) as connection:
        held = (
            "SELECT t.name FROM playlists p JOIN playlist_entries e ON e.playlist_key = p.key "
            "JOIN tracks t ON t.key = e.track_key WHERE p.name = ?"
        )
        songs = {row[0].partition(" (")[0].partition(" - ")[0] for row in connection.execute(held, [name])}
        names = dict(connection.execute("SELECT track_id, name FROM tracks").fetchall())
    for words in (
        (),
        ("--clean",),
        ("--vary", 2, "--popularity", -1),
        ("--order", "smooth"),
        ("--no-title", "--diversity", 1),
    ):
        found = listed(database, name, "-n", 8, *words, command="continue")
        assert len(found) == 8
        assert not songs & {names[one].partition(" (")[0].partition(" - ")[0] for one in found}
    assert f'the title "{name}" counts too' in segue("--db", database, "continue", name).stderr
    assert "counts too" not in segue("--db", database, "continue", name, "--no-title").stderr


def test_the_end_of_a_long_playlist_weighs_more(database: Path) -> None:
    """Thirty tracks, of which the last ten are of the other taste."""
    mixed = [*(varied("calm", number) for number in range(1, 20)), *(varied("loud", number) for number in range(1, 12))]
    add(database, [playlist("onwards", mixed), playlist("backwards", mixed[::-1])])
    train(database, ["item-knn"])
    words = ("-n", 10, "--no-title", "--model", "item-knn")
    loud = [
        sum(one.startswith("loud") for one in listed(database, name, *words, command="continue"))
        for name in ("onwards", "backwards")
    ]
    assert loud[0] >= loud[1]
    onwards, backwards = (listed(database, name, *words, command="continue") for name in ("onwards", "backwards"))
    assert onwards != backwards


# to Spotify


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[serving.Places]:
    with serving.serving(Options(regime="RESTRICTED", playlists=60)) as service:
        at(service, tmp_path, monkeypatch)
        log_in(service, tmp_path, monkeypatch, READ_SCOPES + WRITE_SCOPES)
        yield service


def test_suggest_and_continue_make_playlists_at_spotify(service: serving.Places, tmp_path: Path) -> None:
    """Of the songs of the list, in its order; beside the file or the list that is written."""
    songs = [song(f"Song {n}", f"Artist {n}", song_id(service, n)) for n in range(12)]
    own = song("Mine", "Me")
    add(tmp_path / "s.db", [playlist(f"list {n}", [songs[0], own, *songs[n : n + 5]]) for n in range(1, 7)])
    train(tmp_path / "s.db")
    made = []
    for words in (("suggest", songs[0].track_id), ("continue", "list 3", "-o", tmp_path / "out.json")):
        done = segue("--db", tmp_path / "s.db", *words, "--json", "-n", 6, "--to-spotify", "Mix", "--per-artist", 2)
        assert done.exit_code == 0, done.stderr
        told = json.loads(done.stdout or (tmp_path / "out.json").read_text())["suggestions"]
        made.append([one["track_id"] for one in told if not one["track_id"].startswith("x:")])
        assert f"Mix, {len(made[-1])} tracks: https://open.spotify.com/playlist/" in done.stderr
    assert len(made[0]) == 5
    assert sorted(asyncio.run(_look(service))) == sorted(made)
    assert segue("--db", tmp_path / "s.db", "continue", "list 3", "--public").exit_code == 2
