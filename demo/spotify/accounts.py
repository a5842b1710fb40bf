"""Logging in and tokens: the authorization code flow with and without PKCE, refreshing, and an app's own token."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode, urlsplit

from demo.catalogue import ME
from demo.spotify.wire import Answer, Ask, Grant, told

WRONG_SECRET = "wrong"  # noqa: S105 - the one secret that is refused
_REFRESH_LIFE = 182 * 86_400
_ROTATES_EVERY, _KEEPS_QUIET_EVERY = 3, 2
"""Of the answers to a refresh, each third has a new refresh token, and each second of the others none at all."""
_LOOPBACK = {"127.0.0.1", "::1"}
_PLAIN = "text/plain; charset=utf-8"

Form = dict[str, str]


@dataclass(frozen=True, slots=True)
class _Login:
    client: str
    redirect: str
    scopes: frozenset[str]
    challenge: str | None


@dataclass(frozen=True, slots=True)
class _Refresh:
    client: str
    scopes: frozenset[str]
    expires_at: float


@dataclass(slots=True)
class Accounts:
    """All logins and tokens that are valid now."""

    life: float = 3600
    """Seconds until an access token expires."""
    _logins: dict[str, _Login] = field(default_factory=dict)
    _refreshes: dict[str, _Refresh] = field(default_factory=dict)
    _grants: dict[str, Grant] = field(default_factory=dict)
    _refreshed: int = 0

    def authorize(self, ask: Ask) -> Answer:
        """Answer /authorize as if the listener had said yes at once."""
        redirect, client = ask.get("redirect_uri") or "", ask.get("client_id") or ""
        if not client:
            return Answer(400, b"INVALID_CLIENT: Invalid client", content_type=_PLAIN)
        if not _is_safe(redirect):
            return Answer(400, b"INVALID_CLIENT: Insecure redirect URI", content_type=_PLAIN)
        challenge, state = ask.get("code_challenge"), ask.get("state")
        back = {"state": state} if state is not None else {}
        if ask.get("response_type") != "code":
            return _sent_back(redirect, {"error": "unsupported_response_type", **back})
        if challenge is not None and ask.get("code_challenge_method") != "S256":
            return Answer(400, b"code_challenge_method must be S256", content_type=_PLAIN)
        code = "AQ" + secrets.token_urlsafe(60)
        self._logins[code] = _Login(client, redirect, frozenset((ask.get("scope") or "").split()), challenge)
        return _sent_back(redirect, {"code": code, **back})

    def token(self, ask: Ask) -> Answer:
        """Answer /api/token."""
        try:
            form = {name: values[0] for name, values in parse_qs(ask.body.decode()).items()}
        except UnicodeDecodeError:
            return _no("invalid_request", "the body is no form")
        client, secret = _client(ask, form)
        if not client:
            return _no("invalid_client", "Invalid client")
        if secret == WRONG_SECRET:
            return _no("invalid_client", "Invalid client secret")
        match form.get("grant_type"):
            case "authorization_code":
                return self._of_code(form, client, secret, ask.now)
            case "refresh_token":
                return self._of_refresh(form, client, ask.now)
            case "client_credentials" if secret:
                return self._give(ask.now, None, frozenset())
            case "client_credentials":
                return _no("invalid_client", "Invalid client secret")
        return _no(
            "unsupported_grant_type", "grant_type must be client_credentials, authorization_code or refresh_token"
        )

    def mint(self, scopes: frozenset[str], now: float, *, user: bool = True) -> str:
        """Give an access token without a login, for tests."""
        token = "BQ" + secrets.token_urlsafe(90)
        self._grants[token] = Grant(ME if user else None, scopes, now + self.life)
        return token

    def grant(self, ask: Ask) -> Grant | Answer:
        """Tell what the token of a request allows, or how it is refused."""
        scheme, _, token = ask.headers.get("authorization", "").partition(" ")
        if not scheme:
            return _unauthorized("No token provided", 'Bearer realm="spotify"')
        if scheme.lower() != "bearer":
            return told(400, {"error": {"status": 400, "message": "Only valid bearer authentication supported"}})
        grant = self._grants.get(token.strip())
        message = "Invalid access token" if grant is None else "The access token expired"
        if grant is None or grant.expires_at <= ask.now:
            return _unauthorized(
                message, f'Bearer realm="spotify", error="invalid_token", error_description="{message}"'
            )
        return grant

    def expire(self) -> None:
        """Let every access token end now."""
        self._grants = {token: Grant(g.user, g.scopes, float("-inf")) for token, g in [*self._grants.items()]}

    def revoke(self) -> None:
        """Let every refresh token end now, as after six months."""
        self._refreshes.clear()

    def _of_code(self, form: Form, client: str, secret: str, now: float) -> Answer:
        login = self._logins.pop(form.get("code", ""), None)
        if login is None or login.client != client:
            return _no("invalid_grant", "Invalid authorization code")
        if form.get("redirect_uri") != login.redirect:
            return _no("invalid_grant", "Invalid redirect URI")
        if login.challenge is None and not secret:
            return _no("invalid_client", "Invalid client secret")
        if login.challenge is not None and _challenge(form.get("code_verifier", "")) != login.challenge:
            return _no("invalid_grant", "code_verifier was incorrect")
        return self._give(now, ME, login.scopes, self._refresh_token(client, login.scopes, now + _REFRESH_LIFE))

    def _of_refresh(self, form: Form, client: str, now: float) -> Answer:
        token = form.get("refresh_token", "")
        kept = self._refreshes.get(token)
        if kept is None or kept.client != client:
            return _no("invalid_grant", "Invalid refresh token")
        if kept.expires_at <= now:
            return _no("invalid_grant", "Refresh token expired")
        self._refreshed += 1
        new: str | None = token
        if self._refreshed % _ROTATES_EVERY == 0:
            del self._refreshes[token]
            new = self._refresh_token(client, kept.scopes, kept.expires_at)
        elif self._refreshed % _KEEPS_QUIET_EVERY:
            new = None
        return self._give(now, ME, kept.scopes, new)

    def _refresh_token(self, client: str, scopes: frozenset[str], expires_at: float) -> str:
        token = "AQ" + secrets.token_urlsafe(90)
        self._refreshes[token] = _Refresh(client, scopes, expires_at)
        return token

    def _give(self, now: float, user: int | None, scopes: frozenset[str], refresh: str | None = None) -> Answer:
        self._grants = {token: g for token, g in [*self._grants.items()] if g.expires_at > now - self.life}
        access = self.mint(scopes, now, user=user is not None)
        told_back = {"access_token": access, "token_type": "Bearer", "expires_in": int(self.life)}
        more = {"refresh_token": refresh} if refresh else {}
        return told(200, {**told_back, **more, "scope": " ".join(sorted(scopes))}, (("cache-control", "no-store"),))


def _client(ask: Ask, form: Form) -> tuple[str, str]:
    """Read client id and secret, out of the header or the body; a public client has no secret."""
    scheme, _, coded = ask.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            client, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return client, secret
    return form.get("client_id", ""), form.get("client_secret", "")


def _is_safe(redirect: str) -> bool:
    try:
        split = urlsplit(redirect)
        host = split.hostname
    except ValueError:
        return False
    return (
        bool(host)
        and host != "localhost"
        and (split.scheme == "https" or (split.scheme == "http" and host in _LOOPBACK))
    )


def _sent_back(redirect: str, query: dict[str, str]) -> Answer:
    join = "&" if urlsplit(redirect).query else "?"
    return Answer(302, b"", (("location", f"{redirect}{join}{urlencode(query)}"),), _PLAIN)


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _no(error: str, description: str) -> Answer:
    return told(400, {"error": error, "error_description": description})


def _unauthorized(message: str, challenge: str) -> Answer:
    return told(401, {"error": {"status": 401, "message": message}}, (("www-authenticate", challenge),))
