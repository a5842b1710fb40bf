# ruff: noqa: RUF001  # titles have such signs
"""Who is who: ids that never change, and titles cleaned of what names a version, and of nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.identity import (
    MADE_UP_ID,
    fold,
    is_track_id,
    made_up_album_id,
    made_up_artist_id,
    made_up_id,
    made_up_id_of,
    name_key,
    normal_artist,
    normal_title,
    plain_title,
    recording,
    song_title,
    words,
)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    """Folded text and words stay as they are when they are folded again."""
    assert fold(fold(text)) == fold(text)
    assert words(words(text)) == words(text)


@given(st.text(), st.text())
def test_a_made_up_id_has_its_form(artist: str, title: str) -> None:
    """Whatever the names, even half characters, the id is `x:` and 20 hex digits, and the key a 60-bit number."""
    for raw_id in (
        made_up_id(artist, title),
        made_up_artist_id(artist),
        made_up_album_id(artist, title),
        made_up_id_of(artist, title),
    ):
        assert MADE_UP_ID.fullmatch(raw_id)
        assert is_track_id(raw_id)
    assert 0 <= name_key(artist, title) < 2**60


@given(st.text())
def test_case_and_form_do_not_matter(text: str) -> None:
    """Capitals of letters that have one capital, and spaces around, make no other id."""
    if text.upper().lower() == text.lower() and fold(text.upper()) == fold(text):
        assert made_up_id(f" {text.upper()} ", text) == made_up_id(text, f"\t{text.upper()}")


@given(st.text(min_size=1))
def test_a_title_never_becomes_nothing(text: str) -> None:
    """What stands in a title is never cleaned away to nothing, unless nothing can be seen of it."""
    if words(text):
        assert normal_title(text)
        assert plain_title(text)
        assert normal_artist(text)


@pytest.mark.parametrize(
    ("artist", "title", "raw_id"),
    [
        ("Oasis", "Wonderwall", "x:5d5b1d0d0049add19267"),
        ("The Beatles", "Hey Jude - Remastered 2015", "x:d40658c3467b9c290230"),
        ("Beyoncé", "Déjà Vu (feat. JAY-Z)", "x:be5b1b49b051ac798fce"),
        ("", "Untitled", "x:37f084462de5a3fc176a"),
        ("椎名林檎", "丸の内サディスティック", "x:804729514696321de22e"),
        ("Земфира", "Хочешь?", "x:9a6921352a1063e800d7"),
        ("Simon & Garfunkel", "Mrs. Robinson", "x:a209104e294cf5de39db"),
        ("???", "!!!", "x:808c6447d7ed2b77a763"),
    ],
)
def test_made_up_ids_are_these_for_ever(artist: str, title: str, raw_id: str) -> None:
    """These ids lie in people's databases: a change of the normalisation must come with a migration."""
    assert made_up_id(artist, title) == raw_id


def test_the_other_ids_are_these_for_ever() -> None:
    """Ids of artists, albums and foreign codes, and the key under which names meet, stay what they are."""
    assert made_up_artist_id("The Pines") == "x:86b1342dd4a7146047f2"
    assert made_up_album_id("The Pines", "Low") == "x:e59d6a2d6cbd2e3402ff"
    assert made_up_id_of("taste-profile", "SOAKIMP12A8C130995") == "x:800c38989c3029298e1a"
    assert name_key("Oasis", "Wonderwall") == 0x5D5B1D0D0049ADD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Oasis", "Wonderwall"), ("OASIS", "wonderwall!")),
        (("The Pines", "Hum"), ("Pines", "Hum")),
        (("Simon & Garfunkel", "America"), ("Simon and Garfunkel", "America")),
        (("Pines feat. Oak", "Hum"), ("Pines", "Hum (feat. Oak)")),
        (("Pines", "Hum ft. Oak"), ("Pines", "Hum [Featuring Oak]")),
        (("Pines", "Hum featuring Oak"), ("Pines", "Hum")),
        (("Pines", "Don't"), ("Pines", "Don’t")),
        (("Pines", "Don´t"), ("Pines", "Dont")),
        (("Pines", "I ❤️ You"), ("Pines", "I ❤ You")),
        (("Pines", "ｆｕｌｌ"), ("Pines", "Full")),
        (("Pines", "𝐒𝐭𝐚𝐫 ℌ"), ("Pines", "Star H")),
        (("Pines", "soft\u00adhyphen"), ("Pines", "softhyphen")),
    ],
)
def test_spellings_of_one_song_have_one_id(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Case, accents, width, apostrophes, guests, "the" and "&" make no other track."""
    assert made_up_id(*one) == made_up_id(*other)
    assert name_key(*one) == name_key(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Pines", "❤️"), ("Pines", "☀️")),
        (("Pines", "!"), ("Pines", "?")),
        (("Pines", "Hum"), ("Pines", "Hum 2")),
        (("Pines", "Hum"), ("Pines", "Hum - Live")),
        (("Pines", "क"), ("Pines", "कि")),
        (("Pines", "は"), ("Pines", "ば")),
        (("Pines", "6 ft Under"), ("Pines", "6")),
        (("The The", "Hum"), ("", "Hum")),
        (("a b", "c"), ("a", "b c")),
    ],
)
def test_different_songs_have_different_ids(one: tuple[str, str], other: tuple[str, str]) -> None:
    """Signs, numbers, vowels and voicings make another track, and so does a version."""
    assert made_up_id(*one) != made_up_id(*other)


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


@pytest.mark.parametrize("text", ["4uLU6hMCjMI75M1A2tKUQC", "x:0123456789abcdef0123"])
def test_raw_ids_are_known_by_their_form(text: str) -> None:
    """A raw id is 22 letters and digits, or `x:` and 20 hex digits, and nothing around it."""
    assert is_track_id(text)
    for other in ("", text[:-1], text + "a", " " + text, text + "\n"):
        assert not is_track_id(other)


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("Fade - Solu Music Mix", "fade"),
        ("Save Tears (with Ada) (Remix)", "save tears"),
        ("Echo (Live) [Moon Remix]", "echo"),
        ("Remix", "remix"),
        ("Mix It Up", "mix it up"),
        ("Echo, Pt. 2", "echo pt 2"),
    ],
)
def test_a_remix_is_the_same_song_again(title: str, same: str) -> None:
    """A listener who has just heard a song does not want its remix next; a title that is called so keeps its name."""
    assert song_title(title) == same
