"""Our own interface, asked whatever its description allows, and much that it does not, by schemathesis."""

import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import BaseSchema, Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig

from tests.web import world
from tests.web.conftest import KEY
from web.api.routes import DESCRIBED
from web.app import create_app
from web.settings import Settings

load_all_checks()
EXAMPLES = 60
"""Of each address, sensible and not; the same in every run."""
ROUTES = [(prefix + route.path, route) for prefix, routes in DESCRIBED.items() for route in routes]
SENSIBLE = pytest.mark.parametrize(("path", "method"), [(path, route.method) for path, route in ROUTES], ids=str)
WITH_CHOICE = pytest.mark.parametrize(
    ("path", "method"),
    [(path, route.method) for path, route in ROUTES if route.asks.model_fields],
    ids=str,
)
SONGS = [world.track_id(kind, artist, 3) for kind in world.KINDS for artist in range(world.ARTISTS)]
KNOWN: dict[str, list[Any]] = {
    "seed": [SONGS[:1], SONGS[2:6], [*SONGS[:1], "x:00000000000000000000"]],
    "unlike": [SONGS[7:8]],
    "tracks": [SONGS[:3], [{"artist": "Bryn Machine", "title": "Golden Circuit Bryn"}]],
    "track_id": SONGS,
    "from": SONGS,
    "to": SONGS,
    "id": [*SONGS, "made:3", "made:4"],
    "name": ["listener 3", "Listener 4", "nobody"],
    "listener": ["", "listener 3"],
    "model": list(world.MODELS),
    "title": ["techno for the night", "pop"],
    "q": ["golden", "circuit", "pop", "night"],
    "sort": ["-tempo", "year", "artist"],
    "genre": [["techno"], ["folk", "pop"]],
    "not_genre": [["aldo techno"]],
    "country": [["SE"]],
    "language": [["ja"]],
    "mood": [["calm"], ["tense"]],
    "year": ["1990..2005", "..1999"],
    "tempo": ["90..140"],
    "energy": ["0.1.."],
    "danceability": ["..0.9"],
    "valence": ["0..1"],
    "acousticness": ["0..0.5"],
    "instrumentalness": ["..0.9"],
    "speechiness": ["..0.9"],
    "liveness": ["..0.9"],
    "loudness": ["-20..0"],
    "key": ["Am", "8A", "G"],
    "time_signature": ["4"],
}
"""What means something in the world of the tests: made-up words alone would hardly ever lead to an answer."""


@pytest.fixture(scope="module")
def described(made: Path, tmp_path_factory: pytest.TempPathFactory) -> BaseSchema:
    """The description of a server whose database may be changed."""
    place = tmp_path_factory.mktemp("fuzzed")
    shutil.copytree(made.with_suffix(".models"), place / "world.models")
    app = create_app(Path(shutil.copy(made, place / "world.db")), Settings(key=KEY))
    refused = ["400", "403", "404", "414", "415"]
    config = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": refused}}})
    return schemathesis.openapi.from_wsgi("/openapi.json", app, config=config)


def fuzz(described: BaseSchema, path: str, method: str, mode: GenerationMode, ask: Callable[..., None]) -> None:
    settled = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    seed(8)(settled(given(case=described[path][method].as_strategy(generation_mode=mode), data=st.data())(ask)))()


@pytest.mark.slow
@SENSIBLE
def test_what_may_be_asked_is_answered_as_it_is_described(described: BaseSchema, path: str, method: str) -> None:
    answered: Counter[int] = Counter()
    # What a schema cannot say, such as that a list needs seeds or a title, is refused with 400 and a sentence.
    left_out = [CHECKS.get_one("positive_data_acceptance")]

    def ask(case: Case, data: st.DataObject) -> None:
        for place in (case.path_parameters, case.query, case.body):
            if isinstance(place, dict):
                for name in KNOWN.keys() & place.keys():
                    if data.draw(st.integers(0, 40)):
                        place[name] = data.draw(st.sampled_from(KNOWN[name]))
        answered[case.call_and_validate(excluded_checks=left_out).status_code] += 1

    fuzz(described, path, method, GenerationMode.POSITIVE, ask)
    assert answered[200], answered


@pytest.mark.slow
@WITH_CHOICE
def test_what_may_not_be_asked_is_refused(described: BaseSchema, path: str, method: str) -> None:
    def ask(case: Case, data: st.DataObject) -> None:
        case.call_and_validate()

    fuzz(described, path, method, GenerationMode.NEGATIVE, ask)
