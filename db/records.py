"""What travels between the houses that collect and the database: frozen records, no I/O.

Times are whole seconds since 1970 (UTC). Ids are raw ids: 22 characters, Spotify's own or `x:` and 20 hex digits
(db.identity). Empty text means "not told"; None means "not told" for everything else.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Artist:
    """One credited artist."""

    name: str
    artist_id: str | None = None
    genres: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Album:
    """The release that a track stands on."""

    name: str
    album_id: str | None = None
    release_date: str | None = None
    """As the source gives it: YYYY, YYYY-MM or YYYY-MM-DD."""


@dataclass(frozen=True, slots=True)
class Track:
    """One track; the same track_id from two sources is the same track, and fills what was missing."""

    track_id: str
    name: str = ""
    artists: tuple[Artist, ...] = ()
    """In the order of the credit; the first is the main artist."""
    album: Album | None = None
    duration_ms: int | None = None
    isrc: str | None = None
    popularity: int | None = None
    """Spotify's own measure, 0 to 100."""
    explicit: bool | None = None
    path: str = ""
    """Where its sound file lies on this machine; absolute."""


@dataclass(frozen=True, slots=True)
class PlaylistEntry:
    """One place in a playlist; a track may stand at several."""

    position: int
    track: Track
    added_at: int | None = None


@dataclass(frozen=True, slots=True)
class Playlist:
    """One whole playlist: always stored with all its entries or not at all."""

    playlist_id: str
    """Stable over imports; contents under a known id replace the old ones when they differ."""
    name: str
    entries: tuple[PlaylistEntry, ...]
    description: str = ""
    owner: str = ""
    genres: tuple[str, ...] = ()
    followers: int | None = None
    modified_at: int | None = None


@dataclass(frozen=True, slots=True)
class AudioFeatures:
    """Spotify's audio features of one track, in Spotify's units."""

    track: Track
    danceability: float | None = None
    energy: float | None = None
    key: int | None = None
    """Pitch class, 0 = C; -1 = not found."""
    loudness: float | None = None
    """Decibels, below 0."""
    mode: int | None = None
    """1 = major, 0 = minor."""
    speechiness: float | None = None
    acousticness: float | None = None
    instrumentalness: float | None = None
    liveness: float | None = None
    valence: float | None = None
    tempo: float | None = None
    """Beats a minute."""
    time_signature: int | None = None


@dataclass(frozen=True, slots=True)
class Play:
    """How often one listener played one track."""

    listener: str
    track: Track
    count: int
    last_played_at: int | None = None


@dataclass(frozen=True, slots=True)
class TrackText:
    """A text about one track."""

    track: Track
    kind: str
    """lyrics, comment, tag, country or language."""
    text: str


Record = Playlist | AudioFeatures | Play | TrackText | Track
"""What an importer yields. A bare Track only tells names for a track."""
