"""Python-Markdown's inline processor, which tries a pattern only on texts in which it can match: on most, few can."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

_SIGNS = {
    "backtick": "`",
    "escape": "\\",
    "keys": "+",
    "keys-custom": "+",
    "footnote": "[^",
    "reference": "[",
    "link": "[",
    "image_link": "![",
    "image_reference": "![",
    "short_reference": "[",
    "short_image_ref": "![",
    "autolink": "<",
    "automail": "<",
    "linebreak": "\n",
    "html": "<",
    "entity": "&",
}
"""What a text has to hold for a pattern to match: Python looks for that faster than for the pattern."""


class QuickInlineProcessor(InlineProcessor):
    """Makes of a tree what Python-Markdown's own does."""

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Apply the inline patterns to a tree."""
        patterns: Any = self.inlinePatterns
        signs = {patterns[name]: sign for name, sign in _SIGNS.items() if name in patterns}
        self._tried: list[tuple[str, Callable[[str], re.Match[str] | None], Any]] = [
            (signs.get(pattern, ""), pattern.getCompiledRegExp().search, pattern) for pattern in patterns
        ]
        return super().run(tree, ancestors)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802
        """The text with placeholders for what the patterns match: the step that takes nearly all of the time."""
        if isinstance(data, AtomicString):
            return data
        for index in range(patternIndex, len(self._tried)):
            sign, search, pattern = self._tried[index]
            matched, start = sign in data and search(data) is not None, 0
            while matched:
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, index, start)  # type: ignore[attr-defined]
        return data
