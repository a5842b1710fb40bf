"""`segue export parquet`: the tables hold what models learn from here, number for number."""

import json
import os
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from db import collection, read
from db.records import Album, Play
from recommender.load import load
from recommender.writing import parquet as writing
from tests.cli.running import segue
from tests.recommender.listening import add_plays
from tests.recommender.songs import add, playlist, song, spotify_id, taste_playlists

if not find_spec("pyarrow") and not os.environ.get("CI"):
    pytest.skip("pyarrow is not installed: pip install 'segue[spark]'", allow_module_level=True)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Links, repeats, empty playlists, a name in another script, dates, and tracks that were only played."""
    path = tmp_path / "s.db"
    one = song("Song 1", "Artist", spotify_id("one"), album=Album("Album 1"))
    two, three = song("Song 2", "Artist", spotify_id("two")), song("Song 3", "Other", spotify_id("three"))
    odd = [playlist("odd-1", [song("song 1", "ARTIST"), two, two]), playlist("odd-2", [one, three, one])]
    add(path, [*taste_playlists(), playlist("a-empty", []), *odd])
    add(path, [replace(playlist("dated", [three, two]), name="夜に", modified_at=1_600_000_000)])
    only_played = song("Song 4", "Nobody", spotify_id("four"))
    add_plays(path, [Play("al", only_played, 3, None), Play("al", one, 2, 1_600_000_000), Play("bo", two, 1, None)])
    return path


def _column(folder: Path, table: str, name: str) -> list[Any]:
    from pyarrow import parquet

    values: list[Any] = parquet.read_table(folder / table)[name].to_pylist()
    return values


def _same_as_the_corpus(database: Path, folder: Path) -> None:
    content, corpus = load(database)
    lengths = np.diff(corpus.offsets)
    n_tracks, n_playlists = corpus.n_tracks, corpus.n_playlists
    told = json.loads((folder / "manifest.json").read_text())
    assert told == {
        "playlists": n_playlists, "tracks": n_tracks, "entries": corpus.n_entries, "content": content,
        "corpus": corpus.fingerprint(), "format": 1,
    }  # fmt: skip
    assert _column(folder, "tracks", "track_no") == list(range(n_tracks))
    assert _column(folder, "tracks", "track_id") == corpus.vocabulary.raw_ids(np.arange(n_tracks))
    assert _column(folder, "tracks", "playlist_count") == corpus.playlist_counts.tolist()
    assert _column(folder, "tracks", "artist_no") == corpus.artists.tolist()
    assert _column(folder, "tracks", "album_no") == corpus.albums.tolist()
    assert _column(folder, "playlists", "playlist_no") == list(range(n_playlists))
    assert _column(folder, "playlists", "name") == list(corpus.names)
    assert _column(folder, "playlists", "modified_at") == corpus.dates.tolist()
    assert _column(folder, "playlists", "length") == lengths.tolist()
    assert _column(folder, "entries", "playlist_no") == np.repeat(np.arange(n_playlists), lengths).tolist()
    assert _column(folder, "entries", "position") == [place for length in lengths for place in range(length)]
    assert _column(folder, "entries", "track_no") == corpus.entries.tolist()


def test_the_tables_are_the_corpus(database: Path, tmp_path: Path) -> None:
    result = segue("--db", database, "export", "parquet", tmp_path / "out")
    assert result.exit_code == 0
    assert "43 playlists" in result.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "entries",
        "manifest.json",
        "playlists",
        "tracks",
    ]
    _same_as_the_corpus(database, tmp_path / "out")


def test_small_blocks_and_parts_hold_the_same(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever a block of rows ends: within a playlist, after one, or far behind it."""
    for rows in (1, 3, 7):
        monkeypatch.setattr(read, "_FETCH", rows)
        monkeypatch.setattr(collection, "_FETCH", rows)
        monkeypatch.setattr("recommender.streaming._TRACKS_AT_ONCE", rows)
        monkeypatch.setattr(writing, "ROWS_PER_PART", 10)
        folder = tmp_path / f"out{rows}"
        assert segue("--db", database, "export", "parquet", folder).exit_code == 0
        assert len(list((folder / "entries").iterdir())) > 10
        _same_as_the_corpus(database, folder)


def test_an_empty_database_gives_empty_tables(tmp_path: Path) -> None:
    add(tmp_path / "s.db", [])
    assert segue("--db", tmp_path / "s.db", "export", "parquet", tmp_path / "out").exit_code == 0
    _same_as_the_corpus(tmp_path / "s.db", tmp_path / "out")


def test_only_an_earlier_export_is_replaced_and_only_by_force(database: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "out", tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("Dear")
    assert segue("--db", database, "export", "parquet", out).exit_code == 0
    (out / "entries" / "part-00009.parquet").write_text("of another one")
    refused = segue("--db", database, "export", "parquet", out)
    assert (refused.exit_code, "--force" in refused.stderr) == (1, True)
    forced = segue("--db", database, "export", "parquet", out, "--force")
    assert forced.exit_code == 0
    _same_as_the_corpus(database, out)
    foreign = segue("--db", database, "export", "parquet", other, "--force")
    assert (foreign.exit_code, (other / "letter.txt").read_text()) == (1, "Dear")
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.startswith("s.")) == ["other", "out"]


def test_what_fails_leaves_the_earlier_export(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    assert segue("--db", database, "export", "parquet", out).exit_code == 0
    before = (out / "manifest.json").read_bytes()

    def full(*_words: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_write_part", full)
    result = segue("--db", database, "export", "parquet", out, "--force")
    assert (result.exit_code, "is full" in result.stderr) == (1, True)
    assert (out / "manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


@pytest.mark.parametrize("words", [[], ["out", "-o", "out2"], ["out", "--relative"]])
def test_it_takes_a_folder_and_nothing_else(database: Path, words: list[str]) -> None:
    result = segue("--db", database, "export", "parquet", *words)
    assert (result.exit_code, "parquet takes a folder" in result.stderr) == (2, True)


def test_json_says_what_was_written(database: Path, tmp_path: Path) -> None:
    result = segue("--db", database, "export", "parquet", tmp_path / "out", "--json")
    told = json.loads(result.stdout)
    assert told.pop("folder") == str(tmp_path / "out")
    assert told == json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))


def test_json_is_for_the_tables(database: Path, tmp_path: Path) -> None:
    result = segue("--db", database, "export", "m3u8", "-o", tmp_path / "out", "--json")
    assert (result.exit_code, "segue export json" in result.stderr) == (2, True)
