"""The course of a playlist as curves: energy and tempo, song by song. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDE, HIGH = 1000, 100
"""The size of the drawing, in units of its own."""
MOST = 240
"""So many steps find room; of a longer playlist a step is the mean of a few songs."""
_MARGIN = 6
_BEATS = 20
"""The scale of tempi begins and ends at a multiple of this."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """One song of the playlist, with what is drawn of it."""

    name: str
    energy: float | None
    """0 to 1."""
    tempo: float | None
    """Beats a minute."""


@dataclass(frozen=True, slots=True)
class Step:
    """One song, or a few that stand beside each other."""

    x: float
    width: float
    places: str
    """"12", or "41 to 44"."""
    name: str
    energy: float | None
    tempo: float | None

    @property
    def told(self) -> str:
        """Say in one line what is drawn."""
        sound = [
            f"energy {self.energy:.0%}" if self.energy is not None else "",
            f"{self.tempo:.0f} bpm" if self.tempo is not None else "",
        ]
        return f"{self.places}. {self.name}: {', '.join(filter(None, sound)) or 'sound not known'}"


@dataclass(frozen=True, slots=True)
class Line:
    """One curve."""

    name: str
    path: str
    """For an SVG; what is not known is a gap."""
    low: str
    high: str
    kind: str
    """energy or tempo, by which it is coloured."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A playlist's course."""

    steps: tuple[Step, ...]
    lines: tuple[Line, ...]
    known: int
    """Of so many songs it is known how they sound."""
    songs: int
    at_once: int
    """So many songs are one step."""


def curve(songs: Sequence[Sounding], most: int = MOST) -> Curve:
    """Draw the course of a playlist."""
    at_once = max(-(-len(songs) // most), 1)
    steps = tuple(_steps(songs, at_once))
    tempi = [step.tempo for step in steps if step.tempo is not None]
    low, high = (min(tempi) // _BEATS * _BEATS, (max(tempi) // _BEATS + 1) * _BEATS) if tempi else (60.0, 180.0)
    lines = (
        Line("Energy", _path(steps, [step.energy for step in steps], 0, 1), "0 %", "100 %", "energy"),
        Line(
            "Tempo", _path(steps, [step.tempo for step in steps], low, high), f"{low:.0f}", f"{high:.0f} bpm", "tempo"
        ),
    )
    known = sum(song.energy is not None or song.tempo is not None for song in songs)
    return Curve(steps, lines, known, len(songs), at_once)


def _steps(songs: Sequence[Sounding], at_once: int) -> Iterator[Step]:
    unit = WIDE / max(len(songs), 1)
    for first in range(0, len(songs), at_once):
        part = songs[first : first + at_once]
        end = first + len(part)
        yield Step(
            round(first * unit, 2),
            round(len(part) * unit, 2),
            f"{first + 1:,}" if len(part) == 1 else f"{first + 1:,} to {end:,}",
            part[0].name if len(part) == 1 else f"{len(part)} songs from {part[0].name} on",
            _mean([song.energy for song in part]),
            _mean([song.tempo for song in part]),
        )


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _path(steps: Sequence[Step], values: Sequence[float | None], low: float, high: float) -> str:
    """Write a path that rests where a value is not known; a value between two that are not is a dot."""
    parts, drawing = [], False
    for step, value in zip(steps, values, strict=True):
        if value is not None:
            x, share = step.x + step.width / 2, min(max((value - low) / (high - low), 0), 1)
            y = HIGH - _MARGIN - share * (HIGH - 2 * _MARGIN)
            parts.append(f"L{x:.1f} {y:.1f}" if drawing else f"M{x:.1f} {y:.1f}h0")
        drawing = value is not None
    return "".join(parts)
