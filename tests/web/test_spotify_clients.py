"""Apps that were written for Spotify, with their own clients, on our server over real HTTP."""

from collections.abc import Iterator

import pytest
import spotipy
import tekore

from tests.web import world
from tests.web.conftest import Served

SONG, OTHER = world.track_id("techno", 1, 3), world.track_id("pop", 0, 2)
BAND = "techno1".ljust(22, "A")
STRANGER = "0" * 22


@pytest.mark.filterwarnings("ignore:You're using:DeprecationWarning")
class TestSpotipy:
    @pytest.fixture
    def app(self, served: Served) -> Iterator[spotipy.Spotify]:
        app = spotipy.Spotify(auth="whatever the app had", retries=0, status_retries=0)
        app.prefix = f"{served.address}/v1/"
        yield app
        app._session.close()

    def test_recommendations(self, app: spotipy.Spotify) -> None:
        body = app.recommendations(
            seed_tracks=[f"spotify:track:{SONG}"], seed_artists=[BAND], seed_genres=["techno"], limit=7, country="SE",
            min_energy=0.5, target_tempo=130,
        )  # fmt: skip
        assert len(body["tracks"]) == 7
        assert [seed["type"] for seed in body["seeds"]] == ["TRACK", "ARTIST", "GENRE"]
        first = body["tracks"][0]
        again = app.track(first["href"].rsplit("/", 1)[1])
        assert {**again, "is_playable": True} == {**first, "available_markets": []}

    def test_a_base_address_with_a_slash_too_many(self, app: spotipy.Spotify) -> None:
        app.prefix += "/"
        assert app.track(SONG)["id"] == SONG

    def test_things(self, app: spotipy.Spotify) -> None:
        assert app.track(SONG)["name"] == "Golden Circuit Bryn"
        assert [one and one["id"] for one in app.tracks([SONG, STRANGER])["tracks"]] == [SONG, None]
        assert app.artist(BAND)["genres"] == ["bryn techno", "techno"]
        assert [one["id"] for one in app.artists([BAND])["artists"]] == [BAND]
        assert app.artist_related_artists(BAND)["artists"]
        assert app.artist_top_tracks(BAND)["tracks"]
        assert [one and one["id"] for one in app.audio_features([SONG, STRANGER])] == [SONG, None]
        assert "techno" in app.recommendation_genre_seeds()["genres"]

    def test_search_page_after_page(self, app: spotipy.Spotify) -> None:
        found = app.search("artist:Bryn Machine", type="track", limit=5)["tracks"]
        assert app.next(found)["tracks"]["offset"] == 5
        assert app.search("bryn", type="artist,album,playlist,track")["artists"]["items"]

    def test_errors_are_read_as_spotifys(self, app: spotipy.Spotify) -> None:
        with pytest.raises(spotipy.SpotifyException, match="Resource not found") as missing:
            app.track(STRANGER)
        assert missing.value.http_status == 404
        with pytest.raises(spotipy.SpotifyException, match="name 1 to 5 seeds") as wrong:
            app.recommendations()
        assert wrong.value.http_status == 400


class _Here(tekore.SyncSender):
    """Sends what is meant for Spotify to our server."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def send(self, request: tekore.Request) -> tekore.Response:
        request.url = request.url.replace("https://api.spotify.com", self._address)
        return super().send(request)


class TestTekore:
    """Its models are strict: a field that is missing, or that it does not know, fails the test."""

    @pytest.fixture
    def app(self, served: Served) -> Iterator[tekore.Spotify]:
        app = tekore.Spotify("whatever the app had", sender=_Here(served.address))
        yield app
        app.close()

    def test_recommendations(self, app: tekore.Spotify) -> None:
        found = app.recommendations(
            track_ids=[SONG], artist_ids=[BAND], genres=["techno"], limit=100, market="SE", max_energy=1
        )
        assert len(found.tracks) > 20
        assert all(seed.initialPoolSize >= seed.afterFilteringSize > 0 for seed in found.seeds)
        assert "techno" in app.recommendation_genre_seeds()

    def test_things(self, app: tekore.Spotify) -> None:
        assert app.track(SONG).album.release_date == "1993"
        assert [one.id for one in app.tracks([SONG, OTHER])] == [SONG, OTHER]
        assert app.artist(BAND).genres == ["bryn techno", "techno"]
        assert [one.name for one in app.artists([BAND])] == ["Bryn Machine"]
        assert app.artist_related_artists(BAND)
        assert app.artist_top_tracks(BAND, "SE")
        assert app.track_audio_features(SONG).time_signature == 4
        assert [one.id for one in app.tracks_audio_features([SONG, OTHER])] == [SONG, OTHER]

    def test_search(self, app: tekore.Spotify) -> None:
        pages = app.search("bryn", types=("track", "artist", "album"), limit=3)
        assert [len(page.items) for page in pages] == [3, 3, 3]
        (lists,) = app.search("techno", types=("playlist",), limit=3)
        assert lists.items[0].tracks.total == world.LENGTH
        following = app.next(pages[0])
        assert following.offset == 3

    def test_errors_are_read_as_spotifys(self, app: tekore.Spotify) -> None:
        with pytest.raises(tekore.NotFound):
            app.track(STRANGER)
        with pytest.raises(tekore.BadRequest, match="invalid id"):
            app.track("nonsense")
