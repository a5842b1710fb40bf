"""What is written about tracks is read for those models alone that learn from it."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from db.connection import open_writer, transaction
from db.errors import DatabaseError
from db.records import Artist, AudioFeatures, Playlist, Track, TrackText
from recommender import Suggester
from recommender.corpus import Corpus
from recommender.jobs import plan, train_models
from recommender.models.registry import KINDS, READS_TEXTS, USUAL, reads_texts
from recommender.texts import texts_of
from recommender.updating import Updated, update_models
from tests.cli.running import segue
from tests.recommender.songs import NOW, add, playlist, song, spotify_id, taste_song, train
from tests.worlds import noisy_world


def without_texts(database: Path) -> None:
    """Take away where lyrics stand, so that to read texts is an error."""
    with open_writer(database, "a test") as connection, transaction(connection):
        connection.execute("DROP TABLE track_texts")


def update(database: Path, *names: str) -> list[Updated]:
    found = list(update_models(database, names, 1, NOW, lambda name, share: None))
    assert all(isinstance(one, Updated) for one in found), found
    return [one for one in found if isinstance(one, Updated)]


def lyrics(text: str, number: int) -> TrackText:
    return TrackText(taste_song("calm", number), "lyrics", text)


def test_only_models_of_texts_read_them() -> None:
    assert set(READS_TEXTS) < set(KINDS)
    assert not reads_texts(set(USUAL) - set(READS_TEXTS))
    assert not reads_texts([])
    assert reads_texts([*USUAL[:2], "text"])


def test_to_train_or_update_models_of_playlists_no_text_is_read(untrained: Path) -> None:
    """Which a database that cannot tell them shows."""
    without_texts(untrained)
    train(untrained, ["item-knn", "popularity"])
    assert [one.new for one in update(untrained)] == [False, False]
    with pytest.raises(DatabaseError):
        list(train_models(untrained, plan(["popularity", "text"], None, {}, None), 1, False, NOW, lambda n, s: None))


def test_evaluate_and_tune_read_them_where_a_model_asks(untrained: Path) -> None:
    rng = np.random.default_rng(1)
    songs = [song(f"Song {n}", f"Artist {n % 40}", spotify_id(f"n{n}x")) for n in range(200)]
    drawn = (rng.choice(100, 12, replace=False) + 100 * (n % 2) for n in range(120))
    add(untrained, [playlist(f"drawn {n}", (songs[t] for t in tracks)) for n, tracks in enumerate(drawn)])
    result = segue("--db", untrained, "evaluate", "text", "--seeds-of", "1", "--json")
    assert result.exit_code == 0, result.output
    assert "text" in {row["name"] for row in json.loads(result.stdout)["models"]}
    without_texts(untrained)
    assert segue("--db", untrained, "evaluate", "item-knn", "--seeds-of", "1", "--json").exit_code == 0
    assert segue("--db", untrained, "evaluate", "text", "--seeds-of", "1", "--json").exit_code != 0
    assert segue("--db", untrained, "tune", "text", "--trials", "1").exit_code != 0


def test_new_lyrics_alone_are_something_new_for_text_and_for_no_other(untrained: Path) -> None:
    """Which the playlists do not tell."""
    train(untrained, ["text", "popularity"])
    assert [one.new for one in update(untrained, "text", "popularity")] == [False, False]
    add(untrained, [lyrics("a lighthouse in the fog", 1), lyrics("lighthouse", 14)])
    assert [one.new for one in update(untrained, "text", "popularity")] == [True, False]
    assert [one.new for one in update(untrained, "text")] == [False]


def test_a_song_of_no_playlist_is_answered_by_its_name_and_suggested(untrained: Path) -> None:
    """From the moment it is known."""
    new = song("Brand new", "calm artist 2")
    add(untrained, [TrackText(new, "comment", "nothing yet")])
    train(untrained, ["text"])
    suggester = Suggester.open(untrained)
    found = suggester.answer([new.track_id], 3, "text", per_artist=None).suggestions
    assert found[0].artists == ("calm artist 2",)
    again = suggester.answer([found[0].track_id], 40, "text", per_artist=None).suggestions
    assert new.track_id in {one.track_id for one in again}


def test_playlists_without_names_of_songs_train_no_text(tmp_path: Path) -> None:
    """One sentence with the cure."""
    nameless = [Playlist(f"p{n}", "a list", tuple(
        replace(entry, track=replace(entry.track, name="", artists=(), album=None))
        for entry in playlist("x", (taste_song("calm", (n + step) % 15) for step in range(5))).entries
    )) for n in range(4)]  # fmt: skip
    add(tmp_path / "segue.db", nameless)
    result = segue("--db", tmp_path / "segue.db", "train", "text", "--no-measure")
    assert result.exit_code == 1
    assert (
        "Error: text is not trained: nothing is written about the tracks on the lines that weigh anything: import"
        in result.stderr
    )


def test_the_fingerprint_tells_texts_only_where_it_is_asked() -> None:
    corpus: Corpus = noisy_world(np.random.default_rng(1))[0]
    other = replace(corpus, texts=texts_of([*list(corpus.texts)[:-1], "another"]))
    assert corpus.fingerprint() == other.fingerprint()
    assert corpus.fingerprint(texts=True) != other.fingerprint(texts=True)


def test_the_fingerprint_tells_sounds_and_genres_only_where_it_is_asked() -> None:
    corpus: Corpus = noisy_world(np.random.default_rng(1))[0]
    others = {
        "audio": replace(corpus, audio=np.full_like(corpus.audio, 0.5)),
        "genres": replace(corpus, genres=replace(corpus.genres, names=(*corpus.genres.names, "another"))),
    }
    for name, other in others.items():
        assert corpus.fingerprint() == other.fingerprint(), name
        assert corpus.fingerprint(**{name: True}) != other.fingerprint(**{name: True}), name


def fado(artist: str) -> Track:
    """Tell the genre of one artist, with a song that is there already."""
    track = taste_song("calm", 1) if artist.startswith("calm") else taste_song("loud", 1)
    return replace(track, artists=(Artist(artist, genres=("fado",)),))


@pytest.mark.parametrize(("kind", "before", "after"), [
    ("audio", AudioFeatures(taste_song("loud", 2), energy=0.1), AudioFeatures(taste_song("calm", 1), energy=0.9)),
    ("genre", fado("loud artist 1"), fado("calm artist 1")),
])  # fmt: skip
def test_what_is_told_of_songs_alone_renews_what_learns_from_it(
    untrained: Path, kind: str, before: AudioFeatures | Track, after: AudioFeatures | Track
) -> None:
    """As lyrics do, though no playlist changed."""
    add(untrained, [before])
    train(untrained, [kind, "popularity"])
    assert [one.new for one in update(untrained, kind, "popularity")] == [False, False]
    add(untrained, [after])
    assert [one.new for one in update(untrained, kind, "popularity")] == [True, False]
    assert [one.new for one in update(untrained, kind)] == [False]
