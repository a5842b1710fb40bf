"""The other door to the database: all that is asked of it but what models learn from."""

import sqlite3
from typing import TYPE_CHECKING

from db import drift_facts, everybody, read, use_counts
from db.blocks import Block, Blocked, artist_names, block, blocked, blocks, most_credited, unblock
from db.clues import (
    artists_others,
    credits_of,
    keys_in_lists,
    list_names,
    listed_beside,
    lists_lately,
    some_genre_names,
    texts_told,
)
from db.connection import open_reader
from db.contents import track_ids_of
from db.finding import PAGE, best_known, find_songs
from db.hearable import hearable
from db.heard import heard, listener_names
from db.identity import is_track_id, made_up_id, name_key, normal_artist, words
from db.listed import (
    PlaylistRow,
    count_playlists,
    entries_of,
    genres_of_playlist,
    playlist_of,
    playlist_rows,
    playlists_called,
    playlists_last,
    playlists_near,
    playlists_of_keys,
)
from db.listeners import (
    Heard,
    Profile,
    best_by,
    best_in,
    best_known_artists,
    history,
    keep_profile,
    most_told_genres,
    people,
    profile_of,
)
from db.most_played import most_played
from db.new_tracks import new_tracks, released
from db.own_tracks import by_its_artist
from db.read import (
    SongRow,
    content_mark,
    has_listener,
    imports,
    played,
    plays_stored_at,
    shared_playlists,
    songs,
    songs_of_keys,
    stranger,
)
from db.reasons import (
    Facts,
    among,
    by_artists,
    called,
    facts,
    neighbours,
    playlist_names,
    playlists_of,
    proofs,
    track_id_of,
    with_it,
)
from db.road import SOUND, bridge, companions, holders, playlist_lengths, sounds
from db.runs import imports_mark
from db.search_text import match_all, match_beginnings
from db.song_facts import SongFacts, artists_and_genres, genre_names, not_beyond, song_facts
from db.suggested import lately, remember
from db.thumbs import BY_HAND, LIBRARY, Thumb, heard_tracks, popularities, tell, thumbs, untell, untell_all
from db.title_keys import Credit, title_keys
from db.titles import plain_title, recording
from db.track_files import files_of
from recommender.lines import one_line
from recommender.lists.versions import Title
from recommender.ranking import Card

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from db.crawl_facts import CrawlFacts
    from db.forgetting import Personal

__all__ = [
    "BY_HAND", "LIBRARY", "PAGE", "SOUND", "Block", "Blocked", "Facts", "Heard", "PlaylistRow", "Profile", "SongFacts",
    "SongRow", "Thumb", "among", "artist_names", "artists_and_genres", "artists_others", "best_by", "best_in",
    "best_known", "best_known_artists", "block", "blocked", "blocks", "bridge", "by_artists", "by_its_artist", "called",
    "card", "companions", "content_mark", "count_playlists", "crawl_facts", "credits_of", "drift_facts", "entries_of",
    "everybody", "facts", "files_of", "find_songs", "genre_names", "genres_of_playlist", "has_listener", "hearable",
    "heard", "heard_tracks", "history", "holders", "imports", "imports_mark", "is_track_id", "keep_profile",
    "keys_in_lists", "lately", "list_names", "listed_beside", "listener_names", "lists_lately", "made_up_id",
    "match_all", "match_beginnings", "most_credited", "most_played", "most_told_genres", "neighbours", "new_tracks",
    "normal_artist", "not_beyond", "not_indexed", "open_reader", "other_versions", "people", "plain_title", "played",
    "playlist_lengths", "playlist_names", "playlist_of", "playlist_rows", "playlists_called", "playlists_last",
    "playlists_near", "playlists_of", "playlists_of_keys", "plays_stored_at", "popularities", "profile_of", "proofs",
    "recording", "released", "remember", "same_song", "shared_playlists", "some_genre_names", "song_facts", "songs",
    "songs_of_keys", "sounds", "stranger", "tell", "texts_told", "thumbs", "title_line", "title_of", "track_id_of",
    "track_ids_of", "unblock", "untell", "untell_all", "use_counts", "with_it", "words",
]  # fmt: skip

