"""What is next, seen and failed: kept in the database, so that a crawl goes on where it was. No network."""

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from crawler import regime
from crawler.library import is_library
from crawler.parse import ListPage, Page
from crawler.regime import App
from crawler.spotify import FIRST_PAGE, ITEMS_PAGE
from crawler.words import words
from db import found as rows
from db.connection import transaction
from db.dropped import drop
from db.found import EMPTY, FAILED, GONE, STORED, WAITING, WITHHELD, Found, Known, Listing
from db.gate import read_answers, write_answer
from db.records import Playlist, PlaylistEntry
from db.runs import Counts, ImportRun
from db.staging import StagedPage, drop_staged, stage_page, staged_pages
from db.write import store

GONE_FOR_S = 30 * 86_400
"""Seconds for which a playlist that was not there is not asked for again."""
MOST_TRIES = 3
"""So often a run takes a playlist or a list up while reading it fails."""
UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Target:
    """What a crawl is after."""

    mine: bool = False
    """The playlists and liked songs of who is logged in."""
    playlists: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    grow: bool = False
    most: int | None = None
    """At most so many playlists."""
    try_all: bool = False
    """Ask for contents that are most likely withheld, too."""

    @property
    def written(self) -> str:
        """Give it as a text by which a stopped crawl is found again; how many were wanted does not count."""
        told = {"mine": self.mine, "playlists": self.playlists, "users": self.users, "searches": self.searches}
        return json.dumps({**told, "grow": self.grow, "try_all": self.try_all})

    @property
    def listings(self) -> tuple[str, ...]:
        """Name the lists to be read, in order."""
        mine = ("mine",) if self.mine else ()
        return (*mine, *(f"user:{user}" for user in self.users), *(f"search:{text}" for text in self.searches))


@dataclass(frozen=True, slots=True)
class Whole:
    """A playlist with all its entries, ready to be stored."""

    known: Known
    found: Found
    entries: tuple[PlaylistEntry, ...]

    @property
    def state(self) -> str:
        """Tell what it is once it is stored: empty, or not, even where it holds no music."""
        return STORED if self.found.total else EMPTY


