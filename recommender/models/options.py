"""Options of a model from words and back; they travel as a frozen dataclass of plain values."""

from dataclasses import fields, replace
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

from recommender.errors import OptionNotKnown
from recommender.models.ranges import out_of_range
from recommender.models.registry import limits, options_class, presets

_TRUTH = {"true": True, "yes": True, "on": True, "1": True, "false": False, "no": False, "off": False, "0": False}


def options_of(kind: str, preset: str | None, words: dict[str, str]) -> Any:
    """Build the options of a kind from a preset and `name=value` words. Raises NoSuchModel, OptionNotKnown."""
    there = presets(kind)
    if preset is not None and preset not in there:
        raise OptionNotKnown(f"{kind} has no preset {preset}: there are {', '.join(sorted(there)) or 'none'}")
    options = changed(there[preset] if preset else options_class(kind)(), words)
    trouble = out_of_range(options, *limits(kind))
    if trouble:
        raise OptionNotKnown(trouble)
    return options


def changed(options: Any, words: dict[str, str]) -> Any:
    """Give the options with some values replaced from text. Raises OptionNotKnown."""
    hints = get_type_hints(type(options))
    values = {}
    for name, text in words.items():
        known = name.replace("-", "_")
        if known not in hints:
            there = ", ".join(f.name for f in fields(options))
            raise OptionNotKnown(f"there is no option {name}: there are {there}")
        values[known] = _value(name, text, hints[known])
    return replace(options, **values)


def _value(name: str, text: str, hint: Any) -> Any:
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    if NoneType in kinds and text.lower() in ("", "none", "auto"):
        return None
    try:
        if bool in kinds:
            return _TRUTH[text.lower()]
        for kind in (int, float):
            if kind in kinds:
                return kind(text)
    except (ValueError, KeyError):
        raise OptionNotKnown(f"option {name} takes {_words(kinds)}, not {text!r}") from None
    return text


def _words(kinds: tuple[Any, ...]) -> str:
    names = {bool: "yes or no", int: "a whole number", float: "a number", str: "text", NoneType: "none"}
    return " or ".join(names[kind] for kind in kinds)
