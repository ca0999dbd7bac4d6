"""What earlier builds made, in one SQLite file.

A row says what it was made from, by a digest, so nothing is believed because it is there: a row that does not fit is
made again. The file may be deleted, damaged, written by another version or locked by another build at any time; the
store then gives nothing, and keeps what it can.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

FORM = 1
"""Part of the file's name: raise it when the tables change."""

_PENDING = 40
"""Rows that are written together: few enough that a build that is killed loses little."""
_BLOBS = 2000
"""Blobs that are kept: a theme has a hundred templates."""
_VARIANTS = 4
"""Settings (say, of `build` and of `serve`) whose rows are kept side by side."""
_TABLES = """
CREATE TABLE IF NOT EXISTS rows (
  variant TEXT, kind TEXT, name TEXT, key TEXT, recipe TEXT, value BLOB, PRIMARY KEY (variant, kind, name)
);
CREATE TABLE IF NOT EXISTS variants (variant TEXT PRIMARY KEY, used REAL);
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS blobs (name TEXT PRIMARY KEY, value BLOB);
CREATE TABLE IF NOT EXISTS reads (path TEXT PRIMARY KEY, state TEXT);
"""


class Row(NamedTuple):
    """A stored result: the digest of what it was made from, how to tell whether that still holds, and itself."""

    key: str
    recipe: Any
    value: Any = None


def pack(value: Any) -> bytes:
    """Return a plain value as it is stored."""
    return zlib.compress(json.dumps(value, separators=(",", ":")).encode("utf-8", "surrogatepass"), 1)


def _sealed(text: str) -> str:
    """Return a text with a checksum before it; packed values have one of their own."""
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}{text}"


def _unsealed(text: str) -> str:
    """Return what was sealed. Raises `ValueError` when it has changed."""
    if _sealed(text[8:]) != text:
        raise ValueError("a damaged row")
    return text[8:]


