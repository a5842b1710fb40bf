"""ReccoBeats as it answers: audio features and track details by Spotify id, ISRC or its own id."""

import hashlib
from typing import Any

from demo import chance
from demo.catalogue import World
from demo.ids import Kind
from demo.sounds import sound_of
from demo.spotify.bodies import WEB
from demo.spotify.limits import Rate
from demo.spotify.wire import Answer, Ask, told

_MOST = 40
_BY_ID, _BY_ISRC = 0.80, 0.88
"""The shares of songs known by their Spotify id, and by that or their ISRC."""
_TWICE_EVERY = 20
"""One ISRC of so many gives two records."""
_HIDDEN = ("time_signature",)

Record = tuple[int, bool]
"""A song, and whether it is the record of the id from which Spotify links to it."""


class ReccoBeats:
    """The endpoints of ReccoBeats over the world."""

    def __init__(self, world: World, limit: tuple[int, float] | None) -> None:
        self._world = world
        self._luck = chance.key(world.seed, "reccobeats")
        self._rate = Rate(*limit) if limit else None

    def answer(self, ask: Ask) -> Answer:
        """Answer a request."""
        wait = self._rate.wait(ask.now) if self._rate else None
        if wait is not None:
            return _error(ask, 429, 4291, "Too many requests", (("retry-after", str(wait)),))
        parts = ask.path.strip("/").split("/")
        match parts:
            case ["v1", "audio-features"]:
                return self._many(ask, self._features)
            case ["v1", "track"]:
                return self._many(ask, self._track)
            case ["v1", "track", own, "audio-features"]:
                song = self._song_of_own(own)
                if song is None:
                    return _error(ask, 404, 4041, "Resource not found")
                return told(200, self._features(song))
        return _error(ask, 404, 4042, "Path not found")

    def _many(self, ask: Ask, body: Any) -> Answer:
        ids = [one for value in ask.query.get("ids", []) for one in value.split(",") if one]
        if not ids:
            return _error(ask, 400, 4001, "Required parameter 'ids' is not present")
        if len(ids) > _MOST:
            return _error(ask, 400, 4004, f"size must be between 1 and {_MOST}")
        records = dict.fromkeys(record for one in ids for record in self._records(one))
        # The order is not promised, so it is never the one that was asked for.
        shuffled = sorted(records, key=lambda record: chance.drawn(self._luck, 2 * record[0] + record[1]))
        return told(200, {"content": [body(record) for record in shuffled]})

    def _records(self, one: str) -> list[Record]:
        """Find what an id of any kind means; nothing for a stranger."""
        song = self._world.music.song_of_isrc(one)
        if song is not None:
            luck = chance.share(self._luck, song)
            if luck >= _BY_ISRC:
                return []
            # Not known by its id means: another release of the recording is.
            first = (song, luck >= _BY_ID)
            return [first, (song, not first[1])] if song % _TWICE_EVERY == 0 else [first]
        own = self._song_of_own(one)
        if own is not None:
            return [own]
        read = self._world.read_id(one)
        if read is None or read[0] is not Kind.SONG or chance.share(self._luck, read[1]) >= _BY_ID:
            return []
        return [(read[1], False)]

    def _features(self, record: Record) -> dict[str, Any]:
        song = self._world.music.song(record[0])
        sound = {name: value for name, value in sound_of(self._world.music, song).items() if name not in _HIDDEN}
        if record[1]:  # another release, measured anew
            sound["tempo"] = round(sound["tempo"] + 0.5, 3)
        return {**self._about(record), **sound}

    def _track(self, record: Record) -> dict[str, Any]:
        music = self._world.music
        song = music.song(record[0])
        artists = [
            {"id": self._own(number, "artist"), "name": music.artist(number).name, "href": f"{WEB}/artist/{artist_id}"}
            for number in song.artists
            for artist_id in [self._world.id_of(Kind.ARTIST, number)]
        ]
        more = {"availableCountries": "DE,GB,US", "ean": None, "upc": None, "popularity": int(song.popularity)}
        title = song.title + (" - Single Version" if record[1] else "")
        return {**self._about(record), "trackTitle": title, "artists": artists, "durationMs": song.duration_ms, **more}

    def _about(self, record: Record) -> dict[str, Any]:
        song, again = record
        spotify_id = self._world.id_of(Kind.OLD_SONG if again else Kind.SONG, song)
        own = self._own(2 * song + again, "track")
        return {"id": own, "href": f"{WEB}/track/{spotify_id}", "isrc": self._world.music.song(song).isrc.upper()}

    def _own(self, number: int, kind: str) -> str:
        """Give ReccoBeats' own id, of the form of a UUID."""
        digest = hashlib.blake2b(f"{self._world.seed}/{kind}/{number}".encode(), digest_size=12).hexdigest()
        return f"{number ^ 0x5E60E000:08x}-{digest[:4]}-4{digest[4:7]}-8{digest[7:10]}-{digest[10:22]}"

    def _song_of_own(self, own: str) -> Record | None:
        start = own[:8]
        if len(own) != 36 or not all(digit in "0123456789abcdef" for digit in start):
            return None
        number = int(start, 16) ^ 0x5E60E000
        known = number // 2 < self._world.music.songs and self._own(number, "track") == own
        return (number // 2, number % 2 == 1) if known else None


def _error(ask: Ask, status: int, code: int, message: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return told(status, {"error": message, "path": ask.path, "status": code}, headers)
