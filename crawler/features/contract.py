"""What a provider of audio features keeps to."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from crawler.errors import CrawlerError, Unreachable
from db.lacking import Asked
from db.records import AudioFeatures


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a provider answered. A track that is neither found nor missing was not answered for."""

    found: Mapping[str, AudioFeatures] = field(default_factory=dict)
    """By track_id."""
    missing: frozenset[str] = frozenset()
    """The track_ids that the provider does not have."""
    trouble: CrawlerError | None = None
    """Why not all was answered."""

    def __or__(self, other: "Fetched") -> "Fetched":
        trouble = self.trouble
        if trouble is None or (isinstance(trouble, Unreachable) and other.trouble):
            trouble = other.trouble  # what ends a run tells more than one failed request
        return Fetched({**self.found, **other.found}, self.missing | other.missing, trouble)


class Provider(Protocol):
    """A service, or another source, that has audio features in Spotify's units."""

    @property
    def name(self) -> str:
        """Give the name for --provider, and for the source of what is stored."""
        ...

    @property
    def foreign(self) -> bool:
        """Tell whether it is a service that is not Spotify, to which nothing is sent without consent."""
        ...

    @property
    def at_once(self) -> int:
        """Tell how many tracks one request asks for at most."""
        ...

    @property
    def by_isrc(self) -> bool:
        """Tell whether it knows tracks by their ISRC too."""
        ...

    async def fetch(self, asked: Sequence[Asked]) -> Fetched:
        """Ask for the features of any number of tracks; what goes wrong comes back as the trouble."""
        ...


async def in_parts(
    asked: Sequence[Asked], size: int, fetch: Callable[[Sequence[Asked]], Awaitable[Fetched]]
) -> Fetched:
    """Ask in parts, as many at once as the transport lets; a part that fails takes nothing from the others."""
    parts = [asked[start : start + size] for start in range(0, len(asked), size)]
    told = Fetched()
    for fetched in await asyncio.gather(*(_safely(fetch, part) for part in parts)):
        told |= fetched
    return told


async def _safely(fetch: Callable[[Sequence[Asked]], Awaitable[Fetched]], part: Sequence[Asked]) -> Fetched:
    try:
        return await fetch(part)
    except CrawlerError as error:
        return Fetched(trouble=error)
