"""The liked songs, taken as a playlist of their owner's. Pure."""

from crawler.parse import Me, Page
from db.found import Found

_MARK = "liked:"
LIKED = "Liked Songs"


def library(me: Me) -> Found:
    """Give the playlist that stands for somebody's liked songs."""
    return Found(f"{_MARK}{me.account_id}", LIKED, owner_id=me.user_id, owner=me.name)


def is_library(playlist_id: str) -> bool:
    """Tell whether an id is that of somebody's liked songs."""
    return playlist_id.startswith(_MARK)


def signature(page: Page) -> str:
    """Stand in for the snapshot id, which the library lacks: how many songs, and which is the newest, liked when."""
    newest = next((entry for entry in page.entries if entry.position == 0), None)
    return f"{page.total} {newest.track.track_id} {newest.added_at}" if newest else f"{page.total}"
