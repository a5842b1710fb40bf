"""A list as a file to take along: its form, its name, what a browser should take it for."""

from collections.abc import Sequence
from io import BytesIO

from flask import Response, send_file

from recommender.writing.file_names import safe_name
from web.asking import Asking
from web.errors import NotUnderstood
from web.songs import Card

FORMS = {
    "m3u8": ("M3U", "for players", "audio/x-mpegurl"),
    "jspf": ("JSPF", "for other services", "application/json"),
    "csv": ("CSV", "for a spreadsheet", "text/csv; charset=utf-8"),
    "uris": ("Links", "to paste into Spotify", "text/plain; charset=utf-8"),
    "json": ("JSON", "for programs, with all that is known", "application/json"),
}
"""Form → what it is called, what it is for, and its MIME type."""
_ENDINGS = {"uris": "txt"}


def called(asking: Asking, seeds: Sequence[Card]) -> str:
    """Name a list: as the person calls it, or by the songs that it goes by."""
    if asking.title:
        return asking.title
    if not seeds:
        return "Segue"
    more = f" and {len(seeds) - 1:,} more" if len(seeds) > 1 else ""
    return f"After {seeds[0].name}{more}"


def refuse_other_forms(form: str) -> None:
    """Raise NotUnderstood for what is none of FORMS."""
    if form not in FORMS:
        raise NotUnderstood(f'a list is not saved as "{form}": there are {", ".join(FORMS)}')


def download(text: str, title: str, form: str) -> Response:
    """Give a list that is written already as a file that the browser keeps, of a name that every system takes."""
    content = BytesIO(text.encode("utf-8", "replace"))
    name = f"{safe_name(title)}.{_ENDINGS.get(form, form)}"
    return send_file(content, mimetype=FORMS[form][2], as_attachment=True, download_name=name)
