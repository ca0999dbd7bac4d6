"""Lines that were meant to define a label and define nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule
from docscheck.labels import fold, labels, used
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.inline import Link
from docscheck.patterns import lazy
from docscheck.source import Span

UNDEFINED = Rule("LNK401", "undefined-label")
_APART = lazy(r"^[ \t>]*(\[[^\[\]^\n]+\]([ ]+):)[ ]*<?(?:https?://|\.{0,2}/|[\w/-]+\.(?:md|html|png)\b)\S*[ ]*$", re.M)
_SPACE_IN_ADDRESS = lazy(r"<?(?:https?://|\.{1,2}/|/)[^\s\"'<(]+(?:[ ]+[^\s\"'<({]+)+[ ]*")
_IS_ADDRESS = lazy(r"<?(?:https?://|\.{0,2}/|#|[\w/-]+\.(?:md|html|png|svg|jpe?g|pdf)\b)\S*[ ]*$")
_ALMOST = lazy(
    r"[ \t>]*(?:\[(?P<label>[^\]\n]+)\]|\\\[(?P<escaped>[^\]\n\\]+)\\?\]|\((?P<round>[^()\n]+)\)(?=:))"
    r"(?P<colon>[:：]?|[ ]?=)[ \t]*(?P<rest>.*)$"
)
"""A line that looks like the definition of a label."""


@of_page
def _almost_defined(page: Page) -> dict[str, Finding]:
    """What was meant to define a label: a line without its colon, in a block of code, with an open title or escaped."""
    found: dict[str, Finding] = {}
    for number, line in enumerate(page.lines):
        match = _ALMOST.match(line) if "]" in line or "):" in line else None
        if match is None or number in page.fenced_lines:
            continue
        label = match["label"] or match["escaped"] or match["round"]
        fault = _fault(page, number, match)
        if fault and fold(label) not in found:
            finding = UNDEFINED.at(page.source.content_span(number), fault, help=f"write `[{label}]: address`")
            found[fold(label)] = finding
    return found


def _fault(page: Page, number: int, match: re.Match[str]) -> str:
    """What is wrong with a line that looks like the definition of a label."""
    leaf = page.leaf_by_line.get(number)
    if not match["label"]:
        is_definition = match["colon"] and _IS_ADDRESS.match(match["rest"])
        return "this defines nothing, and is printed" if is_definition else ""
    if not match["colon"]:
        return "without a colon this defines nothing" if _IS_ADDRESS.match(match["rest"]) else ""
    if match["colon"].endswith("="):
        return "an equals sign defines nothing" if _IS_ADDRESS.match(match["rest"]) else ""
    if match["colon"] == "：":
        return "a full-width colon defines nothing" if _IS_ADDRESS.match(match["rest"]) else ""
    if leaf is not None and leaf.kind == "code":
        return "indented like this, it is code and defines nothing"
    if _SPACE_IN_ADDRESS.fullmatch(match["rest"]):
        return "there is a space in this address, so this defines nothing"
    if match["rest"].count('"') == 1:
        return "the title of this address is never closed, so this defines nothing"
    return ""


def broken_definition(page: Page, link: Link) -> Finding | None:
    """What was meant to define the label of a link."""
    return _almost_defined(page).get(fold(link.label))


@of_page
def in_fences(page: Page) -> dict[str, int]:
    """The labels that are defined between the marks of a fence, where this defines nothing, with their lines."""
    found: dict[str, int] = {}
    for number in page.fenced_lines:
        match = _ALMOST.match(page.lines[number]) if "]:" in page.lines[number] else None
        if match and match["label"] and _IS_ADDRESS.match(match["rest"]):
            found[fold(match["label"])] = number
    return found


def hidden_definition(page: Page, link: Link) -> Finding | None:
    """A link whose label is defined inside a fence."""
    line = in_fences(page).get(fold(link.label))
    if line is None:
        return None
    message = f"line {line + 1}, inside a fence, does not define the label `{link.label}`, so the brackets are printed"
    return UNDEFINED.at(link.span, message, help="put the definition outside the fence")


def spoilt_definitions(page: Page, defined: frozenset[str]) -> Iterator[Finding]:
    """Lines that were meant to define a label and do not, which holds whoever else reads labels."""
    if "]" in page.signs and (page.fences or _SPOILT.search(page.signs)):
        for link in page.links:
            if link.kind == "full" and fold(link.label) not in defined and not link.label.startswith(("^", "@", "!")):
                broken = broken_definition(page, link) or hidden_definition(page, link)
                if broken:
                    yield broken


_SPOILT = lazy(r"\n>*(?:\[\]:[^\n\"]*\"(?=[^\"\n]*(?:\n|$))|\\\[\\?\]:|\(\):)")
"""What the signs of such lines look like: an open title, escaped brackets, round ones."""
_EMPTY = lazy(r"^[ ]{0,3}(\[([^\[\]^\n]+)\]:)[ ]*(?=\n[ ]*\n|\n?\Z)", re.M)


def without_address(page: Page) -> Iterator[Finding]:
    """A label that a link uses, and nothing behind its colon."""
    for match in _EMPTY.finditer(page.prose):
        if fold(match[2]) in used(page) and fold(match[2]) not in labels(page):
            yield UNDEFINED.at(
                Span(*match.span(1)), "this label has no address, so it is printed", help="add the address"
            )


def with_space(page: Page) -> Iterator[Finding]:
    """A definition with a space before its colon is a line of text."""
    for match in _APART.finditer(page.prose):
        leaf = page.leaf_by_line.get(page.source.line_of(match.start(1)))
        if leaf is not None and leaf.kind not in ("code", "maths"):
            yield UNDEFINED.at(
                Span(*match.span(1)),
                "there is a space before the colon, so this is printed and defines nothing",
                help="remove the space",
                fix=Edit(Span(*match.span(2)), ""),
            )


BEGINS_A_LINE = lazy(r"\n\[[^\[\]\n]*\](?:(?![(\[:])|:(?=//))")
"""What the signs of a line look like that begins with brackets which are no link."""
_NO_COLON = lazy(
    r"^[ \t>]*\[([^\]^\n]+)\](?:[ ]+|[ ]?=[ ]?)"
    r"(?:https?://|\.{0,2}/|\#|[\w/-]+\.(?:md|html|png|svg|jpe?g|pdf)\b)[^\s\[\]]*[ ]*$",
    re.M,
)
_BEHIND_TEXT = lazy(r"(?<=\S)[ ]+(\[([^\[\]^\n]+)\]:[ ]+<?(?:https?://|\.{0,2}/|[\w/-]+\.(?:md|html)\b)\S*)[ ]*$", re.M)


def defined_behind_text(page: Page, defined: frozenset[str]) -> dict[str, Finding]:
    """Labels that a link uses and that are defined behind other words of a line, where nothing defines one."""
    found: dict[str, Finding] = {}
    for match in _BEHIND_TEXT.finditer(page.prose):
        label, place = fold(match[2]), match.start(1)
        if label not in defined and any(fold(o.label) == label and o.span.start != place for o in page.links):
            message = "a label is defined only on a line of its own, so this is printed"
            found[label] = UNDEFINED.at(
                Span(*match.span(1)), message, help="put it on a line of its own, after a blank one"
            )
    return found


def defined_without_colon(page: Page, defined: frozenset[str]) -> Iterator[tuple[str, Finding]]:
    """Lines that were meant to define a label of which a link elsewhere makes use."""
    wanted = Counter(fold(link.label) for link in page.links if link.label)
    lost = {label for label, links in wanted.items() if links > 1 and label not in defined}
    for match in _NO_COLON.finditer(page.prose) if lost else ():
        label = fold(match[1])
        line = page.source.line_of(match.start(1))
        if label in lost and line not in page.fenced_lines:
            help = f"write `[{match[1]}]: address`"
            yield label, UNDEFINED.at(page.source.content_span(line), "without a colon this defines nothing", help=help)
