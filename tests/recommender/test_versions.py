# ruff: noqa: RUF001  # titles have such signs
"""Which tracks are one song again: measured on pairs of real titles, and held to what must be true of any title."""

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.identity import fold
from importer.credits import split_credit
from recommender import catalogue
from recommender.catalogue import SongRow
from recommender.lists.versions import Kin, Known, Title, kin, labels


def title(artists: str | Sequence[str], name: str, seconds: float | None = None, isrc: str | None = None) -> Title:
    """Give what is compared of a track."""
    names = (artists,) if isinstance(artists, str) else tuple(artists)
    duration = None if seconds is None else round(seconds * 1000)
    return catalogue.title_of(SongRow("", name, names, "", duration, isrc, 0, None))


class Pair(NamedTuple):
    label: str
    found: Kin
    told: str


class Worth(NamedTuple):
    """How well a question is answered: of those found, how many are right; of those there are, how many are found."""

    precision: float
    recall: float


@cache
def pairs(name: str) -> list[Pair]:
    """Read hand-made pairs and compare each."""
    found = []
    with (Path(__file__).parent / f"pairs_{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one, other = (
                title(
                    split_credit(row[f"artist_{n}"]),
                    row[f"title_{n}"],
                    float(row[f"duration_{n}"]) if row[f"duration_{n}"] else None,
                    row[f"isrc_{n}"] or None,
                )
                for n in (1, 2)
            )
            told = " | ".join(row[f"{field}_{n}"] for n in (1, 2) for field in ("artist", "title", "duration"))
            assert kin(one, other) == "none" or set(labels(one)) & set(labels(other)), told
            found.append(Pair(row["label"], kin(one, other), told))
    return found


def worth(found: Sequence[Pair], wanted: set[str]) -> Worth:
    """Measure how well the pairs of the wanted kin are found."""
    right = sum(pair.label in wanted and pair.found in wanted for pair in found)
    return Worth(
        right / max(sum(pair.found in wanted for pair in found), 1),
        right / max(sum(pair.label in wanted for pair in found), 1),
    )


@pytest.mark.parametrize(
    ("name", "wanted", "precision", "recall"),
    [
        ("held_out", {"same"}, 0.96, 0.93),
        ("held_out", {"same", "other"}, 0.98, 0.89),
        ("to_learn", {"same"}, 0.99, 0.99),
        ("to_learn", {"same", "other"}, 0.99, 0.99),
    ],
)
def test_real_titles_are_told_apart(name: str, wanted: set[str], precision: float, recall: float) -> None:
    """One recording, another one, a cover, another song: as a careful collector would tell them."""
    measured = worth(pairs(name), wanted)
    wrong = [f"{p.label}, not {p.found}: {p.told}" for p in pairs(name) if (p.label in wanted) != (p.found in wanted)]
    said = f"{sorted(wanted)}: precision {measured.precision:.3f}, recall {measured.recall:.3f}"
    assert measured.precision >= precision, "\n".join([said, *wrong])
    assert measured.recall >= recall, "\n".join([said, *wrong])


def test_the_pairs_are_enough_to_measure_by() -> None:
    """200 pairs of all labels, none of which also stands among those that the rules were made by."""
    assert len(pairs("held_out")) == 200
    assert {pair.label for pair in pairs("held_out")} == {"same", "other", "cover", "different"}
    assert not {pair.told for pair in pairs("held_out")} & {pair.told for pair in pairs("to_learn")}


NAMES = [
    "Hum",
    "Live Forever",
    "Hum, Pt. 2",
    "Hum (Low)",
    "Low",
    "Intro",
    "Остров",
    "Ostrov",
    "섬",
    "海邊",
    "海边",
    "Live",
    "",
]
NOTES = [
    "", " - Remastered 2011", " (Live)", " - Live at Lund", " (Oak Remix)", " [Explicit]", " (feat. Elm)", "（ライブ）",
    " - Live - Lund", " - Ремастер", " (Radio Edit)", " Remix", " (with Elm) - Oak Remix", " / Low",
]  # fmt: skip
CREDITS = [
    (),
    ("Pines",),
    ("The Pines",),
    ("Pines", "Elm"),
    ("Elm & Pines",),
    ("Сосны",),
    ("Sosny",),
    ("Pines feat. Oak",),
]
real_names = st.builds("{}{}".format, st.sampled_from(NAMES), st.sampled_from(NOTES))
titles = st.builds(
    title,
    st.sampled_from(CREDITS) | st.lists(st.text(), max_size=3),
    real_names | st.text(),
    st.sampled_from([None, 0, 100, 101, 107, 200, 400]),
    st.sampled_from([None, None, None, "XXA000000001", "xx-a00-00-00001", "XXA000000002"]),
)


