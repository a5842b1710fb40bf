"""Who may ask, from where, and what a browser may do with the answer."""

import hmac
import re

from flask import Flask, Request, Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from web.settings import Settings

LONGEST_BODY = 1024 * 1024
LONGEST_QUERY = 16 * 1024
"""Bytes."""
OPEN_TO_ALL = frozenset({"static", "running.healthz", "running.readyz", "running.sign_in"})
"""Endpoints that ask for no token: without them nobody could show one."""
OWN_DOORS = frozenset({"subsonic"})
"""Rooms that ask for the token in their own way."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_PORT = re.compile(r":\d+$")
_SIGNED_IN = "signed in"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

csrf = CSRFProtect()
"""Asks every form that changes something for a token of its own session; rooms for programs are exempt from it."""


def guard(app: Flask, settings: Settings) -> None:
    """Have every request looked at before it is answered, and every answer carry the headers of safety."""
    app.config |= {
        "SECRET_KEY": settings.key,
        "SESSION_COOKIE_NAME": "segue",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": LONGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LONGEST_BODY,
        "WTF_CSRF_TIME_LIMIT": None,  # a page may stand open for days
        "WTF_CSRF_SSL_STRICT": False,
    }
    csrf.init_app(app)

    # Flask has these called in this order, before the token of a form is looked at.
    app.before_request_funcs.setdefault(None, [])[:0] = [
        lambda: _refuse_strange_names(settings),
        _refuse_long_questions,
        _refuse_other_sites,
        lambda: _refuse_strangers(settings),
    ]
    app.after_request(_with_headers)


def sign_in(settings: Settings, token: str) -> bool:
    """Let this browser in where the token is right, and tell whether it is."""
    right = is_token(settings, token)
    if right:
        session[_SIGNED_IN] = True
    return right


def is_token(settings: Settings, told: str) -> bool:
    """Compare in the same time, however much of it is right."""
    return hmac.compare_digest(told.encode(), settings.token.encode())


def _refuse_strange_names(settings: Settings) -> None:
    """Refuse a Host that is none of our names: a page of another site may have its own name lead here.

    Werkzeug's own list of trusted hosts knows no addresses of IPv6.
    """
    name = _PORT.sub("", request.host.lower())
    if name not in settings.trusted_names:
        abort(400, f"{name} is no name of this server: start it with `segue serve --name {name}`, if it is to be one")


def _refuse_long_questions() -> None:
    if len(request.query_string) > LONGEST_QUERY:
        abort(414, f"an address may hold {LONGEST_QUERY:,} bytes of questions: ask for fewer songs at once")


def _refuse_other_sites() -> None:
    """Refuse what another site has a browser send to us; what is no browser tells neither of the two."""
    if request.method in _SAFE:
        return
    origin = request.headers.get("Origin")
    foreign = origin is not None and origin.partition("://")[2] != request.host
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403, "another site may not change anything here: use Segue's own pages")


def _refuse_strangers(settings: Settings) -> ResponseReturnValue | None:
    kind, _, told = request.headers.get("Authorization", "").partition(" ")
    shown = kind.lower() == "bearer" and is_token(settings, told.strip())
    is_open = request.endpoint in OPEN_TO_ALL or request.blueprint in OWN_DOORS
    if not settings.token or is_open or session.get(_SIGNED_IN) or shown:
        return None
    if not _is_page(request):
        abort(401, "show the server's token: Authorization: Bearer TOKEN")
    return redirect(url_for("running.sign_in", next=request.full_path.rstrip("?")))


def _is_page(asked: Request) -> bool:
    return asked.method == "GET" and asked.accept_mimetypes.best == "text/html"


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
