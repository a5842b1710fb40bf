"""JSPF as ListenBrainz writes it."""

from pathlib import Path
from typing import Any

import pytest

from db.identity import made_up_id
from db.records import Album, Artist, Playlist, Track
from importer import jspf
from importer.contract import Skipped
from importer.errors import BadFile
from tests.importer.make import format_of, read, spotify_id, write

LINK = "https://listenbrainz.org/playlist/00000000-0000-4000-8000-000000000001"
RECORDING = "https://musicbrainz.org/recording/00000000-0000-4000-8000-000000000002"
MORE = "https://musicbrainz.org/doc/jspf#track"


def _data(*tracks: Any, **playlist: Any) -> dict[str, Any]:
    return {"playlist": {"title": "Mine", "creator": "ann", "identifier": LINK, "track": list(tracks), **playlist}}


def test_listenbrainz(tmp_path: Path) -> None:
    extension = {MORE: {"added_at": "2023-01-02T03:04:05+00:00", "additional_metadata": {"artists": [
        {"artist_credit_name": "Kalo", "join_phrase": " feat. "}, {"artist_credit_name": "Miren"}]}}}  # fmt: skip
    told = {"title": "Vo", "creator": "Kalo feat. Miren", "album": "Tu", "duration": 1000, "identifier": [RECORDING]}
    source = write(tmp_path / "a.json", _data({**told, "extension": extension}, date="2023-01-01T00:00:00Z"))
    assert format_of(source) == "jspf"
    (playlist,) = read(source)
    assert isinstance(playlist, Playlist)
    assert (playlist.playlist_id, playlist.name, playlist.owner) == (LINK, "Mine", "ann")
    assert playlist.modified_at == 1_672_531_200
    (entry,) = playlist.entries
    assert entry.track == Track(made_up_id("Kalo", "Vo"), "Vo", (Artist("Kalo"), Artist("Miren")), Album("Tu"), 1000)
    assert entry.added_at == 1_672_628_645


@pytest.mark.parametrize("key", ["identifier", "location"])
def test_spotify_links_give_ids(key: str) -> None:
    link = f"https://open.spotify.com/track/{spotify_id(1)}"
    for told in (link, [RECORDING, link]):
        (playlist,) = jspf.parse(_data({"title": "Vo", "creator": "Kalo", key: told}), "x")
        assert isinstance(playlist, Playlist)
        assert playlist.entries[0].track.track_id == spotify_id(1)


def test_a_spotify_playlist_keeps_its_bare_id() -> None:
    (playlist,) = jspf.parse(_data(identifier=f"https://open.spotify.com/playlist/{spotify_id(5)}"), "x")
    assert isinstance(playlist, Playlist)
    assert playlist.playlist_id == spotify_id(5)


def test_without_identifier_and_title_the_file_names_it() -> None:
    (playlist,) = jspf.parse({"playlist": {"track": []}}, "mine")
    assert isinstance(playlist, Playlist)
    assert playlist.playlist_id == "jspf:mine"


def test_several_playlists_in_one_file(tmp_path: Path) -> None:
    source = write(tmp_path / "a.json", {"playlists": [_data(), _data(identifier=LINK + "x")]})
    assert format_of(source) == "jspf"
    assert len(read(source)) == 2


def test_tracks_without_a_title_are_counted() -> None:
    _, skipped = jspf.parse(_data({"identifier": RECORDING}), "x")
    assert skipped == Skipped("tracks with neither an id nor a title", 1)


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ({"playlists": [1]}, "playlists[0]"),
        ({"foo": 1}, ""),
        ({"playlist": []}, "playlist"),
        (_data(track=None), "playlist.track"),
        (_data("x"), "playlist.track[0]"),
        (_data({"title": 3}), "playlist.track[0].title"),
        (_data({"title": "x", "identifier": [3]}), "playlist.track[0].identifier"),
        (_data({"title": "x", "duration": "3:21"}), "playlist.track[0].duration"),
        (_data({"title": "x", "extension": []}), "playlist.track[0].extension"),
    ],
)
def test_what_is_wrong_is_named_by_its_json_path(data: Any, place: str) -> None:
    with pytest.raises(BadFile) as told:
        list(jspf.parse(data, "x"))
    assert told.value.place == place
