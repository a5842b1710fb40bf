"""The token that others show, and the key that signs the cookies of browsers."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from pathlib import Path

from crawler.credentials import home
from crawler.errors import CrawlerError
from crawler.private_file import write_private
from web.errors import CannotServe

FILE = "server.key"
_BYTES = 32
_TOKEN = re.compile(r"[!-~]{16,256}")
"""What a header can carry, and nobody can guess."""


def new_token() -> str:
    """Make a token."""
    return secrets.token_urlsafe(_BYTES)


def told_token(text: str | None, file: Path | None) -> str:
    """Give the token that was told, or that stands in a file; empty where neither is. Raises CannotServe."""
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CannotServe(f"{file} cannot be read: name a file that holds the token alone") from error
    elif text is None:
        return ""
    token = text.strip()
    if not _TOKEN.fullmatch(token):
        raise CannotServe(
            "a token is 16 to 256 letters, digits and signs without a space: `segue serve --token` makes one"
        )
    return token


def cookie_key(environment: Mapping[str, str], database: Path, token: str) -> bytes:
    """Give the key for the cookies of one database and token, made of the one secret in Segue's own folder.

    It stands in that folder and not beside the database, which people copy and hand on; so sessions live on when the
    server starts again, and end when the token changes. Where the folder cannot be written, they end with the server.
    """
    try:
        secret = _stored(home(environment) / FILE)
    except (OSError, CrawlerError):
        secret = secrets.token_bytes(_BYTES)
    return hmac.digest(secret, f"{database.resolve()}\n{token}".encode(), hashlib.sha256)


def _stored(path: Path) -> bytes:
    if not path.exists():
        write_private(path, secrets.token_bytes(_BYTES))
    secret = path.read_bytes()
    if len(secret) != _BYTES:  # cut short by a full disk, or by hand: an empty one would let anybody sign
        write_private(path, secret := secrets.token_bytes(_BYTES))
    return secret
