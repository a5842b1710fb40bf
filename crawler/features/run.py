"""One run of `segue features`: the line, the providers one after the other, the report."""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.errors import CrawlerError, Enough, Interrupted, Refused
from crawler.features.choosing import NO_FEATURES, RECCOBEATS, SPOTIFY, Chosen, choose
from crawler.features.collect import PARTS, Collecting, collect
from crawler.features.reccobeats import PACE_S, ReccoBeats
from crawler.features.report import Report
from crawler.features.showing import Showing
from crawler.features.spotify import SpotifyFeatures
from crawler.pacing import Pacer
from crawler.places import places
from crawler.regime import App, learned, remembered
from crawler.rows import Rows
from crawler.session import CONCURRENCY, Login, account_of, open_transport
from crawler.session import PACE_S as SPOTIFY_PACE_S
from crawler.spotify import Spotify
from crawler.stopping import interruptible
from crawler.transport import Manner, Transport, used_up
from db.connection import transaction
from db.gate import read_answers, write_answer
from db.lacking import Asker, count_due, count_known, line_up, next_due

_INTERRUPTED = "what was under way is stored; the same command goes on where it was"
_KINDS: dict[str, type[SpotifyFeatures] | type[ReccoBeats]] = {SPOTIFY: SpotifyFeatures, RECCOBEATS: ReccoBeats}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user said; None: what is usual."""

    named: tuple[str, ...] = ()
    """Providers; none: those that can be asked."""
    most_requests: int | None = None
    pace: float | None = None
    concurrency: int | None = None
    quiet: bool = False


@dataclass
class _Run:
    """What the parts of a run share."""

    work: Collecting
    wishes: Wishes
    showing: Showing
    chosen: Chosen
    environment: Mapping[str, str]
    road: Counter[str] = field(default_factory=Counter)
    passed_over: dict[str, CrawlerError] = field(default_factory=dict)


def run(
    connection: sqlite3.Connection,
    environment: Mapping[str, str],
    wishes: Wishes,
    ask: Callable[[str], bool] | None,
) -> Report:
    """Collect audio features, and say what came of it.

    ask: shows a person a text and asks whether to go on; None without a person.
    Raises NotAccepted, NoCredentials, NotLoggedIn, Refused, BadAddress, and what the database raises.
    """
    showing = Showing(quiet=wishes.quiet)
    concurrency = wishes.concurrency or CONCURRENCY
    work = Collecting(Rows(connection), int(time.time()), max(PARTS, 2 * concurrency), showing.moved)
    askers = [Asker(name, _KINDS[name].by_isrc) for name in dict.fromkeys(wishes.named or _KINDS)]
    lined_up = line_up(connection)
    known = count_known(connection, askers, work.since)
    if not lined_up or not any(count_due(connection, asker, work.since) for asker in askers):
        return Report({}, {}, known, 0, {}, {}, {})
    chosen = choose(connection, environment, time.time(), wishes.named, ask)
    told = _Run(work, wishes, showing, chosen, environment, passed_over=dict(chosen.passed_over))
    for error in chosen.passed_over.values():
        showing.say(f"Passed over: {error}")
    stopped_by = asyncio.run(_ask_all(told))
    passed_over = {name: str(error) for name, error in told.passed_over.items()}
    return Report(work.stored, work.missed, known, work.unanswered, told.road, work.imports, passed_over, stopped_by)


async def _ask_all(run: _Run) -> CrawlerError | None:
    """Ask one provider after the other; what stops one lets the next go on, unless it stops them all."""
    first = None
    for name in run.chosen.names:
        trouble = await _ask(run, name)
        first = first or trouble
        if isinstance(trouble, Enough | Interrupted):
            return trouble
    if run.passed_over and run.passed_over.keys() >= set(run.chosen.names):
        raise [*run.passed_over.values()][-1] if run.wishes.named else run.passed_over[RECCOBEATS]
    return first


async def _ask(run: _Run, name: str) -> CrawlerError | None:
    """Ask one provider for all that it may have."""
    work, kind = run.work, _KINDS[name]
    asker = Asker(name, kind.by_isrc)
    due = await work.rows_of(count_due, work.rows_of.connection, asker, work.since)
    most = run.wishes.most_requests
    if not due:
        return None
    if most is not None and run.road["requests"] >= most:
        return Enough(used_up(most))
    service, account, login, pace = _way(run, name)
    run.showing.begin(service, due, kind.at_once, pace)

    def manner(pacer: Pacer) -> Manner:
        left = None if most is None else most - run.road["requests"]
        return Manner(pacer, run.wishes.concurrency or CONCURRENCY, left, tell=run.showing.say)

    tokens = login.tokens if login else None
    try:
        async with open_transport(service, account, tokens, work.rows_of, manner, (pace, None)) as transport:
            with interruptible(transport.stop):
                trouble = await _collect(run, asker, transport, login)
            run.road.update(transport.counts)
    finally:
        run.showing.end()
    return Interrupted(_INTERRUPTED) if isinstance(trouble, Interrupted) else trouble


def _way(run: _Run, name: str) -> tuple[str, str, Login | None, float]:
    """Give a service's name for people, its gate, the login there, and the pace."""
    if name == SPOTIFY and run.chosen.login:
        pace = SPOTIFY_PACE_S if run.wishes.pace is None else run.wishes.pace
        return "Spotify", account_of(run.chosen.login.places, None), run.chosen.login, pace
    host = urlsplit(places(run.environment).reccobeats).netloc
    return "ReccoBeats", f"reccobeats at {host}", None, PACE_S if run.wishes.pace is None else run.wishes.pace


async def _collect(run: _Run, asker: Asker, transport: Transport, login: Login | None) -> CrawlerError | None:
    if login is None:
        return await collect(run.work, ReccoBeats(transport, places(run.environment).reccobeats))
    spotify = Spotify(transport, login.places.api)
    try:
        await _try_one(run, asker, spotify, login)
    except CrawlerError as error:
        trouble: CrawlerError | None = error
    else:
        trouble = await collect(run.work, SpotifyFeatures(spotify))
    if not (isinstance(trouble, Refused) and trouble.status == 403):
        return trouble
    await _learn(run, login, allowed=False)
    run.passed_over[SPOTIFY] = Refused(NO_FEATURES, 403)
    run.showing.say(f"Passed over: {NO_FEATURES}")
    return None


async def _try_one(run: _Run, asker: Asker, spotify: Spotify, login: Login) -> None:
    """Ask Spotify for one track, unless it is known that the app gets features; raises Refused where it does not."""
    rows = run.work.rows_of
    answers = await rows(read_answers, rows.connection, login.credentials.client_id, 0)
    if not remembered(answers).features and (
        block := await rows(next_due, rows.connection, asker, run.work.since, 0, 1)
    ):
        await spotify.audio_features([block.asked[0].track_id])
        await _learn(run, login, allowed=True)


async def _learn(run: _Run, login: Login, *, allowed: bool) -> None:
    """Remember for good whether the app gets features."""
    connection, client = run.work.rows_of.connection, login.credentials.client_id

    def write() -> None:
        with transaction(connection):
            for question, answer in learned(App(), App(features=allowed)).items():
                write_answer(connection, client, question, answer, run.work.now)

    await run.work.rows_of(write)
