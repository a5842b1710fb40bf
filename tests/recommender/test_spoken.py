"""Songs, numbers and titles as a person would speak of them."""

import pytest

from db.read import SongRow
from recommender.lists.spoken import playlists, titled, titled_apart, wordings


def row(name: str, *artists: str) -> SongRow:
    return SongRow("x:1", name, artists, "", None, None, 0, None)


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("Wonderwall - Remastered 2014", "Wonderwall"),
        ("Peaches (feat. Somebody & Else)", "Peaches"),
        ("Save Me (Remix)", "Save Me (Remix)"),
        ("(I Can't Get No) Satisfaction - Mono Version", "(I Can't Get No) Satisfaction"),
        ("Live and Let Die", "Live and Let Die"),
        ("(Live)", "(Live)"),
        ("two\nlines", "two lines"),
        ("", "x:1"),
        ("A Title of So Many Words That Nobody Says All of Them", "A Title of So Many Words That Nobody Sa…"),
    ],
)
def test_a_title_is_spoken_without_its_additions(name: str, spoken: str) -> None:
    """What names a version or a guest goes; what makes another song of it stays."""
    assert titled(row(name)) == spoken


def test_the_artist_tells_titles_apart() -> None:
    assert titled_apart(row("Hello", "Adele", "Guest")) == "Hello by Adele"
    assert titled_apart(row("Hello")) == "Hello"


def test_numbers_are_grouped_and_one_is_one() -> None:
    assert [playlists(1), playlists(1_200), playlists(2, whole=False)] == [
        "1 playlist",
        "1,200 playlists",
        "at least 2 playlists",
    ]


@pytest.mark.parametrize(
    ("title", "texts"),
    [
        ("Chill Evening", ["Chill Evening", "Evening", "Chill"]),
        ("songs for the road", ["songs for the road", "road"]),
        ("90s!", ["90s"]),
        ("Year/Best", ["Year"]),
        ("rain, sea - sun", ["rain", "sea", "sun"]),
        ("drum & bass", ["drum & bass", "bass", "drum"]),
        ("hip-hop", ["hip-hop"]),
        ("EDM / DJ", ["EDM"]),
        ("dj", ["dj"]),
        ("the best of", []),
        ("My", []),
        ("for the songs", []),
        ("u", []),
        ("夏", ["夏"]),
        ("", []),
        ("x" * 200, []),
    ],
)
def test_a_title_is_looked_up_whole_then_by_its_longest_words(title: str, texts: list[str]) -> None:
    assert [wording.text for wording in wordings(title)] == texts
