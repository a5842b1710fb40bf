"""Addresses with a slash too many, as a base address that ends in one makes them, answered without a redirect."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_UNDER = re.compile(r"/+v1(?:/|$)")
_SEVERAL = re.compile(r"/{2,}")


def one_slash(answering: "WSGIApplication") -> "WSGIApplication":
    """Take the slashes too many out of the paths under /v1; others may hold raw ids, in which they mean something."""

    def answer(environ: "WSGIEnvironment", start: "StartResponse") -> Iterable[bytes]:
        if _UNDER.match(path := environ.get("PATH_INFO", "")):
            environ["PATH_INFO"] = _SEVERAL.sub("/", path)
        return answering(environ, start)

    return answer
