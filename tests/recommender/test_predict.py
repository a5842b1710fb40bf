"""`segue predict`, from a file of plays to a number."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from db.records import Play
from recommender.artifacts import models_folder, read_manifest
from recommender.predict import foretell
from tests.cli.running import segue
from tests.recommender.listening import add_plays, listened, played_song, register_stand_in
from tests.recommender.songs import NOW, song, spotify_id


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    register_stand_in(monkeypatch)


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("heard")
    add_plays(folder / "s.db", listened(np.random.default_rng(1)))
    with pytest.MonkeyPatch.context() as patch:
        register_stand_in(patch)
        assert segue("--db", folder / "s.db", "train", "stand-in").exit_code == 0
    return folder


@pytest.fixture
def heard(made_once: Path, tmp_path: Path) -> Path:
    """A database of 40 listeners, and a model that foretells."""
    shutil.copytree(made_once, tmp_path / "heard")
    return tmp_path / "heard" / "s.db"


def test_from_a_file_of_plays_to_a_number(tmp_path: Path) -> None:
    """All by commands: import, train, predict; one listener plays everything twenty times more."""
    rng, lines = np.random.default_rng(1), ["user_id,song_id,listen_count"]
    for n in range(110):
        lines += [f"u{n:03d},SOAAAAA{t:02d}000000000,{1 + t % 9 + 20 * (n == 7)}" for t in rng.choice(60, 14, False)]
    (tmp_path / "triplets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    database = tmp_path / "s.db"
    assert segue("--db", database, "import", "--format", "taste-profile", tmp_path / "triplets.csv").exit_code == 0
    assert segue("--db", database, "train", "stand-in").exit_code == 0
    model = read_manifest(models_folder(database), "stand-in")
    assert model.notes["listeners"] == 110
    assert 0 < model.worth["plays_rmse"] < 2
    ids = [one.track_id for one in foretell_all(database, "u007") if one.foretold and one.played][:3]
    told, other = (
        json.loads(segue("--db", database, "predict", name, *ids, "--json").stdout) for name in ("u007", "u008")
    )
    assert (told["listener"], told["model"], told["notes"]) == ("u007", "stand-in", [])
    assert [one["track_id"] for one in told["predictions"]] == ids
    assert all(one["played"] > 20 for one in told["predictions"])
    for mine, theirs in zip(told["predictions"], other["predictions"], strict=True):
        assert mine["foretold"] > 2 * theirs["foretold"]


def foretell_all(database: Path, listener: str = "listener 00"):  # type: ignore[no-untyped-def]
    """Foretell all tracks of a listener."""
    from recommender.load import load

    corpus = load(database)[1]
    return foretell(database, listener, corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks))).predictions


def test_the_table_names_track_foretold_and_played(heard: Path) -> None:
    """By words or by id; what the model cannot tell has a dash."""
    known = {one.track_id: one for one in foretell_all(heard)}
    untold = next(one for one in known.values() if one.foretold is None)
    one = next(one for one in known.values() if one.foretold)
    result = segue("--db", heard, "predict", "listener 00", one.name, untold.track_id)
    assert result.exit_code == 0
    assert f'"{one.name}" is {one.name}' in result.stderr
    assert "Foretold by stand-in:" in result.stderr
    header, first, second = (line.split() for line in result.stdout.splitlines())
    assert header[-3:] == ["foretold", "played", "id"]
    assert first[-3:] == [f"{one.foretold:.1f}", str(one.played), one.track_id]
    assert second[-3:-1] == ["-", str(untold.played)]


def test_plays_are_counted_over_logs_and_by_the_twin(heard: Path) -> None:
    """A local file counts as its Spotify twin, and its name leads to it."""
    twin = played_song("calm", 3)
    before = {one.track_id: one.played for one in foretell_all(heard)}[twin.track_id]
    add_plays(heard, [Play("listener 00", song("Calm Song 3", "CALM artist 3"), 4, NOW)], "another log")
    (told,) = foretell(heard, "listener 00", [twin.track_id]).predictions
    assert told.played == before + 4
    (same,) = foretell(heard, "listener 00", [song("Calm Song 3", "CALM artist 3").track_id]).predictions
    assert (same.played, same.foretold) == (told.played, told.foretold)


def test_an_older_model_is_told(heard: Path) -> None:
    """It may lack the latest plays."""
    assert foretell(heard, "listener 00", [played_song("calm", 3).track_id]).notes == ()
    later = read_manifest(models_folder(heard), "stand-in").trained_at + 1
    add_plays(heard, [Play("listener 00", played_song("calm", 3), 4, NOW)], "another log", later)
    (note,) = foretell(heard, "listener 00", [played_song("calm", 3).track_id]).notes
    assert "was trained before the plays changed" in note


def one_line(heard: Path, *words: str) -> str:
    result = segue("--db", heard, "predict", *words)
    assert (result.exit_code, result.stdout) == (1, "")
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    return errors[0]


def test_without_a_model_that_foretells_the_cure_is_told(heard: Path) -> None:
    """Whether none is trained, or others are."""
    shutil.rmtree(models_folder(heard))
    assert "run `segue train svd`" in one_line(heard, "listener 00", "calm song 3")
    segue("--db", heard, "train", "popularity")
    assert "run `segue train svd`" in one_line(heard, "listener 00", "calm song 3")
    assert "popularity cannot foretell" in one_line(heard, "listener 00", "calm song 3", "--model", "popularity")


def test_a_model_that_learned_from_no_listener_says_so(heard: Path) -> None:
    """As with too few people's plays."""
    stored = models_folder(heard) / "stand-in" / "listeners.npy"
    manifest = models_folder(heard) / "stand-in" / "manifest.json"
    names = np.load(stored, allow_pickle=False)
    np.save(stored, names[:0])
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["arrays"]["listeners"] = [names.dtype.str, [0]]
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert "learned from playlists" in one_line(heard, "listener 00", "calm song 3", "--model", "stand-in")


