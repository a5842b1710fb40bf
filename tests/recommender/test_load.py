"""From rows to the corpus."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from db.columns import HEARD
from db.connection import open_reader, open_writer, transaction
from db.records import Artist, AudioFeatures, Playlist, TrackText
from recommender.corpus import AUDIO, Corpus
from recommender.load import load_corpus
from recommender.splits import kept_only
from recommender.texts import LINES
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
    energy, loudness, tempo = (AUDIO.index(name) for name in ("energy", "loudness", "tempo"))
    np.testing.assert_allclose(corpus.audio[0, [energy, loudness, tempo]], [0.25, 0.75, 0.5])
    assert np.isnan(corpus.audio[0, AUDIO.index("valence")])
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
    row = dict(zip(AUDIO, corpus.audio[0].tolist(), strict=True))
    assert (row["energy"], row["valence"]) == (float(np.float32(energy)), float(np.float32(1 / 3)))
    assert np.isnan([row[name] for name in AUDIO if name not in ("energy", "valence")]).all()


def test_the_columns_of_sound_are_those_that_are_read() -> None:
    """The corpus names them without a look into the database."""
    assert AUDIO == HEARD


def test_a_key_or_tempo_that_could_not_be_told_is_not_known(tmp_path: Path) -> None:
    """Spotify gives -1 and 0 there; a key of 0 is C."""
    untold, told_of = AudioFeatures(ONE, key=-1, tempo=0.0), AudioFeatures(TWO, key=0, mode=1, tempo=125.0)
    corpus = loaded(tmp_path / "s.db", [playlist("a", [ONE, TWO]), untold, told_of])
    rows = [
        dict(zip(AUDIO, row, strict=True))
        for row in corpus.audio[corpus.vocabulary.numbers([ONE.track_id, TWO.track_id])].tolist()
    ]
    assert np.isnan([rows[0]["key"], rows[0]["tempo"]]).all()
    assert (rows[1]["key"], rows[1]["mode"], rows[1]["tempo"]) == (0, 1, 0.5)


def test_a_track_of_no_playlist_is_there_at_the_end(tmp_path: Path) -> None:
    """Nothing is learned of it from playlists, but how it sounds and what it is called is known."""
    corpus = loaded(tmp_path / "s.db", [playlist("a", [ONE, TWO]), AudioFeatures(THREE, energy=0.5)])
    assert corpus.playlist_counts.tolist() == [1, 1, 0]
    assert corpus.vocabulary.raw_ids([2]) == [THREE.track_id]
    assert kept_only(corpus, np.array([0]))[0].n_tracks == 2


def test_genres_of_playlists_and_artists_come_with_their_numbers(tmp_path: Path) -> None:
    """An artist is known by the number that its tracks have in the corpus, a playlist by its place."""
    sung = replace(TWO, artists=(Artist("singer", spotify_id("singer"), ("soul", "funk")),))
    lists = [replace(playlist("a", [ONE, TWO]), genres=("rock",)), playlist("b", [sung, THREE])]
    corpus = loaded(tmp_path / "s.db", [lists[0], lists[1]])
    names = corpus.genres.names
    told_of = {(int(p), names[g]) for p, g in corpus.genres.of_playlists}
    rock_list = next(p for p in range(2) if (p, "rock") in told_of)
    assert told_of == {(rock_list, "rock")}
    assert ONE.track_id in corpus.vocabulary.raw_ids(corpus.playlist(rock_list))
    part = kept_only(corpus, np.array([rock_list]))[0]
    assert part.genres.of_playlists.tolist() == [[0, names.index("rock")]]
    assert len(kept_only(corpus, np.array([1 - rock_list]))[0].genres.of_playlists) == 0


def test_an_artists_genres_follow_its_number(tmp_path: Path) -> None:
    """The corpus and each part of it number the artists anew."""
    sung = [song(f"sung {n}", f"singer {n}", spotify_id(f"sung{n}")) for n in range(4)]
    sung = [replace(s, artists=(replace(s.artists[0], genres=(f"genre {n}",)),)) for n, s in enumerate(sung)]
    corpus = loaded(tmp_path / "s.db", [playlist("a", [sung[3], sung[1]]), playlist("b", [sung[2], sung[0], sung[3]])])
    for part in (corpus, *(kept_only(corpus, np.array([p]))[0] for p in range(2))):
        told_of = {part.genres.names[genre]: artist for artist, genre in part.genres.of_artists}
        for number, track_id in enumerate(part.vocabulary.raw_ids(np.arange(part.n_tracks))):
            name = f"genre {[s.track_id for s in sung].index(track_id)}"
            assert told_of[name] == part.artists[number]


def test_what_is_written_of_a_track_comes_on_lines_when_it_is_asked_for(tmp_path: Path) -> None:
    """Without being asked for it takes no room; a part of the corpus has the texts of its own tracks."""
    add(tmp_path / "s.db", [playlist("a", [ONE, TWO]), playlist("b", [THREE]), TrackText(TWO, "lyrics", "la\nla ł")])
    with open_reader(tmp_path / "s.db") as connection:
        assert len(load_corpus(connection).texts) == 0
        corpus = load_corpus(connection, texts=True)
    number = int(corpus.vocabulary.numbers([TWO.track_id])[0])
    assert dict(zip(LINES, corpus.texts[number].split("\n"), strict=True)) == {
        "artists": "artist", "title": "song 2", "album": "", "genres": "", "told": "la la ł",
    }  # fmt: skip
    for place in range(2):
        part = kept_only(corpus, np.array([place]))[0]
        assert [text.split("\n")[1] for text in part.texts] == [
            f"song {[s.track_id for s in (ONE, TWO, THREE)].index(raw_id) + 1}"
            for raw_id in part.vocabulary.raw_ids(np.arange(part.n_tracks))
        ]
