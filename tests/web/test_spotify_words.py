"""Ids and genres as Spotify's clients write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.spotify import genres, ids

TOLD = genres.slugs(["Hip-Hop", "hip hop", "R&B", "drum & bass", "soft rock", "hard rock", "K-Pop", "ロック"])
spotify_ids = st.from_regex(r"[0-7][0-9A-Za-z]{21}", fullmatch=True)
made_up_ids = st.from_regex(r"x:[0-9a-f]{20}", fullmatch=True)


@given(st.one_of(spotify_ids, made_up_ids))
def test_every_id_comes_back_as_it_went(raw_id: str) -> None:
    shown = ids.shown(raw_id)
    assert len(shown) == 22
    assert shown.isalnum()
    assert ids.read(shown) == ids.read(raw_id) == raw_id


@pytest.mark.parametrize("text", ["", "a" * 21, "a" * 23, "spotify:track:" + "a" * 22, "é" * 22, "x:" + "g" * 20])
def test_what_is_no_id_is_none(text: str) -> None:
    assert ids.read(text) is None


@pytest.mark.parametrize(
    ("slug", "meant"),
    [
        ("hip-hop", ["Hip-Hop", "hip hop"]),
        ("hiphop", ["Hip-Hop", "hip hop"]),
        ("r-n-b", ["R&B"]),
        ("drum-and-bass", ["drum & bass"]),
        ("k-pop", ["K-Pop"]),
        ("rock", ["hard rock", "soft rock"]),
        ("ロック", ["ロック"]),
        ("polka", []),
        ("-", []),
    ],
)
def test_a_slug_finds_its_genres_again(slug: str, meant: list[str]) -> None:
    assert genres.meant(slug, TOLD) == meant


@given(st.lists(st.text(max_size=15), max_size=6))
def test_every_genre_that_has_a_slug_is_found_by_it(told: list[str]) -> None:
    by_slug = genres.slugs(told)
    for slug, names in by_slug.items():
        assert set(names) <= set(genres.meant(slug, by_slug))
