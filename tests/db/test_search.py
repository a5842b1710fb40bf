# ruff: noqa: RUF001  # titles have such signs
"""Search: what a person types finds the song, in any script, and nothing that is typed breaks it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import finding
from db.connection import open_reader
from db.records import Album, Artist, Playlist, PlaylistEntry, Track
from db.search_text import index_text, match_all, match_beginnings
from tests.db.make import raw_id, store_all

SONGS = [
    ("Déjà Vécu", "Zoë Ångström", ""),
    ("Don't Look Down", "AC/DC/EF", ""),
    ("What´s Up", "P!nk Door", ""),
    ("It’s Over", "Ke$ha Bo", "Straße der Nacht"),
    ("Rødgrød", "Søren Æbelø", ""),
    ("Чёрный Лёд", "Ёлка", ""),
    ("Άσπρο Φως", "Μουσική", ""),
    ("星星之火可以燎原", "張三", ""),
    ("ｶﾞラスの十代 Remember", "パーティー", ""),
    ("봄날의 노래", "가수", ""),
    ("รักเธอเสมอ", "นักร้อง", ""),
    ("तुम ही हो", "गायक", ""),
    ("مُحَمَّد يا حبيبي", "أحمد", ""),
    ("שָׁלוֹם עליכם", "זמר", ""),
    ("ＦＵＬＬ Ｗｉｄｔｈ", "Ⅷ", ""),
    ("❤️", "Emoji Band", ""),
    ("I ❤️ Rain", "Emoji Band", ""),
    ("NOT AND OR", "NEAR", ""),
    ("R.E.M. Like", "A.B.C.", ""),
    ("Mi̇stik İstanbul", "IŞIK", ""),
    ("1-800-273", "24kGold", ""),
    ("می‌خواهم", "خواننده", ""),
]


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database of songs in many scripts, each in a playlist."""
    path = tmp_path_factory.mktemp("search") / "songs.db"
    tracks = [
        Track(raw_id("song", number), name, (Artist(artist),), Album(album) if album else None)
        for number, (name, artist, album) in enumerate(SONGS)
    ]
    store_all(path, [Playlist("all", "All", tuple(PlaylistEntry(place, song) for place, song in enumerate(tracks)))])
    return path


def _found(path: Path, text: str, matching=match_all) -> list[str]:
    with open_reader(path) as connection:
        return [song.name for song in finding.find_songs(connection, matching(text), 50)]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("deja vecu", "Déjà Vécu"),
        ("DÉJÀ", "Déjà Vécu"),
        ("zoe angstrom", "Déjà Vécu"),
        ("De\u0301ja\u0300", "Déjà Vécu"),
        ("dont look", "Don't Look Down"),
        ("don't look", "Don't Look Down"),
        ("don’t look", "Don't Look Down"),
        ("AC/DC/EF", "Don't Look Down"),
        ("acdcef", "Don't Look Down"),
        ("ac dc", "Don't Look Down"),
        ("whats up", "What´s Up"),
        ("what's up", "What´s Up"),
        ("P!nk", "What´s Up"),
        ("pink door", "What´s Up"),
        ("kesha", "It’s Over"),
        ("Ke$ha", "It’s Over"),
        ("its over", "It’s Over"),
        ("strasse der nacht", "It’s Over"),
        ("STRASSE", "It’s Over"),
        ("straße", "It’s Over"),
        ("rodgrod soren aebelo", "Rødgrød"),
        ("RØDGRØD", "Rødgrød"),
        ("черный лед", "Чёрный Лёд"),
        ("ЧЁРНЫЙ", "Чёрный Лёд"),
        ("ασπρο φωσ", "Άσπρο Φως"),
        ("ΆΣΠΡΟ", "Άσπρο Φως"),
        ("可以", "星星之火可以燎原"),
        ("之火", "星星之火可以燎原"),
        ("燎原 張三", "星星之火可以燎原"),
        ("ガラス", "ｶﾞラスの十代 Remember"),
        ("十代", "ｶﾞラスの十代 Remember"),
        ("remember パーティー", "ｶﾞラスの十代 Remember"),
        ("봄날의", "봄날의 노래"),
        ("가수", "봄날의 노래"),
        ("รักเธอ", "รักเธอเสมอ"),
        ("เสมอ", "รักเธอเสมอ"),
        ("तुम हो", "तुम ही हो"),
        ("محمد", "مُحَمَّد يا حبيبي"),
        ("احمد", "مُحَمَّد يا حبيبي"),
        ("שלום", "שָׁלוֹם עליכם"),
        ("full width", "ＦＵＬＬ Ｗｉｄｔｈ"),
        ("ｆｕｌｌ", "ＦＵＬＬ Ｗｉｄｔｈ"),
        ("viii", "ＦＵＬＬ Ｗｉｄｔｈ"),
        ("i rain", "I ❤️ Rain"),
        ("I ❤ rain", "I ❤️ Rain"),
        ("not and or", "NOT AND OR"),
        ("NEAR", "NOT AND OR"),
        ("rem like", "R.E.M. Like"),
        ("r.e.m. abc", "R.E.M. Like"),
        ("istanbul", "Mi̇stik İstanbul"),
        ("isik mistik", "Mi̇stik İstanbul"),
        ("1-800", "1-800-273"),
        ("1800273", "1-800-273"),
        ("میخواهم", "می‌خواهم"),
    ],
)
def test_what_is_typed_finds_the_song(songs: Path, typed: str, title: str) -> None:
    """Accents, case, width, apostrophes, styled names and inner punctuation do not matter; any script is found."""
    assert title in _found(songs, typed)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("rem like", "R.E.M. Like"),
        ("vec zoe", "Déjà Vécu"),
        ("remem", "ｶﾞラスの十代 Remember"),
        ("燎原", "星星之火可以燎原"),
    ],
)
def test_beginnings_find_the_song(songs: Path, typed: str, title: str) -> None:
    """Beginnings of three letters and more find the song."""
    assert title in _found(songs, typed, match_beginnings)


