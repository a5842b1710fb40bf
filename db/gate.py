"""What is remembered of a service: until when it wants no requests, and what it has let us know of our app."""

import json
import sqlite3
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate before the requests of one account."""

    blocked_until: float = 0.0
    """Seconds since 1970; nothing is asked before."""
    reason: str = ""
    streak: int = 0
    """How many quota answers came in a row."""
    starts: tuple[float, ...] = ()
    """When the last requests started, seconds since 1970, oldest first."""


def read_gate(connection: sqlite3.Connection, account: str) -> Gate:
    """Read the gate of an account; an open one where none was ever closed."""
    row = connection.execute(
        "SELECT blocked_until, reason, streak, starts FROM gates WHERE account = ?", [account]
    ).fetchone()
    return Gate(row[0], row[1], row[2], tuple(json.loads(row[3]))) if row else Gate()


def write_gate(connection: sqlite3.Connection, account: str, gate: Gate) -> None:
    """Remember a gate; a deadline that stands is never shortened."""
    connection.execute(
        """
        INSERT INTO gates (account, blocked_until, reason, streak, starts) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (account) DO UPDATE SET
            reason = iif(excluded.blocked_until >= blocked_until, excluded.reason, reason),
            blocked_until = max(blocked_until, excluded.blocked_until),
            streak = excluded.streak, starts = excluded.starts
        """,
        [account, gate.blocked_until, gate.reason, gate.streak, json.dumps(gate.starts)],
    )


def gates(connection: sqlite3.Connection) -> dict[str, Gate]:
    """Give all gates by account."""
    accounts = connection.execute("SELECT account FROM gates ORDER BY account").fetchall()
    return {account: read_gate(connection, account) for (account,) in accounts}


def read_answers(connection: sqlite3.Connection, client: str, since: int) -> dict[str, str]:
    """Give the remembered answers about an app that are not older than `since`."""
    return dict(
        connection.execute(
            "SELECT question, answer FROM app_answers WHERE client = ? AND asked_at >= ?", [client, since]
        ).fetchall()
    )


def write_answer(connection: sqlite3.Connection, client: str, question: str, answer: str, now: int) -> None:
    """Remember one answer about an app."""
    connection.execute("INSERT OR REPLACE INTO app_answers VALUES (?, ?, ?, ?)", [client, question, answer, now])


def app_kinds(connection: sqlite3.Connection) -> list[tuple[str, str, int]]:
    """List what is known of the kind of each app: client id, kind, when it was seen."""
    return connection.execute(
        "SELECT client, answer, asked_at FROM app_answers WHERE question = 'kind' ORDER BY client"
    ).fetchall()


def read_setting(connection: sqlite3.Connection, name: str) -> str | None:
    """Give a remembered setting or agreement, None where there is none."""
    row = connection.execute("SELECT value FROM state WHERE name = ?", [f"setting:{name}"]).fetchone()
    return str(row[0]) if row else None


def write_setting(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Remember a setting or an agreement."""
    connection.execute("INSERT OR REPLACE INTO state VALUES (?, ?)", [f"setting:{name}", value])
