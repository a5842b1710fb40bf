"""From rows to the corpus."""

from pathlib import Path

import numpy as np

from db import read
from db.connection import open_reader, open_writer
from db.records import AudioFeatures, Playlist
from recommender.corpus import Corpus
from recommender.load import load_corpus
from tests.recommender.songs import add, playlist, song, spotify_id, taste_playlists

ONE, TWO, THREE = (song(f"song {n}", "artist", spotify_id(f"id{n}")) for n in (1, 2, 3))


def loaded(database: Path, *imports: list[Playlist | AudioFeatures]) -> Corpus:
    for playlists in imports:
        add(database, playlists)
    with open_reader(database) as connection:
        return load_corpus(connection)


def told(corpus: Corpus) -> list[list[str]]:
    return [corpus.vocabulary.raw_ids(tracks) for tracks in corpus]


def test_order_and_repeats_are_kept(tmp_path: Path) -> None:
    """A playlist is a row of songs, and a song may come twice."""
    corpus = loaded(tmp_path / "s.db", [playlist("p", [THREE, ONE, TWO, ONE])])
    assert told(corpus) == [[THREE.track_id, ONE.track_id, TWO.track_id, ONE.track_id]]


def test_playlists_without_entries_are_not_there(tmp_path: Path) -> None:
    """There is nothing to learn from them."""
    corpus = loaded(tmp_path / "s.db", [playlist("a", []), playlist("b", [ONE]), playlist("c", [])])
    assert told(corpus) == [[ONE.track_id]]


def test_an_empty_database_is_an_empty_corpus(tmp_path: Path) -> None:
    """No error: the training says that there is too little."""
    with open_writer(tmp_path / "s.db", "a test"):
        pass
    corpus = loaded(tmp_path / "s.db")
    assert (corpus.n_playlists, corpus.n_tracks, corpus.n_entries) == (0, 0, 0)
    assert corpus.offsets.tolist() == [0]


def test_a_linked_track_counts_as_its_spotify_twin(tmp_path: Path) -> None:
    """A local file of a song that Spotify knows teaches about Spotify's track."""
    local = song("Song 1", "ARTIST")
    assert local.track_id.startswith("x:")
    corpus = loaded(tmp_path / "s.db", [playlist("a", [local, TWO]), playlist("b", [ONE, THREE])])
    assert told(corpus) == [[ONE.track_id, TWO.track_id], [ONE.track_id, THREE.track_id]]
    assert local.track_id not in corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))
    assert corpus.playlist_counts.tolist() == [2, 1, 1]


def test_the_corpus_does_not_depend_on_what_was_imported_first(tmp_path: Path) -> None:
    """The same playlists give the same corpus, so that a training can be repeated from its seed."""
    playlists = taste_playlists()
    one = loaded(tmp_path / "one.db", playlists)
    other = loaded(tmp_path / "other.db", playlists[25:], playlists[24::-1])
    assert one.fingerprint() == other.fingerprint()
    assert told(one) == told(other)


def test_many_tracks_come_through_in_blocks(tmp_path: Path) -> None:
    """More tracks and entries than the first room for ids holds."""
    songs = [song(f"song {n}", "artist", spotify_id(f"n{n}x")) for n in range(3000)]
    corpus = loaded(tmp_path / "s.db", [playlist(f"p{n:02d}", songs[n::30]) for n in range(30)])
    assert told(corpus) == [[s.track_id for s in songs[n::30]] for n in range(30)]


def test_how_tracks_sound_comes_on_one_scale(tmp_path: Path) -> None:
    """Loudness and tempo reach from 0 to 1 like the others; what is not known is no number."""
    features = AudioFeatures(ONE, energy=0.25, loudness=-15.0, tempo=125.0)
    corpus = loaded(tmp_path / "s.db", [playlist("a", [ONE, TWO]), playlist("b", [ONE]), features])
    energy, loudness, tempo = (read.AUDIO.index(name) for name in ("energy", "loudness", "tempo"))
    np.testing.assert_allclose(corpus.audio[0, [energy, loudness, tempo]], [0.25, 0.75, 0.5])
    assert np.isnan(corpus.audio[0, read.AUDIO.index("valence")])
    assert np.isnan(corpus.audio[1]).all()


def test_without_audio_features_nothing_is_held_for_them(tmp_path: Path) -> None:
    """Five million tracks times eight numbers are not nothing."""
    assert loaded(tmp_path / "s.db", [playlist("a", [ONE, TWO])]).audio.shape == (2, 0)
