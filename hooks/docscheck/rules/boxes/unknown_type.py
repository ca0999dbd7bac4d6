"""A type that neither the theme nor the site's own style sheets know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.included import expands
from docscheck.known_types import has_styles_in_macros, has_styles_to_come, page_types
from docscheck.page import Page
from docscheck.page.opener import Opener
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.words.distance import nearest

RULE = Rule("BOX109", "unknown-type", Severity.ERROR)
_TAKES_IN = lazy(r"\{%-?\s*(?:include|import|from|extends)")


def check(page: Page) -> Iterator[Finding]:
    known = page_types(page)
    for opener in page.openers:
        if opener.node is None or opener.kind not in ("box", "details") or not opener.node.name:
            continue
        types = [word.lower() for word in opener.node.name.split()]
        if any(word in known for word in types) or (page.site is not None and types[0] in page.site.css_classes):
            continue
        meant = nearest(types[0], known)
        span = _type_span(page, opener)
        if meant:
            yield RULE.at(
                span,
                f"`{types[0]}` is not a type of box that this site knows",
                help=f"did you mean `{meant}`?",
                fix=Edit(span, meant) if len(types[0]) > 4 and types[0].isascii() else None,  # else a title is glued on
            )
        elif _is_certain(page):
            yield RULE.at(
                span,
                f"`{types[0]}` is not a type of box that this site knows, so the box looks like a plain note",
                help=f"use {_like(types[0], known)}, or define this one in a style sheet of the site",
                severity=Severity.WARNING,
            )


def _like(name: str, known: Set[str]) -> str:
    """The type of which a name is a longer form, as `information` of `info`; else any of the theme's."""
    longest = max((word for word in known if len(word) >= _SHORTEST and name.startswith(word)), key=len, default="")
    return f"`{longest}`" if longest else "one of the theme's types"


_SHORTEST = 3


def _is_certain(page: Page) -> bool:
    """Whether we have seen every place where the site could define a type."""
    config = page.config
    sheets = config.paths("extra_css")
    elsewhere = any("://" in path for path in sheets) or (page.site is not None and has_styles_to_come(page.site))
    is_plain = config.theme.get("name") in ("mkdocs", "readthedocs") and "custom_dir" not in config.theme
    return (config.is_material or is_plain) and not elsewhere and not _may_bring_styles(page)


def _may_bring_styles(page: Page) -> bool:
    """Whether a template on the page may stand for a style sheet: it takes in a file, or the site's module has one."""
    if page.macros is None or not expands(page, page.macros):
        return False
    return _TAKES_IN.search(page.source.text) is not None or page.site is None or has_styles_in_macros(page.site)


def _type_span(page: Page, opener: Opener) -> Span:
    text = page.source.text[opener.span.start : opener.span.end]
    match = re.search(r"[\w-]+", text)
    return Span(opener.span.start + match.start(), opener.span.start + match.end()) if match else opener.span
