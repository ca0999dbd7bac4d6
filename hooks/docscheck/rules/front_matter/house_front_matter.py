"""House rules (profile `kb`): which keys a page of this knowledge base has, in which order, with which values."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.page import Page
from docscheck.source import Span

MISSING = Rule("FRM201", "missing-page-key", profile="kb")
ORDER = Rule("FRM202", "page-key-order", profile="kb")
VALUE = Rule("FRM203", "unknown-page-value", profile="kb")
TITLE = Rule("FRM204", "title-in-text", profile="kb")
RULES = (MISSING, ORDER, VALUE, TITLE)

_REQUIRED = ("title", "description", "page-type", "checked")
_KEYS = "title description page-type template family spec aliases hide render_macros search added checked"
_ORDER = tuple(_KEYS.split())
_TYPES = "landing hub architecture building-block concept case-study reference tool contribute"
_FAMILIES = """
transformers recurrent hybrids mixture-of-experts diffusion visual-tokens classic multimodal llms learning alignment
scaling-inference
"""
_VALUES = {"page-type": frozenset(_TYPES.split()), "family": frozenset(_FAMILIES.split())}
_DAYS = {"added": "on which the page appeared", "checked": "of the last check"}


def check(page: Page) -> Iterator[Finding]:
    """Judge the front matter of a page, and that its title stands there alone."""
    if page.config.profile != "kb" or page.front_matter.error:
        return
    data = page.front_matter.data
    for key in _REQUIRED:
        if not data.get(key):
            message = f"the front matter has no `{key}`"
            yield MISSING.at(page.source.content_span(0) if page.lines else Span(0, 0), message, help=f"add `{key}: …`")
    yield from _order(page)
    yield from _values(page)
    for heading in page.headings:
        if heading.level == 1:
            message = "the title is in the front matter; here it is shown a second time"
            yield TITLE.at(heading.span, message, help="begin the text with a sentence, and sections with `##`")


def _order(page: Page) -> Iterator[Finding]:
    last = -1
    for key, line in page.front_matter.key_lines:
        place = _ORDER.index(key) if key in _ORDER else last
        if place < last:
            message = f"`{key}` comes after `{_ORDER[last]}`"
            yield ORDER.at(page.source.find(line, key), message, help=f"the order is {', '.join(_ORDER)}")
        last = max(last, place)


def _values(page: Page) -> Iterator[Finding]:
    lines = dict(page.front_matter.key_lines)
    data = page.front_matter.data
    for key, allowed in _VALUES.items():
        if key in data and str(data[key]) not in allowed:
            message = f"`{data[key]}` is not a known `{key}`"
            yield VALUE.at(
                page.source.content_span(lines[key]), message, help=f"use one of {', '.join(sorted(allowed))}"
            )
    for key, meaning in _DAYS.items():
        if key in data and not _is_past(data[key], page):
            message = f"`{key}` is not a date, or is in the future"
            yield VALUE.at(page.source.content_span(lines[key]), message, help=f"write the day {meaning}")
    description = str(data.get("description") or "").strip()
    if description and not description.endswith((".", "?", "!")):
        message = "the description is not a full sentence"
        yield VALUE.at(page.source.content_span(lines["description"]), message, help="end it with a full stop")


def _is_past(value: object, page: Page) -> bool:
    today = page.site.today if page.site else datetime.date.today()
    return isinstance(value, datetime.date) and value <= today
