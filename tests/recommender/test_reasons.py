"""Reasons: what they say in which case, and that all of it is true of the database, whatever is in it."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from db.connection import open_reader, open_writer
from db.read import songs, stranger
from db.records import Album, AudioFeatures, Track
from recommender.lists import company
from recommender.lists import reasons as why
from recommender.lists.reasons import Reason, reasons
from tests.recommender.songs import add, playlist, song, spotify_id

PATIENTLY = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
N = r"(at least )?([\d,]+)"
SENTENCES = [
    rf"in {N} playlists? together with .+, and also seen with {N} more of your songs",
    rf"in {N} playlists? together with (?:songs|a song) by .+",
    rf"in {N} playlists? together with .+",
    rf'together with .+ and {N} more of your songs in the playlists? ".+"',
    r'together with .+ in the playlists? ".+"',
    rf"follows .+ in {N} playlists?",
    rf"comes right before .+ in {N} playlists?",
    rf'in {N} playlists? called something with ".+"',
    r"from the same album as .+",
    r"same artist as .+",
    r"close in tempo and mood to .+: ()(\d+) and ()(\d+) BPM",
    rf"in {N} playlists? with .+, which is in {N} playlists? with .+",
    rf"(?:popular: )?in {N} playlists?(?:; nothing better known)?",
    r"stands in no playlist here",
    rf"in {N} playlists? here",
]
"""Every form that a reason has; the one that says most of a text comes first."""


def figures(reason: Reason) -> list[tuple[bool, int]]:
    """Give the figures of a text in their order, each with whether it is said to be at least so many."""
    found = next(match for form in SENTENCES if (match := re.fullmatch(form, reason.text, re.DOTALL)))
    groups = found.groups()
    return [
        (bool(least), int(number.replace(",", ""))) for least, number in zip(groups[::2], groups[1::2], strict=True)
    ]


def hold(connection: sqlite3.Connection, reason: Reason) -> None:
    """Assert that the statement of a reason confirms each of its figures, and 1 where it has none."""
    ((*told,),) = connection.execute(reason.check).fetchall()
    for (least, number), counted in zip(figures(reason) or [(False, 1)], told, strict=False):
        assert counted >= number if least else counted == number, (reason, told)
    assert all(extra == 1 for extra in told[len(figures(reason)) :]), (reason, told)


@dataclass(frozen=True)
class Sketch:
    """A track of a generated database."""

    name: str
    artists: tuple[int, ...] = ()
    album: int | None = None
    sound: tuple[float | None, float | None, float | None] | None = None
    twin_of: int | None = None


@dataclass(frozen=True)
class World:
    """A generated database and a question to it, all by the numbers of tracks."""

    tracks: list[Sketch]
    playlists: list[tuple[str, list[tuple[int, int]]]]
    """Names, and (position, track number)."""
    seeds: list[int]
    songs: list[int]
    title: str = ""
    told: bool = True
    fits: bool = False


TITLES = ["Copper", "Copper - Remastered 2011", "Copper (Live)", "99 Problems", 'it\'s "so" {0} %s', "", "夜に駆ける"]
ARTISTS = ["Lantern", "Harbour", "Various Artists"]
LISTS = ["", "chill", "Chill Out", "no chill!", "chili", "Été", "l'été\n'; --"]
TEMPOS = [None, 0.0, 119.5, 120.0, 123.5, 124.0, 128.1]
SHARES = [None, 0.5, 0.6, 0.61]
sketches = st.builds(
    Sketch,
    st.sampled_from(TITLES),
    st.lists(st.sampled_from(range(len(ARTISTS))), max_size=2, unique=True).map(tuple),
    st.sampled_from([None, 0, 1]),
    st.none() | st.tuples(st.sampled_from(TEMPOS), st.sampled_from(SHARES), st.sampled_from(SHARES)),
)


@st.composite
def worlds(draw: st.DrawFn, sketch: st.SearchStrategy[Sketch] = sketches, twins: bool = True) -> World:
    tracks = draw(st.lists(sketch, min_size=2, max_size=7))
    numbers = st.integers(0, len(tracks) - 1)
    if twins and len(tracks) > 3:
        tracks[-1] = replace(tracks[-1], twin_of=draw(st.none() | st.integers(0, len(tracks) - 2)))
    entries = st.lists(st.tuples(st.integers(1, 2), numbers), max_size=7).map(_placed)
    lists = draw(st.lists(st.tuples(st.sampled_from(LISTS), entries), max_size=7))
    seeds = draw(st.lists(numbers, max_size=4, unique=True))
    told, fits = draw(st.booleans()), draw(st.booleans())
    title = draw(st.sampled_from(["", "chill", "été", "the CHILL of it", "no/chill", "?", "*"]))
    songs = [number for number in range(len(tracks)) if number not in seeds[: draw(st.integers(2, 4))]]
    return World(tracks, lists, seeds, songs, title, told, fits)


def _placed(steps: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Give each entry its position: the one before and a step of 1, or of 2 where one was taken out."""
    place, found = -1, []
    for step, number in steps:
        place += step
        found.append((place, number))
    return found


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("reasons") / "empty.db"
    with open_writer(path, "a test"):
        pass
    return path


