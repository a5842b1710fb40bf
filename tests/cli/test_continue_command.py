"""`segue continue`, of a playlist that is stored and of files of each kind."""

import gzip
import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from click.testing import Result

from db.records import Track
from tests.cli.running import segue
from tests.recommender.songs import add, playlist, song, spotify_id, taste_song, train

CALM = [taste_song("calm", n) for n in range(15)]
HELD = CALM[:5]
STRANGER = song("Nobody Knows This", "Who Ever", spotify_id("stranger"))


def _mpd(tracks: Sequence[Track]) -> str:
    told = [
        {"track_uri": f"spotify:track:{t.track_id}", "track_name": t.name, "artist_name": t.artists[0].name}
        for t in tracks
    ]
    return json.dumps({"playlists": [{"name": "evening", "pid": 7, "tracks": told}]})


def _export(tracks: Sequence[Track]) -> str:
    items = [
        {"track": {"trackName": t.name, "artistName": t.artists[0].name, "trackUri": f"spotify:track:{t.track_id}"}}
        for t in tracks
    ]
    return json.dumps({"playlists": [{"name": "evening", "lastModifiedDate": "2024-01-01", "items": items}]})


def _jspf(tracks: Sequence[Track]) -> str:
    told = [{"title": t.name, "creator": t.artists[0].name} for t in tracks]
    return json.dumps({"playlist": {"title": "evening", "track": told}})


def _exportify(tracks: Sequence[Track]) -> str:
    rows = [f'spotify:track:{t.track_id},"{t.name}","{t.artists[0].name}",2024-01-01T00:00:00Z' for t in tracks]
    return "\n".join(["Track URI,Track Name,Artist Name(s),Added At", *rows])


def _m3u8(tracks: Sequence[Track]) -> str:
    rows = [f"#EXTINF:200,{t.artists[0].name} - {t.name}\n/music/{n}.mp3" for n, t in enumerate(tracks)]
    return "\n".join(["#EXTM3U", "#PLAYLIST:evening", *rows, ""])


FILES: dict[str, Callable[[Sequence[Track]], str]] = {
    "evening.m3u8": _m3u8,
    "evening.csv": _exportify,
    "evening.jspf": _jspf,
    "Playlist1.json": _export,
    "mpd.slice.0-0.json": _mpd,
}


def _continued(database: Path, *words: object) -> tuple[Result, list[str]]:
    result = segue("--db", database, "continue", *words, "--json")
    assert result.exit_code == 0, result.stderr
    return result, [one["track_id"] for one in json.loads(result.stdout)["suggestions"]]


def _refused(database: Path, *words: object) -> str:
    result = segue("--db", database, "continue", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    return result.stderr.removeprefix("Error: ").removesuffix("\n")


@pytest.mark.parametrize("filename", FILES)
def test_a_file_of_each_kind_is_continued(trained: Path, tmp_path: Path, filename: str) -> None:
    """By id where it tells one, else by artist and title; nothing that it holds comes, and it is not imported."""
    path = tmp_path / filename
    path.write_text(FILES[filename]([*HELD, STRANGER]), encoding="utf-8")
    before = segue("--db", trained, "stats", "--json").stdout
    result, found = _continued(trained, path, "-n", 10)
    assert set(found) <= {t.track_id for t in CALM[5:]}
    assert len(found) == 10
    assert json.loads(result.stdout)["seeds"] == [t.track_id for t in HELD]
    assert 'Continuing "evening", 6 tracks:' in result.stderr
    assert "1 of 6 tracks is not known here: Nobody Knows This · Who Ever\n" in result.stderr
    assert segue("--db", trained, "stats", "--json").stdout == before


@pytest.mark.parametrize("packing", ["gz", "zip"])
def test_a_packed_file_is_continued(trained: Path, tmp_path: Path, packing: str) -> None:
    path, content = tmp_path / f"evening.m3u8.{packing}", _m3u8(HELD)
    if packing == "gz":
        path.write_bytes(gzip.compress(content.encode()))
    else:
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("lists/evening.m3u8", content)
            archive.writestr("readme.txt", "nothing")
    assert set(_continued(trained, path)[1]) <= {t.track_id for t in CALM[5:]}


def test_another_version_in_a_file_stands_for_the_song(trained: Path, tmp_path: Path) -> None:
    """A remaster that is not here speaks for the original, which then does not come either."""
    path = tmp_path / "mine.m3u"
    remasters = [song(f"{t.name} - Remastered 2011", t.artists[0].name) for t in HELD]
    path.write_text(_m3u8(remasters), encoding="utf-8")
    result, found = _continued(trained, path, "-n", 15)
    assert json.loads(result.stdout)["seeds"] == [t.track_id for t in HELD]
    assert not set(found) & {t.track_id for t in HELD}
    assert "not known" not in result.stderr


def test_of_several_playlists_in_a_file_one_is_chosen_by_name_or_id(trained: Path, tmp_path: Path) -> None:
    told = json.loads(_mpd(HELD))
    loud = json.loads(_mpd([taste_song("loud", n) for n in range(5)]))["playlists"][0]
    told["playlists"] += [{**loud, "name": "Café!", "pid": 8}, {**loud, "name": "Twice", "pid": 9}]
    told["playlists"] += [{**told["playlists"][0], "name": "Twice", "pid": 10}]
    path = tmp_path / "mpd.slice.0-3.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert _refused(trained, path) == (
        f"{path}: it holds 4 playlists; say which: --playlist NAME: evening (5), Café! (5), Twice (5), Twice (5)"
    )
    result, found = _continued(trained, path, "--playlist", "CAFE", "-n", 3)
    assert 'Continuing "Café!", 5 tracks:' in result.stderr
    assert all(track_id.startswith("loud") for track_id in found)
    assert f'{path}: it holds no playlist called "morning"; there are evening' in _refused(
        trained, path, "--playlist", "morning"
    )
    twice = _refused(trained, path, "--playlist", "Twice")
    assert twice.startswith(
        f'{path}: 2 of its playlists are called "Twice"; say which by its id: --playlist ID: mpd:9:'
    )
    by_id = twice.split("--playlist ID: ")[1].split(" ")[0]
    assert all(one.startswith("loud") for one in _continued(trained, path, "--playlist", by_id, "-n", 3)[1])


