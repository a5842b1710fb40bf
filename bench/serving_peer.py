"""The bare peers of bench.serving: Flask and waitress, in as many processes, which say hello or search exactly.

python -m bench.serving_peer hello|numpy TRACKS WORKERS
"""

import signal
import socket
import sys
from collections.abc import Callable
from functools import partial

import numpy as np
from flask import Flask, request
from waitress import wasyncore
from waitress.server import create_server

from web.running.listening import listen
from web.running.shares import Post
from web.running.workers import Workers

WIDTH, SONGS = 64, 20


def application(name: str, tracks: int) -> Flask:
    """Make one of the two applications. numpy: the vectors are random ones, which cost what any cost."""
    app = Flask(name)
    app.add_url_rule("/<path:path>", name, _hello if name == "hello" else _search(tracks))
    return app


def _hello(path: str) -> dict[str, str]:
    return {"hello": path}


def _search(tracks: int) -> Callable[[str], dict[str, list[int]]]:
    vectors = np.random.default_rng(1).standard_normal((tracks, WIDTH), np.float32)

    def search(path: str) -> dict[str, list[int]]:
        seeds = [abs(hash(one)) % tracks for one in request.query_string.split(b",")]
        scores = vectors @ vectors[seeds].mean(axis=0)
        best = np.argpartition(scores, -SONGS)[-SONGS:]
        return {path: best[np.argsort(-scores[best])].tolist()}

    return search


def serve(app: Flask, listening: socket.socket, post: Post) -> None:
    """Serve with waitress alone, and share the connections as `segue serve` does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    channels: dict[int, object] = {}
    server = create_server(app, map=channels, sockets=[listening], threads=4)
    while post.is_needed():
        server.accepting = post.may_take(len(channels))
        wasyncore.loop(0.05, use_poll=True, map=channels, count=1)


def main(name: str, tracks: int, workers: int) -> None:
    """Serve it, and say where."""
    with listen("127.0.0.1", 0) as listening:
        app = application(name, tracks)
        print(f"{name} is at http://127.0.0.1:{listening.getsockname()[1]}/", file=sys.stderr, flush=True)

        Workers(partial(serve, app, listening), workers).run()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
