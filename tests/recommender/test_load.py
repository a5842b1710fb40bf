"""From rows to the corpus."""

from pathlib import Path

import numpy as np

from db import read
from db.connection import open_reader, open_writer, transaction
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


def test_gaps_between_the_keys_of_tracks_do_no_harm(tmp_path: Path) -> None:
    """A purge leaves some, far wider than what is read at once; ids and artists stay with their tracks."""
    songs = [song(f"song {n}", f"artist {n % 7}", spotify_id(f"n{n}x")) for n in range(40)]
    before = loaded(tmp_path / "s.db", [playlist(f"p{n}", songs[n::4] + songs[:n]) for n in range(4)])
    with open_writer(tmp_path / "s.db", "a test") as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        with transaction(connection):
            for table, column in (("tracks", "key"), ("playlist_entries", "track_key"), ("track_artists", "track_key")):
                connection.execute(f"UPDATE {table} SET {column} = {column} * {column} * 300 + 7")
    after = loaded(tmp_path / "s.db")
    assert after.fingerprint() == before.fingerprint()
    assert after.artists.tolist() == before.artists.tolist()
    assert len(set(after.artists.tolist())) == 7


def test_ids_shorter_than_twenty_two_letters_stay_as_they_are(tmp_path: Path) -> None:
    """They are read as one long text, each filled up to the same length."""
    loaded(tmp_path / "s.db", [playlist("p", [ONE, TWO, THREE])])
    with open_writer(tmp_path / "s.db", "a test") as connection, transaction(connection):
        connection.execute("UPDATE tracks SET track_id = 'short' WHERE track_id = ?", [TWO.track_id])
    assert told(loaded(tmp_path / "s.db")) == [[ONE.track_id, "short", THREE.track_id]]


def test_a_playlist_without_a_date_is_as_old_as_its_latest_entry(tmp_path: Path) -> None:
    """And one without any date is not dated at all."""
    loaded(tmp_path / "s.db", [playlist("a", [ONE, TWO]), playlist("b", [TWO, THREE])])
    with open_writer(tmp_path / "s.db", "a test") as connection, transaction(connection):
        connection.execute("UPDATE playlists SET modified_at = NULL")
        connection.execute("UPDATE playlist_entries SET added_at = 100 + position WHERE playlist_key = 1")
    assert sorted(loaded(tmp_path / "s.db").dates.tolist()) == [0, 101]


def test_what_is_not_known_of_a_sound_is_no_number_and_the_rest_is_exact(tmp_path: Path) -> None:
    """A feature of seventeen digits comes through to the last bit."""
    energy = 0.1 + 0.2 * 2**-30 + 1e-17
    corpus = loaded(tmp_path / "s.db", [playlist("a", [ONE]), AudioFeatures(ONE, energy=energy, valence=1 / 3)])
    row = dict(zip(read.AUDIO, corpus.audio[0].tolist(), strict=True))
    assert (row["energy"], row["valence"]) == (float(np.float32(energy)), float(np.float32(1 / 3)))
    assert np.isnan([row[name] for name in read.AUDIO if name not in ("energy", "valence")]).all()
