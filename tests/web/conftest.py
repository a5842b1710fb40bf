"""A made-up world, served: to a test client, over real HTTP, and to a real browser."""

import os
import select
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from waitress import wasyncore
from waitress.server import create_server

from tests.web import world
from web.app import create_app
from web.settings import Settings

SHOTS = Path(__file__).parent.parent.parent / "build" / "screenshots"
"""Where a person can look at what the browser saw; not in git."""
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
KEY = b"only for tests"
_SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world's database with its models, made once; nobody changes it."""
    return world.make(tmp_path_factory.mktemp("world") / "world.db")


@pytest.fixture
def database(made: Path, tmp_path: Path) -> Path:
    """A copy of the world that a test may change."""
    shutil.copytree(made.with_suffix(".models"), tmp_path / "world.models")
    return Path(shutil.copy(made, tmp_path / "world.db"))


@pytest.fixture(scope="session")
def app(made: Path) -> Flask:
    """The application of the world that nobody changes."""
    return create_app(made, Settings(key=KEY))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Ask the application without a network."""
    return app.test_client()


@dataclass
class Served:
    """A server on loopback."""

    address: str
    app: Flask

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.address.rpartition(":")[2])


def serving(app: Flask) -> Iterator[Served]:
    """Serve an application on a free port of loopback until the test is done."""
    sockets: dict[int, wasyncore.dispatcher] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4)
    done = threading.Event()

    def run() -> None:
        while not done.is_set():
            wasyncore.loop(timeout=0.05, use_poll=hasattr(select, "poll"), map=sockets, count=1)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.effective_port}", app)
    finally:
        done.set()
        thread.join(5)
        server.task_dispatcher.shutdown()
        wasyncore.close_all(sockets)  # a client may still hold a connection


@pytest.fixture
def served(database: Path) -> Iterator[Served]:
    """Serve a copy of the world, which a test may change, over real HTTP."""
    yield from serving(create_app(database, Settings(key=KEY)))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or another one that CHROMIUM names."""
    binary = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if binary is None:
        assert not os.environ.get("CI"), "CI needs Chromium: make system-deps"
        pytest.skip("there is no Chromium here: `make system-deps` installs Debian's")
    # Of the module, not of the session: while it runs no other test could start a loop of asyncio.
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=binary, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@dataclass
class Window:
    """A page in a real browser, with what it did that no page may do."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)
    expects: tuple[str, ...] = ()
    """Parts of complaints that a test provokes."""

    def go(self, path: str) -> Page:
        """Open an address of the server, and wait until the page rests."""
        self.page.goto(self.address + path, wait_until="networkidle")
        return self.page

    def shoot(self, name: str) -> None:
        """Keep a picture of the whole page for a person to look at."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=True)

    def no_barriers(self) -> None:
        """Make sure that axe finds nothing serious, and nothing is wider than the window."""
        from axe_playwright_python.sync_playwright import Axe

        found = [
            f"{one['id']}: {one['help']} at {[node['target'] for node in one['nodes']][:3]}"
            for one in Axe().run(self.page).response["violations"]
            if one["impact"] in _SERIOUS
        ]
        assert not found, "\n".join(found)
        assert self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), (
            "the page is wider than the window"
        )

    def clean(self) -> None:
        """Make sure that nothing was complained of, and nobody else was asked for anything."""
        left = [one for one in self.complaints if not any(part in one for part in self.expects)]
        assert not left, "\n".join(left)


@pytest.fixture
def window(browser: Browser, served: Served, request: pytest.FixtureRequest) -> Iterator[Window]:
    """A window on the served world; `phone` and `dark` in the test's parameters make it small, or dark."""
    wanted = getattr(request, "param", "")
    context = browser.new_context(
        viewport=PHONE if "phone" in wanted else DESK,  # type: ignore[arg-type]
        color_scheme="dark" if "dark" in wanted else "light",
        java_script_enabled="plain" not in wanted,
    )
    opened = Window(context.new_page(), served.address)
    host = urlsplit(served.address).netloc

    def asked(one: Request) -> None:
        if urlsplit(one.url).netloc not in (host, ""):
            opened.complaints.append(f"another host was asked: {one.url}")

    def complained(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            opened.complaints.append(f"{message.type}: {message.text}")

    opened.page.on("request", asked)
    opened.page.on("console", complained)
    opened.page.on("pageerror", lambda error: opened.complaints.append(f"error: {error}"))
    yield opened
    opened.clean()
    context.close()
