"""Two links without anything between them: they read as one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.labels import fold, labels
from docscheck.page import Page
from docscheck.parse.inline import Link
from docscheck.source import Span

RULE = Rule("LNK502", "links-run-together", Severity.WARNING)
_ON_PURPOSE = 3
"""So many links in a row, with nothing between them, are no slip."""


def check(page: Page) -> Iterator[Finding]:
    """Compare the end of each link with the beginning of the next."""
    links = [link for link in page.links if link.kind in ("inline", "full") and not link.image]
    if any(link.kind == "full" for link in links):
        defined = labels(page)
        links = [link for link in links if link.kind == "inline" or fold(link.label) in defined]
    chained = {link.span.start for chain in _chains(links) for link in chain}
    for first, second in pairwise(links):
        if second.span.start in chained:
            continue
        apart = page.source.text[second.text_span.start : second.text_span.start + 1] == "["  # brackets that are shown
        if first.span.end == second.span.start and _has_words(page, first) and _has_words(page, second) and not apart:
            yield RULE.at(
                Span(second.span.start, second.span.start + 1),
                "this link begins where another ends, so the two look like one",
                help="put a space, or words, between them",
                label="the second link begins here",
                fix=Edit(Span(first.span.end, first.span.end), " "),
            )


def _chains(links: list[Link]) -> Iterator[list[Link]]:
    """Links of which each begins where another ends: many of them in a row, such as one for each letter of a word."""
    chain: list[Link] = []
    for link in links:
        if not chain or chain[-1].span.end != link.span.start:
            if len(chain) >= _ON_PURPOSE:
                yield chain
            chain = []
        chain.append(link)
    if len(chain) >= _ON_PURPOSE:
        yield chain


def _has_words(page: Page, link: Link) -> bool:
    """Whether the link shows text; pictures and icons stand side by side on purpose."""
    text = page.source.text[link.text_span.start : link.text_span.end]
    return not text.startswith(("!", ":", "<")) and any(char.isalpha() for char in text)
