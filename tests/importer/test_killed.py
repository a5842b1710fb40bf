"""An import that is killed in the middle of a slice: what was before it stands, and the next run brings the rest."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from db import index, late_indexes
from db.connection import open_reader, open_writer
from importer.run import ImportOptions, Report, import_paths
from tests.db.make import is_sound, meaning
from tests.importer.make import write_slice

SLICES, PLAYLISTS = 12, 20
KILLED = """
import os, signal, sys
from pathlib import Path
from db import late_indexes
from db.connection import open_writer
from importer.run import ImportOptions, import_paths
late_indexes.FEW_ENTRIES = 300
with open_writer(Path(sys.argv[1]), "being killed") as connection:
    left = [int(sys.argv[3])]
    def count(size):
        left[0] -= size
        if left[0] < 0:
            os.kill(os.getpid(), signal.SIGKILL)
    import_paths(connection, [Path(sys.argv[2])], ImportOptions(1000), count)
    late_indexes._STEPS = 1_000
    late_indexes.make(connection, lambda rows: os.kill(os.getpid(), signal.SIGKILL))
"""
"""Kills itself after so many bytes, or else while it makes the indexes."""

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows knows no SIGKILL")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder of slices whose tracks come again and again."""
    (tmp_path / "in").mkdir()
    for number in range(SLICES):
        write_slice(tmp_path / "in", playlists=PLAYLISTS, entries=10, catalogue=400, first=number * PLAYLISTS)
    return tmp_path / "in"


def _import(database: Path, folder: Path) -> Report:
    with open_writer(database, "testing") as connection:
        report = import_paths(connection, [folder], ImportOptions(2000))
        index.finish(connection)
    return report


@pytest.mark.parametrize("share", [0.05, 0.55, 0.95, 1.0], ids=["first", "middle", "last", "indexes"])
def test_a_killed_import_goes_on_where_it_was(tmp_path: Path, folder: Path, share: float) -> None:
    """Whole slices stand after the kill, and the next run brings the others alone, and the indexes."""
    size = sum(path.stat().st_size for path in folder.iterdir())
    killed, undisturbed = tmp_path / "killed.db", tmp_path / "undisturbed.db"
    words = [sys.executable, "-c", KILLED, killed, folder, str(int(size * share))]
    done = subprocess.run(words, cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == -signal.SIGKILL
    with open_reader(killed) as connection:
        stored = connection.execute("SELECT count(*) FROM playlists").fetchone()[0]
        assert bool(late_indexes.missing(connection)) == (share > 0.5)
    assert stored % PLAYLISTS == 0
    assert abs(stored / PLAYLISTS - share * SLICES) < 1.5
    counts = _import(killed, folder).imported[0].counts
    assert (counts.playlists_unchanged, counts.playlists_new) == (stored, SLICES * PLAYLISTS - stored)
    _import(undisturbed, folder)
    assert is_sound(killed)
    assert meaning(killed) == meaning(undisturbed)
    with open_reader(killed) as connection:
        assert late_indexes.missing(connection) == []
