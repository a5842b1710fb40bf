"""What a service did not confirm for long goes, with what only it needed; all else stays as it was."""

import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from db import found, gate, index, staging
from db.connection import open_reader, open_writer, transaction
from db.crawl_facts import crawl_facts
from db.found import confirm_contents
from db.records import Album, Artist, AudioFeatures, Track
from db.retention import KEEP_DAYS, Expired, expire, keep_days, set_keep_days
from db.runs import content_mark
from tests.db.crawling import contents, count, crawl, known, playlist_id, recco
from tests.db.make import NOW, entries_of, is_sound, meaning, playlist, raw_id, store_all, track

OLD, FRESH, BEFORE = NOW, NOW + 1000, NOW + 500
NOTHING = Expired(0, 0, 0, 0, 0)


def _expire(path: Path, before: int = BEFORE, finish: bool = True) -> Expired:
    with open_writer(path, "testing") as connection:
        expired = expire(connection, "spotify", before)
        if finish:
            index.finish(connection)
    assert is_sound(path)
    return expired


def _many(path: Path, tracks: int = 400) -> None:
    store_all(path, [playlist(1000, range(1000, 1000 + tracks))], "csv")


def _shown(path: Path, number: int) -> list[str]:
    return [track_id for _, track_id in entries_of(path, playlist_id(number))]


def _ids(*numbers: int) -> list[str]:
    return [track(number).track_id for number in numbers]


def test_what_is_old_goes_and_what_is_fresh_stays(tmp_path: Path) -> None:
    """As if only the later crawl had been; tracks that both need stay."""
    path, alone = tmp_path / "both.db", tmp_path / "alone.db"
    crawl(path, {1: [1, 2, 3], 2: [3, 4]}, OLD, features=[1, 3])
    crawl(path, {3: [3, 5]}, FRESH, features=[5])
    assert _expire(path) == Expired(playlists=2, playlists_restored=0, tracks=3, features=2, found=2)
    crawl(alone, {3: [3, 5]}, FRESH, features=[5])
    assert meaning(path) == meaning(alone)
    assert known(path, 1) is None
    assert known(path, 3) == ("stored", f"snapshot-3-{FRESH}")
    assert _expire(path) == NOTHING


def test_a_confirmed_playlist_stays_with_its_old_tracks(file: Path) -> None:
    """It is kept as long as the service says that it is unchanged, however long ago it was read."""
    crawl(file, {1: [1], 2: [2]}, OLD)
    with open_writer(file, "testing") as connection, transaction(connection):
        confirm_contents(connection, [playlist_id(1)], FRESH)
        mine = found.known_playlists(connection, [playlist_id(1)])[playlist_id(1)]
        found.settle(connection, mine.key, "stored", None, FRESH)
    assert _expire(file) == Expired(1, 0, 1, 0, 1)
    assert _shown(file, 1) == _ids(1)
    assert known(file, 1) == ("stored", f"snapshot-1-{OLD}")


def test_other_sources_do_not_grow_old(file: Path) -> None:
    """Files are the user's own: nothing of theirs goes, and neither do features that they told."""
    store_all(file, [playlist(1, [1, 2]), AudioFeatures(track(1), 0.5)], "csv")
    crawl(file, {1: [2, 3]}, OLD)
    before = meaning(file)
    assert _expire(file) == Expired(1, 0, 1, 0, 1)
    after = meaning(file)
    assert after["features"] == before["features"]
    assert [track_id for _, track_id in entries_of(file, "made-up:1")] == _ids(1, 2)


def test_features_of_spotify_grow_old_and_those_of_others_go_with_their_track(file: Path) -> None:
    """Spotify's go even where the track stays; ReccoBeats' stay as long as the track."""
    store_all(file, [playlist(1, [1, 2])], "csv")
    crawl(file, {1: [3]}, OLD, features=[1])
    recco(file, [2, 3], OLD)
    assert _expire(file) == Expired(playlists=1, playlists_restored=0, tracks=1, features=2, found=1)
    with closing(sqlite3.connect(file)) as connection:
        left = connection.execute("SELECT track_id FROM audio_features f JOIN tracks t ON t.key = f.track_key")
        assert [track_id for (track_id,) in left] == _ids(2)


def test_what_a_file_told_of_a_playlist_returns(file: Path) -> None:
    """Contents that a crawl replaced are shown again when the crawl's are too old."""
    store_all(file, [contents(1, [1], "csv")], "csv")
    crawl(file, {1: [2]}, OLD)
    assert _expire(file) == Expired(0, playlists_restored=1, tracks=1, features=0, found=1)
    assert _shown(file, 1) == _ids(1)


