"""Log records of a piece of work: caught while it is done, printed then, and printed again when its result is reused.

MkDocs counts warnings in its loggers' handlers, so a record that is given to its logger again counts again: a strict
build fails from the cache as it fails without.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

ROOT = "mkdocs"

Stored = list[Any]
"""A record as plain values: logger, level, message, arguments, extra attributes."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


class Caught:
    """The records of a piece of work."""

    def __init__(self) -> None:
        self.records: list[Stored] = []
        self.foreign = False
        """Whether a logger outside MkDocs' spoke: what it says is printed, but cannot be repeated faithfully."""


class _Catcher(logging.Handler):
    def __init__(self, caught: Caught) -> None:
        super().__init__(logging.INFO)
        self._caught = caught

    def handle(self, record: logging.LogRecord) -> bool:
        self._caught.records.append(_stored(record))
        return True


@contextmanager
def caught() -> Iterator[Caught]:
    """Catch every record of MkDocs' loggers from INFO up, even where the build is quiet; print none of them."""
    found = Caught()
    root = logging.getLogger(ROOT)
    before = (root.handlers, root.level, root.propagate)
    filtered = [(logger, logger.filters) for logger in _loggers() if logger.filters]
    make = logging.getLogRecordFactory()

    def made(name: str, *args: Any, **kwargs: Any) -> logging.LogRecord:
        if name != ROOT and not name.startswith(f"{ROOT}."):
            found.foreign = True
        return make(name, *args, **kwargs)

    root.handlers, root.propagate = [_Catcher(found)], False
    if root.getEffectiveLevel() > logging.INFO:
        root.setLevel(logging.INFO)
    for logger, _ in filtered:
        logger.filters = []
    logging.setLogRecordFactory(made)
    try:
        yield found
    finally:
        logging.setLogRecordFactory(make)
        for logger, filters in filtered:
            logger.filters = filters
        root.handlers, root.propagate = before[0], before[2]
        if root.level != before[1]:
            root.setLevel(before[1])


def replay(records: Sequence[Stored]) -> None:
    """Give the records to their loggers, as if they were logged now."""
    for name, level, message, args, extra in records:
        logger = logging.getLogger(name)
        if logger.isEnabledFor(level):
            arguments = tuple(args) if isinstance(args, list) else (args,)
            logger.handle(logger.makeRecord(name, level, "", 0, message, arguments, None, extra=extra))


def _loggers() -> list[logging.Logger]:
    known = logging.Logger.manager.loggerDict
    return [
        logger
        for name, logger in known.items()
        if isinstance(logger, logging.Logger) and (name == ROOT or name.startswith(f"{ROOT}."))
    ]


def _stored(record: logging.LogRecord) -> Stored:
    extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    stored = [record.name, record.levelno, record.msg, record.args, extra]
    try:
        kept: Stored = json.loads(json.dumps(stored))
        return kept
    except (TypeError, ValueError):
        return [record.name, record.levelno, record.getMessage(), [], {}]
