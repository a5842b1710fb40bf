"""What a person said of songs is kept as they said it last."""

from pathlib import Path

import pytest

from db.connection import open_reader, open_writer
from db.errors import DatabaseError
from db.thumbs import BY_HAND, LIBRARY, Thumb, popularities, tell, thumbs, untell, untell_all
from tests.recommender.songs import add, playlist, song, spotify_id


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "thumbs.db"
    with open_writer(path, "a test"):
        pass
    return path


def _said(database: Path, listener: str = "") -> list[tuple[str, bool, str]]:
    with open_reader(database) as connection:
        return [(thumb.track_id, thumb.liked, thumb.source) for thumb in thumbs(connection, listener)]


def test_the_opposite_later_takes_the_place_of_what_was_said(database: Path) -> None:
    assert tell(database, [Thumb("", "a", True, BY_HAND, 1)]) == [True]
    assert tell(database, [Thumb("", "a", True, BY_HAND, 2)]) == [False]
    assert tell(database, [Thumb("", "a", False, BY_HAND, 3)]) == [True]
    assert _said(database) == [("a", False, BY_HAND)]


def test_the_latest_comes_first(database: Path) -> None:
    tell(database, [Thumb("", "a", True, BY_HAND, 1), Thumb("", "b", False, BY_HAND, 2)])
    assert [track_id for track_id, *_ in _said(database)] == ["b", "a"]


def test_a_library_stands_back_behind_what_was_said_by_hand(database: Path) -> None:
    tell(database, [Thumb("", "a", True, BY_HAND, 1)])
    assert tell(database, [Thumb("", "a", False, LIBRARY, 2), Thumb("", "b", False, LIBRARY, 2)]) == [False, True]
    assert set(_said(database)) == {("a", True, BY_HAND), ("b", False, LIBRARY)}


def test_a_library_takes_the_place_of_the_one_before(database: Path) -> None:
    tell(database, [Thumb("", "a", False, LIBRARY, 1), Thumb("other", "a", False, LIBRARY, 1)])
    tell(database, [Thumb("", "b", True, LIBRARY, 2)])
    assert _said(database) == [("b", True, LIBRARY)]
    assert _said(database, "other") == [("a", False, LIBRARY)]


def test_listeners_do_not_hear_of_each_other(database: Path) -> None:
    tell(database, [Thumb("ann", "a", True, BY_HAND, 1), Thumb("bob", "a", False, BY_HAND, 1)])
    assert _said(database, "ann") == [("a", True, BY_HAND)]
    assert untell_all(database, "ann") == 1
    assert _said(database, "bob") == [("a", False, BY_HAND)]
    assert _said(database, "ann") == []


def test_forgetting_tells_what_was_there(database: Path) -> None:
    tell(database, [Thumb("", "a", True, BY_HAND, 1)])
    assert untell(database, "", ["a", "b"]) == [True, False]
    assert _said(database) == []


def test_all_are_stored_or_none(database: Path) -> None:
    bad = Thumb("", "b", None, BY_HAND, 1)  # type: ignore[arg-type]
    with pytest.raises(DatabaseError):
        tell(database, [Thumb("", "a", True, BY_HAND, 1), bad])
    assert _said(database) == []


def test_popularity_is_told_where_it_is_known(database: Path) -> None:
    known, other = song("a", "b", spotify_id("known"), popularity=40), song("c", "d", spotify_id("other"))
    add(database, [playlist("p", [known, other])])
    with open_reader(database) as connection:
        assert popularities(connection, [known.track_id, other.track_id, "stranger"]) == {known.track_id: 40}