def test_replaced_contents_grow_old_by_themselves(file: Path) -> None:
    """What stood before goes, what stands stays, and is not read again for it."""
    crawl(file, {1: [1]}, OLD)
    crawl(file, {1: [2]}, FRESH)
    assert count(file, "replaced_playlists") == 1
    assert _expire(file) == Expired(0, 0, tracks=1, features=0, found=0)
    assert count(file, "replaced_playlists") == count(file, "replaced_entries") == 0
    assert known(file, 1) == ("stored", f"snapshot-1-{FRESH}")
    store_all(file, [contents(1, [3], "csv")], "csv")
    assert _expire(file, FRESH + 1).tracks == 1
    assert _shown(file, 1) == _ids(3)
    assert known(file, 1) is None


def test_old_contents_of_a_playlist_that_was_seen_since_are_read_again(file: Path) -> None:
    """It is still known, but no longer as stored: the next crawl would take it for unchanged."""
    crawl(file, {1: [1]}, OLD)
    with open_writer(file, "testing") as connection, transaction(connection):
        mine = found.known_playlists(connection, [playlist_id(1)])[playlist_id(1)]
        found.put_found(connection, [(mine.found, "withheld", FRESH)], 1)
    assert _expire(file) == Expired(1, 0, 1, 0, found=0)
    assert known(file, 1) == ("withheld", None)


def test_a_stopped_crawl_reads_its_lists_again_when_it_lost_what_waited(file: Path) -> None:
    """Staged pages go with their playlist, and other crawls keep their place."""
    with open_writer(file, "testing") as connection, transaction(connection):
        for target, at in (("old", OLD), ("fresh", FRESH)):
            key, *_ = found.open_crawl(connection, target, OLD)
            found.put_found(connection, [(found.Found(f"of {target}", total=9), "waiting", at)], key)
            found.write_listing(connection, key, "mine", found.Listing(50, 90, False))
            mine = found.known_playlists(connection, [f"of {target}"])[f"of {target}"]
            staging.stage_page(connection, mine.key, staging.StagedPage(0, 5, 9, None, ()))
    assert _expire(file) == Expired(0, 0, 0, 0, found=1)
    assert count(file, "staged_pages") == 1
    with open_reader(file) as connection:
        assert found.read_listing(connection, 1, "mine") == found.Listing()
        assert found.read_listing(connection, 2, "mine") == found.Listing(50, 90, False)
        assert len(found.unfinished_crawls(connection)) == 2


# The index.


def _names(numbers: Sequence[int]) -> list[Track]:
    words = ("AC/DC", "Señor", "東京 Blues", "P!nk", "", "Don't")
    return [
        Track(
            raw_id("odd", n),
            words[n % 6],
            (Artist(f"{words[(n + 1) % 6]} {n}"),) if n % 5 else (),
            Album(f"{words[(n + 2) % 6]} live") if n % 7 else None,
        )
        for n in numbers
    ]


@pytest.mark.parametrize("finish", [True, False])
def test_few_tracks_leave_the_index_without_making_it_anew(tmp_path: Path, finish: bool) -> None:
    """Every word of theirs goes, names in all scripts, and no other; nothing is left to index."""
    path, alone = tmp_path / "both.db", tmp_path / "alone.db"
    _many(path)
    crawl(path, {1: [1, 2, *_names(range(12))]}, OLD)
    assert _expire(path, finish=finish).tracks == 14
    with open_reader(path) as connection:
        assert index.behind(connection) == 0
    _many(alone)
    assert meaning(path) == meaning(alone)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE VIRTUAL TABLE temp.told USING fts5vocab(main, tracks_fts, instance)")
        strays = connection.execute("SELECT term FROM temp.told WHERE doc NOT IN (SELECT key FROM tracks)")
        assert strays.fetchall() == []


def test_keys_that_are_given_again_are_indexed(tmp_path: Path) -> None:
    """The newest tracks go, and new ones take their keys: they are found too."""
    path, alone = tmp_path / "both.db", tmp_path / "alone.db"
    _many(path)
    crawl(path, {1: [1, 2, 3]}, OLD)
    _expire(path, finish=False)
    for one in (path, alone):
        if one == alone:
            _many(one)
        store_all(one, [playlist(2, [7, 8])], "csv")
    assert meaning(path) == meaning(alone)


