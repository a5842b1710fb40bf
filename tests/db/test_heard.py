"""What a listener has heard already, under whatever id."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from db import index
from db.connection import open_reader, open_writer, transaction
from db.heard import heard, listener_names
from db.identity import made_up_id
from db.plays import store_plays
from db.records import Artist, Play, Track
from tests.db.make import NOW, name, playlist, raw_id, run, store_all, track


def _told(number: int) -> Track:
    """Make the track that a listening history tells: artist and title, without Spotify's id."""
    whole = track(number)
    main = whole.artists[0].name
    return Track(made_up_id(main, whole.name), whole.name, (Artist(main),))


def _play(path: Path, listener: str, tracks: Iterable[Track]) -> None:
    with open_writer(path, "testing") as connection:
        with transaction(connection):
            plays = [Play(listener, one, 1, NOW) for one in tracks]
            store_plays(connection, run("lastfm"), f"log of {listener}", plays)
        index.finish(connection)


def _heard(path: Path, listener: str, *tracks: Track) -> list[int]:
    """Give the places of those tracks that were heard."""
    with open_reader(path) as connection:
        found = heard(connection, listener, [one.track_id for one in tracks])
    return [place for place, one in enumerate(tracks) if one.track_id in found]


def test_what_was_played_is_heard_and_nothing_else(file: Path) -> None:
    """By this listener, not by another."""
    store_all(file, [playlist(1, range(1, 8))])
    _play(file, "ada", [track(1), track(2)])
    _play(file, "bo", [track(3)])
    assert _heard(file, "ada", *map(track, range(1, 8))) == [0, 1]
    assert _heard(file, "bo", *map(track, range(1, 8))) == [2]
    assert _heard(file, "nobody", track(1)) == []
    assert _heard(file, "ada") == []
    assert _heard(file, "ada", track(99)) == []


def test_a_history_without_ids_counts_for_spotifys_tracks(file: Path) -> None:
    """The link goes both ways: what was played under Spotify's id is heard under a made-up one too."""
    store_all(file, [playlist(1, [1, 2, 3]), playlist(2, [_told(1), _told(3)])])
    _play(file, "ada", [_told(1), track(3)])
    assert _heard(file, "ada", track(1), _told(1), track(2), track(3), _told(3)) == [0, 1, 3, 4]


def test_an_artist_may_be_spelt_in_two_ways(file: Path) -> None:
    """What is linked is heard, though nobody of just that name played it."""
    spelt = []
    for told in (_told(1), _told(3)):
        shouted = told.artists[0].name.upper().removeprefix("THE ")
        spelt.append(replace(told, artists=(Artist(shouted),)))
    store_all(file, [playlist(1, [1, 3]), playlist(2, spelt)])
    _play(file, "ada", [spelt[0], track(3)])
    assert _heard(file, "ada", track(1)) == [0]
    assert _heard(file, "ada", spelt[1]) == [0]


def test_other_versions_of_what_was_played_are_heard(file: Path) -> None:
    """A remaster and a live recording by the same artist; not a song of that name by another one."""
    one = track(1)
    remaster = replace(one, track_id=raw_id("track", 501), name=f"{one.name} - Remastered 2011", isrc=None)
    live = replace(one, track_id=raw_id("track", 502), name=f"{one.name} (Live)", isrc=None)
    cover = replace(one, track_id=raw_id("track", 503), artists=(Artist(name(77), raw_id("artist", 77)),), isrc=None)
    store_all(file, [playlist(1, [one, remaster, live, cover, track(2)])])
    _play(file, "ada", [remaster])
    assert _heard(file, "ada", one, remaster, live, cover, track(2)) == [0, 1, 2]


def test_those_who_played_something_are_named(file: Path) -> None:
    store_all(file, [playlist(1, [1])])
    with open_reader(file) as connection:
        assert listener_names(connection, 9) == []
    for listener in ("cy", "ada", "bo"):
        _play(file, listener, [track(1)])
    with open_reader(file) as connection:
        assert listener_names(connection, 9) == ["ada", "bo", "cy"]
        assert listener_names(connection, 2) == ["ada", "bo"]
