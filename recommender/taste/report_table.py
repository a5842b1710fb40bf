"""A trained taste as words and tables for people. Pure."""

from collections.abc import Sequence
from math import isfinite

from recommender.lines import one_line
from recommender.taste.contract import Grades, Importance, Report, Tried
from recommender.writing.listing import moment
from recommender.writing.output import columns

GENERATED = "generated"
LEARNERS = {
    "random-forest": "random forest",
    "svc": "support vectors (svc)",
    "sgd": "linear model (sgd)",
    "decision-tree": "decision tree",
    "neural-net": "small neural net",
}
_SAMPLING = {"none": "all", "under": "under-sampled", "over": "over-sampled"}
_BASELINES = {"majority": "always the commoner", "same artist": "by the same artist"}
_MOST_IMPORTANT, _SOME, _LEAST_DROP = 15, 5, 0.0005
_DRAWN = "95 of 100"
_GRADES = ("accuracy", "precision", "recall", "F1", "ROC-AUC", _DRAWN)
_LEGEND = """accuracy: songs told right; precision: what is liked of what it takes for liked; recall: what it finds of
what is liked; F1: their balance; ROC-AUC: how often it ranks a liked song above a disliked one, where a coin has 0.50;
95 of 100: from where to where that lies in so many draws of the artists
"""


def told(report: Report) -> str:
    """Write the whole report for a terminal."""
    parts = [*warnings(report), heading(report), figures(report), confusion(report.best.grades)]
    parts += [tried(report), importances(report), ablations(report)]
    return "\n\n".join(part.rstrip("\n") for part in parts if part) + "\n"


def heading(report: Report) -> str:
    """Say whose taste it is, and what it was learned from."""
    whose = f"The taste of {one_line(report.listener)}" if report.listener else "Your taste"
    sources = "; ".join(f"{one_line(name)}: {count:,}" for name, count in report.sources.items())
    learned_from = f"{report.likes:,} likes and {report.dislikes:,} dislikes of songs by {report.artists:,} artists"
    lines = [f"{whose}, learned on {moment(report.trained_at)[:10]} from {learned_from} ({sources})"]
    lines += [f"Not learned from: {count:,}, {one_line(why)}" for why, count in report.dropped.items() if count]
    lines += [_sentence(report.why)] if report.why else []
    return "\n".join(lines)


def warnings(report: Report) -> list[str]:
    """Say what has to be said before any figure: that thumbs were made up, and how unsure all of it is."""
    made_up = report.sources.get(GENERATED, 0)
    of_all = f"{made_up:,} of {sum(report.sources.values()):,} thumbs were made up by a program"
    said = f"GENERATED: {of_all}, so the figures say how well it learns, and nothing of a person" if made_up else ""
    return [_sentence(one) for one in (said, report.unsure) if one]


def figures(report: Report) -> str:
    """Set the best learner beside the baselines, on songs by artists that were not learned from."""
    rows: list[tuple[str, ...]] = [("", *_GRADES), (learner(report.best), *_graded(report.best.grades))]
    rows += [(_BASELINES.get(name, name), *_graded(grades)) for name, grades in report.baselines.items()]
    return "On songs by artists it had not heard of\n" + _table(rows) + _LEGEND


def confusion(grades: Grades) -> str:
    """Count what was taken for what, in a person's words."""
    rows: list[tuple[str, ...]] = [("", "it says: you dislike it", "it says: you like it")]
    rows += [
        (name, *(f"{count:,}" for count in counts))
        for name, counts in zip(("you dislike it", "you like it"), grades.confusion, strict=True)
    ]
    return "Right and wrong (confusion matrix)\n" + _table(rows)


def tried(report: Report) -> str:
    """Set all learners side by side, the best first."""
    rows: list[tuple[str, ...]] = [("learner", "songs", "ROC-AUC", _DRAWN, "F1", "accuracy", "seconds", "settings")]
    for one in report.tried:
        graded = _graded(one.grades)
        settings = ", ".join(f"{name} {_value(value)}" for name, value in one.options.items())
        told = (*graded[4:], graded[3], graded[0], f"{one.seconds:.1f}", settings)
        rows.append((LEARNERS.get(one.learner, one.learner), _SAMPLING.get(one.sampling, one.sampling), *told))
    return "All that was tried\n" + columns(rows, right=frozenset(range(2, 7)))


def importances(report: Report) -> str:
    """Say what the ROC-AUC loses where one thing that is known of songs is shuffled, the most first."""
    shown = telling(report)
    rows = [("what is shuffled", "ROC-AUC lost", "give or take")]
    rows += [(one.name, f"{one.drop:.3f}", f"{one.spread:.3f}") for one in shown]
    left = len(report.importances) - len(shown)
    more = f"and {left:,} more that {'matters' if left == 1 else 'matter'} less\n" if left else ""
    return f"What matters\n{_table(rows)}{more}" if shown else ""


def telling(report: Report) -> list[Importance]:
    """Choose the importances that are worth a look, the highest first; some even where none is."""
    telling = [one for one in report.importances if one.drop >= _LEAST_DROP][:_MOST_IMPORTANT]
    return telling or [*report.importances[:_SOME]]


def ablations(report: Report) -> str:
    """Say what becomes of the best learner where a part is taken away, or a step is added."""
    rows = [("", *_GRADES), ("as it is kept", *_graded(report.best.grades))]
    rows += [(one.name, *_graded(one.grades)) for one in report.ablations]
    return "With a part less, or more\n" + _table(rows) if report.ablations else ""


def learner(one: Tried) -> str:
    """Name a learner, with how it was given the thumbs where that is not as they are."""
    name = LEARNERS.get(one.learner, one.learner)
    return name if one.sampling == "none" else f"{name}, {_SAMPLING.get(one.sampling, one.sampling)}"


def baseline(name: str) -> str:
    """Name a baseline in a person's words."""
    return _BASELINES.get(name, name)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _graded(grades: Grades) -> tuple[str, ...]:
    low, high = grades.auc_interval
    shares = [f"{share:.0%}" if isfinite(share) else "" for share in (grades.accuracy, grades.precision, grades.recall)]
    return (*shares, _number(grades.f1), _number(grades.roc_auc), f"{_number(low)} to {_number(high)}")


def _number(value: float) -> str:
    return f"{value:.2f}" if isfinite(value) else "none"


def _value(value: str | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _table(rows: Sequence[Sequence[str]]) -> str:
    return columns(rows, right=frozenset(range(1, len(rows[0]))))
