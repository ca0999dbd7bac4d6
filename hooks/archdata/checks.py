"""All checks of the data, in one list; `python -m archdata check` and the build run them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from archdata import models, specs
from archdata.errors import DataError

CHECKS: tuple[Callable[[Path], Iterator[DataError]], ...] = (models.check, specs.check)
"""Each takes the folder of the pages and yields what is wrong."""


def check(docs: Path) -> Iterator[DataError]:
    """Yield every fault of the data, file by file."""
    for one in CHECKS:
        yield from one(docs)
