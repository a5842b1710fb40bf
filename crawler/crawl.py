"""The crawl: next, fetch, parse, store, until there is nothing left or something stops it; then it says which."""

import asyncio

from crawler.errors import CrawlerError, Unreachable
from crawler.finding import find, start
from crawler.frontier import UNCHANGED, Whole
from crawler.reading import Outcome, read
from crawler.work import Crawl
from db.found import EMPTY, FAILED, GONE, STORED, Known

BATCH = 64
"""So many playlists are stored at once at most."""


async def crawl(work: Crawl) -> None:
    """Crawl until all is done or something stops it; work.stopped_by says what, None where nothing did."""
    try:
        await start(work)
        await find(work, await work.rows_of(work.frontier.listings))
        await _read_waiting(work)
        while work.target.grow and not work.stopped_by and (word := await _next_word(work)):
            await find(work, (f"search:{word}",))
            await _read_waiting(work)
    except CrawlerError as error:
        work.stop(error)
    except BaseExceptionGroup as errors:  # of a worker or the writer: the first is what went wrong
        raise errors.exceptions[0] from None


async def _next_word(work: Crawl) -> str | None:
    if await work.rows_of(work.frontier.room) == 0:
        return None
    return await work.rows_of(work.frontier.next_word)


async def _read_waiting(work: Crawl) -> None:
    """Read all playlists that wait, as many at once as may be, and store each when it is whole."""
    work.todo, work.requests_ahead = await work.rows_of(work.frontier.waiting_requests)
    if not work.todo:
        return
    work.watch.planned(work)
    todo: asyncio.Queue[Known | None] = asyncio.Queue(2 * work.concurrency)
    done: asyncio.Queue[Whole | None] = asyncio.Queue(4 * work.concurrency)
    async with asyncio.TaskGroup() as group:
        writer = group.create_task(_write(work, done))
        workers = [group.create_task(_work(work, todo, done)) for _ in range(work.concurrency)]
        await _feed(work, todo, done)
        for _ in workers:
            await todo.put(None)
        await asyncio.wait(workers)
        await done.put(None)
        await writer


async def _feed(work: Crawl, todo: asyncio.Queue[Known | None], done: asyncio.Queue[Whole | None]) -> None:
    """Hand out what waits; what could not be read comes again when the others are through."""
    handed = -1
    while handed and not work.stopped_by:
        after = handed = 0
        while not work.stopped_by and (block := await work.rows_of(work.frontier.waiting, after, todo.maxsize)):
            after = block[-1].key
            for known in block:
                handed += 1
                await todo.put(known)
        await todo.join()
        await done.join()


async def _work(work: Crawl, todo: asyncio.Queue[Known | None], done: asyncio.Queue[Whole | None]) -> None:
    while known := await todo.get():
        try:
            if not work.stopped_by:
                await _take(work, known, done)
        except Unreachable as error:
            again = await work.rows_of(work.frontier.put_back, known)
            work.counts[FAILED] += not again
            work.todo -= not again
            work.unlucky(error)
        except CrawlerError as error:
            work.stop(error)
        finally:
            todo.task_done()


async def _take(work: Crawl, known: Known, done: asyncio.Queue[Whole | None]) -> None:
    outcome = await read(work, known)
    work.lucky()
    if isinstance(outcome, Whole):
        await done.put(outcome)
    else:
        await _settle(work, known, outcome)
    work.watch.moved(work)


async def _settle(work: Crawl, known: Known, outcome: Outcome) -> None:
    await work.rows_of(work.frontier.settle, known, outcome.state, outcome.found)
    work.counts[UNCHANGED if outcome.state == STORED else outcome.state] += 1
    work.todo -= 1
    if outcome.state == GONE and known.found.playlist_id in work.target.playlists:
        work.refused.append(f"playlist {known.found.playlist_id}: there is no such one, or it is not to be seen")


async def _write(work: Crawl, done: asyncio.Queue[Whole | None]) -> None:
    """Store whole playlists, together those that have come in the meantime."""
    ended = False
    while not ended:
        batch = [await done.get()]
        while len(batch) < BATCH and not done.empty():
            batch.append(done.get_nowait())
        ended = None in batch
        if wholes := [whole for whole in batch if whole]:
            work.stored += await work.rows_of(work.frontier.store, wholes)
            work.counts[STORED] += sum(whole.state == STORED for whole in wholes)
            work.counts[EMPTY] += sum(whole.state == EMPTY for whole in wholes)
            work.todo -= len(wholes)
            work.watch.moved(work)
            await work.remember()
        for _ in batch:
            done.task_done()
