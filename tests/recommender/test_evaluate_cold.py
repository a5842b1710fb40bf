"""`segue evaluate --protocol cold`: what is asked about songs of no playlist, how it is graded, and what is shown."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from click.testing import CliRunner, Result

from db.records import AudioFeatures
from recommender.artifacts import model_names
from recommender.cold.answers import among, of_artists
from recommender.cold.steps import nearest, of_artist, served, together
from recommender.commands.evaluate import evaluate
from recommender.corpus import Corpus, corpus_from_lists, corpus_from_numbers
from recommender.errors import CannotTrain
from recommender.lines import width
from recommender.measures.bootstrap import draws
from recommender.measures.cold_chain import CHAIN, chain_of, measured_or_chained
from recommender.measures.cold_measuring import (
    GRADES,
    AsAnswer,
    AsSeed,
    ColdExam,
    ColdMeasured,
    by_its_artist,
    lifted,
    measure_cold,
    prepare_cold,
)
from recommender.measures.cold_split import held
from recommender.measures.cold_table import worth_of
from recommender.measures.measuring import SAME_ARTIST, Entrant
from recommender.models.options import options_of
from tests.recommender.contents import register_contents
from tests.recommender.songs import add, playlist, song

WIDEST = 120
NAN = np.nan


@pytest.fixture(autouse=True)
def _contents(monkeypatch: pytest.MonkeyPatch) -> None:
    register_contents(monkeypatch)


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tastes of 80 songs by four artists each, all songs of which sound of theirs, in 80 playlists."""
    path = tmp_path_factory.mktemp("cold") / "s.db"
    rng = np.random.default_rng(1)
    songs = [[song(f"Song {taste} {n}", f"Band {taste} {n % 4}") for n in range(80)] for taste in (0, 1)]
    lists = [playlist(f"l{n}", [songs[n % 2][place] for place in rng.choice(80, 12, False)]) for n in range(80)]
    sounds = [AudioFeatures(one, tempo=80.0 + 80 * taste) for taste in (0, 1) for one in songs[taste]]
    add(path, [*lists, *sounds])
    return path


def run(database: Path, *words: str) -> Result:
    result = CliRunner().invoke(evaluate, ["--protocol", "cold", *words], obj=database, prog_name="segue evaluate")
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def world() -> Corpus:
    """Give tastes of more tracks: 30 for each of 8 artists."""
    rng = np.random.default_rng(2)
    names = np.array([f"t{n:03d}" for n in range(240)], "S22")
    artists = np.arange(240) % 8
    audio = np.full((240, 11), 0.5, np.float32)
    audio[:, 7] = (artists % 2) * 0.5 + 0.2 + rng.normal(0, 0.02, 240)
    lists = [rng.choice(np.flatnonzero(artists % 2 == n % 2), 12, replace=False) for n in range(160)]
    return corpus_from_numbers(
        names, np.concatenate(lists).astype(np.int32), np.arange(0, 160 * 12 + 1, 12), artists.astype(np.int32),
        audio=audio, names=tuple(map(str, range(160))),
    )  # fmt: skip


def entrant(kind: str) -> Entrant:
    return Entrant(kind, kind, options_of(kind, None, {}))


def test_grades_are_those_counted_by_hand() -> None:
    """Two known tracks in order of fame, one cold: recall, NDCG and R-precision of each question."""
    lists = [["a", "b", "x"], ["a", "c", "x"], ["a", "b"], ["a", "c", "y"], ["a", "y"]]
    corpus = corpus_from_lists(lists)
    number = dict(zip(corpus.vocabulary.raw_ids(np.arange(corpus.n_tracks)), range(corpus.n_tracks), strict=True))
    cold = np.zeros(corpus.n_tracks, bool)
    cold[[number["x"], number["y"]]] = True
    split = held(corpus, np.flatnonzero(cold), cold, np.zeros(corpus.n_tracks, bool))
    name = split.training.vocabulary.raw_ids(np.arange(split.training.n_tracks))
    assert name == ["a", "b", "c", "x", "y"]
    exam = ColdExam(
        "test",
        1,
        split,
        [AsSeed(3, [np.array([0, 1]), np.array([0, 2])]), AsSeed(4, [np.array([0, 2]), np.array([0])])],
        [AsAnswer(np.array([0, 1], np.int32), np.array([0])), AsAnswer(np.array([0], np.int32), np.array([1]))],
    )
    found = measure_cold(entrant("popularity"), exam)
    second, third = 1 / np.log2(3), 1 / np.log2(4)
    whole, missed = (1, 1, 1), (1, (1 + third) / (1 + second), 0.5)
    assert found.as_seed == pytest.approx(
        np.array([np.mean([whole, missed], axis=0), np.mean([missed, whole], axis=0)])
    )
    assert found.as_answer == pytest.approx(np.array([whole, (1, second, 0)]))
    assert (found.told, found.reached) == (1.0, 1.0)


