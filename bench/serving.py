"""`segue serve` under load: what an answer takes when several clients ask at once.

    python -m bench.serving DATABASE [--clients 4] [--answers 150] [--workers 2] [--ask v1|next] [--json]

Each client is a process that keeps its connection and asks for lists by five seeds of one playlist, none of them twice.
An answer takes as long as the others that share the cores let it; what it takes of a core is told beside. And,
in the same run and by the same clients: the same server with an application that says hello, which is what
HTTP itself takes, and one that does the least that an exact search can: one product of numpy over all tracks' vectors.
"""

import argparse
import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import numpy as np

from bench.measure import ROOT, Figure
from bench.scale.answering import _lists as playlists
from bench.speed import show
from recommender.artifacts import model_names, models_folder, read_manifest
from recommender.threads import ONE

SEEDS, SONGS = 5, 20
TARGET_MS, FIRST_PAGE_MS = 80.0, 150.0
_FIRST_PAGES = 20
_ADDRESS = re.compile(r"http://[^ ]+:(\d+)/")


def main() -> int:
    """Print the figures; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("database", type=Path, help="a database with trained models")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--answers", type=int, default=150, help="by each client (default 150)")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ask", choices=sorted(PATHS), default="v1")
    parser.add_argument("--json", action="store_true", help="a list for programs")
    told = parser.parse_args()
    found = figures(told.database, told.clients, told.answers, told.workers, told.ask)
    if told.json:
        print(json.dumps([asdict(one) | {"kept": one.kept} for one in found], indent=1))
    else:
        show(found)
    return int(any(one.kept is False for one in found))


PATHS = {
    "v1": lambda seeds: f"/v1/recommendations?{urlencode({'seed_tracks': ','.join(seeds), 'limit': SONGS}, safe=',')}",
    "next": lambda seeds: f"/next?{urlencode([*(('seed', one) for one in seeds), ('n', str(SONGS))])}",
}
"""How each address is asked for the list after some seeds."""


def figures(database: Path, clients: int, answers: int, workers: int, ask: str) -> list[Figure]:
    """Measure the server and its two peers."""
    paths = list(map(PATHS[ask], seeds(database, (clients + 1) * answers)))
    warming, paths = paths[:answers], paths[answers:]
    tracks = _tracks(database)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        peers = {name: _peer(name, tracks, workers) for name in ("hello", "numpy")}
        known: dict[str, dict[str, float]] = {}
        with _served(_segue(database, workers)) as (process, port):
            first = _first_page(port)
            _load(port, warming, clients, place)
            before = _work(process)
            own = _load(port, paths, clients, place)
            own["core"] = 1e3 * (_work(process) - before) / len(paths)
            memory = _memory(process)
        for name, command in peers.items():
            with _served(command) as (_, port):
                _load(port, warming, clients, place)
                known[name] = _load(port, paths, clients, place)
    return list(_told(own, known, first, memory, f"{tracks:,} tracks, {clients} clients, {workers} processes"))


def _told(
    own: dict[str, float], peers: dict[str, dict[str, float]], first: float, memory: dict[str, float], size: str
) -> Iterator[Figure]:
    yield Figure(f"answer by {SEEDS} seeds, median", own["median"], "ms", TARGET_MS, detail=size)
    yield Figure("  of a core, for one answer", own["core"], "ms", None)
    yield Figure("  nine of ten within", own["p90"], "ms", None)
    yield Figure("  99 of 100 within", own["p99"], "ms", None)
    yield Figure("  answers a second", own["rate"], "/s", None)
    for name, what in (("hello", "hello by the same server"), ("numpy", "one product over 64 numbers of each track")):
        beside = peers[name]
        yield Figure(f"  beside: {what}, median", beside["median"], "ms", None, detail=f"{beside['rate']:.0f}/s")
    yield Figure("first page, median", first, "ms", FIRST_PAGE_MS)
    seen = f"of {memory['rss']:.0f} MB it sees"
    yield Figure("memory of a process, its share", memory["pss"], "MB", None, detail=seen)
    yield Figure("  its own, not mapped from a file", memory["own"], "MB", None)


def seeds(database: Path, most: int) -> list[list[str]]:
    """Draw so many different sets of five seeds, each of one playlist: the same ones each time."""
    rng = np.random.default_rng(5)
    lists = playlists(database, min(most, 2000), SEEDS)
    found: dict[frozenset[str], list[str]] = {}
    for _ in range(20 * most):
        if len(found) == most:
            return list(found.values())
        one = lists[int(rng.integers(len(lists)))]
        drawn = [one[place] for place in rng.choice(len(one), SEEDS, replace=False)]
        found[frozenset(drawn)] = drawn
    raise SystemExit(f"{database} has too few playlists to ask for {most:,} different lists: ask for fewer (--answers)")


def _tracks(database: Path) -> int:
    folder = models_folder(database)
    return max((read_manifest(folder, name).tracks for name in model_names(folder)), default=0)


def _segue(database: Path, workers: int) -> list[str]:
    told = ["--db", str(database), "serve", "--port", "0", "--workers", str(workers), "--quiet"]
    return [sys.executable, str(ROOT / "cli.py"), *told]


def _peer(name: str, tracks: int, workers: int) -> list[str]:
    return [sys.executable, "-m", "bench.serving_peer", name, str(tracks), str(workers)]


@contextmanager
def _served(command: Sequence[str]) -> "Iterator[tuple[int, int]]":
    """Start a server, and give its process and its port once it says where it is."""
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, cwd=ROOT, stderr=said, env=_environment())
        try:
            yield process.pid, _port(process, said)
        finally:
            process.terminate()
            process.wait()


def _port(process: "subprocess.Popen[bytes]", said: "tempfile._TemporaryFileWrapper[str]") -> int:
    while process.poll() is None:
        said.seek(0)
        text = said.read()
        if found := _ADDRESS.search(text):
            return int(found[1])
        time.sleep(0.05)
    raise SystemExit(f"the server did not start: {text}")


def _environment() -> dict[str, str]:
    return ONE | os.environ


def _load(port: int, paths: list[str], clients: int, folder: Path) -> dict[str, float]:
    """Let the clients ask, each its part of the paths, and tell what each answer took."""
    running = []
    for number in range(clients):
        (folder / f"{number}").write_text("\n".join(paths[number::clients]))
        command = [sys.executable, "-m", "bench.serving_client", str(port), str(folder / f"{number}")]
        running.append(subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True))
    for one in running:
        assert one.stdout
        assert one.stdout.readline() == "ready\n"
    began = time.perf_counter()
    for one in running:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    told = [json.loads(one.communicate()[0]) for one in running]
    seconds = time.perf_counter() - began
    took = 1e3 * np.array([each for one in told for each in one["seconds"]])
    if wrong := [one["wrong"] for one in told if one["wrong"]]:
        raise SystemExit(f"an answer was none: {wrong[0]}")
    p50, p90, p99 = np.quantile(took, [0.5, 0.9, 0.99])
    return {"median": float(p50), "p90": float(p90), "p99": float(p99), "rate": len(took) / seconds}


def _first_page(port: int) -> float:
    took = []
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(_FIRST_PAGES):
        began = time.perf_counter()
        connection.request("GET", "/")
        assert connection.getresponse().read()
        took.append(1e3 * (time.perf_counter() - began))
    connection.close()
    return median(took)


def _answering(process: int) -> list[str]:
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    return children or [str(process)]


def _work(process: int) -> float:
    """Tell how many seconds of a core the processes that answer have taken so far."""
    ticks = 0
    for pid in _answering(process):
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        ticks += int(after_name[11]) + int(after_name[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _memory(process: int) -> dict[str, float]:
    """Tell what one of the processes that answer holds, in millions of bytes: the middle one of them."""
    each = []
    for pid in _answering(process):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        told = {name: int(rest.split()[0]) * 1024 / 1e6 for name, _, rest in (line.partition(":") for line in lines)}
        each.append((told["Pss"], told["Rss"], told["Anonymous"]))
    pss, rss, own = map(median, zip(*each, strict=True))
    return {"pss": pss, "rss": rss, "own": own}


if __name__ == "__main__":
    sys.exit(main())
