"""Tokens: kept safely, renewed once, and never told to anybody."""

import asyncio
import json
import logging
import os
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from crawler.accounts import _session
from crawler.credentials import Credentials
from crawler.errors import CrawlerError, NoCredentials, NotLoggedIn, Refused, Unreachable
from crawler.token import WRITE_SCOPES, Tokens, open_tokens
from crawler.token_file import (
    LIFE_S,
    Token,
    ending,
    read_token,
    stored_flow,
    stored_token,
    token_path,
    write_token,
)
from tests.crawler.accounts import CUT_OFF, Service, free_port, service

SECRET = "made-up-secret"
APP = Credentials("made-up-id", SECRET)
SCOPES = frozenset({"playlist-read-private", "playlist-read-collaborative", "user-library-read"})
DAY_S = 86_400
posix = pytest.mark.skipif(os.name != "posix", reason="rights of files are kept elsewhere there")


@pytest.fixture
def accounts() -> Iterator[Service]:
    with service() as running:
        yield running


def keep(accounts: Service, folder: Path, *, left: int = 3600, **more: Any) -> Path:
    """Keep a user's token that is good for so many seconds."""
    path = token_path(APP, accounts.places, "user", folder)
    token = Token("access-old", int(time.time()) + left, SCOPES, int(time.time()) - 5 * DAY_S, "refresh-old")
    write_token(path, replace(token, **more))
    return path


def tokens(accounts: Service, folder: Path, waits: list[float] | None = None) -> Tokens:
    async def sleep(seconds: float) -> None:
        if waits is not None:
            waits.append(seconds)

    return open_tokens(APP, accounts.places, "user", folder, sleep=sleep)


def current(of: Tokens) -> str:
    return asyncio.run(of.current())


def test_a_token_with_time_left_costs_no_request(accounts: Service, tmp_path: Path) -> None:
    keep(accounts, tmp_path, left=70)
    assert current(tokens(accounts, tmp_path)) == "access-old"
    assert accounts.forms == []


def test_a_token_is_renewed_before_its_time_is_up_and_stored_at_once(accounts: Service, tmp_path: Path) -> None:
    path = keep(accounts, tmp_path, left=50)
    before = read_token(path)
    assert current(tokens(accounts, tmp_path)) == "access-1"
    assert accounts.forms == [
        {"grant_type": "refresh_token", "refresh_token": "refresh-old", "client_id": "made-up-id"}
    ]
    after = read_token(path)
    assert before is not None
    assert after is not None
    assert (after.access, after.refresh) == ("access-1", "refresh-1")
    assert after.authorized_at == before.authorized_at, "renewing does not make the six months longer"
    assert 3500 < after.expires_at - time.time() <= 3600


def test_a_token_that_lives_for_less_than_a_minute_is_used_all_the_same(accounts: Service, tmp_path: Path) -> None:
    keep(accounts, tmp_path, left=0)
    accounts.replies = [(200, accounts.token() | {"expires_in": 50})]
    shared = tokens(accounts, tmp_path)
    assert {current(shared) for _ in range(5)} == {"access-0"}
    assert len(accounts.forms) == 1


@pytest.mark.parametrize("lacking", ["refresh_token", "scope"])
@pytest.mark.parametrize("null", [False, True])
def test_what_a_renewal_does_not_tell_stays(accounts: Service, tmp_path: Path, lacking: str, null: bool) -> None:
    path = keep(accounts, tmp_path, left=0)
    told = accounts.token()
    told.pop(lacking)
    accounts.replies = [(200, told | ({lacking: None} if null else {}))]
    current(tokens(accounts, tmp_path))
    after = read_token(path)
    assert after is not None
    assert after.scopes == SCOPES
    assert after.refresh == ("refresh-old" if lacking == "refresh_token" else "refresh-0")


def test_two_who_ask_at_once_cause_one_renewal(accounts: Service, tmp_path: Path) -> None:
    keep(accounts, tmp_path)

    async def both() -> list[str]:
        shared = tokens(accounts, tmp_path)
        return await asyncio.gather(*(shared.renewed("access-old") for _ in range(20)), shared.current())

    assert set(asyncio.run(both())) == {"access-1"}
    assert len(accounts.forms) == 1


