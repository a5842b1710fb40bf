"""Why a song is suggested: one to three sentences with counts, each with the statement that proves it."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from recommender import catalogue
from recommender.catalogue import SongRow, proofs
from recommender.lines import cut, one_line
from recommender.lists.company import MOOD_WITHIN, TEMPO_WITHIN, Company, Held, Pair, Sound, company, pair, sound
from recommender.lists.spoken import COLUMNS, Wording, is_somebody, playlists, titled, titled_apart, wordings

MOST_REASONS = 3
SOME = 3
"""With fewer playlists in common, the same artist or album tells more, and so do their names."""
_NAME_COLUMNS = 30
"""Columns of a playlist's name."""
_TWICE = 2
"""Standing next to each other once is chance."""
_NEIGHBOURS = 3
_ROUGHLY, _NEXT_TO = 30, 100
"""Of so many seeds, those with most playlists in common, and in so many of these, roughly and then for the best one, it
is looked up whether they stand next to the song."""
_SHARE = 0.1
"""In so much of what they have in common two songs must stand next to each other for that to be said."""
_NAMED = 200
"""The names of so many of a song's playlists are held against the title."""
_AROUND, _ENTRIES = 20, 1_000
"""In so many playlists of a song, and so many entries of them, a track between it and a seed is looked for."""
_HERS, _HELD = 30, 2_000
"""In so many playlists of a song, and so many places of them all, songs by the artists of the seeds are looked for."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence, and how anybody can see that it is true."""

    text: str
    check: str
    """One SQL statement for `sqlite3 segue.db`: its row holds the figures of the text in their order, or 1 where the
    text has none. Where the text says "at least", that or more."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the reasons of all songs have in common."""

    connection: sqlite3.Connection
    company: Company
    wordings: list[Wording]
    names: Counter[str]
    """How many seeds are spoken of by each title."""
    around: Callable[[], dict[int, int]]
    """Counts, by track key, in how many of the seeds' playlists each track stands; asked once, if at all."""


def reasons(
    connection: sqlite3.Connection,
    seeds: Sequence[SongRow],
    songs: Sequence[SongRow],
    told: Sequence[bool],
    title: str = "",
    fits: Sequence[bool] = (),
) -> list[tuple[Reason, ...]]:
    """Give one to three reasons for each song, strongest first.

    seeds: oldest first, with their other versions; the last version of a recording is the one that was named, and is
    spoken of. told: False where the model could not tell, and a song comes for being popular. fits: which songs the
    title speaks for; none without it.
    """
    known = company(connection, seeds, songs)
    around = sorted({key for seed in known.seeds for key in seed.playlists})[:_AROUND]
    asked = _Asked(
        connection,
        known,
        wordings(title),
        Counter(titled(seed.song) for seed in known.seeds),
        cache(lambda: catalogue.with_it(connection, around, _ENTRIES, 1)),
    )
    found = []
    for place, song in enumerate(known.songs):
        direct = _direct(asked, song, fits[place] if len(fits) else False)
        if not told[place]:
            direct = [*direct[: MOST_REASONS - 1], _popular(song, bool(direct))]
        found.append(
            tuple(direct[:MOST_REASONS]) or (_with_artist(asked, song) or _by_way_of(asked, song) or _standing(song),)
        )
    return found


def _direct(asked: _Asked, song: Held, fits: bool) -> list[Reason]:
    """Give what ties a song to the seeds and the title, strongest first."""
    seeds = asked.company.seeds
    shared = [found for seed in seeds if (found := pair(asked.connection, song, seed, asked.company))]
    shared.sort(key=lambda found: len(found.shared))  # of equal ones the later seed comes last
    together = _together(asked, song, shared) if shared else None
    beside = _next_to(asked, song, shared)
    if beside and len(shared) == 1 and shared[0].whole and beside[1:] == (shared[0], len(shared[0].shared)):
        together = None  # they stand nowhere else together
    many = bool(shared) and len(shared[-1].shared) >= SOME
    in_order = [
        together if many else None,
        beside[0] if beside else None,
        _called(asked, song) if fits else None,
        _same_album(asked, song) or _same_artist(asked, song),
        None if many else together,
        _same_sound(asked, song),
    ]
    return [reason for reason in in_order if reason]


def _name(asked: _Asked, seed: Held, song: Held) -> str:
    name = titled(seed.song)
    return titled_apart(seed.song) if asked.names[name] > 1 or name == titled(song.song) else name


