"""A misspelt word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.site import Site
from docscheck.source import Span
from docscheck.spelling import WORD, misspelt

RULE = Rule("PRO104", "misspelt-word", Severity.WARNING)
_COMMON = frozenset(
    ["the", "of", "and", "to", "a", "in", "is", "it", "for", "that", "this", "with", "on", "are", "as", "be", "by", "an", "or", "not", "you", "can", "from", "at", "which", "when", "if"]
)
_FOREIGN = re.compile(r"[^\W\d_a-zA-Z]{1,3}")


def check_site(site: Site, pages: Iterable[Page]) -> Iterator[tuple[Page, Finding]]:
    """Count the words of all English pages, then look up those that are misspelt."""
    if not site.config.language.startswith("en"):
        return
    words = [(page, WORD.findall(page.prose)) for page in pages if _is_english(page)]
    counts = Counter(word for _, found in words for word in found)
    wrong = misspelt(counts)
    for page, found in words:
        if wrong and not wrong.keys().isdisjoint(found):
            yield from ((page, finding) for finding in _findings(page, wrong))


def _findings(page: Page, wrong: dict[str, str]) -> Iterator[Finding]:
    for match in WORD.finditer(page.prose):
        if match[0] in wrong:
            yield RULE.at(Span(*match.span()), f"`{match[0]}` is misspelt", help=f"did you mean `{wrong[match[0]]}`?")


def _is_english(page: Page) -> bool:
    """Whether enough of a page's words are the small words of English; pages in two languages are left alone."""
    small = sum(map(_COMMON.__contains__, page.words))
    foreign = 0 if page.prose.isascii() else len(_FOREIGN.findall(page.prose))
    return small * 8 >= len(page.words) and foreign * 10 <= len(page.words)
