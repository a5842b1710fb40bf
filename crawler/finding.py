"""Which playlists there are: who is logged in, and lists read page by page, several at once."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import ceil
from typing import Any

from crawler import parse, regime
from crawler.errors import Missing, Refused, Unreachable
from crawler.frontier import MOST_TRIES
from crawler.library import library
from crawler.parse import ListPage
from crawler.spotify import FURTHEST_SEARCH, LIST_PAGE
from crawler.work import Crawl
from db.found import Found, Listing


async def start(work: Crawl) -> None:
    """Ask who is logged in, and take in what the user named."""
    work.app = await work.rows_of(work.frontier.known_app, work.client)
    named = [Found(playlist_id) for playlist_id in work.target.playlists]
    if work.of_user:
        told = await work.spotify.me()
        me = parse.me(told)
        work.frontier.me = me.user_id
        await work.learn(regime.seen_me(work.app, told))
        if work.target.mine:
            named.append(library(me))
    work.counts.update(await work.rows_of(work.frontier.take_named, named, work.app))


async def find(work: Crawl, listings: Iterable[str]) -> None:
    """Read lists of playlists, named as in Target.listings, to their ends; a list that is refused is noted."""
    for name in listings:
        kind, _, what = name.partition(":")
        try:
            done = await _read_patiently(work, name)
        except (Missing, Refused) as error:
            work.refused.append(f"{name.replace(':', ' ', 1)}: {_why(work, kind, error)}")
            done = True  # else a crawl that grows would come back to the same word for ever
        if done and kind == "search":
            await work.rows_of(work.frontier.mark_searched, what)


def _why(work: Crawl, kind: str, error: Missing | Refused) -> str:
    if kind == "user" and isinstance(error, Refused) and work.app.restricted is not False:
        return "Spotify gives the lists of other users only to extended apps, and to those made before 2026-02-11"
    return str(error)


async def _read_patiently(work: Crawl, name: str) -> bool:
    for _ in range(MOST_TRIES - 1):
        try:
            return await _read_list(work, name)
        except Unreachable:
            continue
    return await _read_list(work, name)


async def _read_list(work: Crawl, name: str) -> bool:
    """Read a list to its end, or until there is no room; tells whether it is done."""
    how_far = await work.rows_of(work.frontier.listing, name)
    while not how_far.done:
        limit = work.app.search_limit if name.startswith("search:") else LIST_PAGE
        offsets = _next_offsets(how_far, limit, work.concurrency, await work.rows_of(work.frontier.room))
        if not offsets:
            break
        spans = await asyncio.gather(*(_span(work, name, at, limit) for at in offsets), return_exceptions=True)
        whole, error = _before_trouble(spans)
        if name.startswith("search:") and await _is_too_large(work, limit, error):
            continue
        if whole:
            counts = await work.rows_of(work.frontier.take_list, name, whole, work.app)
            work.counts.update(counts)
            work.watch.listed(work, whole[-1].beyond, whole[-1].total)
            await work.remember()
        if error:
            raise error
        how_far = await work.rows_of(work.frontier.listing, name)
    return how_far.done


def _next_offsets(how_far: Listing, limit: int, most: int, room: int | None) -> list[int]:
    """Name the pages to ask for next: the first alone, because it tells how many there are."""
    if room == 0:
        return []
    pages = ceil((how_far.total - how_far.next_offset) / limit) if how_far.next_offset else 1
    if room is not None:
        pages = min(pages, ceil(room / limit))
    return [how_far.next_offset + page * limit for page in range(min(pages, most))]


def _before_trouble(
    spans: Sequence[Sequence[ListPage] | BaseException],
) -> tuple[list[ListPage], BaseException | None]:
    pages: list[ListPage] = []
    for span in spans:
        if isinstance(span, BaseException):
            return pages, span
        pages += span
    return pages, None


async def _span(work: Crawl, name: str, offset: int, limit: int) -> list[ListPage]:
    """Read one page's worth of a list, in several requests where the answers are shorter than asked."""
    pages: list[ListPage] = []
    end = offset + limit
    while offset < end:
        page = parse.list_page(await _page(work, name, offset, end - offset), offset, end - offset)
        if name.startswith("search:"):
            page = replace(page, total=min(page.total, FURTHEST_SEARCH))
        pages.append(page)
        if page.beyond <= offset or page.beyond >= page.total:
            break
        offset = page.beyond
    return pages


async def _page(work: Crawl, name: str, offset: int, limit: int) -> Any:
    kind, _, what = name.partition(":")
    if kind == "mine":
        return await work.spotify.my_playlists(offset, limit)
    if kind == "user":
        return await work.spotify.user_playlists(what, offset, limit)
    return await work.spotify.search_playlists(what, offset, limit)


async def _is_too_large(work: Crawl, limit: int, error: BaseException | None) -> bool:
    """Tell whether a search is refused for the size of its pages, which depends on the app; remember what it may be."""
    too_large = isinstance(error, Refused) and error.status == 400 and "limit" in str(error).lower()
    if too_large and limit == LIST_PAGE:
        await work.learn(replace(work.app, small_search=True))
        return True
    if error is None and work.app.small_search is None:
        await work.learn(replace(work.app, small_search=limit < LIST_PAGE))
    return False
