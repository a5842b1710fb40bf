"""Learning from use: only where it is asked for, told on every page, and forgotten at a word."""

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from playwright.sync_api import Route, expect

from cli import main
from db.connection import open_reader, open_writer, transaction
from db.use import ADDED, GONE_ON, LIKED, OPENED, SEARCHED, SKIPPED
from db.use_counts import outcomes
from tests.web import world
from tests.web.conftest import KEY, Served, Window, serving
from tests.web.test_rate import csrf
from web.app import create_app
from web.settings import Settings

SONG = world.track_id("techno", 1, 3)
REMEMBERING = Settings(key=KEY, remembers=True)
_SUGGESTED = re.compile(r'class="song" data-track="([^"]+)"')


class Visitor:
    """Somebody at a browser who waits until each answer has wholly come, as browsers do."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **more: object) -> str:
        with self.client.get(path, **more) as answer:  # type: ignore[arg-type]
            return answer.get_data(as_text=True)

    def post(self, path: str, **data: str) -> int:
        token = csrf(self.get("/rate"))
        with self.client.post(path, data={"csrf_token": token, **data}) as answer:
            return answer.status_code

    def suggested(self, path: str) -> list[str]:
        return _SUGGESTED.findall(self.get(path))


def visitor(database: Path, settings: Settings = REMEMBERING) -> Visitor:
    return Visitor(create_app(database, settings).test_client())


def events(database: Path) -> list[tuple[str, str | None, bool]]:
    """List (kind, raw id, whether it is of a list) of what was done."""
    with open_reader(database) as connection:
        rows = connection.execute("SELECT kind, track_id, list_key IS NOT NULL FROM use_events ORDER BY key")
        return [(kind, track_id, bool(of_list)) for kind, track_id, of_list in rows]


def count(database: Path) -> int:
    with open_reader(database) as connection:
        return sum(connection.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("shown_lists", "use_events"))


def use(one: Visitor) -> list[str]:
    """Search, look at two lists, open, like and skip; gives the first list."""
    one.get("/?q=golden+circuit")
    first = one.suggested(f"/next?seed={SONG}")
    one.get(f"/use/go?track={first[0]}")
    one.get(f"/next?seed={SONG}&seed={first[1]}")
    one.post("/rate/thumb", track=first[2], said="like")
    one.get(f"/next?seed={SONG}&seed={first[1]}&unlike={first[3]}")
    one.post("/rate", track=first[4], said="skip")
    return first


class TestOff:
    def test_nothing_is_written_and_every_page_says_so(self, database: Path) -> None:
        one = visitor(database, Settings(key=KEY))
        before = database.read_bytes()
        page = one.get(f"/next?seed={SONG}")
        assert "remembers nothing" in page
        assert "/use/go" not in page
        first = _SUGGESTED.findall(page)
        for path in ("/", "/?q=circuit", "/rate", f"/use/go?track={first[0]}", f"/next?seed={SONG}&seed={first[1]}"):
            one.get(path)
        one.post("/rate", track=first[2], said="skip")
        assert database.read_bytes() == before
        one.post("/rate", track=first[2], said="like")  # which goes where likes go, and nowhere else
        assert count(database) == 0
        with one.client.session_transaction() as session:
            assert "visitor" not in session

    def test_the_page_says_how_to_turn_it_on(self, database: Path) -> None:
        page = visitor(database, Settings(key=KEY)).get("/use")
        assert "It is off." in page
        assert "<code>segue serve --remember</code>" in page


class TestOn:
    def test_what_was_done_is_remembered(self, database: Path) -> None:
        first = use(visitor(database))
        assert events(database) == [
            (SEARCHED, None, False),
            (OPENED, first[0], True),
            (ADDED, first[1], True),
            (LIKED, first[2], True),
            (SKIPPED, first[3], True),
            (SKIPPED, first[4], True),
        ]
        with open_reader(database) as connection:
            row = connection.execute("SELECT model, trained_at, seeds, tracks, arm FROM shown_lists").fetchone()
        assert row == ("hybrid", world.NOW, json.dumps([SONG]), json.dumps(first), "")

    def test_going_on_from_a_song_alone_is_told_apart(self, database: Path) -> None:
        one = visitor(database)
        first = one.suggested(f"/next?seed={SONG}")
        one.get(f"/next?seed={first[0]}")
        assert events(database) == [(GONE_ON, first[0], True)]

    def test_a_thumb_that_is_undone_is_no_outcome(self, database: Path) -> None:
        one = visitor(database)
        first = one.suggested(f"/next?seed={SONG}")
        one.post("/rate", track=first[0], said="like")
        one.post("/rate", said="undo")
        assert events(database) == []

    def test_the_foot_of_every_page_says_so(self, database: Path) -> None:
        for path in ("/", f"/next?seed={SONG}", "/rate", "/use", "/nowhere"):
            assert "Segue remembers what you do here, in your own database" in visitor(database).get(path)

    def test_it_is_of_the_listener_who_sits_there(self, database: Path) -> None:
        one = visitor(database)
        with one.client.session_transaction() as session:
            session["listener"] = "listener 3"
        use(one)
        with open_reader(database) as connection:
            assert [each.person for each in outcomes(connection, of_experiment=False)] == ["l:listener 3"]

    def test_the_page_shows_it_and_forgets_it(self, database: Path) -> None:
        one, other = visitor(database), visitor(database)
        use(one)
        use(other)
        page = one.get("/use")
        assert "It is on." in page
        assert "golden circuit" in page
        assert one.post("/use/forget", what="mine") == 303
        assert "golden circuit" not in one.get("/use")
        assert "golden circuit" in other.get("/use")
        assert other.post("/use/forget", what="all") == 303
        assert count(database) == 0
        assert "Nothing is remembered" in one.get("/use")

    def test_only_on_the_own_machine_may_one_forget_for_all(self, database: Path) -> None:
        one = visitor(database, Settings(key=KEY, remembers=True, host="0.0.0.0", names=("localhost",)))
        use(one)
        assert "Forget everything" not in one.get("/use")
        assert one.post("/use/forget", what="all") == 403
        assert one.post("/use/forget", what="nothing") == 400
        assert count(database) > 0

    def test_a_crawl_or_an_import_keeps_no_page_waiting(self, database: Path) -> None:
        one = visitor(database)
        with open_writer(database, "an import") as connection:
            assert one.suggested(f"/next?seed={SONG}")
            assert count(database) == 1
            with transaction(connection):
                connection.execute("INSERT INTO state VALUES ('in the middle', '1')")
                began = time.monotonic()
                with one.client.get(f"/next?seed={SONG}&n=5") as answer:
                    assert answer.status_code == 200
                assert time.monotonic() - began < 2
        assert count(database) == 1

    def test_training_takes_up_a_sitting(self, database: Path) -> None:
        first = use(visitor(database))
        train = CliRunner().invoke(main, ["--db", str(database), "train", "popularity", "--update"])
        assert train.exit_code == 0, train.output
        assert "1 sitting on the pages counts as a playlist" in train.output
        with open_reader(database) as connection:
            rows = connection.execute(
                """
                SELECT t.track_id FROM playlist_entries e JOIN tracks t ON t.key = e.track_key
                JOIN playlists p ON p.key = e.playlist_key WHERE p.playlist_id LIKE 'use:%' ORDER BY e.position
                """
            ).fetchall()
        assert rows[0] == (SONG,)
        assert {track_id for (track_id,) in rows} == {SONG, first[0], first[1], first[2]}
        again = CliRunner().invoke(main, ["--db", str(database), "train", "popularity", "--update"])
        assert "sitting" not in again.output


class TestGo:
    def test_leads_to_spotify_and_nowhere_else(self, database: Path) -> None:
        one = visitor(database)
        answer = one.client.get(f"/use/go?track={SONG}")
        assert (answer.status_code, answer.location) == (302, f"https://open.spotify.com/track/{SONG}")
        for track in ("", "https://evil.example", "x:0123456789abcdef0123", "../../login"):
            assert one.client.get("/use/go", query_string={"track": track}).status_code == 404

    def test_what_another_site_or_a_browser_ahead_of_time_asks_is_not_remembered(self, database: Path) -> None:
        one = visitor(database)
        for path in (f"/use/go?track={SONG}", "/?q=golden", f"/next?seed={SONG}"):
            one.get(path, headers={"Sec-Fetch-Site": "cross-site"})
            one.get(path, headers={"Sec-Purpose": "prefetch"})
        assert count(database) == 0
        assert one.client.post(f"/use/go?track={SONG}", headers={"Origin": "https://evil.example"}).status_code == 403

    def test_a_beacon_is_answered_without_a_page(self, database: Path) -> None:
        with visitor(database).client.post(f"/use/go?track={SONG}") as answer:
            assert answer.status_code == 204
        assert events(database) == [(OPENED, SONG, False)]


class TestExperiment:
    settings = Settings(key=KEY, remembers=True, experiment=("item-knn", "word2vec"))

    def arms(self, database: Path) -> list[str]:
        with open_reader(database) as connection:
            return [arm for (arm,) in connection.execute("SELECT arm FROM shown_lists ORDER BY key")]

    def test_each_browser_has_one_model_and_keeps_it(self, database: Path) -> None:
        app = create_app(database, self.settings)
        seen = set()
        for _ in range(12):
            one = Visitor(app.test_client())
            mine = len(self.arms(database))
            for seed in (SONG, world.track_id("folk", 1, 1), world.track_id("pop", 1, 1)):
                one.get(f"/next?seed={seed}")
            assert len(set(self.arms(database)[mine:])) == 1
            seen |= set(self.arms(database))
        assert seen == {"item-knn", "word2vec"}
        with open_reader(database) as connection:
            assert sum(one.lists for one in outcomes(connection, of_experiment=True)) == 36

    def test_the_cache_never_gives_one_the_list_of_another(self, database: Path) -> None:
        app = create_app(database, self.settings)
        lists = {}
        for _ in range(10):
            one = Visitor(app.test_client())
            told = tuple(one.suggested(f"/next?seed={SONG}"))
            assert lists.setdefault(self.arms(database)[-1], told) == told
        named = [tuple(Visitor(app.test_client()).suggested(f"/next?seed={SONG}&model={name}")) for name in lists]
        assert named == list(lists.values())

    def test_a_model_that_is_named_is_no_part_of_it(self, database: Path) -> None:
        visitor(database, self.settings).get(f"/next?seed={SONG}&model=hybrid")
        visitor(database, self.settings).get("/next?title=techno")
        assert self.arms(database) == ["", ""]

    def test_a_model_that_is_not_there_tries_nothing(self, database: Path) -> None:
        settings = Settings(key=KEY, remembers=True, experiment=("item-knn", "gone"))
        assert visitor(database, settings).suggested(f"/next?seed={SONG}")
        assert self.arms(database) == [""]

    def test_a_bandit_draws_for_each_list_and_alike_for_the_same(self, database: Path) -> None:
        settings = Settings(key=KEY, remembers=True, experiment=("item-knn", "word2vec"), bandit=True)
        one = visitor(database, settings)
        for kind in world.KINDS:
            for number in range(5):
                one.get(f"/next?seed={world.track_id(kind, 1, number)}")
        drawn = self.arms(database)
        assert set(drawn) == {"item-knn", "word2vec"}
        one.get(f"/next?seed={world.track_id('techno', 1, 4)}")
        assert self.arms(database) == drawn

    def test_what_came_of_it_is_told_or_that_it_is_too_little(self, database: Path) -> None:
        app = create_app(database, self.settings)
        for _ in range(12):
            one = Visitor(app.test_client())
            first = one.suggested(f"/next?seed={SONG}")
            if self.arms(database)[-1] == "word2vec":
                one.get(f"/use/go?track={first[0]}")
        page = Visitor(app.test_client()).get("/use")
        assert "item-knn beside word2vec" in page
        told = CliRunner().invoke(main, ["--db", str(database), "use", "--json"])
        report = json.loads(told.output)
        assert {one["model"]: one["clicked"]["share"] for one in report["tried"]} == {"item-knn": 0, "word2vec": 1}
        liked = next(one["sentence"] for one in report["compared"] if one["kind"] == "liked")
        assert "too few to tell" in liked


class TestCommand:
    def test_tells_what_the_page_tells_and_forgets_it(self, database: Path) -> None:
        run: Callable[..., str] = lambda *words: CliRunner().invoke(main, ["--db", str(database), *words]).output  # noqa: E731
        assert "segue serve --remember" in run("use")
        use(visitor(database))
        assert "3 lists shown" in run("use")
        assert "hybrid" in run("use")
        assert "say --yes" in run("use", "forget")
        assert "forgot 9 lists and things done" in run("use", "forget", "--yes")
        assert "nothing was remembered" in run("use", "forget", "--yes")

    def test_forgets_what_was_made_of_it_too(self, database: Path) -> None:
        use(visitor(database))
        run: Callable[..., str] = lambda *words: CliRunner().invoke(main, ["--db", str(database), *words]).output  # noqa: E731
        run("train", "popularity", "--no-measure")
        assert '"use"' in run("stats", "--json")
        assert json.loads(run("use", "forget", "--yes", "--json")) == {"forgotten": 9, "playlists": True}
        assert '"use"' not in run("stats", "--json")

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["--experiment", "hybrid,item-knn"], "goes with --remember"),
            (["--remember", "--experiment", "hybrid"], "two models or more"),
            (["--remember", "--bandit"], "goes with --experiment"),
            (["--remember", "--experiment", "hybrid,nobody"], "no model nobody is trained"),
        ],
    )
    def test_an_experiment_that_cannot_be_is_refused_at_once(self, made: Path, words: list[str], sentence: str) -> None:
        told = CliRunner().invoke(main, ["--db", str(made), "serve", *words])
        assert told.exit_code != 0
        assert sentence in told.output


@pytest.fixture
def served(database: Path) -> Iterator[Served]:
    """Serve a copy of the world that remembers."""
    yield from serving(create_app(database, REMEMBERING))


@pytest.mark.parametrize("window", ["desk", "phone", "desk dark", "phone dark"], indirect=True)
def test_a_person_sees_what_is_remembered(window: Window, database: Path, request: pytest.FixtureRequest) -> None:
    page = window.go("/?q=golden+circuit")
    window.go(f"/next?seed={SONG}")
    page.locator(".thumb.like").nth(2).click()
    expect(page.locator(".thumb.like").nth(2)).to_have_attribute("aria-pressed", "true")
    window.go("/use")
    window.no_barriers()
    window.shoot(f"use-{request.node.callspec.params['window'].replace(' ', '-')}")
    page.get_by_role("button", name="Forget what was done in this browser").click()
    page.get_by_text("Nothing is remembered").wait_for()
    assert count(database) == 0


@pytest.mark.parametrize("window", ["desk", "plain"], indirect=True)
def test_opening_a_song_is_noticed_with_javascript_and_without(window: Window, database: Path) -> None:
    asked: list[str] = []

    def stop(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    window.page.context.route("https://open.spotify.com/**", stop)
    window.expects = ("open.spotify.com", "ERR_FAILED")
    page = window.go(f"/next?seed={SONG}")
    track = page.locator(".song").first.get_attribute("data-track")
    page.locator(".song a[data-link]").first.click(no_wait_after=True)
    for _ in range(50):
        if (OPENED, track, True) in events(database) and asked:
            break
        page.wait_for_timeout(100)
    assert events(database) == [(OPENED, track, True)]
    assert asked == [f"https://open.spotify.com/track/{track}"]
