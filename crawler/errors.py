"""What can go wrong while collecting from Spotify.

CrawlerError
├── NoCredentials      no client id, or a secret that is needed and missing
├── NotLoggedIn        no token, or one that Spotify no longer takes; `segue login` is the cure
├── NotAccepted        the terms, or the sending to a service that is not Spotify, were not agreed to
├── BadAddress         a base URL, a redirect URI, a playlist or a user that is none
├── Blocked            the quota is used up until a stated time; nothing is asked before it
├── Refused            Spotify answers no to this request (400, 403)
├── NotAllowed         Spotify answers no to everything: the app or the account lacks something
├── Missing            there is no such thing (404)
├── Unreachable        the server did not answer, or not in a way that can be read, within the stated number of tries
├── Enough             the number of requests that was allowed is used up
└── Interrupted        Ctrl-C; what was in flight is stored
"""


class CrawlerError(Exception):
    """Root of this house. The message is one sentence with the cure."""


class NoCredentials(CrawlerError):
    """No client id, or a secret that is needed and missing."""


class NotLoggedIn(CrawlerError):
    """No token, or one that Spotify no longer takes."""


class NotAccepted(CrawlerError):
    """The terms, or the sending to a service that is not Spotify, were not agreed to."""


class BadAddress(CrawlerError):
    """A base URL, a redirect URI, a playlist or a user that is none."""


class Blocked(CrawlerError):
    """The quota is used up; until: seconds since 1970 before which nothing is asked."""

    def __init__(self, message: str, until: float) -> None:
        super().__init__(message)
        self.until = until


class NotAllowed(CrawlerError):
    """Spotify answers no to everything: the app or the account lacks something."""


class Refused(CrawlerError):
    """Spotify answers no to this request; status: 400 or 403 as a rule."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Missing(CrawlerError):
    """There is no such thing."""


class Unreachable(CrawlerError):
    """The server did not answer, or not in a way that can be read, within the stated number of tries."""


class Enough(CrawlerError):
    """The number of requests that was allowed is used up."""


class Interrupted(CrawlerError):
    """Ctrl-C; what was in flight is stored."""
