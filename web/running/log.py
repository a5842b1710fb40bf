"""What a server says while it runs: one JSON object a line, on stderr or into a file.

No address is told with what stands behind its question mark, nor with names or words in it; no header is told at all.
"""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

from web.errors import CannotServe
from web.running.seen import Seen

_ACCESS = logging.getLogger("segue.access")
_FIELDS = "segue_fields"


class JsonLines(logging.Formatter):
    """Writes each record as one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "process": os.getpid()}
        fields = getattr(record, _FIELDS, None)
        told |= fields if fields is not None else {"by": record.name, "message": record.getMessage()}
        if record.exc_info:
            told["trace"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


class Lasting(WatchedFileHandler):
    """A file that may be moved aside, lose its folder, or stand on a full disk: no request goes unanswered for that."""

    _failing = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record, into a new file where the old one is gone."""
        try:
            super().emit(record)
        except OSError:  # raised where a new one cannot be begun; what happens while it is written is told below
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: ARG002, N802 - logging's own name
        """Say once on stderr that the log cannot be written, instead of a trace for each request."""
        if not self._failing:
            self._failing = True
            sys.stderr.write(f"{self.baseFilename} cannot be written any more: make room, or its folder\n")


def begin(file: Path | None, *, quiet: bool) -> None:
    """Have all that is logged from now on written as lines. quiet: nothing of requests that went well.

    A file may be moved aside while it is written to: a new one is begun. Raises CannotServe.
    """
    logging.basicConfig(handlers=[_handler(file)], level=logging.WARNING, force=True)
    _ACCESS.setLevel(logging.ERROR if quiet else logging.INFO)
    # Waitress tells of each request that waits a moment; the queue is in /metrics.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


def _handler(file: Path | None) -> logging.Handler:
    try:
        # Windows cannot move a file that is open.
        kind = logging.FileHandler if sys.platform == "win32" else Lasting
        handler = kind(file, encoding="utf-8") if file else logging.StreamHandler(sys.stderr)
    except OSError as error:
        raise CannotServe(f"{file} cannot be written ({error.strerror}): name another file (--log FILE)") from error
    handler.setFormatter(JsonLines())
    return handler


def answered(noted: Seen, seconds: float) -> None:
    """Log a request that was answered."""
    level = logging.ERROR if noted.status >= 500 else logging.INFO
    if not _ACCESS.isEnabledFor(level):
        return
    fields = {
        "id": noted.request_id,
        "method": noted.method,
        "path": noted.path,
        "room": noted.room,
        "status": noted.status,
        "ms": round(1000 * seconds, 1),
        "bytes": noted.sent,
    }
    _ACCESS.log(level, "answered", extra={_FIELDS: fields})
