"""What a person wishes of a list: each wish is kept, by every kind of model, and alone or with others."""

import re
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from db.blocks import ARTIST, TRACK, Block, block, unblock
from db.connection import open_reader
from db.identity import normal_artist
from db.records import AudioFeatures, Play, Track
from db.song_facts import SongFacts, song_facts
from recommender import Suggester, Suggestion
from recommender.errors import ListenerNotKnown
from recommender.inferring.filling import full_facts
from recommender.lists.filters import PASS, Filters, Span, verdict
from recommender.lists.order import Sound, total
from recommender.lists.reasons import Reason
from recommender.lists.wishes import Wishes
from recommender.models.registry import KINDS, YARDSTICKS
from recommender.suggest import NO_SPACE, NOTHING
from tests.recommender.listening import add_plays
from tests.recommender.songs import NOW, add, playlist, song, spotify_id, train
from tests.recommender.test_reasons import hold
from tests.recommender.test_suggest import CALM, LOUD, STRANGER, extra, ids
from tests.recommender.varied import SONGS, every_version, lists, varied

SEEDS = [varied("calm", number).track_id for number in (9, 11)]
ALL = 500
each_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def suggester(furnished_once: Path) -> Suggester:
    return Suggester.open(furnished_once)


def facts(database: Path, track_ids: Sequence[str]) -> list[SongFacts]:
    with open_reader(database) as connection:
        told = song_facts(connection, track_ids)
    return [told[track_id] for track_id in track_ids]


def fame(database: Path, found: Sequence[Suggestion]) -> float:
    """Give the mean number of entries of playlists in which the songs stand."""
    count = "SELECT count(*) FROM playlist_entries e JOIN tracks t ON t.key = e.track_key WHERE t.track_id = ?"
    with closing(sqlite3.connect(database)) as connection:
        return float(np.mean([connection.execute(count, [one.track_id]).fetchone()[0] for one in found]))


def in_a_row(found: Sequence[Suggestion]) -> list[int]:
    """Give the places that share an artist with the place before."""
    return [place for place, (one, next_) in enumerate(pairwise(found), 1) if set(one.artists) & set(next_.artists)]


# artists


@pytest.mark.parametrize("cap", [None, 1, 2, 3])
@each_kind
def test_nobody_comes_twice_in_a_row_while_there_is_anybody_else(suggester: Suggester, kind: str, cap: int) -> None:
    """And never more often than the cap says; what is left in the end may follow."""
    everything = suggester.suggest(SEEDS, ALL, kind, per_artist=None, versions=True)
    for n in (1, 2, 7, 20, 45, ALL):
        found = suggester.suggest(SEEDS, n, kind, per_artist=cap, versions=True)
        for place in in_a_row(found):
            before, last = found[:place], set(found[place - 1].artists)
            left = {one.track_id: one for one in everything if one not in before}
            for one in left.values():
                counts = [sum(artist in other.artists for other in before) for artist in one.artists]
                assert one in before or set(one.artists) & last or max(counts) >= (cap or ALL)
        for artist in {artist for one in found for artist in one.artists}:
            assert cap is None or sum(artist in one.artists for one in found) <= cap
        assert n > 7 or len(found) == n


def test_where_one_artist_made_everything_he_may_follow_himself(tmp_path: Path) -> None:
    tracks = [song(f"Piece {n}", "One Man Band", spotify_id(f"piece{n}")) for n in range(9)]
    add(tmp_path / "s.db", [playlist(f"p{n}", tracks[n : n + 4]) for n in range(6)])
    train(tmp_path / "s.db")
    suggester = Suggester.open(tmp_path / "s.db")
    assert len(suggester.suggest([tracks[0].track_id], 8, per_artist=None)) == 8
    assert len(suggester.suggest([tracks[0].track_id], 8)) == 3


# versions


@pytest.fixture
def two_editions(tmp_path: Path) -> Path:
    """Eight songs by an artist each, every one of them as it was and, known better, as a remaster."""
    old = [song(f"Tune {n}", f"Player {n}", spotify_id(f"old{n}"), explicit=False) for n in range(8)]
    new = [song(f"Tune {n} - Remastered 2009", f"Player {n}", spotify_id(f"new{n}"), explicit=True) for n in range(8)]
    seed = song("Seed", "Sower", spotify_id("seed"))
    rows = [[seed, old[n], *old[:n:2], new[-n]] for n in range(1, 8)] + [[*new, old[n % 8]] for n in range(16)]
    add(tmp_path / "s.db", [playlist(f"p{n}", row) for n, row in enumerate(rows)])
    train(tmp_path / "s.db")
    return tmp_path / "s.db"


