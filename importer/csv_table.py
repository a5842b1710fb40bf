"""Tables: Exportify, TuneMyMusic, Soundiiz, TidyTuesday and others, with columns known by name or named by the user."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from db.records import Playlist, PlaylistEntry, Track
from db.told import spotify_id
from importer.checks import MAX_LONG_TEXT, refuse_endless
from importer.columns import FEATURES, ROLES, TEXTS, name_tracks, plain_name, roles_of, surely_name_tracks
from importer.contract import Item, ReadOptions, Skipped
from importer.csv_rows import added_at, features_at, texts_at, track_at
from importer.errors import BadFile
from importer.naming import by_name
from importer.source import Source
from importer.table import TOO_LONG, Rows, layout_of, read_rows

NAME = "csv"
ABOUT = (
    "tables of tracks (Exportify, TuneMyMusic, Soundiiz, TidyTuesday): playlists by their column, else one named by "
    "the file; a table of lyrics, comments, tags or audio features without a playlist column brings only those"
)

_UNNAMED = "tracks with neither an id nor a title"
_FAR = "audio features beyond Spotify's ranges"


def recognise(head: bytes, _filename: str) -> bool:
    """Tell a table by a header that names tracks."""
    layout = layout_of(head)
    return layout is not None and surely_name_tracks(layout.first)


def read(source: Source, options: ReadOptions) -> Iterator[Item]:
    """Yield features and texts as they come, and the playlists at the end; raises BadFile."""
    layout = layout_of(source.head())
    header = layout.first if layout else ()
    roles = roles_of(header, options.columns)
    if layout is None or not name_tracks(roles):
        raise _no_tracks(header)
    return _items(read_rows(source, layout, roles, header=True), roles, header, source.stem)


def _no_tracks(header: Sequence[str]) -> BadFile:
    lacking = "no column names the tracks: a track column (id, URI or URL), or a title and an artist column, is needed"
    cure = f"name them with --column ROLE=NAME (roles: {', '.join(ROLES)}; columns: {', '.join(header)[:200]})"
    return BadFile(lacking, place="line 1", cure=cure)


def _items(batches: Iterator[Rows], roles: Mapping[str, int], header: Sequence[str], stem: str) -> Iterator[Item]:
    one_artist = _holds_one_artist(roles, header)
    has_lists, has_texts, has_features = _holds_lists(roles), has_any(roles, TEXTS), has_any(roles, FEATURES)
    known: dict[tuple[str, str, str], Track | None] = {}
    drafts: dict[tuple[str, str, str], _Draft] = {}
    skipped: Counter[str] = Counter()
    for rows in batches:
        skipped[TOO_LONG] += rows.left_out
        for row, key in enumerate(zip(rows.column("track"), rows.column("title"), rows.column("artist"), strict=True)):
            fresh = key not in known
            if fresh:
                known[key] = track_at(rows, row, one_artist=one_artist)
            track = known[key]
            if track is None:
                skipped[_UNNAMED] += 1
                continue
            if fresh and has_features:
                if features := features_at(rows, row, track):
                    yield features
                elif any(rows.cell(name, row) for name in FEATURES):
                    skipped[_FAR] += 1
            if has_texts:
                yield from texts_at(rows, row, track)
            if has_lists:
                _draft_at(rows, row, drafts, stem).add(rows, row, track)
    yield from (draft.playlist() for draft in drafts.values())
    yield from (Skipped(reason, count) for reason, count in skipped.items() if count)


def has_any(roles: Mapping[str, int], wanted: Sequence[str]) -> bool:
    """Tell whether any of the wanted roles has a column."""
    return any(role in roles for role in wanted)


def _holds_lists(roles: Mapping[str, int]) -> bool:
    if "playlist" in roles or "playlist_id" in roles:
        return True
    # Exportify writes audio features too, but into a playlist, which is what has times of adding.
    return not has_any(roles, TEXTS) and (not has_any(roles, FEATURES) or "added" in roles)


def _holds_one_artist(roles: Mapping[str, int], header: Sequence[str]) -> bool:
    """Tell whether the artist column holds one artist for each row by the habit of the programs that write it."""
    plain = [plain_name(name) for name in header]
    name = plain[roles["artist"]] if "artist" in roles else ""
    return name == "trackartist" or (name == "artistname" and "type" not in plain)


@dataclass(slots=True)
class _Draft:
    """A playlist while its rows come in."""

    playlist_id: str
    name: str
    owner: str
    description: str
    tracks: list[Track] = field(default_factory=list)
    added: list[int | None] = field(default_factory=list)
    positions: list[str] = field(default_factory=list)
    genres: dict[str, None] = field(default_factory=dict)
    listed: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How often each track stands under each genre."""
    taken: Counter[str] = field(default_factory=Counter)

    def add(self, rows: Rows, row: int, track: Track) -> None:
        """Take one row in; a track that stands twice only because the list has two genres is one entry."""
        if rows.columns.get("genre") or rows.columns.get("subgenre"):
            genres = (rows.cell("genre", row), rows.cell("subgenre", row))
            self.genres.update(dict.fromkeys(genre for genre in genres if genre))
            place = (track.track_id, "\n".join(genres))
            self.listed[place] += 1
            if self.listed[place] <= self.taken[track.track_id]:
                return
            self.taken[track.track_id] += 1
        self.tracks.append(track)
        if "added" in rows.columns:
            self.added.append(added_at(rows, row))
        if "position" in rows.columns:
            self.positions.append(rows.cell("position", row))
        refuse_endless(len(self.tracks), rows.place("playlist", row))

    def playlist(self) -> Playlist:
        """Give the finished playlist."""
        places: Sequence[int] = range(len(self.tracks))
        if self.positions and all(place.isascii() and place.isdigit() and len(place) < 10 for place in self.positions):
            told = [int(place) for place in self.positions]
            places = told if len(set(told)) == len(told) else places
        added = self.added or [None] * len(self.tracks)
        entries = tuple(map(PlaylistEntry, places, self.tracks, added))
        return Playlist(self.playlist_id, self.name, entries, self.description, self.owner, tuple(self.genres))


def _draft_at(rows: Rows, row: int, drafts: dict[tuple[str, str, str], _Draft], stem: str) -> _Draft:
    told, owner, name = rows.cell("playlist_id", row), rows.cell("owner", row), rows.cell("playlist", row)
    key = (told, "", "") if told else ("", owner, name)
    draft = drafts.get(key)
    if draft is None:
        name = name or (told and "") or stem
        description = rows.cell("description", row, MAX_LONG_TEXT)
        draft = drafts[key] = _Draft(_playlist_id(told, owner, name), name, owner, description)
    return draft


def _playlist_id(told: str, owner: str, name: str) -> str:
    if told:
        return spotify_id(told, "playlist") or f"{NAME}:{told}"
    return f"{NAME}:{owner}:{name}" if owner else by_name(NAME, name)
