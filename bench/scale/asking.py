"""What a person may ask of `segue search`, as questions for the bench."""

import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from recommender.lists.filters import Filters, Span
from recommender.lists.sorting import Sort
from recommender.searching import Found, search

DRAWN = 24
"""So many questions of each class."""
FEW_MS, BROAD_MS, INFERRED_MS = 50.0, 150.0, 300.0
"""Targets; the last is our own, for what nobody told and is inferred while one waits."""
GENRES = (
    "rock",
    "jazz",
    "hip hop",
    "brit pop",
    "k-pop",
    "techno",
    "country",
    "soul",
    "polka",
    "synthwave",
    "metal",
    "ska",
)
COUNTRIES = ("KR", "DE", "GB", "BR", "JP", "IT", "SE", "PL", "IN", "RU", "MX", "IS")
LANGUAGES = ("ja", "ko", "zh", "ru", "el", "he", "th", "ar", "hi", "ka", "fr", "uk")
MOODS = ("happy", "tense", "sad", "calm", "party", "acoustic")
SORTS = ("tempo", "energy", "year", "playlists", "length", "title", "artist", "popularity")


@dataclass(frozen=True)
class Question:
    """What a person asks for."""

    text: str = ""
    filters: Filters | None = None
    page: int = 1
    sort: Sort | None = None

    @property
    def is_words_alone(self) -> bool:
        """Tell whether a full-text index by itself can answer it."""
        return not self.filters and not self.sort and self.page == 1

    def answer(self, connection: sqlite3.Connection, most: int) -> Found:
        """Search, with so many on a page."""
        return search(connection, self.text, most, self.filters, page=self.page, sort=self.sort)


@dataclass(frozen=True)
class Kind:
    """Questions of one breadth."""

    name: str
    questions: Sequence[Question]
    target_ms: float


def kinds_of_filters(rng: random.Random, wide: Sequence[str]) -> list[Kind]:
    """Draw the questions with filters, in another order, or for another page. wide: the commonest words."""

    def spans(width: float) -> Filters:
        low = rng.uniform(80, 140)
        return Filters(audio=(("tempo", Span(low, low + width)), ("energy", Span(0.5, None))))

    asked = {
        "a range of tempo and energy": [Question("", spans(20)) for _ in range(DRAWN)],
        "a narrow range": [Question("", spans(0.05)) for _ in range(DRAWN)],
        "a common word in a range": [Question(rng.choice(wide), spans(20)) for _ in range(DRAWN)],
        "a common word in a narrow range": [Question(rng.choice(wide), spans(0.05)) for _ in wide],
        "a genre": [Question("", Filters(genres=(genre,))) for genre in GENRES],
        "a genre in a range": [Question("", _of_genre(spans(20), genre)) for genre in GENRES],
        "a common word of a genre": [Question(rng.choice(wide), Filters(genres=(genre,))) for genre in GENRES],
        "a country": [Question("", Filters(countries=(country,))) for country in COUNTRIES],
        "a language": [Question("", Filters(languages=(language,))) for language in LANGUAGES],
        "a mood": [Question("", Filters(moods=(mood,))) for mood in MOODS],
        "all of them": [
            Question("", Filters(genres=(genre,), countries=(country,), moods=(rng.choice(MOODS),)))
            for genre, country in zip(GENRES, COUNTRIES, strict=True)
        ],
        "all, sorted": [Question(sort=Sort(by, descending=rng.random() < 0.5)) for by in SORTS],
        "a range, sorted": [Question("", spans(20), sort=Sort(by)) for by in SORTS],
        "a narrow range, sorted": [Question("", spans(0.05), sort=Sort(by)) for by in SORTS],
        "a common word, sorted": [Question(rng.choice(wide), sort=Sort(by)) for by in SORTS],
        "a common word, page 20": [Question(word, page=20) for word in wide[:DRAWN]],
        "a range, page 20": [Question("", spans(20), page=20) for _ in range(DRAWN)],
        "a common word, sorted, page 20": [Question(rng.choice(wide), sort=Sort(by), page=20) for by in SORTS],
    }
    return [
        Kind(name, questions, INFERRED_MS if any(q.filters and q.filters.asks for q in questions) else BROAD_MS)
        for name, questions in asked.items()
    ]


def _of_genre(filters: Filters, genre: str) -> Filters:
    return Filters(audio=filters.audio, genres=(genre,))