_VERSIONS = 50
_OWN_TRACKS = 2_000
"""Of an artist of more tracks the first ones stored are looked at."""


def not_indexed(connection: sqlite3.Connection) -> int:
    """Tell how many tracks words cannot find yet."""
    from db import index

    return index.behind(connection)


def crawl_facts(connection: sqlite3.Connection) -> "CrawlFacts":
    """Give what the database knows of crawling."""
    from db import crawl_facts  # suggesting does not ask for it

    return crawl_facts.crawl_facts(connection)


def of_person(connection: sqlite3.Connection, listener: str) -> "tuple[Personal, int, bool]":
    """Count what is here of a person, and the playlists they own; and tell whether a purge is still to be finished."""
    from db import forgetting  # suggesting does not ask for it

    return (
        forgetting.personal(connection, listener),
        forgetting.owned_playlists(connection, listener),
        forgetting.is_unwiped(connection),
    )


def take_up_use(database: "Path", now: int) -> "tuple[int, bool]":
    """Let what was done on the pages count as playlists, as db.use_lists.take_up does."""
    from db import use_lists  # suggesting does not ask for it

    return use_lists.take_up(database, now)


def forget(database: "Path", listener: str, say: "Callable[[str], None]") -> "tuple[Personal, str]":
    """Remove a person and their traces in the file, as db.forgetting.forget does."""
    from db import forgetting

    return forgetting.forget(database, listener, say)


def same_song(connection: sqlite3.Connection, song: SongRow) -> list[str]:
    """Give the raw ids of tracks that may stand for this one: the one it is linked to, then those of the same name."""
    others = (
        read.versions(connection, song.track_id, name_key(song.artists[0], song.name))
        if song.name and song.artists
        else []
    )
    return [song.linked_id, *others] if song.linked_id else others


def other_versions(connection: sqlite3.Connection, song: SongRow, *, by_words: bool = True) -> list[str]:
    """Give the raw ids of the other versions of a recording, those in most playlists first.

    by_words: whether they are found by the words of artist and title, however the artist is spelt, which takes longer
    the more tracks there are; or else among the tracks of the same artist.
    """
    if not song.name or not song.artists:
        return []
    wanted = recording(song.artists[0], song.name)
    if not by_words:
        return _among_the_artists_own(connection, song, wanted)
    found = find_songs(connection, match_all(" ".join(wanted)), _VERSIONS)
    return [
        other.track_id
        for other in found
        if other.track_id != song.track_id and other.artists and recording(other.artists[0], other.name) == wanted
    ]


def _among_the_artists_own(connection: sqlite3.Connection, song: SongRow, wanted: tuple[str, str]) -> list[str]:
    word = wanted[1].split(" ", 1)[0]  # a title without it need not be read
    found = [
        track_id
        for track_id, name in by_its_artist(connection, song.track_id, _OWN_TRACKS)
        if word in words(name) and recording(song.artists[0], name) == wanted
    ]
    rows = songs(connection, found) if len(found) > 1 else {}
    return sorted(found, key=lambda track_id: -rows[track_id].playlists if rows else 0)[:_VERSIONS]


def card(song: SongRow) -> Card:
    """Give what choosing needs to know of one song."""
    return Card(tuple(map(normal_artist, song.artists)), title_of(song), song.playlists)


def title_of(song: SongRow) -> Title:
    """Give what tells versions of a song from other songs (recommender.lists.versions)."""
    isrc = song.isrc.upper().replace("-", "") if song.isrc else None
    return Title(Credit(song.artists), title_keys(song.name), song.duration_ms, isrc)


def title_line(song: SongRow) -> str:
    """Name a song on one line for people."""
    if not song.name and not song.artists:
        return f"(title not known) {song.track_id}"
    return one_line(f"{song.name or '(title not known)'} · {', '.join(song.artists) or '(artist not known)'}")
