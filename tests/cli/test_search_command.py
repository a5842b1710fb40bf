"""`segue search` sorted, paged, and with what is inferred, as a person and a program call it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from db.records import Album, AudioFeatures, Track
from tests.cli.running import segue
from tests.recommender.songs import add, playlist, song, spotify_id

SONGS = 12


def _song(number: int) -> Track:
    return song(f"Rain {number}", f"Duo {number}", spotify_id(f"rain{number:02d}"), album=Album("A", None, "1990"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve songs of rising fame and falling tempo, of which playlists tell rock by name."""
    path = tmp_path_factory.mktemp("search") / "s.db"
    lists = [playlist(f"p{n}", [_song(number) for number in range(n, SONGS)]) for n in range(SONGS)]
    lists = [replace(one, name="90s Rock Hits" if n % 2 else "Suomirock") for n, one in enumerate(lists)]
    features = [AudioFeatures(_song(n), tempo=180.0 - n, energy=0.9, valence=0.9) for n in range(SONGS - 1)]
    japanese = song("春の手紙", "Haru", spotify_id("haru"))
    add(path, [*lists, *features, playlist("other", [japanese])])
    return path


def _rows(database: Path, *words: str) -> list[str]:
    result = segue("--db", database, "search", *words)
    assert result.exit_code == 0, result.stderr
    return result.stdout.splitlines()


def test_what_is_sorted_by_stands_in_the_table(database: Path) -> None:
    """Written in either way, and what is not known last."""
    head, *rows = _rows(database, "rain", "--sort", "-tempo")
    assert head.split() == ["title", "·", "artists", "album", "tempo", "versions", "playlists", "id"]
    assert [row.split()[1] for row in rows] == [*map(str, range(SONGS))]
    assert rows[0].split()[-4] == "180"
    assert rows == _rows(database, "rain", "--sort", "tempo", "--descending")[1:]


def test_pages_follow_one_another(database: Path) -> None:
    whole = _rows(database, "rain", "--sort", "title")[1:]
    ids = [row.split()[-1] for row in whole]
    paged = [
        row.split()[-1]
        for page in "123"
        for row in _rows(database, "rain", "--sort", "title", "-n", "5", "--page", page)[1:]
    ]
    assert paged == ids
    beyond = segue("--db", database, "search", "rain", "--page", "7")
    assert beyond.exit_code == 1
    assert "nothing stands on page 7: there are fewer; try an earlier page" in beyond.stderr


def test_what_is_inferred_is_marked(database: Path) -> None:
    """In the table, on stderr, and in JSON."""
    result = segue("--db", database, "search", "--genre", "rock", "--country", "Finland", "-n", "2")
    assert result.exit_code == 0
    assert result.stdout.count("rock (inferred from playlist names)") == 2
    assert result.stdout.count("Finland (inferred from playlist names)") == 2
    assert "the genre of 2 of these songs is inferred from playlist names" in result.stderr
    (told,) = json.loads(segue("--db", database, "search", "rain 3", "--json").stdout)
    assert told["genres"] == ["rock"]
    assert told["country"] == "FI"
    assert told["language"] is None
    assert told["moods"] == ["happy"]
    assert told["year"] == 1990
    assert told["features"] == {"tempo": 177.0, "energy": 0.9, "valence": 0.9}
    assert told["inferred"] == {"genre": "playlist names", "country": "playlist names", "mood": "audio features"}


def test_a_genre_inferred_beside_told_ones_is_marked_alone(tmp_path: Path) -> None:
    """What was told stands before it, unmarked; and told alone leaves it out."""
    blur = song("Song 2", "Blur", spotify_id("blur"))
    told = replace(playlist("told", [blur]), name="Loud", genres=("rock",))
    add(tmp_path / "b.db", [told, *(replace(playlist(f"p{n}", [blur]), name=f"Brit Pop {n}") for n in range(3))])
    result = segue("--db", tmp_path / "b.db", "search", "--genre", "brit pop")
    assert "rock; brit pop (inferred from playlist names)" in result.stdout
    assert "a further genre of 1 of these songs is inferred from playlist names" in result.stderr
    (one,) = json.loads(segue("--db", tmp_path / "b.db", "search", "--genre", "brit pop", "--json").stdout)
    assert (one["genres"], one["further_genres"]) == (["rock"], ["brit pop"])
    assert one["inferred"] == {"further_genre": "playlist names", "country": "playlist names"}
    alone = segue("--db", tmp_path / "b.db", "search", "--genre", "brit pop", "--told-only")
    assert alone.exit_code == 1
    (rock,) = json.loads(segue("--db", tmp_path / "b.db", "search", "--genre", "rock", "--json").stdout)
    assert (rock["genres"], rock["further_genres"], "genre" in rock["inferred"]) == (["rock"], [], False)


def test_where_there_is_no_track_it_says_so(tmp_path: Path) -> None:
    add(tmp_path / "none.db", [])
    for asked in (("--sort", "year"), ("--genre", "rock")):
        result = segue("--db", tmp_path / "none.db", "search", *asked)
        assert result.exit_code == 1
        assert "there is no track here yet" in result.stderr


def test_told_only_leaves_out_what_is_inferred(database: Path) -> None:
    result = segue("--db", database, "search", "--genre", "rock", "--told-only")
    assert result.exit_code == 1
    assert "nothing that is found keeps the filters" in result.stderr
    (told,) = json.loads(segue("--db", database, "search", "rain 3", "--told-only", "--json").stdout)
    assert (told["genres"], told["country"]) == ([], None)
    assert told["inferred"] == {"mood": "audio features"}


def test_a_language_is_found_wherever_it_stands(database: Path) -> None:
    """Though its song is the least known of all."""
    head, row = _rows(database, "--language", "Japanese")
    assert "language" in head.split()
    assert "Japanese (inferred from script)" in row


def test_descending_needs_a_sort(database: Path) -> None:
    result = segue("--db", database, "search", "rain", "--descending")
    assert result.exit_code == 2
    assert "--descending goes with --sort" in result.stderr
    assert segue("--db", database, "search", "--sort", "year").exit_code == 0, "a sort alone asks for all"
