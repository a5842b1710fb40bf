"""`segue evaluate --protocol plays`: what is asked, what is never learned, and what is shown."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result

from recommender.commands.evaluate import evaluate
from recommender.corpus import Corpus
from recommender.errors import CannotTrain
from recommender.lines import width
from recommender.load import load
from recommender.measures.bootstrap import draws
from recommender.measures.measuring import SAME_ARTIST, Entrant
from recommender.measures.plays_measuring import (
    FORETOLD,
    MEANS,
    RMSE,
    Choice,
    PlaysExam,
    PlaysMeasured,
    grade_plays,
    measure_plays,
    prepare_plays,
    without_a_fifth,
)
from recommender.measures.plays_split import BY_CHANCE, BY_TIME
from recommender.measures.plays_worth import worth_of
from recommender.measures.population import Population
from recommender.models.registry import options_class
from tests.recommender.listening import LISTENERS, StandIn, add_plays, listened, register_stand_in
from tests.recommender.songs import add, playlist

WIDEST = 120
CHOICE = Choice(Population(1, 2, 0.0), 1.0, 2.0, "test", 1, 1_000)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database of 40 listeners of two tastes, with times."""
    database = tmp_path_factory.mktemp("heard") / "s.db"
    add_plays(database, listened(np.random.default_rng(1)))
    return database


@pytest.fixture(scope="module")
def corpus(heard: Path) -> Corpus:
    return load(heard)[1]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Entrant:
    register_stand_in(monkeypatch)
    StandIn.learned.clear()
    return Entrant("stand-in", "stand-in", options_class("stand-in")())


def run(database: Path, *words: str) -> Result:
    result = CliRunner().invoke(evaluate, ["--protocol", "plays", *words], obj=database, prog_name="segue evaluate")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def means(measured: PlaysMeasured) -> dict[str, float]:
    assert measured.foretold
    found = measured.foretold.tops.sum(axis=0) / np.maximum(measured.foretold.bottoms.sum(axis=0), 1)
    return dict(zip(FORETOLD[:7], found[:7].tolist(), strict=True))


def lists(measured: PlaysMeasured) -> list[float]:
    found: list[float] = measured.listed.tops.mean(axis=0).tolist()
    return found


def told_pairs(exam: PlaysExam) -> set[tuple[str, str]]:
    held = exam.split.held_out
    ids = exam.split.training.vocabulary.raw_ids(held.tracks)
    return {(held.listeners[n], raw_id) for n, raw_id in zip(held.listener_of.tolist(), ids, strict=True)}


@pytest.mark.parametrize("by", [BY_CHANCE, BY_TIME])
@pytest.mark.parametrize("on", ["test", "validation"])
def test_nothing_of_the_test_is_learned(corpus: Corpus, stand_in: Entrant, by: str, on: str) -> None:
    """Neither as plays nor in a basket, whatever is measured on."""
    tested = told_pairs(prepare_plays(corpus, CHOICE, by))
    exam = prepare_plays(corpus, replace(CHOICE, on=on), by)
    measure_plays(stand_in, exam)
    (learned,) = StandIn.learned
    ids = learned.vocabulary.raw_ids(np.arange(learned.n_tracks))
    played = {
        (learned.plays.listeners[n], ids[t])
        for n, t in zip(learned.plays.listener_of.tolist(), learned.plays.tracks.tolist(), strict=True)
    }
    in_baskets = {(learned.plays.listeners[n], ids[t]) for n, basket in enumerate(learned) for t in basket.tolist()}
    assert played == in_baskets
    assert tested
    assert not played & tested
    assert not played & told_pairs(exam)
    assert len(told_pairs(exam) & tested) == (len(tested) if on == "test" else 0)


def test_playlists_are_left_aside(heard: Path, tmp_path: Path, stand_in: Entrant) -> None:
    """What a listener put into a playlist would tell what he plays."""
    add_plays(tmp_path / "s.db", plays := listened(np.random.default_rng(1)))
    add(tmp_path / "s.db", [playlist("p", [play.track for play in plays[:9]])])
    exam = prepare_plays(load(tmp_path / "s.db")[1], CHOICE, BY_CHANCE)
    assert exam.split.training.n_playlists == LISTENERS
    assert measure_plays(Entrant("popularity", "popularity", options_class("popularity")()), exam).fame > 1