def _together(asked: _Asked, song: Held, shared: list[Pair]) -> Reason:
    *rest, best = shared
    copies, seed = best.copy_ids, _name(asked, best.seed, song)
    witnesses = {next((c.track_id for c in p.seed.copies if not c.playlists.isdisjoint(p.shared)), "") for p in rest}
    others = sorted(witnesses - {"", *best.seed.track_ids})
    sure = song.whole and asked.company.complete
    more = f"{'' if sure else 'at least '}{len(others)} more of your songs"
    if sure and len(best.shared) < SOME and all(found.shared == best.shared for found in rest):
        # So few are more telling by their names, where they have names of their own.
        names = sorted(set(catalogue.playlist_names(asked.connection, best.shared)))
        shown = [f'"{cut(one_line(name), _NAME_COLUMNS)}"' for name in names if one_line(name)]
        if len(shown) == len(best.shared):
            where = f"the {'playlist' if len(shown) == 1 else 'playlists'} {' and '.join(shown)}"
            text = f"together with {seed}{f' and {more}' if others else ''} in {where}"
            return Reason(text, proofs.in_named(song.track_ids, copies, others, names))
    text = f"in {playlists(len(best.shared), best.whole)} together with {seed}"
    return Reason(
        text + (f", and also seen with {more}" if others else ""), proofs.together(song.track_ids, copies, others)
    )


def _next_to(asked: _Asked, song: Held, shared: list[Pair]) -> tuple[Reason, Pair, int] | None:
    looked = [found for found in shared[-_NEIGHBOURS:] if len(found.shared) >= _TWICE]
    if not looked:
        return None
    # Roughly for a few seeds, of which the best, later rather than earlier, is then counted.
    rough = [max(_beside(asked, song, found, _ROUGHLY)) for found in looked]
    found = max(zip(rough, looked, strict=True), key=lambda each: each[0])[1] if len(looked) > 1 else looked[0]
    number, follows = max(_beside(asked, song, found, _NEXT_TO))
    if number < max(_TWICE, _SHARE * min(len(found.shared), _NEXT_TO)):
        return None
    whole = found.whole and len(found.shared) <= _NEXT_TO
    verb = "follows" if follows else "comes right before"
    ids = (found.copy_ids, song.track_ids) if follows else (song.track_ids, found.copy_ids)
    text = f"{verb} {_name(asked, found.seed, song)} in {playlists(number, whole)}"
    return Reason(text, proofs.directly_after(*ids)), found, number


def _beside(asked: _Asked, song: Held, found: Pair, most: int) -> list[tuple[int, bool]]:
    """Count the playlists, of so many, where the song follows the seed (True), and where it comes before it (False)."""
    keys = [copy.key for copy in found.copies]
    after, before = catalogue.neighbours(asked.connection, keys, song.keys, sorted(found.shared)[:most])
    return [(after, True), (before, False)]


def _called(asked: _Asked, song: Held) -> Reason | None:
    if not asked.wordings or not song.playlists:
        return None
    named = sorted(song.playlists)[:_NAMED]
    counts = catalogue.called(asked.connection, named, [wording.patterns for wording in asked.wordings])
    options = [*zip(counts, asked.wordings, strict=True)]
    best = next((option for option in options if option[0] >= _TWICE), None) or max(
        options, key=lambda option: option[0]
    )
    number, wording = best
    if not number:
        return None
    whole = song.whole and len(song.playlists) <= _NAMED
    text = f'in {playlists(number, whole)} called something with "{wording.text}"'
    return Reason(text, proofs.called(song.track_ids, wording.patterns))


def _same_album(asked: _Asked, song: Held) -> Reason | None:
    for seed in reversed(asked.company.seeds):
        for mine in song.facts:
            for theirs in seed.facts:
                if mine.album_key is not None and mine.album_key == theirs.album_key and mine.key != theirs.key:
                    text = f"from the same album as {_name(asked, seed, song)}"
                    return Reason(text, proofs.same_album(mine.track_id, theirs.track_id))
    return None


def _same_artist(asked: _Asked, song: Held) -> Reason | None:
    credited = dict(zip(song.facts[0].artists, song.song.artists, strict=False)) if song.facts else {}
    artists = {key for key, name in credited.items() if is_somebody(name)}
    for seed in reversed(asked.company.seeds):
        for theirs in seed.facts[:1]:
            if not artists.isdisjoint(theirs.artists) and theirs.key != song.facts[0].key:
                text = f"same artist as {_name(asked, seed, song)}"
                return Reason(text, proofs.same_artist(song.facts[0].track_id, theirs.track_id))
    return None


