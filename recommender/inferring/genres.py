"""Genres that the names of playlists tell: "90s Rock Hits" is rock. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain

from recommender.inferring.genre_words import OTHERWISE, PLAIN
from recommender.inferring.phrases import Phrases
from recommender.models.title_words import title_words

_SHARE = 3
_LISTS_FOR_EACH = 10
"""Of so many lists one has to tell a genre. Where there are few one alone is enough, because most tracks stand in no
other: had two to agree, on real playlists under three seeds, 49 of 100 songs got a genre and not 91, of them 79 of 100
a right one and not 87 (`python -m bench.inferring`, where the names of the lists may be read)."""
_NOT_A_GENRE = frozenset({"chill", "focus", "sleep", "workout", "party", "christmas", "love", "summer", "dance", "mix"})
"""Words that some tables tell as a genre, and that the name of a playlist says of anything."""
_SHORTEST = 3
_REMEMBERED = 100_000


class Lexicon:
    """The genres that names are looked through for: the common ones, and those that the data tells."""

    def __init__(self, told: Iterable[str] = ()) -> None:
        """Learn the genres. told: as they are written in the data; of a common one the common spelling is kept."""
        plain = [name.strip() for name in PLAIN.split(",")]
        spelt: dict[tuple[str, ...], str] = {}
        for written, genre in chain(zip(plain, plain, strict=True), OTHERWISE.items(), ((name, name) for name in told)):
            words = tuple(title_words(written))
            is_clear = len("".join(words)) >= _SHORTEST or not written.isascii()
            if words and is_clear and not (len(words) == 1 and words[0] in _NOT_A_GENRE):
                spelt.setdefault(words, genre)
        self.phrases = Phrases(spelt)
        # Names come again and again: "Rock", "Workout", "2019".
        self.named = lru_cache(_REMEMBERED)(self.phrases.within)

    def of_lists(self, names: Sequence[str]) -> tuple[str, ...]:
        """Give the genres of a track by the names of playlists that it stands in; nothing where too few agree."""
        return agreed([genres for name in names if (genres := self.named(name))], len(names) / _LISTS_FOR_EACH)

    def of_plain_lists(self, names: Sequence[str]) -> tuple[str, ...]:
        """Give the same by such names alone as tell one genre: of "R&B & Brit Pop" a song is of one or the other."""
        return agreed([genres for name in names if len(genres := self.named(name)) == 1], len(names) / _LISTS_FOR_EACH)


def agreed(lists: Sequence[tuple[str, ...]], fewest: float) -> tuple[str, ...]:
    """Give the genres that a third of those that tell any agree on, and so many at least; the most frequent first.

    lists: what each playlist, or each other track, tells.
    """
    times = Counter(chain.from_iterable(lists))
    enough = max(fewest, len(lists) / _SHARE)
    return tuple(genre for genre, count in times.most_common() if count >= enough)
