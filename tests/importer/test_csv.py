"""Tables: Exportify, TuneMyMusic, Soundiiz, TidyTuesday, texts, and columns named by the user."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.identity import made_up_id
from db.records import Album, Artist, AudioFeatures, Playlist, Track, TrackText
from importer import table
from importer.columns import ROLES, parse_columns
from importer.contract import Item, Skipped
from importer.errors import BadColumn, BadFile
from tests.importer.make import format_of, read, spotify_id, write

A, B, C = (f"spotify:track:{spotify_id(n)}" for n in (1, 2, 3))


def _playlists(items: list[Item]) -> list[Playlist]:
    return [item for item in items if isinstance(item, Playlist)]


def test_exportify_with_uris(tmp_path: Path) -> None:
    artists = f"spotify:artist:{spotify_id(8)}, spotify:artist:{spotify_id(9)}"
    content = (
        '"Track URI","Track Name","Artist URI(s)","Artist Name(s)","Album URI","Album Name","Album Release Date",'
        '"Track Duration (ms)","Popularity","ISRC","Added By","Added At"\n'
        f'"{A}","Vo","{artists}","Kalo, Miren","spotify:album:{spotify_id(7)}","Tu","2018-05",'
        '"137826","41","XX0001","spotify:user:ann","2018-12-23T10:12:16Z"\n'
        f'"spotify:local:Kalo:Tu:Shi:61","Shi","","Kalo","","Tu","","61000","","","",""\n'
    )
    source = write(tmp_path / "road_trip.csv", content)
    assert format_of(source) == "csv"
    (playlist,) = read(source, "exportify")
    assert isinstance(playlist, Playlist)
    assert (playlist.playlist_id, playlist.name) == ("csv:road_trip", "road_trip")
    assert playlist.entries[0].track == Track(
        spotify_id(1),
        "Vo",
        (Artist("Kalo", spotify_id(8)), Artist("Miren", spotify_id(9))),
        Album("Tu", spotify_id(7), "2018-05"),
        137_826,
        "XX0001",
        41,
    )
    assert playlist.entries[0].added_at == 1_545_559_936
    assert playlist.entries[1].track.track_id == made_up_id("Kalo", "Shi")


def test_exportify_with_features_is_a_playlist_and_features(tmp_path: Path) -> None:
    content = (
        "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Added At,Genres,"
        "Danceability,Energy,Key,Loudness,Time Signature\n"
        f'{A},Vo,Tu,Kalo;Miren,2018,137826,41,2018-12-23T10:12:16Z,"pop,rock",0.5,0.25,-1,-7.5,4\n'
        f"{B},Tu,Tu,Kalo,2018,137826,41,2018-12-23T10:12:16Z,slow jam,,,,,\n"
    )
    features, playlist = read(write(tmp_path / "mine.csv", content))
    assert isinstance(playlist, Playlist)
    first, second = (entry.track for entry in playlist.entries)
    assert features == AudioFeatures(first, danceability=0.5, energy=0.25, key=-1, loudness=-7.5, time_signature=4)
    assert first.artists == (Artist("Kalo"), Artist("Miren"))
    assert second.artists == (Artist("Kalo", None, ("slow jam",)),)


@pytest.mark.parametrize("header", ["Explicit", "is_explicit", "Track Explicit"])
@pytest.mark.parametrize(
    ("cell", "known"),
    [("true", True), ("TRUE", True), ("1", True), ("Yes", True), ("explicit", True), ("false", False), ("0", False),
     ("no", False), ("Clean", False), ("notExplicit", False), ("", None), ("n/a", None)],
)  # fmt: skip
def test_whether_a_track_is_explicit_is_read_as_people_write_it(
    tmp_path: Path, header: str, cell: str, known: bool | None
) -> None:
    source = write(tmp_path / "mine.csv", f"Track URI,Track Name,{header},Added At\n{A},Vo,{cell},2018-12-23\n")
    (playlist,) = _playlists(read(source))
    assert playlist.entries[0].track.explicit is known


def test_a_table_without_such_a_column_does_not_know_whether_a_track_is_explicit(tmp_path: Path) -> None:
    (playlist,) = _playlists(read(write(tmp_path / "mine.csv", f"Track URI,Track Name\n{A},Explicit\n")))
    assert playlist.entries[0].track.explicit is None


def test_tune_my_music_holds_several_playlists(tmp_path: Path) -> None:
    content = (
        "Track name,Artist name,Album,Playlist name,Type,ISRC,Spotify - id\n"
        f'Vo,"Kalo, Miren",Tu,First,Playlist,XX0001,{spotify_id(1)}\n'
        f"Shi,Kalo,,Second,Playlist,,\n"
        f"Vo,Kalo,,First,Playlist,,{spotify_id(1)}\n"
        ",Kalo,,,Artist,,\n"
    )
    *playlists, skipped = read(write(tmp_path / "My Spotify Library.csv", content))
    first, second = _playlists(playlists)
    assert [p.name for p in (first, second)] == ["First", "Second"]
    assert [entry.position for entry in first.entries] == [0, 1]
    assert first.entries[0].track.artists == (Artist("Kalo"), Artist("Miren"))
    assert skipped == Skipped("tracks with neither an id nor a title", 1)


def test_soundiiz_with_semicolons(tmp_path: Path) -> None:
    (playlist,) = _playlists(read(write(tmp_path / "x.csv", 'title;artist;album;isrc\nVo;"Kalo";Tu;XX\n')))
    assert playlist.entries[0].track == Track(made_up_id("Kalo", "Vo"), "Vo", (Artist("Kalo"),), Album("Tu"), isrc="XX")


TIDY = (
    "track_id,track_name,track_artist,track_popularity,track_album_id,track_album_name,track_album_release_date,"
    "playlist_name,playlist_id,playlist_genre,playlist_subgenre,danceability,energy,key,loudness,mode,tempo,duration_ms\n"
)


def _tidy(track: int, genre: str = "pop", playlist: int = 50) -> str:
    return (
        f'{spotify_id(track)},Vo {track},"Kalo, Miren",66,{spotify_id(7)},Tu,2019-06-14,Mine,{spotify_id(playlist)},'
        f"pop,{genre},0.7,0.9,6,-2.6,1,122.0,194754\n"
    )


def test_tidy_tuesday(tmp_path: Path) -> None:
    rows = [_tidy(1), _tidy(2), _tidy(1), _tidy(1, "dance pop"), _tidy(3, "dance pop"), _tidy(1, playlist=51)]
    source = write(tmp_path / "songs.csv", TIDY + "".join(rows))
    assert format_of(source) == "csv"
    items = read(source)
    mine, other = _playlists(items)
    assert (mine.playlist_id, mine.name, mine.genres) == (spotify_id(50), "Mine", ("pop", "dance pop"))
    # Track 1 stands twice under "pop"; that it stands under "dance pop" too makes no third entry.
    assert [e.track.name for e in mine.entries] == ["Vo 1", "Vo 2", "Vo 1", "Vo 3"]
    assert other.playlist_id == spotify_id(51)
    features = [item for item in items if isinstance(item, AudioFeatures)]
    assert len(features) == 3
    assert features[0].track.artists == (Artist("Kalo, Miren"),)
    assert (features[0].key, features[0].mode, features[0].tempo) == (6, 1, 122.0)


def test_artists_called_na_and_nan_survive(tmp_path: Path) -> None:
    (playlist,) = _playlists(read(write(tmp_path / "x.csv", "title,artist\nNA,Nan\nnull,None\n007,1e5\n")))
    assert [(e.track.artists[0].name, e.track.name) for e in playlist.entries] == [
        ("Nan", "NA"),
        ("None", "null"),
        ("1e5", "007"),
    ]


def test_texts_without_a_playlist_are_only_texts(tmp_path: Path) -> None:
    content = 'artist,title,lyrics,tags,comment\nKalo,Vo,"la\nla","slow; sad,blue",fine\nKalo,Vo,,,better\n'
    items = read(write(tmp_path / "lyrics.csv", content))
    assert all(isinstance(item, TrackText) for item in items)
    assert [(t.kind, t.text) for t in items if isinstance(t, TrackText)] == [
        ("lyrics", "la\nla"),
        ("comment", "fine"),
        ("tag", "slow"),
        ("tag", "sad"),
        ("tag", "blue"),
        ("comment", "better"),
    ]


def test_a_table_tells_countries_and_languages(tmp_path: Path) -> None:
    content = "artist,title,Country of origin,Language\nKalo,Vo,SE,Swedish\nKalo,Tu,,en\n"
    items = read(write(tmp_path / "origin.csv", content))
    assert [(t.track.name, t.kind, t.text) for t in items if isinstance(t, TrackText)] == [
        ("Vo", "country", "SE"),
        ("Vo", "language", "Swedish"),
        ("Tu", "language", "en"),
    ]


def test_a_table_of_features_is_no_playlist(tmp_path: Path) -> None:
    content = (
        f"id,name,artists,energy,valence\n{spotify_id(1)},Vo,\"['Kalo', 'Miren']\",0.5,\n{spotify_id(2)},Tu,Kalo,72,1\n"
    )
    features, skipped = read(write(tmp_path / "tracks.csv", content))
    assert isinstance(features, AudioFeatures)
    assert (features.energy, features.valence) == (0.5, None)
    assert features.track.artists == (Artist("Kalo"), Artist("Miren"))
    assert skipped == Skipped("audio features beyond Spotify's ranges", 1)


def test_columns_named_by_the_user(tmp_path: Path) -> None:
    source = write(tmp_path / "x.csv", "Lied;Sänger;Liste\nVo;Kalo;Eins\n")
    assert format_of(source) is None
    columns = parse_columns(["title=Lied", "artist = sänger", "playlist=Liste"])
    (playlist,) = _playlists(read(source, "csv", columns=columns))
    assert (playlist.name, playlist.entries[0].track.name) == ("Eins", "Vo")


@pytest.mark.parametrize("told", ["title", "song=Lied", "title=", "=x"])
def test_a_column_that_is_no_pair_lists_the_roles(told: str) -> None:
    with pytest.raises(BadColumn, match="playlist_id"):
        parse_columns([told])


def test_positions_of_the_file_stand(tmp_path: Path) -> None:
    content = "title,artist,playlist,position\nVo,Kalo,A,2\nTu,Kalo,A,1\nVo,Kalo,B,1\nTu,Kalo,B,1\n"
    first, second = _playlists(read(write(tmp_path / "x.csv", content)))
    assert [e.position for e in first.entries] == [2, 1]
    assert [e.position for e in second.entries] == [0, 1]


def test_owners_tell_playlists_of_one_name_apart(tmp_path: Path) -> None:
    content = (
        '"user_id", "artistname", "trackname", "playlistname"\n"a1", "Kalo", "Vo", "Mine"\n"b2", "Kalo", "Vo", "Mine"\n'
    )
    source = write(tmp_path / "all.csv", content)
    assert format_of(source) == "csv"
    assert [(p.playlist_id, p.owner) for p in _playlists(read(source))] == [
        ("csv:a1:Mine", "a1"),
        ("csv:b2:Mine", "b2"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_encodings_by_their_mark(tmp_path: Path, encoding: str) -> None:
    source = write(tmp_path / "x.csv", "title\tartist\nVö\tKalo\n".encode(encoding))
    assert format_of(source) == "csv"
    (playlist,) = _playlists(read(source))
    assert playlist.entries[0].track.name == "Vö"


@pytest.mark.parametrize(
    ("content", "place", "what"),
    [
        (b"title,artist\nVo,Kalo\nV\xf6,Kalo\n", "byte 23", "not UTF-8"),
        (b"title,artist\n" + b"Vo,Kalo\n" * 60_000 + b"\xf6,Kalo\n", "byte 480,014", "not UTF-8"),
        (b"title,artist\nVo,Kalo\n\"Tu,Kalo\n", "row 2", "never ends"),
        (b"title,artist\nVo,Kalo\nTu,Kalo,x\n", "line 3", "more cells"),
        (b"title,artist\nVo,Ka\0lo\n", "row 1, artist", "NUL"),
        (b"title,artist\n" + b"x" * 10_001 + b",Kalo\n", "row 1, title", "10,001 characters"),
        (b"title,artist,popularity\nVo,Kalo,101\n", "row 1, popularity", "no popularity"),
        (b"title,artist,duration_ms\nVo,Kalo,1e30\n", "row 1, duration_ms", "out of range"),
        (b"title,artist,duration_ms\nVo,Kalo,3:21\n", "row 1, duration_ms", "no number"),
        (b"title,artist,energy\nVo,Kalo,high\n", "row 1, energy", "no number"),
        (b"title,artist,explicit\nVo,Kalo,perhaps\n", "row 1, explicit", "neither true nor false"),
        (b"title,artist,album\nVo,Kalo,Tu\nSh", "the last row", "cut off"),
        (b"name,album\nVo,Kalo\n", "line 1", "no column names the tracks"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_place(tmp_path: Path, content: bytes, place: str, what: str) -> None:
    with pytest.raises(BadFile) as told:
        read(write(tmp_path / "x.csv", content), "csv")
    assert told.value.place == place
    assert what in str(told.value)


def test_a_missing_column_says_what_there_is(tmp_path: Path) -> None:
    source = write(tmp_path / "x.csv", "Lied,Liste\nVo,Eins\n")
    with pytest.raises(BadFile, match=r"no column 'Song'.*Lied, Liste"):
        read(source, "csv", columns={"title": "Song"})
    with pytest.raises(BadFile, match=r"--column ROLE=NAME.*title, artist.*Lied, Liste"):
        read(source, "csv")


def test_a_few_long_rows_in_many_are_left_out(tmp_path: Path) -> None:
    content = "title,artist\n" + "Vo,Kalo\n" * 500 + "Tu,Kalo,x\n" + "Shi,Kalo\n"
    playlist, skipped = read(write(tmp_path / "x.csv", content))
    assert isinstance(playlist, Playlist)
    assert len(playlist.entries) == 501
    assert skipped == Skipped("rows with more cells than columns", 1)


@pytest.mark.parametrize("end", ["Shi,Kalo\n", "Shi,Kalo,", 'Shi,Kalo,"a\nb"', "Shi\nTu,Kalo"])
def test_short_rows_are_filled_up(tmp_path: Path, end: str) -> None:
    (playlist, *_) = _playlists(read(write(tmp_path / "x.csv", "title,artist,album\nVo,Kalo,Tu\n" + end)))
    assert len(playlist.entries) >= 2


def test_batches_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(tmp_path / "x.csv", "title,artist\n" + "".join(f"Vo {n % 7},Kalo\n" for n in range(50)))
    whole = read(source)
    monkeypatch.setattr(table, "BATCH_ROWS", 3)
    assert read(source) == whole


@pytest.mark.parametrize("header", ["id,title,year", "name,email", "title", "{", "a,b,c", ""])
def test_other_tables_are_not_ours(tmp_path: Path, header: str) -> None:
    assert format_of(write(tmp_path / "x.csv", f"{header}\n1,2,3\n")) is None


@given(st.dictionaries(st.sampled_from(sorted(ROLES)), st.text(max_size=8), min_size=1), st.text(max_size=30))
def test_any_row_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, row: dict[str, str], more: str) -> None:
    cells = ['"' + cell.replace('"', '""') + '"' for cell in row.values()]
    source = write(
        tmp_path_factory.mktemp("any") / "x.csv",
        (",".join(row) + "\n" + ",".join(cells) + "\n" + more).encode("utf-8", "surrogatepass"),
    )
    columns = {role: role for role in row}
    with suppress(BadFile):
        read(source, "csv", columns=columns)