@pytest.mark.parametrize("name", [name for name, _, _ in SONGS if name != "❤️"])
def test_every_song_is_found_by_its_whole_name(songs: Path, name: str) -> None:
    """A title that is typed as it stands finds its song, first by all words and also by beginnings."""
    assert name in _found(songs, name)
    assert name in _found(songs, name, match_beginnings)


@pytest.mark.parametrize("typed", ["火星", "deja vu", "xyzzy", "ตุ๊กตา"])
def test_what_is_in_no_name_is_not_found(songs: Path, typed: str) -> None:
    """All words must stand in the name, and signs of scripts without spaces in their order."""
    assert _found(songs, typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "*",
        '"',
        '""',
        '"a',
        "a*",
        "* *",
        "AND",
        "a AND",
        "OR b",
        "NOT",
        "NEAR(a b)",
        "NEAR(",
        "-a",
        "a -b",
        "name:a",
        "name : a",
        "{name}: a",
        "^a",
        "(",
        ")",
        "(a",
        "a + b",
        "a,b",
        ";",
        "--",
        "'",
        "\\",
        "%",
        "_",
        "❤️",
        "👩🏽‍🚀",
        "\u20dd",
        "\ufe0f",
        "\u0301",
        "\0",
        "a\0b",
        "\ud800",
        "\u200d",
        "\uffff",
        "\U0010ffff",
        "\u0e31",
        "x" * 5000,
        "a " * 3000,
    ],
)
def test_no_question_raises(songs: Path, typed: str) -> None:
    """Signs that mean something to full-text search, and signs that mean nothing to anybody, are only signs."""
    for matching in (match_all, match_beginnings):
        assert isinstance(_found(songs, typed, matching), list)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30))
def test_whatever_is_typed_is_answered(songs: Path, typed: str) -> None:
    """Any text is a question that SQLite understands."""
    for matching in (match_all, match_beginnings):
        assert isinstance(_found(songs, typed, matching), list)


def test_nothing_typed_finds_nothing(songs: Path) -> None:
    """A question without a word finds nothing instead of everything."""
    for typed in ("", "!?", "❤️"):
        assert _found(songs, typed) == []


def test_the_most_used_come_first(file: Path) -> None:
    """Of songs of one name those in most playlists come first, whether the hits are few or many."""
    tracks = [Track(raw_id("track", number), "Same", (Artist(f"Number {number}"),)) for number in range(4)]
    uses = [1, 3, 0, 2]
    store_all(
        file,
        [
            *tracks,
            *(Playlist(f"{n}-{u}", "", (PlaylistEntry(0, tracks[n]),)) for n in range(4) for u in range(uses[n])),
        ],
    )
    with open_reader(file) as connection:
        found = finding.find_songs(connection, match_all("same"), 3)
    assert [song.playlists for song in found] == [3, 2, 1]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Plain Words", "plain words"),
        ("Don't", "dont"),
        ("AC/DC", "ac dc acdc"),
        ("P!nk", "p nk pink"),
        ("東京Tower", "東 京 tower"),
        ("", ""),
    ],
)
def test_the_words_of_a_name(name: str, words: str) -> None:
    """What the index is fed with: no word twice without need."""
    assert index_text(name) == words
