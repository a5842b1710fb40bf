"""A trained taste as one page of pictures that needs nothing else. Pure."""

from collections.abc import Iterable
from html import escape
from math import isfinite

from recommender.taste import report_table as tables
from recommender.taste.contract import Grades, Report
from recommender.taste.pictures import Row, bars, curve, document, dots, squares, towers

_TENTHS = 10
_LOWEST_AUC = 0.3
_COIN = (0.5, "a coin")


def page(report: Report, threshold: float) -> str:
    """Give an HTML page. threshold: the chance from which on a song counts as liked."""
    heading, *more = tables.heading(report).splitlines()
    grades = report.best.grades
    parts = [
        *(f'<p class="warning">{escape(said)}</p>\n' for said in tables.warnings(report)),
        *(f"<p>{escape(line)}</p>\n" for line in (f"{heading}.", *more)),
        _curve(report),
        squares(
            "Right and wrong (confusion matrix)",
            f"Of 100 songs it tells {100 * grades.accuracy:.0f} right; {100 * grades.precision:.0f} % of what it takes "
            f"for liked is liked, and it finds {100 * grades.recall:.0f} % of what is liked.",
            grades.confusion,
            ("you dislike it", "you like it"),
            ("it says: you dislike it", "it says: you like it"),
        ),
        _chances(report, threshold),
        _learners(report),
        _importances(report),
        _ablations(report),
        f"<h2>The numbers</h2>\n<pre>{escape(tables.told(report))}</pre>\n",
    ]
    title = f"The taste of {report.listener}" if report.listener else "Your taste"
    return document(title, parts)


def _curve(report: Report) -> str:
    (right, wrong), (missed, found) = report.best.grades.confusion
    low, high = report.best.grades.auc_interval
    about = (
        f"Of a liked and a disliked song it ranks the liked one higher {100 * report.best.grades.roc_auc:.0f} times of "
        f"100 ({100 * low:.0f} to {100 * high:.0f}); a coin does 50 times. The artists were not learned from."
    )
    here = (wrong / max(right + wrong, 1), found / max(missed + found, 1))
    return curve("How well likes stand before dislikes (ROC curve)", about, report.roc, here)


def _chances(report: Report, threshold: float) -> str:
    counts = [(0, 0)] * _TENTHS
    for side, chances in enumerate(report.chances):
        for chance in chances:
            tenth = min(int(chance * _TENTHS), _TENTHS - 1)
            disliked, liked = counts[tenth]
            counts[tenth] = (disliked + (side == 0), liked + (side == 1))
    about = "Each song while it was not learned from: the further apart the two colours are, the surer the taste is."
    return towers("The chances it gave", about, counts, (threshold, "liked from here on"))


def _learners(report: Report) -> str:
    rows = [
        *(_row(tables.learner(one), one.grades) for one in report.tried),
        *(_row(tables.baseline(name), grades, plain=True) for name, grades in report.baselines.items()),
    ]
    about = (
        "ROC-AUC of all that was tried, and where it lies in 95 of 100 draws of the artists; grey: without learning."
    )
    return dots("The learners side by side", about, rows, _least(rows), 1.0, _COIN)


def _importances(report: Report) -> str:
    rows = [
        Row(one.name, one.drop, one.drop - one.spread, one.drop + one.spread, f"{one.drop:.3f} ± {one.spread:.3f}")
        for one in tables.telling(report)
    ]
    about = (
        "What the ROC-AUC loses where one thing that is known of songs is shuffled; the line is how far that varies."
    )
    return bars("What matters", about, rows) if rows else ""


def _ablations(report: Report) -> str:
    if not report.ablations:
        return ""
    rows = [_row("as it is kept", report.best.grades), *(_row(one.name, one.grades) for one in report.ablations)]
    about = "ROC-AUC of the learner that is kept, where a part is taken away, or a step is added."
    mark = (report.best.grades.roc_auc, "as it is kept")
    return dots("With a part less, or more", about, rows, _least(rows), 1.0, mark)


def _row(name: str, grades: Grades, *, plain: bool = False) -> Row:
    low, high = (end if isfinite(end) else grades.roc_auc for end in grades.auc_interval)
    told = f"{grades.roc_auc:.2f} ({low:.2f} to {high:.2f})"
    return Row(name, grades.roc_auc, low, high, told, plain)


def _least(rows: Iterable[Row]) -> float:
    """Begin the axis low enough for all, and for a coin."""
    return min(0.45, *(max(row.low - 0.02, _LOWEST_AUC) for row in rows))
