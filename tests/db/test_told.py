"""Ids in all spellings, local files, credits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.identity import is_track_id, made_up_id
from db.records import Album, Artist
from db.told import artist_and_title, spotify_id, track_of
from importer.credits import split_credit
from tests.importer.make import ALPHABET
from tests.importer.make import spotify_id as an_id

ID = an_id(1)


@pytest.mark.parametrize(
    "told",
    [
        ID,
        f"  {ID} ",
        f"spotify:track:{ID}",
        f"https://open.spotify.com/track/{ID}",
        f"https://open.spotify.com/track/{ID}?si=0123456789abcdef",
        f"https://open.spotify.com/intl-de/track/{ID}?si=1",
        f"http://open.spotify.com/track/{ID}#0:30",
        f"open.spotify.com/track/{ID}",
    ],
)
def test_a_track_id_is_found_in_every_spelling(told: str) -> None:
    assert spotify_id(told) == ID


@pytest.mark.parametrize(
    "told",
    ["", "x", ID[:-1], ID + "a", f"spotify:album:{ID}", f"https://open.spotify.com/album/{ID}", "spotify:track:",
     f"https://open.spotify.com/track/{ID}x", f"https://example.org/track/{ID}", "spotify:local:a:b:c:1"],
)  # fmt: skip
def test_what_names_no_track_gives_none(told: str) -> None:
    assert spotify_id(told) is None


def test_playlists_are_found_under_their_owner_too() -> None:
    assert spotify_id(f"spotify:user:somebody:playlist:{ID}", "playlist") == ID
    assert spotify_id(f"https://open.spotify.com/user/somebody/playlist/{ID}", "playlist") == ID


@given(st.text())
def test_any_text_is_an_id_or_none(told: str) -> None:
    found = spotify_id(told)
    assert found is None or (len(found) == 22 and found in told)


def test_a_local_uri_tells_what_the_file_does_not() -> None:
    track = track_of("spotify:local:Kalo+Miren:Vo%3A+One:Tu+%26+Shi:198", (), "")
    assert track
    assert (track.name, track.artists, track.album) == ("Tu & Shi", (Artist("Kalo Miren"),), Album("Vo: One"))
    assert track.duration_ms == 198_000
    assert track.track_id == made_up_id("Kalo Miren", "Tu & Shi")


def test_what_the_file_tells_goes_before_the_local_uri() -> None:
    track = track_of("spotify:local:Other:::5", (Artist("Kalo"),), "Miren")
    assert track
    assert (track.artists, track.name) == ((Artist("Kalo"),), "Miren")


def test_a_local_title_with_a_dash_holds_the_artist() -> None:
    track = track_of("spotify:local:::Kalo+-+Miren+-+Live:7", (), "")
    assert track
    assert (track.artists, track.name) == ((Artist("Kalo"),), "Miren - Live")


@given(st.text(), st.text(), st.text())
def test_a_track_always_has_an_id_of_the_right_form(told: str, artist: str, title: str) -> None:
    track = track_of(told, (Artist(artist),) if artist else (), title)
    assert track is None or is_track_id(track.track_id)
    assert track is not None or not title.strip()


@given(st.text(alphabet="ab -", max_size=12))
def test_splitting_loses_no_letter(told: str) -> None:
    artist, title = artist_and_title(told)
    assert (artist + title).replace(" ", "").replace("-", "") == told.replace(" ", "").replace("-", "")


@pytest.mark.parametrize(
    ("credit", "artists"),
    [
        ("", ()),
        ("Kalo", ("Kalo",)),
        ("Kalo, Miren", ("Kalo", "Miren")),
        ("Kalo, Miren & Tu", ("Kalo, Miren & Tu",)),
        ("Kalo Vo, Miren & Tu", ("Kalo Vo", "Miren & Tu")),
        ("Kalo; Miren, Tu; Shi", ("Kalo", "Miren, Tu", "Shi")),
        ("Earth, Wind & Fire", ("Earth, Wind & Fire",)),
        ("Kalo, Tyler, The Creator, Miren", ("Kalo", "Tyler, The Creator", "Miren")),
        ("10,000 Maniacs", ("10,000 Maniacs",)),
        ("Kalo, The Mirens", ("Kalo", "The Mirens")),
        ("Kalo, the Miren", ("Kalo, the Miren",)),
        ("Kalo Vo, Jr., Miren", ("Kalo Vo, Jr.", "Miren")),
        ("Kalo, and Miren of Tu", ("Kalo, and Miren of Tu",)),
        ("Kalo, Kalo", ("Kalo, Kalo",)),
        ("Kalo, Miren, Kalo", ("Kalo", "Miren")),
        (r"Kalo\, Miren, Tu", ("Kalo, Miren", "Tu")),
        ("['Kalo', \"Mi'ren\"]", ("Kalo", "Mi'ren")),
        ("[Kalo]", ("[Kalo]",)),
    ],
)
def test_credits(credit: str, artists: tuple[str, ...]) -> None:
    assert split_credit(credit) == artists


@given(st.text(alphabet=ALPHABET[:12] + ",; &[]'\"\\", max_size=40))
def test_credits_are_never_empty_names(credit: str) -> None:
    assert all(name.strip() for name in split_credit(credit))