@contextmanager
def filled(empty: Path, world: World) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        with closing(sqlite3.connect(empty)) as disk:
            disk.backup(connection)
        connection.execute("INSERT INTO imports VALUES (1, 1, 'test', '', 0)")
        for key, name in enumerate(ARTISTS):
            connection.execute("INSERT INTO artists VALUES (?, ?, ?, 1, 0)", [key, f"artist{key}", name])
        connection.executemany("INSERT INTO albums VALUES (?, ?, '', NULL, 1, 0)", [(0, "a"), (1, "b")])
        for key, track in enumerate(world.tracks):
            connection.execute(
                "INSERT INTO tracks (key, track_id, name, album_key, linked_key, import_key, fetched_at)"
                " VALUES (?, ?, ?, ?, ?, 1, 0)",
                [key, f"track{key}", track.name, track.album, track.twin_of],
            )
            credits_ = [(key, place, artist) for place, artist in enumerate(track.artists)]
            connection.executemany("INSERT INTO track_artists VALUES (?, ?, ?)", credits_)
            if track.sound:
                connection.execute(
                    "INSERT INTO audio_features (track_key, tempo, energy, valence, import_key, fetched_at)"
                    " VALUES (?, ?, ?, ?, 1, 0)",
                    [key, *track.sound],
                )
        for key, (name, entries) in enumerate(world.playlists):
            connection.execute(
                "INSERT INTO playlists (key, playlist_id, name, content_hash, import_key, fetched_at)"
                " VALUES (?, ?, ?, 0, 1, 0)",
                [key, f"p{key}", name],
            )
            rows = [(key, place, number) for place, number in entries]
            connection.executemany("INSERT INTO playlist_entries VALUES (?, ?, ?, NULL)", rows)
        yield connection


def asked(connection: sqlite3.Connection, world: World) -> list[tuple[Reason, ...]]:
    ids = [f"track{number}" for number in range(len(world.tracks))]
    rows = songs(connection, ids)
    chosen = [rows[ids[number]] for number in world.songs]
    told, fits = [world.told] * len(chosen), [world.fits] * len(chosen)
    return reasons(connection, [rows[ids[number]] for number in world.seeds], chosen, told, world.title, fits)


@PATIENTLY
@given(worlds())
def test_every_song_has_reasons_and_each_is_true(empty: Path, world: World) -> None:
    """One to three for each song; every statement gives the figures of its sentence, exactly."""
    with filled(empty, world) as connection:
        found = asked(connection, world)
        assert len(found) == len(world.songs)
        for own in found:
            assert 1 <= len(own) <= 3
            assert len({reason.text for reason in own}) == len(own)
            for reason in own:
                assert reason.text.isprintable()
                assert "at least" not in reason.text
                hold(connection, reason)


