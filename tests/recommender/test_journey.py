"""A road through a database: every step is true, the ends are the ends, and what cannot be is said."""

import shutil
import sqlite3
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from db.read import stranger
from db.records import AudioFeatures, Track
from recommender.artifacts import models_folder
from recommender.errors import DamagedModel, NoRoad, NoSuchModel
from recommender.roads.ground import Around
from recommender.roads.journey import Road, _lay, find_road
from recommender.roads.laying import Ground, lay
from tests.recommender.songs import add, playlist, song, spotify_id, train

SONGS = 60
REACH = 10
"""So many songs in a row stand in a playlist."""


def chain_song(number: int, name: str = "chain") -> Track:
    return song(f"{name} song {number:02d}", f"{name} artist {number % 30}", spotify_id(f"{name}{number:02d}"))


def chain(name: str) -> list[object]:
    """Playlists like the links of a chain: each holds ten songs in a row, and so each song's near ones."""
    return [
        playlist(f"{name} {start} {again}", (chain_song((start + place) % SONGS, name) for place in range(REACH)))
        for start in range(0, SONGS - REACH + 1, 2)
        for again in range(3)
    ]


@pytest.fixture(scope="session")
def linked_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chain of songs from calm to loud, and an island that no playlist leads to."""
    database = tmp_path_factory.mktemp("chain") / "segue.db"
    add(database, [*chain("chain"), *chain("island")])  # type: ignore[list-item]
    add(database, [AudioFeatures(chain_song(n, "island"), energy=0.2, tempo=90.0) for n in range(SONGS)], "sounds")
    train(database, ["word2vec"], workers="1", epochs="25")
    train(database, ["popularity"])
    return database.parent


@pytest.fixture
def linked(linked_once: Path, tmp_path: Path) -> Path:
    shutil.copytree(linked_once, tmp_path / "chain")
    return tmp_path / "chain" / "segue.db"


def ends(first: int, last: int, name: str = "chain") -> tuple[str, str]:
    return chain_song(first, name).track_id, chain_song(last, name).track_id


def numbers(road: Road) -> list[int]:
    return [int(song.name[-2:]) for song in road.songs]


def holding_both(database: Path, one: str, other: str) -> int:
    with sqlite3.connect(database) as connection:
        return connection.execute(
            """
            SELECT count(DISTINCT a.playlist_key) FROM playlist_entries a JOIN playlist_entries b USING (playlist_key)
            WHERE a.track_key = (SELECT key FROM tracks WHERE track_id = ?)
                AND b.track_key = (SELECT key FROM tracks WHERE track_id = ?)
            """,
            [one, other],
        ).fetchone()[0]


def test_a_road_goes_along_the_chain(linked: Path) -> None:
    """From one end to the other, every step within one playlist, which the straight line does not manage better."""
    road = find_road(linked, *ends(2, 57), 12)
    assert (len(road.songs), road.model, road.notes) == (12, "word2vec", ())
    told = numbers(road)
    assert (told[0], told[-1]) == (2, 57)
    assert len(set(told)) == 12
    assert max(abs(one - then) for one, then in pairwise(told)) < REACH
    assert max(road.steps) < 1
    assert max(road.steps) <= max(road.straight_steps)
    assert len(road.straight) == 12


def test_each_step_says_in_how_many_playlists_it_is(linked: Path) -> None:
    """Counted anew from the database."""
    road = find_road(linked, *ends(2, 57), 9)
    assert road.songs[0].reasons == ()
    assert road.shared == tuple(holding_both(linked, a.track_id, b.track_id) for a, b in pairwise(road.songs))
    for before, after in pairwise(road.songs):
        together = holding_both(linked, before.track_id, after.track_id)
        assert after.reasons == (f"in {together} playlists with the one before",)


def test_a_road_back_is_a_road_too_and_the_same_each_time(linked: Path) -> None:
    there, back = find_road(linked, *ends(10, 40), 8), find_road(linked, *ends(40, 10), 8)
    assert (numbers(back)[0], numbers(back)[-1]) == (40, 10)
    assert (numbers(back), back.steps) == (numbers(there)[::-1], there.steps[::-1])
    assert (back.straight, back.straight_steps) == (there.straight[::-1], there.straight_steps[::-1])
    assert find_road(linked, *ends(10, 40), 8) == there


@pytest.mark.parametrize("n", [3, 6, 9, 14])
def test_no_road_is_worse_than_its_straight_line(linked: Path, n: int) -> None:
    for first, last in ((2, 57), (30, 11), (40, 45)):
        road = find_road(linked, *ends(first, last), n)
        line = max(road.straight_steps), sum(road.straight_steps)
        assert (max(road.steps), sum(road.steps)) <= line or road.steps == pytest.approx(road.straight_steps)


def test_where_the_straight_line_is_better_it_is_the_road() -> None:
    """The song in the middle is far from both ends, and the one nearest to the line stands early on it."""
    far = np.array([[0.0, 0.1, 0.9, 2.0], [0.1, 0.0, 0.9, 0.2], [0.9, 0.9, 0.0, 0.9], [2.0, 0.2, 0.9, 0.0]])
    ground = Ground(far, np.array([0, 0.05, 0.5, 1]), np.zeros(4), [frozenset({song}) for song in range(4)])
    nearness = np.array([[9, 0, 0, 0], [0, 5, 4, 0], [0, 0, 0, 9]], float)
    assert lay(ground, 3) == [0, 2, 3]
    around = Around([stranger(str(song)) for song in range(4)], ground, np.zeros((4, 1)), nearness)
    assert _lay(around, 3) == [0, 1, 3]
    alike = replace(ground, artists=[frozenset({song % 2}) for song in (0, 0, 1, 3)])
    assert _lay(replace(around, ground=alike), 3) == lay(alike, 3)


@pytest.mark.parametrize("n", [2, 3])
def test_short_roads_are_roads(linked: Path, n: int) -> None:
    road = find_road(linked, *ends(5, 12), n)
    assert (len(road.songs), len(road.steps), len(road.straight)) == (n, n - 1, n)
    assert (numbers(road)[0], numbers(road)[-1]) == (5, 12)


def test_between_islands_the_jump_is_named(linked: Path) -> None:
    """One step alone leads over the water, and the note says which."""
    start, end = chain_song(5).track_id, chain_song(5, "island").track_id
    road = find_road(linked, start, end, 8)
    jumps = [place for place, step in enumerate(road.steps, 2) if step >= 1]
    assert len(jumps) == 1
    landed = road.songs[jumps[0] - 1]
    assert landed.reasons == ("a jump: nothing here links it to the one before",)
    named = f"{jumps[0]} ({landed.name} · {landed.artists[0]})"
    assert road.notes == (f"no playlists were found that lead all the way: the step to song {named} is a jump",)


def test_a_road_too_short_for_the_playlists_says_how_long_it_has_to_be(linked: Path) -> None:
    """And of that length it is one without a jump."""
    road = find_road(linked, *ends(2, 57), 4)
    assert max(road.steps) >= 1
    (note,) = road.notes
    fewest = int(note.removeprefix("playlists lead all the way only in ").split()[0])
    assert f"{fewest} songs or more (-n {fewest}): the step" in note
    assert 4 < fewest <= 9
    longer = find_road(linked, *ends(2, 57), fewest)
    assert (longer.notes, max(longer.steps) < 1) == ((), True)


def test_where_playlists_are_silent_sound_tells(linked: Path) -> None:
    known = [AudioFeatures(chain_song(n), energy=0.3, tempo=92.4, **REST) for n in range(SONGS)]
    add(linked, known, "more sounds")
    whole = [AudioFeatures(chain_song(n, "far"), energy=0.35, tempo=184.0, **REST) for n in range(SONGS)]
    add(linked, [*chain("far"), *whole], "far")  # type: ignore[list-item]
    train(linked, ["word2vec"], workers="1", epochs="25")
    road = find_road(linked, chain_song(5).track_id, chain_song(5, "far").track_id, 6)
    jump = next(place for place, step in enumerate(road.steps) if step >= 1)
    assert road.songs[jump + 1].reasons == ("by sound alone: 92 and 184 BPM, both calm",)
    assert road.steps[jump] < 1.1


REST = {
    "danceability": 0.5, "valence": 0.5, "acousticness": 0.5, "instrumentalness": 0.0, "speechiness": 0.0,
    "loudness": -9.0,
}  # fmt: skip


def test_no_song_comes_in_two_versions(linked: Path) -> None:
    """Each song of the chain has a live version beside it in all its playlists."""
    both = [
        playlist(
            f"live {start} {again}",
            [track for n in range(start, start + 5) for track in (chain_song(n), live(n))],
        )
        for start in range(SONGS - 5)
        for again in range(2)
    ]
    add(linked, both, "live")
    train(linked, ["word2vec"], workers="1", epochs="25")
    road = find_road(linked, *ends(2, 57), 14)
    assert len({song.name.removesuffix(" (Live)") for song in road.songs}) == 14
    with pytest.raises(NoRoad, match=r"chain song 04 · .* and chain song 04 \(Live\) · .* are one song: name two"):
        find_road(linked, chain_song(4).track_id, live(4).track_id)


def live(number: int) -> Track:
    plain = chain_song(number)
    return song(f"{plain.name} (Live)", plain.artists[0].name, spotify_id(f"live{number:02d}"))


def test_artists_come_once_while_there_are_others(linked: Path) -> None:
    road = find_road(linked, *ends(2, 57), 12)
    credited = [artist for song in road.songs for artist in song.artists]
    assert len(set(credited)) == len(credited)


def test_a_track_that_is_linked_stands_for_its_twin(linked: Path) -> None:
    """A local file of a song that Spotify's playlists hold is known by them."""
    local = song("chain song 07", "chain artist 7")
    add(linked, [playlist("my files", [local])], "files")
    road = find_road(linked, local.track_id, chain_song(30).track_id, 5)
    assert road.songs[0].track_id == chain_song(7).track_id
    assert any("was trained before the playlists changed" in note for note in road.notes)


