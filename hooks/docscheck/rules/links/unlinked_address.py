"""Addresses that readers are to follow, on a site where an address in the text is no link.

They stand alone among the sources, or behind words that send the reader there; any other may be a value.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from docscheck.config import Config
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.plugins import own_syntax
from docscheck.source import Span

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
_SENT = lazy(
    r"(?:(?:(?:^|[>(.;:,!?–—])[ ]*|\b(?:[Pp]lease|details|information|more|discussion|and|or|but)[ ])[Ss]ee(?: also)?"
    r"|\b(?:[Cc]onsult|[Cc]heck out|[Ll]ook here|(?:details?|more|information),? (?:check|see|visit|read)"
    r"|(?:documented|described|explained|discussed|listed|announced|found) (?:at|here|in|on)"
    r"|(?:documentation|docs|details|information|info|instructions|guide|manual|tutorial) (?:is |are )?(?:at|here|on)"
    r"|(?:[Ll]earn|[Rr]ead|[Ff]ind|[Ss]ee) more(?: (?:about|on) (?:this|it|that))? (?:at|here|on)"
    r"|(?:code|sources?|repository|repo|data|datasets?|slides|notes|books?|papers?|articles?|manual|handbook|plans?|videos?"
    r"|recordings?|course|website|homepage|tracker|forum|archive|reports?) (?:is|are|lies?|lives?) (?:at|on|under)"
    r"|siehe(?: auch)?|[Vv]oir(?: aussi)?|véase|zie(?: ook)?|vedi|veja)):?[ ]\(?$"
)
"""What sends the reader to an address."""
_GONE_TO = lazy(r"\b(?:[Vv]isit|[Gg]o to|[Hh]ead (?:over )?to):?[ ]$")
"""The same, of which an address that only stands for another may follow."""
_WINDOW = 60
_PUBLIC = lazy(r"https?://(?:[\w-]+\.)+[a-z]{2,}(?:[/?#][^\s<>{}$*\[\]]*)?$")
"""An address without a port and without a part that the reader has to fill in."""
_FILLED_IN = lazy(
    r"//(?:www\.)?example\.|your|\bmy[-_.]|xxx|\.\.\.|…|//(?:\d+\.){3}|\.(?:local|lan|test|internal|invalid)\b", re.I
)


def check(page: Page) -> Iterator[Finding]:
    """Report the first address of each section that is a source's, or to which the text sends its reader."""
    if _may_link(page.config):
        return
    spoken: set[int] = set()
    sections = [heading.line for heading in page.headings]
    for link in page.links:
        if link.kind != "bare" or not link.address.startswith(("http://", "https://")):
            continue
        number = page.source.line_of(link.span.start)
        start = page.source.starts[number]
        line = page.lines[number]
        before = line[: link.span.start - start]
        place = bisect_left(sections, number) - 1
        if place in spoken:
            continue
        if _is_followed(before, link.address):
            spoken.add(place)
            yield _finding(link.span)
            continue
        is_only = _ITEM.match(before) or _is_alone(page, number, before)
        if line[link.span.end - start :].strip() or not (is_only or _NAMED_ITEM.match(before)):
            continue
        of_sources = _SOURCES.search if is_only else _LIST_OF_SOURCES.fullmatch
        if place >= 0 and of_sources(page.headings[place].text.strip()):
            spoken.add(place)
            yield _finding(link.span)


def _finding(span: Span) -> Finding:
    return RULE.at(
        span,
        "on this site an address in the text is no link, so the reader has to copy it",
        help="write `[text](address)` or `<address>`",
    )


def _is_followed(before: str, address: str) -> bool:
    """Whether the words before an address send the reader there, and nothing of it has to be filled in."""
    said = before[-_WINDOW:]
    is_sent = _SENT.search(said) or (_GONE_TO.search(said) and "example." not in address)
    if not is_sent:
        return False
    return _PUBLIC.match(address.rstrip(".,;:!?)")) is not None and not _FILLED_IN.search(address)


def _is_alone(page: Page, number: int, before: str) -> bool:
    """Whether an address is a paragraph of its own."""
    leaf = page.leaf_by_line.get(number)
    return not before.strip() and leaf is not None and leaf.kind == "p" and len(leaf.rows) == 1


@lru_cache(maxsize=8)
def _may_link(config: Config) -> bool:
    """Whether something on the site makes links of addresses, or may do so."""
    may_read_any = bool(config.reading_extensions) or own_syntax(config) or bool(config.hooks)
    return config.has("pymdownx.magiclink") or may_read_any
