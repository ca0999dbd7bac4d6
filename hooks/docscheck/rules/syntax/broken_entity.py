"""A character reference without its semicolon."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("SYN109", "broken-entity", Severity.ERROR)
_ENTITY = lazy(
    r"&(?:nbsp|copy|reg|trade|lt|gt|amp|quot|apos|mdash|ndash|hellip|times|middot|bull|rarr|larr|alpha|beta|check|#\d{2,5})"
    r"(?![\w;=])|&(?:nbsp|mdash|ndash|hellip|rarr|larr|middot)(?=[^\W_])"
)


def check(page: Page) -> Iterator[Finding]:
    for match in _ENTITY.finditer(page.prose) if "&" in page.prose else ():
        yield RULE.at(
            Span(*match.span()),
            f"`{match[0]}` is printed as typed",
            help="end it with `;`",
            fix=Edit(Span(match.end(), match.end()), ";"),
        )
