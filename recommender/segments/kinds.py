"""Which kind of listener somebody is, told from what they played, liked and named. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["new", "casual", "explorer", "settled"]
PROFILES: tuple[Kind, ...] = ("new", "casual", "explorer")
"""What a person may say to be. Who is none of them is settled: the best model knows enough to answer alone."""
FEW, MANY = 5, 50
"""With fewer songs somebody is new here; with fewer than MANY, casual."""
REPEATED = 4.0
"""From so many plays of each song on, on the mean, somebody keeps to what they know. In the Taste Profile of the
Million Song Dataset (48 million pairs, 139 million plays) the mean is 2.9."""
FEW_ARTISTS = 0.1
"""Up to so many artists for each song, one for ten of them, somebody keeps to what they know, too."""
_CALLED = {"new": "a new listener", "casual": "a casual listener", "explorer": "an explorer of what they know too well"}


@dataclass(frozen=True)
class Known:
    """What is known of one listener, in figures."""

    songs: int
    """Different songs that were played or are liked."""
    plays: int
    """Plays, a liked song that was never played counting as one."""
    artists: int
    """Their different main artists."""

    @property
    def repeated(self) -> float:
        """Give the plays of each song, on the mean."""
        return self.plays / max(self.songs, 1)


def known_of(counts: Sequence[int], artists: Sequence[object]) -> Known:
    """Gather the figures of a listener. counts, artists: of each song, how often it was played, and its main artist."""
    return Known(len(counts), sum(counts), len(set(artists)))


def kind_of(known: Known) -> Kind:
    """Tell which kind of listener somebody is."""
    if known.songs < FEW:
        return "new"
    if known.songs < MANY:
        return "casual"
    keeps = known.repeated >= REPEATED or known.artists <= FEW_ARTISTS * known.songs
    return "explorer" if keeps else "settled"


def taken_for(name: str, known: Known, kind: Kind, *, said: bool) -> str:
    """Say for what somebody is taken, and why. said: whether the person said so."""
    if not known.songs:
        heard = "nothing is known that was played"
    else:
        songs, artists = _some(known.songs, "song"), _some(known.artists, "artist")
        heard = f"played or likes {songs} of {artists}, {known.repeated:.1f} plays a song"
    who = f"{name}: {heard}"
    if said:
        return f"{who}; a list for the profile {kind}, as asked"
    if kind == "settled":
        return f"{who}: enough that the best model answers alone (--profile explorer for less of what everybody knows)"
    others = " or ".join(f"--profile {other}" for other in PROFILES if other != kind)
    return f"{who}: taken for {_CALLED[kind]} ({others} for another list)"


def _some(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"
