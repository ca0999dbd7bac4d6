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

_COMMON = frozenset(
    [
        "the",
        "of",
        "and",
        "to",
        "a",
        "in",
        "is",
        "it",
        "for",
        "that",
        "this",
        "with",
        "on",
        "are",
        "as",
        "be",
        "by",
        "an",
        "or",
        "not",
        "you",
        "can",
        "from",
        "at",
        "which",
        "when",
        "if",
    ]
)
_WORDS = re.compile(r"[^\W\d_]+")
RULE = Rule("PRO104", "misspelt-word", Severity.WARNING)


def check_site(site: Site, pages: Iterable[Page]) -> Iterator[tuple[Page, Finding]]:
    if not site.config.language.startswith("en"):
        return
    found = [
        (page, match[0], match.start()) for page in pages if _is_english(page) for match in WORD.finditer(page.prose)
    ]
    counts = Counter(word for _, word, _ in found)
    wrong = misspelt(counts)
    for page, word, start in found:
        if word in wrong:
            yield (
                page,
                RULE.at(Span(start, start + len(word)), f"`{word}` is misspelt", help=f"did you mean `{wrong[word]}`?"),
            )


def _is_english(page: Page) -> bool:
    """Whether enough of a page's words are the small words of English; pages in two languages are left alone."""
    words = _WORDS.findall(page.prose)
    small = sum(word.lower() in _COMMON for word in words)
    foreign = sum(not word.isascii() for word in words)
    return small * 8 >= len(words) and foreign * 10 <= len(words)