def test_two_runs_at_once_cause_one_renewal(accounts: Service, tmp_path: Path) -> None:
    """Two processes hold the same token; the second finds what the first has renewed."""
    keep(accounts, tmp_path, left=0)
    runs = [tokens(accounts, tmp_path) for _ in range(4)]
    given: list[str] = []
    threads = [threading.Thread(target=lambda run=run: given.append(current(run))) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert given == ["access-1"] * 4
    assert len(accounts.forms) == 1


def test_each_stale_token_is_renewed_anew(accounts: Service, tmp_path: Path) -> None:
    keep(accounts, tmp_path)
    shared = tokens(accounts, tmp_path)
    assert asyncio.run(shared.renewed("access-old")) == "access-1"
    assert asyncio.run(shared.renewed("access-old")) == "access-1"
    assert asyncio.run(shared.renewed("access-1")) == "access-2"


def test_a_login_that_spotify_takes_no_longer_is_forgotten(accounts: Service, tmp_path: Path) -> None:
    path = keep(accounts, tmp_path, left=0)
    accounts.replies = [(400, {"error": "invalid_grant", "error_description": "Refresh token revoked"})]
    with pytest.raises(NotLoggedIn, match="segue login"):
        current(tokens(accounts, tmp_path))
    assert list(path.parent.iterdir()) == [], "neither the token nor its lock"
    assert len(accounts.forms) == 1
    with pytest.raises(NotLoggedIn, match="segue login"):
        tokens(accounts, tmp_path)


def test_a_login_that_another_run_saw_end_leaves_no_lock_either(accounts: Service, tmp_path: Path) -> None:
    path = keep(accounts, tmp_path, left=0)
    runs = [tokens(accounts, tmp_path) for _ in range(4)]
    accounts.replies = [(400, {"error": "invalid_grant"})] * 4
    refused: list[str] = []

    def ask(run: Tokens) -> None:
        try:
            current(run)
        except NotLoggedIn as error:
            refused.append(str(error))

    threads = [threading.Thread(target=ask, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 4
    assert len(accounts.forms) == 1
    assert list(path.parent.iterdir()) == []


def test_a_renewal_that_is_refused_speaks_of_the_six_months(accounts: Service, tmp_path: Path) -> None:
    keep(accounts, tmp_path, left=0)
    accounts.replies = [(400, {"error": "invalid_grant"})]
    with pytest.raises(NotLoggedIn, match="six months"):
        current(tokens(accounts, tmp_path))


@pytest.mark.parametrize(
    "reply",
    [
        (503, b"busy"),
        (500, {"error": "server_error"}),
        (429, b"Too many requests"),
        (200, b"<html>log in to this network</html>"),
        (200, {"token": "none"}),
        (200, {"access_token": "a", "expires_in": "soon"}),
        (200, {"access_token": "a\nb", "expires_in": 3600}),
        (200, {"access_token": "a b", "expires_in": 3600}),
        (200, {"access_token": "", "expires_in": 3600}),
        (200, {"access_token": "a", "expires_in": 3600, "refresh_token": "\ud800"}),
        (200, ["access_token"]),
        (200, CUT_OFF),
        (302, b""),
        (307, b""),
    ],
)
def test_a_service_out_of_order_is_asked_four_times(accounts: Service, tmp_path: Path, reply: tuple[int, Any]) -> None:
    path = keep(accounts, tmp_path, left=0)
    accounts.replies = [reply] * 3
    waits: list[float] = []
    assert current(tokens(accounts, tmp_path, waits)) == "access-4"
    assert waits == [1, 2, 4]
    keep(accounts, tmp_path, left=0)
    accounts.replies = [reply] * 9
    with pytest.raises(Unreachable) as caught:
        current(tokens(accounts, tmp_path))
    assert len(accounts.forms) == 8
    assert path.exists(), "the login is not lost with the network"
    assert "refresh" not in str(caught.value)


def test_nobody_there_is_unreachable(accounts: Service, tmp_path: Path) -> None:
    keep(accounts, tmp_path, left=0)
    nowhere = replace(accounts.places, accounts=f"http://127.0.0.1:{free_port()}")
    token_path(APP, accounts.places, "user", tmp_path).rename(token_path(APP, nowhere, "user", tmp_path))
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    with pytest.raises(Unreachable) as caught:
        current(open_tokens(APP, nowhere, "user", tmp_path, sleep=sleep))
    assert waits == [1, 2, 4]
    assert caught.value.__cause__ is None


def test_other_refusals_are_told_by_their_name_alone(accounts: Service, tmp_path: Path) -> None:
    keep(accounts, tmp_path, left=0)
    for reply, kind, told in (
        ((400, {"error": "invalid_client"}), NoCredentials, "client id"),
        ((400, {"error": "unauthorized_client"}), Refused, "unauthorized_client"),
        ((403, b"<html>refresh-old</html>"), Refused, "403"),
        ((400, {"error": f"about {SECRET} refresh-old"}), Refused, "400"),
        ((400, ["refresh-old"]), Refused, "400"),
        ((400, {"error": {"status": 400}}), Refused, "400"),
    ):
        accounts.replies = [reply]
        with pytest.raises(CrawlerError, match=told) as caught:
            current(tokens(accounts, tmp_path))
        assert type(caught.value) is kind
        assert "refresh-old" not in str(caught.value)
        assert SECRET not in str(caught.value)


def test_a_scope_that_is_missing_is_named_with_its_cure(accounts: Service, tmp_path: Path) -> None:
    keep(accounts, tmp_path)
    with pytest.raises(NotLoggedIn, match=r"playlist-modify-private.*`segue login --write`"):
        open_tokens(APP, accounts.places, "user", tmp_path, WRITE_SCOPES)
    keep(accounts, tmp_path, scopes=frozenset({"user-library-read"}))
    with pytest.raises(NotLoggedIn, match=r"playlist-read-private.*`segue login`"):
        tokens(accounts, tmp_path)


def test_the_apps_own_token_is_fetched_with_the_secret(accounts: Service, tmp_path: Path) -> None:
    told = accounts.token()
    accounts.replies = [(200, {key: told[key] for key in ("access_token", "token_type", "expires_in")})]
    shared = open_tokens(APP, accounts.places, "app", tmp_path)
    assert current(shared) == "access-0"
    assert accounts.forms == [{"grant_type": "client_credentials"}]
    assert asyncio.run(shared.renewed("access-0")) == "access-2"
    assert SECRET not in (token_path(APP, accounts.places, "app", tmp_path)).read_text()
    with pytest.raises(NoCredentials, match="secret"):
        open_tokens(replace(APP, client_secret=None), accounts.places, "app", tmp_path)


def test_each_flow_app_and_service_has_a_file_of_its_own(accounts: Service, tmp_path: Path) -> None:
    """A user's token is never taken for the app's."""
    assert stored_flow(APP, accounts.places, tmp_path) is None
    current(open_tokens(APP, accounts.places, "app", tmp_path))
    assert stored_flow(APP, accounts.places, tmp_path) == "app"
    keep(accounts, tmp_path)
    assert stored_flow(APP, accounts.places, tmp_path) == "user"
    assert stored_flow(replace(APP, client_id="other-id"), accounts.places, tmp_path) is None
    assert stored_flow(APP, replace(accounts.places, accounts="https://accounts.example"), tmp_path) is None


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b"null",
        b"[" * 100_000,
        b'{"access_token": 5}',
        "scope",
        "expires_at",
        "authorized_at",
    ],
)
def test_a_damaged_file_counts_as_absent(accounts: Service, tmp_path: Path, damage: bytes | str) -> None:
    path = keep(accounts, tmp_path)
    if isinstance(damage, str):
        damage = json.dumps({k: v for k, v in json.loads(path.read_text()).items() if k != damage}).encode()
    path.write_bytes(damage)
    assert stored_token(APP, accounts.places, "user", tmp_path) is None
    with pytest.raises(NotLoggedIn, match="segue login"):
        tokens(accounts, tmp_path)


@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
@pytest.mark.parametrize("bad", ["a\nb", "a\r\nX-More: b", "a b", "a\x7f", "ä", "\ud800", ""])
def test_a_token_that_no_header_can_carry_counts_as_absent(
    accounts: Service, tmp_path: Path, name: str, bad: str
) -> None:
    path = keep(accounts, tmp_path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {name: bad}))
    assert read_token(path) is None


