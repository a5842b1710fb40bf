"""What programs are answered: the shape of each answer. Pure."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Reply(BaseModel):
    """The root of all answers."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)


class Problem(Reply):
    """What went wrong."""

    status: int = Field(description="The status of the answer.")
    message: str = Field(description="One sentence with the cure.")


class Trouble(Reply):
    """The answer where something went wrong."""

    error: Problem


class SuggestedSong(Reply):
    """One suggested song."""

    track_id: str
    name: str
    artists: tuple[str, ...]
    score: float | None = Field(description="The model's own; null where the song comes by popularity.")
    model: str
    reasons: tuple[str, ...] = Field(description="Sentences for people, the strongest first.")
    checks: tuple[str, ...] = Field((), description="A query for each reason, where `why` asks for it.")
    album: str
    duration_ms: int | None
    path: str = Field("", description="Where its sound file lies; told on this machine alone.")


class Suggestions(Reply):
    """A list with all that has to be said about it."""

    model: str = Field(description="The model that made the list.")
    seeds: tuple[str, ...] = Field(description="Raw ids that were gone by.")
    unknown: tuple[str, ...] = Field(description="Raw ids that no playlist holds.")
    notes: tuple[str, ...] = Field(description="Sentences for people.")
    suggestions: tuple[SuggestedSong, ...]


class Continued(Suggestions):
    """What comes after a playlist."""

    name: str = Field(description="What the playlist is called.")
    size: int = Field(description="How many different songs it holds.")
    strangers: tuple[str, ...] = Field(description="What those of its songs are called that are not known here.")


class Song(Reply):
    """One song with all that is known of it."""

    track_id: str
    name: str
    artists: tuple[str, ...]
    album: str
    duration_ms: int | None
    isrc: str | None
    playlists: int = Field(description="In how many places of playlists it stands; of a search, all its versions.")
    linked_id: str | None = Field(description="Raw id of the song at Spotify that stands for it.")
    link: str | None = Field(description="Where everybody can hear it.")
    year: int | None
    explicit: bool | None
    popularity: int | None = Field(description="Spotify's own measure, 0 to 100.")
    genres: tuple[str, ...]
    further_genres: tuple[str, ...] = Field(description="Genres that were asked for, and are inferred.")
    country: str | None
    language: str | None
    moods: tuple[str, ...]
    features: dict[str, float] = Field(description="Audio features in Spotify's units; only those that are known.")
    inferred: dict[str, str] = Field(description="From what a value is inferred; what was told does not stand here.")


class FoundSong(Song):
    """One recording that a search found."""

    versions: int


class FoundSongs(Reply):
    """One page of what a search found."""

    page: int
    notes: tuple[str, ...]
    songs: tuple[FoundSong, ...]


class Step(Reply):
    """One song on a road."""

    track_id: str
    name: str
    artists: tuple[str, ...]
    reasons: tuple[str, ...]
    step: float | None = Field(description="How far from the song before: 0 next door, 2 nothing is known.")
    shared: int | None = Field(description="How many playlists hold it and the song before.")


class Line(Reply):
    """The straight line beside a road."""

    songs: tuple[str, ...]
    mean: float
    worst: float


class Road(Reply):
    """A road from one song to another."""

    model: str
    notes: tuple[str, ...]
    songs: tuple[Step, ...]
    mean: float
    worst: float
    straight: Line


class Model(Reply):
    """One trained model."""

    name: str
    kind: str
    trained_at: int = Field(description="Seconds since 1970, UTC.")
    seconds: float = Field(description="How long it learned.")
    playlists: int
    tracks: int
    entries: int
    options: dict[str, Any]
    notes: dict[str, str | int | float]
    worth: dict[str, float | None] = Field(description="Measured on held-out playlists; empty where it was not.")
    updates: int
    half_life_days: float
    below_popularity: bool | None
    stale: bool = Field(description="Whether the playlists changed since.")


class Models(Reply):
    """All trained models."""

    models: tuple[Model, ...]
    damaged: tuple[str, ...] = Field(description="A sentence on each that cannot be used.")


class Import(Reply):
    """One import."""

    number: int
    source: str
    place: str = Field(description="From where; told on this machine alone.")
    started_at: int = Field(description="Seconds since 1970, UTC.")


class Status(Models):
    """What the database holds, and how its models stand."""

    version: str = Field(description="Of Segue.")
    content: str = Field(description="Changes whenever the playlists do.")
    counts: dict[str, int]
    imports: tuple[Import, ...]


class Playlist(Reply):
    """One stored playlist."""

    playlist_id: str
    name: str
    description: str
    source: str
    modified_at: int | None = Field(description="Seconds since 1970, UTC.")
    entries: int


class Playlists(Reply):
    """One page of playlists."""

    page: int
    playlists: tuple[Playlist, ...]


class Genres(Reply):
    """All genres that artists and playlists are told to be of."""

    genres: tuple[str, ...]


class Thumb(Reply):
    """What somebody said of a song."""

    listener: str
    track_id: str
    song: str
    liked: bool
    source: str
    told_at: int = Field(description="Seconds since 1970, UTC.")


class Thumbs(Reply):
    """What somebody said, the latest first."""

    thumbs: tuple[Thumb, ...]


class Told(Reply):
    """What a thumb did."""

    track_id: str = Field(description="The song; of one that has a twin at Spotify the twin.")
    changed: bool = Field(description="Whether something else was said before, or nothing.")


class Listeners(Reply):
    """Everybody of whom anything is known."""

    listeners: tuple[str, ...]
