"""The odd things that people's playlists hold, and where the made-up world has them. Pure."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from demo import chance


class Odd(StrEnum):
    """How one entry is odd."""

    NOTHING = "null entry"
    NO_MEDIA = "null track"
    LOCAL = "local file"
    BARE_LOCAL = "local file with empty parts"
    EPISODE = "episode"
    FLAGGED = "boolean keys named track and episode"
    UNAVAILABLE = "removed, with an empty name"
    LINKED = "linked from another id"
    REPEATED = "the song before, once more"
    UNDATED = "added_at null"
    NO_ADDER = "added_by null"
    EMPTY_ADDER = "added_by with an empty id"


@dataclass(frozen=True, slots=True)
class Special:
    """What is fixed about a playlist; None: as drawn."""

    length: int | None = None
    every_oddity: int = 0
    """So many places lie between the oddities, of which each kind is there then."""
    nameless: bool = False
    collaborative: bool = False
    public: bool = True
    description: str | None = None
    images: str = "one"
    """one, null or none."""


Plain = Special()
ESCAPED = (
    'K&uuml;rzlich geh&ouml;rt &amp; &quot;gemocht&quot; by <a href="https://example.org/">Rosa &lt;3</a> &#x27;26'
)
OWN_PLAYLISTS = {
    0: Special(length=60, every_oddity=4),
    1: Special(length=340, every_oddity=23),
    2: Special(length=0),
    3: Special(collaborative=True, every_oddity=1),
    4: Special(nameless=True),
    5: Special(images="null"),
    6: Special(description=ESCAPED, images="none"),
    7: Special(public=False),
}
"""The first playlists of the listener who logs in, which together hold everything odd."""

_ODD_PLAYLISTS, _ODD_SHARE = 5, 0.01
"""One of so many playlists has odd entries, and that share of its entries is odd."""
_KINDS = tuple(Odd)


def odd_places(special: Special, key: int, length: int) -> dict[int, Odd]:
    """Tell which places of a playlist are odd, and how. key: the playlist's."""
    if special.every_oddity:
        places = range(1, length, special.every_oddity)
        return dict(zip(places, _KINDS, strict=False))
    if chance.drawn(key, 0) % _ODD_PLAYLISTS or not length:
        return {}
    shares = chance.share_many(key ^ 5, np.arange(length))
    found = np.flatnonzero(shares < _ODD_SHARE).tolist()
    return {place: _KINDS[chance.drawn(key ^ 6, place) % len(_KINDS)] for place in found}
