"""A misspelt word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.site import Site
from docscheck.source import Span
from docscheck.spelling import WORD, misspelt

RULE = Rule("PRO104", "misspelt-word", Severity.WARNING)
_SMALL = "the of and to a in is it for that this with on are as be by an or not you can from at which when if"
_COMMON = frozenset(_SMALL.split())
_FOREIGN = re.compile(r"[^\W\d_a-zA-Z]{1,3}")


def facts(page: Page) -> dict[str, list[int]]:
    """Words of the page that may be misspelt, with the places where they stand."""
    if not page.config.language.startswith("en") or not _is_english(page):
        return {}
    unknown = set(WORD.findall(page.prose)) - _RIGHT
    wrong = misspelt(dict.fromkeys(unknown, 1))
    _RIGHT.update(unknown - wrong.keys())
    if not wrong:
        return {}
    found: dict[str, list[int]] = {}
    for match in WORD.finditer(page.prose):
        if match[0] in wrong:
            found.setdefault(match[0], []).append(match.start())
    return found


_RIGHT: set[str] = set()
"""Words that were looked up and are right however rare."""


def compare(site: Site, pages: Mapping[str, dict[str, list[int]]]) -> Iterator[tuple[str, Finding]]:
    """Report the words that the whole site does not use often enough to be its own."""
    counts: Counter[str] = Counter()
    for words in pages.values():
        counts.update({word: len(places) for word, places in words.items()})
    wrong = misspelt(counts)
    for uri, words in pages.items():
        for word in sorted(words.keys() & wrong.keys()):
            for start in words[word]:
                message, help = f"`{word}` is misspelt", f"did you mean `{wrong[word]}`?"
                yield uri, RULE.at(Span(start, start + len(word)), message, help=help)


def _is_english(page: Page) -> bool:
    """Whether enough of a page's words are the small words of English; pages in two languages are left alone."""
    small = sum(map(_COMMON.__contains__, page.words))
    foreign = 0 if page.prose.isascii() else len(_FOREIGN.findall(page.prose))
    plain = sum(map(str.isalpha, page.words))
    return small * 8 >= plain and foreign * 10 <= plain
