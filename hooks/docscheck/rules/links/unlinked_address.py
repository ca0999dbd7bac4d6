"""Sources given by their addresses alone, on a site where an address in the text is no link."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from docscheck.config import Config
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.plugins import own_syntax

RULE = Rule("LNK503", "unlinked-address", Severity.WARNING)
_ITEM = lazy(r"[ \t>]*(?:[-*+]|\d+\.)[ \t]+$")
_NAMED_ITEM = lazy(r"[ \t>]*(?:[-*+]|\d+\.)[ \t]+[^\n<>\[\]`\"']{2,100}[,:][ ]$")
"""An item that names what the address is of."""
_LIST_OF_SOURCES = lazy(
    r"(?:(?:(?:additional|external|further|more|other|online|related|useful|helpful)[ ])?(?:links?|resources?|reading)"
    r"|references?|sources?|see also|bibliography|literature)[ ]*:?",
    re.I,
)
"""A heading under which nothing else stands."""
_SOURCES = lazy(
    r"\b(?:references?|links?|resources?|reading|sources?|see also|bibliography|literature|papers?|articles?|blogs?"
    r"|videos?|tutorials?|courses?|books?|credits|acknowledge?ments|documentation)\b",
    re.I,
)
"""A heading under which addresses are there to be followed."""


def check(page: Page) -> Iterator[Finding]:
    """Report the first item or paragraph of each section of sources that is an address, or names what it is of."""
    if _may_link(page.config):
        return
    spoken: set[int] = set()
    for link in page.links:
        if link.kind != "bare" or not link.address.startswith(("http://", "https://")):
            continue
        number = page.source.line_of(link.span.start)
        start = page.source.starts[number]
        line = page.lines[number]
        before = line[: link.span.start - start]
        is_only = _ITEM.match(before) or _is_alone(page, number, before)
        if line[link.span.end - start :].strip() or not (is_only or _NAMED_ITEM.match(before)):
            continue
        heading = next((heading for heading in reversed(page.headings) if heading.line < number), None)
        of_sources = _SOURCES.search if is_only else _LIST_OF_SOURCES.fullmatch
        if heading is not None and heading.line not in spoken and of_sources(heading.text.strip()):
            spoken.add(heading.line)
            yield RULE.at(
                link.span,
                "on this site an address in the text is no link, so the reader has to copy it",
                help="write `[text](address)` or `<address>`",
            )


def _is_alone(page: Page, number: int, before: str) -> bool:
    """Whether an address is a paragraph of its own."""
    leaf = page.leaf_by_line.get(number)
    return not before.strip() and leaf is not None and leaf.kind == "p" and len(leaf.rows) == 1


@lru_cache(maxsize=8)
def _may_link(config: Config) -> bool:
    """Whether something on the site makes links of addresses, or may do so."""
    may_read_any = bool(config.reading_extensions) or own_syntax(config) or bool(config.hooks)
    return config.has("pymdownx.magiclink") or may_read_any
