"""The three kinds of Spotify app, and what each may ask for. Pure."""

from enum import StrEnum


class Regime(StrEnum):
    """Which endpoints and fields an app gets."""

    EXT = "EXT"
    """Extended Quota Mode: everything."""
    LEGACY = "LEGACY"
    """Development Mode, client id from before 2026-02-11: old and new keys, no audio features."""
    RESTRICTED = "RESTRICTED"
    """Development Mode since: one's own library, one thing at a time."""

    @property
    def full(self) -> bool:
        """Whether the old endpoints and fields still answer."""
        return self is not Regime.RESTRICTED

    @property
    def search_limit(self) -> tuple[int, int]:
        """The usual and the greatest page of a search."""
        return (20, 50) if self.full else (5, 10)
