"""The made-up collection of the article's size, in small parts: exact, repeatable, and like real playlists."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import orjson
import pytest

from bench.scale import __main__ as scale
from bench.scale import likeness_command
from bench.scale.collection import Arrays, Collection
from bench.scale.laying import REPEATS, repeats
from bench.scale.likeness import BOUND, Lists, gini, measure, read
from bench.scale.names import ENDINGS, Names

TINY = Collection.of("1/512")


@pytest.fixture(scope="module")
def made() -> Arrays:
    return TINY.arrays()


@pytest.fixture(scope="module")
def slices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("slices")
    Collection.of("1/160").write(folder)
    return folder


def told(folder: Path) -> list[dict]:
    return [playlist for path in sorted(folder.iterdir()) for playlist in orjson.loads(path.read_bytes())["playlists"]]


@pytest.mark.parametrize("part", ["1", "1/2", "1/16", 0.25, Fraction(1, 3)])
def test_a_part_is_that_share_of_the_articles_size(part: str | float | Fraction) -> None:
    of = Collection.of(part)
    assert of.n_playlists == round(177_889 * Fraction(part))
    assert of.n_tracks == round(4_995_249 * Fraction(part))
    assert of.n_artists == round(801_357 * Fraction(part))
    assert of.n_entries == round(12_000_000 * Fraction(part))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("part", ["1/5000", "1/512", "1/100"])
def test_the_numbers_are_exact_and_every_track_and_artist_is_used(part: str, seed: int) -> None:
    of = Collection.of(part, seed)
    made = of.arrays()
    assert len(made.entries) == made.offsets[-1] == of.n_entries
    assert len(made.offsets) == of.n_playlists + 1
    assert (np.diff(made.offsets) > 0).all()
    assert np.array_equal(np.unique(made.entries), np.arange(of.n_tracks))
    assert np.array_equal(np.unique(made.artists[made.entries]), np.arange(of.n_artists))
    assert len(made.genres) == of.n_playlists


def test_an_album_is_one_artists(made: Arrays) -> None:
    pairs = np.unique(np.stack([made.albums, made.artists]), axis=1)
    assert len(np.unique(pairs[0])) == pairs.shape[1]
    assert 2 < len(made.albums) / pairs.shape[1] < 6


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for folder, seed in (("first", 1), ("second", 1), ("other", 2)):
        Collection.of("1/2000", seed).write(tmp_path / folder)
    first, second, other = (
        [path.read_bytes() for path in sorted((tmp_path / folder).iterdir())] for folder in ("first", "second", "other")
    )
    assert first == second
    assert first[0] != other[0]


def test_the_slices_say_what_the_arrays_say(slices: Path) -> None:
    of = Collection.of("1/160")
    made, playlists = of.arrays(), told(slices)
    assert [path.name for path in sorted(slices.iterdir())] == ["mpd.slice.0-999.json", "mpd.slice.1000-1111.json"]
    names, numbers = Names.of(of.seed), np.arange(of.n_tracks)
    uris = [f"spotify:track:{raw.decode()}" for raw in names.ids("track", numbers)]
    entries = [entry for playlist in playlists for entry in playlist["tracks"]]
    assert [entry["track_uri"] for entry in entries] == [uris[track] for track in made.entries.tolist()]
    assert [len(playlist["tracks"]) for playlist in playlists] == np.diff(made.offsets).tolist()
    assert len({entry["track_uri"] for entry in entries}) == of.n_tracks
    assert len({entry["artist_uri"] for entry in entries}) == of.n_artists
    assert len({entry["album_uri"] for entry in entries}) == made.albums.max() + 1


def test_a_slice_is_in_the_genuine_schema(slices: Path) -> None:
    playlist = told(slices)[0]
    assert set(playlist) == {
        "name", "collaborative", "pid", "modified_at", "num_tracks", "num_albums", "num_followers", "tracks",
        "num_edits", "duration_ms", "num_artists",
    }  # fmt: skip
    entries = playlist["tracks"]
    assert set(entries[0]) == {
        "pos", "artist_name", "track_uri", "artist_uri", "track_name", "album_uri", "duration_ms", "album_name",
    }  # fmt: skip
    assert [entry["pos"] for entry in entries] == list(range(playlist["num_tracks"]))
    assert playlist["num_artists"] == len({entry["artist_uri"] for entry in entries})
    assert playlist["duration_ms"] == sum(entry["duration_ms"] for entry in entries)


def test_a_track_is_told_the_same_in_every_slice(slices: Path) -> None:
    seen: dict[str, dict] = {}
    for playlist in told(slices):
        for entry in playlist["tracks"]:
            row = {key: value for key, value in entry.items() if key != "pos"}
            assert seen.setdefault(entry["track_uri"], row) == row


def test_ids_are_22_letters_all_different_and_in_no_order() -> None:
    ids = Names.of(1).ids("track", np.arange(20_000))
    assert ids.dtype == "S22"
    assert all(raw.isalnum() and len(raw) == 22 for raw in ids.tolist())
    assert len(np.unique(ids)) == 20_000
    rank = np.argsort(np.argsort(ids))
    assert abs(np.corrcoef(rank, np.arange(20_000))[0, 1]) < 0.03
    assert not np.isin(ids, Names.of(1).ids("album", np.arange(20_000))).any()


def test_some_titles_are_versions_of_a_song_by_the_same_artist(slices: Path) -> None:
    songs = {(e["artist_uri"], e["track_name"]) for playlist in told(slices) for e in playlist["tracks"]}
    versions = [(artist, title, ending) for artist, title in songs for ending in ENDINGS if title.endswith(ending)]
    assert 0.04 < len(versions) / len(songs) < 0.15
    assert all((artist, title.removesuffix(ending)) in songs for artist, title, ending in versions)


def test_a_common_word_stands_in_a_few_of_a_hundred_titles_and_most_titles_are_one_songs() -> None:
    titles = Names.of(1).titles(np.arange(20_000), np.zeros(20_000, bool))
    word = Names.of(1).words[0]
    assert 0.02 < np.mean([word in title.split() for title in titles]) < 0.1
    assert 0.7 < len(set(titles)) / len(titles) < 0.99


def test_hardly_a_list_has_a_track_twice(made: Arrays) -> None:
    again = sum(len(part) - len(np.unique(part)) for part in np.split(made.entries, made.offsets[1:-1]))
    assert again == len(repeats(made.entries, made.offsets)) == int(REPEATS * len(made.entries))


def test_the_figures_are_those_that_one_counts_by_hand() -> None:
    """Track 0 stands in all three lists, the others in one, 3 twice; the artist of 3 is not known."""
    lists = Lists(np.array([0, 1, 2, 3, 0, 3, 0, 4]), np.array([0, 3, 6, 8]), np.array([7, 7, 5, -1, 5]))
    figures = measure(lists)
    assert figures["tracks in one playlist"] == 4 / 5
    assert figures["Gini coefficient of playlist counts"] == pytest.approx(gini(np.array([3, 1, 1, 1, 1])))
    assert figures["neighbours by the same artist"] == 1 / 3
    assert figures["entries that repeat a track"] == 1 / 8
    assert figures["length / mean, 50 %"] == pytest.approx(3 / (8 / 3))
    assert figures["pairs that meet again"] == 0
    assert figures["distinct pairs"] == 1


def test_what_meets_again_is_told() -> None:
    """Two lists alike, and one apart: six entries of eight meet theirs again, three pairs of seven are doubles."""
    lists = Lists(np.array([0, 1, 2, 0, 1, 2, 3, 4]), np.array([0, 3, 6, 8]), np.zeros(5, int))
    figures = measure(lists)
    assert figures["pairs that meet again"] == 6 / 8
    assert figures["distinct pairs"] == pytest.approx(4 / 7)


def test_evenly_shared_is_0_and_all_for_one_is_nearly_1() -> None:
    assert gini(np.full(100, 3)) == pytest.approx(0)
    assert gini(np.array([0] * 99 + [5])) == pytest.approx(0.99)


def test_a_small_part_is_like_real_playlists() -> None:
    """The pairs of a small part hang on its longest lists: distinct pairs are held to the bound from 1/16 on."""
    made = Collection.of("1/64").arrays()
    figures = measure(Lists(made.entries, made.offsets, made.artists), sample=3_000)
    ratios = {name: figures[name] / told for name, told in likeness_command.REAL.items() if name != "distinct pairs"}
    assert {name: ratio for name, ratio in ratios.items() if abs(ratio - 1) > BOUND} == {}


def test_slices_are_read_as_they_were_made(slices: Path) -> None:
    made, lists = Collection.of("1/160").arrays(), read(slices)
    assert np.array_equal(lists.offsets, made.offsets)
    assert measure(lists, sample=300)["Gini coefficient of playlist counts"] == pytest.approx(
        gini(
            np.bincount(made.entries)
            - np.bincount(made.entries[repeats(made.entries, made.offsets)], minlength=len(made.artists))
        )
    )


def test_the_commands_make_and_compare(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["scale", "make", "--part", "1/5000", "--folder", str(tmp_path / "made")])
    assert scale.main() == 0
    assert "36 playlists, 2,400 entries, 999 tracks, 160 artists" in capsys.readouterr().out
    assert scale.main() == 1
    assert "name another folder" in capsys.readouterr().err
    folder = str(tmp_path / "made")
    monkeypatch.setattr("sys.argv", ["scale", "likeness", "--made", folder, "--real", folder])
    assert scale.main() == 0
    assert "MISSED" not in capsys.readouterr().out


def test_what_lies_outside_the_bounds_is_missed_aloud(capsys: pytest.CaptureFixture[str]) -> None:
    assert likeness_command.show({"even": 0.5, "odd": 0.5}, {"even": 0.52, "odd": 0.56}) == 1
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()[1:]] == ["kept", "MISSED"]
