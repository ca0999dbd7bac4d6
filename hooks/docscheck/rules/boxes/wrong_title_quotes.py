"""A title in quotes the parser does not know: single, curly, backticks, brackets."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.page.opener import Opener
from docscheck.rules.boxes import shows_marks, until_then, with_fault

RULE = Rule("BOX102", "wrong-title-quotes", Severity.ERROR)
_PAIRS = {"“": "”", "«": "»", "„": "“”", "‘": "’", "'": "'", "‹": "›", "「": "」", "『": "』", "＂": "＂", "”": "”"}


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "wrong-quotes"):
        if page.lines[opener.line].count("!!!") > 1:
            continue  # marks on both sides of a shout
        title = page.source.text[opener.part.start : opener.part.end]
        yield RULE.at(
            opener.part,
            f"a title is written in straight double quotes, not in `{title[0]}`",
            help=f'write `"…"`; {until_then(opener)}',
            proof=shows_marks(opener),
            fix=_straight(opener, title),
        )


def _straight(opener: Opener, title: str) -> Edit | None:
    if len(title) > 2 and title[-1] in _PAIRS.get(title[0], "") and '"' not in title:
        inner = title[1:-1].strip(" \u00a0\u202f").strip(title[0])
        return Edit(opener.part, f'"{inner}"')
    return None
