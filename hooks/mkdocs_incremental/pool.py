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
from collections.abc import Callable, Sequence
from typing import Any

_HEAD = struct.Struct("<II")
_TOKEN = struct.Struct("<I")
_TOKENS = 12_000
"""Tokens that fit into a pipe at once: a token stands for several pages on a larger site."""
_PIPE = 1 << 20
_SET_PIPE_SIZE = 1031
_SLOW_GC = (20_000, 20, 50)
"""Workers live briefly and make few cycles."""


def workers_possible(wanted: int | None) -> int:
    """Return how many workers to start: none where a fork is not safe, or where there is but one processor."""
    if not hasattr(os, "fork") or sys.platform != "linux" or threading.active_count() > 1:
        return 0
    available = len(os.sched_getaffinity(0))
    number = available if wanted is None else wanted
    return number if number > 1 else 0


class Pool:
    """Workers that do tasks in order and send the results."""

    def __init__(self, names: Sequence[str], work: Callable[[str], Any], workers: int) -> None:
        self._names = list(names)
        self._waiting = set(names)
        self._results: dict[str, Any] = {}
        self._selector = selectors.DefaultSelector()
        self._buffers: dict[int, bytearray] = {}
        self._children: list[int] = []
        self._step = -(-len(self._names) // _TOKENS) or 1
        tokens, feed = os.pipe()
        os.write(feed, b"".join(_TOKEN.pack(first) for first in range(0, len(self._names), self._step)))
        os.close(feed)
        _flush()
        gc.collect()
        gc.freeze()  # so that a worker's collector does not copy what it shares
        try:
            for _ in range(min(workers, len(self._names))):
                self._start(tokens, work)
        finally:
            gc.unfreeze()
            os.close(tokens)

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
            _work(tokens, send, self._names, self._step, work)
        os.close(send)
        self._children.append(child)
        self._buffers[results] = bytearray()
        self._selector.register(results, selectors.EVENT_READ)

    def take(self, name: str) -> Any:
        """Return the result of a task, waiting for it; None where there is none."""
        while name in self._waiting and name not in self._results and self._buffers:
            for ready, _ in self._selector.select():
                self._receive(ready.fd)
        self._waiting.discard(name)
        return self._results.pop(name, None)

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
            payload = bytes(buffer[_HEAD.size : _HEAD.size + length])
            del buffer[: _HEAD.size + length]
            self._results[self._names[index]] = pickle.loads(payload)

    def close(self) -> None:
        """Stop the workers; what they have not sent is not wanted."""
        for pipe in list(self._buffers):
            self._selector.unregister(pipe)
            os.close(pipe)
        self._buffers.clear()
        self._selector.close()
        for child in self._children:  # its pipe is closed: it ends at its next result
            with contextlib.suppress(OSError):
                os.kill(child, 15)
            with contextlib.suppress(OSError):
                os.waitpid(child, 0)
        self._children.clear()


def _work(tokens: int, send: int, names: Sequence[str], step: int, work: Callable[[str], Any]) -> None:
    """What a worker does until there is nothing left to do; does not return."""
    code = 1
    try:
        gc.set_threshold(*_SLOW_GC)
        _silence()
        while token := os.read(tokens, _TOKEN.size):
            (first,) = _TOKEN.unpack(token)
            for index in range(first, min(first + step, len(names))):
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
