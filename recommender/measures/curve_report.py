"""The learning curve as one page with a picture. Pure."""

from collections.abc import Sequence
from html import escape

import numpy as np

from recommender.measures import curve_table as tables
from recommender.measures.curve import Line
from recommender.measures.evaluate_report import document, heading, line_picture
from recommender.measures.evaluate_table import LABELS
from recommender.measures.measuring import Exam


def page(exams: dict[int, Exam], lines: Sequence[Line], weights: np.ndarray) -> str:
    """Give an HTML page that needs nothing else. The arguments are those of curve_table.curve_table."""
    whole = exams[max(exams)]
    ranked = tables.best_first(lines, tables.main_grade(exams))
    drawn = [(line.name, [tables.means(line, exams).get(size, np.nan) for size in exams]) for line in ranked]
    told = [written(exams, lines, weights) for written in (tables.curve_table, tables.beginnings)]
    return document(
        f"What more playlists bring: {whole.protocol.name}",
        [
            heading(f"{LABELS[whole.protocol.headline]} by the playlists learned from"),
            line_picture([f"{size:,}" for size in exams], drawn),
            heading("The numbers"),
            "<pre>" + escape("\n".join([*told, tables.about(exams)])) + "</pre>\n",
        ],
    )
