"""A title without quotes: its words are printed, or become CSS classes and are lost."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.box_types import MODIFIERS
from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.known_types import page_types
from docscheck.page import Page
from docscheck.page.opener import Opener
from docscheck.plugins import own_syntax
from docscheck.rules.boxes import shows_marks, until_then, with_fault
from docscheck.source import Span

RULE = Rule("BOX104", "unquoted-title", Severity.ERROR)


def check(page: Page) -> Iterator[Finding]:
    for opener in with_fault(page, "unquoted-title"):
        yield RULE.at(
            opener.part,
            "the title has no quotes",
            help=f'put it in `"…"`; {until_then(opener)}',
            proof=shows_marks(opener),
            fix=_quoted(page, opener.part),
        )
    for opener in page.openers:
        if opener.node is not None and opener.kind in ("box", "details"):
            words = opener.node.name.split()[1:]
            if words and opener.node.title is not None:
                yield from _before_title(page, opener, words)
            elif (
                words
                and not _is_shown_anyway(opener.node.name)
                and not _may_be_read(page, opener.node.name)
                and (_are_a_title(page, words) or _is_capitalised(page, opener.node.name))
            ):
                span = _words_span(page, opener)
                yield RULE.at(
                    span,
                    "the title has no quotes, so its words become CSS classes and are not shown",
                    help='put the title in `"…"`',
                    fix=_quoted(page, span) if opener.node.name.split()[0].lower() in page_types(page) else None,
                )


def _is_shown_anyway(name: str) -> bool:
    """Whether the word behind the type is the type itself, which is the title of a box without one: `note Note`."""
    first, _, second = name.partition(" ")
    return second.istitle() and second.casefold() == first.casefold()


def _may_be_read(page: Page, name: str) -> bool:
    """Whether small words behind a type that no theme knows may be for a plugin: `exercise text short`."""
    return name.islower() and own_syntax(page.config) and name.split()[0] not in page_types(page)


def _before_title(page: Page, opener: Opener, words: list[str]) -> Iterator[Finding]:
    """A title whose quotes begin too late: its first words are CSS classes."""
    lost = [word for word in words if word[0].isupper() and word.lower() not in MODIFIERS | page_types(page)]
    if lost and not (page.site is not None and set(lost) & page.site.css_classes):
        yield RULE.at(
            page.source.find(opener.line, lost[0]),
            f"`{lost[0]}` is before the opening quote of the title, so it becomes a CSS class and is not shown",
            help='put the opening `"` of the title before it',
        )


def _are_a_title(page: Page, words: list[str]) -> bool:
    known = MODIFIERS | page_types(page) | (page.site.css_classes if page.site else frozenset())
    unknown = [word for word in words if word.lower() not in known]
    if not unknown:
        return False
    return any(not word.islower() for word in unknown) or len(unknown) > 1


def _is_capitalised(page: Page, name: str) -> bool:
    """Whether the one word behind a type in small letters is another type's name, written as a title: `note Hint`."""
    first, _, second = name.partition(" ")
    return first.islower() and second.istitle() and second.isalpha() and second.lower() in page_types(page)


def _words_span(page: Page, opener: Opener) -> Span:
    text = page.source.text[opener.span.start : opener.span.end]
    first = re.search(r"[\w-]+ +", text)
    return Span(opener.span.start + (first.end() if first else 0), opener.span.end)


def _quoted(page: Page, span: Span) -> Edit | None:
    title = page.source.text[span.start : span.end]
    return Edit(span, f'"{title}"') if '"' not in title and title.strip() else None
