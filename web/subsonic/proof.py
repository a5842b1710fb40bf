"""Whether a music player may ask: by Subsonic's own ways of showing a password. Pure."""

import hashlib
import hmac
from collections.abc import Mapping

from web.errors import Refused

LACKING, TOO_OLD, TOO_NEW, WRONG, TWO_WAYS, WRONG_KEY = 10, 20, 30, 40, 43, 44
"""Codes of Subsonic's."""
_HEX = "enc:"
_CURE = "the password, and the API key, are what was given to `segue serve --token`"


def admit(told: Mapping[str, str], token: str) -> None:
    """Let a question pass where it shows the token, or where nobody has to. Raises Refused.

    told: the parameters of the question. token: of the server; empty where nobody has to show one.
    """
    _refuse_other_versions(told.get("v", ""))
    if not token:
        return
    key, user = told.get("apiKey", ""), told.get("u", "")
    if key:
        if user:
            raise Refused(TWO_WAYS, "an API key stands alone: leave out u, p, t and s")
        if not _same(key, token):
            raise Refused(WRONG_KEY, f"the API key is wrong: {_CURE}")
        return
    if not user:
        raise Refused(LACKING, "say who you are, with u and p, or u, t and s, or with apiKey")
    if "t" in told and "s" in told:
        # Salted MD5 is what the interface asks for; the token itself never travels.
        right = hashlib.md5((token + told["s"]).encode(), usedforsecurity=False).hexdigest()
        is_right = _same(told["t"].lower(), right)
    elif "p" in told:
        is_right = _same(_plain(told["p"]), token)
    else:
        raise Refused(LACKING, "show a password, with p, or with t and s")
    if not is_right:
        raise Refused(WRONG, f"wrong name or password: {_CURE}, and the name may be any")


def _refuse_other_versions(version: str) -> None:
    major = version.partition(".")[0]
    if major.isdecimal() and int(major[:6]) != 1:
        code, who = (TOO_OLD, "your player") if int(major[:6]) < 1 else (TOO_NEW, "Segue")
        raise Refused(code, f"version 1 of the interface is spoken here, and {version} is asked: update {who}")


def _plain(password: str) -> str:
    if not password.startswith(_HEX):
        return password
    try:
        return bytes.fromhex(password.removeprefix(_HEX)).decode()
    except ValueError:
        return ""


def _same(told: str, right: str) -> bool:
    """Compare in the same time, however much of it is right."""
    return hmac.compare_digest(told.encode(), right.encode())
