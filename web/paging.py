"""Long lists, a page at a time. Pure."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from web.errors import NotUnderstood

_HIGHEST = 10**9


@dataclass(frozen=True, slots=True)
class Paged:
    """One page of a list."""

    number: int
    """From 1."""
    size: int
    total: int
    name: str
    """By which an address asks for it."""

    @property
    def first(self) -> int:
        """The place of its first one, from 0."""
        return (self.number - 1) * self.size

    @property
    def end(self) -> int:
        """The place after its last one."""
        return min(self.first + self.size, self.total)

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(-(-self.total // self.size), 1)


def paged(told: "MultiDict[str, str]", size: int, total: int, name: str = "page") -> Paged:
    """Read the page that an address asks for; beyond the last one it is the last. Raises NotUnderstood."""
    text = told.get(name, "").strip() or "1"
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:12]) <= _HIGHEST):
        raise NotUnderstood(f"{name} is a number from 1 on")
    return Paged(min(int(text[:12]), max(-(-total // size), 1)), size, total, name)
