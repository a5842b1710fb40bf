"""Playlists written back: one, whole, in order, whatever gets lost on the way."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest
from aiohttp import web
from click.testing import CliRunner, Result

from crawler import parse
from crawler.errors import Blocked, CrawlerError, Missing, NotLoggedIn, Refused, Unreachable
from crawler.export import Exported, export_playlist
from crawler.export_option import with_export
from crawler.pacing import Pacer
from crawler.spotify import ITEMS_PAGE, LIST_PAGE, Spotify
from crawler.token import READ_SCOPES, WRITE_SCOPES
from crawler.transport import Manner, Transport
from db.connection import open_writer
from db.gate import Gate, read_gate
from demo.spotify import serving
from demo.spotify.serving import Options
from tests.crawler.small import at, log_in, song_id

IDS = [f"{number:022d}" for number in range(350)]
URIS = [f"spotify:track:{track_id}" for track_id in IDS]
ABOUT = "Suggested by Segue on 2026-11-21 at 10:11:12"


class Tiny:
    """A Spotify of one user that writes; what goes wrong with the next writes is laid out in turn.

    lost: it is done, and no answer comes. broken: it is not done. odd: it is done, and the answer tells nothing.
    quota, taken: it is refused.
    """

    def __init__(self, *trouble: str) -> None:
        self.trouble = list(trouble)
        self.made: dict[str, dict[str, Any]] = {}
        self.writes = 0
        self.public: bool | None = None

    def add(self, name: str, description: str = "", uris: Sequence[str] = (), owner: str = "me") -> str:
        """Make a playlist."""
        playlist_id = f"{len(self.made):022d}"
        self.made[playlist_id] = {"name": name, "description": description, "uris": [*uris], "owner": owner}
        return playlist_id

    def contents(self, name: str) -> list[list[str]]:
        """Give the contents of all playlists of a name."""
        return [told["uris"] for told in self.made.values() if told["name"] == name]

    async def make(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.public = body["public"]
        return await self._write(request, lambda: {"id": self.add(body["name"], body["description"])})

    async def fill(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        assert 0 < len(body["uris"]) <= 100
        entries = self.made[request.match_info["id"]]["uris"]

        def put() -> dict[str, str]:
            entries.extend(body["uris"])
            return {"snapshot_id": "made-up"}

        return await self._write(request, put)

    async def _write(self, request: web.Request, change: Callable[[], dict[str, str]]) -> web.StreamResponse:
        self.writes += 1
        wrong = self.trouble.pop(0) if self.trouble else ""
        if wrong == "broken":
            return web.json_response({}, status=503)
        if wrong == "quota":
            body = {"error": {"status": 429, "message": "Too many requests", "reason": "QUOTA_EXCEEDED"}}
            return web.json_response(body, status=429, headers={"Retry-After": "4000"})
        if wrong == "taken":
            return web.json_response({"error": {"status": 403, "message": "Forbidden"}}, status=403)
        told = change()
        if wrong == "lost":
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({} if wrong == "odd" else told, status=201)

    async def me(self, _request: web.Request) -> web.StreamResponse:
        return web.json_response({"id": "me"})

    async def listed(self, _request: web.Request) -> web.StreamResponse:
        items = [self._told(playlist_id) for playlist_id in reversed(self.made)]
        return web.json_response({"items": [None, *items], "total": len(items) + 1, "limit": 50})

    async def one(self, request: web.Request) -> web.StreamResponse:
        playlist_id = request.match_info["id"]
        items = [{"item": {"id": uri.rpartition(":")[2]}} for uri in self.made[playlist_id]["uris"][:100]]
        told = self._told(playlist_id)
        return web.json_response(told | {"items": {"items": items, "limit": 100} | told["items"]})

    def _told(self, playlist_id: str) -> dict[str, Any]:
        playlist = self.made[playlist_id]
        told = {"id": playlist_id, "name": playlist["name"], "owner": {"id": playlist["owner"]}}
        return told | {"description": playlist["description"], "items": {"total": len(playlist["uris"])}}


async def _at_once(_seconds: float) -> None:
    await asyncio.sleep(0)


async def _forget(_gate: Gate) -> None:
    pass


def _manner() -> Manner:
    """Give a manner whose waits take no time, on a clock of its own."""
    moment = [time.time()]

    async def sleep(seconds: float) -> None:
        moment[0] += seconds
        await asyncio.sleep(0)

    return Manner(Pacer(0), now=lambda: moment[0], sleep=sleep)


async def _with(tiny: Tiny, do: Callable[[Spotify], Awaitable[Exported]]) -> Exported:
    application = web.Application()
    application.add_routes(
        [
            web.get("/me", tiny.me),
            web.get("/me/playlists", tiny.listed),
            web.post("/me/playlists", tiny.make),
            web.get("/playlists/{id}", tiny.one),
            web.post("/playlists/{id}/items", tiny.fill),
        ]
    )
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = runner.addresses[0][1]
        async with Transport("Spotify", None, Gate(), _manner(), _forget) as transport:
            return await do(Spotify(transport, f"http://127.0.0.1:{port}"))
    finally:
        await runner.cleanup()


def export(tiny: Tiny, track_ids: Sequence[str] = IDS, *, public: bool = False) -> Exported:
    return asyncio.run(
        _with(tiny, lambda spotify: export_playlist(spotify, "Mix", ABOUT, track_ids, public, sleep=_at_once))
    )


def test_the_tracks_stand_in_order_and_what_is_not_spotify_s_is_left_out() -> None:
    tiny = Tiny()
    exported = export(tiny, [*IDS[:120], "x:" + "0" * 20, *IDS[120:], "nonsense"])
    assert tiny.contents("Mix") == [URIS]
    assert (exported.added, exported.left_out) == (350, 2)
    assert exported.url == f"https://open.spotify.com/playlist/{exported.playlist_id}"
    assert (tiny.writes, tiny.public) == (5, False)


def test_without_a_track_of_spotify_s_nothing_is_made() -> None:
    tiny = Tiny()
    with pytest.raises(Missing):
        export(tiny, ["x:" + "0" * 20])
    assert tiny.made == {}


@pytest.mark.parametrize("first", ["lost", "broken", "odd"])
def test_a_playlist_whose_making_was_not_answered_is_made_once(first: str) -> None:
    """An older one of the same name is left alone, an empty one too, and so is that of somebody else."""
    tiny = Tiny(first)
    tiny.add("Mix", ABOUT, owner="somebody else")
    tiny.add("Mix", "made last year")
    tiny.add("Mix", ABOUT, URIS[:1])
    export(tiny, IDS[:5])
    assert sorted(tiny.contents("Mix"), key=len) == [[], [], URIS[:1], URIS[:5]]


@pytest.mark.parametrize(
    "trouble",
    [("", "lost"), ("", "broken"), ("", "", "lost", "broken", "lost"), ("lost", "lost", "lost", "lost", "lost"),
        ("broken", "broken", "", "broken", "broken", "", "", "lost")],
)  # fmt: skip
def test_no_track_is_put_in_twice_or_forgotten_when_answers_are_lost(trouble: tuple[str, ...]) -> None:
    tiny = Tiny(*trouble)
    assert export(tiny).added == 350
    assert tiny.contents("Mix") == [URIS]


def test_what_is_given_up_midway_says_where_the_playlist_is_and_how_much_is_in_it() -> None:
    for wrong, kind in (("broken", Unreachable), ("taken", Refused), ("quota", Blocked)):
        tiny = Tiny("", "", *[wrong] * 3)
        with pytest.raises(kind, match=r"https://open\.spotify\.com/playlist/0{22} holds 100 of 350 tracks") as caught:
            export(tiny)
        assert tiny.contents("Mix") == [URIS[:100]]
        if isinstance(caught.value, Blocked):
            assert caught.value.until > time.time() + 3000


def test_somebody_else_who_changes_the_playlist_meanwhile_is_noticed() -> None:
    tiny = Tiny("", "", "lost")
    make = tiny.fill

    async def fill(request: web.Request) -> web.StreamResponse:
        tiny.made["0" * 22]["uris"].append("spotify:track:" + "z" * 22)
        return await make(request)

    tiny.fill = fill  # type: ignore[method-assign]
    with pytest.raises(Refused, match="somebody else"):
        export(tiny)


@pytest.mark.parametrize("seed", range(20))
def test_over_a_bad_line_there_is_one_playlist_with_a_beginning_of_the_tracks(seed: int) -> None:
    """Against the small Spotify: all of it where the export succeeds."""
    faults = "5xx=10%,reset=10%,truncated=8%,html=8%,429=5%"
    with serving.serving(Options(playlists=60, faults=faults, fault_seed=seed)) as service:
        wanted = [song_id(service, number) for number in range(320)]
        whole, held = asyncio.run(_over_a_bad_line(service, wanted))
    full = [track_ids for track_ids in held if track_ids]
    assert len(full) <= 1
    assert all(track_ids == wanted[: len(track_ids)] for track_ids in full)
    assert whole == (full == [wanted])


@dataclass
class _Held:
    """Who gives the token."""

    token: str

    async def current(self) -> str:
        return self.token

    async def renewed(self, stale: str) -> str:
        return stale


async def _over_a_bad_line(service: serving.Places, wanted: Sequence[str]) -> tuple[bool, list[list[str]]]:
    """Export; tells whether that succeeded, and gives the contents of what was made."""
    tokens = _Held(service.token(*READ_SCOPES, *WRITE_SCOPES))
    async with Transport("Spotify", tokens, Gate(), _manner(), _forget) as transport:
        spotify = Spotify(transport, service.api)
        try:
            exported = await export_playlist(spotify, "Mix", ABOUT, wanted, public=False, sleep=_at_once)
        except CrawlerError:
            return False, await _made(spotify)
        assert exported.added == len(wanted)
        return True, await _made(spotify)


async def _made(spotify: Spotify) -> list[list[str]]:
    """Read all playlists of that name."""
    listed = parse.list_page(await spotify.my_playlists(0, LIST_PAGE), 0, LIST_PAGE)
    made = []
    for playlist in listed.found:
        if playlist.name == "Mix":
            read = list[str]()
            while len(read) < (playlist.total or 0):
                page = parse.page(await spotify.playlist_items(playlist.playlist_id, len(read)), len(read), ITEMS_PAGE)
                read += [entry.track.track_id for entry in page.entries]
            made.append(read)
    return made


async def _look(service: serving.Places) -> list[list[str]]:
    tokens = _Held(service.token(*READ_SCOPES))
    async with Transport("Spotify", tokens, Gate(), _manner(), _forget) as transport:
        return await _made(Spotify(transport, service.api))


# The option.


@dataclass(frozen=True)
class _Suggestion:
    track_id: str


@dataclass(frozen=True)
class _Answer:
    suggestions: tuple[_Suggestion, ...]


def _suggesting(database: Path, track_ids: Sequence[str], *told: str) -> Result:
    @click.command()
    @click.option("-n", "most", default=10)
    @click.pass_obj
    def suggest(_database: Path, most: int) -> _Answer:
        for track_id in track_ids[:most]:
            click.echo(track_id)
        return _Answer(tuple(map(_Suggestion, track_ids[:most])))

    return CliRunner().invoke(with_export(suggest), [*told], obj=database)


def test_suggestions_become_a_playlist_and_stdout_stays_as_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving.serving(Options(regime="RESTRICTED", playlists=60)) as service:
        at(service, tmp_path, monkeypatch)
        log_in(service, tmp_path, monkeypatch, READ_SCOPES + WRITE_SCOPES)
        ids = [song_id(service, number) for number in range(5)]
        done = _suggesting(tmp_path / "songs.db", [*ids, "x:" + "0" * 20], "--to-spotify", "Mix", "-n", "6")
        assert done.exit_code == 0, done.stderr
        assert done.stdout.split() == [*ids, "x:" + "0" * 20]
        assert asyncio.run(_look(service)) == [ids]
        assert "https://open.spotify.com/playlist/" in done.stderr
        assert "5 tracks" in done.stderr
        assert "1 that are not Spotify's" in done.stderr


def test_without_the_option_nothing_is_made_and_nothing_more_is_said(tmp_path: Path) -> None:
    done = _suggesting(tmp_path / "songs.db", IDS[:3])
    assert (done.exit_code, done.stdout.split(), done.stderr) == (0, IDS[:3], "")
    assert not (tmp_path / "songs.db").exists()


@pytest.mark.parametrize("told", [("--public",), ("--to-spotify", " ")])
def test_a_playlist_without_a_name_is_a_wrong_usage(told: tuple[str, ...], tmp_path: Path) -> None:
    assert _suggesting(tmp_path / "songs.db", IDS[:3], *told).exit_code == 2


def test_a_login_that_may_not_write_is_told_which_one_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving.serving(Options(playlists=60)) as service:
        at(service, tmp_path, monkeypatch)
        log_in(service, tmp_path, monkeypatch)
        done = _suggesting(tmp_path / "songs.db", IDS[:3], "--to-spotify", "Mix")
        assert isinstance(done.exception, NotLoggedIn)
        assert "segue login --write" in str(done.exception)
        assert service.requests() == []


def test_a_quota_that_is_met_while_writing_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving.serving(Options(playlists=60, faults="quota=1")) as service:
        at(service, tmp_path, monkeypatch)
        log_in(service, tmp_path, monkeypatch, READ_SCOPES + WRITE_SCOPES)
        ids = [song_id(service, number) for number in range(5)]
        done = _suggesting(tmp_path / "songs.db", ids, "--to-spotify", "Mix")
        assert isinstance(done.exception, Blocked)
        assert "holds 0 of 5 tracks" in str(done.exception)
        sent = len(service.requests())
        assert isinstance(_suggesting(tmp_path / "songs.db", ids, "--to-spotify", "Mix").exception, Blocked)
        assert len(service.requests()) == sent
    with open_writer(tmp_path / "songs.db", "testing") as connection:
        account = f"spotify at {service.api.split('/')[2]}"
        assert read_gate(connection, account).blocked_until > time.time()


def test_the_option_costs_a_command_no_heavy_imports() -> None:
    import subprocess
    import sys

    code = "import sys, crawler.export_option; print([m for m in ('aiohttp', 'requests', 'numpy') if m in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "[]\n"