@given(titles, titles)
def test_kin_is_the_same_from_both_sides(one: Title, other: Title) -> None:
    """Any two tracks are kin in one way, whatever stands in their titles, and each is itself."""
    assert kin(one, other) == kin(other, one)
    assert kin(one, one) == kin(other, other) == "same"


@given(titles, titles)
def test_kin_share_a_label(one: Title, other: Title) -> None:
    """Who compares only tracks of one label misses none."""
    assert kin(one, other) == "none" or set(labels(one)) & set(labels(other))


@given(
    st.sampled_from(CREDITS),
    real_names | st.text(),
    st.sampled_from([None, 100, 200]),
    st.sampled_from(
        [
            " - Remastered",
            " - Remastered 2011",
            " (2011 Remaster)",
            " [Remastered]",
            " - 2009 Digital Remaster",
            "（リマスター）",
        ]
    ),
)
def test_a_remaster_of_any_title_is_the_same(
    artists: tuple[str, ...], name: str, seconds: float | None, suffix: str
) -> None:
    """A remaster is its original, even of a title that is made of such words itself."""
    if fold(name).strip():
        assert kin(title(artists, name, seconds), title(artists, name + suffix, seconds)) == "same"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (title("Pines", "Hum"), title("The Pines", "HUM!", 200)),
        (title("Pines", "Hum", 200), title("Pines", "Hum - Radio Edit", 150)),
        (title("Pines", "Hum", 200), title("Pines", "Hum", 211)),
        (title("Pines feat. Oak", "Hum"), title(["Pines", "Oak"], "Hum (feat. Oak)")),
        (title("Pines", "Hum (con Oak)"), title("Pines", "Hum")),
        (title(["Oak", "Pines"], "Hum"), title(["Pines", "Oak"], "Hum")),
        (title("Oak & Elm", "Rock 'n' Roll"), title("Oak and Elm", "Rock & Roll")),
        (title("Pines", "Hum - Live at Lund"), title("Pines", "Hum (Live at Lund) [Remastered]")),
        (title("Pines", "Hum - Live - Lund"), title("Pines", "Hum - Live at Lund")),
        (title("Pines", "Hum (Oak Remix)"), title("Pines", "Hum - Oak Remix - Radio Edit", 180)),
        (title("Pines", "Song, Pt. II"), title("Pines", "Song (Part 2)")),
        (title("Pines", "Hum (Low)", 200), title("Pines", "Hum", 201)),
        (title("Pines", "Hum (Low)"), title("Pines", "Low (Hum)")),
        (title("Pines", "海邊的風"), title("Pines", "海边的风 (重製版)")),
        (title("說愛樂隊", "風"), title("说爱乐队", "风")),
        (title("Северный ветер", "Остров снов"), title("Severny Veter", "Ostrov snov")),
        (title("Pines", "섬 (Island)"), title("Pines", "Island")),
        (title("Pines", "Sh*t Happens (Clean)"), title("Pines", "Shit Happens")),
        (title("Pines", 'Hum - From "Rain"'), title("Pines", "Hum (из к/ф «Rain»)")),
        (title("Pines", "Sonata, K. 331: 2. Minuet"), title("Pines", "Piano Sonata No. 11, KV 331: II. Menuetto")),
        (title("Pines", "A", isrc="xx-a00-00-00001"), title("Oak", "B", isrc="XXA000000001")),
        (title("Pines", "Intro", 60), title("Pines", "Intro", 61)),
        (title("Pines", "Live"), title("Pines", "Live (Remastered)")),
        (title("Pines", ""), title("Pines", "")),
    ],
)
def test_one_recording(one: Title, other: Title) -> None:
    """Editions, spellings, guests and scripts do not make another recording."""
    assert kin(one, other) == "same"


