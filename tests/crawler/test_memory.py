"""A catalogue of any size takes the same memory: what was found stands in the database."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.spotify.serving import Options, Places, serving
from tests.cli.running import ROOT
from tests.crawler.running import api_requests, command_environment, make_login, rows_of

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells it in /proc")

_SEGUE = """
from functools import lru_cache
from crawler import parse
from db import connection, index
connection._WRITER_CACHE_KIB, index._CHUNK = 2048, 2000
parse._artist, parse._album_told = (lru_cache(200)(kept.__wrapped__) for kept in (parse._artist, parse._album_told))
from cli import main
main()
"""
"""`segue`, in which what is held back for speed, up to a limit, is so little that all else shows beside it."""
_ROOM_MIB = 24
"""What allocators and the log beside the database may take in addition."""


@dataclass(frozen=True)
class _Sample:
    requests: int
    mib: float


def _sampled(spotify: Places, folder: Path, requests: int) -> list[_Sample]:
    """Crawl with so many requests, in a process of its own, and sample how much memory it holds."""
    make_login(spotify, folder / "home")
    words = ("--accept-terms", "--pace", "0", "--concurrency", "8", "--max-requests", str(requests), "--json")
    env = command_environment(spotify, folder / "home", SEGUE_DB=str(folder / "songs.db"), PYTHONPATH=str(ROOT))
    spotify.forget()
    samples = []
    with (
        (folder / "said").open("w") as said,
        subprocess.Popen([sys.executable, "-c", _SEGUE, "crawl", *words], stdout=said, stderr=said, env=env) as child,
    ):
        while child.poll() is None:
            if mib := _resident(child.pid):
                samples.append(_Sample(len(api_requests(spotify)), mib))
            time.sleep(0.1)
    assert child.returncode == 0, (folder / "said").read_text()
    return samples


def _resident(process: int) -> float:
    """Give the MiB that a process holds; 0 when it has just ended."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:")), 0.0)


def _takes_the_same(listed: int, read: int, folder: Path) -> None:
    list_pages = listed // 50 + 1
    with serving(Options(playlists=listed, library=listed, followed=0, liked=60)) as spotify:
        samples = _sampled(spotify, folder, list_pages + read)
    (found,), (stored,) = (
        rows_of(folder / "songs.db", f"SELECT count(*) FROM {table}")[0] for table in ("found_playlists", "playlists")
    )
    assert found > listed
    assert stored > 0.7 * read
    # By then everything is loaded, and a twentieth of all is through each of the two parts.
    begun = max(sample.mib for sample in samples if sample.requests <= list_pages * 0.05 + 20)
    reading = [sample.mib for sample in samples if list_pages < sample.requests <= list_pages + read * 0.1]
    most = max(sample.mib for sample in samples)
    print(f"\n{found} listed, {stored} read: {begun:.0f}, {reading[-1]:.0f}, at most {most:.0f} MiB")  # noqa: T201
    assert reading[-1] <= begun + _ROOM_MIB
    assert most <= reading[-1] + _ROOM_MIB


def test_thousands_of_playlists_take_no_more_memory_than_hundreds(tmp_path: Path) -> None:
    _takes_the_same(8_000, 300, tmp_path)


@pytest.mark.slow
def test_a_hundred_thousand_playlists_take_no_more_memory_than_hundreds(tmp_path: Path) -> None:
    _takes_the_same(100_000, 3_000, tmp_path)