def test_the_questions_are_those_of_the_playlists() -> None:
    """Each cold track with the known ones of each of its playlists, and each playlist with up to 25 seeds."""
    corpus = world()
    exam = prepare_cold(corpus, "test", 1)
    split = exam.split
    whole = {tuple(tracks.tolist()) for tracks in split.playlists}
    assert len(exam.as_seeds) >= 10
    for question in exam.as_seeds:
        mine = [tracks for tracks in split.playlists if question.track in tracks]
        assert [truth.tolist() for truth in question.truths] == [
            tracks[tracks < split.n_known].tolist() for tracks in mine
        ]
    for answer in exam.as_answers:
        assert len(answer.seeds) <= 25
        assert (answer.seeds < split.n_known).all()
        assert any(set(answer.seeds.tolist()) | set(split.cold[answer.truth].tolist()) <= set(one) for one in whole)


def test_the_chain_serves_where_a_model_of_playlists_is_at_a_loss() -> None:
    """By the artist; and by the sound where nobody knows who made a song."""
    for corpus in (world(), replace(world(), artists=np.full(240, -1, np.int32))):
        exam = prepare_cold(corpus, "test", 1)
        measured = {
            name: measured_or_chained(chain_of(name) if name == CHAIN else entrant(name), exam)
            for name in ("popularity", "item-knn", CHAIN)
        }
        assert measured["item-knn"].told == 0
        assert measured["item-knn"].reached == 0
        assert measured[CHAIN].told == 1
        assert measured[CHAIN].reached == 1
        for part in ("as_seed", "as_answer"):
            means = {name: getattr(one, part).mean(axis=0)[1] for name, one in measured.items()}
            assert means[CHAIN] > means["popularity"] + 0.05, part


def test_a_chain_may_go_on_with_another_model_and_asks_what_was_trained_before() -> None:
    """Each model is trained once for an exam."""
    exam = prepare_cold(world(), "test", 1)
    measured_or_chained(entrant("audio"), exam)
    before = exam.models["audio"]
    measured_or_chained(chain_of("chain:als"), exam)
    assert exam.models["audio"] is before
    assert set(exam.models) == {"audio", "als", "text", "genre"}
    heavy = prepare_cold(world(), "test", 1)
    measured_or_chained(entrant("meaning"), heavy)
    measured_or_chained(chain_of("chain"), heavy)
    assert set(heavy.models) == {"audio", "item-knn", "text", "genre", "meaning"}


def test_the_same_seed_gives_the_same_numbers_and_another_one_others() -> None:
    """Nothing is left to a clock."""
    one, same, other = (
        measure_cold(entrant("artists"), prepare_cold(world(), "validation", seed)) for seed in (1, 1, 2)
    )
    assert (one.as_seed == same.as_seed).all()
    assert (one.as_answer == same.as_answer).all()
    assert one.as_seed.shape != other.as_seed.shape or (one.as_seed != other.as_seed).any()


def test_few_tracks_are_refused_with_the_cure() -> None:
    """No table of chance."""
    with pytest.raises(CannotTrain, match="import more"):
        prepare_cold(corpus_from_lists([["a", "b"], ["a", "c"]]), "test", 1)


