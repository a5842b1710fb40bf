"""What values the options of a model may take: finite ranges for numbers, lists for words."""

from collections.abc import Mapping
from typing import Any

from recommender.errors import CannotTrain

Ranges = Mapping[str, tuple[float, float]]
"""Lowest and highest value of each option that is a number, both allowed."""
Choices = Mapping[str, tuple[str, ...]]
"""The values of each option that is a word."""
NO_CHOICES: Choices = {}


def out_of_range(options: Any, ranges: Ranges, choices: Choices = NO_CHOICES) -> str | None:
    """Give the sentence on the first option with a value that it may not have; None when all is well."""
    for name, words in choices.items():
        if (value := getattr(options, name)) not in words:
            return f"option {name} must be {', '.join(words[:-1])} or {words[-1]}, not {value!r}"
    for name, (low, high) in ranges.items():
        value = getattr(options, name)
        if value is None and getattr(type(options), name) is None:
            continue
        # Not a number compares as false with everything, so that it is refused too.
        if not isinstance(value, int | float) or not low <= value <= high:
            return f"option {name} must be from {_plain(low)} to {_plain(high)}, not {value!r}"
    return None


def refuse_out_of_range(options: Any, ranges: Ranges, choices: Choices = NO_CHOICES) -> None:
    """Raise CannotTrain when an option has a value that it may not have."""
    trouble = out_of_range(options, ranges, choices)
    if trouble:
        raise CannotTrain(trouble)


def _plain(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"
