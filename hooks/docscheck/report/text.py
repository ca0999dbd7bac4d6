"""The report for people: place, message, source excerpt with a caret, help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from docscheck.diagnostics import Diagnostic
from docscheck.report.harmless import harmless

_WIDTH = 140
"""Longer source lines are cut around the fault."""
_MANY = 50
"""Findings above which they are counted by rule."""
_WAYS = (
    "= help: look at one rule at a time with `--select CODE`; let `--fix` correct what is certain; or write a baseline",
    "        with `--write-baseline FILE`, after which `--baseline FILE` reports only new findings",
)


def render(diagnostic: Diagnostic) -> str:
    """One finding, without a line end after it."""
    place = f"{diagnostic.path}:{diagnostic.line}:{diagnostic.column}"
    head = f"{place}: {diagnostic.severity} {diagnostic.code} {diagnostic.message}"
    number = f"{diagnostic.line:>5}"
    excerpt, column = _cut(diagnostic.excerpt.replace("\t", " "), diagnostic.column - 1)
    label = f" {diagnostic.label}" if diagnostic.label else ""
    lines = [
        head,
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
    errors = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    count = f"{_counted(errors, 'error')}, {_counted(len(diagnostics) - errors, 'warning')}"
    tally = [_tally(diagnostics)] if len(diagnostics) > _MANY else []
    return "\n\n".join([*map(render, diagnostics), *tally, count]) + "\n"


def _tally(diagnostics: list[Diagnostic]) -> str:
    """How often each rule found something, and the ways to go on from there, where the screen is full of findings."""
    counts = Counter((diagnostic.code, diagnostic.rule) for diagnostic in diagnostics)
    width = len(str(max(counts.values())))
    rows = [f"{number:>{width}} {code} {rule}" for (code, rule), number in counts.most_common()]
    return "\n".join([*rows, *_WAYS])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


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