def test_a_cold_track_has_the_score_of_its_artist() -> None:
    """The best one, the mean one, or the number of seeds; who is not known has none."""
    artists = np.array([0, 0, 1, -1, 0, 1, 2, -1], np.int32)
    scores = np.array([2, 4, NAN, 9, NAN, NAN, NAN, NAN], np.float32)
    best, mean, count = (
        lifted(scores, artists, 4),
        of_artists(scores, artists, 4),
        by_its_artist(artists, artists[[0, 1, 3]]),
    )
    assert np.array_equal(best[4:], [4, NAN, NAN, NAN], equal_nan=True)
    assert np.array_equal(mean[4:], [3, NAN, NAN, NAN], equal_nan=True)
    assert np.array_equal(count, [2, 2, NAN, NAN, 2, NAN, NAN, NAN], equal_nan=True)


def test_tracks_that_speak_are_known_ones() -> None:
    """The best known of an artist, and those that are most alike; never a cold one."""
    assert of_artist(np.array([90, 3, -1, *range(40, 60)]), 50).tolist() == [3, *range(40, 49)]
    scores = np.arange(2_000, dtype=np.float32)
    scores[1_999] = scores[10] = NAN
    assert nearest(scores, 1_000).tolist() == list(range(990, 1_000))
    assert nearest(scores[:300], 200).tolist() == [195, 196, 197, 198, 199]
    assert nearest(np.full(9, NAN, np.float32), 9).tolist() == []
    many = np.zeros(100_000, np.float32)
    assert nearest(many, 50_000).tolist() == list(range(100))


def test_the_first_step_that_leads_on_serves() -> None:
    """One that finds nobody, or somebody whom the model does not know, is passed over."""

    def scores(seeds: np.ndarray) -> np.ndarray:
        return np.full(4, seeds[0] if seeds[0] > 1 else NAN, np.float32)

    def step(*numbers: int) -> Callable[[], np.ndarray]:
        return lambda: np.array(numbers, np.int32)

    found = served([("a", step()), ("b", step(1)), ("c", step(3)), ("d", step(2))], scores)
    assert found is not None
    assert (found.step, found.scores.tolist()) == ("c", [3.0] * 4)
    assert served([("a", step()), ("b", step(1))], scores) is None


def test_several_songs_count_alike_whatever_their_scores_are() -> None:
    """A model's numbers for one may be a thousand times those for another."""
    one, other = np.array([1000, 500, NAN, NAN], np.float32), np.array([NAN, NAN, 2, 1], np.float32)
    both = together([one, other])
    assert both[0] == both[2]
    assert np.isfinite(both).all()
    assert together([one]) is one
    assert np.isnan(together([one, one])[2:]).all()


def test_answers_of_no_playlist_are_ranked_by_artist_and_by_likeness() -> None:
    """Only they have scores."""

    class Sounds:
        def scores(self, seeds: np.ndarray) -> np.ndarray:
            assert seeds.tolist() == [0, 1]  # what goes with the seed is asked for too
            return np.array([NAN, NAN, NAN, 1, 3, 2, NAN], np.float32)

    artists = np.array([0, 1, 2, 1, 2, -1, -1], np.int32)

    def known(seeds: np.ndarray) -> np.ndarray:
        return np.array([NAN, 5, NAN, NAN, NAN, NAN, NAN], np.float32)

    found = among(known, [Sounds()], np.array([0], np.int32), artists, 3)  # type: ignore[list-item]
    assert np.isnan(found[[0, 1, 2, 6]]).all()
    assert np.argsort(-found[3:6]).tolist() == [0, 1, 2]


def measured(name: str, *ndcg: float) -> ColdMeasured:
    grades = np.array([[0.0, value, 0.0] for value in ndcg])
    return ColdMeasured(name, grades, grades, 1.0, 1.0, 1.0, 1.0)