def test_more_songs_than_there_are_become_as_many_as_there_are(linked: Path) -> None:
    road = find_road(linked, *ends(2, 57), 100)
    assert 20 <= len(road.songs) < 100
    assert road.notes[0] == f"no more than these {len(road.songs)} songs are known to lie on the way"
    assert len({song.track_id for song in road.songs}) == len(road.songs)


def test_what_cannot_be_is_one_sentence(linked: Path) -> None:
    start, end = ends(2, 57)
    with pytest.raises(NoRoad, match="from one song to another: name two different ones"):
        find_road(linked, start, start)
    with pytest.raises(NoRoad, match="4uLU6hMCjMI75M1A2tKUQC stands in no playlist that word2vec learned from"):
        find_road(linked, start, "4uLU6hMCjMI75M1A2tKUQC")
    with pytest.raises(ValueError, match="two songs at least"):
        find_road(linked, start, end, 1)
    with pytest.raises(NoSuchModel, match="popularity places no tracks in a space: run `segue train word2vec`"):
        find_road(linked, start, end, model="popularity")
    shutil.rmtree(models_folder(linked) / "word2vec")
    with pytest.raises(NoSuchModel, match="no model that places tracks in a space is trained: run `segue train"):
        find_road(linked, start, end)


def test_a_damaged_model_is_named(linked: Path) -> None:
    vectors = models_folder(linked) / "word2vec" / "inner.npy"
    told = np.load(vectors, allow_pickle=False)
    np.save(vectors, np.full_like(told, np.nan))
    with pytest.raises(DamagedModel, match=r"word2vec cannot be used, .*: train it again"):
        find_road(linked, *ends(2, 57))
    vectors.unlink()
    with pytest.raises(NoSuchModel, match=r"run `segue train word2vec`\. the model in .* is missing or half-written"):
        find_road(linked, *ends(2, 57))
