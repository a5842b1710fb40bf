"""The Taste Profile of the Million Song Dataset: user, song, count; titles from a companion file where there is one."""

import re
from collections.abc import Generator, Iterator, Mapping, Sequence

from db.identity import made_up_id_of
from db.records import Album, Artist, Play, Track
from db.told import track_of
from importer.checks import MAX_INTEGER, text
from importer.columns import plain_name
from importer.contract import Item, PlayLog, ReadOptions, Skipped
from importer.errors import BadFile
from importer.source import Source, file_at
from importer.table import TOO_LONG, Layout, Rows, layout_of, read_rows

NAME = "taste-profile"
ABOUT = (
    "Taste Profile triplets (user, song, count; tab-separated or CSV): plays; titles from unique_tracks.txt or "
    "song_data.csv beside it, or among the paths"
)

TITLES = ("unique_tracks.txt", "song_data.csv")
_SONG = re.compile(r"SO[A-Z0-9]{16}")
_ROLES = {
    "listener": ("userid", "user"),
    "song": ("songid", "song"),
    "count": ("listencount", "playcount", "plays", "count", "freq"),
}
_TITLE_ROLES = {"song": ("songid",), "title": ("title",), "album": ("release",), "artist": ("artistname",)}
_BARE_TITLE = re.compile(rb"TR[A-Z0-9]{16}<SEP>SO[A-Z0-9]{16}<SEP>")
_UNCOUNTED = "plays with a count of zero"


def recognise(head: bytes, _filename: str) -> bool:
    """Tell triplets by their song codes or their header, and the companion files by theirs."""
    if _BARE_TITLE.match(head):
        return True
    layout = layout_of(head)
    return layout is not None and (_roles_of(layout) is not None or _title_roles(layout.first) is not None)


def _roles_of(layout: Layout) -> tuple[dict[str, int], bool] | None:
    """Find the column of each role, and whether the first line is a header; None where these are no triplets."""
    if len(layout.first) == 3 and _SONG.fullmatch(layout.first[1]) and layout.first[2].isdigit():
        return {"listener": 0, "song": 1, "count": 2}, False
    roles = _places(_ROLES, layout.first)
    return (roles, True) if len(roles) == 3 else None


def _places(usual: Mapping[str, tuple[str, ...]], header: Sequence[str]) -> dict[str, int]:
    plain = [plain_name(cell) for cell in header]
    return {role: plain.index(name) for role, names in usual.items() for name in names if name in plain}


def _title_roles(header: Sequence[str]) -> dict[str, int] | None:
    roles = _places(_TITLE_ROLES, header)
    return roles if len(roles) == 4 else None


def read(source: Source, options: ReadOptions) -> Iterator[Item]:
    """Yield the plays of a file of triplets, nothing from a companion file of titles; raises BadFile."""
    layout = layout_of(source.head())
    if _BARE_TITLE.match(source.head()) or (layout and _title_roles(layout.first)):
        return
    found = _roles_of(layout) if layout else None
    if layout is None or found is None:
        lacking = "these are no triplets: columns for user, song and count are needed"
        raise BadFile(lacking, place="line 1", cure="name the header user_id,song_id,listen_count")
    songs = _Songs(_titles_for(source, options))
    yield PlayLog(source.filename)
    lost = 0
    for rows in read_rows(source, layout, found[0], header=found[1]):
        lost += yield from _plays(rows, songs)
        if rows.left_out:
            yield Skipped(TOO_LONG, rows.left_out)
    if lost:
        yield Skipped(_UNCOUNTED, lost)


def _plays(rows: Rows, songs: "_Songs") -> Generator[Item, None, int]:
    """Yield the plays of a batch; returns how many rows had a count of zero."""
    triplets = zip(rows.column("listener"), rows.column("song"), rows.column("count"), strict=True)
    lost = 0
    for number, (listener, song, told) in enumerate(triplets, rows.start):
        if not told.isdigit() or int(told) > MAX_INTEGER or not listener or not song:
            what = f"{listener[:40]!r}, {song[:40]!r}, {told[:40]!r} is no user, song and count"
            raise BadFile(what, place=f"row {number:,}", cure="the file may be cut off or damaged: download it again")
        if count := int(told):
            yield Play(text(listener, f"row {number:,}"), songs.track(song), count)
        else:
            lost += 1
    return lost


class _Songs:
    """The tracks of song codes; a title is unpacked when its song is first played."""

    def __init__(self, titles: dict[str, str]) -> None:
        self._titles, self._tracks = titles, dict[str, Track]()

    def track(self, song: str) -> Track:
        """Give the track of a song, nameless where there is no title for it; raises BadFile."""
        known = self._tracks.get(song)
        if known is None:
            artist, title, album = self._titles.get(song, "\n\n").split("\n")
            release = Album(album) if album else None
            named = track_of("", (Artist(artist),) if artist else (), title, album=release) if title else None
            known = self._tracks[song] = named or Track(made_up_id_of(NAME, text(song, "song")))
        return known


def _titles_for(source: Source, options: ReadOptions) -> dict[str, str]:
    """Find the titles beside the triplets or among the given paths: song → artist, title and album, one a line."""
    found = source.beside(*TITLES)
    for path in options.given if found is None else ():
        if path.is_dir():
            found = found or file_at(path / "_", named=False).beside(*TITLES)
        elif path.name.lower().removesuffix(".gz") in TITLES:
            found = found or file_at(path, named=False)
    return dict(_titles(found)) if found else {}


def _titles(source: Source) -> Iterator[tuple[str, str]]:
    try:
        if _BARE_TITLE.match(source.head()):
            yield from _separated_titles(source)
            return
        layout = layout_of(source.head())
        roles = _title_roles(layout.first) if layout else None
        if layout is None or roles is None:
            cure = "its header is song_id,title,release,artist_name"
            raise BadFile("this is no list of songs", place="line 1", cure=cure)
        for rows in read_rows(source, layout, roles, header=True):
            for row, song in enumerate(rows.column("song")):
                yield song, _packed(*(rows.cell(role, row) for role in ("artist", "title", "album")))
    except BadFile as error:
        raise error.of(source.name) from error


def _separated_titles(source: Source) -> Iterator[tuple[str, str]]:
    with source.open() as stream:
        for number, line in enumerate(stream, 1):
            parts = line.decode("utf-8", errors="replace").rstrip("\r\n").split("<SEP>")
            if len(parts) != 4:
                cure = "the file may be cut off or damaged: download it again"
                raise BadFile("track, song, artist and title are expected", place=f"line {number:,}", cure=cure)
            place = f"line {number:,}"
            yield parts[1], _packed(text(parts[2], place), text(parts[3], place), "")


def _packed(*parts: str) -> str:
    return "\n".join(part.replace("\n", " ").strip() for part in parts)
