"""The report for people: place, message, source excerpt with a caret, help."""

from __future__ import annotations

from collections.abc import Iterable

from docscheck.diagnostics import Diagnostic
from docscheck.report.concise import head
from docscheck.report.harmless import harmless
from docscheck.report.summary import by_rule, counted, ways

_WIDTH = 140
"""Longer source lines are cut around the fault."""
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
        f"{'':>5} | {' ' * column}{'^' * _carets(diagnostic, excerpt, column)}{label}",
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
    return "\n\n".join([*parts, counted(diagnostics)]) + "\n"


def _carets(diagnostic: Diagnostic, excerpt: str, column: int) -> int:
    if diagnostic.label:  # a caret points, the label says at what
        return 1
    width = diagnostic.end_column - diagnostic.column if diagnostic.end_line == diagnostic.line else 1
    return max(1, min(width, len(excerpt) - column))


def _cut(line: str, column: int) -> tuple[str, int]:
    if len(line) <= _WIDTH:
        return line, column
    start = max(0, min(column - _WIDTH // 2, len(line) - _WIDTH))
    left = "…" if start else ""
    right = "…" if start + _WIDTH < len(line) else ""
    return left + line[start : start + _WIDTH] + right, column - start + len(left)
