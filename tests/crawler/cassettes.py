"""Recording and replaying cassettes: a flow's requests and answers, and beside them what the flow brought."""

import os
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl, urlsplit

import vcr
import yaml
from vcr.request import Request
from vcr.serializers import yamlserializer

from crawler.credentials import Credentials
from crawler.places import Places
from crawler.token_file import Token, token_path, write_token
from demo.ids import Kind
from demo.spotify.serving import Places as Served
from demo.spotify.serving import serving
from tests.crawler.flows import MADE_UP, SCOPES, Flow, Stage, Told
from tests.crawler.running import home_variables, make_login
from tests.crawler.scrubbing import Scrubber

FOLDER = Path(__file__).resolve().parents[1] / "cassettes"
ELSEWHERE = "https://listener.example/callback"
"""A redirect URI at which nobody listens, so that the address is pasted."""
APP = Credentials(MADE_UP.format("client_id", 1), redirect_uri=ELSEWHERE)
"""The app of those who replay."""
_TOLD, _WITH_SECRET = "told", "with a client secret"
"""What a cassette holds beside requests and answers: what the flow brought, and which kind of app it had."""
_DAY_S = 86_400


Cassette = dict[str, Any]
"""A cassette as its file has it."""


@dataclass(frozen=True)
class Played:
    """A cassette that was replayed."""

    told: Told
    """What the flow brought now."""
    recorded: Told
    """What it brought when it was recorded."""
    answers: int
    """How many there are in the cassette."""
    played: int
    """How many of them were asked for."""

    @property
    def wrong(self) -> list[str]:
        """Say in what this differs from the recording; nothing where it does not."""
        differing = [name for name in {**self.recorded, **self.told} if self.told.get(name) != self.recorded.get(name)]
        wrong = [f"{name}: {self.told.get(name)!r}, recorded {self.recorded.get(name)!r}" for name in differing]
        left = self.answers - self.played
        return wrong + ([f"{left} of {self.answers} recorded answers were not asked for"] if left else [])


def cassette_path(folder: Path, name: str) -> Path:
    """Name the file of a cassette."""
    return folder / f"{name}.yaml"


def text_of(name: str) -> str:
    """Give the text of a cassette of ours."""
    return cassette_path(FOLDER, name).read_text(encoding="utf-8")


def read_cassette(name: str) -> Cassette:
    """Read a cassette of ours."""
    told: Cassette = yaml.safe_load(text_of(name))
    return told


def record_small(flow: Flow, path: Path, folder: Path) -> None:
    """Record a flow from the small Spotify; folder: an empty one, for what it makes."""
    with serving(flow.world) as spotify:
        if flow.without is not None:
            spotify.door.desk.library.leave((Kind.PLAYLIST, flow.without))
        record(flow, path, _small_stage(spotify, folder), _moved(spotify))


def record(flow: Flow, path: Path, stage: Stage, moved: tuple[tuple[str, str], ...] = ()) -> None:
    """Record a flow on a stage where there is a login whose token is fresh, in place of an older cassette.

    moved: base URLs, each with the one that is to stand in the cassette in its place.
    """
    path.unlink(missing_ok=True)
    with _cassette(path, Scrubber(moved), "once") as cassette:
        cassette.get_metadata(_WITH_SECRET, bool(stage.environment.get("SPOTIPY_CLIENT_SECRET")))
        cassette.get_metadata(_TOLD, flow.run(stage))


def replay(flow: Flow, path: Path, folder: Path) -> Played:
    """Replay a cassette to the flow under the real addresses; folder: an empty one, for what the flow makes.

    Raises CannotOverwriteExistingCassetteException where the flow asks for what is not recorded.
    """
    no_proxy = mock.patch.dict(os.environ, NO_PROXY="*", no_proxy="*")
    with no_proxy, _cassette(path, Scrubber(), "none") as cassette:
        recorded = cassette.get_metadata(_TOLD, {})
        told = flow.run(_empty_stage(folder, secret=cassette.get_metadata(_WITH_SECRET, False)))
        return Played(told, recorded, len(cassette), cassette.play_count)


def _cassette(path: Path, scrubber: Scrubber, mode: str) -> Any:
    recorder = vcr.VCR(
        record_mode=vcr.mode(mode),
        serializer="readable",
        match_on=("method", "scheme", "host", "port", "path", "query", "authorization", "body"),
        before_record_request=scrubber.request,
        before_record_response=scrubber.response,
        record_on_exception=False,
    )
    recorder.register_serializer("readable", _Readable)
    recorder.register_matcher("authorization", _same_authorization)
    return recorder.use_cassette(path)


