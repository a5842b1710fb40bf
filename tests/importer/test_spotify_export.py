"""What Spotify mails a user."""

from pathlib import Path
from typing import Any

import pytest

from db.identity import made_up_id
from db.records import Album, Artist, Play, Playlist, Track
from importer.contract import PlayLog, Skipped
from importer.errors import BadFile
from tests.importer.make import format_of, read, spotify_id, write

TRACK = {
    "trackName": "Vo",
    "artistName": "Kalo, Miren",
    "albumName": "Tu",
    "trackUri": f"spotify:track:{spotify_id(1)}",
}


def _item(**told: Any) -> dict[str, Any]:
    return {"track": None, "episode": None, "audiobook": None, "localTrack": None, "addedDate": "2020-04-13", **told}


def _playlist(name: str, *items: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "lastModifiedDate": "2020-04-14",
        "items": list(items),
        "description": None,
        "numberOfFollowers": 3,
    }


def test_playlists(tmp_path: Path) -> None:
    old = {key: value for key, value in TRACK.items() if key != "trackUri"}
    items = [
        _item(track=TRACK),
        _item(episode={"episodeName": "talk", "showName": "talks"}),
        _item(track=old),
        _item(localTrack={"uri": "spotify:local:Kalo:Tu:Shi:61"}),
    ]
    source = write(tmp_path / "Playlist1.json", {"playlists": [_playlist("Mine", *items), _playlist("Empty")]})
    assert format_of(source) == "spotify-export"
    mine, skipped, empty = read(source)
    assert isinstance(mine, Playlist)
    assert mine.playlist_id == "spotify-export:Mine"
    assert (mine.followers, mine.modified_at) == (3, 1_586_822_400)
    assert [entry.position for entry in mine.entries] == [0, 2, 3]
    assert mine.entries[0].track == Track(spotify_id(1), "Vo", (Artist("Kalo, Miren"),), Album("Tu"))
    assert mine.entries[0].added_at == 1_586_736_000
    assert mine.entries[1].track.track_id == made_up_id("Kalo, Miren", "Vo")
    assert mine.entries[2].track.track_id == made_up_id("Kalo", "Shi")
    assert skipped == Skipped("podcast episodes and audiobook chapters", 1)
    assert isinstance(empty, Playlist)
    assert empty.entries == ()


def test_liked_songs(tmp_path: Path) -> None:
    liked = {"artist": "Kalo", "album": "Tu", "track": "Vo", "uri": f"spotify:track:{spotify_id(1)}"}
    library = {"tracks": [liked], "albums": [], "shows": [], "episodes": [], "artists": [], "other": []}
    source = write(tmp_path / "YourLibrary.json", library)
    assert format_of(source) == "spotify-export"
    (playlist,) = read(source)
    assert isinstance(playlist, Playlist)
    assert playlist.name == "Liked Songs"
    assert playlist.entries[0].track == Track(spotify_id(1), "Vo", (Artist("Kalo"),), Album("Tu"))


def test_a_listener_tells_two_exports_apart(tmp_path: Path) -> None:
    library = write(tmp_path / "YourLibrary.json", {"tracks": [], "albums": []})
    lists = write(tmp_path / "Playlist1.json", {"playlists": [_playlist("Mine")]})
    ids = [told.playlist_id for s in (library, lists) for told in read(s, listener="ann") if isinstance(told, Playlist)]
    assert ids == ["spotify-export:ann:Liked Songs", "spotify-export:ann:Mine"]


def _old(title: str, ms: int, end: str) -> dict[str, Any]:
    return {"endTime": end, "artistName": "Kalo", "trackName": title, "msPlayed": ms}


def test_the_short_history(tmp_path: Path) -> None:
    history = [
        _old("Vo", 30_000, "2021-03-05 14:22"),
        _old("Vo", 200_000, "2021-03-04 10:00"),
        _old("Vo", 29_999, "2021-03-06 10:00"),
        _old("Tu", 60_000, "2021-03-01 10:00"),
    ]
    source = write(tmp_path / "StreamingHistory_music_0.json", history)
    assert format_of(source) == "spotify-export"
    skipped, log, *plays = read(source, listener="ann")
    assert skipped == Skipped("plays of less than 30 seconds", 1)
    assert log == PlayLog("StreamingHistory_music_0.json", "ann")
    assert [(p.listener, p.track.name, p.count, p.last_played_at) for p in plays if isinstance(p, Play)] == [
        ("ann", "Vo", 2, 1_614_954_120),
        ("ann", "Tu", 1, 1_614_592_800),
    ]


