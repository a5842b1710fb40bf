"""Playlists and users as people name them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import playlist_ids, user_ids
from crawler.errors import BadAddress

ID = "0123456789abcdefABCDEF"


@pytest.mark.parametrize(
    "told",
    [
        ID,
        f"  {ID}\n",
        f"spotify:playlist:{ID}",
        f"spotify:user:some.body:playlist:{ID}",
        f"https://open.spotify.com/playlist/{ID}",
        f"https://open.spotify.com/playlist/{ID}?si=0123456789abcdef&utm_source=copy",
        f"https://open.spotify.com/intl-de/playlist/{ID}",
        f"https://open.spotify.com/user/somebody/playlist/{ID}",
        f"open.spotify.com/playlist/{ID}",
    ],
)
def test_a_playlist_is_known_by_every_spelling_of_its_address(told: str) -> None:
    assert playlist_ids([told]) == (ID,)


@pytest.mark.parametrize(
    "told",
    ["", "x", ID[:-1], ID + "0", f"spotify:track:{ID}", f"https://open.spotify.com/album/{ID}",
     f"https://example.org/playlist/{ID}", "../me", f"{ID}/items", f"{ID[:-1]}é"],
)  # fmt: skip
def test_what_is_no_playlist_is_refused_with_the_cure(told: str) -> None:
    with pytest.raises(BadAddress, match="22-character id, its URI or its link"):
        playlist_ids([told])


@pytest.mark.parametrize(
    ("told", "user"),
    [
        ("somebody", "somebody"),
        (" some.body-1_2 ", "some.body-1_2"),
        ("spotify:user:somebody", "somebody"),
        ("https://open.spotify.com/user/somebody", "somebody"),
        ("https://open.spotify.com/user/somebody?si=1", "somebody"),
        ("https://open.spotify.com/intl-fr/user/some%20body", "some body"),
        ("open.spotify.com/user/31abc", "31abc"),
        ("ünï", "ünï"),
    ],
)
def test_a_user_is_known_by_every_spelling_of_the_address(told: str, user: str) -> None:
    assert user_ids([told]) == (user,)


@pytest.mark.parametrize(
    "told", ["", " ", "two words", "a/b", "https://example.org/user/x", "a?b", "a#b", "spotify:user:", "x" * 256]
)
def test_what_is_no_user_is_refused_with_the_cure(told: str) -> None:
    with pytest.raises(BadAddress, match="give the name in the link to the profile"):
        user_ids([told])


def test_what_is_named_twice_is_one() -> None:
    assert playlist_ids([ID, f"spotify:playlist:{ID}", ID[::-1]]) == (ID, ID[::-1])
    assert user_ids(["a", "spotify:user:a", "b"]) == ("a", "b")


@given(st.text())
def test_any_text_is_an_address_or_refused(told: str) -> None:
    for read in (playlist_ids, user_ids):
        try:
            found = read([told])
        except BadAddress:
            continue
        assert len(found) == 1
        assert found[0]
