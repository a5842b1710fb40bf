"""The database of a run: asked off the event loop, one question at a time."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

from db.connection import transaction
from db.gate import Gate, write_gate

Result = TypeVar("Result")


class Rows:
    """Runs questions and changes in a thread beside the event loop; never two at once, as one connection wants it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._lock = asyncio.Lock()

    async def __call__(self, question: Callable[..., Result], *told: Any) -> Result:
        """Run question(*told); it is carried through even where the caller is cancelled."""
        async with self._lock:
            running = asyncio.ensure_future(asyncio.to_thread(question, *told))
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                await asyncio.wait({running})
                raise

    def remember_gate(self, account: str, gate: Gate) -> None:
        """Keep a gate for later runs; a question to be run."""
        with transaction(self.connection):
            write_gate(self.connection, account, gate)
