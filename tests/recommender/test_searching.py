"""Search by words, filters and both: the best known songs that fit, and how far they were looked for."""

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import famous
from db.connection import open_reader
from db.records import Album, AudioFeatures, Track
from recommender import catalogue, searching
from recommender.errors import FilterNotClear
from recommender.lists.filters import PASS, Filters, Span, verdict
from recommender.lists.sorting import SORTS, Sort, in_order, parse_sort
from recommender.naming import find
from recommender.searching import search, while_typing
from tests.recommender.songs import add, playlist, song, spotify_id

SONGS = 60
WORDS = ("Rain", "Stone", "Light", "River")
QUICK = Filters(audio=(("tempo", Span(150, None)),))
LATE = Filters(year=Span(1970, None))
NARROW = Filters(audio=(("tempo", Span(100.5, 101)),))


def _song(number: int) -> Track:
    """Make a song of one of four words, which stands in so many playlists as its number says."""
    name = f"{WORDS[number % 4]} Number{number}"
    return song(
        name, f"Artist{number % 7}", spotify_id(f"s{number:03d}"), album=Album("A", release_date=str(1960 + number))
    )


def _features(number: int) -> AudioFeatures:
    """Tell tempo and energy; of one in ten songs no tempo is known, of one in nine it is 0, which says nothing."""
    tempo = None if number % 10 == 5 else 0.0 if number % 9 == 4 else 60.0 + 2 * number
    return AudioFeatures(_song(number), energy=number % 10 / 10, tempo=tempo)


