"""Words that name a track, as people type them."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from db.connection import open_reader
from db.records import Track
from recommender.catalogue import title_line
from recommender.errors import SeedNotClear
from recommender.naming import Named, clear_best, find, name_track, raw_id
from tests.recommender.songs import add, playlist, song, spotify_id

ID = "2CT3r93YuSHtm57mjxvjhH"

SONGS: dict[Track, int] = {
    song("Wonderwall", "Oasis", spotify_id("wonderwall")): 9,
    song("Wonderwall - Remastered", "Oasis", spotify_id("wonderwallremaster")): 4,
    song("Wonderwall (Live)", "Oasis", spotify_id("wonderwalllive")): 1,
    song("Wonderwall", "Cover Me", spotify_id("wonderwallcover")): 2,
    song("Talk to the Wonderwall", "Somebody", spotify_id("talkwall")): 11,
    song("Hallelujah", "Jeff Buckley", spotify_id("hallelujahbuckley")): 5,
    song("Hallelujah", "Leonard Cohen", spotify_id("hallelujahcohen")): 4,
    song("Hallelujah", "Rufus Wainwright", spotify_id("hallelujahrufus")): 3,
    song("Hello", "Adele", spotify_id("helloadele")): 4,
    song("Hello Hello", "Twice", spotify_id("hellohello")): 3,
    song("Déjà Vu (feat. Jay-Z)", ("Beyoncé", "Jay-Z"), spotify_id("dejavu")): 2,
    song("Highway to Hell", "AC/DC", spotify_id("highway")): 2,
    song("夜に駆ける", "YOASOBI", spotify_id("yoru")): 2,
    song("Supercalifragilisticex", "Julie", spotify_id("super")): 1,
    song("Creep", "Radiohead", spotify_id("creep")): 2,
    song("Creep - Live", "Radiohead", spotify_id("creeplive")): 2,
    song("Creep", "Nobody Yet", spotify_id("creepnobody")): 4,
}


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("catalogue") / "s.db"
    add(path, [playlist(f"p{n}", [track for track, count in SONGS.items() if count > n]) for n in range(11)])
    with open_reader(path) as opened:
        yield opened


@pytest.mark.parametrize(
    "text",
    [
        ID,
        f" {ID}\n",
        f"spotify:track:{ID}",
        f"https://open.spotify.com/track/{ID}",
        f"https://open.spotify.com/track/{ID}?si=0123abcd&context=x",
        f"https://open.spotify.com/intl-de/track/{ID}",
        f"https://open.spotify.com/intl-pt-BR/track/{ID}?si=1",
        f"https://open.spotify.com/embed/track/{ID}#t=3",
        f"http://open.spotify.com/track/{ID}/",
        f"open.spotify.com/track/{ID}",
        f"https://play.spotify.com/track/{ID}",
    ],
)
def test_ids_uris_and_urls_name_a_track(text: str) -> None:
    """In all the spellings that Spotify's own buttons copy."""
    assert raw_id(text) == ID


def test_made_up_ids_and_local_files_name_a_track() -> None:
    """`x:` ids as Segue prints them, and the URIs of local files as playlists hold them."""
    made_up = song("Wonderwall", "Oasis").track_id
    assert raw_id(made_up) == made_up
    assert raw_id("spotify:local:Oasis:Some+Album:Wonderwall:258") == made_up


@pytest.mark.parametrize("text", ["wonderwall", "oasis: wonderwall", ID[:-1], ID + "x", "spotify", "", "x:12", "a/b"])
def test_other_words_are_words(text: str) -> None:
    """What merely looks a little like an id is looked up as words."""
    assert raw_id(text) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"https://open.spotify.com/playlist/{ID}?si=1", "is a playlist, not a track"),
        (f"https://open.spotify.com/user/bob/playlist/{ID}", "is a playlist, not a track"),
        (f"spotify:user:bob:playlist:{ID}", "is a playlist, not a track"),
        (f"spotify:album:{ID}", "is an album, not a track"),
        (f"https://open.spotify.com/intl-fr/artist/{ID}", "is an artist, not a track"),
        ("https://spotify.link/abcDEF", "leads to no track that can be told from it: copy the track's own link"),
        ("https://open.spotify.com/track/cut-off", "leads to no track"),
    ],
)
def test_an_address_of_something_else_says_what_it_is(text: str, sentence: str) -> None:
    """A pasted playlist is a common mistake, and "nothing found" would be no help."""
    with pytest.raises(SeedNotClear, match=sentence):
        raw_id(text)


