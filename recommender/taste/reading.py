"""A report of a taste, from JSON back to what it was. Pure."""

from typing import Any

from recommender.taste.contract import Ablation, Grades, Importance, Report, Tried


def report_of(told: dict[str, Any]) -> Report:
    """Build a report from its JSON object. Raises KeyError, TypeError or ValueError where it is none."""
    pairs = [(float(x), float(y)) for x, y in told["roc"]]
    disliked, liked = told["chances"]
    return Report(
        **{
            **told,
            "best": _tried(told["best"]),
            "tried": tuple(map(_tried, told["tried"])),
            "baselines": {name: _grades(grades) for name, grades in told["baselines"].items()},
            "importances": tuple(Importance(**one) for one in told["importances"]),
            "ablations": tuple(Ablation(one["name"], _grades(one["grades"])) for one in told["ablations"]),
            "roc": tuple(pairs),
            "chances": (tuple(map(float, disliked)), tuple(map(float, liked))),
        }
    )


def _tried(told: dict[str, Any]) -> Tried:
    return Tried(**{**told, "grades": _grades(told["grades"])})


def _grades(told: dict[str, Any]) -> Grades:
    (passed, false), (missed, right) = told["confusion"]
    low, high = told["auc_interval"]
    return Grades(**{**told, "confusion": ((passed, false), (missed, right)), "auc_interval": (low, high)})
