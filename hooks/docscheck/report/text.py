"""The report for people: place, message, source excerpt with a caret, help."""

from __future__ import annotations

from collections.abc import Iterable

from docscheck.diagnostics import Diagnostic
from docscheck.report.concise import head
from docscheck.report.harmless import harmless
from docscheck.report.summary import by_rule, counted, ways

_WIDTH = 110
"""Longer source lines are cut around the fault: so many columns fit most terminals."""
MANY = 50
"""Findings above which they are counted by rule."""


def render(diagnostic: Diagnostic) -> str:
    """One finding, without a line end after it."""
    number = f"{diagnostic.line:>5}"
    excerpt, column = _cut(diagnostic.excerpt.replace("\t", " "), diagnostic.column - 1)
    label = f" {diagnostic.label}" if diagnostic.label else ""
    lines = [
        head(diagnostic),
        f"{number} | {excerpt}",
        f"{'':>5} | {' ' * columns(excerpt[:column])}{'^' * _carets(diagnostic, excerpt, column)}{label}",
    ]
    if diagnostic.help:
        lines.append(f"{'':>5} = help: {diagnostic.help}")
    return "\n".join(harmless(line.replace("\n", "\N{SYMBOL FOR NEWLINE}")) for line in lines)


def report(diagnostics: Iterable[Diagnostic]) -> str:
    """All findings and how many there are; empty where there are none."""
    diagnostics = list(diagnostics)
    if not diagnostics:
        return ""
    parts = [*map(render, diagnostics)]
    if len(diagnostics) > MANY:  # the screen is full of them
        parts += [by_rule(diagnostics), ways(diagnostics)]
    elif fixes := sum(diagnostic.fix is not None for diagnostic in diagnostics):
        edits = "a certain edit" if fixes == 1 else f"{fixes} certain edits"
        parts.append(f"`--fix` makes {edits}; `--diff` shows what would change")
    return "\n\n".join([*parts, counted(diagnostics)]) + "\n"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese sign takes two, an accent of its own none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width  # most lines are in a script that needs neither

    marks = "\u200b\u200c\u200d\ufe0e\ufe0f"  # joiners and variants, which have no width of their own
    return sum(0 if combining(sign) or sign in marks else 1 + (east_asian_width(sign) in "WF") for sign in text)


def _carets(diagnostic: Diagnostic, excerpt: str, column: int) -> int:
    if diagnostic.label:  # a caret points, the label says at what
        return 1
    width = diagnostic.end_column - diagnostic.column if diagnostic.end_line == diagnostic.line else 1
    return max(1, columns(excerpt[column : column + max(width, 1)]))


def _cut(line: str, column: int) -> tuple[str, int]:
    if len(line) <= _WIDTH:
        return line, column
    start = max(0, min(column - _WIDTH // 2, len(line) - _WIDTH))
    left = "…" if start else ""
    right = "…" if start + _WIDTH < len(line) else ""
    return left + line[start : start + _WIDTH] + right, column - start + len(left)
