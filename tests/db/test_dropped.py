"""What imports left out is kept with them, and goes with them."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from click.testing import CliRunner

from cli import main
from db.connection import open_reader, open_writer, transaction
from db.dropped import brought, drop, dropped
from db.migrations import migrations
from db.purge import purge_import, purge_source
from tests.db.make import playlist, store_all, track

CSV = "playlist,title,artist\na,One,X\na,,\nb,Two,Y\nb,,Z\n"


def imported(folder: Path, database: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "a.csv").write_text(CSV, encoding="utf-8")
    (folder / "bad.jspf").write_text("{", encoding="utf-8")
    (folder / "notes.txt").write_text("hello", encoding="utf-8")
    CliRunner().invoke(main, ["--db", str(database), "import", str(folder)])


def left_out(database: Path) -> list[dict[str, int]]:
    with open_reader(database) as connection:
        return [one.dropped for one in dropped(connection)]


def test_an_import_keeps_what_it_left_out(tmp_path: Path, file: Path) -> None:
    """Entries by their reason, files that could not be read, and files of no format."""
    imported(tmp_path / "in", file)
    (told,) = left_out(file)
    assert told == {
        "tracks with neither an id nor a title": 2,
        "files of no known format": 1,
        "files that could not be read": 1,
    }
    with open_reader(file) as connection:
        (one,) = brought(connection)
    assert one.rows == {"playlists": 2, "places in playlists": 2, "new songs": 2}
    assert (one.number, one.source, one.known, one.dropped) == (1, "csv", True, told)


def test_importing_the_same_again_counts_nothing_twice(tmp_path: Path, file: Path) -> None:
    imported(tmp_path / "in", file)
    before = left_out(file)
    imported(tmp_path / "in", file)
    assert left_out(file) == before


def test_what_was_left_out_goes_with_its_import(tmp_path: Path, file: Path) -> None:
    one, _ = store_all(file, [playlist(1, [1])], "csv")
    two, _ = store_all(file, [track(9)], "mpd")
    assert one.key
    assert two.key
    assert one.number
    with open_writer(file, "a test") as connection:
        with transaction(connection):
            drop(connection, one.key, {"odd things": 2, "none of these": 0})
            drop(connection, one.key, {"odd things": 3})
            drop(connection, two.key, {"episodes": 1})
        assert [told.dropped for told in dropped(connection)] == [{"episodes": 1}, {"odd things": 5}]
        purge_import(connection, one.number)
        assert [told.dropped for told in dropped(connection)] == [{"episodes": 1}]
        purge_source(connection, "mpd", 0)
        assert connection.execute("SELECT count(*) FROM dropped").fetchone() == (0,)


def test_of_an_import_before_this_nobody_says_that_it_left_out_nothing(file: Path) -> None:
    """A database of version 5 tells which imports it had when what they leave out began to be noted."""
    store_all(file, [track(1)], "csv")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(
            "DROP TABLE dropped; DELETE FROM state WHERE name = 'dropped_since'; PRAGMA user_version = 5"
        )
        connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0007_dropped'")
    store_all(file, [track(2)], "mpd")
    assert "0007_dropped" in [one.name for one in migrations.applied(_database(file))]
    with open_reader(file) as connection:
        assert [(one.source, one.known) for one in brought(connection)] == [("mpd", True), ("csv", False)]


def _database(file: Path):  # type: ignore[no-untyped-def]
    from sqlite_utils import Database

    return Database(file)


def test_stats_tell_it(tmp_path: Path, file: Path) -> None:
    imported(tmp_path / "in", file)
    said = CliRunner().invoke(main, ["--db", str(file), "stats", "--dropped"])
    assert "2  tracks with neither an id nor a title" in said.stdout
    told = json.loads(CliRunner().invoke(main, ["--db", str(file), "stats", "--dropped", "--json"]).stdout)
    assert told["imports"][0]["dropped"]["files that could not be read"] == 1


def test_stats_say_when_nothing_was_left_out(file: Path) -> None:
    store_all(file, [track(1)])
    assert "nothing was left out" in CliRunner().invoke(main, ["--db", str(file), "stats", "--dropped"]).stdout
