"""Slices of the Million Playlist Dataset."""

import copy
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.identity import made_up_id
from db.records import Album, Artist, Playlist, Track
from importer import mpd
from importer.contract import Skipped
from importer.errors import BadFile
from tests.importer.make import format_of, read, slice_of, spotify_id, write


def _playlists(data: dict[str, Any]) -> list[Playlist]:
    return [item for item in mpd.parse(data) if isinstance(item, Playlist)]


def test_a_genuine_slice_is_read_whole(tmp_path: Path) -> None:
    data = slice_of(playlists=30)
    data["playlists"][3]["description"] = "for the <b>road</b>"
    source = write(tmp_path / "mpd.slice.0-29.json", data)
    assert format_of(source) == "mpd"
    playlists = read(source)
    assert len(playlists) == 30
    for told, playlist in zip(data["playlists"], playlists, strict=True):
        assert isinstance(playlist, Playlist)
        assert (playlist.name, playlist.followers, playlist.modified_at) == (
            told["name"],
            told["num_followers"],
            told["modified_at"],
        )
        assert [e.position for e in playlist.entries] == [t["pos"] for t in told["tracks"]]
        assert [e.track.track_id for e in playlist.entries] == [t["track_uri"][14:] for t in told["tracks"]]
    track = data["playlists"][0]["tracks"][0]
    assert playlists[0].entries[0].track == Track(
        track["track_uri"][14:],
        track["track_name"],
        (Artist(track["artist_name"], track["artist_uri"][15:]),),
        Album(track["album_name"], track["album_uri"][14:]),
        track["duration_ms"],
    )
    assert playlists[3].description == "for the <b>road</b>"


def test_one_track_is_one_object_in_a_file() -> None:
    entries = [entry for playlist in _playlists(slice_of(playlists=50)) for entry in playlist.entries]
    assert len({id(entry.track) for entry in entries}) == len({entry.track.track_id for entry in entries})


def test_the_identity_is_pid_and_ordered_tracks() -> None:
    data = slice_of(playlists=2)
    changed = copy.deepcopy(data)
    before = [p.playlist_id for p in _playlists(data)]
    changed["playlists"][0]["tracks"].reverse()
    for pos, track in enumerate(changed["playlists"][0]["tracks"]):
        track["pos"] = pos
    changed["playlists"][1]["name"] = "other"
    after = [p.playlist_id for p in _playlists(changed)]
    assert before[0] != after[0]
    assert before[1] == after[1]
    assert before[0].startswith("mpd:0:")
    assert len(before[0]) == len("mpd:0:") + 16


def _slice(*tracks: Any, **playlist: Any) -> dict[str, Any]:
    return {"playlists": [{"pid": 7, "name": "one", "tracks": list(tracks), **playlist}]}


def test_poor_rows_are_taken_as_they_are() -> None:
    uri = f"spotify:track:{spotify_id(1)}"
    (playlist,) = _playlists(
        _slice({"track_uri": uri}, {"track_uri": None, "artist_name": "Kalo, Miren", "track_name": "Vo"})
    )
    assert playlist.entries[0].track == Track(spotify_id(1))
    assert playlist.entries[1].track == Track(made_up_id("Kalo", "Vo"), "Vo", (Artist("Kalo"), Artist("Miren")))
    assert [entry.position for entry in playlist.entries] == [0, 1]


def test_a_credit_with_an_artists_uri_is_one_artist() -> None:
    row = {"track_uri": f"spotify:track:{spotify_id(1)}", "artist_name": "Kalo, Miren", "track_name": "Vo"}
    row["artist_uri"] = f"spotify:artist:{spotify_id(2)}"
    (playlist,) = _playlists(_slice(row))
    assert playlist.entries[0].track.artists == (Artist("Kalo, Miren", spotify_id(2)),)


def test_a_name_that_came_later_is_kept() -> None:
    uri = f"spotify:track:{spotify_id(1)}"
    (playlist,) = _playlists(_slice({"track_uri": uri}, {"track_uri": uri, "track_name": "Vo"}, {"track_uri": uri}))
    assert [entry.track.name for entry in playlist.entries] == ["", "Vo", "Vo"]