LIMITS = {"SEEDS": 2, "_ROWS": 3, "_VERSIONS": 1, "_FEWEST": 1, "_MOST": 1}
OWN_LIMITS = {
    "_NEXT_TO": 1,
    "_ROUGHLY": 1,
    "_NAMED": 1,
    "_TWICE": 1,
    "_AROUND": 2,
    "_ENTRIES": 3,
    "_HERS": 2,
    "_HELD": 3,
}


@PATIENTLY
@given(worlds(), st.sampled_from([0, 1_000]))
def test_where_there_is_too_much_to_read_no_figure_is_too_high(empty: Path, world: World, probed: int) -> None:
    """With every limit at its least, "at least" is said wherever something was left out."""
    with filled(empty, world) as connection, pytest.MonkeyPatch.context() as patch:
        for name, value in (LIMITS | {"_PROBED": probed}).items():
            patch.setattr(company, name, value)
        for name, value in OWN_LIMITS.items():
            patch.setattr(why, name, value)
        for own in asked(connection, world):
            assert 1 <= len(own) <= 3
            for reason in own:
                hold(connection, reason)


@st.composite
def plain_worlds(draw: st.DrawFn) -> World:
    """Generate a world whose tracks have names of their own, no twins, no artists, no albums, and no sound."""
    world = draw(worlds(st.just(Sketch("")), twins=False))
    tracks = [Sketch(f"Song {letter}") for letter, _ in zip("ABCDEFG", world.tracks, strict=False)]
    return replace(
        world, told=True, tracks=tracks, seeds=world.seeds[:3], songs=sorted({*world.songs} - {*world.seeds[:3]})
    )


@PATIENTLY
@given(plain_worlds())
@example(World([Sketch("Song A"), Sketch("Song B")], [("", [(0, 0), (1, 1), (2, 0)])] * 3, [0], [1]))
def test_counts_are_those_of_plain_python(empty: Path, world: World) -> None:
    """The most playlists together, the other seeds, the neighbours and the title, counted another way."""
    with filled(empty, world) as connection:
        found = asked(connection, world)
    names = {track.name: number for number, track in enumerate(world.tracks)}
    lists = [dict(entries) for _, entries in world.playlists]
    where = {number: {key for key, own in enumerate(lists) if number in own.values()} for number in names.values()}

    def after(one: int, other: int) -> int:
        return sum(any(own[p] == one and own.get(p + 1) == other for p in own) for own in lists)

    for number, own in zip(world.songs, found, strict=True):
        text = "; ".join(reason.text for reason in own)
        shared = {seed: len(where[seed] & where[number]) for seed in world.seeds}
        most = max(shared.values(), default=0)
        others = sum(count > 0 for count in shared.values()) - 1
        if told := re.search(r"in (\d+) playlists? together with (Song .)(?:, and also seen with (\d+) more)?", text):
            assert (int(told[1]), int(told[1]), int(told[3] or 0)) == (shared[names[told[2]]], most, others)
        elif told := re.search(r"together with (Song .)(?: and (\d+) more of your songs)? in the playlist(s?) ", text):
            n_named = 2 if told[3] else 1
            assert (shared[names[told[1]]], most, int(told[2] or 0)) == (n_named, n_named, others)
        beside = {(after(seed, number), "follows") for seed in world.seeds}
        beside |= {(after(number, seed), "comes right before") for seed in world.seeds}
        count, verb = max(beside, default=(0, ""), key=lambda each: (each[0], each[1] == "follows"))
        if next_to := re.search(r"(follows|comes right before) (Song .) in (\d+) playlists", text):
            assert (int(next_to[3]), next_to[1]) == (count, verb)
            seed = names[next_to[2]]
            assert count == (after(seed, number) if verb == "follows" else after(number, seed))
        assert bool(next_to) == (count >= 2)
        assert bool(told) == (most > 0) or (next_to and (most, others) == (count, 0))
        named = {key for key in where[number] if re.search(r"\bchil", world.playlists[key][0].lower())}
        if world.fits and world.title == "chill":
            named = {key for key in named if "chill" in world.playlists[key][0].lower()}
            assert (f'in {len(named)} playlist{"s" * (len(named) != 1)} called something with "chill"' in text) == bool(
                named
            )


