"""Filling up what nobody told of songs: what is told comes first, and what is inferred is marked."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.connection import open_reader
from db.records import Artist, AudioFeatures, Playlist, Track, TrackText
from recommender import catalogue
from recommender.inferring.filling import ARTIST, BESIDE, NAMES, NUMBER, SCRIPT, Filling, Judge, full_facts
from recommender.lists.filters import FAIL, FURTHER, INFERABLE, PASS, Filters
from tests.recommender.songs import add, playlist, song, spotify_id

TOLD = song("Told", Artist("Oak").name, spotify_id("told"))
TAGGED = song("Tagged", "Tag", spotify_id("tagged"))
NAMED = song("Named", "Elm", spotify_id("named"), isrc="SEABC1234567")
SAME_ARTIST = song("Other", "Elm", spotify_id("other"))
ELMS = [song(f"Elm {n}", "Elm", spotify_id(f"elm{n}")) for n in range(3)]
BETWEEN = song("Between", "Nobody Else", spotify_id("between"))
ROCKS = [song(f"Rock {n}", f"Rocker {n}", spotify_id(f"rock{n}")) for n in range(4)]
GERMAN = song("Deutsch", "Wer", spotify_id("german"))
JAPANESE = song("春の手紙", "Haru", spotify_id("haru"))
CHARTED = song("Charted", "Star", spotify_id("charted"))
REGISTERED = song("はる", "Vinter", spotify_id("registered"), isrc="SEABC1234568")
ALONE = song("Alone", "Alone", spotify_id("alone"))


def _called(name: str, tracks: list[Track], genres: tuple[str, ...] = ()) -> Playlist:
    return replace(playlist(f"id of {name}", tracks), name=name, genres=genres)


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """Open a database in which each song's genre or country is told on another road."""
    path: Path = tmp_path_factory.mktemp("inferring") / "i.db"
    lists = [
        _called("Jazz for Two", [TOLD], genres=("folk",)),
        _called("90s Rock Hits", [*ROCKS, NAMED, *ELMS]),
        _called("things", [SAME_ARTIST]),
        _called("more things", [ROCKS[0], ROCKS[1], BETWEEN, ROCKS[2]]),
        _called("Deutschpop", [GERMAN]),
        _called("Made in Germany", [GERMAN, JAPANESE]),
        _called("nothing at all", [ALONE, CHARTED, TAGGED, REGISTERED]),
    ]
    texts = [
        TrackText(TAGGED, "tag", "hip hop"),
        TrackText(TAGGED, "tag", "seen live"),
        TrackText(TOLD, "country", "Norway"),
        TrackText(TOLD, "language", "Norwegian"),
        TrackText(CHARTED, "country", "DE"),
        TrackText(CHARTED, "country", "France"),
    ]
    sound = AudioFeatures(GERMAN, valence=0.9, energy=0.9)
    add(path, [*lists, *texts, sound])  # type: ignore[list-item]
    with open_reader(path) as opened:
        yield opened


@pytest.mark.parametrize(
    ("track", "genres", "road"),
    [
        (TOLD, ("folk",), None),
        (TAGGED, ("hip hop",), None),
        (NAMED, ("rock",), NAMES),
        (SAME_ARTIST, ("rock",), ARTIST),
        (BETWEEN, ("rock",), BESIDE),
        (ALONE, (), None),
    ],
)
def test_a_genre_is_told_or_inferred_and_marked(
    connection: sqlite3.Connection, track: Track, genres: tuple[str, ...], road: str | None
) -> None:
    facts = full_facts(connection, [track.track_id])[track.track_id]
    assert facts.genres == genres
    assert facts.inferred.get("genre") == road


@pytest.mark.parametrize(
    ("track", "country", "road"),
    [(TOLD, "NO", None), (NAMED, "SE", NUMBER), (GERMAN, "DE", NAMES), (CHARTED, None, None), (ALONE, None, None)],
)
def test_a_country_is_told_or_inferred_and_marked(
    connection: sqlite3.Connection, track: Track, country: str | None, road: str | None
) -> None:
    """Of which several countries are told, it is one of charts, and from none."""
    facts = full_facts(connection, [track.track_id])[track.track_id]
    assert (facts.country, facts.inferred.get("country")) == (country, road)


def test_a_language_is_told_or_inferred_and_marked(connection: sqlite3.Connection) -> None:
    facts = full_facts(connection, [JAPANESE.track_id, TOLD.track_id, ALONE.track_id])
    assert [one.language for one in facts.values()] == ["ja", "no", None]
    assert [one.inferred.get("language") for one in facts.values()] == [SCRIPT, None, None]


def test_told_alone_infers_nothing(connection: sqlite3.Connection) -> None:
    ids = [track.track_id for track in (TOLD, TAGGED, NAMED, GERMAN, JAPANESE)]
    facts = full_facts(connection, ids, told_only=True)
    assert [one.genres for one in facts.values()] == [("folk",), ("hip hop",), (), (), ()]
    assert all(not one.inferred for one in facts.values())


