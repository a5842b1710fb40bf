"""Addresses of our own: those that may be led to, and any text as one part of one. Pure."""

import base64
import binascii
import re
from urllib.parse import quote

from werkzeug.routing import BaseConverter, ValidationError

_AWRY = re.compile(r"\.*|~.*|.*[/\\].*", re.DOTALL)
"""What a browser or a proxy takes apart, or drops, even where it is escaped; and what would be taken for escaped."""
_OWN = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f]*")


class TextConverter(BaseConverter):
    """A part of an address that may be any text; what an address cannot hold goes as base64 after a tilde."""

    def to_python(self, value: str) -> str:
        """Read the text of an address."""
        if not value.startswith("~"):
            return value
        letters = value[1:].encode("ascii", "replace")
        try:
            return base64.b64decode(letters + b"=" * (-len(letters) % 4), b"-_", validate=True).decode()
        except (binascii.Error, UnicodeDecodeError) as error:
            raise ValidationError from error

    def to_url(self, value: str) -> str:
        """Write a text into an address."""
        if _AWRY.fullmatch(value):
            return "~" + base64.urlsafe_b64encode(value.encode()).decode().rstrip("=")
        return quote(value, safe="")


def own_path(text: str) -> str:
    """Give a path on this server as it was told, and nothing for what may lead to another one.

    Browsers read a backslash as a slash and pass over tabs and ends of lines, so that with one between them two slashes
    would name another server.
    """
    return text if _OWN.fullmatch(text) else ""