class Frontier:
    """The rows of one crawl. Each method is one transaction or one question; one at a time.

    me: the user id of who is logged in, empty without.
    """

    def __init__(self, connection: sqlite3.Connection, target: Target, place: str, now: Callable[[], float]) -> None:
        self._connection, self._target, self._now = connection, target, now
        self.me = ""
        with transaction(connection):
            key, import_key, began, self.goes_on = rows.open_crawl(connection, target.written, int(now()))
        self._key = key
        self._run = ImportRun("spotify", place, int(now()), began=began)
        self._run.go_on(connection, import_key)

    @property
    def import_number(self) -> int | None:
        """Give the number by which this crawl is taken back; None while it stored nothing."""
        return self._run.number

    def known_app(self, client: str) -> App:
        """Give what is remembered of the app."""
        since = int(self._now()) - regime.REMEMBERED_S
        return regime.remembered(read_answers(self._connection, client, since))

    def learn_app(self, client: str, before: App, after: App) -> None:
        """Remember what is new of the app."""
        with transaction(self._connection):
            for question, answer in regime.learned(before, after).items():
                write_answer(self._connection, client, question, answer, int(self._now()))

    def listing(self, name: str) -> Listing:
        """Tell how far a list was read."""
        return rows.read_listing(self._connection, self._key, name)

    def listings(self) -> tuple[str, ...]:
        """Name the lists to be read: those that were asked for, and the search that the last run was stopped in."""
        begun = rows.begun_searches(self._connection, self._key)
        return tuple(dict.fromkeys((*self._target.listings, *begun)))

    def room(self) -> int | None:
        """Tell how many more playlists may be taken; None: any number."""
        if self._target.most is None:
            return None
        return max(0, self._target.most - rows.taken_count(self._connection, self._key))

    def take_list(self, listing: str, pages: Sequence[ListPage], app: App) -> Counter[str]:
        """Take in the next pages of a list, in order; counts what became of its playlists."""
        with transaction(self._connection):
            found = [playlist for page in pages for playlist in page.found]
            counts, complete = self._take(found, app, named=False)
            end, total = pages[-1].beyond, pages[-1].total
            done = end >= total or not complete
            rows.write_listing(self._connection, self._key, listing, Listing(end, total, done))
            return counts

    def take_named(self, found: Sequence[Found], app: App) -> Counter[str]:
        """Take in playlists that the user named: nothing but the id is known, or what it was when it was last seen."""
        with transaction(self._connection):
            known = rows.known_playlists(self._connection, [playlist.playlist_id for playlist in found])
            before = {playlist_id: replace(one.found, snapshot_id=None) for playlist_id, one in known.items()}
            return self._take([before.get(playlist.playlist_id, playlist) for playlist in found], app, named=True)[0]

    def next_word(self) -> str | None:
        """Give the next word to search for."""
        return rows.next_word(self._connection)

    def mark_searched(self, text: str) -> None:
        """Say that a search is done; one for a single word is that word's, however it was written."""
        found = words([text])
        with transaction(self._connection):
            for word in {text, *found} if len(found) == 1 else {text}:
                rows.mark_searched(self._connection, word, int(self._now()))

    def _take(self, found: Sequence[Found], app: App, *, named: bool) -> tuple[Counter[str], bool]:
        """Write what becomes of each; tells too whether there was room for all."""
        known = rows.known_playlists(self._connection, [f.playlist_id for f in found])
        room, counts, taken = self.room(), Counter[str](), dict[str, tuple[Found, str, int]]()
        for playlist in found:
            before = known.get(playlist.playlist_id)
            if playlist.playlist_id in taken or (before and before.crawl_key == self._key):
                continue
            state, checked_at = self._verdict(playlist, before, app, named=named)
            if room is not None and state in (WAITING, STORED, EMPTY):
                if not room:
                    break
                room -= 1
            taken[playlist.playlist_id] = (playlist, state, checked_at)
            counts[UNCHANGED if state == STORED else state] += state != WAITING
        self._put([*taken.values()])
        self._keep([playlist for playlist, state, _ in taken.values() if state == EMPTY])
        unchanged = [playlist.playlist_id for playlist, state, _ in taken.values() if state == STORED]
        rows.confirm_contents(self._connection, unchanged, int(self._now()))
        return counts, room is None or room > 0

    def _put(self, told: Sequence[tuple[Found, str, int]]) -> None:
        """Write what is told of playlists, and count the words of names that are new."""
        known = rows.known_playlists(self._connection, [found.playlist_id for found, _, _ in told])
        named = {playlist_id for playlist_id, before in known.items() if before.found.name}
        new = [f.name for f, _, _ in told if f.playlist_id not in named and not is_library(f.playlist_id)]
        rows.put_found(self._connection, told, self._key)
        rows.add_words(self._connection, sorted(words(new).items()))

    def _verdict(self, playlist: Found, known: Known | None, app: App, *, named: bool) -> tuple[str, int]:
        """Decide what becomes of a playlist that a list tells of, and since when that is known."""
        now = int(self._now())
        if known and known.state == GONE and now - known.checked_at < GONE_FOR_S:
            return GONE, known.checked_at
        if not (named or self._target.try_all) and regime.is_withheld(app, playlist, self.me):
            return WITHHELD, now
        if playlist.total == 0 and playlist.snapshot_id:
            return EMPTY, now
        same = known and known.stored_snapshot and known.stored_snapshot == playlist.snapshot_id
        return (STORED if same else WAITING), now

    def _keep(self, empty: Sequence[Found]) -> None:
        """Store playlists that hold nothing, which their lists have told already."""
        if empty:
            known = rows.known_playlists(self._connection, [playlist.playlist_id for playlist in empty])
            self._store([Whole(known[playlist.playlist_id], playlist, ()) for playlist in empty])

    # What is read.

    def waiting(self, after: int, most: int) -> list[Known]:
        """Give the next playlists to read, in the order in which they were found."""
        return rows.waiting_playlists(self._connection, self._key, after, most)

    def waiting_requests(self) -> tuple[int, int]:
        """Count the playlists that wait, and the requests that reading them takes."""
        totals = rows.waiting_totals(self._connection, self._key)
        requests = sum(count * requests_for(total or 0) for total, count in totals)
        return sum(count for _, count in totals), requests - rows.staged_count(self._connection, self._key)

    def staged(self, known: Known) -> list[StagedPage]:
        """Give the pages of a playlist that an earlier run fetched."""
        return staged_pages(self._connection, known.key)

    def stage(self, known: Known, found: Found, page: Page) -> None:
        """Keep a page of a playlist that is not whole yet. found: as the playlist's own answer tells of it."""
        with transaction(self._connection):
            if page.start == 0:
                self._put([(found, WAITING, int(self._now()))])
            staged = StagedPage(page.start, page.beyond, page.total, found.snapshot_id, page.entries)
            stage_page(self._connection, known.key, staged)

    def unstage(self, known: Known) -> None:
        """Throw the pages away, because the playlist changed meanwhile."""
        with transaction(self._connection):
            drop_staged(self._connection, known.key)

    def store(self, playlists: Sequence[Whole]) -> Counts:
        """Store whole playlists, all of them in one transaction."""
        with transaction(self._connection):
            return self._store(playlists)

    def _store(self, playlists: Sequence[Whole]) -> Counts:
        now = int(self._now())
        counts = store(self._connection, self._run, [_playlist(whole) for whole in playlists])
        rows.confirm_contents(self._connection, [whole.found.playlist_id for whole in playlists], now)
        self._put([(whole.found, whole.state, now) for whole in playlists])
        for whole in playlists:
            rows.settle(self._connection, whole.known.key, whole.state, whole.found.snapshot_id, now)
            drop_staged(self._connection, whole.known.key)
        rows.note_crawl(self._connection, self._key, self._run.key, "")
        return counts

    def settle(self, known: Known, state: str, found: Found | None = None) -> None:
        """Say what became of a playlist that could not be read, or is unchanged."""
        with transaction(self._connection):
            now = int(self._now())
            if found:
                self._put([(found, state, now)])
            rows.settle(self._connection, known.key, state, None, now)
            if state == STORED:
                rows.confirm_contents(self._connection, [known.found.playlist_id], now)
            drop_staged(self._connection, known.key)

    def put_back(self, known: Known) -> bool:
        """Say that reading a playlist failed; tells whether it is taken up again."""
        again = known.tries + 1 < MOST_TRIES
        with transaction(self._connection):
            rows.put_back(self._connection, known.key, known.tries + 1, WAITING if again else FAILED)
        return again

    def note_dropped(self, counts: Mapping[str, int]) -> None:
        """Keep what was left out of the playlists that were read, by the reason, where anything was stored."""
        if self._run.key is not None and any(counts.values()):
            with transaction(self._connection):
                drop(self._connection, self._run.key, counts)

    def close(self, reason: str, *, finished: bool) -> None:
        """Say why the crawl stopped; one that is not finished goes on with the next run."""
        with transaction(self._connection):
            rows.note_crawl(self._connection, self._key, self._run.key, reason)
            if finished:
                rows.finish_crawl(self._connection, self._key, int(self._now()))


def requests_for(total: int) -> int:
    """Count the requests for a playlist of so many places: its pages, and with several a look whether it changed."""
    return 1 if total <= FIRST_PAGE else 2 + ceil((total - FIRST_PAGE) / ITEMS_PAGE)


def _playlist(whole: Whole) -> Playlist:
    found = whole.found
    return Playlist(found.playlist_id, found.name, whole.entries, found.description, found.owner)