OTHER = (
    "Live|Ao Vivo|En Vivo Desde Lund|Dal Vivo|ライブ|라이브 버전|现场版|演唱會版"
    "|концертная версия|Canlı|Na żywo|แสดงสด"
    "|בהופעה חיה|حفلة لوند|ζωντανά|लाइव|Acoustic|Versión Acústica|アコースティックver.|акустика|אקוסטי"
    "|Demo|Take 2"
    "|Oak Remix|Club Mix|リミックス|Instrumental|伴奏|Karaoke Version|Sped Up|Slowed + Reverb|Re-Recorded|日本語版"
    "|Nora's Version|Spanish Version|Piano Version|Orchestral Version|Spotify Session|A Cappella|MTV Unplugged"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *((title("Pines", "Hum", 200), title("Pines", f"Hum ({note})", 200)) for note in OTHER.split("|")),
        (title("Pines", "Hum (Live)"), title("Pines", "Hum (Live at Lund)")),
        (title("Pines", "Hum (Live)", 200), title("Pines", "Hum (Live)", 260)),
        (title("Pines", "Hum (Live at Lund)", 200), title("Pines", "Hum (Live at Ystad)", 201)),
        (title("Pines", "Hum (Oak Remix)"), title("Pines", "Hum (Elm Remix)")),
        (title("Pines", "Hum (Oak Remix)"), title("Pines", "Hum (Oak Dub Remix)")),
        (title("Pines", "Hum Remix"), title("Pines", "Hum")),
        (title("Pines", "Hum (feat. Oak)"), title("Pines", "Hum (feat. Elm)")),
        (title("Pines", "Hum", 200), title("Pines", "Hum", 300)),
        (title(["Pines", "Oak"], "Hum"), title(["Pines", "Elm"], "Hum")),
    ],
)
def test_another_recording(one: Title, other: Title) -> None:
    """A concert, a remix, another language, another take: the same song by the same artist again."""
    assert kin(one, other) == "other"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (title("Pines", "Hum", 200), title("Oak", "Hum", 200)),
        (title("Pines", "Hum"), title("Pines Tribute Band", "Hum (Originally Performed by Pines) [Karaoke]")),
        (title("Pines", "Hum"), title("Oak", "Hum (Pines Cover)")),
        (title("Pines", "Hum"), title("Pines", "Hum 2")),
        (title("Pines", "Hum, Pt. 1"), title("Pines", "Hum, Pt. 2")),
        (title("Pines", "Hum, Pt. 1"), title("Pines", "Hum")),
        (title("Pines", "Hum"), title("Pines", "Hum (Reprise)")),
        (title("Pines", "Hum"), title("Pines", "Hum - Interlude")),
        (title("Pines", "Hum", 200), title("Pines", "Hum / Low", 200)),
        (title("Pines", "Chapter 3"), title("Pines", "Chapter 13")),
        (title("Pines", "第一集"), title("Pines", "第二集")),
        (title("Pines", "Hum (Low)", 200), title("Pines", "Hum", 300)),
        (title("Pines", "Hum (Low)"), title("Pines", "Hum (High)")),
        (title("Pines", "Live Forever"), title("Pines", "Forever")),
        (title("Pines", "Live"), title("Pines", "Acoustic")),
        (title("Pines", "Intro", 60), title("Pines", "Intro", 90)),
        (title("Pines", "Outro : Tear"), title("Pines", "Outro : Ego")),
        (title("Pines", "Symphony No. 5: I. Allegro"), title("Pines", "Symphony No. 7: I. Allegro")),
        (title("Pines", "Symphony No. 5: I. Allegro"), title("Pines", "Symphony No. 5: II. Allegro")),
        (title("Pines", "Suite, BWV 1068: 1. Air"), title("Pines", "Suite, BWV 1067: 1. Air")),
        (title(["Maker", "Pines"], "Sonata No. 2 in D"), title(["Maker", "Oak"], "Sonata No. 2 in D")),
        (title("Сосны", "Суета", 204), title("Pines", "Outside", 203)),
        (title("Pines", ""), title("Pines", "Hum")),
    ],
)
def test_another_song(one: Title, other: Title) -> None:
    """A cover, a part, a movement, what is merely called alike: none is kin."""
    assert kin(one, other) == "none"


def test_the_nearest_kin_is_found_among_many() -> None:
    """One recording goes before another one; of several the first that came."""
    known = Known([title("Pines", "Hum (Live)"), title("Pines", "Low"), title("Pines", "Hum"), title("Pines", "Hum")])
    assert known.nearest(title("Pines", "Hum - Remastered")) == ("same", 2)
    assert known.nearest(title("Pines", "Hum (Oak Remix)")) == ("other", 0)
    assert known.nearest(title("Oak", "Hum")) == ("none", None)
    known.add(title("Oak", "Hum"))
    assert known.nearest(title("Oak", "Hum", 200)) == ("same", 4)