def test_a_stored_playlist_is_continued_by_id_or_name(trained: Path) -> None:
    """None of its own tracks comes, nor another version of one."""
    remaster = song(f"{HELD[0].name} (Live)", HELD[0].artists[0].name, spotify_id("liveone"))
    add(trained, [playlist("My Evening", [*HELD, HELD[0]]), playlist("other", [remaster, *HELD[1:], *CALM[6:9]])])
    train(trained)
    for words in ("My Evening", "my evening", "MY-EVENING"):
        result, found = _continued(trained, words, "-n", 10)
        assert 'Continuing "My Evening", 5 tracks:' in result.stderr
        assert json.loads(result.stdout)["seeds"] == [t.track_id for t in HELD]
        assert not set(found) & {remaster.track_id, *(t.track_id for t in HELD)}
        assert len(found) == 10


def test_playlists_of_one_name_are_listed(trained: Path) -> None:
    add(trained, [playlist("Mix", HELD), playlist("mix", CALM[:3])])
    told = _refused(trained, "MIX")
    assert told.splitlines()[0] == '2 playlists are called "MIX"; say which, by its id:'
    assert [line.split()[0] for line in told.splitlines()[1:]] == ["Mix", "mix"]


def test_the_title_counts_unless_it_is_not_to(trained: Path, tmp_path: Path) -> None:
    train(trained, ["title"])
    path = tmp_path / "loud.m3u8"
    path.write_text(_m3u8(HELD).replace("evening", "loud-3"), encoding="utf-8")
    assert 'the title "loud-3" counts too' in _continued(trained, path)[0].stderr
    assert "title" not in _continued(trained, path, "--no-title")[0].stderr


def test_the_table_is_for_people(trained: Path) -> None:
    result = segue("--db", trained, "continue", "calm-1", "-n", 3)
    assert result.exit_code == 0
    assert "Suggested by item-knn:\n" in result.stderr
    assert len(result.stdout.splitlines()) == 3


def test_tracks_that_no_model_learned_from_are_counted(trained: Path) -> None:
    """They came after the training: named by title, not by id."""
    new = [song(f"Brand New {n}", "Fresh Band") for n in range(5)]
    add(trained, [playlist("newer", [*HELD, *new])])
    told = _continued(trained, "newer")[0].stderr
    assert "5 of 10 tracks are not known here: Brand New 0 · Fresh Band; Brand New 1 · Fresh Band; " in told
    assert "Brand New 2 · Fresh Band and 2 more\n" in told


def test_what_cannot_be_continued_is_one_sentence(trained: Path, tmp_path: Path) -> None:
    add(trained, [playlist("Empty One", [])])
    empty, unknown, python = tmp_path / "e.m3u8", tmp_path / "u.m3u8", tmp_path / "x.py"
    empty.write_text("#EXTM3U\n")
    unknown.write_text(_m3u8([STRANGER, song("Second", "Who Ever")]))
    python.write_text("print(1)\n")
    plays = tmp_path / "StreamingHistory_music_0.json"
    plays.write_text(
        json.dumps([{"endTime": "2024-01-01 10:00", "artistName": "A", "trackName": "B", "msPlayed": 99999}])
    )
    nothing = (
        '"Empty One" holds no tracks, so there is nothing to continue: `segue suggest --title "Empty One"` suggests'
    )
    assert _refused(trained, "Empty One").startswith(nothing)
    assert _refused(trained, empty).startswith('"e" holds no tracks')
    assert _refused(trained, unknown).startswith('none of the 2 tracks of "evening" is known here: import playlists')
    assert _refused(trained, python).startswith(f"{python}: this is of no format that is known; ")
    assert _refused(trained, plays).startswith(f"{plays}: it holds no playlist; ")
    assert _refused(trained, tmp_path / "gone.m3u8").startswith(f"there is no file {tmp_path / 'gone.m3u8'}, and no")
    assert _refused(trained, "no such list").startswith('no playlist here is called "no such list"')
    assert _refused(trained, "long " * 2_000).startswith('no playlist here is called "long')


def test_choosing_within_what_is_no_file_is_wrong_usage(trained: Path) -> None:
    assert segue("--db", trained, "continue", "calm-1", "--playlist", "x").exit_code == 2
