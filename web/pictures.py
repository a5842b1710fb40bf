"""What there is to see of the data: each picture with its question, its words, and what is drawn. Asks db.exploring."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from db import exploring
from db.exploring import STEPS, UNIT, Filled
from web.binning import Bin, Spread, bins, mean, quantile, total
from web.charts import Histogram, bars, histogram, label, plain_year, short

_DECADES = 3


@dataclass(frozen=True)
class Drawn:
    """A picture as it is shown; without a histogram, bars and a square there was nothing to draw."""

    title: str
    sentence: str
    histogram: Histogram | None = None
    bars: Sequence[tuple[str, float, str]] = ()
    square: Filled | None = None
    heads: tuple[str, str] = ("", "")
    rows: Sequence[tuple[str, str]] = ()
    """The same as a table."""

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing to draw."""
        return not (self.histogram or self.bars or self.square)


@dataclass(frozen=True)
class Picture:
    """One picture: the page on which it hangs, what it is called, and how it is made."""

    page: str
    title: str
    make: Callable[[sqlite3.Connection, "Picture"], Drawn]
    nothing: str
    """What is missing where there is nothing to draw, and the command that helps."""

    def drawn(self, connection: sqlite3.Connection) -> Drawn:
        """Count, and draw."""
        return self.make(connection, self)

    def empty(self) -> Drawn:
        """Say that there is nothing."""
        return Drawn(self.title, self.nothing)


def _spread(
    ask: Callable[[sqlite3.Connection], Spread], words: str, heads: tuple[str, str], *, whole: bool = True
) -> Callable[[sqlite3.Connection, Picture], Drawn]:
    """Make a histogram of how many have how much. words: with {n}, {half}, {most}, {top} and {mean} in them."""

    def make(connection: sqlite3.Connection, picture: Picture) -> Drawn:
        spread = ask(connection)
        if not spread:
            return picture.empty()
        return _drawn(picture, bins(spread, whole=whole), _said(words, spread, short), heads, whole=whole)

    return make


def _years(
    ask: Callable[[sqlite3.Connection], Spread], words: str, heads: tuple[str, str]
) -> Callable[[sqlite3.Connection, Picture], Drawn]:
    def make(connection: sqlite3.Connection, picture: Picture) -> Drawn:
        spread = ask(connection)
        if not spread:
            return picture.empty()
        said = _said(words, spread, plain_year)
        return _drawn(picture, bins(spread, _year_step(spread)), said, heads, years=True)

    return make


def _year_step(spread: Spread) -> float:
    """Give years one by one, or five by five where they are many."""
    return 1.0 if spread[-1][0] - spread[0][0] < 10 * _DECADES else 5.0


def _sound(name: str, about: str) -> Callable[[sqlite3.Connection, Picture], Drawn]:
    def make(connection: sqlite3.Connection, picture: Picture) -> Drawn:
        spread, step = exploring.feature(connection, name), STEPS[name]
        if not spread:
            return picture.empty()
        half, most = (round(quantile(spread, share) + step, 6) for share in (0.5, 0.9))
        said = f"{about} Half of the {total(spread):,} songs lie below {short(half)}, nine in ten below {short(most)}."
        return _drawn(
            picture, bins(_from_zero(spread, name), step), said, (picture.title.lower(), "songs"), whole=False
        )

    return make


def _from_zero(spread: Spread, name: str) -> Spread:
    """Have what goes from 0 to 1 drawn from end to end, whatever is there of it."""
    if name not in UNIT:
        return spread
    ends = [(end, 0) for end in (0.0, 1 - STEPS[name])]
    return sorted([*spread, *(end for end in ends if end[0] not in {value for value, _ in spread})])


def _said(words: str, spread: Spread, form: Callable[[float], str]) -> str:
    return words.format(
        n=f"{total(spread):,}",
        half=form(quantile(spread, 0.5)),
        most=form(quantile(spread, 0.9)),
        top=form(spread[-1][0]),
        mean=short(round(mean(spread), 1)),
    )


def _drawn(
    picture: Picture,
    found: Sequence[Bin],
    said: str,
    heads: tuple[str, str],
    *,
    whole: bool = True,
    years: bool = False,
) -> Drawn:
    chart = histogram(found, whole=whole, years=years)
    rows = [(label(one, whole=whole, years=years), f"{one.count:,}") for one in found]
    return Drawn(picture.title, said, histogram=chart, heads=heads, rows=rows)


def _genres(connection: sqlite3.Connection, picture: Picture) -> Drawn:
    told, who = exploring.genres_of_songs(connection), "songs"
    if not told:
        told, who = exploring.genres_of_playlists(connection), "playlists"
    if not told:
        return picture.empty()
    by = "their artists" if who == "songs" else "themselves"
    said = f"The genres that most {who} have, as told of {by}; one may have several."
    return Drawn(picture.title, said, bars=bars(told), heads=("genre", who))


def _sources(connection: sqlite3.Connection, picture: Picture) -> Drawn:
    told = exploring.sources(connection)
    if not told:
        return picture.empty()
    first, number = told[0]
    said = f"Where songs were first told of: {number / sum(count for _, count in told):.0%} of them by {first}."
    return Drawn(picture.title, said, bars=bars(told), heads=("source", "songs"))


