"""The endpoints for songs, artists, audio features and search."""

from collections.abc import Callable
from urllib.parse import quote

import orjson

from demo import names
from demo.catalogue import World
from demo.ids import WELL_FORMED, Kind
from demo.sounds import sound_of
from demo.spotify.desk import Desk
from demo.spotify.entries import song_told
from demo.spotify.playlists import page_told
from demo.spotify.search import MOST, NULL
from demo.spotify.wire import Answer, Ask, page_of, refuse, refused, told

_BATCH, _FEATURE_BATCH = 50, 100
_MOST_OFFSET = 1000
_SONGS = (Kind.SONG, Kind.OLD_SONG)


def tracks(desk: Desk, ask: Ask, _named: str) -> Answer:
    """GET /tracks?ids=."""
    market = "market" in ask.query
    return _batch(desk.world, ask, "tracks", _SONGS, lambda number: song_told(desk.bodies, number, market))


def track(desk: Desk, ask: Ask, track_id: str) -> Answer:
    """GET /tracks/{id}; an old id gives the song that it is linked to."""
    return Answer(200, song_told(desk.bodies, desk.number(_SONGS, track_id), "market" in ask.query))


def artists(desk: Desk, ask: Ask, _named: str) -> Answer:
    """GET /artists?ids=."""
    return _batch(desk.world, ask, "artists", (Kind.ARTIST,), desk.bodies.artist)


def artist(desk: Desk, _ask: Ask, artist_id: str) -> Answer:
    """GET /artists/{id}."""
    return Answer(200, desk.bodies.artist(desk.number((Kind.ARTIST,), artist_id)))


def features(desk: Desk, ask: Ask, _named: str) -> Answer:
    """GET /audio-features?ids=."""
    _need_features(desk)
    return _batch(
        desk.world, ask, "audio_features", _SONGS, lambda number: _features(desk, number), most=_FEATURE_BATCH
    )


def features_of_one(desk: Desk, _ask: Ask, track_id: str) -> Answer:
    """GET /audio-features/{id}."""
    _need_features(desk)
    return Answer(200, _features(desk, desk.number(_SONGS, track_id)))


def search(desk: Desk, ask: Ask, _named: str) -> Answer:
    """GET /search?type=playlist."""
    kinds = (ask.get("type") or "").split(",")
    if kinds != ["playlist"]:
        return refused(400, f"Bad search type field {kinds[0]}" if kinds[0] else "Missing parameter type")
    query = ask.get("q") or ""
    if not query.strip():
        return refused(400, "No search query")
    usual, most = desk.regime.search_limit
    limit, offset = page_of(ask, usual, most, _MOST_OFFSET)
    if offset + limit > MOST:
        return refused(400, "Invalid offset")
    found = desk.search.results(names.folded_words(query))
    shown = [
        desk.library.shown((Kind.PLAYLIST, number)) if number != NULL else None
        for number in found[offset : offset + limit].tolist()
    ]
    path = f"{desk.bodies.base}/search"
    around = page_told(path, offset, limit, len(found), f"&query={quote(query)}&type=playlist")
    items = [desk.pages.simple(one) if one else None for one in shown]
    return told(200, {"playlists": {**around, "items": items}})


def _batch(
    world: World, ask: Ask, name: str, kinds: tuple[Kind, ...], body: Callable[[int], bytes], most: int = _BATCH
) -> Answer:
    ids = [one for value in ask.query.get("ids", []) for one in value.split(",")]
    if not ids or not all(WELL_FORMED.fullmatch(one) for one in ids):
        raise refuse(400, "invalid id")
    if len(ids) > most:
        raise refuse(400, "Too many ids requested")
    read = map(world.read_id, ids)
    bodies = [body(one[1]) if one and one[0] in kinds else b"null" for one in read]
    return Answer(200, b'{"%s":[%s]}' % (name.encode(), b",".join(bodies)))


def _need_features(desk: Desk) -> None:
    if not desk.features:
        raise refuse(403, None)


def _features(desk: Desk, number: int) -> bytes:
    song, track_id = desk.world.music.song(number), desk.world.id_of(Kind.SONG, number)
    about = {
        "analysis_url": f"{desk.bodies.base}/audio-analysis/{track_id}",
        "duration_ms": song.duration_ms,
        "id": track_id,
        "track_href": f"{desk.bodies.base}/tracks/{track_id}",
        "type": "audio_features",
        "uri": f"spotify:track:{track_id}",
    }
    return orjson.dumps({**sound_of(desk.world.music, song), **about})
