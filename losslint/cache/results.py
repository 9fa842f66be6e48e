"""Results kept between runs: one SQLite file in the project's cache folder, never anything that is executed when it is read.

A cache never fails: where it cannot be read, written or trusted, it knows nothing and keeps nothing. Two runs may share it.
"""

from __future__ import annotations

import os
import sqlite3
from types import TracebackType

from losslint.cache.folder import RESULTS, prepare

_LAYOUT = 1
"""Number of the layout of the file; another one starts anew."""
_WAIT = 2.0
"""Seconds to wait for another run that writes."""
_MOST = 64_000_000
"""Bytes of the file above which what was not used lately goes."""


class Cache:
    """Byte strings by key. What is put is written when the cache is closed, all at once."""

    __slots__ = ("_connection", "_file", "_new", "_used")

    def __init__(self, folder: str) -> None:
        self._file = os.path.join(folder, RESULTS)
        self._connection: sqlite3.Connection | None = None
        self._new: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()

    def __enter__(self) -> Cache:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def get(self, key: bytes) -> bytes | None:
        """What was put under a key, or None."""
        if key in self._new:
            return self._new[key]
        try:
            if self._connection is None and not os.path.exists(self._file):
                return None
            row = self._open().execute("select value from results where key = ?", (key,)).fetchone()
        except (sqlite3.Error, OSError):
            return None
        if row is None or not isinstance(row[0], bytes):
            return None
        self._used.add(key)
        return row[0]

    def put(self, key: bytes, value: bytes) -> None:
        """Keep a value."""
        self._new[key] = value

    def close(self) -> None:
        """Write what was put, and forget what was not used for long where there is too much."""
        try:
            if self._new:
                self._write()
        except sqlite3.DatabaseError as error:
            if not isinstance(error, sqlite3.OperationalError):
                self._start_anew()
        except OSError:
            pass
        finally:
            self._disconnect()
            self._new.clear()

    def _write(self) -> None:
        prepare(os.path.dirname(self._file))
        with self._open() as connection:
            connection.execute(
                "create table if not exists results (key blob primary key, value blob, turn integer) without rowid"
            )
            (turn,) = connection.execute("select coalesce(max(turn), 0) + 1 from results").fetchone()
            rows = ((key, value, turn) for key, value in self._new.items())
            connection.executemany("insert or replace into results values (?, ?, ?)", rows)
            connection.executemany("update results set turn = ? where key = ?", ((turn, key) for key in self._used))
            (size,) = connection.execute("select sum(length(key) + length(value)) from results").fetchone()
            if size > _MOST:
                connection.execute("delete from results where turn < ?", (turn,))
            connection.execute(f"pragma user_version = {_LAYOUT}")

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self._file, timeout=_WAIT)
            self._connection.execute("pragma synchronous = off")  # a lost cache is made again
            (layout,) = self._connection.execute("pragma user_version").fetchone()
            if layout not in (0, _LAYOUT):
                raise sqlite3.DatabaseError("another layout")
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _start_anew(self) -> None:
        """Put a new file in the place of a damaged one."""
        self._disconnect()
        try:
            os.unlink(self._file)
            self._write()
        except (sqlite3.Error, OSError):
            return
