"""The YAML between the first two `---` of a page, as MkDocs finds it, or lines of `key: value` with a title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from docscheck.patterns import lazy

_BLOCK = lazy(r"\A-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*(?:\n|\Z)", re.DOTALL)
_PLAIN = lazy(r"\A(?:[ ]{0,3}[\w-]+:[^\n]*\n(?:(?:[ ]{4}|\t)[^\n]*\n)*)+(?=[ \t]*(?:\n|\Z))", re.ASCII)
_PAIR = lazy(r"^[ ]{0,3}([\w-]+):([^\n]*)", re.ASCII | re.MULTILINE)
_TITLE = lazy(r"[ ]{0,3}[\w-]+:", re.ASCII)
_FIRST = 40
_OPEN = lazy(r"\A-{3}[ \t]*\n(?=[A-Za-z_][\w-]*[ \t]*:(?:\s|$))")


class FrontMatter(NamedTuple):
    """Front matter. Lines are counted from 0; `end` is the first line of the body."""

    end: int = 0
    data: Mapping[str, Any] = MappingProxyType({})
    error: str = ""
    """What is wrong with the YAML; empty where nothing is."""
    error_line: int = 0
    closed: bool = True
    """False where the page begins like front matter that no second `---` ends."""
    key_lines: tuple[tuple[str, int], ...] = ()
    """Top-level keys with their lines, also those written twice."""


def parse_front_matter(text: str) -> FrontMatter:
    """Read the front matter of a page."""
    match = _BLOCK.match(text)
    if not match:
        return _without_marks(text) or FrontMatter(closed=not _OPEN.match(text))
    end = match[0].count("\n") + (0 if match[0].endswith("\n") else 1)
    keys = tuple(_keys(match[1]))
    is_text = not keys and not _looks_like_settings(match[1])  # between two rules
    from docscheck.parse import front_yaml  # imports PyYAML, which takes longer than to check a page

    try:
        data = front_yaml.load(match[1])
    except front_yaml.FaultError as fault:
        if is_text and fault.is_of_syntax:
            return FrontMatter()
        return FrontMatter(end, {}, str(fault), fault.line, True, keys)
    if data is None or isinstance(data, dict):
        return FrontMatter(end, data or {}, "", 0, True, keys)
    if is_text:
        return FrontMatter()
    return FrontMatter(end, {}, "it is not a set of `key: value` lines", 1, True, keys)


def _without_marks(text: str) -> FrontMatter | None:
    """Lines such as `title: Tea` at the very beginning, which MkDocs reads too.

    It takes away any word with a colon there. Without a title among such lines that is hardly what was meant.
    """
    match = _PLAIN.match(text) if _TITLE.match(text[:_FIRST]) else None
    if match is None:
        return None
    data = {key.lower(): value.strip() for key, value in _PAIR.findall(match[0])}
    return FrontMatter(match[0].count("\n"), data) if data.get("title") else None


def _keys(block: str) -> list[tuple[str, int]]:
    found = []
    for number, line in enumerate(block.split("\n"), start=1):
        match = re.match(r"([A-Za-z_][\w. -]*?)[ \t]*:(?:\s|$)", line)
        if match:
            found.append((match[1], number))
    return found


def _looks_like_settings(block: str) -> bool:
    return bool(re.search(r"(?m)^[\w-]+[ \t]*:", block))
