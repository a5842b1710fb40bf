"""What can go wrong with the database file.

DatabaseError
├── NotADatabase       the file is no SQLite file, or not one of ours, or damaged
├── NewerDatabase      a later version of Segue wrote it
├── MissingDatabase    there is no file yet
├── DatabaseBusy       another process of ours is writing
├── DiskFull           the disk has no room; the old state stands
├── ReadOnlyPlace      the file or its folder cannot be written
├── NoSuchImport       no import of that number
└── NoSuchSource       nothing came from a source of that name
"""


class DatabaseError(Exception):
    """Root of this house. The message is one sentence with the cure."""


class NotADatabase(DatabaseError):
    """The file is no SQLite file, or not one of ours, or damaged."""


class NewerDatabase(DatabaseError):
    """A later version of Segue wrote it."""


class MissingDatabase(DatabaseError):
    """There is no file yet."""


class DatabaseBusy(DatabaseError):
    """Another process of ours is writing."""


class DiskFull(DatabaseError):
    """The disk has no room; the old state stands."""


class ReadOnlyPlace(DatabaseError):
    """The file or its folder cannot be written."""


class NoSuchImport(DatabaseError):
    """No import of that number."""


class NoSuchSource(DatabaseError):
    """Nothing came from a source of that name."""