def test_a_track_without_id_and_title_leaves_a_gap_and_is_counted() -> None:
    rows = [{"track_uri": f"spotify:track:{spotify_id(n)}"} for n in range(3)]
    rows[1] = {"track_uri": "spotify:local:::", "artist_name": "Kalo"}
    playlist, skipped = mpd.parse(_slice(*rows))
    assert isinstance(playlist, Playlist)
    assert [entry.position for entry in playlist.entries] == [0, 2]
    assert skipped == Skipped("tracks with neither an id nor a title", 1)


@pytest.mark.parametrize(
    ("told", "taken"),
    [
        ([5, 2, 9], [5, 2, 9]),
        ([1, 1, 2], [0, 1, 2]),
        ([None, 1, 2], [0, 1, 2]),
        (["1", 2, 3], [0, 1, 2]),
        ([[], 2, 3], [0, 1, 2]),
        ([-1, 2, 3], [0, 1, 2]),
        ([True, 2, 3], [0, 1, 2]),
        ([2**70, 2, 3], [0, 1, 2]),
    ],
)
def test_positions_stand_when_they_are_positions(told: list[Any], taken: list[int]) -> None:
    rows = [{"track_uri": f"spotify:track:{spotify_id(n)}", "pos": pos} for n, pos in enumerate(told)]
    (playlist,) = _playlists(_slice(*rows))
    assert [entry.position for entry in playlist.entries] == taken


_GOOD = {"track_uri": f"spotify:track:{spotify_id(1)}", "track_name": "Vo", "artist_name": "Kalo"}


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], ""),
        ({"playlists": {}}, ""),
        ({"tracks": []}, ""),
        ({"playlists": ["x"]}, "playlists[0]"),
        ({"playlists": [{"name": "x", "tracks": []}]}, "playlists[0]"),
        (_slice(pid="0"), "playlists[0].pid"),
        (_slice(pid=-1), "playlists[0].pid"),
        (_slice(tracks=None), "playlists[0].tracks"),
        (_slice(_GOOD, "x"), "playlists[0].tracks[1]"),
        (_slice(_GOOD, None), "playlists[0].tracks[1]"),
        (_slice(_GOOD, {"track_uri": 5}), "playlists[0].tracks[1].track_uri"),
        (_slice(_GOOD, {"track_uri": ["x"]}), "playlists[0].tracks[1].track_uri"),
        (_slice({**_GOOD, "track_name": 5}), "playlists[0].tracks[0].track_name"),
        (_slice({**_GOOD, "track_name": "x" * 10_001}), "playlists[0].tracks[0].track_name"),
        (_slice({**_GOOD, "artist_name": "a\0b"}), "playlists[0].tracks[0].artist_name"),
        (_slice({**_GOOD, "duration_ms": 2**63}), "playlists[0].tracks[0].duration_ms"),
        (_slice({**_GOOD, "duration_ms": 1e300}), "playlists[0].tracks[0].duration_ms"),
        (_slice({**_GOOD, "duration_ms": True}), "playlists[0].tracks[0].duration_ms"),
        (_slice(num_followers=2**64), "playlists[0].num_followers"),
        (_slice(name="x" * 10_001), "playlists[0].name"),
        (_slice(description="x" * 1_000_001), "playlists[0].description"),
    ],
)
def test_what_is_wrong_is_named_by_its_json_path(data: Any, place: str) -> None:
    with pytest.raises(BadFile) as told:
        list(mpd.parse(data))
    assert told.value.place == place


def test_the_fast_road_checks_what_the_slow_one_checks() -> None:
    genuine = slice_of(playlists=1)["playlists"][0]["tracks"][0]
    for key, value in (("album_name", "a\0"), ("album_uri", 7), ("duration_ms", -1), ("artist_name", "x" * 10_001)):
        with pytest.raises(BadFile) as told:
            list(mpd.parse(_slice({**genuine, key: value})))
        assert told.value.place == f"playlists[0].tracks[0].{key}"


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["playlists", "tracks", "pid", "pos", "name", "track_uri", "track_name", "duration_ms"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(_JSON)
def test_any_json_is_read_or_refused(data: Any) -> None:
    with suppress(BadFile):
        list(mpd.parse({"playlists": data} if isinstance(data, list) else data))


def test_a_slice_in_utf16_or_with_a_mark_is_recognised(tmp_path: Path) -> None:
    content = json.dumps(slice_of(playlists=3))
    for encoding in ("utf-16", "utf-8-sig"):
        source = write(tmp_path / f"{encoding}.json", content.encode(encoding))
        assert format_of(source) == "mpd"
        assert len(read(source)) == 3