def unpack(packed: bytes) -> Any:
    """Return the value that `pack` stored. Raises `ValueError` for damaged bytes."""
    try:
        return json.loads(zlib.decompress(packed).decode("utf-8", "surrogatepass"))
    except (zlib.error, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error


class Store:
    """The rows of one variant of the settings. Never shared between processes: each opens its own."""

    def __init__(
        self,
        folder: Path,
        memory: dict[tuple[str, str, str], Row] | None = None,
        blobs: dict[str, bytes] | None = None,
    ) -> None:
        self.file = folder / f"pages-{FORM}.sqlite"
        self.variant = ""
        self._memory = memory
        self._blobs = {} if blobs is None else blobs
        self._texts: dict[str, str] = {}
        self._waiting: dict[tuple[str, str, str], tuple[str, str, bytes]] = {}
        self._database: sqlite3.Connection | None = None
        self._open()

    def _open(self) -> None:
        with self._safely():
            self.file.parent.mkdir(parents=True, exist_ok=True)
            ignore = self.file.parent / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", "utf-8")
            # A build may be left by its thread: the lock is SQLite's own.
            self._database = sqlite3.connect(self.file, timeout=10, isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = OFF")
            self._database.executescript(_TABLES)

    def get(self, kind: str, name: str, *, remember: bool = True) -> Row | None:
        """Return a row whole; None where there is none, or only a damaged one.

        A process that builds more than once need not `remember` a value that it finds elsewhere.
        """
        place = (self.variant, kind, name)
        if self._memory is None:
            return next(iter(self._select("key, recipe, value", kind, name)), None)
        row = self._memory.get(place)
        if row is None or row.value is None:
            row = next(iter(self._select("key, recipe, value", kind, name)), None)
            if row:
                self._memory[place] = row if remember else row._replace(value=None)
        return row

    def recipe(self, kind: str, name: str) -> Row | None:
        """Return a row without its value."""
        place = (self.variant, kind, name)
        if self._memory is None:
            return next(iter(self._select("key, recipe", kind, name)), None)
        if place not in self._memory and (row := next(iter(self._select("key, recipe", kind, name)), None)):
            self._memory[place] = row
        return self._memory.get(place)

    def _select(self, columns: str, kind: str, name: str) -> Iterator[Row]:
        self.flush_if_waiting(kind, name)
        found: list[Any] = []
        with self._safely():
            if self._database:
                query = f"SELECT {columns} FROM rows WHERE variant = ? AND kind = ? AND name = ?"
                found = self._database.execute(query, (self.variant, kind, name)).fetchall()
        for key, recipe, *value in found:
            with contextlib.suppress(ValueError):
                found_recipe = json.loads(_unsealed(recipe))
                if self._memory is not None:
                    found_recipe = self._interned(found_recipe)
                yield Row(key, found_recipe, unpack(value[0]) if value and value[0] else None)

    def put(self, kind: str, name: str, key: str, recipe: Any, packed: bytes, value: Any = None) -> None:
        """Keep a result that `pack` has packed; the value itself too, for a process that builds more than once."""
        if self._memory is not None:
            self._memory[(self.variant, kind, name)] = Row(key, recipe, value)
        sealed = _sealed(json.dumps(recipe, separators=(",", ":")))
        self._waiting[(self.variant, kind, name)] = (key, sealed, packed)
        if len(self._waiting) >= _PENDING:
            self.flush()

    def flush_if_waiting(self, kind: str, name: str) -> None:
        """Write what waits, if this row is among it."""
        if (self.variant, kind, name) in self._waiting:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, {}
        rows = [(*place, *row) for place, row in waiting.items()]
        self._write("INSERT OR REPLACE INTO rows VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _interned(self, value: Any) -> Any:
        """Return the same value with equal texts being one object: recipes name the same things over and over."""
        if isinstance(value, str):
            return self._texts.setdefault(value, value)
        if isinstance(value, list):
            return [self._interned(item) for item in value]
        if isinstance(value, dict):
            return {self._interned(key): self._interned(item) for key, item in value.items()}
        return value

    def fact(self, name: str) -> Any:
        """Return a stored fact about the whole site, or None."""
        with self._safely():
            if self._database:
                row = self._database.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
                if row:
                    with contextlib.suppress(ValueError):
                        return json.loads(row[0])
        return None

    def keep_fact(self, name: str, value: Any) -> None:
        """Keep a fact about the whole site, a plain value."""
        self._write("INSERT OR REPLACE INTO facts VALUES (?, ?)", [(name, json.dumps(value))])

    def blob(self, name: str) -> bytes | None:
        """Return bytes kept under a name that says all about them."""
        if name not in self._blobs:
            with self._safely():
                if self._database:
                    row = self._database.execute("SELECT value FROM blobs WHERE name = ?", (name,)).fetchone()
                    if row:
                        with contextlib.suppress(zlib.error):
                            self._blobs[name] = zlib.decompress(row[0])
        return self._blobs.get(name)

    def keep_blob(self, name: str, value: bytes) -> None:
        """Keep bytes under a name that says all about them."""
        self._blobs[name] = value
        self._write("INSERT OR REPLACE INTO blobs VALUES (?, ?)", [(name, zlib.compress(value, 1))])

    def reads(self) -> dict[str, str]:
        """Return the files that bear on all pages, each with its state when it was read."""
        with self._safely():
            if self._database:
                return dict(self._database.execute("SELECT path, state FROM reads").fetchall())
        return {}

    def keep_reads(self, states: dict[str, str]) -> None:
        """Add files that bear on all pages."""
        self._write("INSERT OR REPLACE INTO reads VALUES (?, ?)", list(states.items()))

    def forget_reads(self, paths: Iterable[str]) -> None:
        """Take files out that bear on no page any more."""
        self._write("DELETE FROM reads WHERE path = ?", [(path,) for path in paths])

    def finish(self, names: set[str]) -> None:
        """Write what waits; forget pages that are gone, and settings not used for long."""
        self.flush()
        self._write("INSERT OR REPLACE INTO variants VALUES (?, ?)", [(self.variant, time.time())])
        with self._safely():
            if self._database:
                stored = self._database.execute("SELECT DISTINCT name FROM rows WHERE variant = ?", (self.variant,))
                (blobs,) = self._database.execute("SELECT count(*) FROM blobs").fetchone()
                self._write("DELETE FROM blobs WHERE ?", [(blobs > _BLOBS,)])
                gone = [(self.variant, name) for (name,) in stored if name not in names]
                used = self._database.execute("SELECT variant FROM variants ORDER BY used DESC").fetchall()
                self._write("DELETE FROM rows WHERE variant = ? AND name = ?", gone)
                for (variant,) in used[_VARIANTS:]:
                    self._write("DELETE FROM rows WHERE variant = ?", [(variant,)])
                    self._write("DELETE FROM variants WHERE variant = ?", [(variant,)])

    def close(self) -> None:
        """Write what waits and let the file go."""
        self.flush()
        if self._database:
            with self._safely():
                self._database.close()
            self._database = None

    def disown(self) -> None:
        """Forget the connection without touching the file: a forked process must not use its parent's."""
        self._database, self._waiting = None, {}
        self._open()

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        if not rows:
            return
        with self._safely():
            if self._database:
                self._database.execute("BEGIN IMMEDIATE")
                try:
                    self._database.executemany(statement, rows)
                    self._database.execute("COMMIT")
                except BaseException:
                    self._database.execute("ROLLBACK")
                    raise

    @contextlib.contextmanager
    def _safely(self) -> Iterator[None]:
        """Whatever is wrong with the file, the build goes on without it; a damaged one is taken away."""
        try:
            yield
        except sqlite3.OperationalError:
            return  # locked, full or read-only: this once without
        except sqlite3.DatabaseError:
            self._discard()
        except OSError:
            return

    def _discard(self) -> None:
        database, self._database = self._database, None
        if database:
            with contextlib.suppress(sqlite3.Error):
                database.close()
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                os.unlink(f"{self.file}{suffix}")
