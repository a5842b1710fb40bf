"""Every address that is served, with what makes sense to ask it; and a world in which every name is an attack."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from flask import Flask, url_for
from werkzeug.routing import Rule

from db import index
from db.connection import open_writer, transaction
from tests.web import world

SONG, OTHER = world.track_id("techno", 1, 3), world.track_id("techno", 2, 5)
ARTIST, LISTENER = "techno1".ljust(22, "A"), "listener 5"
HOSTILE = (
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{7*7}}${7*7}%s{0}",
    "]]>&lt;!--",
    "\u202e\u2028x\r\nSet-Cookie: a=b",
    "../../etc/passwd",
)
STRANGE = (
    *HOSTILE, "-1", "0", "1e309", "nan", "inf", "-0", "1e-400", "\u0661\u0662", "9" * 30, "\x00", "a\x00b", "%00", "..",
    ".", "/", "//evil.example", "\\", "~", "~~~", "~AA", "\ud7ff\ufffd", "a" * 5_000, "*", '"', "''", "NEAR(", "a OR",
    "a:b:", "2020-13-45..", "true", "[]", "{}", "null",
)  # fmt: skip
"""What no page may stumble over, wherever it is told."""
_LEADS_TO = ("/", "?", "#", "https://open.spotify.com/", "http://localhost/")
_SEEDS: dict[str, Any] = {"seed": [SONG, OTHER]}
_ASKED: dict[str, dict[str, Any]] = {
    "find.home": {"q": "golden", "to": "compare", "as": "seed", "beside": "item-knn"},
    "find.words": {"q": "gol"},
    "find.following": {**_SEEDS, "n": 5, "popularity": 0.2, "year": "1980..2020", "model": "item-knn", "vary": 1},
    "save.as_file": {**_SEEDS, "n": 5, "form": "m3u8", "title": "A list"},
    "compare.page": {**_SEEDS, "beside": ["item-knn", "word2vec"], "n": 5},
    "api.continueStoredPlaylist": {"n": 3, "model": "item-knn"},
    "api.findPlaylists": {"q": "techno", "n": 3, "page": 1},
    "api.findSongs": {"q": "golden", "n": 3, "page": 1, "sort": "-tempo", "energy": "0.1.."},
    "api.path": {"from": SONG, "to": OTHER, "n": 5},
    "api.suggestions": {**_SEEDS, "n": 5, "why": "true"},
    "api.suggestionsForListener": {"n": 3, "profile": "casual"},
    "api.thumbs": {"listener": LISTENER},
    "around.song": {"model": "item-knn"},
    "around.listener": {"model": "svd"},
    "listeners.index": {"q": "listener", "page": 1},
    "listeners.page": {"played": "most", "profile": "casual", "beside": "svd", "n": 3},
    "listeners.history": {"order": "most", "page": 1},
    "listeners.said": {"liked": "yes", "page": 1},
    "maps.find": {"q": "golden"},
    "maps.names": {"at": "1,2,3"},
    "maps.still": {"colour": "region"},
    "maps.points": {"of": "music"},
    "playlists.index": {"q": "techno", "page": 1},
    "playlists.page": {"page": 1},
    "playlists.save": {"way": "more", "form": "csv"},
    "playlists.more": {"n": 3},
    "rate.page": {"track": SONG},
    "running.sign_in": {"next": "/map"},
    "data.picture": {"bare": "1"},
    "use.go": {"track": SONG},
    "spotify.artists": {"ids": ARTIST},
    "spotify.best_tracks": {"market": "SE"},
    "spotify.features": {"ids": f"{SONG},{OTHER}"},
    "spotify.recommendations": {"seed_tracks": SONG, "seed_genres": "techno", "limit": 5, "target_energy": 0.5,
                                "min_tempo": 60, "market": "SE"},
    "spotify.search": {"q": "golden", "type": "track,artist,album,playlist", "limit": 3, "offset": 0},
    "spotify.several_tracks": {"ids": f"{SONG},{OTHER}"},
    "spotify.track": {"market": "SE"},
    "subsonic.question": {"id": SONG, "count": 5, "query": "golden", "f": "json", "u": "a", "p": "b", "v": "1.16.1"},
}  # fmt: skip
"""The parameters of addresses that have any."""
_PLACES: dict[str, str] = {
    "track_id": SONG,
    "told_id": SONG,
    "playlist_id": "made:3",
    "at": "3",
    "filename": "segue.css",
    "_rest": "me/player",
}
_OF_ONE: dict[tuple[str, str], str] = {
    ("spotify.artist", "told_id"): ARTIST,
    ("spotify.related_artists", "told_id"): ARTIST,
    ("spotify.best_tracks", "told_id"): ARTIST,
    ("api.song", "id"): SONG,
    ("api.continueStoredPlaylist", "id"): "made:3",
    ("api.suggestionsForListener", "name"): LISTENER,
    ("around.listener", "name"): LISTENER,
    ("listeners.page", "name"): LISTENER,
    ("listeners.history", "name"): LISTENER,
    ("listeners.said", "name"): LISTENER,
    ("listeners.tell", "name"): LISTENER,
    ("data.pictures", "name"): "plays",
    ("data.picture", "name"): "plays-of-songs",
    ("subsonic.question", "name"): "getSimilarSongs2",
}


@dataclass
class Ask:
    """One address that may be asked, in parts."""

    rule: Rule
    places: dict[str, str]
    query: dict[str, Any] = field(default_factory=dict)

    def path(self, app: Flask, **other: str) -> str:
        """Write the path, with other values in it for some of its parts."""
        with app.test_request_context():
            told = {**self.places, **other}
            return url_for(self.rule.endpoint, **told)


def rules(app: Flask) -> list[Ask]:
    """Give every address; one with a part that is not known here fails, so that nobody forgets to name it."""
    found = []
    for rule in app.url_map.iter_rules():
        places = {name: _OF_ONE.get((rule.endpoint, name)) or _PLACES[name] for name in rule.arguments}
        found.append(Ask(rule, places, _ASKED.get(rule.endpoint, {})))
    return found


def hostile_world(made: Path, folder: Path) -> Path:
    """Copy the made-up world, and give everything in it a name that attacks who shows it."""
    shutil.copytree(made.with_suffix(".models"), folder / "hostile.models")
    database = Path(shutil.copy(made, folder / "hostile.db"))
    with open_writer(database, "a test") as connection:
        with transaction(connection):
            for table in ("tracks", "artists", "albums", "playlists", "listeners"):
                for number, name in enumerate(HOSTILE):
                    of_one = (f" {name}", len(HOSTILE), number, LISTENER)
                    change = f"UPDATE {table} SET name = name || ? WHERE key % ? = ? AND name != ?"
                    connection.execute(change, of_one)
            texts = (HOSTILE[0], HOSTILE[1], json.dumps([*HOSTILE]))
            connection.execute("UPDATE playlists SET description = ?, owner = ?, genres = ?", texts)
            connection.execute("UPDATE artist_genres SET genre = genre || ?", (HOSTILE[0],))
            connection.execute("UPDATE imports SET place = ?, source = source || ?", (HOSTILE[1], HOSTILE[0]))
        index.finish(connection)
    return database


class Page(HTMLParser):
    """A page as a browser reads it: what in it would run, or lead astray."""

    _LEADING = ("href", "src", "action", "formaction", "data", "poster", "xlink:href")

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.wrong: list[str] = []
        self.links: list[str] = []
        self._within = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self._within = tag
        if tag == "a" and (told.get("href") or "").startswith(("/", "?")):
            self.links.append(told["href"] or "")
        if tag in ("style", "iframe", "object", "embed", "base", "frame") or (tag == "script" and not told.get("src")):
            self.wrong.append(f"<{tag}> {told}")
        for name, value in attrs:
            text = "".join((value or "").split()).lower()
            if name.startswith("on") or name in ("style", "srcdoc"):
                self.wrong.append(f"{tag} {name}={value}")
            away = text.startswith(("//", "/\\")) or not text.startswith(_LEADS_TO)
            if name in self._LEADING and text and away:
                self.wrong.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self._within == "script" and data.strip():
            self.wrong.append(f"script: {data[:60]}")

    def handle_endtag(self, tag: str) -> None:
        self._within = ""


def with_one_strange(ask: Ask) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    """Give the parts of the path, and the query, with each of them strange in turn."""
    for strange in STRANGE:
        for name in ask.places:
            yield {name: strange}, ask.query
        for name in ask.query:
            yield {}, {**ask.query, name: strange}
    for name, value in ask.query.items():
        yield {}, {**ask.query, name: [value, value] if not isinstance(value, list) else value * 150}