def _same_sound(asked: _Asked, song: Held) -> Reason | None:
    mine = sound(song)
    if mine is None:
        return None
    near: list[tuple[float, int, Sound]] = []
    for place, seed in enumerate(asked.company.seeds):
        theirs = sound(seed)
        if theirs and theirs.track_id != mine.track_id and mine.is_like(theirs):
            near.append((abs(mine.tempo - theirs.tempo), -place, theirs))
    if not near:
        return None
    _, place, theirs = min(near, key=lambda found: found[:2])
    seed = asked.company.seeds[-place]
    text = f"close in tempo and mood to {_name(asked, seed, song)}: {mine.beats} and {theirs.beats} BPM"
    return Reason(text, proofs.same_sound(mine.track_id, theirs.track_id, TEMPO_WITHIN, MOOD_WITHIN))


def _with_artist(asked: _Asked, song: Held) -> Reason | None:
    """Find the main artist of a seed beside the song, of several the one in most playlists, later rather than earlier.

    The song is not by any of them, or else that would have been said.
    """
    mine = {artist for facts in song.facts for artist in facts.artists}
    mains = {seed.facts[0].artists[0]: seed for seed in reversed(asked.company.seeds) if _has_maker(seed)}
    wanted = [artist for artist in mains if artist not in mine]
    looked = sorted(song.playlists)[:_HERS] if wanted else []
    if not looked:
        return None
    found, all_read = catalogue.by_artists(asked.connection, looked, wanted, song.keys, _HELD // len(looked))
    if not found:
        return None
    best = max(found, key=lambda artist: (found[artist][0], -wanted.index(artist)))
    number, names = found[best]
    name = cut(one_line(mains[best].song.artists[0]), COLUMNS)
    whole = song.whole and len(song.playlists) <= _HERS and all_read
    text = f"in {playlists(number, whole)} together with {'songs' if names > 1 else 'a song'} by {name}"
    return Reason(text, proofs.with_artist(song.track_ids, mains[best].facts[0].track_id, names > 1))


def _has_maker(seed: Held) -> bool:
    named = one_line(seed.song.artists[0]) if seed.song.artists else ""
    known = bool(seed.facts) and seed.facts[0].track_id == seed.song.track_id and bool(seed.facts[0].artists)
    return known and named != "" and is_somebody(named)


def _by_way_of(asked: _Asked, song: Held) -> Reason | None:
    """Find a track between the song and a seed: one that stands in some playlists with each."""
    own = {key for held in [song, *asked.company.seeds] for key in held.keys}
    theirs = asked.around() if len(song.playlists) >= _TWICE else {}
    hers = catalogue.with_it(asked.connection, sorted(song.playlists)[:_AROUND], _ENTRIES, _TWICE) if theirs else {}
    both = hers.keys() & theirs.keys() - own
    if not both:
        return None
    key = max(both, key=lambda key: (min(hers[key], theirs[key]), hers[key] + theirs[key], -key))
    middle_id = catalogue.track_id_of(asked.connection, key)
    row = catalogue.songs(asked.connection, [middle_id])[middle_id]
    if not row.name:
        return None
    middle = company(asked.connection, [row], []).seeds[0]
    first = pair(asked.connection, song, middle, asked.company)
    ways = [found for seed in asked.company.seeds if (found := pair(asked.connection, middle, seed, asked.company))]
    if not first or not ways:
        return None
    second = max(ways, key=lambda found: len(found.shared))
    text = (
        f"in {playlists(len(first.shared), first.whole)} with {_name(asked, middle, song)}, "
        f"which is in {playlists(len(second.shared), second.whole)} with {_name(asked, second.seed, middle)}"
    )
    return Reason(text, proofs.by_way_of(song.track_ids, middle.track_ids, second.copy_ids))


def _popular(song: Held, known: bool) -> Reason:
    number = len(song.playlists)
    if not number:
        return _standing(song)
    text = f"{'popular: ' if number >= SOME else ''}in {playlists(number, song.whole)}"
    return Reason(text if known else f"{text}; nothing better known", proofs.playlists(song.track_ids))


def _standing(song: Held) -> Reason:
    ids = song.track_ids or {song.song.track_id}
    if not song.playlists:
        return Reason("stands in no playlist here", proofs.no_playlist(ids))
    return Reason(f"in {playlists(len(song.playlists), song.whole)} here", proofs.playlists(ids))
