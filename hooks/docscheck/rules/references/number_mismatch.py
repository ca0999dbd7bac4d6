"""A link whose text names one issue, release, RFC, PEP or vulnerability, and whose address leads to another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import external
from docscheck.page import Page
from docscheck.patterns import lazy

RULE = Rule("REF126", "number-mismatch")
_SERIES = (
    # A text with more in it may count something of its own: "idea #1".
    (
        lazy(
            r"\A\s*(?:[\w./-]*\\?#|(?:issue|pr|pull request|merge request|mr|discussion|gh)[ -]\\?#?)(\d+)\s*\Z", re.I
        ),
        lazy(r"/(?:issues|pulls?|merge_requests|discussions|work_items)/(\d+)(?![\w-])"),
    ),
    (
        lazy(r"\A\s*(?:[Vv]ersion |[Rr]elease )?[`*]*v?(\d{1,3}\.\d{1,3}\.\d{1,3})[`*]*(?: release)?\s*\Z"),
        lazy(r"github\.com/[\w.-]+/[\w.-]+/releases/tag/v?(\d{1,3}\.\d{1,3}\.\d{1,3})\Z"),
    ),
    (lazy(r"\bRFC[ -]?(\d{3,5})\b", re.I), lazy(r"\brfc[/-]?(\d{3,5})(?!\d)", re.I)),
    (lazy(r"\bPEP[ -]?(\d{1,4})\b", re.I), lazy(r"\bpep-(\d{4})(?!\d)", re.I)),
    (lazy(r"\bCVE-(\d{4}-\d+)\b", re.I), lazy(r"\bCVE-(\d{4}-\d+)(?!\d)", re.I)),
)
"""How the text and how the address names a member of a series."""
_NUMBER = lazy(r"\d")


def check(page: Page) -> Iterator[Finding]:
    """Compare the number a reader sees with the one that is opened."""
    for mention in external(page):
        if mention.kind not in ("link", "definition") or not _NUMBER.search(mention.text):
            continue
        for seen, opened in _SERIES:
            named = set(seen.findall(mention.text))
            numbers = set(opened.findall(mention.address)) if len(named) == 1 else ()
            if len(numbers) != 1:
                continue
            text, address = *named, *numbers
            if text.lstrip("0") != address.lstrip("0"):
                message = f"the text says {text}, the address {address}"
                yield RULE.at(mention.text_span, message, help="find out which is right, and correct the other")
