"""Times as people say them. Pure."""

from datetime import datetime

_STEPS = ((86_400 * 365, "year"), (86_400 * 30, "month"), (86_400, "day"), (3_600, "hour"), (60, "minute"))


def moment(seconds: float) -> str:
    """Write seconds since 1970 as a day and a time of this machine's clock; empty where no calendar has it."""
    try:
        return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
    except (OverflowError, ValueError, OSError):
        return ""


def ago(seconds: float, now: float) -> str:
    """Say how long ago that was, in one unit."""
    past = now - seconds
    for step, name in _STEPS:
        if past >= step:
            number = int(past // step)
            return f"{number} {name}{'s' * (number != 1)} ago"
    return "just now"