def _table(
    ask: Callable[[sqlite3.Connection], Filled], who: str, have: str
) -> Callable[[sqlite3.Connection, Picture], Drawn]:
    def make(connection: sqlite3.Connection, picture: Picture) -> Drawn:
        told = ask(connection)
        if not told.filled:
            return picture.empty()
        said = (
            f"Picture a table with a row for each of the {told.rows:,} {who} and a column for each of the "
            f"{told.columns:,} songs {have}: 1 field in {short(round(1 / told.share))} is filled. If the large square "
            "is the whole table, the small one is all that is filled; the rest is what the models have to guess."
        )
        rows = [(who, f"{told.rows:,}"), ("songs", f"{told.columns:,}"), ("filled fields", f"{told.filled:,}")]
        return Drawn(picture.title, said, square=told, heads=("what", "how many"), rows=rows)

    return make


_PLAYS = "No plays are here: `segue import FILE` reads listening histories of Spotify, Last.fm and others."
_LISTS = "No playlists are here: `segue import FOLDER`, or `segue crawl`."
_SOUNDS = "No song's sound is known: `segue features` asks for it."
_ABOUT = {
    "energy": ("Energy", "From calm to intense."),
    "danceability": ("Danceable", "From not at all to made for it."),
    "valence": ("Cheerful", "From sad to happy."),
    "acousticness": ("Acoustic", "From wired to unplugged."),
    "instrumentalness": ("Instrumental", "From sung to nobody sings."),
    "speechiness": ("Spoken", "From music to all talk."),
    "liveness": ("Live", "From the studio to a crowd."),
    "tempo": ("Tempo", "In beats a minute."),
    "loudness": ("Loudness", "In decibels, from quiet to loud."),
}

PICTURES: Mapping[str, Picture] = {
    "plays-of-listeners": Picture("plays", "Plays for each listener", _spread(
        exploring.plays_each_listener,
        "Half of {n} listeners played no more than {half} times, nine in ten no more than {most}; the keenest {top}.",
        ("plays", "listeners")), _PLAYS),
    "songs-of-listeners": Picture("plays", "Songs for each listener", _spread(
        exploring.songs_each_listener,
        "Half of the {n} listeners know no more than {half} songs, nine in ten no more than {most}.",
        ("songs", "listeners")), _PLAYS),
    "mean-of-listeners": Picture("plays", "Mean plays of a song, for each listener", _spread(
        exploring.mean_each_listener,
        "Half of the {n} listeners play a song no more than {half} times on the mean, nine in ten no more than {most}.",
        ("plays a song", "listeners"), whole=False), _PLAYS),
    "plays-of-songs": Picture("plays", "Plays for each song", _spread(
        exploring.plays_each_song,
        "Half of the {n} songs that anybody played have no more than {half} plays, nine in ten no more than {most}; "
        "the favourite has {top}.", ("plays", "songs")), _PLAYS),
    "listeners-of-songs": Picture("plays", "Listeners for each song", _spread(
        exploring.listeners_each_song,
        "Half of the {n} songs have no more than {half} listeners, nine in ten no more than {most}.",
        ("listeners", "songs")), _PLAYS),
    "mean-of-songs": Picture("plays", "Mean plays of a listener, for each song", _spread(
        exploring.mean_each_song,
        "Half of the {n} songs are played no more than {half} times by a listener on the mean, nine in ten no more "
        "than {most}.", ("plays a listener", "songs"), whole=False), _PLAYS),
    "plays-by-year": Picture("plays", "Plays by release year", _years(
        exploring.plays_by_year,
        "Half of the {n} plays are of songs from {half} or before, nine in ten of songs from {most} or before.",
        ("year", "plays")), _PLAYS),
    "playlist-lengths": Picture("playlists", "How long playlists are", _spread(
        exploring.playlist_lengths,
        "Half of the {n} playlists hold no more than {half} songs, nine in ten no more than {most}; the longest {top}.",
        ("songs", "playlists")), _LISTS),
    "songs-in-playlists": Picture("playlists", "How often songs stand in playlists", _spread(
        exploring.places_of_songs,
        "Half of the {n} songs in playlists stand there no more often than {half}, nine in ten no more often than "
        "{most}; the best known {top} times.", ("places", "songs")), _LISTS),
    "playlist-table": Picture("overview", "How sparse the playlists are", _table(
        exploring.filled_by_playlists, "playlists", "in them"), _LISTS),
    "listener-table": Picture("overview", "How sparse the plays are", _table(
        exploring.filled_by_listeners, "listeners", "that anybody played"), _PLAYS),
    "songs-by-year": Picture("songs", "Songs by release year", _years(
        exploring.songs_by_year,
        "Half of the {n} songs whose year is known are from {half} or before, nine in ten from {most} or before.",
        ("year", "songs")), "No song's year is known: files with dates of albums tell it, and so does `segue crawl`."),
    "genres": Picture("songs", "Genres", _genres,
        "No genre is told: files that name genres do, and so does `segue crawl` where Spotify still tells them."),
    "sources": Picture("overview", "Where songs come from", _sources, _LISTS),
    **{name: Picture("songs", title, _sound(name, about), _SOUNDS) for name, (title, about) in _ABOUT.items()},
}  # fmt: skip
"""By the name that stands in addresses, in the order in which they hang."""


def of_page(page: str) -> dict[str, Picture]:
    """Give the pictures of one page."""
    return {name: picture for name, picture in PICTURES.items() if picture.page == page}
