"""What was measured on tracks of no playlist as one page of pictures. Pure."""

from collections.abc import Sequence
from html import escape

from recommender.measures.cold_measuring import ColdExam
from recommender.measures.cold_table import NDCG, ColdWorth, tables
from recommender.measures.evaluate_report import chart, document


def cold_page(exam: ColdExam, as_seed: Sequence[ColdWorth], as_answer: Sequence[ColdWorth]) -> str:
    """Give an HTML page that needs nothing else: a picture of each part, then the tables."""
    pictures = [
        chart(
            f"A song of no playlist {part}: NDCG@100, and where 95 % of the means lie",
            [(w.one.name, w.own[NDCG].mean, f"{w.own[NDCG].mean:.3f}", w.own[NDCG]) for w in worths],
        )
        for part, worths in (("as the seed", as_seed), ("as the answer", as_answer))
    ]
    return document(
        "What the models are worth: songs of no playlist",
        [*pictures, f"<pre>{escape(tables(exam, as_seed, as_answer))}</pre>\n"],
    )
