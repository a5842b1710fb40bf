"""Reading one playlist: its pages staged one by one, and held against its snapshot before it counts as whole."""

from collections import Counter
from dataclasses import dataclass, replace

from crawler import parse, regime
from crawler.errors import Missing, Refused, Unreachable
from crawler.frontier import Whole
from crawler.library import is_library, signature
from crawler.parse import Contents, Page
from crawler.spotify import ITEMS_PAGE, LIST_PAGE, LONGEST_PLAYLIST
from crawler.work import Crawl
from db.found import FAILED, GONE, STORED, WITHHELD, Found, Known
from db.records import PlaylistEntry

_CHANGES = 3
"""So often a playlist may change while it is read before it is put back."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a playlist whose contents are not new; found: where its own answer told of it."""

    state: str
    found: Found | None = None


async def read(work: Crawl, known: Known) -> Whole | Outcome:
    """Read a playlist to its end; raises Unreachable where it cannot be read, or changes all the time."""
    for _ in range(_CHANGES):
        try:
            outcome = await _read_once(work, known)
        except Missing:
            return Outcome(GONE)
        except Refused as error:
            return Outcome(WITHHELD if error.status == 403 else FAILED)
        if outcome:
            return outcome
        work.counts["changed meanwhile"] += 1
        await work.rows_of(work.frontier.unstage, known)
    raise Unreachable(f"playlist {known.found.playlist_id} changes all the time: run this again later")


@dataclass
class _Draft:
    """A playlist as far as it is read."""

    found: Found
    entries: list[PlaylistEntry]
    beyond: int
    """The place of the next entry."""
    total: int
    """Places in it, as the last page told."""
    odd: Counter[str]
    paged: bool
    """Whether it has more than one page, so that it may have changed from one to the next."""

    def take(self, page: Page) -> None:
        self.entries += page.entries
        self.beyond, self.total = page.beyond, page.total
        self.odd.update(page.odd)


async def _read_once(work: Crawl, known: Known) -> Whole | Outcome | None:
    """Read the pages that are missing; None where the playlist changed meanwhile."""
    draft = await _begin(work, known)
    if isinstance(draft, Outcome):
        return draft
    while draft.beyond < min(draft.total, LONGEST_PLAYLIST):
        page = await _next_page(work, draft.found, draft.beyond)
        if page.beyond <= page.start:
            break
        draft.take(page)
        await work.rows_of(work.frontier.stage, known, draft.found, page)
        work.watch.moved(work)
    # Totals are no sign of a change: Spotify tells different ones on different pages of one playlist.
    if draft.paged and not await _same(work, draft.found):
        return None
    work.counts.update(draft.odd)
    work.counts[parse.CUT] += draft.total > LONGEST_PLAYLIST
    return Whole(known, replace(draft.found, total=draft.total), tuple(draft.entries))


async def _begin(work: Crawl, known: Known) -> _Draft | Outcome:
    """Take up the pages that an earlier run staged, or else read the first."""
    if staged := await work.rows_of(work.frontier.staged, known):
        last = staged[-1]
        found = replace(known.found, snapshot_id=last.snapshot_id)
        return _Draft(found, [e for page in staged for e in page.entries], last.beyond, last.total, Counter(), True)
    first = await _first_page(work, known)
    if isinstance(first, Outcome):
        return first
    found, page = first
    if not page.last:
        await work.rows_of(work.frontier.stage, known, found, page)
    return _Draft(found, [*page.entries], page.beyond, page.total, Counter(page.odd), not page.last)


async def _first_page(work: Crawl, known: Known) -> tuple[Found, Page] | Outcome:
    """Ask for a playlist itself, which brings its first entries."""
    playlist_id = known.found.playlist_id
    if is_library(playlist_id):
        page = parse.page(await work.spotify.my_tracks(0, LIST_PAGE), 0, LIST_PAGE)
        found = replace(known.found, total=page.total, snapshot_id=signature(page))
    else:
        contents = await _contents(work, playlist_id)
        found, told = contents.found, contents.page
        mine = regime.is_mine(found, work.frontier.me)
        await work.learn(regime.seen_contents(work.app, mine, told is not None))
        if told is None and not mine:
            return Outcome(WITHHELD, found)
        page = await _next_page(work, found, 0) if told is None else told
        found = replace(found, total=page.total)
    if found.snapshot_id and found.snapshot_id == known.stored_snapshot:
        return Outcome(STORED, found)
    return found, page


async def _contents(work: Crawl, playlist_id: str) -> Contents:
    """Ask for what is stored of a playlist; until that has worked once, where it brings nothing, for all of it."""
    narrow = work.app.narrow is not False
    contents = parse.contents(await work.spotify.playlist(playlist_id, narrow=narrow))
    withheld = contents.page is None and regime.is_withheld(work.app, contents.found, work.frontier.me)
    if narrow and work.app.narrow is None and not withheld:
        if contents.page and contents.page.entries:
            await work.learn(replace(work.app, narrow=True))
        elif contents.page is None or contents.page.hollow:
            contents = parse.contents(await work.spotify.playlist(playlist_id))
            if contents.page and contents.page.entries:
                await work.learn(replace(work.app, narrow=False))
    return contents


async def _next_page(work: Crawl, found: Found, offset: int) -> Page:
    """Ask for a page of entries; of an own playlist under the endpoint's older name too, once."""
    if is_library(found.playlist_id):
        return parse.page(await work.spotify.my_tracks(offset, LIST_PAGE), offset, LIST_PAGE)
    if work.app.old_path:
        return parse.page(await work.spotify.playlist_tracks(found.playlist_id, offset), offset, ITEMS_PAGE)
    try:
        told = await work.spotify.playlist_items(found.playlist_id, offset, narrow=bool(work.app.narrow))
    except (Missing, Refused):
        if not regime.is_mine(found, work.frontier.me) or work.app.old_path is not None:
            raise
        told = await work.spotify.playlist_tracks(found.playlist_id, offset)
        await work.learn(replace(work.app, old_path=True))
    return parse.page(told, offset, ITEMS_PAGE)


async def _same(work: Crawl, found: Found) -> bool:
    """Tell whether a playlist is still the one of its first page."""
    if is_library(found.playlist_id):
        page = parse.page(await work.spotify.my_tracks(0, 1), 0, 1)
        return signature(page) == found.snapshot_id
    told = parse.snapshot(await work.spotify.playlist_snapshot(found.playlist_id))
    return told is None or found.snapshot_id is None or told == found.snapshot_id
