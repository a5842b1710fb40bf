"""Maps and networks: that neighbours stay neighbours, that nothing is left to chance, and that names can be read."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from cli import main
from recommender.artifacts import read_manifest
from recommender.errors import CannotStore
from recommender.maps import keeping
from recommender.maps.atlas import FULL, TONES, framed, toned
from recommender.maps.drawing import draw
from recommender.maps.network import Network, laid_out, network
from recommender.maps.projecting import CORE, neighbourly, principal
from recommender.maps.regions import NONE, middles, parts_of, telling
from tests.web import world


def crowds(n_crowds: int, each: int, dimensions: int = 20, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Make rows of length 1 around some middles, and tell the crowd of each."""
    rng = np.random.default_rng(seed)
    crowd = np.arange(n_crowds * each) % n_crowds
    rows = rng.normal(size=(n_crowds, dimensions))[crowd] + 0.4 * rng.normal(size=(len(crowd), dimensions))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), crowd


def kept_neighbours(vectors: np.ndarray, places: np.ndarray, n_neighbours: int, looked_at: np.ndarray) -> float:
    """Give the share of some rows' nearest rows that are also nearest on the map, 0 to 1."""
    shares = []
    for row in looked_at.tolist():
        far = np.square(vectors - vectors[row]).sum(axis=1), np.square(places - places[row]).sum(axis=1)
        near = [set(np.argsort(one, kind="stable")[1 : n_neighbours + 1].tolist()) for one in far]
        shares.append(len(near[0] & near[1]) / n_neighbours)
    return float(np.mean(shares))


def nothing(_share: float) -> None:
    """Watch no progress."""


class TestProjecting:
    def test_two_crowds_stay_apart_at_once_and_laid_out(self) -> None:
        rows, crowd = crowds(2, 60)
        for places in (principal(rows), neighbourly(rows, 1, nothing)):
            first, second = places[crowd == 0], places[crowd == 1]
            between = np.linalg.norm(first.mean(axis=0) - second.mean(axis=0))
            assert between > 2 * max(first.std(), second.std()) / 2**0.5

    def test_neighbours_are_kept_far_better_than_by_chance(self) -> None:
        rows, _ = crowds(8, 60)
        some = np.arange(0, len(rows), 4)
        chance = 10 / len(rows)
        laid, seen = neighbourly(rows, 1, nothing), principal(rows)
        assert kept_neighbours(rows, seen, 10, some) > 2 * chance
        assert kept_neighbours(rows, laid, 10, some) > 1.5 * kept_neighbours(rows, seen, 10, some)

    def test_it_is_trustworthy(self) -> None:
        from sklearn.manifold import trustworthiness

        rows, _ = crowds(8, 60)
        by_chance = np.random.default_rng(0).normal(size=(len(rows), 2))
        assert trustworthiness(rows, neighbourly(rows, 1, nothing), n_neighbors=10) > 0.9
        assert trustworthiness(rows, by_chance, n_neighbors=10) < 0.6

    def test_nothing_is_left_to_chance(self) -> None:
        rows, _ = crowds(4, 40)
        np.testing.assert_array_equal(neighbourly(rows, 5, nothing), neighbourly(rows, 5, nothing))
        np.testing.assert_array_equal(principal(rows), principal(rows.copy()))
        np.testing.assert_allclose(principal(rows), principal(rows[:, ::-1]), atol=1e-4)

    def test_those_beyond_the_core_stand_among_their_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("recommender.maps.projecting.CORE", 90)
        rows, crowd = crowds(3, 100)
        places = neighbourly(rows, 1, nothing)
        middle = np.array([places[:90][crowd[:90] == one].mean(axis=0) for one in range(3)])
        far = np.linalg.norm(places[90:, None] - middle[None], axis=2)
        assert (far.argmin(axis=1) == crowd[90:]).mean() > 0.95

    @pytest.mark.parametrize("n_rows", [1, 2, 5, 9])
    def test_few_rows_have_places_too(self, n_rows: int) -> None:
        rows, _ = crowds(1, n_rows)
        places = neighbourly(rows, 1, nothing)
        assert places.shape == (n_rows, 2)
        assert np.isfinite(places).all()
        assert n_rows < CORE

    def test_one_dimension_is_enough(self) -> None:
        assert principal(np.array([[1.0], [2.0], [4.0]])).shape == (3, 2)


