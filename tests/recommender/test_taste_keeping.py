"""A taste is kept as data: whole or not at all, and never as a program."""

import json
import shutil
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from skops import io

from db.connection import open_reader
from recommender.artifacts import model_names, models_folder
from recommender.errors import CannotStore, DamagedModel, NoTaste
from recommender.taste import fitting, keeping
from recommender.taste.learners import LEARNERS
from recommender.taste.learning import Learned, learn, learned_from
from recommender.taste.opening import Taste
from recommender.taste.rows import Parts, rows_of
from tests.recommender.songs import NOW
from tests.recommender.thumbed import thumbed, told_by


@pytest.fixture(scope="module")
def learned() -> Learned:
    told = told_by(np.random.default_rng(1), noise=0.1)
    return learned_from(told, "", 1, ("decision-tree",), NOW, lambda share: None, Parts())


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "segue.db"


@pytest.fixture
def kept(database: Path, learned: Learned) -> Path:
    keeping.keep(database, learned)
    return keeping.folder_of(database, "")


@pytest.mark.parametrize("learner", LEARNERS, ids=lambda learner: learner.name)
def test_what_is_read_says_what_was_kept(learner: object, learned: Learned, database: Path) -> None:
    told = told_by(np.random.default_rng(2), n_artists=30)
    rows = rows_of(told.songs, (), Parts())
    lesson = fitting.Lesson(rows.values, told.liked, np.arange(len(told.liked)) // 3, rows.centred)
    settings = learner.settings()[0]  # type: ignore[attr-defined]
    found = fitting.held_out(learner, lesson, "over", settings, 1)  # type: ignore[arg-type]
    fitted = fitting.fit(learner, lesson, found, 1)  # type: ignore[arg-type]
    keeping.keep(database, replace(learned, fitted=fitted))
    report, again, genres, parts, usual = keeping.read(database, "")
    assert (report, genres, parts) == (learned.report, (), Parts())
    assert np.array_equal(usual, learned.usual, equal_nan=True)
    assert np.array_equal(again.chances(rows.values), fitted.chances(rows.values))


def test_a_taste_is_no_model(kept: Path, database: Path) -> None:
    assert kept.is_dir()
    assert model_names(models_folder(database)) == []


def test_any_text_is_a_listener(database: Path, learned: Learned) -> None:
    odd = ["", "me", "ann", "ANN", "../../up", "a/b", "한국", ".", "con", "x" * 300]
    assert len({keeping.folder_of(database, name).name.casefold() for name in odd}) == len(odd)
    for name in odd:
        keeping.keep(database, replace(learned, report=replace(learned.report, listener=name)))
        assert keeping.folder_of(database, name).parent == models_folder(database) / ".tastes"
    assert [keeping.read(database, name)[0].listener for name in odd] == odd


def test_forgetting_tells_whether_there_was_one(kept: Path, database: Path) -> None:
    assert keeping.forget(database, "")
    assert not kept.exists()
    assert not keeping.forget(database, "")
    with pytest.raises(NoTaste, match="no taste is trained yet: `segue taste like"):
        keeping.read(database, "")


def test_nobody_else_is_forgotten(kept: Path, database: Path, learned: Learned) -> None:
    keeping.keep(database, replace(learned, report=replace(learned.report, listener="ann")))
    assert keeping.forget(database, "ann")
    assert kept.is_dir()


def test_killed_between_two_renames_the_one_before_stands(kept: Path, database: Path) -> None:
    kept.rename(kept.with_name(f".{kept.name}.old"))
    assert keeping.read(database, "")[0].likes
    assert keeping.forget(database, "")
    with pytest.raises(NoTaste):
        keeping.read(database, "")


def test_what_cannot_be_written_leaves_the_one_before(kept: Path, database: Path, learned: Learned) -> None:
    blocked = kept.with_name(f".{kept.name}.new")
    blocked.write_text("in the way")
    with pytest.raises(CannotStore, match="the one before stands"):
        keeping.keep(database, learned)
    assert keeping.read(database, "")[0].likes


@pytest.mark.parametrize("name", ["learner.skops", "taste.json", "report.json"])
@pytest.mark.parametrize("harm", ["gone", "empty", "half", "noise"])
def test_a_damaged_file_is_one_sentence(kept: Path, database: Path, name: str, harm: str) -> None:
    path = kept / name
    data = path.read_bytes()
    path.write_bytes({"empty": b"", "half": data[: len(data) // 2], "noise": b"\x00" * 500}.get(harm, b""))
    if harm == "gone":
        path.unlink()
    with pytest.raises(DamagedModel, match="train it again") as told:
        keeping.read(database, "")
    assert "\n" not in str(told.value)


def _put(kept: Path, steps: object) -> None:
    io.dump(steps, kept / "learner.skops")


def test_a_file_that_names_a_function_is_refused_and_nothing_runs(kept: Path, database: Path, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.mkdir()
    _put(kept, Pipeline([("harm", FunctionTransformer(shutil.rmtree, kw_args={"path": str(canary)}))]))
    with pytest.raises(DamagedModel, match=r"names what no learner needs .*rmtree"):
        keeping.read(database, "")
    assert canary.exists()


def test_a_learner_of_other_rows_is_refused(kept: Path, database: Path) -> None:
    rows, liked = np.random.default_rng(1).random((20, 3)), np.arange(20) % 2 == 0
    _put(kept, Pipeline([("scale", StandardScaler()), ("learn", LogisticRegression())]).fit(rows, liked))
    with pytest.raises(DamagedModel, match="another learner"):
        keeping.read(database, "")


def test_a_tree_whose_branches_lead_out_of_it_is_refused(kept: Path, database: Path, learned: Learned) -> None:
    steps = learned.fitted.pipeline
    tree = steps[-1].tree_
    state = tree.__getstate__()
    broken = state["nodes"].copy()
    broken["left_child"][0] = 1_000_000
    other = type(tree)(tree.n_features, np.array([2]), 1)
    other.__setstate__({**state, "nodes": broken})
    harmed = type(steps[-1])().set_params(**steps[-1].get_params())
    harmed.__dict__.update({**steps[-1].__dict__, "tree_": other})
    _put(kept, Pipeline([*((n, s) for n, s in steps.steps[:-1] if n != "sample"), ("learn", harmed)]))
    with pytest.raises(DamagedModel, match="another learner"):
        keeping.read(database, "")


@pytest.mark.parametrize(
    ("change", "says"), [({"scikit_learn": "0.1"}, "scikit-learn 0.1"), ({"format": 99}, "its format is 99")]
)
def test_another_version_says_so(kept: Path, database: Path, change: dict[str, object], says: str) -> None:
    told = json.loads((kept / "taste.json").read_text())
    assert told["scikit_learn"] == sklearn.__version__
    (kept / "taste.json").write_text(json.dumps(told | change))
    with pytest.raises(DamagedModel, match=says):
        keeping.read(database, "")


def test_an_opened_taste_tells_chances_and_reasons(database: Path) -> None:
    liked = thumbed(database)
    with open_reader(database) as connection:
        keeping.keep(database, learn(connection, "", 1, ("decision-tree",), NOW, lambda share: None))
        taste = Taste.open(database)
        chances = taste.chances(connection, [*liked, "stranger"])
        reasons = taste.reasons(connection, [*liked, "stranger"])
    loud = np.array([*liked.values(), False])
    assert np.isnan(chances[-1])
    assert np.nanmean(chances[loud]) > taste.threshold > np.nanmean(chances[~loud])
    assert taste.report.listener == ""
    energetic = [place for place, told in enumerate(reasons) if "energetic" in told]
    assert len(energetic) > 0.8 * loud.sum()
    assert loud[energetic].mean() > 0.8
    assert reasons[-1] == []


def _changed(path: Path, where: tuple[str | int, ...], value: object) -> None:
    told = json.loads(path.read_text())
    at = told
    for name in where[:-1]:
        at = at[name]
    at[where[-1]] = value
    path.write_text(json.dumps(told))


@pytest.mark.parametrize(
    ("name", "where", "value"),
    [
        ("taste.json", ("threshold",), float("nan")),
        ("taste.json", ("threshold",), 7),
        ("taste.json", ("slope",), float("nan")),
        ("taste.json", ("slope",), -1.0),
        ("taste.json", ("usual",), []),
        ("report.json", ("listener",), 3),
        ("report.json", ("listener",), "ann"),
        ("report.json", ("likes",), "many"),
        ("report.json", ("sources",), []),
        ("report.json", ("dropped",), {"why": "x"}),
        ("report.json", ("why",), 3),
        ("report.json", ("chances", 0, 0), 5.0),
        ("report.json", ("chances", 0, 0), float("nan")),
        ("report.json", ("best", "learner"), []),
        ("report.json", ("best", "grades", "roc_auc"), None),
        ("report.json", ("importances", 0, "drop"), "a"),
    ],
)
def test_a_value_that_cannot_be_is_one_sentence(
    kept: Path, database: Path, name: str, where: tuple[str | int, ...], value: object
) -> None:
    _changed(kept / name, where, value)
    with pytest.raises(DamagedModel, match="train it again"):
        keeping.read(database, "")


@pytest.mark.parametrize(
    "change",
    [
        {"support_vectors_": np.zeros((3, 2))},
        {"_dual_coef_": np.zeros((1, 2))},
        {"_intercept_": np.zeros(0)},
        {"kernel": "precomputed"},
        {"classes_": np.arange(3)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_support_vectors_that_would_be_read_beyond_their_end_are_refused(
    learned: Learned, database: Path, change: dict[str, object]
) -> None:
    told = told_by(np.random.default_rng(1), noise=0.1)
    svc = learned_from(told, "", 1, ("svc",), NOW, lambda share: None, Parts())
    for name, value in change.items():
        setattr(svc.fitted.pipeline[-1], name, value)
    keeping.keep(database, svc)
    with pytest.raises(DamagedModel, match="train it again"):
        keeping.read(database, "")


def test_steps_that_do_not_work_are_one_sentence(kept: Path, database: Path, learned: Learned) -> None:
    steps = deepcopy(learned.fitted.pipeline)
    steps[1].scale_ = steps[1].scale_[:3]
    _put(kept, Pipeline([step for step in steps.steps if step[0] != "sample"]))
    with pytest.raises(DamagedModel, match="does not work"):
        keeping.read(database, "")
