"""The YAML between the first two `---` of a page, as MkDocs finds it, or lines of `key: value` with a title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from docscheck.parse.safe_yaml import load
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
    try:
        data = load(match[1], _FAST)
    except yaml.MarkedYAMLError as error:
        if is_text:
            return FrontMatter()
        mark = error.problem_mark if _is_where_it_began(error) else error.context_mark
        # Counted here: for YAML, some rarer signs end a line too.
        line = match[1].count("\n", 0, mark.index) + 1 if mark else 1
        return FrontMatter(end, {}, error.problem or str(error), line, True, keys)
    except yaml.reader.ReaderError as error:
        sign = chr(error.character) if isinstance(error.character, int) else ""
        line = match[1].partition(sign)[0].count("\n") + 1 if sign else 1
        return FrontMatter(end, {}, f"the character U+{ord(sign or ' '):04X} is not allowed in YAML", line, True, keys)
    except yaml.YAMLError as error:
        lines = match[1].split("\n")
        line = next((number for number, text in enumerate(lines, start=1) if not _is_readable(text)), 1)
        return FrontMatter(end, {}, str(error).partition("\n")[0], line, True, keys)
    if data is None or isinstance(data, dict):
        return FrontMatter(end, data or {}, "", 0, True, keys)
    if is_text:
        return FrontMatter()
    return FrontMatter(end, {}, "it is not a set of `key: value` lines", 1, True, keys)


def _is_readable(line: str) -> bool:
    """Whether the values of a line are what they look like: a date of the calendar, a number."""
    try:
        load(line, _FAST)
    except yaml.MarkedYAMLError:
        return True
    except yaml.YAMLError:
        return False
    return True


def _without_marks(text: str) -> FrontMatter | None:
    """Lines such as `title: Tea` at the very beginning, which MkDocs reads too.

    It takes away any word with a colon there. Without a title among such lines that is hardly what was meant.
    """
    match = _PLAIN.match(text) if _TITLE.match(text[:_FIRST]) else None
    if match is None:
        return None
    data = {key.lower(): value.strip() for key, value in _PAIR.findall(match[0])}
    return FrontMatter(match[0].count("\n"), data) if data.get("title") else None


def _is_where_it_began(error: yaml.MarkedYAMLError) -> bool:
    """Whether the problem itself is the fault: of an open quote or bracket, the place where it opens is."""
    opens = re.search(r"scanning a quoted scalar|parsing a flow|scanning a simple key", error.context or "")
    return opens is None or error.context_mark is None


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads tags of other tools as plain values instead of refusing them."""


_Loader.add_multi_constructor("!", lambda loader, suffix, node: None)
_FAST = _Loader


def _keys(block: str) -> list[tuple[str, int]]:
    found = []
    for number, line in enumerate(block.split("\n"), start=1):
        match = re.match(r"([A-Za-z_][\w. -]*?)[ \t]*:(?:\s|$)", line)
        if match:
            found.append((match[1], number))
    return found


def _looks_like_settings(block: str) -> bool:
    return bool(re.search(r"(?m)^[\w-]+[ \t]*:", block))
