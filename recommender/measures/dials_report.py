"""What the dials cost and bring as one page of pictures. Pure."""

from html import escape

import numpy as np

from recommender.measures.dials_table import about, compared, dials_table, readings
from recommender.measures.evaluate_dials import DIVERSITY, POPULARITY, DialsMeasured
from recommender.measures.evaluate_report import document, heading, line_picture
from recommender.measures.measuring import Exam


def page(exam: Exam, measured: DialsMeasured, weights: np.ndarray) -> str:
    """Give an HTML page that needs nothing else. weights: bootstrap.draws()."""
    parts = []
    for dial in (POPULARITY, DIVERSITY):
        if any(one.setting.dial == dial for one in measured.turned):
            labels, lines = compared(exam, measured, dial)
            parts += [heading(f"{dial}: what becomes of the lists, as shares of the untouched ones")]
            parts += [line_picture(labels, lines)]
    text = dials_table(exam, measured, weights) + "\n" + "\n".join(readings(exam, measured, weights)) + "\n"
    parts += [heading("The numbers"), f"<pre>{escape(text)}\n{escape(about(exam, measured))}</pre>\n"]
    return document(f"What the dials do: {measured.name}", parts)
