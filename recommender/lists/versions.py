"""Which tracks are one song again: the same recording, or another one of it by the same artist.

Pure. Nothing here reads a title: catalogue.title_of does that once, and this compares what was read.
"""

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from db.title_keys import Credit, TitleKeys

Kin = Literal["same", "other", "none"]
"""One recording (remaster, edition, edit for radio); another one of the same song by the same artist (live, acoustic,
remix); or neither: a cover, another song."""

Gap = Literal["equal", "near", "far", "unknown"]
Match = Literal["spelt", "heard", "alike"] | None
"""Whether two names are written as one; or, in different scripts, sound as one, or nearly so."""
_NEAR_MS, _NEAR_SHARE = 10_000, 0.06
"""Editions of one recording differ by no more than the greater of these, where no word tells of a cut."""
_EQUAL_MS = 2_500
"""As near as this two tracks are likely one, where their names alone leave a doubt."""
_LEAST_CUT = 0.35
"""What a cut leaves of the whole, at least."""
_ALIKE, _LIKELY = 0.75, 0.6
"""How much of two sounds is in both: enough by itself, and enough where the durations are equal."""
_FEWEST, _ENOUGH, _SOUNDS = 2, 3, 4
"""So many consonants may tell a name where the durations are equal; so many else; so many first ones are a label."""
_OF_MANY = frozenset({
    "intro", "introduction", "outro", "interlude", "skit", "prelude", "prologue", "epilogue", "overture",
    "untitled", "finale", "theme", "reprise", "end", "ending", "opening", "closing", "commentary", "credits",
})  # fmt: skip
"""Names that one artist gives to many tracks."""


class Title(NamedTuple):
    """What tells which song a track is, and which recording of it."""

    credit: "Credit"
    keys: "TitleKeys"
    duration_ms: int | None
    isrc: str | None


def labels(title: Title) -> tuple[Hashable, ...]:
    """Give labels by which tracks are grouped without comparing all pairs: kin() of two that share none is "none"."""
    keys = title.keys
    found: list[Hashable] = [keys.name, *keys.subtitles]
    if keys.main:
        found.append(keys.main)
    if len(keys.sound) >= _FEWEST:
        found.append(("sound", keys.sound[:_SOUNDS]))
    if keys.work:
        found.append(keys.work)
    if title.isrc:
        found.append(("isrc", title.isrc))
    return tuple(found)


def kin(one: Title, other: Title) -> Kin:
    """Tell how two tracks are kin; the same whichever comes first."""
    if one == other or (one.isrc and one.isrc == other.isrc):
        return "same"
    gap = _gap(one, other)
    # Most pairs end at the name.
    named = _one_name(one.keys, other.keys, gap)
    made = _one_artist(one, other, gap) if named else None
    if not named or not made or not _enough(named, made, gap == "equal" or not (one.keys.latin or other.keys.latin)):
        return "none"
    ours, theirs = one.keys, other.keys
    if ours.kinds != theirs.kinds:
        return "other"
    if ours.kinds:
        close = ours.details == theirs.details and gap != "far"
        return "same" if close or (gap == "equal" and _within(ours.details, theirs.details)) else "other"
    if ours.name in _OF_MANY and gap == "far":
        return "none"
    if _others_sing(one, other, gap):
        return "other"
    return "same" if gap != "far" or _cut(one, other) else "other"


def _others_sing(one: Title, other: Title, gap: Gap) -> bool:
    """Tell whether the guests are other ones, or the credits cross and no duration tells that it is one recording."""
    ours, theirs = one.keys.guests, other.keys.guests
    if ours and theirs and not ours & theirs:
        return True
    mine, yours = one.credit.keys(), other.credit.keys()
    crossed = mine.artists - yours.within - theirs and yours.artists - mine.within - ours
    return bool(crossed and mine.artists & yours.artists and gap in ("unknown", "far"))


