"""A string in code between typographic quotes, which no language reads: whoever copies it gets an error."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy

RULE = Rule("COD114", "curly-quote-in-code", Severity.WARNING)
_LANGUAGES_TEXT = """
bash c c++ console cpp csharp go hcl ini java javascript js json kotlin lua php powershell py python r ruby rust sh
shell sql terraform toml ts typescript zsh
"""
_LANGUAGES = frozenset(_LANGUAGES_TEXT.split())
"""YAML is left out: it needs no quotes, so that a value may begin with any."""
_LANGUAGE = lazy(r"[ ]*\{?[ ]*\.?([\w+-]+)")
_STRAIGHT = lazy(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|`[^`]*`|(?:#|//|--[ ]|/\*|^[ ]*\*|;;).*$")
"""Strings and remarks, which may hold any sign."""
_CURLY = lazy(r"(?:[=(\[{,:+]|\b(?:echo|print|return)\b|[ ]--?[\w-]+)[ ]*([“”„])(?=\w)")


def check(page: Page) -> Iterator[Finding]:
    """Report the first such quote of each line."""
    for fence in page.fences:
        language = _LANGUAGE.match(fence.info)
        if language is None or language[1].lower() not in _LANGUAGES:
            continue
        for number in range(fence.start + 1, fence.end):
            line = page.lines[number]
            if line.isascii() or not ("“" in line or "”" in line or "„" in line):
                continue
            curly = _CURLY.search(_STRAIGHT.sub(lambda match: " " * len(match[0]), line))
            if curly:
                yield RULE.at(
                    page.source.span(number, *curly.span(1)),
                    f"`{curly[1]}` is no quote in this language: the code does not work",
                    help='write `"`',
                )
