"""Segue served as it is in earnest: in a thread with its queue and its log, or as a process of its own."""

import http.client
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from flask import Flask

from web.running.listening import listen
from web.running.server import Server

ROOT = Path(__file__).parents[2]
PATIENCE_S = 20


@contextmanager
def in_a_thread(app: Flask, patience: float = 20) -> Iterator[int]:
    """Serve an application with all that stands around it, and give the port."""
    with listen("127.0.0.1", 0) as listening:
        server = Server(app, listening, patience)
        thread = threading.Thread(target=server.run)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.stop()
            thread.join(PATIENCE_S)
            assert not thread.is_alive()


@dataclass
class Answered:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()


def get(port: int, path: str, headers: dict[str, str] | None = None, *, seconds: float = PATIENCE_S) -> Answered:
    """Ask once, on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    began = time.perf_counter()
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return Answered(response.status, response.headers, response.read(), time.perf_counter() - began)
    finally:
        connection.close()


@dataclass
class Process:
    """`segue serve` as a person starts it."""

    running: subprocess.Popen[str]
    port: int
    said: list[str] = field(default_factory=list)
    """Lines of stderr so far."""

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answered:
        return get(self.port, path, headers)

    def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to stop, and give its exit code."""
        self.running.send_signal(by)
        return self.running.wait(PATIENCE_S)


def command(database: Path, *words: str) -> list[str]:
    return [sys.executable, str(ROOT / "cli.py"), "--db", str(database), "serve", *words]


def environment(home: Path, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SEGUE")}
    return {**clean, "SEGUE_HOME": str(home), **more}


@contextmanager
def process(database: Path, *words: str, **more: str) -> Iterator[Process]:
    """Start `segue serve` on a free port, and end it."""
    running = subprocess.Popen(
        command(database, "--port", "0", *words),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=environment(database.parent / "home", **more),
    )
    assert running.stderr is not None
    started = Process(running, 0)
    try:
        _read_beginning(started, running.stderr)
        reader = threading.Thread(target=_read_all, args=(started, running.stderr))
        reader.start()
        try:
            yield started
        finally:
            _end(running)
            reader.join(PATIENCE_S)
    finally:
        _end(running)
        running.stderr.close()


def _read_beginning(started: Process, said: IO[str]) -> None:
    for line in said:
        started.said.append(line.rstrip("\n"))
        if "Ctrl-C" in line:
            break
    found = re.search(r"http://\S+:(\d+)/", "\n".join(started.said))
    assert found, started.said
    started.port = int(found[1])


def _read_all(started: Process, said: IO[str]) -> None:
    started.said.extend(line.rstrip("\n") for line in said)


def _end(running: "subprocess.Popen[str]") -> None:
    if running.poll() is None:
        running.terminate()
        try:
            running.wait(PATIENCE_S)
        finally:
            running.kill()
            running.wait()