def test_who_knows_the_truth_has_no_error_and_finds_all_that_can_be_found(
    corpus: Corpus, stand_in: Entrant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An oracle, which says 1 of whatever the listener never played."""
    exam = prepare_plays(corpus, CHOICE, BY_CHANCE)
    held = exam.split.held_out
    truth = np.ones((held.n_listeners, exam.split.training.n_tracks))
    truth[held.listener_of, held.tracks] += held.counts
    # The stand-in numbers its listeners backwards.
    monkeypatch.setattr(
        StandIn,
        "predict",
        lambda self, who, what: truth[held.n_listeners - 1 - who, what] - (truth[held.n_listeners - 1 - who, what] > 1),
    )
    measured = measure_plays(stand_in, exam)
    told = means(measured)
    assert (told["mae"], told["rmse"], measured.told) == (pytest.approx(0), pytest.approx(0), 1)
    # Who has nothing of a rating so high to be found counts as 0.
    assert told["precision_30"] == told["f1_30"] == pytest.approx(exam.liking(CHOICE.threshold))
    training = exam.split.training
    who = {training.playlist(number).tobytes(): number for number in range(training.n_playlists)}
    monkeypatch.setattr(StandIn, "scores", lambda self, seeds: truth[who[seeds.tobytes()]].astype(np.float32))
    assert lists(measure_plays(stand_in, exam))[:3] == pytest.approx([1, 1, 1])


def test_errors_are_those_of_the_held_out_pairs(corpus: Corpus, stand_in: Entrant) -> None:
    """Counted here pair by pair; where the stand-in cannot tell, the means fill in, and so both agree."""
    exam = prepare_plays(corpus, CHOICE, BY_CHANCE)
    held = exam.split.held_out
    foretold = [exam.baseline.predict(n, np.array([t]))[0] for n, t in zip(held.listener_of, held.tracks, strict=True)]
    off = np.log(np.maximum(foretold, 1)) - np.log(held.counts)
    base = measure_plays(Entrant(MEANS), exam)
    measured = measure_plays(stand_in, exam)
    assert means(base)["mae"] == pytest.approx(np.abs(off).mean(), rel=1e-5)
    assert means(base)["rmse"] == pytest.approx((off**2).mean(), rel=1e-5)
    assert means(measured) == pytest.approx(means(base), rel=1e-4)
    popular = measure_plays(Entrant("popularity", "popularity", options_class("popularity")()), exam)
    weights = draws(len(exam.listeners), np.random.default_rng(1))
    worth = next(one for one in worth_of([base, popular], weights) if one.one.name == MEANS)
    assert worth.foretold[RMSE].mean == pytest.approx(np.sqrt((off**2).mean()), rel=1e-5)
    assert worth.foretold[RMSE].low < worth.foretold[RMSE].mean < worth.foretold[RMSE].high
    assert [gain.mean for gain in worth.beside_means[:2]] == [0, 0]
    assert base.told == 1
    assert measured.told == pytest.approx((held.tracks != 0).mean())


def test_what_knows_the_taste_is_better_than_popularity(corpus: Corpus) -> None:
    """In lists of the whole catalogue, from which what the listener played before is left out."""
    exam = prepare_plays(corpus, CHOICE, BY_CHANCE)
    knn = measure_plays(Entrant("item-knn", "item-knn", options_class("item-knn")()), exam)
    popular = measure_plays(Entrant("popularity", "popularity", options_class("popularity")()), exam)
    assert lists(knn)[2] > lists(popular)[2] + 0.05
    assert (knn.foretold, popular.foretold) == (None, None)


def test_listeners_and_tracks_outside_of_the_population_are_not_learned(corpus: Corpus, stand_in: Entrant) -> None:
    """Everything is about those who belong."""
    most = int(np.median([count.sum() for count in np.split(corpus.plays.counts, corpus.plays.offsets[1:-1])])) + 1
    exam = prepare_plays(corpus, replace(CHOICE, population=Population(most, 2, 0.0)), BY_CHANCE)
    assert exam.kept.listeners == exam.split.training.plays.n_listeners < exam.all.listeners == LISTENERS
    assert exam.kept.plays < exam.all.plays


def test_training_measures_predictions_on_plays_it_held_back(corpus: Corpus, stand_in: Entrant) -> None:
    """A number, and none where nothing is foretold or played."""
    part, held = without_a_fifth(corpus, np.random.default_rng(1))
    assert part.plays.n_pairs + held.n_pairs == corpus.plays.n_pairs
    model = StandIn.fit(part, np.random.default_rng(1), options_class("stand-in")())
    assert 0 < grade_plays(model, held)["plays_rmse"] < np.log(corpus.plays.counts).std()
    nothing = corpus.plays.only(np.zeros(corpus.plays.n_pairs, bool))
    assert grade_plays(model, nothing) == {}
    assert without_a_fifth(replace(corpus, plays=nothing), np.random.default_rng(1))[1].n_pairs == 0


def test_the_tables_show_both_splits_beside_all_baselines(heard: Path, stand_in: Entrant) -> None:
    """They fit a terminal; what predicts nothing has a dash."""
    result = run(heard, "item-knn", "stand-in")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "plays a track: 40 of 40,\nwith 40 of 40 tracks, 640 of 640 pairs" in result.stdout
    assert "\nBy chance: " in result.stdout
    assert "\nBy time: " in result.stdout
    rows = [line.split() for line in result.stdout.splitlines() if line]
    for name in ("item-knn", "stand-in", "popularity", SAME_ARTIST, MEANS):
        main = [row for row in rows if row[0] == name]
        assert len(main) == (6 if name in ("stand-in", MEANS) else 4)
        assert (main[0][1] == "-") == (name not in ("stand-in", MEANS))
    assert max(map(width, result.stdout.splitlines())) <= WIDEST


def test_json_is_one_object_and_the_same_each_time_but_for_the_clock(heard: Path, stand_in: Entrant) -> None:
    """A number fixes everything that chance decides."""
    words = ("stand-in", "--json", "--seed", "4", "--on", "validation", "--by-chance", "--preset", "million-song")
    words += ("--min-plays", "3", "--min-mean", "0", "--threshold", "1", "--cases", "20")
    told, again = (json.loads(run(heard, *words).stdout) for _ in range(2))
    for model in (*told["splits"][0]["models"], *again["splits"][0]["models"]):
        del model["median_milliseconds"], model["training_seconds"]
    assert told == again
    assert (told["protocol"], told["on"], told["seed"]) == ("plays", "validation", 4)
    assert told["population"] == {"min_plays": 3, "min_tracks": 3, "min_mean": 0.0}
    assert (told["threshold"], told["confidence"]) == (1.0, 2.5)
    assert told["listened"]["all"] == told["listened"]["kept"]
    (split,) = told["splits"]
    assert (split["by"], split["listeners"]) == ("chance", {"training": LISTENERS, "measured": 20})
    models = {model["name"]: model for model in split["models"]}
    assert set(models) == {"stand-in", "popularity", SAME_ARTIST, MEANS}
    assert models["popularity"]["errors"] is models["popularity"]["liked"] is models["popularity"]["foretold"] is None
    error = models["stand-in"]["errors"]["rmse"]
    assert error["low"] <= error["mean"] <= error["high"]
    assert models["popularity"]["lists"]["ndcg_30"]["over_popularity"] == {"mean": 0, "low": 0, "high": 0}
    assert set(models["stand-in"]["sure"]) == {"precision_30", "recall_30", "f1_30", "map_30", "ndcg_30", "novelty_30"}


def test_the_report_is_one_page_with_pictures_of_each_split(heard: Path, stand_in: Entrant, tmp_path: Path) -> None:
    """Well-formed, and no address to load anything from."""
    result = run(heard, "stand-in", "--report", str(tmp_path / "new"))
    assert f"Written: {tmp_path / 'new' / 'index.html'}" in result.stderr
    text = (tmp_path / "new" / "index.html").read_text(encoding="utf-8")
    pictures = [ElementTree.fromstring(f"<svg{part.split('</svg>')[0]}</svg>") for part in text.split("<svg")[1:]]
    assert len(pictures) == 8
    assert all({"stand-in", MEANS} <= {element.text for element in one.iter("text")} for one in pictures)
    assert "By time: NDCG@30" in text
    assert "://" not in text


def test_without_times_the_split_is_by_chance_alone(tmp_path: Path) -> None:
    """And a split by time is refused in one sentence, with the cure."""
    add_plays(tmp_path / "s.db", listened(np.random.default_rng(1), timed=False))
    assert [s["by"] for s in json.loads(run(tmp_path / "s.db", "popularity", "--json").stdout)["splits"]] == ["chance"]
    with pytest.raises(CannotTrain, match=r"no play here has a time.*--by-chance"):
        run(tmp_path / "s.db", "popularity", "--by-time")


def test_times_of_a_few_are_told_but_end_nothing(tmp_path: Path) -> None:
    """Unless the split by time was asked for."""
    plays = listened(np.random.default_rng(1))
    timed = [play if play.listener < "listener 03" else replace(play, last_played_at=None) for play in plays]
    add_plays(tmp_path / "s.db", timed)
    result = run(tmp_path / "s.db", "popularity")
    assert "Note: not measured by time: of 40 listeners 3 have plays enough to be measured on by time" in result.stderr
    assert "By chance" in result.stdout
    with pytest.raises(CannotTrain, match="by time"):
        run(tmp_path / "s.db", "popularity", "--by-time")


def test_after_a_long_split_the_other_waits(heard: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bare evaluate stays within minutes."""
    monkeypatch.setattr("recommender.commands.evaluate_plays._LONG", -1.0)
    result = run(heard, "popularity")
    assert "Note: by chance took 0 minutes; --by-time measures the rest" in result.stderr
    assert "By time" not in result.stdout


def test_too_few_listeners_are_refused(heard: Path, tmp_path: Path) -> None:
    """With the cure, be it that nobody listens or that none belongs."""
    with pytest.raises(CannotTrain, match=r"of 40 listeners 0 have plays enough .*--min-plays 1"):
        run(heard, "--min-plays", "100000")
    add(tmp_path / "s.db", [])
    with pytest.raises(CannotTrain, match="of 0 listeners 0 have"):
        run(tmp_path / "s.db")


@pytest.mark.parametrize("words", [["--min-plays", "3"], ["--by-time"], ["--preset", "million-song"]])
def test_options_of_plays_go_with_plays(heard: Path, words: list[str]) -> None:
    """In one sentence, and exit code 2; so do those of continuations the other way."""
    result = CliRunner().invoke(evaluate, words, obj=heard)
    assert result.exit_code == 2
    assert "go with --protocol plays" in result.stderr
    assert run(heard, "--by-seeds").exit_code == 2
