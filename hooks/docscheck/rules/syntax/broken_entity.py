"""A character reference without its semicolon."""

from __future__ import annotations

from collections.abc import Iterator
from html.entities import html5

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.spelling_distance import nearest

RULE = Rule("SYN109", "broken-entity", Severity.ERROR)
_ENTITY = lazy(
    r"&(?:nbsp|copy|reg|trade|lt|gt|amp|quot|apos|mdash|ndash|hellip|times|middot|bull|rarr|larr|alpha|beta|check|#\d{2,5})"
    r"(?![\w;=])|&(?:nbsp|mdash|ndash|hellip|rarr|larr|middot)(?=[^\W_])"
)


_WHOLE = lazy(r"&(?<![/?=]&)([A-Za-z]{3,8});")
_USUAL_TEXT = """
nbsp mdash ndash hellip copy trade times middot bull rarr larr quot apos euro sect auml ouml uuml szlig eacute egrave
agrave ccedil laquo raquo ldquo rdquo bdquo lsquo rsquo pound plusmn lambda infin thinsp
"""
_USUAL = frozenset(_USUAL_TEXT.split())


def _misspelt(page: Page) -> Iterator[Finding]:
    """`&nbps;`: a reference that HTML does not know, and nearly one that authors write."""
    for match in _WHOLE.finditer(page.prose) if "&;" in page.signs else ():
        meant = "" if f"{match[1]};" in html5 else nearest(match[1].lower(), _USUAL)
        if meant:
            help = f"did you mean `&{meant};`?"
            yield RULE.at(Span(*match.span()), f"`{match[0]}` is printed as typed", help=help)


def check(page: Page) -> Iterator[Finding]:
    yield from _misspelt(page)
    for match in _ENTITY.finditer(page.prose) if "&" in page.prose else ():
        yield RULE.at(
            Span(*match.span()),
            f"`{match[0]}` is printed as typed",
            help="end it with `;`",
            fix=Edit(Span(match.end(), match.end()), ";"),
        )
