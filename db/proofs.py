"""Statements that prove a reason: each is whole in itself, to be pasted into `sqlite3 segue.db`.

Pure. The row that a statement gives holds the figures of the reason in their order, or 1 where it names none.
"""

import re
from collections.abc import Collection, Sequence

_GLOB_SIGNS = re.compile(r"[*?\[]")
_EDGE = re.compile(r"[a-z0-9]")


def literal(text: str) -> str:
    """Quote a text for SQL; what a terminal would not carry goes as hexadecimal digits."""
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return f"CAST(x'{text.encode().hex()}' AS TEXT)"


def beginning(word: str) -> str:
    """Give the GLOB pattern of names, in small letters and after a space, in which something begins with this word.

    Among signs that are not ASCII there is no telling where a word begins.
    """
    before = "[^a-z0-9]" if _EDGE.match(word) else ""
    return "*" + before + _GLOB_SIGNS.sub(r"[\g<0>]", word) + "*"


def together(song: Collection[str], seed: Collection[str], others: Collection[str]) -> str:
    """Count the playlists of the song with the seed, and with how many of the other tracks it shares one at all.

    song, seed: the track ids of their copies. others: a track id for each of the other seeds.
    """
    more = f", ({_one_line(_OTHERS)})".format(song=_keys(song), others=_keys(others)) if others else ""
    return _one_line(_TOGETHER).format(more=more, song=_keys(song), seed=_keys(seed))


_TOGETHER = """
    SELECT count(DISTINCT a.playlist_key){more} FROM playlist_entries a
    JOIN playlist_entries b ON b.playlist_key = a.playlist_key WHERE a.track_key IN {song} AND b.track_key IN {seed};
"""
_OTHERS = """
    SELECT count(DISTINCT d.track_key) FROM playlist_entries c
    JOIN playlist_entries d ON d.playlist_key = c.playlist_key WHERE c.track_key IN {song} AND d.track_key IN {others}
"""


def in_named(song: Collection[str], seed: Collection[str], others: Collection[str], names: Collection[str]) -> str:
    """Count the others that stand with both in playlists of these names; without others, say 1 when all names have."""
    statement = _OTHERS_IN_NAMED if others else _IN_NAMED
    listed = ", ".join(map(literal, names))
    return _one_line(statement).format(
        song=_keys(song), seed=_keys(seed), others=_keys(others), names=listed, number=len(names)
    )


_IN_NAMED = """
    SELECT count(DISTINCT p.name) = {number} FROM playlists p JOIN playlist_entries a ON a.playlist_key = p.key
    JOIN playlist_entries b ON b.playlist_key = p.key
    WHERE p.name IN ({names}) AND a.track_key IN {song} AND b.track_key IN {seed};
"""
_OTHERS_IN_NAMED = """
    SELECT count(DISTINCT c.track_key) FROM playlists p JOIN playlist_entries a ON a.playlist_key = p.key
    JOIN playlist_entries b ON b.playlist_key = p.key JOIN playlist_entries c ON c.playlist_key = p.key
    WHERE p.name IN ({names}) AND a.track_key IN {song} AND b.track_key IN {seed} AND c.track_key IN {others};
"""


def directly_after(first: Collection[str], second: Collection[str]) -> str:
    """Count the playlists in which a copy of the second stands directly after one of the first."""
    return _one_line(_DIRECTLY_AFTER).format(first=_keys(first), second=_keys(second))


_DIRECTLY_AFTER = """
    SELECT count(DISTINCT a.playlist_key) FROM playlist_entries a
    JOIN playlist_entries b ON b.playlist_key = a.playlist_key AND b.position = a.position + 1
    WHERE a.track_key IN {first} AND b.track_key IN {second};
"""


def same_artist(song: str, seed: str) -> str:
    """Say 1 when one artist is credited for both."""
    return _one_line(_SAME_ARTIST).format(song=_keys([song]), seed=_keys([seed]))