WALL = song("Wonderwall", "Oasis", spotify_id("wall"), album=Album("Morning"))
WALL_2014 = song("Wonderwall - Remastered 2014", "Oasis", spotify_id("wall2014"))
ANGER = song("Don't Look Back", "Oasis", spotify_id("anger"), album=Album("Morning"))
PARK = song("Parklife", "Blur", spotify_id("park"))
HELLO = song("Hello", "Adele", spotify_id("hello"))
HELLO_TOO = song("Hello", "Lionel", spotify_id("hellotoo"))


def said(
    path: Path,
    seeds: Sequence[Track],
    about: Track,
    told: bool = True,
    title: str = "",
) -> list[str]:
    """Give the reasons for one track as texts, each checked."""
    with open_reader(path) as connection:
        rows = songs(connection, [track.track_id for track in [*seeds, about]])
        row = rows.get(about.track_id, stranger(about.track_id))
        (found,) = reasons(connection, [rows[t.track_id] for t in seeds], [row], [told], title, [True] if title else [])
        for reason in found:
            hold(connection, reason)
        return [reason.text for reason in found]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "songs.db"


def test_the_count_comes_first_then_what_follows_and_who_made_it(path: Path) -> None:
    add(path, [playlist(f"p{n}", [WALL, ANGER] if n < 2 else [ANGER, PARK, WALL]) for n in range(5)])
    assert said(path, [WALL], ANGER) == [
        "in 5 playlists together with Wonderwall",
        "follows Wonderwall in 2 playlists",
        "from the same album as Wonderwall",
    ]
    assert said(path, [WALL], PARK) == ["comes right before Wonderwall in 3 playlists"]


def test_the_artist_tells_more_than_one_playlist_which_is_named(path: Path) -> None:
    other = replace(ANGER, album=None)
    add(path, [playlist("Britpop", [WALL, PARK, other]), playlist("p", [other]), playlist("90s", [WALL, HELLO, other])])
    assert said(path, [WALL], other) == [
        "same artist as Wonderwall",
        'together with Wonderwall in the playlists "90s" and "Britpop"',
    ]
    assert said(path, [WALL, other], PARK) == [
        'together with Don\'t Look Back and 1 more of your songs in the playlist "Britpop"'
    ]


def test_several_seeds_are_counted(path: Path) -> None:
    add(path, [playlist(f"p{n}", [[WALL, HELLO, PARK][n % 3], WALL, ANGER]) for n in range(9)])
    assert said(path, [PARK, WALL, HELLO], ANGER)[0] == (
        "in 9 playlists together with Wonderwall, and also seen with 2 more of your songs"
    )


def test_playlists_with_one_seed_each_are_not_named_as_if_they_held_both(path: Path) -> None:
    add(path, [playlist("one", [WALL, PARK]), playlist("two", [HELLO, PARK])])
    assert said(path, [WALL, HELLO], PARK) == [
        "in 1 playlist together with Hello, and also seen with 1 more of your songs"
    ]


def test_all_versions_count_for_the_seed_that_was_named(path: Path) -> None:
    """Also those under an id made up where no Spotify id was known, once they are linked to their twin."""
    unlinked = song("Parklife", "Blur")
    add(
        path,
        [
            playlist("a", [WALL, HELLO, unlinked]),
            playlist("b", [WALL_2014, HELLO, PARK]),
            playlist("c", [WALL_2014, WALL, HELLO, PARK]),
        ],
    )
    with open_writer(path, "a test") as connection:
        connection.execute(
            "UPDATE tracks SET linked_key = (SELECT key FROM tracks WHERE track_id = ?) WHERE track_id = ?",
            [PARK.track_id, unlinked.track_id],
        )
    assert said(path, [WALL, WALL_2014], PARK)[0] == "in 3 playlists together with Wonderwall"
    assert said(path, [WALL_2014, WALL], PARK)[0] == "in 3 playlists together with Wonderwall"
    assert said(path, [PARK], WALL)[0] == 'together with Parklife in the playlists "a" and "c"'


