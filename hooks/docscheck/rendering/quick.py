"""Python-Markdown with two of its steps made faster, and one stopped that has no end: what it makes is the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

from docscheck.rendering.endless import EndlessError

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


class QuickMarkdown(Markdown):
    """Python-Markdown with extensions that come with it or with PyMdown."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.treeprocessors.register(QuickInlineProcessor(self), "inline", 20)
        if "blocks" in self.parser.blockprocessors:
            _stop_where_endless(self.parser.blockprocessors["blocks"])

    def build_extension(self, ext_name: str, configs: Mapping[str, Any]) -> Extension:
        """The extension, found by its name: the entry points of all installed packages take longer to read."""
        module = import_module(ext_name if "." in ext_name else f"markdown.extensions.{ext_name}")
        made: Extension = module.makeExtension(**configs)
        return made


def _stop_where_endless(blocks: Any) -> None:
    """Have PyMdown's blocks stop where the text before a header holds a block that only an inner parse can see.

    That one takes the place of the header that was found, which is found again and again from then on.
    """
    original = blocks.test

    def test(parent: Element, block: str) -> bool:
        opens: bool = original(parent, block)
        if opens and blocks.cached_block is None and blocks.cached_parent is None:
            raise EndlessError
        return opens

    blocks.test = test


class QuickInlineProcessor(InlineProcessor):
    """Tries a pattern only on texts in which it can match: on most, few can."""

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
