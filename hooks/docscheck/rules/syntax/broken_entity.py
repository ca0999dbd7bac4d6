"""A character reference without its semicolon."""

from __future__ import annotations

from collections.abc import Iterator
from html.entities import html5

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.words.distance import nearest

RULE = Rule("SYN109", "broken-entity", Severity.ERROR)
_ENTITY = lazy(
    r"&(?:nbsp|copy|reg|trade|lt|gt|amp|quot|apos|mdash|ndash|hellip|times|middot|bull|rarr|larr|alpha|beta|check|le|ge|ne"
    r"|euro|deg|plusmn|infin|asymp|[lr]aquo|[lr][ds]quo|sect|#\d{2,5})"
    r"(?![\w;=])|&(?:nbsp|mdash|ndash|hellip|rarr|larr|middot)(?=[^\W_])"
)
_WORDS = frozenset(("&times", "&check", "&copy", "&trade"))
"""Names that are words too."""
_WHOLE = lazy(r"&(?<![/?=]&)([A-Za-z]{3,11});")
_USUAL_TEXT = """
amp nbsp mdash ndash hellip copy trade times middot bull rarr larr quot apos euro sect auml ouml uuml szlig eacute
egrave agrave ccedil laquo raquo ldquo rdquo bdquo lsquo rsquo pound plusmn lambda infin thinsp
"""
_USUAL = frozenset(_USUAL_TEXT.split())
_SPELT_OUT = {"ampersand": "amp", "lessthan": "lt", "greaterthan": "gt", "apostrophe": "apos", "ellipsis": "hellip"}
"""Names that HTML has in short."""


def _meant(name: str) -> str:
    return _SPELT_OUT.get(name) or nearest(name, _USUAL)


def _misspelt(page: Page) -> Iterator[Finding]:
    """`&nbps;`: a reference that HTML does not know, and nearly one that authors write."""
    for match in _WHOLE.finditer(page.prose) if "&;" in page.signs else ():
        meant = "" if f"{match[1]};" in html5 else _meant(match[1].lower())
        if meant:
            help = f"did you mean `&{meant};`?"
            yield RULE.at(Span(*match.span()), f"`{match[0]}` is printed as typed", help=help)


_TWICE = lazy(r"&amp;(?=(?:amp|lt|gt|quot|nbsp|apos|[mn]dash|hellip|[lr][ds]quo|#\d{2,5}|#x[0-9a-fA-F]{2,4});)")


def _escaped_twice(page: Page) -> Iterator[Finding]:
    """`&amp;lt;`: what a conversion makes of `&lt;` when it escapes a text again."""
    for match in _TWICE.finditer(page.prose) if "&;" in page.signs else ():
        end = page.prose.index(";", match.end()) + 1
        whole = page.prose[match.start() : end]
        message = f"`{whole}` is escaped twice, so the reader sees `&{whole[5:]}`"
        yield RULE.at(Span(match.start(), end), message, help=f"write `&{whole[5:]}`")


_SPACED = lazy(r"&[ ](amp|lt|gt|quot|nbsp|copy|euro|[mn]dash|hellip);")


def check(page: Page) -> Iterator[Finding]:
    yield from _misspelt(page)
    for match in _SPACED.finditer(page.prose) if "&;" in page.signs else ():
        help = f"write `&{match[1]};`"
        yield RULE.at(Span(*match.span()), f"because of a space, `{match[0]}` is printed as typed", help=help)
    yield from _escaped_twice(page)
    for match in _ENTITY.finditer(page.prose) if "&" in page.prose else ():
        if match[0][1:] in html5 and is_raw(page, match.start()):
            continue  # a browser reads the old names without it; Markdown escapes them
        if match[0] in _WORDS and page.prose[match.start() - 1 : match.start()].isalpha():
            continue  # two words and their sign: "date&times"
        yield RULE.at(
            Span(*match.span()),
            f"`{match[0]}` is printed as typed",
            help="end it with `;`",
            fix=Edit(Span(match.end(), match.end()), ";"),
        )
