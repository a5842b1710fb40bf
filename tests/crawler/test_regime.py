"""Which kind of app we are, from the answers seen."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.regime import OPEN, RESTRICTED, App, is_mine, is_withheld, learned, remembered, seen_contents, seen_me
from db.found import Found

ME = "listener"
MINE = Found("p" * 22, owner_id=ME)
THEIRS = Found("q" * 22, owner_id="stranger")
SHARED = replace(THEIRS, collaborative=True)
TRUTHS = st.none() | st.booleans()
APPS = st.builds(App, TRUTHS, TRUTHS, TRUTHS, TRUTHS)


@pytest.mark.parametrize("key", ["country", "product", "followers"])
def test_an_app_that_is_told_of_the_user_is_not_restricted(key: str) -> None:
    assert seen_me(App(), {"id": ME, key: None}).restricted is False


def test_an_app_that_is_told_nothing_of_the_user_is_restricted() -> None:
    assert seen_me(App(), {"id": ME, "account_id": "a", "display_name": "L", "images": []}).restricted is True


def test_a_later_answer_changes_what_was_taken_for_known() -> None:
    assert seen_me(App(restricted=False), {"id": ME}).restricted is True


def test_contents_of_a_stranger_tell_the_kind_of_an_app_without_a_user() -> None:
    assert seen_contents(App(), mine=False, told=True).restricted is False
    assert seen_contents(App(), mine=False, told=False).restricted is True


def test_own_contents_and_what_is_known_already_tell_nothing() -> None:
    assert seen_contents(App(), mine=True, told=True) == App()
    assert seen_contents(App(restricted=True), mine=False, told=True).restricted is True


def test_a_search_has_small_pages_only_where_that_is_known_or_likely() -> None:
    assert App().search_limit == 50
    assert App(restricted=False).search_limit == 50
    assert App(restricted=True).search_limit == 10
    assert App(restricted=True, small_search=False).search_limit == 50
    assert App(restricted=False, small_search=True).search_limit == 10


def test_a_restricted_app_gets_the_contents_of_own_and_shared_playlists_alone() -> None:
    restricted = App(restricted=True)
    assert not is_withheld(restricted, MINE, ME)
    assert not is_withheld(restricted, SHARED, ME)
    assert is_withheld(restricted, THEIRS, ME)
    assert is_withheld(restricted, MINE, ""), "without a login nothing is one's own"


@pytest.mark.parametrize("app", [App(), App(restricted=False)])
def test_nothing_is_taken_for_withheld_before_that_is_known(app: App) -> None:
    assert not is_withheld(app, THEIRS, ME)


def test_a_playlist_without_an_owner_is_not_that_of_nobody() -> None:
    assert not is_mine(Found("r" * 22), "")
    assert not is_mine(Found("r" * 22), ME)


def test_the_kind_is_told_in_one_word() -> None:
    assert (App().kind, App(restricted=True).kind, App(restricted=False).kind) == ("", RESTRICTED, OPEN)


@given(APPS)
def test_what_was_learned_is_remembered(app: App) -> None:
    assert remembered(learned(App(), app)) == app


@given(APPS, APPS)
def test_only_what_is_new_is_learned(before: App, after: App) -> None:
    both = remembered(learned(App(), before) | learned(before, after))
    for name in ("restricted", "small_search", "old_path", "features"):
        new = getattr(after, name)
        assert getattr(both, name) == (getattr(before, name) if new is None else new)
    assert learned(before, before) == {}


@given(st.dictionaries(st.sampled_from(["kind", "small_search", "old_path", "features", "?"]), st.text()))
def test_answers_of_another_time_are_read_or_passed_over(answers: dict[str, str]) -> None:
    assert remembered(answers).kind in ("", OPEN, RESTRICTED)