def _same_authorization(asked: Request, recorded: Request) -> None:
    assert asked.headers.get("authorization") == recorded.headers.get("authorization")


class _Readable:
    """YAML in which a text of several lines stands in several lines."""

    @staticmethod
    def serialize(told: Mapping[str, Any]) -> str:
        # In ASCII: vcrpy writes and reads files in the encoding of the system. Never by the C library, which is not
        # everywhere and lays some texts out in another way.
        return yaml.dump(told, Dumper=_Dumper, width=1 << 20)

    deserialize = staticmethod(yamlserializer.deserialize)


class _Dumper(yaml.SafeDumper):
    """Writes texts as _text does."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(bytes, lambda dumper, told: _text(dumper, told.decode()))
_Dumper.ignore_aliases = lambda _dumper, _told: True


# The stages.


def _small_stage(spotify: Served, folder: Path) -> Stage:
    """Give a stage at the small Spotify, with a listener who is logged in."""
    home = folder / "logged-in"
    make_login(spotify, home, SCOPES)
    variables = home_variables(spotify, home, app=True) | {"SPOTIPY_REDIRECT_URI": ELSEWHERE}
    return Stage(variables, folder, agreed_at_once)


def _empty_stage(folder: Path, *, secret: bool) -> Stage:
    """Give a stage under the real addresses, where somebody is logged in with a made-up token.

    secret: whether the app has its client secret.
    """
    home, now = folder / "logged-in", int(time.time())
    token = Token(MADE_UP.format("access_token", 1), now + _DAY_S, frozenset(SCOPES), now,
                  MADE_UP.format("refresh_token", 1))  # fmt: skip
    write_token(token_path(APP, Places(), "user", home), token)
    variables = {
        "SEGUE_HOME": str(home),
        "SPOTIPY_CLIENT_ID": APP.client_id,
        "SPOTIPY_REDIRECT_URI": APP.redirect_uri,
    }
    variables |= {"SPOTIPY_CLIENT_SECRET": MADE_UP.format("client_secret", 1)} if secret else {}
    return Stage(variables, folder, _agreed_by_nobody)


def _moved(spotify: Served) -> tuple[tuple[str, str], ...]:
    """Pair the small Spotify's base URLs with the real ones, the longer ones first."""
    real = Places()
    return (spotify.reccobeats, real.reccobeats), (spotify.api, real.api), (spotify.accounts, real.accounts)


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def agreed_at_once(address: str) -> str:
    """Agree at the small Spotify, as a browser would; gives where that is sent."""
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay).open(address, timeout=10)
    except urllib.error.HTTPError as answer:
        with answer:
            return str(answer.headers["Location"])
    raise AssertionError("the browser is sent nowhere")


def _agreed_by_nobody(address: str) -> str:
    """Give where a browser would be sent, by the address alone."""
    asked = dict(parse_qsl(urlsplit(address).query))
    return f"{asked['redirect_uri']}?code={MADE_UP.format('code', 1)}&state={asked['state']}"


# No network.


@contextmanager
def no_network() -> Iterator[None]:
    """Let every attempt to reach another program over a network fail, by name or by address."""
    pairing = threading.local()
    pair, connect, connect_ex = socket.socketpair, socket.socket.connect, socket.socket.connect_ex

    def paired(*told: Any, **more: Any) -> Any:
        pairing.now = True  # where there are no AF_UNIX sockets, the two ends of a pair connect over loopback
        try:
            return pair(*told, **more)
        finally:
            pairing.now = False

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def reach(ours: socket.socket, address: Any) -> Any:
            if ours.family != getattr(socket, "AF_UNIX", None) and not getattr(pairing, "now", False):
                raise AssertionError(f"a cassette is replayed without a network, but {address} was to be reached")
            return real(ours, address)

        return reach

    def look_up(name: Any, *_told: Any, **_more: Any) -> Any:
        raise AssertionError(f"a cassette is replayed without a network, but {name} was looked up")

    with (
        mock.patch.object(socket, "socketpair", paired),
        mock.patch.object(socket, "getaddrinfo", look_up),
        mock.patch.object(socket.socket, "connect", guarded(connect)),
        mock.patch.object(socket.socket, "connect_ex", guarded(connect_ex)),
    ):
        yield