def test_an_unknown_listener_gets_the_names_that_are_near(heard: Path) -> None:
    """Or none, when none is."""
    assert 'no listener called "LISTENER 3"' in (line := one_line(heard, "LISTENER 3", "calm song 3"))
    assert "did you mean listener 3" in line
    assert "did you mean" not in one_line(heard, "zzz", "calm song 3")


def test_who_came_after_the_training_is_told_to_train(heard: Path) -> None:
    """He is no stranger."""
    add_plays(heard, [Play("new one", played_song("calm", 3), 4, NOW)], "another log")
    assert "new one was not here when stand-in was trained" in one_line(heard, "new one", "calm song 3")


def test_a_strange_track_is_refused(heard: Path) -> None:
    """One that nobody knows, and one that came after the training."""
    assert "does not know" in one_line(heard, "listener 00", spotify_id("unheard0of"))
    add_plays(heard, [Play("listener 00", song("New Song", "Somebody"), 4, NOW)], "another log")
    assert "does not know New Song · Somebody" in one_line(heard, "listener 00", "new song")
    assert "no track is found" in one_line(heard, "listener 00", "nothing like it")


def test_the_best_is_the_one_of_the_least_error_then_in_order(heard: Path) -> None:
    """A damaged one is passed by, with a note."""
    folder = models_folder(heard)
    for name, worth in (("better", {"plays_rmse": 0.1}), ("worse", {"plays_rmse": 9.0}), ("unmeasured", {})):
        shutil.copytree(folder / "stand-in", folder / name)
        manifest = json.loads((folder / name / "manifest.json").read_text(encoding="utf-8"))
        (folder / name / "manifest.json").write_text(
            json.dumps(manifest | {"name": name, "worth": worth}), encoding="utf-8"
        )
    shutil.rmtree(folder / "stand-in")
    track = [played_song("calm", 3).track_id]
    for best in ("better", "worse", "unmeasured"):
        told = foretell(heard, "listener 00", track)
        assert told.model == best
        (folder / best / "mean.npy").unlink()
    assert len(told.notes) == 2
    assert "no model that foretells plays is trained" in one_line(heard, "listener 00", "calm song 3")
