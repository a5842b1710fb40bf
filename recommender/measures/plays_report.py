"""What was measured on plays as one page of pictures. Pure."""

from collections.abc import Sequence
from html import escape

from recommender.measures.evaluate_report import chart, document
from recommender.measures.plays_measuring import RMSE, PlaysExam
from recommender.measures.plays_table import about, population_line, split_tables
from recommender.measures.plays_worth import NDCG, Worth


def plays_page(exams: Sequence[PlaysExam], worths: Sequence[Sequence[Worth]]) -> str:
    """Give an HTML page that needs nothing else: for each split its pictures and its tables."""
    first = exams[0]
    parts = [f"<pre>{escape(population_line(first.choice, first.all, first.kept))}</pre>\n"]
    for exam, of_exam in zip(exams, worths, strict=True):
        parts += [*_pictures(exam.by, of_exam), f"<pre>{escape(split_tables(exam, of_exam))}</pre>\n"]
    return document("What the models are worth: plays", [*parts, f"<pre>{escape(about())}</pre>\n"])


def _pictures(by: str, worths: Sequence[Worth]) -> list[str]:
    foretelling = sorted((worth for worth in worths if worth.foretold), key=lambda worth: worth.foretold[RMSE].mean)
    return [
        chart(
            f"By {by}: NDCG@30, and where 95 % of the means lie",
            [(w.one.name, w.listed[NDCG].mean, f"{w.listed[NDCG].mean:.3f}", w.listed[NDCG]) for w in worths],
        ),
        chart(
            f"By {by}: RMSE of ln(plays), less is better",
            [
                (w.one.name, w.foretold[RMSE].mean, f"{w.foretold[RMSE].mean:.3f}", w.foretold[RMSE])
                for w in foretelling
            ],
        ),
        chart(
            f"By {by}: share of all tracks that ever come into a first ten",
            [(w.one.name, w.one.coverage, f"{w.one.coverage:.1%}", None) for w in worths],
        ),
        chart(
            f"By {by}: seconds of training",
            [(w.one.name, w.one.training_seconds, f"{w.one.training_seconds:.1f}", None) for w in worths],
        ),
    ]