def tune(track_id: str) -> str:
    return track_id.rstrip("0")[3:] or "0"


@pytest.mark.parametrize("kind", ["item-knn", "popularity"])
def test_the_best_known_version_stands_where_the_best_placed_one_stood(two_editions: Path, kind: str) -> None:
    suggester = Suggester.open(two_editions)
    seed = [spotify_id("seed")]
    order = ids(suggester.suggest(seed, ALL, kind, plain=True))
    placed = list(dict.fromkeys(map(tune, order)))
    assert [f"old{number}" for number in placed] != [one.rstrip("0") for one in order[: len(placed)]]
    assert ids(suggester.suggest(seed, ALL, kind)) == [spotify_id(f"new{number}") for number in placed]
    # What it is placed by is what is told of it: nobody saw the seed with the newest edition of the first tune.
    (first,) = (one for one in suggester.suggest(seed, ALL, kind) if one.track_id == spotify_id("new0"))
    assert (first.model, first.score is None) == (kind, False)
    assert "nothing better known" not in first.reasons[-1] or kind == "popularity"
    clean = ids(suggester.suggest(seed, ALL, kind, filters=Filters(explicit=False)))
    assert clean == [one for one in order if one.startswith("old")]
    others = ids(suggester.suggest(seed, ALL, kind, without=[spotify_id("old3")]))
    assert others == [spotify_id(f"new{number}") for number in placed if number != "3"]


# what never comes


@pytest.mark.parametrize("choices", [{}, {"versions": True}, {"diversity": 0.5}, {"popularity": 1.0, "vary": 1}])
@each_kind
def test_what_is_blocked_never_comes(furnished: Path, kind: str, choices: dict[str, object]) -> None:
    """Neither the track nor its other versions, nor anything that the artist is credited with, also as the last."""
    suggester, track = Suggester.open(furnished), varied("calm", 4)
    kin, artist = {one.track_id for one in every_version("calm", 4)}, "calm artist 0"
    assert len(kin) == 3
    before = suggester.answer(SEEDS, ALL, kind, per_artist=None, **choices)
    assert kin & set(ids(before))
    assert any(artist in one.artists for one in before.suggestions)
    blocks = [Block(TRACK, track.track_id, track.name, NOW), Block(ARTIST, normal_artist(artist), artist, NOW)]
    block(furnished, blocks)
    for seeds, more in ((SEEDS, {}), ([], {}), ([STRANGER], {}), (SEEDS, {"title": "loud evening"})):
        found = suggester.suggest(seeds, ALL, kind, per_artist=None, **choices, **more)
        assert found
        assert not kin & set(ids(found))
        assert not any(artist in one.artists for one in found)
    unblock(furnished, blocks)
    assert suggester.answer(SEEDS, ALL, kind, per_artist=None, **choices) == before


@pytest.mark.parametrize("wish", ["unlike", "without"])
@pytest.mark.parametrize("versions", [False, True])
@each_kind
def test_what_may_not_come_does_not_come_in_another_version(
    suggester: Suggester, kind: str, versions: bool, wish: str
) -> None:
    """Asking for other versions is about the seeds and the list, not about what a person does not want."""
    kin = {one.track_id for one in every_version("calm", 6)}
    told = {wish: (varied("calm", 6).track_id,)}
    found = suggester.suggest(SEEDS, ALL, kind, per_artist=None, versions=versions, **told)
    assert found
    assert not kin & set(ids(found))


def test_where_all_that_is_left_is_blocked_or_heard_the_list_is_empty(furnished: Path) -> None:
    """Rather than fall back on what may not come; a note says so."""
    suggester = Suggester.open(furnished)
    artists = {artist.name for one in lists() for entry in one.entries for artist in entry.track.artists}
    heard = [entry.track for one in lists() for entry in one.entries]
    add_plays(furnished, [Play("ada", track, 1, NOW) for track in {track.track_id: track for track in heard}.values()])
    train(furnished)
    answer = suggester.answer(SEEDS, 5, unheard="ada")
    assert (answer.suggestions, answer.notes) == ((), (NOTHING,))
    answer = suggester.answer(SEEDS, 5, without=[track.track_id for track in heard])
    assert (answer.suggestions, answer.notes) == ((), (NOTHING,))
    block(furnished, [Block(ARTIST, normal_artist(name), name, NOW) for name in artists])
    answer = suggester.answer(SEEDS, 5)
    assert (answer.suggestions, answer.notes) == ((), (NOTHING,))


