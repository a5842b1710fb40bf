"""`segue export` as a person calls it."""

import csv
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from db.records import Album
from importer.m3u import parse
from tests.cli.running import ROOT, environment, process, segue
from tests.recommender.songs import add, playlist, song, spotify_id

ID = spotify_id("known")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Lists of three tracks: one with a file and a link, one with a link alone, one of which only names are known."""
    path = tmp_path / "s.db"
    sound = tmp_path / "music" / "known.mp3"
    sound.parent.mkdir()
    sound.touch()
    known = song("Known", "Band", ID, album=Album("Album"), duration_ms=200_000, path=str(sound))
    other, own = song("Other", "Band", spotify_id("other")), song("Own", "Me")
    named = {"csv:1": "Road/trip", "csv:2": "ROAD|TRIP", "csv:3": "Chill"}
    lists = [replace(playlist(key, [known, other, own]), name=name) for key, name in named.items()]
    add(path, [*lists, replace(playlist("csv:4", [own]), name="")])
    return path


def test_one_playlist_goes_to_stdout(database: Path, tmp_path: Path) -> None:
    """What cannot be played is counted on stderr."""
    result = segue("--db", database, "export", "m3u8", "chill")
    assert result.stdout.splitlines() == [
        "#EXTM3U",
        "#PLAYLIST:Chill",
        f"#EXTPROV:spotify||{ID}||spotify",
        "#EXTINF:200,Band - Known",
        f"{tmp_path}/music/known.mp3",
        "#EXTINF:-1,Band - Other",
        f"https://open.spotify.com/track/{spotify_id('other')}",
        "# no file and no link: Me - Own",
    ]
    assert result.stderr == (
        "1 track can be played by nobody, as neither a file nor a Spotify link is known, and stands there as a comment "
        "only; csv, jspf and json hold them\n"
    )


@pytest.mark.parametrize("form", ["jspf", "csv", "uris", "json"])
def test_the_other_forms_hold_every_track(database: Path, form: str) -> None:
    result = segue("--db", database, "export", form, "csv:3")
    assert result.stderr == (
        "1 track has only an id made up here, which nobody else can play; csv, jspf and json say what it is\n"
        if form == "uris"
        else ""
    )
    told = result.stdout
    count = {
        "jspf": lambda: len(json.loads(told)["playlist"]["track"]),
        "csv": lambda: len(list(csv.DictReader(told.splitlines()))),
        "uris": lambda: len(told.splitlines()),
        "json": lambda: len(json.loads(told)["tracks"]),
    }[form]()
    assert count == 3


def test_into_a_file_once_and_again_by_force(database: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    first = segue("export", "csv", "chill", "-o", path, "--db", database)
    assert (first.exit_code, first.stdout, first.stderr) == (0, "", f"Chill (3 tracks): {path}\n")
    written = path.read_bytes()
    again = segue("export", "csv", "chill", "-o", path, "--db", database)
    assert (again.exit_code, again.stderr) == (1, f"Error: {path} is there already: --force replaces it\n")
    assert path.read_bytes() == written
    path.write_text("old")
    assert segue("export", "csv", "chill", "-o", path, "--force", "--db", database).exit_code == 0
    assert path.read_bytes() == written


@pytest.mark.parametrize(("form", "name"), [("jspf", "u.csv"), ("csv", "u.JSON"), ("m3u8", "u.txt"), ("json", "u.m3u")])
def test_a_name_that_tells_another_form_is_refused(database: Path, tmp_path: Path, form: str, name: str) -> None:
    refused = segue("--db", database, "export", form, "chill", "-o", tmp_path / name)
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert f"the name {name} tells another format than {form}" in refused.stderr
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(("form", "name"), [("jspf", "u.xml"), ("m3u8", "u.m3u"), ("uris", "u"), ("uris", "u.TXT")])
def test_any_other_name_is_taken(database: Path, tmp_path: Path, form: str, name: str) -> None:
    assert segue("--db", database, "export", form, "chill", "-o", tmp_path / name).exit_code == 0
    assert (tmp_path / name).exists()


def test_into_a_folder_under_its_own_name_and_to_stdout_by_a_dash(database: Path, tmp_path: Path) -> None:
    assert segue("export", "uris", "csv:1", "-o", tmp_path, "--db", database).exit_code == 0
    told = (tmp_path / "Road_trip.txt").read_text()
    assert segue("export", "uris", "csv:1", "-o", "-", "--db", database).stdout == told


def test_files_are_named_from_where_the_list_lies(database: Path, tmp_path: Path) -> None:
    """And our own importer finds them again from there, also when the folder was named from here."""
    (tmp_path / "lists").mkdir()
    done = process(
        "export", "m3u8", "chill", "-o", "lists/a.m3u8", "--relative", "--db", database, cwd=tmp_path, env=environment()
    )
    assert done.returncode == 0, done.stderr
    lines = (tmp_path / "lists" / "a.m3u8").read_text().splitlines()
    assert lines[4] == "../music/known.mp3"
    told = next(parse(lines, "a", str(tmp_path / "lists")))
    assert told.entries[0].track.path == f"{tmp_path}/music/known.mp3"  # type: ignore[union-attr]
    assert told.entries[0].track.track_id == ID  # type: ignore[union-attr]


def test_all_playlists_go_into_a_folder_each_under_a_name_of_its_own(database: Path, tmp_path: Path) -> None:
    """Names that differ by what Windows does not tell apart are numbered; a folder with something in it is left."""
    folder = tmp_path / "new" / "lists"
    result = segue("export", "m3u8", "-o", folder, "--relative", "--db", database)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith(f"4 playlists (10 tracks): {folder}\n4 tracks can be played by nobody")
    names = ["Chill.m3u8", "ROAD_TRIP (2).m3u8", "Road_trip.m3u8", "playlist.m3u8"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert "../../music/known.mp3" in (folder / "Chill.m3u8").read_text()
    again = segue("export", "csv", "-o", folder, "--db", database)
    assert again.exit_code == 1
    assert "is not empty: name another folder, or let --force replace files of the same names" in again.stderr
    (folder / "Chill.m3u8").write_text("old")
    assert segue("export", "m3u8", "-o", folder, "--force", "--db", database).exit_code == 0
    assert (folder / "Chill.m3u8").read_text().startswith("#EXTM3U")
    assert sorted(path.name for path in folder.iterdir()) == names


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("csv",), 2, "name a PLAYLIST, or a folder for all of them (-o FOLDER)"),
        (("csv", "chill", "--relative", "-o", "x"), 2, "--relative is for an m3u8 that is written to a place"),
        (("m3u8", "chill", "--relative"), 2, "--relative is for an m3u8 that is written to a place"),
        (("xml", "chill"), 2, "'xml' is not one of"),
        (("csv", "polka"), 1, 'no playlist here is called "polka"'),
        (("csv", "chill", "-o", "/nowhere/here/a.csv"), 1, "there is no folder /nowhere/here: make it first"),
        (("csv", "-o", "/dev/null"), 1, "/dev/null is a file: name a folder for all playlists"),
        (("csv", "-o", "/dev/null/x"), 1, "/dev/null/x cannot be written (Not a directory): name another place"),
        (("csv", "-o", ""), 2, "name a place"),
        (("csv", "chill", "-o", ""), 2, "name a place"),
    ],
)
def test_what_cannot_be_done_is_one_line(database: Path, words: tuple[str, ...], code: int, sentence: str) -> None:
    result = segue("--db", database, "export", *words)
    assert result.exit_code == code
    assert sentence in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("tail", ["", "-wal", ".lock"])
def test_the_database_is_never_replaced(database: Path, tail: str) -> None:
    before = database.read_bytes()
    result = segue("--db", database, "export", "csv", "chill", "-o", f"{database}{tail}", "--force")
    assert result.exit_code == 1
    assert "name another place (-o PATH)" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert database.read_bytes() == before


def test_stdout_by_its_name_takes_a_playlist(database: Path) -> None:
    told = segue("--db", database, "export", "csv", "chill").stdout
    done = process("export", "csv", "chill", "-o", "/dev/stdout", "--db", database, env=environment())
    assert (done.returncode, done.stdout) == (0, told)


def test_nothing_heavy_is_loaded(database: Path) -> None:
    code = (
        "import sys\nfrom cli import main\ntry: main(sys.argv[1:], prog_name='segue')\n"
        "finally: print('LOADED', *sorted({n.split('.')[0] for n in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--db", str(database), "export", "jspf", "chill"],
        capture_output=True, text=True, cwd=ROOT, check=True,
    )  # fmt: skip
    assert not {"pandas", "sqlite_utils", "scipy", "aiohttp"} & set(done.stderr.split())
