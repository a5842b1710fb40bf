"""Taste Profile triplets, with and without titles."""

import gzip
import zipfile
from pathlib import Path

import pytest

from db.identity import made_up_id, made_up_id_of
from db.records import Album, Artist, Play, Track
from importer.contract import Item, PlayLog, Skipped
from importer.errors import BadFile
from importer.walk import walk
from tests.importer.make import format_of, read, write

SONGS = tuple(f"SOAAAAA12AB017{n:04}" for n in range(3))
PLAYS = "".join(f"{'ab' * 20}\t{song}\t{n + 1}\n" for n, song in enumerate(SONGS))
TITLES = f"TRAAAAA12AB0170000<SEP>{SONGS[0]}<SEP>Kalo<SEP>Vo\nTRAAAAA12AB0170001<SEP>{SONGS[1]}<SEP>Mirén<SEP>Tu\n"
TABLE = f'song_id,title,release,artist_name,year\n{SONGS[0]},Vo,"Shi, Two",Kalo,0\n{SONGS[1]},Tu,,Mirén,1999\n'


def _tracks(items: list[Item]) -> list[Track]:
    return [item.track for item in items if isinstance(item, Play)]


def test_triplets_without_titles(tmp_path: Path) -> None:
    source = write(tmp_path / "train_triplets.txt", PLAYS)
    assert format_of(source) == "taste-profile"
    log, *plays = read(source)
    assert log == PlayLog("train_triplets.txt")
    assert plays == [
        Play("ab" * 20, Track(made_up_id_of("taste-profile", song)), n + 1) for n, song in enumerate(SONGS)
    ]


def test_titles_beside_them(tmp_path: Path) -> None:
    write(tmp_path / "unique_tracks.txt", TITLES)
    tracks = _tracks(read(write(tmp_path / "x.txt", PLAYS)))
    assert tracks == [
        Track(made_up_id("Kalo", "Vo"), "Vo", (Artist("Kalo"),)),
        Track(made_up_id("Mirén", "Tu"), "Tu", (Artist("Mirén"),)),
        Track(made_up_id_of("taste-profile", SONGS[2])),
    ]


def test_a_table_with_a_header_and_a_table_of_titles(tmp_path: Path) -> None:
    write(tmp_path / "song_data.csv", TABLE)
    content = "user_id,song_id,listen_count\n" + PLAYS.replace("\t", ",")
    source = write(tmp_path / "10000.csv", content)
    assert format_of(source) == "taste-profile"
    tracks = _tracks(read(source))
    assert tracks[0] == Track(made_up_id("Kalo", "Vo"), "Vo", (Artist("Kalo"),), Album("Shi, Two"))


def test_titles_among_the_paths(tmp_path: Path) -> None:
    source = write(tmp_path / "a" / "x.txt.gz", gzip.compress(PLAYS.encode()))
    titles = write(tmp_path / "b" / "unique_tracks.txt", TITLES)
    for given in (titles.path, titles.path.parent):
        assert _tracks(read(source, given=(given,)))[0].name == "Vo"


def test_titles_in_the_same_zip(tmp_path: Path) -> None:
    path = tmp_path / "all.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("d/plays.txt", PLAYS)
        archive.writestr("d/unique_tracks.txt", TITLES)
    found = {source.filename: source for source in walk([path])}
    assert _tracks(read(found["plays.txt"]))[0].name == "Vo"


def test_titles_alone_bring_nothing(tmp_path: Path) -> None:
    for name, content in (("unique_tracks.txt", TITLES), ("song_data.csv", TABLE)):
        source = write(tmp_path / name, content)
        assert format_of(source) == "taste-profile"
        assert read(source) == []


def test_counts_of_zero_are_no_plays(tmp_path: Path) -> None:
    items = read(write(tmp_path / "x.txt", PLAYS + f"cd\t{SONGS[0]}\t0\n"))
    assert items[-1] == Skipped("plays with a count of zero", 1)


@pytest.mark.parametrize("row", [f"cd\t{SONGS[0]}\tx", f"cd\t{SONGS[0]}", f"cd\t{SONGS[0]}\t{2**63}", f"cd\t\t{5}"])
def test_a_row_that_is_no_triplet_is_named(tmp_path: Path, row: str) -> None:
    with pytest.raises(BadFile) as told:
        read(write(tmp_path / "x.txt", PLAYS + row + "\n"))
    assert told.value.place == "row 4"


def test_bad_titles_are_named_by_their_own_file(tmp_path: Path) -> None:
    write(tmp_path / "unique_tracks.txt", TITLES + "TRAAAAA12AB0170002<SEP>SOAA")
    with pytest.raises(BadFile, match=r"unique_tracks.txt: line 3"):
        read(write(tmp_path / "x.txt", PLAYS))
