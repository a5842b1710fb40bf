"""What the tests of the crawler share: small Spotifys of each kind, a folder of Segue's own, a database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.spotify.serving import Options, Places, serving

SMALL = {"playlists": 120, "library": 12, "followed": 6, "liked": 130}
"""Enough for more than one page of liked songs and for every odd entry, and read in a second."""


def _serve(regime: str) -> Iterator[Places]:
    with serving(Options(regime=regime, **SMALL)) as running:
        yield running


@pytest.fixture(scope="module")
def extended() -> Iterator[Places]:
    """Serve an app that may do everything."""
    yield from _serve("EXT")


@pytest.fixture(scope="module")
def legacy() -> Iterator[Places]:
    """Serve an app in Development Mode, made before February 2026."""
    yield from _serve("LEGACY")


@pytest.fixture(scope="module")
def restricted() -> Iterator[Places]:
    """Serve an app in Development Mode, made since."""
    yield from _serve("RESTRICTED")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Name Segue's own folder."""
    return tmp_path / "home"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Name a database that is not there yet."""
    return tmp_path / "songs.db"
