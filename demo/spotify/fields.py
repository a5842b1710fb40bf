"""Spotify's `fields` parameter: which keys of an answer are wanted. Pure."""

import re
from typing import Any

Mask = dict[str, "Mask"]
"""The wanted keys; an empty mask wants everything below."""

_TOKEN = re.compile(r"[^,()]+|[,()]")


def mask_of(fields: str) -> Mask:
    """Read a mask such as `name,items(added_at,item(id,artists.name))`; what is not closed ends at the end."""
    root: Mask = {}
    open_masks, last = [root], root
    for piece in _TOKEN.findall(fields):
        if piece == "(":
            open_masks.append(last)
        elif piece == ")":
            if len(open_masks) > 1:
                open_masks.pop()
        elif piece != ",":
            last = open_masks[-1]
            for name in piece.strip().split("."):
                last = last.setdefault(name, {})
    return root


def masked(told: Any, mask: Mask) -> Any:
    """Keep what the mask wants: in lists from each item, `*` for every key, `!name` for all but that one."""
    if not mask or not isinstance(told, dict | list):
        return told
    if isinstance(told, list):
        return [masked(item, mask) for item in told]
    unwanted = {name[1:] for name in mask if name.startswith("!")}
    if unwanted:
        return {key: value for key, value in told.items() if key not in unwanted}
    if "*" in mask:
        return {key: masked(value, mask["*"]) for key, value in told.items()}
    return {key: masked(told[key], below) for key, below in mask.items() if key in told}
