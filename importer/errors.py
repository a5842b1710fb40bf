"""What can go wrong while importing.

ImporterError
├── BadFile            one file cannot be read; nothing of it is stored, the others are
├── UnknownFormat      no format of that name
├── BadColumn          a --column that names no role, or is not role=NAME
└── NothingToImport    none of the paths holds anything of ours
"""


class ImporterError(Exception):
    """Root of this house. The message is one line with the cure."""


class BadFile(ImporterError):
    """One file cannot be read.

    place: where in the file (line and column, byte, row, or JSON path); file: filled in by whoever knows it.
    """

    def __init__(self, what: str, *, cure: str, place: str = "", file: str = "") -> None:
        super().__init__(what, cure, place, file)
        self.what, self.cure, self.place, self.file = what, cure, place, file

    def __str__(self) -> str:
        before = "".join(f"{part}: " for part in (self.file, self.place) if part)
        return one_line(f"{before}{self.what}; {self.cure}")

    def of(self, file: str) -> "BadFile":
        """Give the same trouble with the file's name, where it lacked one."""
        return BadFile(self.what, cure=self.cure, place=self.place, file=self.file or file)


class UnknownFormat(ImporterError):
    """No format of that name."""


class BadColumn(ImporterError):
    """A --column that names no role, or is not role=NAME."""


class NothingToImport(ImporterError):
    """None of the paths holds anything of ours."""


def one_line(text: str, longest: int = 600) -> str:
    """Make a text fit for one line of a terminal: control characters and half characters written out, the end cut."""
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text[: longest + 1])
    return plain if len(plain) <= longest else plain[:longest] + "…"