def test_bare_ids_come_only_where_they_may(tmp_path: Path) -> None:
    """Where nothing has a name a list is made of bare ids, but of no blocked or unwanted ones."""
    rows = [[Track(spotify_id(f"bare{n}")) for n in range(start, start + 4)] for start in range(6)]
    extra(tmp_path / "s.db", *rows)
    train(tmp_path / "s.db")
    block(tmp_path / "s.db", [Block(TRACK, spotify_id("bare3"), "", NOW)])
    found = ids(Suggester.open(tmp_path / "s.db").suggest([spotify_id("bare2")], 30, without=[spotify_id("bare4")]))
    assert set(found) == {spotify_id(f"bare{n}") for n in (0, 1, 5, 6, 7, 8)}


def test_what_was_heard_does_not_come_in_any_version(furnished: Path) -> None:
    """Not for this listener; for another one it does."""
    suggester, heard = Suggester.open(furnished), [varied("calm", number) for number in (0, 2, 12, 17)]
    before = suggester.answer(SEEDS, ALL, "item-knn", per_artist=None)
    add_plays(furnished, [Play("ada", one, 2, NOW) for one in heard] + [Play("bo", varied("loud", 1), 1, NOW)], "log")
    kin = {one.track_id for number in (0, 2, 12, 17) for one in every_version("calm", number)}
    found = suggester.answer(SEEDS, ALL, "item-knn", per_artist=None, unheard="ada")
    assert kin & set(ids(before))
    assert ids(found)
    assert not kin & set(ids(found))
    theirs = ids(suggester.answer(SEEDS, ALL, "item-knn", per_artist=None, unheard="bo"))
    assert kin & set(theirs)
    assert not {one.track_id for one in every_version("loud", 1)} & set(theirs)
    with pytest.raises(ListenerNotKnown):
        suggester.answer(SEEDS, unheard="")
    with pytest.raises(ListenerNotKnown):
        suggester.answer(SEEDS, unheard="nobody")


# filters


FILTERS = [
    Filters(explicit=False),
    Filters(explicit=True),
    Filters(year=Span(1985, 1995)),
    Filters(genres=("ambient",), told_only=True),
    Filters(not_genres=("metal",), told_only=True),
    Filters(audio=(("tempo", Span(90, 120)), ("energy", Span(0.2, None)))),
    Filters(explicit=False, year=Span(None, 1999), genres=("rock",), audio=(("key", Span(0, 6)),), told_only=True),
]


@pytest.mark.parametrize("filters", FILTERS)
@each_kind
def test_every_song_keeps_the_filters(suggester: Suggester, furnished_once: Path, kind: str, filters: Filters) -> None:
    """With seeds and without, with dials; what is not known is left out and counted."""
    for seeds, more in ((SEEDS, {}), ([], {}), (SEEDS, {"popularity": -0.5, "vary": 2}), (SEEDS, {"diversity": 0.7})):
        answer = suggester.answer(seeds, ALL, kind, per_artist=None, filters=filters, **more)
        assert answer.suggestions
        assert all(verdict(filters, told) == PASS for told in facts(furnished_once, ids(answer)))
        assert any("is not known" in note and "--keep-unknown" in note for note in answer.notes)


@pytest.mark.parametrize("filters", [Filters(genres=("ambient",)), Filters(not_genres=("metal",))])
def test_every_song_keeps_the_filters_by_what_is_inferred_too(
    suggester: Suggester, furnished_once: Path, filters: Filters
) -> None:
    """Then more come than by what was told alone, and how many is said."""
    answer = suggester.answer(SEEDS, ALL, "item-knn", per_artist=None, filters=filters)
    alone = suggester.answer(SEEDS, ALL, "item-knn", per_artist=None, filters=replace(filters, told_only=True))
    assert set(ids(alone)) < set(ids(answer))
    with open_reader(furnished_once) as connection:
        known = full_facts(connection, ids(answer))
    assert all(verdict(filters, one) == PASS for one in known.values())
    inferred = sum("genre" in one.inferred for one in known.values())
    assert any(note.startswith(f"the genre of {inferred} of these songs is inferred") for note in answer.notes)


