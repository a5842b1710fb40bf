"""What can go wrong in the web house.

WebError
├── NotUnderstood   an address or a form asks for what makes no sense
├── NotFound        what an address names is not here
├── NotAllowed      the one who asks may not have it
├── Refused         a music player's question is refused, with a code of Subsonic's
└── CannotServe     the server cannot start
"""


class WebError(Exception):
    """Root of this house. The message is one sentence with the cure."""

    status = 500


class NotUnderstood(WebError):
    """An address or a form asks for what makes no sense."""

    status = 400


class NotAllowed(WebError):
    """The one who asks may not have it."""

    status = 403


class NotFound(WebError):
    """What an address names is not here."""

    status = 404


class Refused(WebError):
    """A music player's question is refused, with a code of Subsonic's."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class CannotServe(WebError):
    """The server cannot start: its port is taken, or it would be open to others without a token."""
