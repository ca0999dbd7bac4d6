"""A heading with nothing under it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.headings import Heading
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.headings import is_accident, outline

RULE = Rule("HDG111", "empty-section", Severity.WARNING)
_STANDS_ALONE = lazy(r"\]\(|\]\[|^\[?unreleased\b|^(?:heading|h)[ -]?[1-6]$", re.I)
"""A heading that leads elsewhere, waits for a release, or shows what one of its level looks like."""
_SAYS_ALL = lazy(r"[。！!；;][*_]*$|(?:\S+[ ]+){2}\S+[^\W\d_]{2}[`)]*\.[*_]*$")
"""A heading that is the text itself: a step or a rule, with its full stop."""
_ASIDE = lazy(r"\(.*\)$|\*(?!\*)[^*]+$")
"""A heading that is an aside to the one above it, or a note that a star refers to: both are small on purpose."""
_FIRST_LINE = 4
"""The first line of a title of two has so many words."""
_STEP = lazy(r"(?:[Ss]tep )?\d+[.):]?[ ]+(?=.*\byou(?:r\b|\b))(?:\S+[ ]+){5}")
"""The same of a numbered step that tells its reader in many words what to do."""
_FILLED = lazy(
    r"\b(?:begin|start|end|auto\w*|generat\w+|insert\w*|includ\w+|replac\w+|injected|rendered|prettier|markdownlint"
    r"|table|list|content|snippet|do not|toc|empty|redirect\w*)\b|[={}<]|:(?!\s)",
    re.I,
)
"""What a comment says that a program fills or reads."""
_PLAN = lazy(r"\s*(?:to ?do|tbd|tba|fixme|write|fill in|describe|explain|finish|expand|coming soon)\b", re.I)
"""What a short comment begins with that is a note, too."""
_SENTENCE = 6
"""With a colon, only a comment of so many words is a note."""
_RULE = lazy(r"[ ]{0,3}(?:-{3,}|\*{3,}|_{3,}|(?:[ ]*(?:</?(?:br|hr)\b[^<>]*>|&nbsp;))+|\.{3}|…)[ ]*")
"""A line, empty space, or dots for what is to come."""
_HABIT = 3
"""From so many titles of several lines on, a page has all of its titles so."""


def _title_lines(headings: list[Heading]) -> list[bool]:
    """Which headings are lines of one title: those on lines that follow each other, of several levels or throughout."""
    runs: list[list[Heading]] = []
    for heading in headings:
        if runs and runs[-1][-1].line == heading.line - 1:
            runs[-1].append(heading)
        else:
            runs.append([heading])
    is_habit = sum(len(run) > 1 for run in runs) >= _HABIT
    return [heading is not run[-1] and (is_habit or _goes_down(run)) for run in runs for heading in run]


def _goes_down(run: list[Heading]) -> bool:
    """Whether headings go from a higher level to a lower one, as a title, a name and a date."""
    levels = [heading.level for heading in run]
    return levels[0] < levels[-1] and levels == sorted(levels)


def check(page: Page) -> Iterator[Finding]:
    headings = [heading for heading in outline(page) if heading.markup.strip() and not _is_bold_accident(page, heading)]
    headings = [heading for heading in headings if heading.level == 1 or any(map(str.isalnum, heading.text))]
    title_lines: list[bool] = []
    for index, heading in enumerate(headings):
        following = headings[index + 1] if index + 1 < len(headings) else None
        if following is not None and following.level > heading.level:
            continue
        end = following.line if following else len(page.lines)
        first = heading.line + (2 if heading.node.kind == "setext" else 1)
        if not _is_empty(page, first, end) or _STANDS_ALONE.search(heading.markup):
            continue
        if heading.level > 1 and heading.node.kind != "setext" and _says_all(heading.markup.strip()):
            continue
        if heading.level > 1 and _ASIDE.match(heading.markup.strip()):
            continue
        if following is not None and following.level == heading.level and following.text[:1].islower():
            words = following.text.split()
            is_long = heading.text[:1].isupper() and len(heading.text.split()) >= _FIRST_LINE
            if is_long and len(words) > 1 and words[0].isalpha():
                continue  # the first line of a title of two
        is_title = heading.level == 1 or (following is not None and following.level < heading.level)
        if (index == 0 and is_title) or heading.markup.startswith(":::"):
            continue  # templates and plugins fill it, or it is the page's title, on a level of its own
        if heading.node.kind == "setext" and is_accident(page, heading.line):
            continue  # a sentence, which another rule tells
        if following is None and _is_index_of_blog(page):
            continue  # the posts follow
        title_lines = title_lines or _title_lines(headings)
        if not title_lines[index]:
            yield RULE.at(heading.span, "this section is empty", help="write the section, or remove its heading")


def _is_index_of_blog(page: Page) -> bool:
    """Whether the blog plugin lists the posts at the end of the page."""
    site = page.site
    return site is not None and bool(site.posts) and page.uri == posixpath.normpath(f"{site.blog}/index.md")


def _is_bold_accident(page: Page, heading: Heading) -> bool:
    """Whether a bold line is a heading by accident: it is text of the section above it."""
    return heading.node.kind == "setext" and heading.markup.startswith("**") and is_accident(page, heading.line)


def _says_all(markup: str) -> bool:
    return _SAYS_ALL.search(markup) is not None or _STEP.match(markup) is not None


def _is_empty(page: Page, first: int, end: int) -> bool:
    """Whether there is nothing between two lines, or nothing but the author's notes."""
    filled = ""
    for number in range(first, min(end, len(page.lines))):
        filled = page.lines[number]
        if filled and not filled.isspace():
            break
    else:
        filled = ""
    if filled[:1].isalpha() and not page.comments and "]:" not in filled:
        return False  # what most are
    lines = page.lines[first:end]
    if not filled or (filled[:1] in " -*_<&.…" and all(not line.strip() or _RULE.fullmatch(line) for line in lines)):
        return True
    unseen = _defining_lines(page) if "]:" in filled else frozenset()
    if unseen and all(not line.strip() or first + n in unseen for n, line in enumerate(lines)):
        return True
    if not page.comments or page.config.hooks or "<!--" not in "".join(lines):
        return False
    inside = [c for c in page.comments if c.closed and first <= page.source.line_of(c.span.start) < end]
    covered = {
        number
        for comment in inside
        for number in range(page.source.line_of(comment.span.start), page.source.line_of(comment.span.end - 1) + 1)
    }
    if any(line.strip() and first + n not in (covered & page.removed_lines) for n, line in enumerate(lines)):
        return False
    return all(_is_note(page.source.text[c.span.start + 4 : c.span.end - 3]) for c in inside)


@of_page
def _defining_lines(page: Page) -> frozenset[int]:
    """The lines that define labels and abbreviations, which no reader sees where they stand."""
    definitions = page.definitions
    return frozenset(
        [row.line for _, row, _ in definitions.labels] + [row.line for _, row in definitions.abbreviations]
    )


def _is_note(text: str) -> bool:
    """Whether a comment is in words: a single one, or one that speaks of what is put there, may be for a plugin."""
    is_long = len(text.split()) > (_SENTENCE if ":" in text else 2)
    return (is_long or _PLAN.match(text) is not None) and not _FILLED.search(text)