@posix
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_token_file_that_others_can_read_is_closed_to_them_when_it_is_read(
    accounts: Service, tmp_path: Path, mode: int
) -> None:
    path = keep(accounts, tmp_path)
    path.chmod(mode)
    assert current(tokens(accounts, tmp_path)) == "access-old"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@posix
def test_a_token_file_that_cannot_be_closed_to_others_is_refused(
    accounts: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the file is somebody else's."""
    path = keep(accounts, tmp_path)
    path.chmod(0o644)

    def refuse(_descriptor: int, _mode: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "fchmod", refuse)
    with pytest.raises(NotLoggedIn, match=f"others on this machine can read {path}"):
        tokens(accounts, tmp_path)


@posix
def test_files_are_private_from_their_first_byte(
    accounts: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    replaced = os.replace
    monkeypatch.setattr(
        os, "replace", lambda a, b: (modes.append(stat.S_IMODE(Path(a).stat().st_mode)), replaced(a, b))
    )
    home = tmp_path / "segue"
    before = os.umask(0)
    try:
        path = keep(accounts, home, left=0)
        current(tokens(accounts, home))
    finally:
        os.umask(before)
    assert modes == [0o600, 0o600]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (home, path.parent)] == [0o700, 0o700]
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_a_write_that_fails_leaves_the_old_file_and_no_other(
    accounts: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = keep(accounts, tmp_path)
    held = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep(accounts, tmp_path, access="other")
    assert path.read_bytes() == held
    assert list(path.parent.iterdir()) == [path]


def test_nothing_secret_is_logged_or_printed(
    accounts: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """The root logger and spotipy's own are at DEBUG before."""
    logging.getLogger("spotipy.oauth2").setLevel(logging.DEBUG)
    keep(accounts, tmp_path, left=0)
    with caplog.at_level(logging.DEBUG):
        shared = tokens(accounts, tmp_path)
        current(shared)
        current(open_tokens(APP, accounts.places, "app", tmp_path))
        accounts.replies = [(400, {"error": "invalid_grant"})]
        with pytest.raises(NotLoggedIn):
            asyncio.run(shared.renewed("access-1"))
    out, err = capfd.readouterr()
    basic = next(headers["Authorization"] for headers in accounts.headers if "Authorization" in headers)
    seen = caplog.text + out + err + repr(shared) + repr(stored_token(APP, accounts.places, "app", tmp_path))
    for hidden in (SECRET, basic.split()[1], "refresh-old", "refresh-1", "access-1", "access-2"):
        assert hidden not in seen


def test_a_netrc_line_does_not_take_the_place_of_the_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine accounts.example login somebody password else")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    told = requests.Request("POST", "https://accounts.example/api/token", {"Authorization": "Basic ours"})
    with _session("https://accounts.example") as session:
        assert session.prepare_request(told).headers["Authorization"] == "Basic ours"


def test_a_proxy_has_no_part_in_what_stays_on_this_machine(
    accounts: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    assert current(open_tokens(APP, accounts.places, "app", tmp_path)) == "access-1"


def test_the_end_of_the_six_months_is_told_two_weeks_before() -> None:
    token = Token("a", 0, SCOPES, authorized_at=1_800_000_000, refresh="r")
    assert ending(token, token.authorized_at + LIFE_S - 15 * DAY_S) is None
    told = ending(token, token.authorized_at + LIFE_S - 13 * DAY_S)
    assert told is not None
    assert "segue login" in told
    assert time.strftime("%Y-%m-%d", time.localtime(token.ends_at)) in told
    assert ending(replace(token, refresh=None), token.ends_at) is None
