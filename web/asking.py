"""What is asked of a list in an address, read once for pages and for programs, and written back into addresses."""

from collections.abc import Iterable
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from werkzeug.datastructures import MultiDict

from recommender.errors import FilterNotClear
from recommender.inferring.countries import parse_country
from recommender.inferring.languages import parse_language
from recommender.inferring.moods import parse_mood
from recommender.lists.filter_words import (
    MEASURED,
    each_word,
    feature_span,
    genre_words,
    key_spans,
    refuse_barred,
    year_span,
)
from recommender.lists.filters import Filters
from recommender.lists.wishes import PER_ARTIST
from web.errors import NotUnderstood

MOST = 500
"""So many songs come in one answer at most."""
MOST_SEEDS = 200
_LONGEST = 200
"""Letters of a word that is asked for."""

Words = tuple[str, ...]


class Filtering(BaseModel):
    """What songs have to be."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    explicit: Literal["yes", "no"] | None = Field(None, description="Explicit songs alone, or none of them.")
    year: str | None = Field(None, max_length=_LONGEST, description="When the album came out, such as 1990..1999.")
    genre: Words = Field((), max_length=50, description="Of one of these genres.")
    not_genre: Words = Field((), max_length=50, description="Of none of these genres.")
    country: Words = Field((), max_length=50, description="From one of these countries, such as SE or Sweden.")
    language: Words = Field((), max_length=50, description="In one of these languages, such as ja or Japanese.")
    mood: Words = Field((), max_length=50, description="Of one of these moods, such as calm.")
    tempo: str | None = Field(None, max_length=_LONGEST, description="Beats a minute, such as 110..130.")
    energy: str | None = Field(None, max_length=_LONGEST, description="0 to 1, such as 0.7..")
    danceability: str | None = Field(None, max_length=_LONGEST, description="0 to 1.")
    valence: str | None = Field(None, max_length=_LONGEST, description="0 to 1, from sad to happy.")
    acousticness: str | None = Field(None, max_length=_LONGEST, description="0 to 1.")
    instrumentalness: str | None = Field(None, max_length=_LONGEST, description="0 to 1; above 0.5 nobody sings.")
    speechiness: str | None = Field(None, max_length=_LONGEST, description="0 to 1; above 0.66 it is all talk.")
    liveness: str | None = Field(None, max_length=_LONGEST, description="0 to 1; above 0.8 an audience is heard.")
    loudness: str | None = Field(None, max_length=_LONGEST, description="Decibels, such as ..-10.")
    key: str | None = Field(None, max_length=_LONGEST, description="Am, F# minor, G for either mode, or 8A.")
    mode: Literal["minor", "major"] | None = Field(None, description="Major or minor.")
    time_signature: str | None = Field(None, max_length=_LONGEST, description="Beats in a bar, such as 3.")
    keep_unknown: bool = Field(False, description="Let songs come of which the filters' values are not known.")
    told_only: bool = Field(False, description="Go by what was told, and not by what is inferred.")

    @classmethod
    def read(cls, told: "MultiDict[str, str]") -> Self:
        """Read the parameters of an address or a form; an empty one counts as not given. Raises NotUnderstood."""
        lists = {name for name, field in cls.model_fields.items() if field.annotation == Words}
        given = {name: [text.strip() for text in told.getlist(name) if text.strip()] for name in told}
        values = {name: texts if name in lists else texts[-1] for name, texts in given.items() if texts}
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise NotUnderstood(sentence(error)) from error

    @property
    def filters(self) -> Filters:
        """Read the filters. Raises NotUnderstood."""
        try:
            filters = Filters(
                None if self.explicit is None else self.explicit == "yes",
                year_span(self.year) if self.year else None,
                genre_words(self.genre) if self.genre else (),
                genre_words(self.not_genre) if self.not_genre else (),
                (*self._spans(), *key_spans(self.key, self.mode)),
                self.keep_unknown,
                each_word(parse_country, self.country),
                each_word(parse_language, self.language),
                each_word(parse_mood, self.mood),
                self.told_only,
            )
            refuse_barred(filters)
        except FilterNotClear as error:
            raise NotUnderstood(str(error)) from error
        return filters

    def _spans(self) -> Iterable[tuple[str, Any]]:
        for name in (*MEASURED, "time_signature"):
            if text := getattr(self, name):
                yield name, feature_span(name, text)


class Wishing(Filtering):
    """All that is wished of a list, whatever it goes by."""

    unlike: Words = Field((), max_length=MOST_SEEDS, description="Raw ids of songs to keep away from.")
    n: int = Field(10, ge=1, le=MOST, description="How many songs are wanted.")
    model: str | None = Field(None, max_length=64, description="A trained model; without it the best there is.")
    popularity: float = Field(0, ge=-1, le=1, description="From -1, hidden gems, to 1, hits.")
    diversity: float = Field(0, ge=0, le=1, description="From 0, as the model orders, to 1, unlike each other.")
    per_artist: int = Field(PER_ARTIST, ge=0, le=MOST, description="At most so many by one artist; 0 for any.")
    versions: bool = Field(False, description="Let other versions of the seeds and of each other come too.")
    order: Literal["best", "smooth"] = Field("best", description="Best first, or so that key, tempo and energy flow.")
    vary: int | None = Field(None, ge=0, le=2**31, description="Another good list for each number.")

    def wishes(self) -> dict[str, Any]:
        """Give what Suggester.answer takes beside seeds, n, model and title. Raises NotUnderstood."""
        same = ("unlike", "popularity", "diversity", "versions", "order", "vary")
        return {
            **{name: getattr(self, name) for name in same},
            "per_artist": self.per_artist or None,
            "filters": self.filters,
        }


class Asking(Wishing):
    """The songs to go by, how many are wanted, and all that is wished of the list."""

    seed: Words = Field((), max_length=MOST_SEEDS, description="Raw ids of the songs to go by, oldest first.")
    title: str = Field("", max_length=_LONGEST, description="What the playlist is called.")
    later: bool = Field(False, description="Let the later seeds weigh more.")

    def wishes(self) -> dict[str, Any]:
        """Give what Suggester.answer takes beside seeds, n and model. Raises NotUnderstood."""
        return {**super().wishes(), "title": self.title, "later": self.later}

    def query(self, **other: Any) -> dict[str, Any]:
        """Give the parameters of an address that asks the same, or the same but for what is named here."""
        told = {**self.model_dump(exclude_defaults=True), **other}
        told = {name: told[name] for name in ("seed", *told) if name in told}  # the songs first, as people read it
        return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items() if value != ()}


def sentence(error: ValidationError) -> str:
    """Put what pydantic found into one sentence."""
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    told = first["msg"][0].lower() + first["msg"][1:]
    if first["type"] == "too_long":
        told = f"{first['ctx']['max_length']} at once are the most, and these are {first['ctx']['actual_length']}"
    return f"{place}: {told}" if place else told
