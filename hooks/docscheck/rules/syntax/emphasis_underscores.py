"""Underscores that were meant as marks of emphasis: with a space inside, or without their partner."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.rules.syntax.emphasis_marks import EMPHASIS
from docscheck.source import Span

_OPEN_LINE = lazy(r"(?:^[ >]*|[.!?:)][ ]+|\()(_)(?!Bool|Generic|Atomic)(?=[A-Z][a-z]*(?:[ ][a-z]+){2})", re.MULTILINE)
"""A sentence that begins with the mark of emphasis."""
_SPACED_UNDERSCORES = lazy(
    r"(_)(?<!\S_)[ ](?=[\"'“‘(*.…]{0,5}[ ]?[^\W\d_])(?=[\"'“‘(*A-Z][^_\n|]*[^\W\d_]{3}|[^_\n|]*[.!?…] _)"
    r"[^_\n|]*[ ]_(?=[\s.,;:!?]|$)",
    re.M,
)
"""Words between two marks of emphasis, each with a space at its inner side."""
_SPACED_DUNDERS = lazy(
    r"(?<![\w\\])(__)(?!_)(?:[ ](?=[^\W\d_])[^_\n|]{1,80}[^\W_]|(?=[^\W\d_])[^_\n|]{1,80}[^\W_][ ])__(?![\w(])"
)
"""Words between two marks of bold text, one of which has a space at its inner side."""
_HALF_SPACED = lazy(
    r"(_)(?<![^\s(*]_)(?:[ ](?=[^\W\d_])[^_\n|`*]{1,60}[^\W_]|(?=[^\W\d_])[^_\n|`*]{1,60}[^\W_][ ])_(?=[\s.,;:!?)*]|$)",
    re.M,
)
"""Words between two marks of emphasis, one of which has a space at its inner side."""
_SPACED = (
    (_SPACED_UNDERSCORES, "_", "emphasis"),
    (_HALF_SPACED, "_", "emphasis"),
    (_SPACED_DUNDERS, "__", "bold text"),
)
_CLOSE_LINE = lazy(r"(?<=[^\s_])_(?!\w)")


def open_lines(page: Page) -> Iterator[Finding]:
    """A sentence that begins with `_` and never ends with it, and words between `_ ` and ` _`."""
    for pattern, marks, kind in _SPACED:
        for match in pattern.finditer(page.prose) if page.shows(marks) else ():
            line = page.source.line_of(match.start(1))
            leaf = page.leaf_by_line.get(line)
            if leaf is not None and leaf.kind not in ("code", "maths"):
                yield EMPHASIS.at(
                    Span(*match.span(1)),
                    f"a space inside these marks prevents {kind}, so they are printed",
                    help=f"remove the space inside the `{marks}`",
                    proof=prints(line, marks),
                )
    ends: dict[int, int] = {}
    for match in _OPEN_LINE.finditer(page.prose):
        line = page.source.line_of(match.start(1))
        leaf = page.leaf_by_line.get(line)
        if leaf is None or leaf.kind in ("code", "maths"):
            continue
        if id(leaf) not in ends:
            last = page.source.content_span(leaf.rows[-1].line).end
            ends[id(leaf)] = max(
                (mark.end() for mark in _CLOSE_LINE.finditer(page.prose, match.end(), last)), default=0
            )
        if ends[id(leaf)] < match.end():
            column = match.start(1) - page.source.starts[line]
            yield EMPHASIS.at(
                page.source.span(line, column, column + 1),
                "this `_` has no partner",
                help="close the emphasis with `_`, with no space between it and the last word",
                proof=prints(line, "_"),
            )
