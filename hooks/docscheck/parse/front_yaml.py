"""The YAML of front matter, and where the fault in it is."""

from __future__ import annotations

import re
from typing import Any

import yaml

from docscheck.parse import safe_yaml


class FaultError(Exception):
    """What is wrong, with its line in the file; the first line of the YAML is 1, behind the mark."""

    def __init__(self, message: str, line: int, *, is_of_syntax: bool = False) -> None:
        super().__init__(message)
        self.line = line
        self.is_of_syntax = is_of_syntax


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads tags of other tools as plain values instead of refusing them."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)


def load(block: str) -> Any:
    """What a block says. Raises FaultError where it cannot be read."""
    try:
        return safe_yaml.load(block, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark if _is_where_it_began(error) else error.context_mark
        # Counted here: for YAML, some rarer signs end a line too.
        line = block.count("\n", 0, mark.index) + 1 if mark else 1
        raise FaultError(error.problem or str(error), line, is_of_syntax=True) from error
    except yaml.reader.ReaderError as error:
        sign = chr(error.character) if isinstance(error.character, int) else ""
        line = block.partition(sign)[0].count("\n") + 1 if sign else 1
        raise FaultError(f"the character U+{ord(sign or ' '):04X} is not allowed in YAML", line) from error
    except yaml.YAMLError as error:
        lines = block.split("\n")
        line = next((number for number, text in enumerate(lines, start=1) if not _is_readable(text)), 1)
        raise FaultError(str(error).partition("\n")[0], line) from error


def _is_readable(line: str) -> bool:
    """Whether the values of a line are what they look like: a date of the calendar, a number."""
    try:
        safe_yaml.load(line, _Loader)
    except yaml.MarkedYAMLError:
        return True
    except yaml.YAMLError:
        return False
    return True


def _is_where_it_began(error: yaml.MarkedYAMLError) -> bool:
    """Whether the problem itself is the fault: of an open quote or bracket, the place where it opens is."""
    opens = re.search(r"scanning a quoted scalar|parsing a flow|scanning a simple key", error.context or "")
    return opens is None or error.context_mark is None