class TestRegions:
    def test_crowds_are_found_and_named_by_what_sets_them_apart(self) -> None:
        rows, crowd = crowds(3, 80)
        parts = parts_of(rows, np.random.default_rng(1), 3)
        assert sorted(parts.sizes.tolist()) == [80, 80, 80]
        marks = np.stack([crowd, np.full(len(crowd), 3)], axis=1)
        marks[::9] = NONE
        told = telling(parts, marks, 2, np.ones(len(rows)))
        for region, some in enumerate(told):
            assert some == [int(np.bincount(crowd[parts.labels == region]).argmax())]

    def test_the_largest_comes_first_and_its_name_stands_in_it(self) -> None:
        every, crowd = crowds(2, 50)
        rows = every[(crowd == 0) | (np.arange(len(crowd)) < 40)]
        parts = parts_of(rows, np.random.default_rng(1), 2)
        assert parts.sizes[0] > parts.sizes[1]
        spots = middles(parts, principal(rows).astype(np.float64))
        for region, spot in enumerate(spots):
            own = principal(rows)[parts.labels == region]
            assert np.abs(own - spot).sum(axis=1).min() < 1e-5

    def test_the_same_songs_many_times_are_one_region(self) -> None:
        parts = parts_of(np.ones((50, 4), np.float32), np.random.default_rng(1))
        assert parts.sizes.tolist() == [50]

    def test_nothing_has_no_region(self) -> None:
        assert not len(parts_of(np.zeros((0, 4), np.float32), np.random.default_rng(1)).sizes)