def test_many_tracks_have_the_index_made_anew(file: Path) -> None:
    """Where most goes, that is faster."""
    store_all(file, [playlist(1, [1])], "csv")
    crawl(file, {1: range(10, 40)}, OLD)
    _expire(file, finish=False)
    with open_reader(file) as connection:
        assert index.behind(connection) == 1


def test_a_song_of_a_file_finds_another_version(file: Path) -> None:
    """When the track that stands for it goes, the index looks for one that stays."""
    title = ("Tide", (Artist("Nora Vale"),))
    mine = Track("x:" + "a" * 20, *title)
    _many(file)
    store_all(file, [playlist(1, [mine])], "csv")
    crawl(file, {1: [Track(raw_id("tide", 1), *title)], 2: [Track(raw_id("tide", 1), *title)]}, OLD)
    crawl(file, {3: [Track(raw_id("tide", 2), *title)]}, FRESH)
    assert _link(file, mine) == raw_id("tide", 1)
    _expire(file)
    assert _link(file, mine) == raw_id("tide", 2)


def _link(path: Path, mine: Track) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        question = "SELECT l.track_id FROM tracks t LEFT JOIN tracks l ON l.key = t.linked_key WHERE t.track_id = ?"
        return connection.execute(question, [mine.track_id]).fetchone()[0]


@pytest.mark.parametrize("seed", range(10))
def test_random_crawls_grow_old(tmp_path: Path, seed: int) -> None:
    """Crawls and files by turns: what is left of playlists and tracks is what files and fresh crawls told."""
    rng = random.Random(seed)
    path, alone = tmp_path / "all.db", tmp_path / "alone.db"
    steps = [
        (rng.choice(["csv", "old", "fresh"]), rng.randrange(6), rng.sample(range(30), rng.randint(1, 6)))
        for _ in range(9)
    ]
    steps.sort(key=lambda step: {"csv": 0, "old": 1, "fresh": 2}[step[0]])
    for place, (kind, number, members) in enumerate(steps):
        for one in (path, alone):
            if kind == "csv":
                store_all(one, [contents(number, members, "csv")], "csv")
            elif kind == "fresh" or one == path:
                crawl(one, {number: members}, (FRESH if kind == "fresh" else OLD) + place)
    _expire(path)
    told, wanted = meaning(path), meaning(alone)
    for part in ("playlists", "tracks", "artists", "albums", "words", "names"):
        assert told[part] == wanted[part]


# What surrounds it.


def test_expiring_moves_the_content_mark_only_when_something_goes(file: Path) -> None:
    """A model learns that its playlists changed, and is not called stale for nothing."""
    crawl(file, {1: [1]}, OLD)
    marks = []
    for before in (OLD, BEFORE, BEFORE):
        _expire(file, before)
        with open_reader(file) as connection:
            marks.append(content_mark(connection))
    assert marks[0] != marks[1] == marks[2]


def test_expiring_that_is_stopped_has_done_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is one transaction."""
    crawl(file, {1: [1]}, OLD)
    before = meaning(file)

    def _stop(*_told: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("db.retention.mark_content_changed", _stop)
    with pytest.raises(KeyboardInterrupt):
        _expire(file)
    assert meaning(file) == before
    assert known(file, 1) == ("stored", f"snapshot-1-{OLD}")


def test_the_days_are_remembered(file: Path) -> None:
    """Thirty, until the user says another number; what is no number counts as not said."""
    with open_writer(file, "testing") as connection:
        assert keep_days(connection) == KEEP_DAYS == 30
        with transaction(connection):
            set_keep_days(connection, 7)
        assert keep_days(connection) == 7
        with transaction(connection):
            gate.write_setting(connection, "keep_days", "many")
        assert keep_days(connection) == 30


def test_crawl_facts_of_a_database_without_crawls_say_so(file: Path) -> None:
    """Features of files are no sign of a crawl; those of a service are, and so is a deadline."""
    store_all(file, [AudioFeatures(track(1), 0.5)], "csv")
    with open_reader(file) as connection:
        assert not crawl_facts(connection).any
    recco(file, [1])
    with open_reader(file) as connection:
        assert not crawl_facts(connection).any  # the file's word stood already
    crawl(file, {1: [1, 2]}, OLD, features=[2])
    with open_reader(file) as connection:
        facts = crawl_facts(connection)
    assert facts.any
    assert (facts.found, facts.features, facts.misses) == ({"stored": 1}, {"csv": 1, "spotify": 1}, 0)
