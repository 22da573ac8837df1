"""What the simulator was asked and what it took in: one SQLite file (or memory), so that a test can count."""

import sqlite3
import threading
import time
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS asked (at REAL, what TEXT, reference TEXT, answer TEXT);
CREATE TABLE IF NOT EXISTS taken (
    id TEXT PRIMARY KEY, reference TEXT, kind TEXT, recipient TEXT, template TEXT, subject TEXT, body TEXT,
    at REAL, outcome TEXT, came_back REAL
);
CREATE INDEX IF NOT EXISTS taken_by_reference ON taken (reference);
"""


class Record:
    """`asked`: each request and its answer, faults included. `taken`: each message that will reach somebody.

    Written before it is answered, and kept by the file when the process is killed.
    """

    def __init__(self, path: str = ":memory:") -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._lock = threading.Lock()
        if path != ":memory:":
            self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(TABLES)

    def _run(self, statement: str, *values: Any) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(row) for row in self._connection.execute(statement, values)]

    def ask(self, what: str, reference: str, answer: str) -> None:
        self._run("INSERT INTO asked VALUES (?, ?, ?, ?)", time.time(), what, reference, answer)

    def take(self, **message: Any) -> None:
        names = ", ".join(message)
        marks = ", ".join("?" * len(message))
        self._run(f"INSERT INTO taken ({names}) VALUES ({marks})", *message.values())  # noqa: S608 - our own names

    def by_reference(self, reference: str) -> list[dict[str, Any]]:
        return self._run("SELECT * FROM taken WHERE reference = ? ORDER BY at DESC LIMIT 250", reference)

    def by_id(self, pk: str) -> dict[str, Any] | None:
        return next(iter(self._run("SELECT * FROM taken WHERE id = ?", pk)), None)

    def latest(self) -> list[dict[str, Any]]:
        return self._run("SELECT * FROM taken ORDER BY at DESC LIMIT 250")

    def came_back(self, reference: str) -> None:
        """From now on this letter is one that was returned."""
        self._run("UPDATE taken SET came_back = ? WHERE reference = ?", time.time(), reference)

    def counts(self) -> dict[str, int]:
        """Reference → how many times a message with it was taken in: 2 is one too many."""
        rows = self._run("SELECT reference, count(*) AS times FROM taken GROUP BY reference")
        return {row["reference"]: row["times"] for row in rows}

    def answers(self) -> dict[str, int]:
        """Answer ("201", "429", "cut" …) → how often it was given to a message."""
        rows = self._run(
            "SELECT answer, count(*) AS times FROM asked WHERE what LIKE 'POST %' GROUP BY answer ORDER BY answer"
        )
        return {row["answer"]: row["times"] for row in rows}

    def close(self) -> None:
        with self._lock:
            self._connection.close()