def _extended(uri: str | None, ms: int = 60_000, **told: Any) -> dict[str, Any]:
    return {
        "ts": "2021-03-05T14:22:10Z",
        "username": "somebody",
        "ms_played": ms,
        "master_metadata_track_name": "Vo" if uri else None,
        "master_metadata_album_artist_name": "Kalo" if uri else None,
        "master_metadata_album_album_name": "Tu" if uri else None,
        "spotify_track_uri": uri,
        "episode_name": None if uri else "talk",
        **told,
    }


def test_the_extended_history(tmp_path: Path) -> None:
    uri = f"spotify:track:{spotify_id(1)}"
    source = write(
        tmp_path / "Streaming_History_Audio_2020-2021_3.json", [_extended(uri), _extended(None), _extended(uri, 5)]
    )
    assert format_of(source) == "spotify-export"
    items = read(source, listener="ann")
    assert Skipped("podcast episodes and audiobook chapters", 1) in items
    assert PlayLog("Streaming_History_Audio_3.json", "somebody") in items
    track = Track(spotify_id(1), "Vo", (Artist("Kalo"),), Album("Tu"))
    assert items[-1] == Play("somebody", track, 1, 1_614_954_130)


def test_newer_exports_without_a_username_take_the_listener(tmp_path: Path) -> None:
    play = _extended(f"spotify:track:{spotify_id(1)}")
    del play["username"]
    source = write(tmp_path / "endsong_0.json", [play])
    assert read(source)[0] == PlayLog("endsong_0.json", "me")
    assert read(source, listener="ann")[0] == PlayLog("endsong_0.json", "ann")


def test_a_longer_export_is_the_same_log(tmp_path: Path) -> None:
    plays = [_extended(f"spotify:track:{spotify_id(1)}")]
    logs = {
        read(write(tmp_path / name, plays))[0]
        for name in ("Streaming_History_Audio_2020_3.json", "Streaming_History_Audio_2020-2021_3.json")
    }
    assert len(logs) == 1


def test_an_empty_history_is_recognised_by_its_name(tmp_path: Path) -> None:
    source = write(tmp_path / "StreamingHistory_music_1.json", [])
    assert format_of(source) == "spotify-export"
    assert read(source) == []


@pytest.mark.parametrize("name", ["Userdata.json", "Inferences.json", "Payments.json"])
def test_other_files_of_the_export_are_not_ours(tmp_path: Path, name: str) -> None:
    assert format_of(write(tmp_path / name, {"username": "somebody", "inferences": ["1"]})) is None


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"inferences": []}, ""),
        ({"playlists": None}, "playlists"),
        ({"playlists": [{"name": "x", "items": None}]}, "playlists[0].items"),
        ({"playlists": [_playlist("x", _item(track="y"))]}, "playlists[0].items[0].track"),
        ({"playlists": [_playlist("x", _item(track={"trackName": 5}))]}, "playlists[0].items[0].track.trackName"),
        ({"playlists": [_playlist("x", _item(track=TRACK, addedDate="May"))]}, "playlists[0].items[0].addedDate"),
        ({"tracks": [5]}, "tracks[0]"),
        ([{"foo": 1}], "[0]"),
        ([_old("Vo", 60_000, "2021-03-05 14:22"), _old("Vo", -5, "2021-03-05 14:22")], "[1].ms_played"),
        ([_old("Vo", 60_000, "yesterday")], "[0].ts"),
    ],
)
def test_what_is_wrong_is_named_by_its_json_path(tmp_path: Path, data: Any, place: str) -> None:
    with pytest.raises(BadFile) as told:
        read(write(tmp_path / "x.json", data), "spotify-export")
    assert told.value.place == place