@pytest.mark.parametrize(("name", "value"), [("explicit", False), ("year", Span(1980, 2010))])
def test_what_is_not_known_comes_when_it_may(
    suggester: Suggester, furnished_once: Path, name: str, value: object
) -> None:
    """What is known to break the filter never does; nothing is counted then, and the count was right."""
    strict, kept = Filters(**{name: value}), Filters(**{name: value}, keep_unknown=True)
    every = ids(suggester.suggest(SEEDS, ALL, "item-knn", per_artist=None, versions=True))
    unknown = [
        one for one, told in zip(every, facts(furnished_once, every), strict=True) if getattr(told, name) is None
    ]
    answer = suggester.answer(SEEDS, ALL, "item-knn", per_artist=None, versions=True, filters=strict)
    assert any(note.startswith(f"left out {len(unknown)} tracks") for note in answer.notes)
    assert not set(unknown) & set(ids(answer))
    answer = suggester.answer(SEEDS, ALL, "item-knn", per_artist=None, versions=True, filters=kept)
    assert set(unknown) <= set(ids(answer))
    assert not any("left out" in note for note in answer.notes)
    assert all(verdict(kept, told) == PASS for told in facts(furnished_once, ids(answer)))


def test_a_filter_that_few_keep_looks_deeper_and_says_how_far(tmp_path: Path) -> None:
    """The last songs of a long ranking are found; fewer than wanted are said with how far it looked."""
    seed = song("Seed", "Sower", spotify_id("seed"), explicit=False)
    tracks = [
        song(f"Song {n}", f"Artist {n}", spotify_id(f"n{n}x"), explicit=n < 997 if n % 2 else None) for n in range(1000)
    ]
    add(tmp_path / "s.db", [playlist(f"p{n}", [seed, *tracks[: 1000 - 100 * n]]) for n in range(10)])
    train(tmp_path / "s.db", ["popularity"])
    answer = Suggester.open(tmp_path / "s.db").answer([seed.track_id], 10, filters=Filters(explicit=False))
    assert set(ids(answer)) == {tracks[n].track_id for n in (997, 999)}
    assert answer.notes[-3:] == (
        "looked through the best 1,000 of 1,001 tracks to find 2 of 10",
        "left out 500 tracks of which it is not known whether explicit (--keep-unknown lets them come)",
        "no more than these 2 can be suggested with at most 3 by one artist (--per-artist 0 lets any number come)",
    )


@each_kind
def test_a_filter_that_nobody_keeps_gives_an_empty_list_and_a_note(suggester: Suggester, kind: str) -> None:
    for more in ({}, {"order": "smooth"}, {"diversity": 1.0}, {"popularity": 1.0}, {"vary": 0}, {"why": True}):
        answer = suggester.answer(SEEDS, 5, kind, filters=Filters(year=Span(1700, 1701)), **more)
        assert answer.suggestions == ()
        assert answer.notes[-1] == NOTHING
        assert any("to find 0 of 5" in note for note in answer.notes)


# dials


@each_kind
def test_popularity_moves_the_list_towards_what_it_says(suggester: Suggester, furnished_once: Path, kind: str) -> None:
    """And untouched it changes nothing."""
    at = {
        dial: suggester.suggest(SEEDS, 8, kind, popularity=dial, per_artist=None) for dial in (-1.0, -0.4, 0, 0.4, 1.0)
    }
    means = [fame(furnished_once, found) for found in at.values()]
    assert means[0] < means[-1]
    assert means[0] <= means[2] + 1e-9 <= means[-1] + 2e-9
    assert at[0] == suggester.suggest(SEEDS, 8, kind, per_artist=None)


@pytest.mark.parametrize("choices", [{"popularity": 1.0}, {"popularity": -1.0}, {"vary": 5}, {"diversity": 1.0}])
def test_a_dial_brings_in_nothing_of_which_the_model_knows_nothing(trained: Path, choices: dict[str, object]) -> None:
    """While there is anything that it knows: here 13 songs of one taste."""
    if "diversity" in choices:
        train(trained, ["word2vec"], workers="1")
    suggester = Suggester.open(trained)
    found = suggester.suggest(CALM[:2], 28, "item-knn", per_artist=None, **choices)
    assert set(ids(found)) == {*CALM[2:], *LOUD}
    told = [one.model == "item-knn" for one in found]
    early = told.index(False)  # the last of the taste may be by one artist, between whose songs others come
    assert early >= 9
    assert len({artist for one in found[early:] if one.model == "item-knn" for artist in one.artists}) <= 1


