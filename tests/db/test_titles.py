# ruff: noqa: RUF001  # titles have such signs
"""Titles cleaned of what names a version, and of nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.identity import normal_title, words
from db.titles import names_in, plain_title, read_title, recording
from db.version_words import read_note


@given(st.text(min_size=1))
def test_a_title_never_becomes_nothing(text: str) -> None:
    """What stands in a title is never cleaned away to nothing, unless nothing can be seen of it."""
    if words(text):
        assert plain_title(text)


@pytest.mark.parametrize(
    "title",
    """Wonderwall - Remastered|Wonderwall - Remastered 2014|Wonderwall - 2014 Remaster|Wonderwall (Remastered)
    |Wonderwall [2014 - Remaster]|Wonderwall - 2014 Digital Remaster|Wonderwall - Digitally Remastered 2009
    |Wonderwall - Remastered Version|Wonderwall - 25th Anniversary Remaster|Wonderwall - Remasterizado 2004
    |Wonderwall - Live|Wonderwall (Live)|Wonderwall [Live]|Wonderwall - Live at Wembley, 1996
    |Wonderwall (Live from the Barn)|Wonderwall – Live in Lund|Wonderwall — Live On Air
    |Wonderwall - Live / Remastered|Wonderwall - Live 1996|Wonderwall - Live Version|Wonderwall - Acoustic Live
    |Wonderwall - Recorded Live at the Barn|Wonderwall - Ao Vivo|Wonderwall - En Vivo|Wonderwall (Dal Vivo)
    |Wonderwall - En Directo|Wonderwall - MTV Unplugged|Wonderwall - Unplugged|Wonderwall - Radio Edit
    |Wonderwall (Radio Mix)|Wonderwall - Edit|Wonderwall - Single Version|Wonderwall - Album Version
    |Wonderwall - Video Edit|Wonderwall (Original Mix)|Wonderwall - Extended|Wonderwall - Extended Mix
    |Wonderwall - Short Edit|Wonderwall - Mono|Wonderwall - Mono Version|Wonderwall - Stereo Mix 2017
    |Wonderwall - 2019 Mix|Wonderwall - Demo|Wonderwall - Demo Version|Wonderwall (Demo 1994)
    |Wonderwall - Acoustic|Wonderwall - Acoustic Version|Wonderwall (Nora’s Version)|Wonderwall (Nora's Version)
    |Wonderwall (Spanish Version)|Wonderwall - Sped Up|Wonderwall - Slowed + Reverb|Wonderwall (Explicit)
    |Wonderwall - Bonus Track|Wonderwall - Deluxe Edition|Wonderwall - 20th Anniversary Edition
    |Wonderwall (Clean)|Wonderwall - Re-Recorded|Wonderwall - Rerecorded Version|Wonderwall (From "Rain")
    |Wonderwall - From "Rain" Soundtrack|Wonderwall - From The Motion Picture Rain
    |Wonderwall (feat. Oak) - Radio Edit|Wonderwall - Radio Edit (feat. Oak)|Wonderwall (Live) [Remastered]
    |Wonderwall - Live - Remastered 2014|Wonderwall""".replace("\n    ", "").split("|"),
)
def test_a_version_is_the_song(title: str) -> None:
    """A remaster, a concert, an edit for radio, and a demo are versions of one recording."""
    assert plain_title(title) == "wonderwall"


@pytest.mark.parametrize(
    "title",
    """Live Forever|Live and Let Die|Edit|Mix It Up|From Paris With Love|Demons|Acoustic|Live|Remastered|Clean|Demo
    |Radio|Video Games|Stereo Hearts|Single Ladies|Original Sin|Extended Family|Mono No Aware|Long Live
    |Born to Live|Slowed Down|Edit the Sad Parts|Explicit Content|Record Year|Master of Puppets|Deluxe Life
    |Unplugged Lives|Alive|Delivery|Remixed Feelings|Version of Me|The Original Mix Tape|Bonus Track Blues""".replace(
        "\n    ", ""
    ).split("|"),
)
def test_a_title_of_such_words_keeps_them(title: str) -> None:
    """Words that name versions are words of titles as well, and even the same title's version keeps them."""
    assert plain_title(title) == title.lower()
    assert plain_title(f"{title} - Remastered 2011") == title.lower()
    assert plain_title(f"{title} (Live)") == title.lower()


@pytest.mark.parametrize(
    "title",
    """Song (Live and Let Die)|Song - Live Forever|Song (Long Live)|Song - From Paris With Love
    |Song (From Me to You)|Song (Radio Ga Ga)|Song (Single Ladies)|Song (Stereo Hearts)|Song - Part 2
    |Song (Reprise)|Song - Interlude|Song II|(I Can't Get No) Song|Song (Master of Puppets)|Song - Original Sin
    |Song (Clean Bandit)|Song - Explicit Content|Song - Remix|Song (Oak Remix)|Song - Oak & Elm Remix
    |Song - Instrumental|Song - Instrumental Version|Song (Karaoke Version)|Song (Karaoke)|Song - Remix Version
    |Song - Oak Remix Radio Edit""".replace("\n    ", "").split("|"),
)
def test_another_work_keeps_its_words(title: str) -> None:
    """A remix, an instrumental, a part, or what merely begins like a version is a work of its own."""
    assert plain_title(title) == normal_title(title) != "song"


def test_a_movement_is_not_lost_behind_a_version() -> None:
    """What stands after the version's name stays."""
    assert plain_title("Suite No. 2 - Live - II. Largo") == "suite no 2 ii largo"


def test_a_recording_is_artist_and_plain_title() -> None:
    """Versions of one artist meet, those of another do not."""
    assert recording("The Pines", "Hum - Live") == recording("Pines", "Hum (2011 Remaster)") == ("pines", "hum")
    assert recording("Oaks", "Hum") != recording("Pines", "Hum")


@pytest.mark.parametrize(
    "note",
    """Live and Let Die|Live Forever|Long Live|From Paris With Love|Radio Ga Ga|Single Ladies|Stereo Hearts|Part 2
    |Reprise|Original Sin|Clean Bandit|Interlude|Remix to Ignition|Mix It Up|Take Me Home|Session|Video Games
    |Edit the Sad Parts|Cover Me Up|Demons|II. Largo|Symphony No. 5|Vivo|Concerto No. 2|Theme|Suite""".replace(
        "\n    ", ""
    ).split("|"),
)
def test_a_note_that_names_no_version_is_none(note: str) -> None:
    """Titles are made of the same words, and movements stand where versions stand."""
    assert read_note(words(note)) is None


def test_a_title_is_read_from_its_end() -> None:
    """Notes and guests are taken off one by one, wherever they stand, and what is left is the song's name."""
    reading = read_title("Hum (feat. Oak & Elm) [Moon Remix] - Radio Edit")
    assert reading.name == "Hum"
    assert reading.guests == {"oak", "elm", "oak and elm"}
    assert [set(note.kinds) for note in reading.notes] == [set(), {"remix"}]
    assert reading.notes[1].details == {"moon"}
    assert read_title("Suite (Live) - II. Largo").name == "Suite - II. Largo"
    assert read_title("(Live)").name == "(Live)"


def test_a_credit_holds_all_its_names() -> None:
    """The whole, each name of a list, and each of those that are tied together."""
    assert names_in("Oak & Elm feat. Ash") >= {"oak and elm", "oak", "elm", "ash"}
    assert names_in("The Pines") == {"pines"}