def chosen(connection: sqlite3.Connection, text: str) -> Named:
    return name_track(connection, text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("wonderwall", "wonderwall"),
        ("wonderwall oasis", "wonderwall"),
        ("OASIS \u2013 Wonderwall!", "wonderwall"),
        ("wonderwall cover me", "wonderwallcover"),
        ("wonderwall live oasis", "wonderwalllive"),
        ("hallelujah leonard cohen", "hallelujahcohen"),
        ("hello", "helloadele"),
        ("hello hello", "hellohello"),
        ("deja vu", "dejavu"),
        ("DÉJÀ VU beyonce", "dejavu"),
        ("acdc highway to hell", "highway"),
        ("夜に駆ける", "yoru"),
        ("supercalif", "super"),
        ("Supercalifragilisticex", "super"),
    ],
)
def test_clear_words_name_the_track_that_a_music_lover_means(
    connection: sqlite3.Connection, text: str, wanted: str
) -> None:
    """The famous one before its covers, the whole title before a longer one, accents and signs aside."""
    assert chosen(connection, text).track_id == spotify_id(wanted)


def test_the_versions_of_the_best_are_counted(connection: sqlite3.Connection) -> None:
    """The person is told that there are others."""
    match = chosen(connection, "wonderwall oasis").match
    assert match is not None
    assert (match.versions, match.playlists, match.exact) == (3, 14, True)


def test_several_recordings_are_listed_with_their_ids(connection: sqlite3.Connection) -> None:
    """Three singers made it their own, and none of them is clearly meant."""
    with pytest.raises(SeedNotClear) as refusal:
        chosen(connection, "hallelujah")
    lines = str(refusal.value).splitlines()
    assert lines[0] == '"hallelujah" names several tracks; say which, by its id or with the artist:'
    assert [line.split()[0] for line in lines[1:]] == [
        spotify_id(f"hallelujah{name}") for name in ("buckley", "cohen", "rufus")
    ]
    assert "Hallelujah · Jeff Buckley  (in playlists: 5)" in lines[1]


def test_the_one_of_more_versions_comes_first(connection: sqlite3.Connection) -> None:
    """Equally listed, it is the one that was published again and again; but the lead is not clear."""
    with pytest.raises(SeedNotClear):
        chosen(connection, "creep")
    assert [match.song.artists[0] for match in find(connection, "creep")] == ["Radiohead", "Nobody Yet"]


def test_words_that_only_name_an_artist_take_the_song_that_all_list(connection: sqlite3.Connection) -> None:
    """Where one song of the artist leads; otherwise the songs are listed."""
    assert chosen(connection, "jeff buckley").track_id == spotify_id("hallelujahbuckley")
    with pytest.raises(SeedNotClear, match='"h" is no whole title, and fits several tracks; say which'):
        clear_best("h", [replace(match, exact=False) for match in find(connection, "hallelujah")])


@pytest.mark.parametrize("text", ["zzzz qqqq", "", "!!!", "'\"*()", "NEAR(a b)", "name:x", "-"])
def test_nothing_found_says_what_to_do(connection: sqlite3.Connection, text: str) -> None:
    """Words in no title, signs only, and what the search engine takes for commands."""
    with pytest.raises(SeedNotClear, match=r"no track is found for .*: try fewer words, or `segue search`"):
        chosen(connection, text)


def test_an_unknown_id_stays_an_id(connection: sqlite3.Connection) -> None:
    """It is for the suggester to say that it is not known."""
    assert chosen(connection, ID) == Named(ID, None)


def test_a_title_line_is_one_line_without_commands(connection: sqlite3.Connection) -> None:
    """Titles come from strangers, and terminals obey what they are sent."""
    found = find(connection, "creep")[0].song
    evil = replace(found, name="\x1b[2J\x1b]0;owned\x07 Evil\r\nTitle \u202egnp.exe\x9b1m", artists=("A\tB",))
    assert title_line(evil) == "[2J]0;owned Evil Title gnp.exe1m · A B"
    assert title_line(replace(found, name="", artists=())) == f"(title not known) {found.track_id}"


def test_the_next_best_is_named_beside_a_clear_one(tmp_path: Path) -> None:
    """Five lists against one is clear in a small library, and still may not be what was meant."""
    file = tmp_path / "segue.db"
    often, once = song("Let It Go", "Mill", spotify_id("often")), song("Let It Go", "Beetles", spotify_id("once"))
    add(file, [*(playlist(f"l{n}", [often]) for n in range(5)), playlist("m", [once])])
    with open_reader(file) as connection:
        named = name_track(connection, "let it go")
        assert named.track_id == often.track_id
        assert named.rival
        assert named.rival.song.track_id == once.track_id
        assert name_track(connection, "let it go mill").rival is None
