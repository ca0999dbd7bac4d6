"""Proofs that rules ask for: what the rendered page has to show for a finding to stand."""

from __future__ import annotations

from docscheck.diagnostics import Proof


def prints(line: int, literal: str) -> Proof:
    """That the literal text can be read in what is printed of the line."""
    return lambda rendered: rendered.prints(line, literal)


def becomes_code(line: int) -> Proof:
    """That the line's text is code; a line that cannot be found again counts as such."""
    return lambda rendered: rendered.is_code(line) is not False


def is_no_code(line: int) -> Proof:
    """That the line's text is not code, as far as is known."""
    return lambda rendered: not rendered.is_code(line)
