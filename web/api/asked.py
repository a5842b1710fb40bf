"""What programs may ask: the parameters of each address, and the bodies."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from recommender.lists.sorting import SORTS
from web.asking import MOST, Asking, Filtering, Wishing

MOST_PAGES = 10_000
_LONGEST = 200
RawId = Annotated[str, Field(min_length=1, max_length=_LONGEST)]
_WHOSE = (
    "Whose, by name; without it whose browser it is, or else nobody's in particular. Names are for this machine alone."
)
_STRICT = ConfigDict(frozen=True, extra="forbid")
_N = Field(20, ge=1, le=MOST, description="At most so many on a page.")
_PAGE = Field(1, ge=1, le=MOST_PAGES, description="Which page of so many.")


class Suggesting(Asking):
    """A list of next songs."""

    why: bool = Field(False, description="Let each reason come with the query that proves it.")

    def wishes(self) -> dict[str, Any]:
        """Give what Suggester.answer takes beside seeds, n and model. Raises NotUnderstood."""
        return {**super().wishes(), "why": self.why}


class Searching(Filtering):
    """A search among all songs."""

    q: str = Field("", max_length=_LONGEST, description="Words of title, artist and album; without any all songs.")
    n: int = _N
    page: int = _PAGE
    sort: str | None = Field(
        None,
        max_length=_LONGEST,
        description=f"In this order, the least first: {', '.join(SORTS)}; -tempo is the fastest first. Without it the "
        "best known come first.",
    )


class Travelling(BaseModel):
    """A road from one song to another."""

    model_config = _STRICT

    start: str = Field(alias="from", min_length=1, max_length=_LONGEST, description="Raw id of the first song.")
    end: str = Field(alias="to", min_length=1, max_length=_LONGEST, description="Raw id of the last song.")
    n: int = Field(12, ge=2, le=100, description="How many songs, with both ends.")
    model: str | None = Field(
        None, max_length=64, description="A trained model that places songs in a space; without it the best."
    )


class NamedSong(BaseModel):
    """A song by its names, where its id is not known."""

    model_config = _STRICT

    artist: str = Field(min_length=1, max_length=_LONGEST)
    title: str = Field(min_length=1, max_length=_LONGEST)


class Continuing(Wishing):
    """A playlist of somebody's own that is to go on."""

    model_config = _STRICT

    tracks: tuple[RawId | NamedSong, ...] = Field(
        min_length=1, max_length=10_000, description="Its songs in their order, each by raw id or by artist and title."
    )
    title: str = Field("", max_length=_LONGEST, description="What it is called; its name counts too.")


class ContinuingStored(Wishing):
    """A stored playlist that is to go on."""

    no_title: bool = Field(False, description="Leave out of account what the playlist is called.")


class ForListener(Wishing):
    """A list for somebody."""

    profile: Literal["new", "casual", "explorer"] | None = Field(
        None, description="What kind of listener they say to be; else it is told from their plays."
    )


class Listing(BaseModel):
    """Playlists by their names."""

    model_config = _STRICT

    q: str = Field("", max_length=_LONGEST, description="Words of their names; without any all playlists.")
    n: int = _N
    page: int = _PAGE


class Whose(BaseModel):
    """Somebody's thumbs."""

    model_config = _STRICT

    listener: str | None = Field(None, max_length=_LONGEST, description=_WHOSE)


class Telling(Whose):
    """A thumb, up or down."""

    track_id: RawId = Field(description="Raw id of the song.")
    liked: bool = Field(description="Whether it is liked.")


class Untelling(Whose):
    """A thumb that is taken back."""

    track_id: RawId = Field(description="Raw id of the song.")