_SAME_ARTIST = """
    SELECT EXISTS (SELECT 1 FROM track_artists a JOIN track_artists b ON b.artist_key = a.artist_key
    WHERE a.track_key IN {song} AND b.track_key IN {seed});
"""


def with_artist(song: Collection[str], seed: str, several: bool) -> str:
    """Count the song's playlists that hold another track of the seed's main artist; several: 1 where names differ."""
    more = ", count(DISTINCT t.name) > 1" if several else ""
    return _one_line(_WITH_ARTIST).format(more=more, song=_keys(song), seed=_keys([seed]))


_WITH_ARTIST = """
    SELECT count(DISTINCT a.playlist_key){more} FROM playlist_entries a
    JOIN playlist_entries b ON b.playlist_key = a.playlist_key JOIN tracks t ON t.key = b.track_key
    WHERE a.track_key IN {song} AND b.track_key NOT IN {song} AND b.track_key IN (SELECT track_key FROM track_artists
    WHERE artist_key = (SELECT artist_key FROM track_artists WHERE track_key IN {seed} ORDER BY position LIMIT 1));
"""


def same_album(song: str, seed: str) -> str:
    """Say 1 when both are from one album."""
    return _one_line(_SAME_ALBUM).format(song=literal(song), seed=literal(seed))


_SAME_ALBUM = """
    SELECT count(*) FROM tracks a JOIN tracks b ON b.album_key = a.album_key
    WHERE a.track_id = {song} AND b.track_id = {seed};
"""


def same_sound(song: str, seed: str, tempo: float, mood: float) -> str:
    """Give the two tempos in whole beats a minute, and 1 when tempo, energy and valence differ by no more than told."""
    return _one_line(_SAME_SOUND).format(song=_keys([song]), seed=_keys([seed]), tempo=tempo, mood=mood)


_SAME_SOUND = """
    SELECT CAST(round(a.tempo) AS INTEGER), CAST(round(b.tempo) AS INTEGER), abs(a.tempo - b.tempo) <= {tempo}
    AND abs(a.energy - b.energy) <= {mood} AND abs(a.valence - b.valence) <= {mood}
    FROM audio_features a JOIN audio_features b WHERE a.track_key IN {song} AND b.track_key IN {seed};
"""


def called(song: Collection[str], patterns: Sequence[str]) -> str:
    """Count the playlists of the song whose names one of the patterns fits."""
    fits = " OR ".join(f"' ' || lower(p.name) GLOB {literal(pattern)}" for pattern in patterns)
    return _one_line(_CALLED).format(song=_keys(song), fits=fits)


_CALLED = """
    SELECT count(DISTINCT p.key) FROM playlist_entries e JOIN playlists p ON p.key = e.playlist_key
    WHERE e.track_key IN {song} AND ({fits});
"""


def by_way_of(song: Collection[str], middle: Collection[str], seed: Collection[str]) -> str:
    """Count the playlists of the song with a track between, and of that track with the seed."""
    pairs = [together(song, middle, ()), together(middle, seed, ())]
    return "SELECT " + ", ".join(f"({pair.removesuffix(';')})" for pair in pairs) + ";"


def playlists(song: Collection[str]) -> str:
    """Count the playlists in which the song stands."""
    return f"SELECT count(DISTINCT playlist_key) FROM playlist_entries WHERE track_key IN {_keys(song)};"


def no_playlist(song: Collection[str]) -> str:
    """Say 1 when the song stands in no playlist."""
    return f"SELECT NOT EXISTS (SELECT 1 FROM playlist_entries WHERE track_key IN {_keys(song)});"


def _keys(track_ids: Collection[str]) -> str:
    return f"(SELECT key FROM tracks WHERE track_id IN ({', '.join(map(literal, sorted(track_ids)))}))"


def _one_line(statement: str) -> str:
    return " ".join(statement.split())


def release(track_id: str) -> str:
    """Show when the album of a track came out."""
    return (
        "SELECT al.release_date FROM tracks t JOIN albums al ON al.key = t.album_key "
        f"WHERE t.track_id = {literal(track_id)};"
    )
