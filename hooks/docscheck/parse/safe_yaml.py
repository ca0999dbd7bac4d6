"""YAML from strangers: no tag of Python, no value that multiplies, no nesting that a parser in C falls over.

PyYAML's fast loader is libyaml, which recurses in C: a hundred thousand brackets end the process without a word. And
aliases let a page of text stand for billions of values, which whoever walks through them pays for. Both are looked for
before anything is built from the text.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

MOST_NESTED = 100
"""Levels of nesting that are read."""
MOST_VALUES = 100_000
"""Values that a text with aliases may stand for."""

_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BLOCK_NESTING = re.compile(r"^(?:[-?:] |[ \t])*", re.MULTILINE)


class HostileYAMLError(yaml.YAMLError):
    """A text that is YAML, and is not read for what it would cost."""


def load(text: str, loader: Any = _Fast) -> Any:
    """Read a text as YAML, with a loader that knows no Python.

    Raises `yaml.YAMLError`, whatever is wrong with the text.
    """
    try:
        look(text)
        return yaml.load(text, loader)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        # What PyYAML lets through for values that look like dates or numbers and are none.
        raise yaml.YAMLError(f"a value cannot be read: {error}") from error


def look(text: str) -> None:
    """Raise `HostileYAMLError` for a text that nests too deeply or stands for too much."""
    if _may_nest(text):
        _look_at_nesting(text)
    if "*" in text and "&" in text:
        _look_at_aliases(text)


def _may_nest(text: str) -> bool:
    if text.count("[") + text.count("{") > MOST_NESTED:
        return True
    return any(match.end() - match.start() > MOST_NESTED for match in _BLOCK_NESTING.finditer(text))


def _look_at_nesting(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, _Fast):  # events come one by one, without recursion
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MOST_NESTED:
            raise HostileYAMLError(f"{_place(event)}nested more than {MOST_NESTED} levels deep")


def _look_at_aliases(text: str) -> None:
    """Count the values that the text stands for, aliases followed, by arithmetic."""
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str, int]] = []
    total = 0
    for event in yaml.parse(text, _Fast):
        anchor = str(getattr(event, "anchor", None) or "")
        if isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((anchor, total))
            total += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            ended, before = open_nodes.pop()
            sizes[ended] = total - before
        elif isinstance(event, yaml.ScalarEvent):
            total += 1
            sizes[anchor] = 1
        elif isinstance(event, yaml.AliasEvent):
            if any(anchor == name for name, _ in open_nodes):
                raise HostileYAMLError(f"{_place(event)}`*{anchor}` holds itself")
            total += sizes.get(anchor, 1)
        if total > MOST_VALUES:
            raise HostileYAMLError(f"{_place(event)}aliases stand for more than {MOST_VALUES} values")


def _place(event: Any) -> str:
    return f"line {event.start_mark.line + 1}: " if event.start_mark else ""
