"""Whose plays are meant: the only listener's, or those of the one who is named."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from db.connection import open_reader, open_writer, transaction
from db.plays import store_plays
from db.records import Play
from db.runs import ImportRun
from recommender.errors import ListenerNotKnown
from recommender.lists.listeners import listener_of
from tests.recommender.songs import NOW, taste_song


def _play(database: Path, names: Iterable[str]) -> None:
    with open_writer(database, "a test") as connection, transaction(connection):
        plays = [Play(name, taste_song("calm", 1), 1) for name in names]
        store_plays(connection, ImportRun("test", "a test", NOW), "log", plays)


def _of(database: Path, name: str | None) -> str:
    with open_reader(database) as connection:
        return listener_of(connection, name)


def test_the_only_listener_needs_no_name(untrained: Path) -> None:
    _play(untrained, ["ada"])
    assert _of(untrained, None) == "ada"
    assert _of(untrained, "Ada ") == "ada"


def test_of_several_one_is_to_be_named(untrained: Path) -> None:
    _play(untrained, ["bo", "Ada", "ada"])
    with pytest.raises(ListenerNotKnown, match="several people's plays are here; name one of them: Ada, ada, bo"):
        _of(untrained, None)
    assert [_of(untrained, name) for name in ("ada", "Ada", "BO")] == ["ada", "Ada", "bo"]
    with pytest.raises(ListenerNotKnown, match=re.escape('no listener called "ADA" here; there are Ada, ada')):
        _of(untrained, "ADA")


def test_many_listeners_are_not_all_listed(untrained: Path) -> None:
    _play(untrained, [f"listener {n:02d}" for n in range(30)])
    with pytest.raises(ListenerNotKnown, match=r"listener 09 and others$"):
        _of(untrained, None)
    with pytest.raises(ListenerNotKnown, match=r"there are listener 07"):
        _of(untrained, "listenr 07")


@pytest.mark.parametrize("name", [None, "ada"])
def test_without_plays_it_says_where_they_come_from(untrained: Path, name: str | None) -> None:
    with pytest.raises(ListenerNotKnown, match="import a listening history"):
        _of(untrained, name)