class Known:
    """Tracks, numbered as they come, of which one can be asked for the nearest kin of another track."""

    def __init__(self, titles: Iterable[Title] = ()) -> None:
        self._titles: list[Title] = []
        self._by_label: dict[Hashable, list[int]] = {}
        for title in titles:
            self.add(title)

    def __len__(self) -> int:
        """Count them."""
        return len(self._titles)

    def add(self, title: Title) -> None:
        """Take one more in."""
        for label in dict.fromkeys(labels(title)):
            self._by_label.setdefault(label, []).append(len(self._titles))
        self._titles.append(title)

    def nearest(self, title: Title) -> tuple[Kin, int | None]:
        """Give the nearest kin, and the number of the first track that is it."""
        near = {number for label in labels(title) for number in self._by_label.get(label, ())}
        found: tuple[Kin, int | None] = ("none", None)
        for number in sorted(near):
            match kin(title, self._titles[number]):
                case "same":
                    return "same", number
                case "other" if found[1] is None:
                    found = ("other", number)
        return found


def _enough(named: Match, made: Match, backed: bool) -> bool:
    """Tell whether name and artist together tell one song; backed: whether something else speaks for it."""
    if "alike" not in (named, made) or made == "spelt":
        return True
    return backed and (named == "spelt" or made == "heard" or named == "heard")


def _gap(one: Title, other: Title) -> Gap:
    """Tell how far two durations are apart."""
    if one.duration_ms is None or other.duration_ms is None:
        return "unknown"
    apart = abs(one.duration_ms - other.duration_ms)
    if apart <= _EQUAL_MS:
        return "equal"
    return "near" if apart <= max(_NEAR_MS, _NEAR_SHARE * max(one.duration_ms, other.duration_ms)) else "far"


def _cut(one: Title, other: Title) -> bool:
    """Tell whether a cut, of which a title tells, may make the difference between two durations."""
    short, long = sorted((one.duration_ms or 0, other.duration_ms or 0))
    return (one.keys.cut or other.keys.cut) and short >= _LEAST_CUT * long


def _within(one: frozenset[str], other: frozenset[str]) -> bool:
    return one <= other or other <= one


def _one_name(one: "TitleKeys", other: "TitleKeys", gap: Gap) -> Match:
    """Tell whether the songs have one name, or names that may mean one where the durations do not speak against it."""
    if one.name == other.name:
        return "spelt"
    if one.work or other.work:
        return "spelt" if one.work == other.work else None
    if one.main and {one.main, *one.subtitles} == {other.main, *other.subtitles}:
        return "spelt"  # Good Riddance (Time of Your Life), Time of Your Life (Good Riddance)
    for longer, shorter in ((one, other), (other, one)):
        if longer.main and not shorter.subtitles:
            if shorter.name == longer.main:
                fits = gap == "equal" if longer.dashed else gap != "far" or longer.kinds != shorter.kinds
                return "spelt" if fits else None
            if shorter.name in longer.subtitles:
                return "spelt" if gap == "equal" or longer.main.isascii() != shorter.name.isascii() else None
    if one.latin == other.latin or one.sound[:_SOUNDS] != other.sound[:_SOUNDS]:
        return None
    if gap == "equal" and one.sound == other.sound and len(one.sound) >= _FEWEST:
        return "alike"
    return _heard(one.sound, other.sound, _ALIKE)


def _one_artist(one: Title, other: Title, gap: Gap) -> Match:
    """Tell whether an artist stands in both credits, perhaps in different scripts."""
    ours, theirs = one.credit.keys(), other.credit.keys()
    if ours.artists & theirs.within or theirs.artists & ours.within or not (ours.artists or theirs.artists):
        several = len(ours.artists) > 1 and len(theirs.artists) > 1
        # A composer stands beside every performer.
        return None if one.keys.classical and several and len(ours.artists & theirs.artists) == 1 else "spelt"
    if gap == "equal" and (ours.artists & other.keys.guests or theirs.artists & one.keys.guests):
        return "spelt"
    enough = _LIKELY if gap == "equal" else _ALIKE
    for latin, heard in ours.sounds:
        for also_latin, also_heard in theirs.sounds:
            if latin != also_latin and (match := _heard(heard, also_heard, enough)):
                return match
    return None


def _heard(one: str, other: str, enough: float) -> Match:
    """Compare two sounds by the share of them that is in both, in order."""
    if min(len(one), len(other)) < _ENOUGH:
        return None
    if one == other and len(one) > _ENOUGH:
        return "heard"
    row = [0] * (len(other) + 1)
    for mine in one:
        before, row = row, [0]
        for place, theirs in enumerate(other):
            row.append(before[place] + 1 if mine == theirs else max(before[place + 1], row[place]))
    return "alike" if 2 * row[-1] >= enough * (len(one) + len(other)) else None
