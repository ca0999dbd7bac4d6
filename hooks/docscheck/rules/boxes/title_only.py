"""Text that was meant for a box with a title, beside it after a blank line.

On many sites a box that is only a title marks what follows ("Dynamic setting"): a title that recurs so is a style,
and so is a type of which most boxes on a page are like that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from docscheck.diagnostics import Finding
from docscheck.page import Page
from docscheck.rules.boxes import NOUN
from docscheck.rules.boxes.bodies import OUTSIDE, body_beside, boxes_around, proof_outside
from docscheck.site import Site
from docscheck.source import Span

RULES = ()
_MANY = 2
_LABELS = 4
"""So many boxes of one type with nothing but a title are labels, if at most half as many have a body too."""
_HABIT = 5
"""A type of box with so many titles and nothing else on a site is meant so, if text follows a few of them only."""
_FEW = 3
"""Of so many boxes of a type text follows one."""

Fact = list[int | str]
"""The header, what it opens, its line, and the line, place and end of the text beside; last the boxes around.

The first of a page has no header but the titles of all boxes that are nothing else.
"""


def facts(page: Page) -> list[Fact]:
    """The boxes of a page that have a title only, and text beside them that may be their body."""
    if "!!!" not in page.signs and "???" not in page.signs:
        return []
    found: list[Fact] = []
    titled = [opener.node for opener in page.openers if opener.node is not None and opener.node.title]
    bare = Counter(node.name for node in titled if not node.children)
    if bare:
        found.append(["", *(f"{node.name} {node.title}" for node in titled if not node.children)])
    full = Counter(node.name for node in titled if node.children)
    for opener in page.openers:
        number = body_beside(page, opener)
        if number is not None and opener.node is not None:
            if bare[opener.node.name] >= max(_LABELS, 2 * full[opener.node.name]):
                continue
            span = page.source.content_span(number)
            named = f"{opener.node.name} {opener.node.title}".casefold()
            found.append([named, opener.kind, opener.line, number, span.start, span.end, boxes_around(opener)])
    return found


def compare(site: Site, pages: Mapping[str, list[Fact]]) -> Iterator[tuple[str, Finding]]:
    """Report those whose header the site does not repeat, unless boxes of that type are often titles only."""
    counts = Counter(fact[0] for found in pages.values() for fact in found)
    headers = {header for found in pages.values() for fact in found if not fact[0] for header in fact[1:]}
    bare = Counter(map(_type, headers))
    beside = Counter(_type(fact[0]) for found in pages.values() for fact in found if fact[0])
    for uri, found in pages.items():
        for named, kind, line, number, start, end, around in (fact for fact in found if fact[0]):
            name, _, title = str(named).partition(" ")
            if bare[name] >= max(_HABIT, _FEW * beside[name]):
                continue
            if counts[named] < _MANY or title == name:
                yield (
                    uri,
                    OUTSIDE.at(
                        Span(int(start), int(end)),
                        f"this is outside the {NOUN[str(kind)]} opened on line {int(line) + 1}",
                        help="indent it by four spaces more than the header",
                        proof=proof_outside(int(around), int(number)),
                    ),
                )


def _type(header: int | str) -> str:
    return str(header).partition(" ")[0].casefold()