def test_where_the_model_knows_nothing_the_dials_turn_what_is_popular(
    suggester: Suggester, furnished_once: Path
) -> None:
    gems, other = (suggester.suggest([STRANGER], 8, **choices) for choices in ({"popularity": -1.0}, {"vary": 3}))
    hits = suggester.suggest([STRANGER], 8)
    assert fame(furnished_once, gems) < fame(furnished_once, hits)
    assert ids(other) != ids(hits)


def test_diversity_needs_a_space_and_says_so_once(trained: Path) -> None:
    suggester = Suggester.open(trained)
    without, answer = suggester.answer([CALM[0]], 5), suggester.answer([CALM[0]], 5, diversity=0.9)
    assert answer.notes == (NO_SPACE,)
    assert answer.suggestions == without.suggestions
    long = suggester.answer([CALM[0]], ALL, diversity=0.9, per_artist=1)
    assert long.notes.count(NO_SPACE) == 1
    train(trained, ["word2vec"], workers="1")
    assert NO_SPACE not in suggester.answer([CALM[0]], 5, "item-knn", diversity=0.9).notes


def test_a_damaged_space_is_said_to_be_the_damaged_one(trained: Path) -> None:
    """The model that answers is not to blame, and answers."""
    train(trained, ["word2vec"], workers="1")
    suggester = Suggester.open(trained)
    path = trained.with_suffix(".models") / "word2vec" / "inner.npy"
    np.save(path, np.full_like(np.load(path), np.nan))
    first, again = (suggester.answer([CALM[0]], 5, "item-knn", diversity=0.9) for _ in range(2))
    assert "its vectors are no numbers: train it again (segue train word2vec)" in first.notes[0]
    assert (first.notes[1:], again.notes) == ((NO_SPACE,), (NO_SPACE,))
    assert first.suggestions == again.suggestions == suggester.answer([CALM[0]], 5, "item-knn").suggestions
    assert suggester.answer([CALM[0]], 5, "item-knn").notes == ()


@each_kind
def test_diversity_spreads_the_list(suggester: Suggester, kind: str) -> None:
    """By the space of the model itself, or of another one: no note, and another list."""
    plain, spread = suggester.answer(SEEDS, 8, kind), suggester.answer(SEEDS, 8, kind, diversity=1.0)
    assert spread.notes == plain.notes
    assert len(spread.suggestions) == 8
    assert ids(spread) != ids(plain)


def test_each_number_gives_a_list_of_its_own(suggester: Suggester) -> None:
    """The same each time, in another process too; without a number the one list."""
    found = [ids(suggester.answer(SEEDS, 10, "item-knn", vary=number)) for number in (0, 1, 2, 0)]
    assert found[0] == found[3]
    assert len({tuple(one) for one in found}) == 3


# unlike


@each_kind
def test_what_goes_with_the_unliked_falls_behind(suggester: Suggester, kind: str) -> None:
    """Between two tastes, the one that is not liked loses; the unliked track and its versions never come."""
    seeds, unliked = [varied("calm", 9).track_id, varied("loud", 9).track_id], varied("loud", 2)
    before = suggester.suggest(seeds, ALL, kind, per_artist=None)
    after = suggester.suggest(seeds, ALL, kind, per_artist=None, unlike=(unliked.track_id,))

    def place(found: Sequence[Suggestion]) -> float:
        both = [one for one in found if one.track_id in ids(after)]
        return float(np.mean([place for place, one in enumerate(both) if one.name.startswith("loud")]))

    assert not {"loud artist 2"} & {artist for one in after for artist in one.artists}

    assert not {one.track_id for one in every_version("loud", 2)} & set(ids(after))
    assert place(after) > place(before) or kind in (*YARDSTICKS, "audio")  # to which both tastes sound alike here


def test_beside_a_title_alone_the_unliked_counts_too(suggester: Suggester) -> None:
    before = suggester.answer([], 12, title="evening", per_artist=None)
    after = suggester.answer([], 12, title="evening", per_artist=None, unlike=(varied("loud", 2).track_id,))
    loud = [sum(one.name.startswith("loud") for one in answer.suggestions) for answer in (before, after)]
    assert loud[1] < loud[0]


@each_kind
def test_something_unknown_that_is_not_liked_does_no_harm(suggester: Suggester, kind: str) -> None:
    assert suggester.answer(SEEDS, 12, kind, unlike=(STRANGER, "no id")) == suggester.answer(SEEDS, 12, kind)


