"""Logging in, tokens, and how they are refused."""

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from demo.spotify.accounts import Accounts
from demo.spotify.wire import Answer, Ask, Grant
from tests.demo.spotify.asking import Asker, Reply, asking

REDIRECT = "http://127.0.0.1:8899/callback"
VERIFIER = "a-verifier-of-more-than-forty-three-characters-0123"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture
def asker() -> Iterator[Asker]:
    with asking() as asker:
        yield asker


def _authorize(asker: Asker, **query: str) -> Reply:
    asked = {"client_id": "demo-client", "response_type": "code", "redirect_uri": REDIRECT} | query
    return asker.ask("GET", f"{asker.places.accounts}/authorize?{urlencode(asked)}")


def _code(reply: Reply) -> str:
    assert reply.status == 302
    return parse_qs(urlsplit(reply.headers["location"]).query)["code"][0]


def _login(asker: Asker, scope: str = "user-library-read") -> Any:
    code = _code(_authorize(asker, scope=scope, code_challenge=CHALLENGE, code_challenge_method="S256"))
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "client_id": "demo-client"}
    reply = asker.form({**fields, "code_verifier": VERIFIER})
    assert reply.status == 200, reply
    return reply.json


def test_a_login_is_answered_at_once_with_code_and_state(asker: Asker) -> None:
    reply = _authorize(asker, state="abc", scope="user-library-read")
    split = urlsplit(reply.headers["location"])
    assert f"{split.scheme}://{split.netloc}{split.path}" == REDIRECT
    assert parse_qs(split.query)["state"] == ["abc"]
    assert _code(reply)


@pytest.mark.parametrize(
    "redirect", ["http://localhost:8899/callback", "http://example.org/cb", "", "nonsense", "http://["]
)
def test_an_unsafe_redirect_is_refused(asker: Asker, redirect: str) -> None:
    reply = _authorize(asker, redirect_uri=redirect)
    assert reply.status == 400
    assert b"Insecure redirect URI" in reply.body


@pytest.mark.parametrize("redirect", ["https://example.org/cb", "http://[::1]:9000/cb"])
def test_a_safe_redirect_is_taken(asker: Asker, redirect: str) -> None:
    assert _authorize(asker, redirect_uri=redirect).headers["location"].startswith(redirect)


def test_a_login_with_pkce_opens_what_its_scopes_allow(asker: Asker) -> None:
    told = _login(asker)
    assert (told["token_type"], told["expires_in"], told["scope"]) == ("Bearer", 3600, "user-library-read")
    logged_in = Asker(asker.places, told["access_token"])
    assert logged_in.get("/me/tracks").status == 200
    assert logged_in.get("/me/playlists").message == "Insufficient client scope"


def test_a_wrong_verifier_code_or_redirect_is_an_invalid_grant(asker: Asker) -> None:
    fields = {"grant_type": "authorization_code", "client_id": "demo-client"}
    good = {"redirect_uri": REDIRECT, "code_verifier": VERIFIER}
    for wrong in ({"code_verifier": "x" * 50}, {"redirect_uri": REDIRECT + "/"}, {"code": "AQnonsense"}):
        code = _code(_authorize(asker, code_challenge=CHALLENGE, code_challenge_method="S256"))
        reply = asker.form({**fields, "code": code, **good, **wrong})
        assert (reply.status, reply.json["error"]) == (400, "invalid_grant"), wrong


def test_a_code_works_once(asker: Asker) -> None:
    code = _code(_authorize(asker))
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    assert asker.form(fields, "demo-secret").status == 200
    assert asker.form(fields, "demo-secret").json["error"] == "invalid_grant"


def test_without_pkce_a_secret_is_needed(asker: Asker) -> None:
    code = _code(_authorize(asker))
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT, "client_id": "demo-client"}
    assert asker.form(fields).json["error"] == "invalid_client"


def test_refreshing_rotates_now_and_then_and_may_tell_no_token(asker: Asker) -> None:
    refresh = _login(asker)["refresh_token"]
    told: list[str | None] = []
    for _ in range(6):
        reply = asker.form({"grant_type": "refresh_token", "refresh_token": refresh, "client_id": "demo-client"})
        assert reply.status == 200
        assert Asker(asker.places, reply.json["access_token"]).get("/me/tracks").status == 200
        new = reply.json.get("refresh_token")
        told.append(None if new is None else ("same" if new == refresh else "new"))
        refresh = new or refresh
    assert set(told) == {None, "same", "new"}


