"""The made-up world: its size, its tastes, and that each thing follows from the seed and its number alone."""

import time
import tracemalloc
from collections import Counter

import numpy as np
import pytest

from db.identity import is_track_id
from demo import names
from demo.catalogue import GENRE_NAMES, GENRES, ID_START, World
from demo.ids import Kind, id_of, read_id
from demo.oddities import OWN_PLAYLISTS, Odd
from demo.sounds import sound_of


@pytest.fixture(scope="module")
def world() -> World:
    return World(1)


@pytest.fixture(scope="module")
def lists(world: World) -> list[list[int]]:
    return [world.entries(number)[0].tolist() for number in range(world.playlists)]


def test_it_is_as_large_as_promised(world: World, lists: list[list[int]]) -> None:
    assert world.playlists == 640
    assert len({song for songs in lists for song in songs}) >= 5_000
    assert {world.playlist(number).genre for number in range(100)} == set(GENRES)
    assert World(1, 10).music.songs >= 400


def test_the_same_seed_gives_the_same_world_in_any_order_and_another_another(world: World) -> None:
    again, other = World(1), World(2)
    for number in (500, 3, 77):
        assert again.playlist(number) == world.playlist(number)
        assert again.entries(number)[0].tolist() == world.entries(number)[0].tolist()
        assert again.entries(number)[1] == world.entries(number)[1]
        assert again.music.song(number) == world.music.song(number)
    assert [again.entries(n)[0].tolist() for n in range(9, 12)] != [other.entries(n)[0].tolist() for n in range(9, 12)]


def test_a_playlist_has_the_length_that_it_tells(world: World, lists: list[list[int]]) -> None:
    assert [world.playlist(number).length for number in range(640)] == [len(songs) for songs in lists]
    usual = [len(songs) for songs in lists if 12 <= len(songs) <= 140]
    assert 40 < np.mean(usual) < 60
    assert 3 < sum(len(songs) > 140 for songs in lists) < 40
    assert max(map(len, lists)) <= 400


def test_a_tiny_world_can_fill_long_playlists() -> None:
    tiny = World(3, 8)
    assert [len(tiny.entries(number)[0]) for number in range(8)] == [
        tiny.playlist(number).length for number in range(8)
    ]
    assert World(3, 1).playlist(0).length == 60


def test_a_listener_may_own_everything_and_follow_nobody() -> None:
    for world in (World(1, 20, library=20), World(1, 20, library=0), World(1, 20, library=5, followed=0, liked=0)):
        assert [world.playlist(number).number for number in range(20)] == [*range(20)]
        assert [world.user(number).number for number in range(5)] == [*range(5)]
        assert len(world.followed) <= 20 - world.library


def test_ids_can_be_read_back_and_strangers_are_known(world: World) -> None:
    ids = {world.music.track_id(number) for number in range(world.music.songs)}
    assert len(ids) == world.music.songs
    assert all(is_track_id(one) and one.startswith(ID_START) for one in ids)
    assert world.read_id(id_of(1, Kind.ALBUM, 17)) == (Kind.ALBUM, 17)
    assert world.read_id(world.music.track_id(5)) == (Kind.SONG, 5)
    wrong = world.music.track_id(5)[:-1] + ("a" if world.music.track_id(5)[-1] != "a" else "b")
    strangers = (wrong, "4uLU6hMCjMI75M1A2tKUQC", "demo", "demo" + "z" * 18, id_of(2, Kind.SONG, 5))
    assert [world.read_id(one) for one in (*strangers, id_of(1, Kind.SONG, world.music.songs))] == [None] * 6
    assert read_id(1, id_of(1, Kind.SONG, world.music.songs)) == (Kind.SONG, world.music.songs)


def test_the_genre_of_a_track_is_told_by_its_id(world: World) -> None:
    for number in range(0, world.music.songs, 97):
        assert world.genre_of(world.music.track_id(number)) == world.music.song(number).genre
    assert world.genre_of("4uLU6hMCjMI75M1A2tKUQC") is None


def test_playlists_have_a_taste_and_some_noise(world: World, lists: list[list[int]]) -> None:
    own = [
        np.mean([world.music.song(song).genre == world.playlist(number).genre for song in songs])
        for number, songs in enumerate(lists[:200])
        if songs
    ]
    assert 0.7 < np.mean(own) < 0.95


def test_songs_that_are_played_together_tell_the_genre(world: World, lists: list[list[int]]) -> None:
    """Cosine neighbours, as item-knn has them, are nearly all of the seed's genre; what is popular is of any."""
    held = np.zeros((world.playlists, world.music.songs), np.float32)
    for number, songs in enumerate(lists):
        held[number, songs] = 1
    uses = held.sum(axis=0)
    genres = np.array([world.music.song(number).genre for number in range(world.music.songs)])
    seeds = np.random.default_rng(1).choice(len(uses), 80, replace=False, p=uses / uses.sum())
    alike = held.T @ held[:, seeds] / np.sqrt(np.maximum(uses, 1))[:, None]
    alike[seeds, np.arange(80)] = -1
    near = np.argsort(-alike, axis=0)[:10]
    assert (genres[near] == genres[seeds]).sum(axis=0).mean() >= 9
    assert (genres[np.argsort(-uses)[:10]][:, None] == genres[seeds]).sum(axis=0).mean() <= 2