class TestAtlas:
    def test_places_lie_in_the_frame_and_keep_their_shape(self) -> None:
        places = np.random.default_rng(1).normal(size=(5_000, 2)) * (4, 1)
        inside = framed(places).astype(float)
        assert inside.min() >= 0
        assert inside.max() <= FULL
        assert inside[:, 0].std() / inside[:, 1].std() == pytest.approx(4, rel=0.05)

    def test_regions_beside_each_other_have_different_tones(self) -> None:
        spots = np.stack([np.arange(20) * 10.0, np.zeros(20)], axis=1)
        tones = toned(spots)
        assert set(tones) == set(range(TONES))
        assert all(one != other for one, other in pairwise(tones))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Models of the made-up world, one with a space and one without."""
    database = world.make(tmp_path_factory.mktemp("maps") / "world.db", ("word2vec", "item-knn"))
    return database.with_suffix(".models")


class TestKeeping:
    def test_a_map_is_kept_with_its_model_and_stale_when_that_is_trained_anew(self, folder: Path) -> None:
        manifest = read_manifest(folder, "word2vec")
        assert draw(folder, "word2vec", 1, nothing) == manifest.tracks
        kept = keeping.read_map(folder, manifest, manifest.tracks)
        assert kept is not None
        assert kept[1].shape == (manifest.tracks, 2)
        newer = replace(manifest, trained_at=manifest.trained_at + 1)
        assert keeping.read_map(folder, newer, manifest.tracks) is None

    def test_training_lays_it_out_where_it_is_asked_to(self, folder: Path) -> None:
        (folder / keeping.FOLDER / "word2vec.npz").unlink(missing_ok=True)
        told = CliRunner().invoke(main, ["--db", str(folder.with_suffix(".db")), "train", "--update", "--map"])
        assert told.exit_code == 0
        assert "the map of word2vec holds its 120 best known songs" in told.stderr
        assert "item-knn holds" not in told.stderr
        assert keeping.drawn_at(folder, "word2vec")

    def test_a_model_without_a_space_has_no_map(self, folder: Path) -> None:
        assert draw(folder, "item-knn", 1, nothing) == 0
        assert keeping.drawn_at(folder, "item-knn") == 0

    @pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not a zip", None])
    def test_a_damaged_map_is_as_none(self, folder: Path, damage: bytes | None) -> None:
        manifest = read_manifest(folder, "word2vec")
        draw(folder, "word2vec", 1, nothing)
        place = folder / keeping.FOLDER / "word2vec.npz"
        place.write_bytes(place.read_bytes()[:700] if damage is None else damage)
        assert keeping.read_map(folder, manifest, manifest.tracks) is None

    def test_tracks_that_are_not_there_are_not_believed(self, folder: Path) -> None:
        manifest = read_manifest(folder, "word2vec")
        keeping.write_map(folder, manifest, np.array([0, 10**6]), np.zeros((2, 2)))
        assert keeping.read_map(folder, manifest, manifest.tracks) is None

    def test_a_folder_that_cannot_be_written_is_said(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / keeping.FOLDER).write_text("in the way")
        with pytest.raises(CannotStore, match="cannot be written"):
            keeping.write_map(tmp_path, read_manifest(folder, "word2vec"), np.array([0]), np.zeros((1, 2)))


def ring(one: str, most: int) -> list[str]:
    """Give those beside a number on a ring of 30."""
    return [str((int(one) + step) % 30) for step in (1, 2, 3, 4, 5, -1, -2, -3, -4, -5, -6, -7)][:most]


class TestNetwork:
    def test_it_holds_ten_and_their_five_and_knows_what_they_share(self) -> None:
        web = network("0", ring)
        assert web.levels.count(1) == 10
        assert sum(a == 0 for a, _ in web.edges) == 10
        assert all(sum(a == node for a, _ in web.edges) == 5 for node in range(1, 11))
        assert web.shared(web.names.index("7"))
        assert web.names[0] == "0"

    @pytest.mark.parametrize("frame", [(1100.0, 820.0), (380.0, 1400.0)])
    def test_no_name_lies_on_another(self, frame: tuple[float, float]) -> None:
        strangers = network("x", lambda one, most: [f"{one}.{number}" for number in range(most)])
        assert len(strangers.names) == 61
        wide = 0.15 * frame[0] if frame[0] > 500 else 0.27 * frame[0]
        boxes = np.tile([wide, 26.0], (61, 1))
        places = laid_out(strangers, boxes, frame)
        apart = np.abs(places[:, None] - places[None])
        on = (apart < boxes[0] - 0.5).all(axis=2)
        np.fill_diagonal(on, False)
        assert not on.any()
        assert (places >= boxes / 2).all()
        assert (places <= np.array(frame) - boxes / 2).all()

    def test_two_that_stand_alone_leave_room_for_all_others(self) -> None:
        def close(one: str, most: int) -> list[str]:
            """Let all be near to each other, and two know somebody else."""
            others = [str(number) for number in range(11) if str(number) != one][:most]
            return [*others[:-1], f"beyond {one}"] if most == 5 and one in "49" else others

        web = network("0", close)
        places = laid_out(web, np.tile([120.0, 34.0], (len(web.names), 1)), (1100.0, 430.0))
        crowd = np.ptp(places[np.array(web.levels) < 2], axis=0) / (980.0, 396.0)
        assert len(web.names) == 13
        assert crowd.prod() > 0.4

    def test_the_same_network_looks_the_same(self) -> None:
        web, boxes = network("0", ring), np.tile([80.0, 30.0], (30, 1))
        boxes = boxes[: len(web.names)]
        np.testing.assert_array_equal(laid_out(web, boxes, (900, 600)), laid_out(web, boxes, (900, 600)))

    def test_one_alone_stands_in_the_middle(self) -> None:
        alone = Network(("x",), (0,), ())
        assert laid_out(alone, np.array([[80.0, 30.0]]), (900, 600)).tolist() == [[450.0, 300.0]]
