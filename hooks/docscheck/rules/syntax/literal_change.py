"""Marks of a suggested change that are printed as typed."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.proofs import prints

RULE = Rule("SYN104", "literal-change", Severity.ERROR)
_CRITIC = lazy(r"\{(\+\+|--|==|~~|>>)")
_CRITIC_ENDS = {"++": "++}", "--": "--}", "==": "==}", "~~": "~~}", ">>": "<<}"}


def check(page: Page) -> Iterator[Finding]:
    for number in page.lines_with("{") if page.config.has("pymdownx.critic") else ():
        yield from _critic(page, number, page.prose_lines[number])


def _critic(page: Page, number: int, shown: str) -> Iterator[Finding]:
    for match in _CRITIC.finditer(shown):
        end = _CRITIC_ENDS[match[1]]
        stop = page.prose.find("\n\n", page.source.starts[number])
        if page.prose.find(end, page.source.starts[number] + match.end(), stop if stop > 0 else None) < 0:
            yield RULE.at(
                page.source.span(number, *match.span()),
                f"this mark is never closed by `{end}`",
                help=f"add `{end}`",
                proof=prints(number, match[0]),
            )
