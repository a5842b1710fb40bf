"""The made-up world: its size, its tastes, and that it follows from its seed."""

from collections import Counter

import numpy as np
import pytest

from db.identity import is_track_id
from demo.catalogue import GENRES, ID_START, Catalogue, draw_seeds, make_catalogue, slices
from importer.mpd import parse


@pytest.fixture(scope="module")
def world() -> Catalogue:
    return make_catalogue(np.random.default_rng(1))


def test_it_is_as_large_as_promised(world: Catalogue) -> None:
    assert len(world.playlists) >= 300
    assert len({world.songs[number].track_id for p in world.playlists for number in p.songs}) >= 5_000
    assert {song.genre for song in world.songs} == set(GENRES)


def test_the_same_seed_gives_the_same_world_and_another_another() -> None:
    first, again, other = (make_catalogue(np.random.default_rng(seed), 40, 300) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_every_song_has_its_own_id_and_stands_in_a_playlist(world: Catalogue) -> None:
    ids = {song.track_id for song in world.songs}
    assert len(ids) == len(world.songs)
    assert all(is_track_id(i) and i.startswith(ID_START) for i in ids)
    assert {number for playlist in world.playlists for number in playlist.songs} == set(range(len(world.songs)))


def test_playlists_have_a_taste_and_some_noise(world: Catalogue) -> None:
    own = [np.mean([world.songs[n].genre == p.genre for n in p.songs]) for p in world.playlists]
    assert 0.6 < np.mean(own) < 0.95


def test_a_few_songs_stand_twice_and_few_are_famous(world: Catalogue) -> None:
    twice = sum(len(p.songs) > len(set(p.songs)) for p in world.playlists)
    assert 0 < twice < len(world.playlists) / 10
    uses = sorted(Counter(n for p in world.playlists for n in set(p.songs)).values())
    assert uses[-1] > 10 * uses[len(uses) // 2]


def test_albums_and_versions_are_there(world: Catalogue) -> None:
    assert any("(Live)" in song.title for song in world.songs)
    assert max(Counter(song.album_id for song in world.songs).values()) > 1
    assert all(60_000 <= song.duration_ms <= 600_000 for song in world.songs)


def test_no_two_artists_share_a_name(world: Catalogue) -> None:
    assert len({s.artist for s in world.songs}) == len({s.artist_id for s in world.songs})


def test_its_slices_are_what_the_importer_reads(world: Catalogue) -> None:
    read = [playlist for _, told in slices(world) for playlist in parse(told)]
    assert [len(p.entries) for p in read] == [len(p.songs) for p in world.playlists]  # type: ignore[union-attr]


def test_seeds_are_different_songs(world: Catalogue) -> None:
    seeds = draw_seeds(np.random.default_rng(1), world, 50)
    assert len({seed.track_id for seed in seeds}) == 50