def test_two_songs_of_one_title_are_told_apart(path: Path) -> None:
    add(path, [playlist(f"p{n}", [HELLO, PARK, HELLO_TOO]) for n in range(3)])
    assert said(path, [HELLO, HELLO_TOO], PARK)[0] == (
        "in 3 playlists together with Hello by Lionel, and also seen with 1 more of your songs"
    )
    assert said(path, [HELLO], HELLO_TOO) == ["in 3 playlists together with Hello by Adele"]


def test_what_comes_for_being_popular_says_so(path: Path) -> None:
    add(path, [*(playlist(f"p{n}", [ANGER]) for n in range(4)), playlist("q", [HELLO]), playlist("r", [WALL])])
    assert said(path, [HELLO], ANGER, told=False) == ["popular: in 4 playlists; nothing better known"]
    assert said(path, [WALL], HELLO, told=False) == ["in 1 playlist; nothing better known"]
    assert said(path, [WALL], ANGER, told=False)[-2:] == [
        "from the same album as Wonderwall",
        "popular: in 4 playlists",
    ]
    assert said(path, [], ANGER) == ["in 4 playlists here"]
    assert said(path, [WALL], PARK) == said(path, [WALL], PARK, told=False) == ["stands in no playlist here"]


def test_nobody_is_the_same_artist_as_various_artists(path: Path) -> None:
    one, other = (song(name, "Various Artists", spotify_id(name)) for name in ("Intro", "Outro"))
    add(path, [playlist("p", [one]), playlist("q", [other])])
    assert said(path, [one], other) == ["in 1 playlist here"]


def test_close_in_tempo_and_mood_gives_the_figures(path: Path) -> None:
    sounds = [AudioFeatures(WALL, energy=0.6, valence=0.4, tempo=126.2), AudioFeatures(PARK, energy=0.7, valence=0.5)]
    add(path, [*sounds, AudioFeatures(HELLO, energy=0.55, valence=0.45, tempo=122.5), playlist("p", [HELLO])])
    assert said(path, [PARK, WALL], HELLO) == ["close in tempo and mood to Wonderwall: 123 and 126 BPM"]
    add(path, [AudioFeatures(ANGER, energy=0.55, valence=0.45, tempo=127.0)])
    assert said(path, [HELLO, PARK], ANGER) == ["stands in no playlist here"]


def test_where_no_playlist_holds_both_the_seeds_artist_beside_the_song_is_said(path: Path) -> None:
    """Other songs of the artist, never the song's own, and the artist who stands beside it most."""
    beside = [song(name, "Oasis", spotify_id(name)) for name in ("Supersonic", "Acquiesce", "Rocking Chair")]
    add(path, [*(playlist(f"p{n}", [HELLO, beside[n % 3]]) for n in range(5)), playlist("q", [WALL, PARK])])
    add(path, [playlist("r", [HELLO, song("Girls", "Blur", spotify_id("girls"))])], "more")
    assert said(path, [WALL], HELLO) == ["in 5 playlists together with songs by Oasis"]
    assert said(path, [PARK], HELLO) == ["in 1 playlist together with a song by Blur"]
    assert said(path, [WALL, PARK], HELLO) == ["in 5 playlists together with songs by Oasis"]
    assert said(path, [WALL], beside[0]) == ["same artist as Wonderwall"]


def test_beside_a_hit_the_artist_is_looked_for_in_some_playlists(path: Path) -> None:
    other = song("Supersonic", "Oasis", spotify_id("supersonic"))
    add(path, [*(playlist(f"p{n:02}", [HELLO, other]) for n in range(40)), playlist("q", [WALL])])
    assert said(path, [WALL], HELLO) == ["in at least 30 playlists together with a song by Oasis"]


