"""Applies the edits that findings offer, each only if the page then renders the same everywhere else.

As many as stand apart are tried together. Where the strict judgement of that fails, fewer are, in the end one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from docscheck.diagnostics import Edit, Finding, Severity
from docscheck.page import Page
from docscheck.rewriting import ReadOnlyError, applied, diff, write
from docscheck.selection import choice
from docscheck.suppress import apply_suppressions
from docscheck.trials import found_on, left_after, mended_alone, mended_together, parts_apart, quiet_parts, with_text

_MOST = 500
"""Edits of one page; a limit against edits that undo each other."""


def fixed(page: Page, *, select: Collection[str] = (), ignore: Collection[str] = ()) -> str:
    """The text of a page after every edit that proves harmless; what is ignored or let stand is not mended."""
    is_chosen = choice(page.config, select, ignore)
    current, findings = page, found_on(page)
    refused: set[tuple[str, int, str]] = set()
    is_changed = False
    left, together = _MOST, _MOST
    """How many edits may still be tried, and how many at once."""
    while left > 0:
        offers = [offer for offer in _offers(current, findings, is_chosen) if _name(offer, current) not in refused]
        if not offers and is_changed and refused:
            refused.clear()  # what did harm before may do none now; not asked after each edit: that takes too long
            is_changed = False
            left -= 1
            continue
        if not offers:
            break
        parts = parts_apart(current, offers, min(left, together)) if min(left, together) > 1 else []
        if len(parts) > 1:
            parts = quiet_parts(current, parts)
        if len(parts) > 1:
            mended = mended_together(current, parts, findings)
            if mended is None:
                together = len(parts) // 2
                continue
        else:
            mended = mended_alone(current, offers[0], findings)
            if mended is None:
                refused.add(_name(offers[0], current))
        left -= max(len(parts), 1)
        together *= 2  # what stood in the way is mended or refused
        if mended is not None:
            current, findings = mended
            is_changed = True
    return current.source.text


def _offers(page: Page, findings: list[Finding], is_chosen: Callable[[str, str, Severity], bool]) -> Iterator[Finding]:
    """The findings that offer an edit and are told."""
    for finding in apply_suppressions(page, findings):
        if finding.fix and is_chosen(finding.rule.code, finding.rule.name, finding.severity):
            yield finding


def tried(page: Page, offer: Finding, edit: Edit, findings: list[Finding]) -> Page | None:
    """The page after one edit that is to mend a finding; None where it does not, or does more than that."""
    candidate = with_text(page, applied(page.source.text, edit))
    return candidate if left_after(page, candidate, offer._replace(fix=edit), findings) is not None else None


class Fixes(NamedTuple):
    """What `--fix` has done, or with `--diff` would do."""

    patch: str
    left: list[str]
    """The pages that it would have changed, had they not been read-only."""


def write_fixes(pages: Iterable[Page], dry: bool, *, select: Collection[str], ignore: Collection[str]) -> Fixes:
    """Fix the files of these pages. With `dry`, nothing is written."""
    patch = ""
    left = []
    for page in pages:
        after = fixed(page, select=select, ignore=ignore)
        if after == page.source.text:
            continue
        if not dry and page.site is not None:
            try:
                write(Path(page.site.files[page.uri]), page.source.text, after)
            except ReadOnlyError:
                left.append(page.path)
                continue
        patch += diff(page.path, page.source.text, after)
    return Fixes(patch, left)


def _name(finding: Finding, page: Page) -> tuple[str, int, str]:
    """By what a finding is known again after other edits: its rule, and its line with what is written there."""
    line = page.source.line_of(finding.span.start)
    return finding.rule.code, line, page.lines[line]
