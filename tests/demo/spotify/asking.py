"""A plain client for the small Spotify: what came over the wire, nothing hidden."""

import base64
import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from demo.ids import Kind
from demo.spotify.serving import Options, Places, serving

READ = (
    "playlist-read-private",
    "playlist-read-collaborative",
    "user-library-read",
    "user-read-private",
    "user-read-email",
)
WRITE = ("playlist-modify-public", "playlist-modify-private")


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def message(self) -> str:
        return str(self.json["error"]["message"])


@dataclass(frozen=True)
class Asker:
    """Asks one service with one token."""

    places: Places
    token: str
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, url: str, body: bytes | None = None, **headers: str) -> Reply:
        split = urlsplit(url)
        connection = http.client.HTTPConnection(split.netloc, timeout=10)
        try:
            target = split.path + (f"?{split.query}" if split.query else "")
            connection.request(method, target, body, {**self.headers, **headers})
            with connection.getresponse() as response:
                names = {name.lower(): value for name, value in response.getheaders()}
                return Reply(response.status, names, response.read())
        finally:
            connection.close()

    def get(self, path: str, **query: Any) -> Reply:
        return self.ask("GET", self.places.api + path + (f"?{urlencode(query)}" if query else ""), **self.bearer)

    def send(self, method: str, path: str, contents: Any = None) -> Reply:
        body = None if contents is None else json.dumps(contents).encode()
        return self.ask(method, self.places.api + path, body, **self.bearer, **{"content-type": "application/json"})

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.token else {}

    def form(self, fields: dict[str, str], secret: str | None = None, client: str = "demo-client") -> Reply:
        basic = base64.b64encode(f"{client}:{secret}".encode()).decode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self.ask(
            "POST",
            f"{self.places.accounts}/api/token",
            urlencode(fields).encode(),
            **headers,
            **({"authorization": f"Basic {basic}"} if secret else {}),
        )

    def playlist_id(self, number: int) -> str:
        return self.places.world.id_of(Kind.PLAYLIST, number)

    def track_id(self, number: int) -> str:
        return self.places.world.id_of(Kind.SONG, number)

    def whole(self, number: int, limit: int = 50) -> list[Any]:
        """Read a playlist page by page, building the addresses oneself."""
        entries: list[Any] = []
        while True:
            page = self.get(f"/playlists/{self.playlist_id(number)}/items", limit=limit, offset=len(entries)).json
            entries += page["items"]
            if len(entries) >= page["total"]:
                return entries


@contextmanager
def asking(scopes: tuple[str, ...] = READ, *, user: bool = True, **options: Any) -> Iterator[Asker]:
    """Serve a small world and give a client with a token for it."""
    with serving(Options(**{"playlists": 200, "library": 20, "followed": 10, "liked": 120} | options)) as places:
        yield Asker(places, places.token(*scopes, user=user))
