"""Whether an edit does what it offers and no more: the page is checked and rendered again with it.

Edits that stand far enough apart are judged together, more strictly than one alone: to render a long page takes as long
as to check it ten times.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

from docscheck.diagnostics import Edit, Finding, Severity
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.rendering import Rendered
from docscheck.rewriting import applied
from docscheck.running import page_findings, page_proposals
from docscheck.source import Source

_AT_ONCE = 4
"""Edits that are judged as one: a list that becomes one shows that its items are nested by too little."""
found_on, _proposed = of_page(page_findings), of_page(page_proposals)
"""What is found on a page, and what the rules would find: asked for as often as an edit of the page is judged."""


def with_text(page: Page, text: str) -> Page:
    """The same page of its site with another text."""
    return Page(Source(page.path, text), page.config, page.uri, page.site)


def mended_alone(page: Page, offer: Finding, findings: list[Finding]) -> tuple[Page, list[Finding]] | None:
    """The page after a harmless edit, and what is found on it; after others too, where one shows what they mend."""
    assert offer.fix is not None
    candidate = with_text(page, applied(page.source.text, offer.fix))
    known = Counter(finding.rule.code for finding in findings)
    for _ in range(_AT_ONCE):
        remaining = left_after(page, candidate, offer, findings)
        if remaining is not None:
            return candidate, remaining
        shown = found_on(candidate)
        more = Counter(finding.rule.code for finding in shown) - known
        news = next((f for f in shown if f.fix and f.rule.code in more and f.span.start >= offer.fix.span.start), None)
        if news is None or news.fix is None:
            return None
        further = with_text(candidate, applied(candidate.source.text, news.fix))
        if left_after(candidate, further, news, shown) is None:
            return None
        candidate = further
    return None


def left_after(before: Page, after: Page, offer: Finding, findings: list[Finding]) -> list[Finding] | None:
    """What is found after the edit; None where it does harm.

    It does none if the fault is gone, no other has come, and every line outside the part in question renders as before.
    """
    assert offer.fix is not None
    first = before.source.line_of(offer.fix.span.start)
    remaining = found_on(after)
    known = {finding.rule.code for finding in findings}
    shown = [finding for finding in remaining if finding.rule.code not in known]
    if not all(_is_only_shown(after, finding, offer, first) for finding in shown):
        return None
    if len(remaining) - len(shown) >= len(findings) or _count(remaining, offer) >= _count(findings, offer):
        return None
    last = max(_end_of_part(before, first), before.source.line_of(max(offer.fix.span.end - 1, 0)))
    added = after.source.text.count("\n") - before.source.text.count("\n")
    old, new = before.rendered, after.rendered
    if old.failed or new.failed:
        return None
    outside = [line for line in range(before.body, len(before.lines)) if not first - 1 <= line <= last]
    if any(_seen(old, line) != _seen(new, line + added if line > last else line) for line in outside):
        return None
    return remaining if added or _prints_the_same(before, after, range(first, last + 1), 0) else None


class _Part(NamedTuple):
    """A part of a page that an edit may change, and the finding that offers this edit."""

    first: int
    last: int
    offer: Finding
    edit: Edit

    def is_apart(self, other: _Part, lines: Sequence[str]) -> bool:
        """Whether some text stands between this part and another: that it stays what it is, keeps them apart."""
        above, below = sorted((self, other), key=lambda part: part.first)
        return any(map(str.strip, lines[above.last + 1 : below.first - 1]))

    @property
    def grown(self) -> int:
        """How much longer the text becomes."""
        return len(self.edit.replacement) - (self.edit.span.end - self.edit.span.start)

    def holds(self, page: Page, finding: Finding) -> bool:
        """Whether a finding stands in this part."""
        return self.first <= page.source.line_of(finding.span.start) <= self.last


def _part(page: Page, offer: Finding, edit: Edit) -> _Part:
    first = page.source.line_of(edit.span.start)
    last = max(_end_of_part(page, first), page.source.line_of(max(edit.span.end - 1, 0)))
    return _Part(first, last, offer, edit)


def parts_apart(page: Page, offers: Iterable[Finding], most: int) -> list[_Part]:
    """The first offers, with the parts of the page that they change, of which none touches that of another."""
    parts: list[_Part] = []
    for offer in offers:
        if len(parts) < most and offer.fix is not None:
            part = _part(page, offer, offer.fix)
            if all(part.is_apart(other, page.lines) for other in parts):
                parts.append(part)
    return sorted(parts, key=lambda part: part.first)


def quiet_parts(page: Page, parts: list[_Part]) -> list[_Part]:
    """Those of some parts in which the edits bring nothing new to light, which one edit alone may do."""
    trial = with_text(page, _all_applied(page.source.text, parts))
    new = _told(_proposed(trial)) - _told(_proposed(page), parts)
    grown = accumulate((part.grown for part in parts), initial=0)
    begun = [page.source.starts[part.first] + more for part, more in zip(parts, grown, strict=False)]
    loud = {bisect_right(begun, place) - 1 for _, place in new}
    return [part for number, part in enumerate(parts) if number not in loud]


def mended_together(page: Page, parts: list[_Part], findings: list[Finding]) -> tuple[Page, list[Finding]] | None:
    """The page after several harmless edits, and what is found on it; None where one of them would be refused alone.

    Each mends its own fault, and nothing outside its part: for any two edits there is a trial that makes one without
    the other. And no edit reaches beyond its part: how a line is read depends on those above it, and the text between
    two parts is read as before; only definitions work from afar, and these stay.
    """
    proposals = _proposed(page)
    for bit in range(len(parts).bit_length()):
        some = [part for number, part in enumerate(parts) if number >> bit & 1]
        if some:
            trial = with_text(page, _all_applied(page.source.text, some))
            if not _mend_no_others(page, some, proposals, _proposed(trial)):
                return None
    after = with_text(page, _all_applied(page.source.text, parts))
    remaining = found_on(after)
    if not _mend_no_others(page, parts, findings, remaining) or _defined(page) != _defined(after):
        return None
    old, new = page.rendered, after.rendered
    if old.failed or new.failed:
        return None
    added = 0
    line = page.body
    for part in parts:
        if any(_seen(old, number) != _seen(new, number + added) for number in range(line, part.first - 1)):
            return None
        more = part.edit.replacement.count("\n") - page.source.text.count("\n", *part.edit.span)
        if not more and not _prints_the_same(page, after, range(part.first, part.last + 1), added):
            return None
        added, line = added + more, part.last + 1
    if any(_seen(old, number) != _seen(new, number + added) for number in range(line, len(page.lines))):
        return None
    return after, remaining


def _mend_no_others(page: Page, parts: Sequence[_Part], before: list[Finding], after: list[Finding]) -> bool:
    """Whether these edits mend what they are to mend, nothing elsewhere, and bring nothing new."""
    now, expected = _told(after), _told(before, parts)
    inside = [finding for finding in before if any(part.holds(page, finding) for part in parts)]
    return now <= expected and expected - now <= _told(inside, parts)


def _all_applied(text: str, parts: Sequence[_Part]) -> str:
    """The text after the edits of parts in their order."""
    for part in reversed(parts):
        text = applied(text, part.edit)
    return text


def _told(findings: Iterable[Finding], mended: Sequence[_Part] = ()) -> Counter[tuple[str, int]]:
    """What is found, and where; without what some parts offer to mend, and moved to where it stands after that."""
    gone = {(part.offer.rule.code, part.offer.span.start) for part in mended}
    places = [(finding.rule.code, finding.span.start) for finding in findings]
    return Counter(
        (code, start + sum(part.grown for part in mended if part.edit.span.end <= start))
        for code, start in places
        if (code, start) not in gone
    )


def _defined(page: Page) -> tuple[object, ...]:
    """The definitions of a page, which bear on text far from them."""
    defined = page.definitions
    labels = [(label, address) for label, _, address in defined.labels]
    return labels, [name for name, _ in defined.footnotes], [(name, row.text) for name, row in defined.abbreviations]


def _is_only_shown(after: Page, finding: Finding, offer: Finding, line: int) -> bool:
    """Whether a warning is about what the edit brings to light: a link that was printed may have an empty text."""
    is_less = offer.severity == Severity.ERROR and finding.severity == Severity.WARNING
    return is_less and after.source.line_of(finding.span.start) == line


def _prints_the_same(before: Page, after: Page, part: range, added: int) -> bool:
    """Whether an edit that only moves lines to the right moves nothing else: each shows the text that it showed.

    The part is counted in the lines before; edits above it added so many.
    """
    old, new = before.lines[part.start : part.stop], after.lines[part.start + added : part.stop + added]
    if list(map(str.lstrip, old)) != list(map(str.lstrip, new)):
        return True  # an edit of another kind
    return all(
        "".join(printed.text for printed in before.rendered.at(line)).split()
        == "".join(printed.text for printed in after.rendered.at(line + added)).split()
        for line in part
    )


def _count(findings: list[Finding], like: Finding) -> int:
    return sum(finding.rule.code == like.rule.code for finding in findings)


def _end_of_part(page: Page, line: int) -> int:
    """The last line that a change on this one may move: its block, what is indented under it, or the HTML it opens."""
    for block in page.html_blocks:
        if page.source.line_of(block.span.start) == line:
            return page.source.line_of(block.span.end - 1)
    indent = _indent(page.lines[line])
    end = line
    blank = False
    for number in range(line + 1, len(page.lines)):
        text = page.lines[number]
        if not text.strip(" >\t"):
            blank = True
        elif blank and _indent(text) <= indent:
            break
        else:
            end = number
    return end


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" \t>"))


def _seen(rendered: Rendered, line: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    place = rendered.places.get(line)
    chain = tuple(f"{e.tag}.{'.'.join(sorted(e.classes))}" for e in place.chain()) if place else ()
    return chain, tuple(printed.text for printed in rendered.at(line))
