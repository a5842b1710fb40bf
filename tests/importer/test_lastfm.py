"""Last.fm scrobbles."""

from pathlib import Path

import pytest

from db.identity import made_up_id
from db.records import Album, Artist, Play, Track
from importer import table
from importer.contract import Item, PlayLog, Skipped
from importer.errors import BadFile
from tests.importer.make import format_of, read, write

VO = Track(made_up_id("Kalo", "Vo"), "Vo", (Artist("Kalo"),), Album("Tu"))


def _read(tmp_path: Path, content: str, name: str = "x.csv", **options: str) -> list[Item]:
    source = write(tmp_path / name, content)
    assert format_of(source) == "lastfm"
    return read(source, **options)


@pytest.mark.parametrize("who", ["Username", "User ID"])
def test_date_and_time_in_two_columns(tmp_path: Path, who: str) -> None:
    rows = "0,ann,Kalo,Vo,Tu,31 Jan 2021, 23:36\n1,ann,Kalo,Vo,Tu,30 Jan 2021,10:00\n"
    content = f",{who},Artist,Track,Album,Date,Time\n{rows}"
    assert _read(tmp_path, content) == [PlayLog("x.csv", "ann"), Play("ann", VO, 2, 1_612_136_160)]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Timestamp", "1612136160"),
        ("uts", "1612136160"),
        ("uts", "1612136160000"),
        ("Date and Time", "31 Jan 2021 23:36"),
        ("utc_time", '"31 Jan 2021, 23:36"'),
        ("timestamp", "2021-01-31T23:36:00Z"),
        ("datetime", "2021-01-31 23:36:00"),
    ],
)
def test_times_in_all_spellings(tmp_path: Path, header: str, told: str) -> None:
    content = f"{header},artist,album,track\n{told},Kalo,Tu,Vo\n"
    assert _read(tmp_path, content, listener="ann") == [PlayLog("x.csv", "ann"), Play("ann", VO, 1, 1_612_136_160)]


def test_four_columns_without_a_header(tmp_path: Path) -> None:
    content = 'Kalo,Tu,Vo,31 Jan 2021 23:36\nKalo,Tu,Vo,\nKalo,,"",31 Jan 2021 23:36\n'
    log, play, skipped = _read(tmp_path, content, "ann.csv")
    assert (log, play) == (PlayLog("ann.csv", "me"), Play("me", VO, 2, 1_612_136_160))
    assert skipped == Skipped("scrobbles without a title", 1)


def test_the_research_set(tmp_path: Path) -> None:
    rows = [f"user_00000{n}\t2009-05-04T23:08:57Z\t\tKalo\t\tVo" for n in (1, 1, 2)]
    log, *plays = _read(tmp_path, "\n".join(rows), "x.tsv")
    assert log == PlayLog("x.tsv", "")
    assert [(p.listener, p.count) for p in plays if isinstance(p, Play)] == [("user_000001", 2), ("user_000002", 1)]


def test_quotes_in_tab_separated_names(tmp_path: Path) -> None:
    rows = [f"user_000001\t2009-05-04T23:08:57Z\t\tKalo\t\t{title}" for title in ('"Vo', "Tu")]
    _, *plays = _read(tmp_path, "\n".join(rows), "x.tsv")
    assert [p.track.name for p in plays if isinstance(p, Play)] == ['"Vo', "Tu"]


def test_plays_are_summed_over_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "BATCH_ROWS", 3)
    rows = "".join(f"ann,Kalo,Vo {n % 4},{1_600_000_000 + n}\n" for n in range(20))
    _, *plays = _read(tmp_path, "user,artist,track,uts\n" + rows)
    assert [(p.count, p.last_played_at) for p in plays if isinstance(p, Play)] == [
        (5, 1_600_000_000 + last) for last in (16, 17, 18, 19)
    ]


def test_players_with_a_dead_clock_tell_no_time(tmp_path: Path) -> None:
    content = "artist,track,date\nKalo,Vo,01 Jan 1970 00:00\nKalo,Tu,02 Jan 2010 00:00\nKalo,Vo,\n"
    _, *plays = _read(tmp_path, content)
    assert [(p.count, p.last_played_at) for p in plays if isinstance(p, Play)] == [(2, None), (1, 1_262_390_400)]


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"user,artist,track,uts\nann,Kalo,Vo,yesterday\n", "row 1, time"),
        (b"user,artist,track,uts\nann,K\xe4lo,Vo,1\n", "byte 28"),
        (b"user,artist,track,uts\nann,K\0lo,Vo,\n", "rows from 1, artist"),
        (b"artist,album\nKalo,Tu\n", "line 1"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(tmp_path: Path, content: bytes, place: str) -> None:
    with pytest.raises(BadFile) as told:
        read(write(tmp_path / "x.csv", content), "lastfm")
    assert told.value.place == place


def test_playlists_are_not_scrobbles(tmp_path: Path) -> None:
    assert format_of(write(tmp_path / "x.csv", "user,artist,track,playlist\nann,Kalo,Vo,Mine\n")) == "csv"
    assert format_of(write(tmp_path / "x.csv", "artist,track\nKalo,Vo\n")) == "csv"