def test_a_rotated_or_revoked_refresh_token_is_an_invalid_grant(asker: Asker) -> None:
    first = _login(asker)["refresh_token"]
    fields = {"grant_type": "refresh_token", "refresh_token": first, "client_id": "demo-client"}
    replies = [asker.form(fields) for _ in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 400]
    assert replies[3].json["error"] == "invalid_grant"
    newest = {**fields, "refresh_token": replies[2].json["refresh_token"]}
    asker.places.door.accounts.revoke()
    assert asker.form(newest).json["error"] == "invalid_grant"
    assert asker.form({**fields, "client_id": "another"}).json["error"] == "invalid_grant"


@pytest.mark.parametrize("basic", [True, False])
def test_an_app_gets_its_own_token_but_not_with_the_wrong_secret(asker: Asker, basic: bool) -> None:
    def ask(secret: str) -> Reply:
        body = {} if basic else {"client_id": "demo-client", "client_secret": secret}
        return asker.form({"grant_type": "client_credentials", **body}, secret if basic else None)

    app = Asker(asker.places, ask("demo-secret").json["access_token"])
    assert "refresh_token" not in ask("demo-secret").json
    assert app.get("/search", q="pop", type="playlist").status == 200
    assert app.get("/me").status == 401
    assert (ask("wrong").status, ask("wrong").json["error"]) == (400, "invalid_client")


def test_odd_token_requests_are_refused(asker: Asker) -> None:
    assert (
        asker.form({"grant_type": "client_credentials", "client_id": "demo-client"}).json["error"] == "invalid_client"
    )
    assert asker.form({"grant_type": "magic"}, "demo-secret").json["error"] == "unsupported_grant_type"
    assert asker.form({}).json["error"] == "invalid_client"
    url = f"{asker.places.accounts}/api/token"
    assert asker.ask("POST", url, b"\xff\xfe", authorization="Basic !!!").status == 400
    assert asker.ask("POST", url, b"grant_type=x", authorization="Basic !!!").json["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("token", "message"),
    [("", "No token provided"), ("garbage", "Invalid access token"), (None, "The access token expired")],
)
def test_tokens_are_refused_as_spotify_does(asker: Asker, token: str | None, message: str) -> None:
    if token is None:
        asker.places.door.accounts.expire()
    reply = Asker(asker.places, asker.token if token is None else token).get("/me")
    assert (reply.status, reply.json) == (401, {"error": {"status": 401, "message": message}})
    assert reply.headers["www-authenticate"].startswith('Bearer realm="spotify"')
    assert (message in reply.headers["www-authenticate"]) == (token != "")


def test_an_access_token_expires_on_time() -> None:
    accounts = Accounts(60)
    token = accounts.mint(frozenset(), 100.0)

    def at(now: float) -> Grant | Answer:
        return accounts.grant(Ask("GET", "/me", {}, {"authorization": f"Bearer {token}"}, now=now))

    assert isinstance(at(159.9), Grant)
    refused = at(160.0)
    assert isinstance(refused, Answer)
    assert b"The access token expired" in refused.body


def test_a_refresh_token_lives_six_months_from_the_login() -> None:
    accounts = Accounts()
    login = Ask("GET", "/authorize", {"client_id": ["c"], "response_type": ["code"], "redirect_uri": [REDIRECT]})
    code = parse_qs(urlsplit(str(accounts.authorize(login).header("location"))).query)["code"][0]
    basic = {"authorization": "Basic " + base64.b64encode(b"c:s").decode()}

    def token(now: float, **fields: str) -> Answer:
        return accounts.token(Ask("POST", "/api/token", {}, basic, urlencode(fields).encode(), now))

    first = token(0, grant_type="authorization_code", code=code, redirect_uri=REDIRECT)
    refresh = json.loads(first.body)["refresh_token"]
    assert token(181 * 86_400, grant_type="refresh_token", refresh_token=refresh).status == 200
    late = token(183 * 86_400, grant_type="refresh_token", refresh_token=refresh)
    assert (late.status, json.loads(late.body)["error"]) == (400, "invalid_grant")


def test_tokens_and_codes_are_not_in_the_log(asker: Asker) -> None:
    reply = _authorize(asker, state="a-secret-state")
    assert asker.token not in str(asker.places.requests())
    assert _code(reply) not in str(asker.places.requests())
    assert "a-secret-state" not in str(asker.places.requests())
