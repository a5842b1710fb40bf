"""Made-up lists of tracks, in any script, with and without files."""

from hypothesis import strategies as st

from db.identity import made_up_id
from recommender.writing.listing import Listed, Listing

IDS = ["2CT3r93YuSHtm57mjxvjhH", "0123456789abcdefABCDEF", "7qiZfU4dY1lWllzX7mPBI3"]
FOLDERS = ["/music", "/music/lists", "/m", "/home/käthe/Musik & more, 100%"]

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
filenames = texts.map(lambda text: text.replace("/", "#") + ".mp3")
paths = st.builds(lambda folder, name: f"{folder}/{name}", st.sampled_from(FOLDERS), filenames)


@st.composite
def tracks(draw: st.DrawFn) -> Listed:
    """Give a track: Spotify's or of its names alone, and perhaps a file."""
    name, artists = draw(texts), tuple(draw(st.lists(texts.filter(str.strip), max_size=3)))
    if name.strip() and draw(st.booleans()):
        track_id = made_up_id(artists[0] if artists else "", name)
    else:
        track_id = draw(st.sampled_from(IDS))
    return Listed(
        track_id,
        name,
        artists,
        draw(texts),
        draw(st.none() | st.integers(0, 10**7)),
        draw(st.just("") | paths),
        added_at=draw(st.none() | st.integers(0, 2**33)),
        reasons=tuple(draw(st.lists(texts, max_size=2))),
    )


def listings() -> st.SearchStrategy[Listing]:
    """Give lists of up to six tracks."""
    return st.builds(
        Listing,
        title=texts,
        tracks=st.lists(tracks(), max_size=6).map(tuple),
        creator=texts,
        annotation=texts,
        playlist_id=st.sampled_from(["", "csv:mine", IDS[0], "https://listenbrainz.org/playlist/1", "http://a b"]),
        source=st.sampled_from(["", "csv"]),
        made_at=st.none() | st.integers(0, 2**33),
        modified_at=st.none() | st.integers(-(2**62), 2**62),
    )