def test_room_is_kept_to_and_said(connection: sqlite3.Connection) -> None:
    """What was told needs no room, nor does a language."""
    ids = [track.track_id for track in (TOLD, NAMED, GERMAN, JAPANESE)]
    filling = Filling(connection, 1, 0)
    facts = filling.filled(catalogue.song_facts(connection, ids), ids, INFERABLE)
    assert [one.genres for one in facts.values()] == [("folk",), ("rock",), (), ()]
    assert facts[JAPANESE.track_id].language == "ja"
    assert filling.is_full


def test_a_filter_takes_what_is_inferred_unless_told_alone_counts(connection: sqlite3.Connection) -> None:
    ids = [track.track_id for track in (TOLD, NAMED, GERMAN, JAPANESE, ALONE)]

    def judged(**asked: object) -> list[str]:
        return list(Judge(connection, Filters(**asked), 100, 100).judged(ids)[1].values())  # type: ignore[arg-type]

    assert judged(genres=("rock",)) == [FAIL, PASS, "genre", "genre", "genre"]
    assert judged(genres=("rock",), told_only=True) == [FAIL, "genre", "genre", "genre", "genre"]
    assert judged(not_genres=("rock",)) == [PASS, FAIL, "genre", "genre", "genre"]
    assert judged(countries=("SE", "DE")) == [FAIL, PASS, PASS, "country", "country"]
    assert judged(countries=("NO",), told_only=True) == [PASS, "country", "country", "country", "country"]
    assert judged(languages=("ja",), keep_unknown=True) == [FAIL, PASS, PASS, PASS, PASS]
    assert judged(moods=("happy",)) == ["mood", "mood", PASS, "mood", "mood"]
    assert judged(moods=("sad",), countries=("DE",)) == ["mood", "mood", FAIL, "mood", "mood"]


def test_only_what_was_asked_for_is_inferred_and_noted(connection: sqlite3.Connection) -> None:
    """A song with a number and a title in kana tells both country and language; who asks for one hears of one."""
    ids = [REGISTERED.track_id]
    for asked, value in ((Filters(countries=("SE",)), "country"), (Filters(languages=("ja",)), "language")):
        judge = Judge(connection, asked, 100, 100)
        assert judge.judged(ids)[1] == {REGISTERED.track_id: PASS}
        assert [note.split()[1] for note in judge.notes(ids)] == [value]


def test_what_there_was_no_room_for_is_said_as_one_would_say_it(connection: sqlite3.Connection) -> None:
    for asked, sentence in (
        (Filters(genres=("rock",)), "genre was inferred of the best songs alone, because it takes time"),
        (
            Filters(genres=("rock",), countries=("SE",), languages=("ja",), keep_unknown=True),
            "country, genre and language were inferred of the best songs alone, because it takes time",
        ),
    ):
        judge = Judge(connection, asked, 0, 0)
        judge.judged([GERMAN.track_id])
        assert judge.notes([]) == [sentence]


def test_a_genre_that_nobody_tells_is_inferred_beside_the_told_ones_and_marked(connection: sqlite3.Connection) -> None:
    """Of the told genres each counts as before; and what somebody tells is of nobody else who is told another."""
    ids = [TOLD.track_id, NAMED.track_id]

    def judged(**asked: object) -> tuple[list[str], Judge]:
        judge = Judge(connection, Filters(**asked), 100, 100)  # type: ignore[arg-type]
        return list(judge.judged(ids)[1].values()), judge

    verdicts, judge = judged(genres=("jazz",))
    assert verdicts == [PASS, FAIL]
    assert judge.notes(ids) == [
        "a further genre of 1 of these songs is inferred from playlist names (--told-only leaves it out)"
    ]
    assert judged(genres=("folk",))[0] == [PASS, FAIL]
    assert judged(not_genres=("jazz",))[0] == [FAIL, PASS]
    assert judged(genres=("jazz",), told_only=True)[0] == [FAIL, "genre"]
    facts = full_facts(connection, ids, genres=("jazz",))[TOLD.track_id]
    assert (facts.genres, facts.further, facts.inferred) == (("folk",), ("jazz",), {FURTHER: NAMES})
    assert full_facts(connection, ids, genres=("folk", "punk"))[TOLD.track_id].further == ()


def test_the_notes_count_what_was_inferred_of_the_songs_that_are_listed(connection: sqlite3.Connection) -> None:
    ids = [track.track_id for track in (NAMED, SAME_ARTIST, TOLD)]
    judge = Judge(connection, Filters(genres=("rock",)), 100, 100)
    judge.judged(ids)
    assert judge.notes(ids[:1]) == [
        "the genre of 1 of these songs is inferred from playlist names (--told-only leaves it out)"
    ]
    assert len(judge.notes(ids)) == 2
    assert judge.notes([TOLD.track_id]) == []
