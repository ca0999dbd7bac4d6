"""The page of figures says what its generator prints, whoever worded which of the two last."""

from __future__ import annotations

import re
from pathlib import Path

from archpublish.measure import Found, Seen, page_of

PAGE = Path("docs/contribute/site-measured.md")


def _words(text: str) -> str:
    """The text with each figure, version or list of addresses as one sign."""
    return re.sub(r"(?:`/[^`]*`(?:, )?)+|\d[\d.,-]*|\bnone\b", "#", text)


def test_the_page_has_the_words_of_the_generator() -> None:
    seen = [Seen("a/", 50_000, 0.0), Seen("b/", 100_000, 0.0, explorable=True)]
    made = page_of(seen, Found(310, 0.9, 1.0, 0.9, 3.4), (1, 1), {}, "Lighthouse 1, Chromium 1, axe 1")
    page = _words(PAGE.read_text(encoding="utf-8"))

    missing = [line for line in _words(made).splitlines() if line.strip() and line not in page]

    assert not missing


def test_requests_to_other_hosts_are_counted_apart_from_what_axe_finds() -> None:
    seen = [
        Seen("a/", 1, 0.0, faults=["image-alt: <img>"], strange=["asks https://example.org/", "TypeError"]),
        Seen("b/", 1, 0.0, explorable=True),
    ]

    made = page_of(seen, Found(1, 1.0, 1.0, 1.0, 1.0), (1, 1), {}, "")

    assert "| pages with findings by axe, in either palette | 1 | 0 |" in made
    assert "| requests to other hosts, script errors | 2 | 0 |" in made
