"""A `+` or `-` where the header takes none."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.page.opener import Opener
from docscheck.rules.boxes import shows_marks, until_then, with_fault
from docscheck.words.distance import nearest

RULE = Rule("BOX106", "wrong-modifier", Severity.ERROR)
_HELP = {
    "box": "`!!!` takes no sign; a box that folds is `???`, and one that is open at first is `???+`",
    "details": "a folded box is `??? type`; one that is open at first is `???+ type`, with no space before the `+`",
    "beside": "`!!! type inline` puts a box to the left of the text, `!!! type inline end` to the right",
    "tab": "`===+` selects a tab and `===!` begins a new set of tabs; the sign follows the marks directly",
}
_SIDES = frozenset(["left", "right", "start", "begin", "beginning", "ends", "edn", "ned", "en", "center", "centre"])
"""What is written for `end`, or as if the side where `inline` puts a box anyway had a name."""


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "wrong-modifier"):
        sign = page.source.text[opener.part.start : opener.part.end]
        yield RULE.at(
            opener.part,
            f"`{sign}` is not allowed here",
            help=f"{_HELP[opener.kind]}; {until_then(opener)}",
            proof=shows_marks(opener),
        )
    folded = [opener.node.name.split() for opener in page.openers if opener.kind == "details" and opener.node]
    is_habit = sum("-" in words for words in folded) > 1
    for opener in page.openers:
        is_box = opener.node is not None and opener.kind in ("box", "details")
        # The class does no harm: who writes it again and again has seen the page.
        if is_box and opener.node and "-" in opener.node.name.split() and not (opener.kind == "details" and is_habit):
            dash = page.source.find(opener.line, "-")
            is_at_marks = opener.kind == "details" and "???-" in page.lines[opener.line]
            yield RULE.at(
                dash,
                "`-` is not allowed here: it becomes a CSS class",
                help=_HELP[opener.kind],
                fix=Edit(dash, "") if is_at_marks else None,  # folded it is without the sign
                # with a title of its own, the box looks as it was meant
                severity=Severity.WARNING if '"' in page.lines[opener.line] else None,
            )
        if opener.node is not None and opener.kind in ("box", "details"):
            yield from _beside(page, opener, opener.node.name.split())


def _beside(page: Page, opener: Opener, words: list[str]) -> Iterator[Finding]:
    """Words behind the type that were meant for `inline` and `end`."""
    known = page.site.css_classes if page.site is not None else frozenset()
    if opener.kind == "details" and words[1:] and words[0].lower() == "open" and words[0] not in known:
        yield _opened(page, opener, words[0])
    for before, word in pairwise(words):
        lower = word.lower()
        if lower in ("inline-end", "inline_end", "inlineend", "end-inline") and word not in known:
            yield RULE.at(
                page.source.find(opener.line, word),
                f"`{word}` is not a valid position: it becomes a CSS class",
                help=_HELP["beside"],
            )
            continue
        if lower == "open" and opener.kind == "details" and word not in known:
            yield _opened(page, opener, word)
            continue
        if lower in ("inline", "end") or word in known:
            continue
        if (before.lower() == "inline" and lower in _SIDES) or (len(lower) > 4 and nearest(lower, {"inline"})):
            yield RULE.at(
                page.source.find(opener.line, word),
                f"`{word}` is not a valid position: it becomes a CSS class",
                help=_HELP["beside"],
            )


def _opened(page: Page, opener: Opener, word: str) -> Finding:
    return RULE.at(
        page.source.find(opener.line, word),
        "`open` becomes a CSS class, and the box is folded all the same",
        help="write `???+` for a box that is open at first",
    )
