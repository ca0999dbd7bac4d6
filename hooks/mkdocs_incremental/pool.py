"""Worker processes that do a build's work on pages ahead of it.

They are forks of the build, so they know everything it knows and nothing need be sent to them but numbers. What they
send back is only ever a suggestion: the build uses a result when its digest is the one the build comes to itself, and
does the work when a result is missing. A worker may therefore die at any moment.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import pickle
import selectors
import struct
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

_HEAD = struct.Struct("<II")
_TOKEN = struct.Struct("<I")
_PIPE = 1 << 20
_SET_PIPE_SIZE = 1031
_SLOW_GC = (20_000, 20, 50)
"""Workers live briefly and make few cycles."""
_SPARE = 0.2
"""How much more memory a build may take with workers than without, as a part of the whole."""
_COPIED = 0.4
"""The part of the build's memory that a worker comes to have a copy of: whoever looks at an object writes to it."""
_PAGES, _HTML = 5, 4
"""What pages take at the end of a build, and when their Markdown is rendered, as multiples of their sources."""


def workers_possible(wanted: int | None, size: int) -> int:
    """Return how many workers to start for pages of this size in bytes, of `wanted` processes in all.

    None where a fork is not safe. If no number is wanted, no more than there are processors for, and no more than
    leaves the build within a fifth of the memory that it takes without: none for a small site.
    """
    if not hasattr(os, "fork") or sys.platform != "linux" or threading.active_count() > 1:
        return 0
    if wanted is not None:
        return max(wanted - 1, 0)
    now = _memory()
    spare = _SPARE * (now + _PAGES * size) + (_PAGES - _HTML) * size
    return max(min(len(os.sched_getaffinity(0)) - 1, int(spare / (_COPIED * now))), 0)


def _memory() -> int:
    """Return the bytes of this process that are in memory."""
    with open("/proc/self/statm", "rb") as told:
        return int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


class Pool:
    """Workers that do tasks from the last to the first, and send the results.

    The build does the tasks from the first to the last itself, until the two meet.
    """

    def __init__(self, names: Sequence[str], work: Callable[[str], Any], workers: int) -> None:
        self._names = list(names)
        self._places = {name: index for index, name in enumerate(self._names)}
        self._results: dict[int, Any] = {}
        self._received = 0
        self._selector = selectors.DefaultSelector()
        self._buffers: dict[int, bytearray] = {}
        self._children: list[int] = []
        self._mine: set[int] | None = None
        """The tasks that no worker has begun, once that is settled."""
        self._tokens, feed = os.pipe()
        _widen(feed)
        os.set_blocking(feed, False)
        wanted = b"".join(map(_TOKEN.pack, reversed(range(len(self._names)))))
        self._first = len(self._names) - os.write(feed, wanted) // _TOKEN.size
        """The first of the tasks for workers: a pipe holds only so many."""
        os.close(feed)
        _flush()
        gc.collect()
        gc.freeze()  # so that no collector writes to what is shared
        for _ in range(min(workers, len(self._names))):
            self._start(self._tokens, work)

    def _start(self, tokens: int, work: Callable[[str], Any]) -> None:
        results, send = os.pipe()
        _widen(send)
        try:
            child = os.fork()
        except OSError:
            os.close(results)
            os.close(send)
            return
        if child == 0:
            for pipe in (
                results,
                *self._buffers,
            ):  # a pipe must have no reader but the build, so that it breaks with it
                os.close(pipe)
            _work(tokens, send, self._names, work)
        os.close(send)
        self._children.append(child)
        self._buffers[results] = bytearray()
        self._selector.register(results, selectors.EVENT_READ)

    def take(self, name: str) -> Any:
        """Return the result of a task, waiting for it if a worker is at it; None where the build has to do it."""
        index = self._places.get(name)
        if index is None:
            return None
        self._receive_all(0)
        if index not in self._results and len(self._names) - self._received - len(self._buffers) <= index:
            if self._mine is None:
                self._mine = {*range(self._first), *_left(self._tokens)}
            while index not in self._results and index not in self._mine and self._buffers:
                self._receive_all(None)
        return self._results.pop(index, None)

    def _receive_all(self, timeout: float | None) -> None:
        if self._buffers:
            for ready, _ in self._selector.select(timeout):
                self._receive(ready.fd)

    def _receive(self, pipe: int) -> None:
        data = os.read(pipe, _PIPE)
        buffer = self._buffers[pipe]
        if not data:
            self._selector.unregister(pipe)
            os.close(pipe)
            del self._buffers[pipe]
            return
        buffer += data
        while len(buffer) >= _HEAD.size:
            index, length = _HEAD.unpack_from(buffer)
            if len(buffer) < _HEAD.size + length:
                return
            self._results[index] = pickle.loads(buffer[_HEAD.size : _HEAD.size + length])
            del buffer[: _HEAD.size + length]
            self._received += 1

    def close(self) -> None:
        """Stop the workers; what they have not sent is not wanted."""
        for pipe in list(self._buffers):
            self._selector.unregister(pipe)
            os.close(pipe)
        self._buffers.clear()
        self._selector.close()
        os.close(self._tokens)
        for child in self._children:  # its pipe is closed: it ends at its next result
            with contextlib.suppress(OSError):
                os.kill(child, 15)
            with contextlib.suppress(OSError):
                os.waitpid(child, 0)
        self._children.clear()
        gc.unfreeze()


def _left(tokens: int) -> Iterator[int]:
    """Take what is left for the workers away from them."""
    while found := os.read(tokens, _PIPE):
        yield from (index for (index,) in _TOKEN.iter_unpack(found))


def _work(tokens: int, send: int, names: Sequence[str], work: Callable[[str], Any]) -> None:
    """What a worker does until there is nothing left to do; does not return."""
    code = 1
    try:
        gc.set_threshold(*_SLOW_GC)
        _silence()
        while token := os.read(tokens, _TOKEN.size):
            (index,) = _TOKEN.unpack(token)
            payload = pickle.dumps(_result(work, names[index]), pickle.HIGHEST_PROTOCOL)
            _write(send, _HEAD.pack(index, len(payload)) + payload)
        code = 0
    finally:
        os._exit(code)


def _result(work: Callable[[str], Any], name: str) -> Any:
    try:
        return work(name)
    except (Exception, SystemExit):
        return None  # the build will meet the same fault, and report it


def _write(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _silence() -> None:
    """Print nothing: the build does the same work's talking."""
    for name in (None, "mkdocs"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()


def _widen(pipe: int) -> None:
    with contextlib.suppress(ImportError, OSError):
        import fcntl

        fcntl.fcntl(pipe, _SET_PIPE_SIZE, _PIPE)
