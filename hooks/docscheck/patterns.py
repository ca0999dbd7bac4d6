"""Regular expressions that are compiled when they are first used: a run uses few of them, and each costs its start."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, AnyStr, cast


class _Lazy:
    """Stands for a pattern; the first use puts the compiled pattern's methods in its place."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self._pattern, self._flags = pattern, flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self._pattern, self._flags)
        for method in ("match", "fullmatch", "search", "finditer", "findall", "sub", "split", "pattern"):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern, to be used like a compiled one."""
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))


WIDE_LETTER = lazy(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
"""A letter of Japanese, Chinese or Korean, as wide as two others and written without spaces between words."""


def at_signs(pattern: re.Pattern[str], sign: str, text: str) -> Iterator[re.Match[str]]:
    """The matches of a pattern that begins with a sign, for one that few places hold.

    Python looks for a single character far faster than the engine of regular expressions does.
    """
    place = text.find(sign)
    while place >= 0:
        match = pattern.match(text, place)
        if match:
            yield match
        place = text.find(sign, match.end() if match else place + 1)