def test_to_like_and_not_to_like_the_same_is_refused(suggester: Suggester) -> None:
    with pytest.raises(ValueError, match="cannot be one to keep away from"):
        suggester.suggest(SEEDS, 12, "item-knn", unlike=tuple(SEEDS[:1]))


def test_of_an_artist_of_the_seeds_only_the_unliked_track_stays_away(suggester: Suggester) -> None:
    seed = varied("calm", 1)
    other = next(one for n in range(15) if n != 1 and (one := varied("calm", n)).artists == seed.artists)
    found = suggester.suggest([seed.track_id], ALL, "item-knn", per_artist=None, unlike=(other.track_id,))
    assert other.track_id not in ids(found)
    assert any(seed.artists[0].name in one.artists for one in found)


# order


@each_kind
def test_a_smooth_order_is_of_the_same_songs(suggester: Suggester, furnished_once: Path, kind: str) -> None:
    """It flows at least as well, and brings nobody together who was apart."""
    for n in (1, 2, 8, 14, 30):
        best, flowing = (suggester.answer(SEEDS, n, kind, order=order) for order in ("best", "smooth"))
        assert sorted(ids(best)) == sorted(ids(flowing))
        assert {one.track_id: one for one in best.suggestions} == {one.track_id: one for one in flowing.suggestions}
        assert flowing.notes == (*best.notes, *flowing.notes[len(best.notes) :])
        assert [note.startswith("transitions are ") for note in flowing.notes[len(best.notes) :]] == [True] * (n > 1)
        assert len(in_a_row(flowing.suggestions)) <= len(in_a_row(best.suggestions))
        sounds = [
            Sound(told.audio.get("key"), told.audio.get("mode"), told.audio.get("tempo"), told.audio.get("energy"))  # type: ignore[arg-type]
            for told in facts(furnished_once, ids(best))
        ]
        places = [ids(best).index(one) for one in ids(flowing)]
        own = all(sound != Sound() for sound in sounds)  # of the others another version tells
        as_apart = len(in_a_row(flowing.suggestions)) == len(in_a_row(best.suggestions))
        if own and as_apart:
            assert total(sounds, places) <= total(sounds, range(len(sounds))) + 1e-6
        if len(flowing.notes) > len(best.notes) and len(in_a_row(flowing.suggestions)) == len(
            in_a_row(best.suggestions)
        ):
            flows, ranked = map(float, re.findall(r"\d\.\d\d", flowing.notes[-1]))
            assert flows <= ranked


# titles


def test_a_title_alone_keeps_filters_and_blocks(furnished: Path) -> None:
    suggester, clean = Suggester.open(furnished), Filters(explicit=False)
    block(furnished, [Block(ARTIST, "loud artist 0", "loud artist 0", NOW)])
    answer = suggester.answer([], 12, title="loud evening", filters=clean)
    assert answer.model == "title"
    assert len(answer.suggestions) == 12
    assert all(told.explicit is False for told in facts(furnished, ids(answer)))
    assert not any("loud artist 0" in one.artists for one in answer.suggestions)
    beside = suggester.answer(SEEDS, 12, title="loud evening", filters=clean, popularity=0.5, order="smooth")
    assert 'the title "loud evening" counts too' in beside.notes
    assert all(told.explicit is False for told in facts(furnished, ids(beside)))


@each_kind
def test_later_seeds_weigh_more_in_a_long_list(suggester: Suggester, kind: str) -> None:
    """No seed comes back, and a list that is no long one stays as it is."""
    calm, loud = ([varied(taste, number).track_id for number in range(15)] for taste in ("calm", "loud"))
    found = suggester.suggest([*calm, *loud], 12, kind, later=True, versions=True, per_artist=None)
    assert len(found) == 12
    assert not {*calm, *loud} & set(ids(found))
    assert suggester.answer(SEEDS, 12, kind, later=True) == suggester.answer(SEEDS, 12, kind)
    short = [varied("calm", number).track_id for number in range(16)]  # with all their versions they are more than 25
    assert suggester.answer(short, 12, kind, later=True) == suggester.answer(short, 12, kind)
    if kind == "item-knn":

        def told(seeds: list[str]) -> int:
            found = suggester.suggest(seeds, 8, kind, later=True, versions=True, per_artist=None)
            return sum(one.name.startswith("loud") for one in found)

        assert told([*calm, *loud]) > told([*loud, *calm])


# reasons


