"""Which column of a table holds what: roles, and the names that programs and data sets give them.

Pure.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from importer.errors import BadColumn, BadFile

FEATURES = (
    "danceability", "energy", "key", "loudness", "mode", "speechiness", "acousticness", "instrumentalness", "liveness",
    "valence", "tempo", "time_signature",
)  # fmt: skip
"""Roles of audio features, named as db.records.AudioFeatures names them."""

_VAGUE = ("uri", "url", "id")

ROLES: Mapping[str, tuple[str, ...]] = {
    "track": ("trackuri", "spotifyuri", "trackid", "spotifytrackid", "spotifyid", "spotifytrackuri", "uri", "trackurl",
              "spotifyurl", *_VAGUE),
    "title": ("trackname", "tracktitle", "title", "songtitle", "songname", "song", "track", "name"),
    "artist": ("artistnames", "artists", "artistname", "trackartists", "trackartist", "artist", "performer"),
    "artist_id": ("artisturis", "artistids", "artisturi", "trackartistid", "idartists"),
    "album": ("albumname", "trackalbumname", "album", "albumtitle"),
    "album_id": ("albumuri", "albumid", "trackalbumid"),
    "released": ("albumreleasedate", "trackalbumreleasedate", "releasedate", "year"),
    "duration_ms": ("trackdurationms", "durationms"),
    "popularity": ("popularity", "trackpopularity"),
    "isrc": ("isrc",),
    "explicit": ("explicit", "isexplicit", "trackexplicit"),
    "position": ("position", "pos", "playlistposition", "trackposition"),
    "added": ("addedat", "dateadded", "addeddate"),
    "playlist": ("playlistname", "playlist"),
    "playlist_id": ("playlistid", "playlisturi", "playlisturl", "spotifyplaylistid"),
    "owner": ("playlistowner", "owner", "userid", "username", "user"),
    "description": ("playlistdescription",),
    "genre": ("playlistgenre",),
    "subgenre": ("playlistsubgenre",),
    "artist_genres": ("artistgenres", "genres"),
    "lyrics": ("lyrics", "lyric", "text"),
    "comment": ("comment", "comments"),
    "tags": ("tags", "tag", "trackgenre", "toptags"),
    "country": ("artistcountry", "countryoforigin", "country", "origin"),
    "language": ("language", "tracklanguage", "lang"),
    **{name: (name.replace("_", ""),) for name in FEATURES},
}  # fmt: skip
"""Role → the usual names of its column, best first, in lower case without anything but letters and digits."""

TEXTS = ("lyrics", "comment", "tags", "country", "language")
"""Roles of texts about a track."""


def parse_columns(told: Iterable[str]) -> dict[str, str]:
    """Read ROLE=NAME pairs; raises BadColumn, which lists the roles."""
    columns: dict[str, str] = {}
    for pair in told:
        role, found, name = pair.partition("=")
        role = role.strip().lower().replace("-", "_")
        if not found or role not in ROLES or not name.strip():
            raise BadColumn(f"--column {pair!r} is not ROLE=NAME; roles are {', '.join(ROLES)}")
        columns[role] = name.strip()
    return columns


def roles_of(header: Sequence[str], told: Mapping[str, str]) -> dict[str, int]:
    """Find the column of each role: as told by the user, else by the usual names.

    Returns role → place in the header; raises BadFile when a told column is not there.
    """
    roles = {role: _told_place(role, name, header) for role, name in told.items()}
    plain = [plain_name(name) for name in header]
    taken = set(roles.values())
    for role, usual in ROLES.items():
        places = [plain.index(name) for name in usual if name in plain]
        free = [place for place in places if place not in taken]
        if role not in roles and free:
            roles[role] = free[0]
            taken.add(free[0])
    return roles


def _told_place(role: str, name: str, header: Sequence[str]) -> int:
    for same in (str.strip, str.casefold, plain_name):
        plain = [same(column) for column in header]
        if same(name) in plain:
            return plain.index(same(name))
    raise BadFile(
        f"there is no column {name!r} for {role}", place="line 1", cure=f"its columns are {', '.join(header)}"
    )


def plain_name(name: str) -> str:
    """Bring a column's name to the form in which ROLES lists them: "Track Duration (ms)" is trackdurationms."""
    return re.sub(r"[^a-z0-9]+", "", name.lower())


def name_tracks(roles: Iterable[str]) -> bool:
    """Tell whether these roles are enough to know tracks by."""
    return "track" in roles or {"title", "artist"} <= set(roles)


def surely_name_tracks(header: Sequence[str]) -> bool:
    """Tell whether a header speaks of tracks beyond doubt: "id" alone, or "title" alone, may speak of anything."""
    roles = roles_of(header, {})
    if "track" in roles and plain_name(header[roles["track"]]) not in _VAGUE:
        return True
    return {"title", "artist"} <= set(roles)
