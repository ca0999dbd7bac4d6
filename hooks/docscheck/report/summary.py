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
    width = len(str(max(pages.values())))
    rows = [f"{number:>{width}} {page}" for page, number in pages.most_common(_PAGES)]
    return "\n\n".join([by_rule(diagnostics), "\n".join(rows), ways(diagnostics), count]) + "\n"


def by_rule(diagnostics: Sequence[Diagnostic]) -> str:
    """How often each rule found something, errors first, and for how many of these it knows a fix."""
    found = Counter((diagnostic.severity, diagnostic.code, diagnostic.rule) for diagnostic in diagnostics)
    mended = Counter((diagnostic.severity, diagnostic.code) for diagnostic in diagnostics if diagnostic.fix)
    width = len(str(max(found.values())))
    rows = [
        f"{number:>{width}} {severity:<7} {code} {name}{_fixes(mended[severity, code])}"
        for (severity, code, name), number in sorted(found.items(), key=lambda row: (row[0][0], -row[1]))
    ]
    return "\n".join(rows)


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