def test_few_songs_are_famous_and_some_stand_twice(lists: list[list[int]]) -> None:
    twice = sum(len(songs) > len(set(songs)) for songs in lists)
    assert 0 < twice < len(lists) / 5
    uses = sorted(Counter(song for songs in lists for song in set(songs)).values())
    assert uses[-1] > 10 * uses[len(uses) // 2]


def test_a_song_is_in_its_artists_stretch_and_its_album(world: World) -> None:
    music = world.music
    artists = music.artists_of(np.arange(music.songs))
    firsts, counts = music.songs_of(artists)
    assert (firsts <= np.arange(music.songs)).all()
    assert (np.arange(music.songs) < firsts + counts).all()
    for number in range(0, music.songs, 53):
        song = music.song(number)
        album = music.album(song.album)
        assert album is not None
        assert song.artists[0] == album.artist == artists[number]
        assert album.first_song <= number < album.first_song + album.songs
        assert music.artist(song.artists[0]).place == music.place_of(np.array([song.artists[0]]))[0]
        assert music.artist(song.artists[0]).fame == pytest.approx(music.fame_of(np.array([song.artists[0]]))[0])


def test_names_are_distinct_where_they_are_in_life(world: World) -> None:
    music = world.music
    assert len({music.artist(number).name for number in range(music.artists)}) == music.artists
    assert len({names.artist(number, number * 7919) for number in range(400_000, 500_000)}) == 100_000
    titles = Counter((song.artists[0], song.title) for song in map(music.song, range(music.songs)))
    assert max(titles.values()) == 1


def test_versions_guests_and_codes_are_there(world: World) -> None:
    songs = [world.music.song(number) for number in range(world.music.songs)]
    assert any(song.title.endswith(" (Live)") for song in songs)
    assert any(song.title.endswith(" - Remastered 2011") for song in songs)
    assert 0.03 < np.mean([len(song.artists) == 2 for song in songs]) < 0.1
    assert all(len(set(song.artists)) == len(song.artists) for song in songs)
    assert all(60_000 <= song.duration_ms <= 600_000 and 0 <= song.popularity <= 100 for song in songs)
    assert any(isinstance(song.popularity, float) for song in songs)
    assert len({song.isrc.upper() for song in songs}) == len(songs)
    assert 0 < sum(song.isrc.islower() for song in songs) < 200
    assert [world.music.song_of_isrc(song.isrc.swapcase()) for song in songs] == [song.number for song in songs]
    assert [world.music.song_of_isrc(code) for code in ("", "GBABC0400001", "USD999912345", "É" * 12)] == [None] * 4


def test_names_of_playlists_come_in_several_scripts_and_some_are_empty(world: World) -> None:
    told = [world.playlist(number).name for number in range(640)]
    assert 0.75 < np.mean([any(name.lower().count(genre) for genre in GENRE_NAMES) for name in told]) < 0.9
    for part in ("夜", "вечер", "é", "🔥"):
        assert any(part in name for name in told), part
    assert 0 < sum(not name for name in told) < 15


def test_sound_agrees_with_the_genre(world: World) -> None:
    def mean(genre: str, feature: str) -> float:
        songs = (song for song in map(world.music.song, range(world.music.songs)) if song.genre == genre)
        return float(np.mean([sound_of(world.music, song)[feature] for song in songs]))

    assert mean("metal", "energy") > mean("jazz", "energy") + 0.4
    assert mean("folk", "acousticness") > mean("dance", "acousticness") + 0.4
    sound = sound_of(world.music, world.music.song(9))
    assert set(sound) >= {"danceability", "key", "mode", "tempo", "loudness", "time_signature"}
    assert all(sound_of(world.music, world.music.song(n))["key"] in range(-1, 12) for n in range(100))


def test_the_first_playlists_hold_everything_odd(world: World) -> None:
    held = {odd for number in OWN_PLAYLISTS for odd in world.entries(number)[1].values()}
    assert held == set(Odd)
    assert set(world.entries(0)[1].values()) == set(world.entries(1)[1].values()) == set(Odd)
    shown = [world.playlist(number) for number in range(8)]
    assert [playlist.length == 0 for playlist in shown].count(True) == 1
    assert any(playlist.collaborative for playlist in shown)
    assert any(playlist.length > 300 for playlist in shown)
    assert any(not playlist.name for playlist in shown)


def test_odd_entries_are_few_elsewhere(world: World) -> None:
    odd = [len(world.entries(number)[1]) / max(1, world.playlist(number).length) for number in range(8, 640)]
    assert 0.0005 < np.mean(odd) < 0.005
    assert 0.02 < np.mean(np.array(odd) > 0) < 0.2


def test_everybody_owns_a_stretch_of_playlists(world: World) -> None:
    owners = [world.owner_of(number) for number in range(640)]
    assert owners[:60] == [0] * 60
    for owner in set(owners):
        assert [number for number, one in enumerate(owners) if one == owner] == list(world.playlists_of(owner))
    assert world.user_of(world.user(7).user_id) == 7
    assert [world.user_of(one) for one in ("spotify", "demo_user_", "demo_user_99999999", "demo_user_x")] == [None] * 4


def test_a_world_of_any_size_starts_at_once_and_stays_small() -> None:
    tracemalloc.start()
    started = time.perf_counter()
    large = World(1, 10_000_000)
    entries = [large.entries(number)[0] for number in (0, 4_999_999, 9_999_999)]
    seconds, (_, most) = time.perf_counter() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [len(songs) for songs in entries] == [large.playlist(number).length for number in (0, 4_999_999, 9_999_999)]
    assert seconds < 2
    assert most < 5_000_000
