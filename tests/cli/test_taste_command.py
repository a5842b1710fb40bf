"""`segue taste`: saying what one likes, and learning from it."""

import csv
import json
from pathlib import Path

import pytest

from db.connection import open_reader
from db.thumbs import Thumb, tell, thumbs
from recommender.taste.opening import Taste
from tests.cli.running import segue
from tests.recommender.songs import NOW, add, playlist, song
from tests.recommender.thumbed import OF_ARTIST, songs_in, thumbed


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "segue.db"


@pytest.fixture
def songs(database: Path) -> dict[str, bool]:
    return songs_in(database, n_artists=12)


def _said(database: Path, listener: str = "") -> dict[str, bool]:
    with open_reader(database) as connection:
        return {thumb.track_id: thumb.liked for thumb in thumbs(connection, listener)}


def test_what_is_said_last_stands(database: Path, songs: dict[str, bool]) -> None:
    one, other = list(songs)[:2]
    assert segue("--db", database, "taste", "like", "tune 0 band 0", other).output.count("You like: ") == 2
    assert "You dislike: tune 0 · band 0" in segue("taste", "dislike", f"spotify:track:{one}", "--db", database).output
    assert _said(database) == {one: False, other: True}
    assert "You already dislike" in segue("--db", database, "taste", "dislike", one).output


def test_a_stranger_is_refused_and_nothing_is_stored(database: Path, songs: dict[str, bool]) -> None:
    done = segue("--db", database, "taste", "like", next(iter(songs)), "4" * 22)
    assert done.exit_code == 1
    assert f"there is no track {'4' * 22} here" in done.output
    assert _said(database) == {}


def test_people_are_apart(database: Path, songs: dict[str, bool]) -> None:
    one = next(iter(songs))
    segue("--db", database, "taste", "like", one, "--listener", "ann")
    segue("--db", database, "taste", "dislike", one, "--listener", "bob")
    assert (_said(database, "ann"), _said(database, "bob"), _said(database)) == ({one: True}, {one: False}, {})
    listed = json.loads(segue("--db", database, "taste", "list", "--listener", "ann", "--json").output)
    assert [(told["listener"], told["track_id"], told["liked"]) for told in listed] == [("ann", one, True)]


def test_taking_back(database: Path, songs: dict[str, bool]) -> None:
    one, other, third = list(songs)[:3]
    segue("--db", database, "taste", "like", one, other)
    done = segue("--db", database, "taste", "forget", one, third).output
    assert "taken back: tune 0" in done
    assert "nothing was said of: tune 2" in done
    assert _said(database) == {other: True}
    assert json.loads(segue("--db", database, "taste", "forget", "--all", "--json").output) == {
        "forgotten": 1,
        "taste": False,
    }
    assert "nothing was said yet" in segue("--db", database, "taste", "list").output


@pytest.mark.parametrize(
    "words", [("like",), ("forget",), ("forget", "x", "--all"), ("like", "x", "--liked-songs", "y")]
)
def test_unclear_wishes_are_refused(database: Path, songs: dict[str, bool], words: tuple[str, ...]) -> None:
    assert segue("--db", database, "taste", *words).exit_code == 2


@pytest.mark.parametrize("column", ["liked", "Like", "target", "RATING"])
def test_a_table_says_both(database: Path, songs: dict[str, bool], tmp_path: Path, column: str) -> None:
    one, other, third, fourth = list(songs)[:4]
    lines = [
        f"Track URI,Track Name,Artist Name(s),{column}",
        f"spotify:track:{one},,,1",
        f"{other},,,no",
        ",Tune 2,The Band 0,TRUE",
        f",tune 3,band {3 // OF_ARTIST},0",
    ]
    table = tmp_path / "mine.csv"
    table.write_text("\n".join(lines) + "\n")
    done = segue("--db", database, "taste", "like", "--from", table, "--json")
    assert json.loads(done.output) == {"likes": 2, "dislikes": 2, "changed": 4, "skipped": {}}
    assert _said(database) == {one: True, other: False, third: True, fourth: False}
    with open_reader(database) as connection:
        assert {thumb.source for thumb in thumbs(connection)} == {"mine.csv"}


def test_bad_rows_are_counted_and_named(database: Path, songs: dict[str, bool], tmp_path: Path) -> None:
    one = next(iter(songs))
    table = tmp_path / "mine.csv"
    table.write_text(f"liked;track\n1;{one}\nperhaps;{one}\n1;{'4' * 22}\n0;\n;{one}\n")
    done = segue("--db", database, "taste", "like", "--from", table)
    assert "Left out: 2 rows that say neither yes nor no (rows 2, 5)" in done.output
    assert "Left out: 1 songs that are not in this database (row 3)" in done.output
    assert "Left out: 1 rows with neither an id nor artist and title (row 4)" in done.output
    assert _said(database) == {one: True}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "has no rows"),
        (b"liked,track\n", "has no rows"),
        (b"track\n4\n", "no column that says what is liked"),
        (b"liked,title\n1,a\n", "names no songs"),
        (b"liked,track\n1,\xff\xfe\xfa\n", "not text in UTF-8"),
        (b'liked,track\n1,"a' + b"x" * 200_000 + b'"\n', "no table"),
    ],
)
def test_a_bad_table_is_one_line(
    database: Path, songs: dict[str, bool], tmp_path: Path, data: bytes, says: str
) -> None:
    table = tmp_path / "bad.csv"
    table.write_bytes(data)
    before = csv.field_size_limit(131_072)  # Python's own, which other libraries in this process may have raised
    done = segue("--db", database, "taste", "like", "--from", table)
    csv.field_size_limit(before)
    assert done.exit_code == 1
    assert says in done.output
    assert done.output.count("\n") == 1
    assert _said(database) == {}