def test_entrants_stand_in_the_order_of_ndcg_beside_the_yardstick() -> None:
    """Paired: what is always a tenth better is surely better, however the tracks differ."""
    base = np.linspace(0, 0.8, 50)
    weights = draws(50, np.random.default_rng(1))
    worths = worth_of([measured("artists", *base), measured("x", *(base + 0.1))], weights, lambda one: one.as_seed)
    assert [worth.one.name for worth in worths] == ["x", "artists"]
    gain = worths[0].over[GRADES.index("ndcg_100")]
    assert (gain.low, gain.high) == (pytest.approx(0.1), pytest.approx(0.1))
    alone = worth_of([measured("x", *base)], weights, lambda one: one.as_seed)
    assert alone[0].over == []


def test_the_command_shows_both_tables(database: Path) -> None:
    """Every line fits a terminal; the chain stands before what knows nothing of such songs."""
    result = run(database)
    assert result.exit_code == 0, result.output
    assert max(map(width, result.stdout.splitlines())) <= WIDEST
    assert "15 tracks were taken out of all playlists (test, seed 1)" in result.stdout
    for head in ("as the seed", "as the answer"):
        rows = result.stdout.split(head, 1)[1].split("\n\n")[0].splitlines()[1:]
        names = [row.split()[0] for row in rows]
        assert set(names) == {SAME_ARTIST, "popularity", "artists", "item-knn", "audio", "text", "genre", CHAIN}
        assert names.index(CHAIN) < names.index("popularity")
        assert "the yardstick" in rows[names.index("artists")]
    assert model_names(database.with_suffix(".models")) == []


def test_json_holds_everything(database: Path) -> None:
    """Means between their bounds, and what was asked."""
    told = json.loads(run(database, "artists", "chain", "--json", "--on", "validation", "--seed", "3").stdout)
    assert (told["protocol"], told["on"], told["seed"], told["cold_tracks"]) == ("cold", "validation", 3, 15)
    assert told["refused"] == told["left_out"] == {}
    for part in ("as_seed", "as_answer"):
        assert {one["name"] for one in told[part]["models"]} == {SAME_ARTIST, "popularity", "artists", "chain"}
        for one in told[part]["models"]:
            for grade in GRADES:
                low, mean, high = (round(one[grade][bound], 9) for bound in ("low", "mean", "high"))
                assert 0 <= low <= mean <= high <= 1
                over = one[grade]["over_yardstick"]
                assert over["low"] <= over["mean"] + 1e-9 <= over["high"] + 2e-9
            assert 0 <= one["told"] <= 1


def test_cases_and_the_page(database: Path, tmp_path: Path) -> None:
    """The page is whole and needs nothing else."""
    result = run(database, "item-knn", "--cases", "11", "--report", str(tmp_path / "page"))
    assert result.exit_code == 0, result.output
    assert "Asked about 11 of them" in result.stdout
    assert "Asked about 11 playlists" in result.stdout
    page = (tmp_path / "page" / "index.html").read_text()
    for picture in page.split("<svg")[1:]:
        ElementTree.fromstring("<svg" + picture.split("</svg>")[0] + "</svg>")
    assert page.count("<svg") == 2
    assert "http" not in page.replace("http://www.w3.org", "")


def test_the_yardstick_may_be_missing(database: Path) -> None:
    """Then nothing is held against it."""
    result = run(database, "item-knn")
    row = next(line for line in result.stdout.splitlines() if line.startswith("item-knn"))
    assert " - " in row


@pytest.mark.parametrize(
    ("words", "trouble"),
    [
        (["chain:nothing"], "there is no kind of model called nothing"),
        (["--curve"], "does not go with --curve"),
        (["--seeds-of", "1,5"], "go with --protocol continuation"),
        (["--min-plays", "3"], "go with --protocol plays"),
    ],
)
def test_what_does_not_go_together_is_refused(database: Path, words: list[str], trouble: str) -> None:
    """In one line, before the long part."""
    result = run(database, *words)
    assert result.exit_code == 2
    assert trouble in result.stderr
    assert not result.stdout


def test_a_chain_is_of_no_other_protocol(database: Path) -> None:
    """It answers for songs of no playlist."""
    result = CliRunner().invoke(evaluate, ["chain"], obj=database, prog_name="segue evaluate")
    assert result.exit_code == 2
    assert "no kind of model called chain" in result.stderr