def test_where_nothing_is_shared_a_track_between_is_found(path: Path) -> None:
    add(path, [playlist(f"p{n}", [HELLO, PARK] if n < 4 else [WALL, PARK]) for n in range(6)])
    assert said(path, [WALL], HELLO) == ["in 4 playlists with Parklife, which is in 2 playlists with Wonderwall"]


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("summer road", 'in 2 playlists called something with "summer road"'),
        ("Roads of my SUMMER", 'in 3 playlists called something with "SUMMER"'),
        ("roadie", "in 4 playlists here"),
        ("ÉTÉ", 'in 1 playlist called something with "ÉTÉ"'),
        ("the", "in 4 playlists here"),
        ("my", "in 4 playlists here"),
        ("My/Summer: best", 'in 3 playlists called something with "Summer"'),
    ],
)
def test_the_title_counts_where_names_hold_it(path: Path, title: str, sentence: str) -> None:
    add(path, [playlist(name, [PARK]) for name in ("Summer Road!", "SUMMER (trip)", "my summer road", "Été-2020")])
    assert said(path, [], PARK, title=title) == [sentence]


def test_of_several_hundred_seeds_the_last_ones_speak(path: Path) -> None:
    seeds = [song(f"Song {n}", f"Band {n}", spotify_id(f"song{n}")) for n in range(300)]
    add(path, [playlist(f"p{n}", [*seeds[n::3], PARK]) for n in range(3)])
    (text, *_) = said(path, seeds, PARK)
    assert text.startswith("in 1 playlist together with Song 299, and also seen with at least 49 more of your songs")


def test_with_very_many_versions_it_is_at_least_so_many(path: Path) -> None:
    versions = [replace(WALL, track_id=spotify_id(f"wall{n}")) for n in range(15)]
    add(path, [playlist(f"p{n}", [version, HELLO, PARK]) for n, version in enumerate(versions)])
    assert said(path, versions, PARK) == ["in at least 13 playlists together with Wonderwall"]


def test_of_very_many_playlists_some_are_looked_at(path: Path) -> None:
    add(path, [playlist(f"chill {n}", [WALL, PARK]) for n in range(230)])
    assert said(path, [WALL], PARK, title="chill") == [
        "in 230 playlists together with Wonderwall",
        "follows Wonderwall in at least 100 playlists",
        'in at least 200 playlists called something with "chill"',
    ]


def test_of_a_hit_only_the_first_playlists_are_read_and_a_rare_song_is_looked_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company, "_FEWEST", 5)
    monkeypatch.setattr(company, "_MOST", 5)
    members = [[WALL, PARK], [HELLO, PARK], [WALL, HELLO, ANGER, PARK]]
    add(path, [playlist(f"p{n:02}", members[n // 10]) for n in range(24)])
    assert said(path, [WALL], PARK) == [
        "in at least 5 playlists together with Wonderwall",
        "follows Wonderwall in at least 5 playlists",
    ]
    assert said(path, [WALL], ANGER)[0] == "in 4 playlists together with Wonderwall"
    assert said(path, [ANGER], WALL)[0] == "in 4 playlists together with Don't Look Back"
    assert said(path, [ANGER, WALL], PARK)[0] == (
        "in at least 5 playlists together with Wonderwall, and also seen with at least 1 more of your songs"
    )
    monkeypatch.setattr(company, "_PROBED", 0)
    assert said(path, [WALL], ANGER) == ["from the same album as Wonderwall"]
    monkeypatch.setattr(company, "_MOST", 2)
    assert said(path, [WALL], PARK)[1] == "in at least 2 playlists together with Wonderwall"


def test_a_track_and_the_one_that_stands_for_it_are_one(path: Path) -> None:
    local = song("Park Life", "Blur")
    add(path, [playlist(f"p{n}", [PARK, HELLO, local, WALL]) for n in range(4)])
    with open_writer(path, "a test") as connection:
        connection.execute(
            "UPDATE tracks SET linked_key = (SELECT key FROM tracks WHERE track_id = ?) WHERE track_id = ?",
            [PARK.track_id, local.track_id],
        )
    assert said(path, [local, PARK], WALL)[0] == "in 4 playlists together with Parklife"
    assert said(path, [PARK], local) == ["same artist as Parklife"]
    assert said(path, [local], PARK) == ["same artist as Park Life"]