def test_liked_songs_against_the_rest(database: Path, songs: dict[str, bool]) -> None:
    by_hand = next(track_id for track_id, loud in songs.items() if loud)
    segue("--db", database, "taste", "dislike", by_hand)
    segue("--db", database, "taste", "like", "--liked-songs", "loud-ones")
    said = _said(database)
    assert said[by_hand] is False
    loud = {track_id for track_id, yes in songs.items() if yes} - {by_hand}
    assert {track_id for track_id, liked in said.items() if liked} == loud
    others = {track_id for track_id, liked in said.items() if not liked} - {by_hand}
    assert others <= {track_id for track_id, yes in songs.items() if not yes}
    assert len(others) == min(len(loud) + 1, len(songs) - len(loud) - 1)
    again = json.loads(segue("--db", database, "taste", "like", "--liked-songs", "loud-ones", "--json").output)
    assert (again["likes"], again["dislikes"]) == (len(loud) + 1, len(others))
    assert _said(database) == said


def test_a_playlist_that_is_not_there_is_one_line(database: Path, songs: dict[str, bool]) -> None:
    done = segue("--db", database, "taste", "like", "--liked-songs")
    assert done.exit_code == 1
    assert 'no playlist here is called "Liked Songs"' in done.output


def test_training_keeps_a_taste_and_says_why(database: Path) -> None:
    liked = thumbed(database)
    done = segue("--db", database, "taste", "train", "--learners", "decision-tree")
    assert "* decision-tree" in done.output
    assert "same artist" in done.output
    assert f"learned from {sum(liked.values())} likes" in done.output
    assert Taste.open(database).report.likes == sum(liked.values())
    told = json.loads(segue("--db", database, "taste", "train", "--learners", "decision-tree", "--json").output)
    assert told["best"]["learner"] == "decision-tree"
    assert "no model is trained yet" in segue("--db", database, "status").output


def test_training_on_too_little_leaves_the_taste_before(database: Path) -> None:
    liked = thumbed(database)
    segue("--db", database, "taste", "train", "--learners", "decision-tree")
    segue("--db", database, "taste", "forget", *list(liked)[:-8])
    done = segue("--db", database, "taste", "train")
    assert done.exit_code == 1
    assert "to learn from and 10 are needed" in done.output
    assert Taste.open(database).report.likes == sum(liked.values())


def test_forgetting_everything_forgets_the_taste(database: Path) -> None:
    thumbed(database)
    segue("--db", database, "taste", "train", "--learners", "decision-tree")
    assert "and the taste that was learned" in segue("--db", database, "taste", "forget", "--all").output


def test_an_unknown_learner_is_named(database: Path) -> None:
    done = segue("--db", database, "taste", "train", "--learners", "svc,oracle")
    assert done.exit_code == 2
    assert "there is no learner oracle" in done.output


def test_a_song_that_is_gone_is_still_listed(database: Path, songs: dict[str, bool]) -> None:
    tell(database, [Thumb("", "4" * 22, True, "by hand", NOW)])
    assert "(no longer here)" in segue("--db", database, "taste", "list").output


def test_a_made_up_id_stands_for_the_song_at_spotify(database: Path, songs: dict[str, bool]) -> None:
    local = song("tune 5", f"band {5 // OF_ARTIST}")
    add(database, [playlist("local", [local])])
    segue("--db", database, "taste", "like", local.track_id)
    assert _said(database) == {list(songs)[5]: True}


@pytest.mark.parametrize("stars", ["5", "4.5", "2"])
def test_stars_are_no_likes(database: Path, songs: dict[str, bool], tmp_path: Path, stars: str) -> None:
    one, other = list(songs)[:2]
    table = tmp_path / "stars.csv"
    table.write_text(f"track,rating\n{one},1\n{other},{stars}\n")
    done = segue("--db", database, "taste", "like", "--from", table)
    assert done.exit_code == 1
    assert f'the column "rating" holds {stars}, so that 1 may be no like' in done.output
    assert _said(database) == {}


def test_a_title_with_a_line_separator_is_one_row(database: Path, songs: dict[str, bool], tmp_path: Path) -> None:
    one = next(iter(songs))
    table = tmp_path / "mine.csv"
    table.write_text(f"title,track,artist,liked\ntune\u2028and\x0cmore,{one},someone,1\n", encoding="utf-8")
    assert "Left out" not in segue("--db", database, "taste", "like", "--from", table).output
    assert _said(database) == {one: True}


def test_what_was_said_of_a_song_that_is_gone_can_be_taken_back(database: Path, songs: dict[str, bool]) -> None:
    gone, here = "4" * 22, next(iter(songs))
    tell(database, [Thumb("", track_id, True, "by hand", NOW) for track_id in (gone, here)])
    done = segue("--db", database, "taste", "forget", gone, "tune 0 band 0")
    assert "taken back: (no longer here)" in done.output
    assert "taken back: tune 0 · band 0" in done.output
    assert _said(database) == {}


def test_no_file_name_commands_the_terminal(database: Path, songs: dict[str, bool]) -> None:
    tell(database, [Thumb("", next(iter(songs)), True, "a\x1b[31m\nb.csv", NOW)])
    done = segue("--db", database, "taste", "list")
    assert "a[31m b.csv" in done.output


@pytest.mark.parametrize("words", [("list",), ("train",), ("report",), ("forget", "--all"), ("like", "tune 0 band 0")])
def test_a_name_that_is_no_text_is_one_line(database: Path, songs: dict[str, bool], words: tuple[str, ...]) -> None:
    done = segue("--db", database, "taste", *words, "--listener", "ann\udcff")
    assert done.exit_code == 1
    assert "a name or a word holds what is no text in UTF-8" in done.output
    assert "Traceback" not in done.output