@pytest.mark.parametrize(
    "choices", [{}, {"title": "loud evening"}, {"popularity": -1.0, "vary": 1}, {"order": "smooth"}]
)
@each_kind
def test_every_reason_comes_with_the_query_that_proves_it(
    suggester: Suggester, furnished_once: Path, kind: str, choices: dict[str, object]
) -> None:
    """In the order of the reasons, and only when asked for."""
    with closing(sqlite3.connect(furnished_once)) as connection:
        for seeds in (SEEDS, [STRANGER]):
            for one in suggester.suggest(seeds, 15, kind, why=True, **choices):
                assert len(one.reasons) == len(one.checks) >= 1
                for text, check in zip(one.reasons, one.checks, strict=True):
                    hold(connection, Reason(text, check))
    assert all(one.checks == () for one in suggester.suggest(SEEDS, 15, kind, **choices))


# plain


@each_kind
def test_beside_a_plain_list_no_other_wish_counts(furnished: Path, kind: str) -> None:
    suggester = Suggester.open(furnished)
    block(furnished, [Block(TRACK, varied("calm", 0).track_id, "", NOW)])
    many = [varied(taste, number).track_id for taste in ("calm", "loud") for number in range(1, SONGS, 2)] + SEEDS
    many += [varied("loud", number).track_id for number in range(4, SONGS, 2)]
    assert len(set(many)) > 25
    wishes = {
        "unlike": (varied("calm", 2).track_id,), "without": [varied("calm", 12).track_id], "popularity": 1.0, "vary": 3,
        "filters": Filters(explicit=True), "diversity": 0.5, "order": "smooth", "later": True, "why": True,
    }  # fmt: skip
    assert suggester.answer(many, 9, kind, plain=True, **wishes) == suggester.answer(many, 9, kind, plain=True)


# what makes no sense


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"per_artist": 0}, "per_artist must be 1 or more, or None"),
        ({"per_artist": -3}, "per_artist must be 1 or more, or None"),
        ({"per_artist": 1.5}, "per_artist must be 1 or more, or None"),
        ({"popularity": 1.01}, "popularity goes from -1, hidden gems, to 1, hits"),
        ({"popularity": float("nan")}, "popularity goes from -1"),
        ({"popularity": "high"}, "popularity goes from -1"),
        ({"diversity": -0.1}, "diversity goes from 0 to 1"),
        ({"diversity": float("nan")}, "diversity goes from 0 to 1"),
        ({"diversity": None}, "diversity goes from 0 to 1"),
        ({"vary": -1}, "vary is a whole number, 0 or more"),
        ({"vary": 1.5}, "vary is a whole number, 0 or more"),
        ({"order": "worst"}, "order is best or smooth"),
        ({"unlike": "abc"}, "unlike must be a list of raw track ids, not one text"),
        ({"without": "abc"}, "without must be a list of raw track ids, not one text"),
        ({"filters": None}, "filters must be Filters"),
        ({"filters": {"explicit": False}}, "filters must be Filters"),
    ],
)
def test_a_wish_that_makes_no_sense_is_one_sentence(
    suggester: Suggester, wishes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=f"^{sentence}"):
        Wishes(**wishes)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"^{sentence}"):
        suggester.suggest(SEEDS, **wishes)


def test_a_wish_that_there_is_not_is_refused(suggester: Suggester) -> None:
    with pytest.raises(TypeError, match="louder"):
        suggester.suggest(SEEDS, louder=True)


# one suggester for many


