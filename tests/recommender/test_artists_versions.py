"""Where there are very many tracks, the versions of a song are looked for among the artist's own."""

from pathlib import Path

import numpy as np
import pytest

from db.connection import open_reader
from db.own_tracks import by_its_artist
from recommender import catalogue, scored
from recommender.scored import Loaded, by_seeds
from recommender.shelf import Shelf
from recommender.vocabulary import Vocabulary
from tests.recommender.songs import add, playlist, song, spotify_id, train

NAMES = ("Wonderwall", "Wonderwall - Remastered 2014", "Wonderwall (Live)", "Wonderwall - Radio Edit", "Talk Tonight")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Five songs of one artist, the later ones in more playlists, and what only looks alike."""
    own = [song(name, "Oasis", spotify_id(f"own{n}")) for n, name in enumerate(NAMES)]
    cover = song("Wonderwall", "Ryan Adams", spotify_id("cover"))
    guest = song("Wonderwall", ("Nobody", "Oasis"), spotify_id("guest"))
    alone = song("", "Oasis", spotify_id("nameless"))
    strangers = [song(f"Else {n}", f"Band {n}", spotify_id(f"else{n}")) for n in range(4)]
    lists = [playlist(f"p{n}", [*own[: n + 1], cover, guest, alone, *strangers]) for n in range(len(own))]
    lists += [playlist("more", [own[1], own[3], own[3], *strangers])]
    add(tmp_path / "s.db", lists)
    train(tmp_path / "s.db", ["item-knn"])
    return tmp_path / "s.db"


def test_they_are_the_artists_own_versions_those_in_most_playlists_first(database: Path) -> None:
    with open_reader(database) as connection:
        asked = catalogue.songs(connection, [spotify_id("own0"), spotify_id("nameless")])
        found = catalogue.other_versions(connection, asked[spotify_id("own0")], by_words=False)
        assert found == [spotify_id(f"own{n}") for n in (1, 3, 2)]
        assert sorted(found) == sorted(catalogue.other_versions(connection, asked[spotify_id("own0")]))
        assert catalogue.other_versions(connection, asked[spotify_id("nameless")], by_words=False) == []


def test_of_an_artist_of_very_many_tracks_so_many_are_read(database: Path) -> None:
    with open_reader(database) as connection:
        every = by_its_artist(connection, spotify_id("own0"), 100)
        assert {name for _, name in every} == {*NAMES[1:], ""}
        assert len(by_its_artist(connection, spotify_id("own0"), 2)) == 2
        assert by_its_artist(connection, spotify_id("stranger"), 100) == []


def test_seeds_speak_through_the_same_versions(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by = Shelf(database.with_suffix(".models")).load("item-knn")
    with open_reader(database) as connection:
        few = by_seeds(connection, by, [spotify_id("own0")], widen=True)
        monkeypatch.setattr(scored, "_BY_WORDS", 0)
        many = by_seeds(connection, by, [spotify_id("own0")], widen=True)
    assert len(few.seeds) == len(many.seeds) == 4
    np.testing.assert_array_equal(few.scores, many.scores)


def test_the_words_are_asked_up_to_200_000_tracks(database: Path) -> None:
    by = Shelf(database.with_suffix(".models")).load("item-knn")
    for n_tracks, told in ((200_000, True), (200_001, False)):
        ids = np.zeros(n_tracks, "S22")
        of_many = Loaded(
            by.name, by.manifest, Vocabulary(ids, np.zeros(n_tracks, np.int32)), by.model, by.changed, by.place
        )
        assert of_many.by_words is told
