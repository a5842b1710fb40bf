"""The world's things as Spotify's JSON, in bytes; the pieces that come again and again are kept."""

from functools import lru_cache
from typing import Any

import orjson

from demo.catalogue import World
from demo.ids import Kind
from demo.music import ALBUMS_OF_ARTIST, SONGS_OF_ALBUM
from demo.spotify.regimes import Regime

WEB = "https://open.spotify.com"
PICTURES = "https://i.scdn.co/image"


class Bodies:
    """Songs, albums, artists and users as JSON, as one regime shows them."""

    def __init__(self, world: World, regime: Regime, base: str) -> None:
        self.world = world
        self.music = world.music
        self.regime = regime
        self.base = base
        """Where the API is reached: ends in /v1."""
        self._markets = b',"available_markets":["DE","GB","US"]' if regime.full else b""
        self.song = lru_cache(maxsize=12_000)(self._song)
        self.simple_artist = lru_cache(maxsize=4_000)(self._simple_artist)
        self.simple_album = lru_cache(maxsize=4_000)(self._simple_album)
        self.simple_user = lru_cache(maxsize=1_000)(self._simple_user)
        self.adder = lru_cache(maxsize=1_000)(self._adder)

    def thing(self, kind: str, thing_id: str, path: str = "") -> dict[str, Any]:
        """Give the parts that every thing has."""
        return {
            "external_urls": {"spotify": f"{WEB}/{kind}/{thing_id}"},
            "href": f"{self.base}/{path or kind + 's'}/{thing_id}",
            "id": thing_id,
            "type": kind,
            "uri": f"spotify:{kind}:{thing_id}",
        }

    def images(self, name: str, sizes: tuple[int, ...] = (640, 300, 64)) -> list[dict[str, Any]]:
        """Give pictures in the sizes; they lead nowhere."""
        return [{"url": f"{PICTURES}/{name}/{size}", "height": size, "width": size} for size in sizes]

    def _simple_artist(self, number: int) -> bytes:
        artist_id = self.world.id_of(Kind.ARTIST, number)
        return b'{%s,"name":%s}' % (self._thing("artist", artist_id), orjson.dumps(self.music.artist(number).name))

    def artist(self, number: int) -> bytes:
        """Give an artist in full."""
        artist, artist_id = self.music.artist(number), self.world.id_of(Kind.ARTIST, number)
        more: dict[str, Any] = {}
        if self.regime.full:
            popularity = int(min(90, 30 + 12 * artist.fame**0.5))
            genres = [artist.genre] if number % 7 else []
            more = {
                "followers": {"href": None, "total": int(artist.fame * 10_000)},
                "genres": genres,
                "popularity": popularity,
            }
        told = {**self.thing("artist", artist_id), "images": self.images(artist_id), "name": artist.name, **more}
        return orjson.dumps(told)

    def _simple_album(self, number: int) -> bytes:
        album = self.music.album(number)
        assert album is not None
        album_id = self.world.id_of(Kind.ALBUM, number)
        pictures = ",".join([f'{{"url":"{PICTURES}/{album_id}/{n}","height":{n},"width":{n}}}' for n in (640, 300, 64)])
        precision = {4: "year", 7: "month", 10: "day"}[len(album.release_date)]
        around = (
            f'"album_type":"{"single" if album.songs == 1 else "album"}","images":[{pictures}],'
            f'"release_date":"{album.release_date}","release_date_precision":"{precision}","total_tracks":{album.songs}'
        )
        artist, name = self.simple_artist(album.artist), orjson.dumps(album.name)
        parts = (self._thing("album", album_id), artist, name, around.encode(), self._markets)
        return b'{%s,"artists":[%s],"name":%s,%s%s}' % parts

    def _song(self, number: int) -> bytes:
        """Give a song in full, without the closing brace, so that a caller can add keys."""
        # Put together by hand: a page has a hundred of them, and this is what the service spends its time on.
        song = self.music.song(number)
        place = 1 + song.place - song.album % ALBUMS_OF_ARTIST * SONGS_OF_ALBUM
        popularity = f',"popularity":{song.popularity}' if self.regime.full else ""
        around = (
            f'"disc_number":1,"duration_ms":{song.duration_ms},"explicit":{"true" if song.explicit else "false"},'
            f'"external_ids":{{"isrc":"{song.isrc}"}},"is_local":false,"preview_url":null,"track_number":{place}{popularity}'
        )
        artists = b",".join([self.simple_artist(artist) for artist in song.artists])
        thing, name = self._thing("track", self.world.id_of(Kind.SONG, number)), orjson.dumps(song.title)
        parts = (self.simple_album(song.album), artists, thing, name, around.encode(), self._markets)
        return b'{"album":%s,"artists":[%s],%s,"name":%s,%s%s' % parts

    def _thing(self, kind: str, thing_id: str) -> bytes:
        """Give what thing gives, written out without the braces."""
        return (
            f'"external_urls":{{"spotify":"{WEB}/{kind}/{thing_id}"}},"href":"{self.base}/{kind}s/{thing_id}",'
            f'"id":"{thing_id}","type":"{kind}","uri":"spotify:{kind}:{thing_id}"'
        ).encode()

    def _simple_user(self, number: int) -> bytes:
        user = self.world.user(number)
        return orjson.dumps({**self.thing("user", user.user_id), "display_name": user.name})

    def _adder(self, number: int) -> bytes:
        return orjson.dumps(self.thing("user", self.world.user(number).user_id))