def test_many_threads_with_many_wishes_get_what_one_would(furnished_once: Path) -> None:
    alone = Suggester.open(furnished_once)
    wishes: list[dict[str, object]] = [
        {}, {"filters": Filters(explicit=False)}, {"diversity": 0.6}, {"vary": 4}, {"unlike": (CALM[1],)},
        {"title": "loud evening"}, {"order": "smooth", "why": True}, {"popularity": -1.0, "versions": True},
    ]  # fmt: skip
    wanted = [alone.answer(SEEDS, 9, **each) for each in wishes]  # type: ignore[arg-type]
    shared, wrong = Suggester.open(furnished_once), list[object]()

    def ask(number: int) -> None:
        for turn in range(10):
            place = (number + turn) % len(wishes)
            try:
                if shared.answer(SEEDS, 9, **wishes[place]) != wanted[place]:  # type: ignore[arg-type]
                    wrong.append(wishes[place])
            except Exception as error:  # noqa: BLE001 - a thread's error must reach the test
                wrong.append(repr(error))

    threads = [threading.Thread(target=ask, args=[number]) for number in range(len(wishes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_suggester_remembers_nothing(furnished: Path) -> None:
    """Only the command line does, so that a page or a program can ask as often as it likes."""
    before = furnished.read_bytes()
    for wishes in ({}, {"vary": 1}, {"filters": Filters(explicit=False)}):
        Suggester.open(furnished).answer(SEEDS, 10, **wishes)
    assert furnished.read_bytes() == before


# titles without effect, other versions of what is not known


def test_a_title_that_fits_none_of_the_songs_says_so(tmp_path: Path) -> None:
    """To say that it counts would not be true."""
    near = [song(f"Near {n}", f"Artist {n}", spotify_id(f"near{n}")) for n in range(8)]
    far = [song(f"Far {n}", f"Maker {n}", spotify_id(f"far{n}")) for n in range(8)]
    lists = [playlist(f"near {n}", near) for n in range(8)] + [playlist(f"winter {n}", far) for n in range(8)]
    add(tmp_path / "s.db", lists)
    train(tmp_path / "s.db", ["item-knn", "title"])
    suggester = Suggester.open(tmp_path / "s.db")
    told = [suggester.answer([near[0].track_id], 3, title=title).notes for title in ("winter", "near")]
    assert told == [
        ('the title "winter" changes nothing: playlists of such names hold none of these songs',),
        ('the title "near" counts too',),
    ]


def test_what_is_not_known_does_not_come_where_another_version_is_known_to_break_the_filter(tmp_path: Path) -> None:
    """The same recording is as explicit under another id."""
    seed, other = (song(name, name, spotify_id(name), explicit=False) for name in ("Seed", "Other"))
    known = song("Rude", "Band", spotify_id("known"), explicit=True)
    twin = song("Rude - Remastered 2011", "Band", spotify_id("twin"))
    blank = song("Blank", "Nobody", spotify_id("blank"))
    add(tmp_path / "s.db", [playlist(f"p{n}", [seed, other, twin, blank, known]) for n in range(9)])
    train(tmp_path / "s.db", ["item-knn"])
    found = Suggester.open(tmp_path / "s.db").suggest(
        [seed.track_id], 9, filters=Filters(explicit=False, keep_unknown=True)
    )
    assert {one.name for one in found} == {"Other", "Blank"}


def test_a_smooth_order_asks_other_versions_how_a_song_sounds(tmp_path: Path) -> None:
    """The remaster has no audio features, its original has."""
    tracks = [song(f"Song {n}", f"Band {n}", spotify_id(f"plain{n}")) for n in range(6)]
    again = [song(f"Song {n} - Remastered 2011", f"Band {n}", spotify_id(f"again{n}")) for n in range(6)]
    seed = song("Seed", "Sower", spotify_id("seed"))
    heard = [AudioFeatures(tracks[n], key=7 * n % 12, mode=1, tempo=100.0 + 9 * (n % 3), energy=0.5) for n in range(6)]
    add(tmp_path / "s.db", [*(playlist(f"p{n}", [seed, *again]) for n in range(9)), *heard])
    train(tmp_path / "s.db", ["item-knn"])
    (note,) = Suggester.open(tmp_path / "s.db").answer([seed.track_id], 6, order="smooth").notes
    assert note.startswith("transitions are ")
    assert "not known" not in note


def test_a_smooth_order_goes_on_from_the_last_song_of_a_list(tmp_path: Path) -> None:
    """What comes first is near to what was heard before; from a mere seed any song may be the first."""
    seed = song("Seed", "Sower", spotify_id("seed"))
    tracks = [song(f"Song {n}", f"Band {n}", spotify_id(f"plain{n}")) for n in range(5)]
    heard = [AudioFeatures(one, key=0, mode=1, tempo=100.0 + 5 * n, energy=0.5) for n, one in enumerate(tracks)]
    heard.append(AudioFeatures(seed, key=0, mode=1, tempo=125.0, energy=0.5))
    add(tmp_path / "s.db", [*(playlist(f"p{n}", [seed, *tracks]) for n in range(9)), *heard])
    train(tmp_path / "s.db", ["item-knn"])
    found = Suggester.open(tmp_path / "s.db").suggest([seed.track_id], 5, order="smooth", later=True)
    assert [one.name for one in found] == [f"Song {n}" for n in (4, 3, 2, 1, 0)]