@pytest.fixture(scope="module", params=["counted", "famous"])
def connection(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[sqlite3.Connection]:
    """Open a database of sixty songs, once without and once with an index of the best known."""
    path: Path = tmp_path_factory.mktemp("searching") / "s.db"
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "famous":
            patch.setattr(famous, "_FEW", 3)
            patch.setattr(famous, "_LEAST", 8)
        lists = [playlist(f"p{n}", [_song(number) for number in range(n, SONGS)]) for n in range(SONGS)]
        add(path, [*lists, *(_features(number) for number in range(0, SONGS, 2)), *map(_features, range(1, SONGS, 4))])
        with open_reader(path) as opened:
            assert famous.whole(opened) == (request.param == "famous")
            yield opened


def _ids(connection: sqlite3.Connection, text: str, most: int, filters: Filters | None = None) -> list[str]:
    return [match.song.track_id for match in search(connection, text, most, filters).matches]


def _brute(connection: sqlite3.Connection, text: str, filters: Filters) -> list[str]:
    """Judge every song there is, the best known first."""
    numbers = [number for number in reversed(range(SONGS)) if text.title() in _song(number).name]
    ids = [_song(number).track_id for number in numbers]
    facts = catalogue.song_facts(connection, ids)
    return [track_id for track_id in ids if verdict(filters, facts[track_id]) == PASS]


@pytest.mark.parametrize("seed", range(20))
def test_filters_find_what_looking_at_all_finds(connection: sqlite3.Connection, seed: int) -> None:
    """With words and without, in the order of fame, unknown values kept or not."""
    rng = random.Random(seed)
    low, energy = rng.uniform(60, 170), rng.random() / 2
    filters = Filters(
        year=rng.choice([None, Span(1970, 2000)]),
        audio=(("tempo", Span(low, rng.choice([None, low + 40]))), ("energy", Span(None, 1 - energy))),
        keep_unknown=rng.random() < 0.5,
    )
    text = rng.choice(["", "rain", "stone", "riv"])
    wanted = _brute(connection, text, filters)
    assert _ids(connection, text, SONGS, filters) == wanted
    assert _ids(connection, text, 3, filters) == wanted[:3]


def test_words_alone_find_what_names_a_track(connection: sqlite3.Connection) -> None:
    """Search and naming a track agree on what words mean."""
    for text in ("rain", "rain number8", "numb", "artist3", "xyzzy", "❤️"):
        found = search(connection, text, 300)
        assert found.notes == ()
        assert found.matches == find(connection, text)


def test_what_holds_no_word_finds_nothing(connection: sqlite3.Connection) -> None:
    """Neither with a filter: only no words at all mean all songs."""
    assert _ids(connection, "❤️", 5, QUICK) == []
    assert _ids(connection, "", 5, QUICK) != []


def test_beginnings_are_looked_for_where_no_word_is_whole(connection: sqlite3.Connection) -> None:
    """The filter does not decide which of the two is asked."""
    assert _ids(connection, "rai", 3, QUICK) == _brute(connection, "rain", QUICK)[:3]


def test_it_says_how_far_it_looked(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is not known; a filter that fits nobody ends in time."""
    found = search(connection, "", 5, NARROW)
    assert found.matches == []
    assert found.notes[0] == "looked through the best known 60 tracks to find 0 of 5"
    assert any("whose tempo is not known" in note for note in found.notes)
    monkeypatch.setattr(searching, "DEEPEST", 6)
    monkeypatch.setattr(catalogue, "PAGE", 3)
    assert search(connection, "", 5, NARROW).notes[0] == "looked through the best known 6 tracks to find 0 of 5"


def test_it_says_that_only_the_best_known_were_looked_at(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where more have the words; not where all were looked at."""
    monkeypatch.setattr(catalogue, "PAGE", 14)
    found = search(connection, "rain", 2)
    assert found.notes == ("of more tracks that have these words the 14 best known were looked at",)
    assert [match.song.name for match in found.matches] == ["Rain Number56", "Rain Number52"]
    monkeypatch.setattr(catalogue, "PAGE", 15)
    assert search(connection, "rain", 2).notes == ()
    monkeypatch.setattr(catalogue, "PAGE", 3)
    assert len(search(connection, "rain", 12).matches) == 12


def test_a_genre_that_nothing_has_is_named(connection: sqlite3.Connection) -> None:
    """So that a person does not look for what is nowhere."""
    assert any('the genre "polka"' in note for note in search(connection, "", 5, Filters(genres=("polka",))).notes)


@pytest.mark.parametrize("sort", [None, Sort("tempo"), Sort("year", descending=True), Sort("title")])
@pytest.mark.parametrize(("text", "filters"), [("", QUICK), ("rain", None), ("rain", LATE), ("artist3", None)])
def test_pages_are_one_list_cut(
    connection: sqlite3.Connection,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    filters: Filters | None,
    sort: Sort | None,
) -> None:
    """Nothing stands on two pages, nothing is lost between them, and which is asked for first changes nothing."""
    monkeypatch.setattr(searching, "_BLOCK", 4)
    monkeypatch.setattr(catalogue, "PAGE", 4)
    whole = [match.song.track_id for match in search(connection, text, SONGS, filters, sort=sort).matches]
    assert len(whole) == len(set(whole)) > 6
    for most in (1, 3, 5):
        pages = [
            [match.song.track_id for match in search(connection, text, most, filters, page=page, sort=sort).matches]
            for page in reversed(range(1, len(whole) // most + 2))
        ]
        assert [track_id for page in reversed(pages) for track_id in page] == whole
    assert search(connection, text, 5, filters, page=100, sort=sort).matches == []


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("by", ["tempo", "energy", "year", "playlists", "title", "artist"])
def test_sorting_orders_all_that_fit(connection: sqlite3.Connection, by: str, descending: bool) -> None:
    """What is not known comes last from either end, and is counted."""
    found = search(connection, "rain", SONGS, sort=Sort(by, descending))
    facts = catalogue.song_facts(connection, [match.song.track_id for match in found.matches])
    values = [SORTS[by](match, facts[match.song.track_id]) for match in found.matches]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=descending)  # type: ignore[type-var]
    assert values[len(known) :] == [None] * (len(values) - len(known))
    assert len(values) == SONGS // 4
    unknown = len(values) - len(known)
    assert [f"of {unknown} of 15 the {by} is not known: they come last"][: bool(unknown)] == [*found.notes]


def test_it_says_when_not_all_were_sorted(connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    """But the best known of them."""
    monkeypatch.setattr(searching, "MOST_SORTED", 6)
    monkeypatch.setattr(catalogue, "PAGE", 6)
    found = search(connection, "", 20, sort=Sort("year"))
    assert [match.song.name[-2:] for match in found.matches] == ["54", "55", "56", "57", "58", "59"]
    assert found.notes[0] == "of more tracks that fit the 6 best known were sorted"
    monkeypatch.setattr(searching, "DEEPEST", 12)
    assert search(connection, "", 20, NARROW, sort=Sort("year")).notes[0] == (
        "sorted are the 0 that fit of the best known 12 tracks"
    )


def test_one_track_is_counted_as_one(tmp_path: Path) -> None:
    add(tmp_path / "one.db", [playlist("p", [_song(0)])])
    with open_reader(tmp_path / "one.db") as opened:
        assert search(opened, "", 20, LATE).notes[0] == "looked through the best known track to find 0 of 20"
        assert search(opened, "nobody", 20, LATE).notes == ("no track has these words",)


def test_a_sort_is_read_with_its_end() -> None:
    assert parse_sort("tempo") == Sort("tempo")
    assert parse_sort("-Time-Signature") == Sort("time_signature", descending=True)
    for text in ("", "-", "colour", "--tempo"):
        with pytest.raises(FilterNotClear, match="a list cannot be sorted by"):
            parse_sort(text)


def test_equals_stay_as_they_came(connection: sqlite3.Connection) -> None:
    """From both ends, so that the better known comes first."""
    matches = search(connection, "rain", SONGS).matches
    facts = catalogue.song_facts(connection, [match.song.track_id for match in matches])
    for descending in (False, True):
        by_artist, _ = in_order(matches, facts, Sort("artist", descending))
        places = [matches.index(match) for match in by_artist if match.song.artists == ("Artist0",)]
        assert places == sorted(places)
        assert len(places) > 1


def test_a_version_on_a_later_page_is_not_another_song(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its recording stands on the page of its best known version alone."""
    monkeypatch.setattr(catalogue, "PAGE", 2)
    tracks = [song(f"Rain {n}", "Duo", spotify_id(f"r{n}")) for n in range(4)]
    again = song("Rain 0 - Remastered", "Duo", spotify_id("again"))
    add(tmp_path / "v.db", [playlist(f"p{n}", [*tracks, again][: n + 1]) for n in range(5)])
    with open_reader(tmp_path / "v.db") as opened:
        pages = [[match.song.name for match in search(opened, "rain", 2, page=page).matches] for page in (1, 2, 3)]
    assert pages == [["Rain 0", "Rain 1"], ["Rain 2", "Rain 3"], []]


def test_a_word_that_is_still_being_typed_finds_what_it_will_find(connection: sqlite3.Connection) -> None:
    """Every beginning of three letters or more finds what the whole words find, best first, and never too many."""
    for text in ("rain number4", "river number59"):
        (wanted,) = (match.song.track_id for match in search(connection, text, 8).matches)
        for length in range(len(text) - 3, len(text) + 1):
            assert wanted in [match.song.track_id for match in while_typing(connection, text[:length], SONGS)], text
    found = [match.song.playlists for match in while_typing(connection, "sto", 5)]
    assert found == sorted(found, reverse=True)
    assert len(found) == 5
    assert while_typing(connection, "?!", 5) == []
