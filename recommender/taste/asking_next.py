"""Which song a person is asked about next: some well known, some near to likes, some that tell most. Pure."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

APART = 4
"""Between two songs of one artist stand so many others, while there are any."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A song that may be asked about."""

    track_id: str
    recording: tuple[str, str]
    """What all its versions have in common."""

    @property
    def artist(self) -> str:
        """The main artist, spelt as in the recording."""
        return self.recording[0]


@dataclass(frozen=True, slots=True)
class Passed:
    """What was asked before: it does not come again, in no version."""

    tracks: Collection[str] = frozenset()
    recordings: Collection[tuple[str, str]] = frozenset()
    artists: Collection[str] = frozenset()
    """Whose songs were asked about a moment ago: they wait."""


def next_song(bags: Sequence[Sequence[Candidate]], passed: Passed, turn: int) -> Candidate | None:
    """Take the first song that may come out of the bag whose turn it is, or else out of the ones after it.

    An artist who was asked about a moment ago waits, unless nobody else is left. None where nothing may come.
    """
    in_turn = [bags[(turn + step) % len(bags)] for step in range(len(bags))]
    waiting = None
    for bag in in_turn:
        for song in bag:
            if song.track_id in passed.tracks or song.recording in passed.recordings:
                continue
            if song.artist not in passed.artists:
                return song
            waiting = waiting or song
    return waiting


def spread(songs: Iterable[Candidate]) -> list[Candidate]:
    """Order songs so that each artist's first comes before anybody's second, and so on."""
    seen: Counter[str] = Counter()
    rounds = []
    for song in songs:
        rounds.append((seen[song.artist], song))
        seen[song.artist] += 1
    return [song for _, song in sorted(rounds, key=lambda one: one[0])]


def progress(likes: int, dislikes: int, least: int, *, enough: bool) -> str:
    """Say how far it is until a taste can be learned.

    likes and dislikes: songs that one can learn from. least: so many of each are needed. enough: whether it can be.
    """
    told = f"{likes:,} liked, {dislikes:,} not"
    lacking = [
        f"{least - count} more that you {word}"
        for count, word in ((likes, "like"), (dislikes, "do not like"))
        if count < least
    ]
    if lacking:
        return f"{told}: {' and '.join(lacking)}, and a taste can be learned"
    if not enough:
        return f"{told}: songs of a few more artists, and a taste can be learned"
    return f"{told}: enough to learn a taste from, and each one more makes it surer"


def share_done(likes: int, dislikes: int, least: int) -> float:
    """Tell how much of what a taste needs is there: from 0 to 1."""
    return (min(likes, least) + min(dislikes, least)) / (2 * least)
