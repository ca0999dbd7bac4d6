"""The report at a glance: how often each rule found something, on which pages most is found, and how to go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from docscheck.diagnostics import Diagnostic
from docscheck.report.harmless import harmless

_PAGES = 10
"""So many pages are named."""
_WAYS = (
    "`docscheck explain CODE` tells what a rule is about; `--select CODE` shows what it found, and nothing else",
    "`--write-baseline FILE` accepts what is there today; after that, `--baseline FILE` reports only what is new",
)


def report(diagnostics: Iterable[Diagnostic]) -> str:
    """Rules and pages with how much was found; empty where nothing was."""
    diagnostics = list(diagnostics)
    if not diagnostics:
        return ""
    pages = Counter(harmless(diagnostic.path) for diagnostic in diagnostics)
    count = f"{counted(diagnostics)} on {len(pages)} page{'s' * (len(pages) != 1)}"
    return "\n\n".join([by_rule(diagnostics), "\n".join(_rows(pages, _PAGES)), ways(diagnostics), count]) + "\n"


def by_rule(diagnostics: Sequence[Diagnostic]) -> str:
    """How often each rule found something, and for how many of these it knows a fix."""
    found = Counter((diagnostic.code, diagnostic.rule) for diagnostic in diagnostics)
    mended = Counter(diagnostic.code for diagnostic in diagnostics if diagnostic.fix)
    rows = {f"{code} {name}{_fixes(mended[code])}": number for (code, name), number in found.items()}
    return "\n".join(_rows(Counter(rows)))


def ways(diagnostics: Iterable[Diagnostic]) -> str:
    """What can be done where much is found."""
    fixes = sum(diagnostic.fix is not None for diagnostic in diagnostics)
    fix = (
        [f"`--fix` makes the certain edits, {fixes} of which are on offer; `--diff` shows them first"] if fixes else []
    )
    return "= help: " + "\n        ".join([_WAYS[0], *fix, _WAYS[1]])


def counted(diagnostics: Sequence[Diagnostic]) -> str:
    """How many errors and warnings there are."""
    errors = sum(diagnostic.severity == "error" for diagnostic in diagnostics)
    warnings = len(diagnostics) - errors
    return f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"


def _fixes(number: int) -> str:
    return f", {number} with a fix" if number else ""


def _rows(counts: Counter[str], most: int | None = None) -> list[str]:
    width = len(str(max(counts.values())))
    return [f"{number:>{width}} {what}" for what, number in counts.most_common(most)]
