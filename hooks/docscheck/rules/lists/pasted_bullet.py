"""Bullets and numbers that Markdown does not know: •, –, 1), pasted from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.blocks import Node, Row
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.rules.lists import is_known_at_margin, items_around, lacks
from docscheck.words.lexicon import telling

RULE = Rule("LST105", "pasted-bullet", Severity.ERROR)
_BULLET = lazy(
    r"[ ]{0,7}([•∙⁃⦁‣◦▪▸►●○■□➢➤➔→»·\uf06c-\uf07f\uf0a7-\uf0b7\uf0d8\uf0e0\uf0fc]|o(?=[ ]{2}|\t)"
    r"|\d\ufe0f?\u20e3|[–—－‐‑−]|--|§(?=[ \u00a0\t]+[^\W\d_])|[☐☑☒✅✔✓❌✗✘]\ufe0f?|[-=]>|\.(?=[ ][^\W\d_]))"
    r"[ \u00a0\t\u3000]+(?=\S)"
    r"|[ ]{0,3}(・|[·•](?=[\u3040-\u9fff]))[ \u3000]*(?=[^\s・])"
    r"|[ ]{0,3}([\u200b-\u200f\u2060\ufeff]+(?:[-*+]|\d+\.)|\u00a0[\u00a0 ]*(?:[-*+]|\d+\.)(?=[ ])"
    r"|(?:[-*+]|\d+\.)\u00a0)[ \u00a0]*(?=\S)"
)
_UNSEEN = "\u00a0\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_BEHIND_UNSEEN = lazy(r"[ \t>]*[\u200b-\u200f\u2060\ufeff]+([-*+]|\d{1,3}\.)[ ]+\S")
_RARE = lazy(r"[.o・–—－‐‑−§·→»☐☑☒✅✔✓❌✗✘■□●○]|\d\ufe0f?\u20e3|[-=]>|--")
"""Signs with which a text may begin once."""
_CAPTIONS = "■□●○"
"""Signs that stand before a caption as often as before an item: several in a row are items."""
_MARKS = lazy(
    r"\)| \.|^[ ]*o[ ]{2}|[．）、①]|\d(?:[-:/。\ufe0f\u20e3]|\.?[-–][ ])|\b(?:[a-zA-Z]|i{1,3})\.|[.*]\u00a0|^\u00a0"
)
_ODD = frozenset("-+=.")
_LETTER = lazy(r"\n[ \t>]*(?:(?:[a-z]|ii)\)|(?:[bB]|ii)\.[ ])")
_SECOND = frozenset(("b.", "ii."))
_CIRCLE = "o"
tells = frozenset((*_SECOND, _CIRCLE)).__contains__
_NUMBER = lazy(
    r"[ ]{0,7}(\(?(\d{1,2}|[a-z]|i{2,3})(?:[.°]?\)|[ ]\.)|([a-zA-Z]|i{1,3})\.)[ ]+(?=\S)"
    r"|[ ]{0,3}(([０-９])[．）])[ \u3000]*(?=[^\s０-９])"
    r"|[ ]{0,3}(（?(\d{1,2})[、．。）]|([①-⑳]))[ \u3000]*(?=[^\s\d、])"
    r"|[ ]{0,3}((\d{1,2})(?:\.?[-–]|[:/]))[ ]+(?=[^\W\d_])"
)
_GOES_ON = lazy(r"(?:,| and| or)(?: (?:that|then|to))?[ ]*$")
_JOINS = lazy(r" (?:and|or)(?: (?:that|then|to))?[ ]*$")
_BREAKS = ("<br>", "<br/>", "<br />", "</br>")
_ODD_NUMBER = lazy(r"[ ]{0,7}((\d{1,3})(?:[),，．。、：]|[ ](?:\.|[-–](?=[ ]))))[ \u3000]*(?=[^\s\d])")
_DASH = lazy(r"([ \t>]*)([–—])[ \u00a0]+(?=[^\W\d_]|[`*\[])")
_STOPPED = lazy(r"([ \t>]*)[-*+][ ]+\S.*[.;:!?。；：！？][ ]*$")
"""An item of one line that ends as sentences and items do."""
_SHORT = lazy(r"[ \t>]*[-*+][ ]+\S.{0,60}$")
_BARE_NUMBER = lazy(r"[ ]{0,3}((\d{1,2}))[ ]+(?=[^\W\d_a-z]|[`*\[])")
_OWN_NUMBER = lazy(r"(\d{1,3})\.")
_ITEM = lazy(r"[ \t>]*(\d{1,3})\.[ ]+\S")
_DASHES = ("–", "—")
_BULLETS = ("-", "*", "+")
_SLIP = lazy(r"([ \t>]*)([.,;~=_'])[ ]+(?=\S)")
_SLIPS = frozenset(".,;~=_'")
_PAIRS = (["1", "2"], ["１", "２"], ["①", "②"], ["a", "b"], ["A", "B"], ["i", "ii"])


def check(page: Page) -> Iterator[Finding]:
    if not is_known_at_margin(page) or page.config.has("pymdownx.fancylists"):
        return
    for node in page.nodes if _may_be_lettered(page) else page.rough_texts:
        if node.kind == "p" or node.tag in ("li", "dd"):
            mark = _lacking(page, node)
            if mark:
                yield RULE.at(
                    page.source.find(node.rows[0].line, mark),
                    f"`{mark}` does not begin an item here, so the list lacks it",
                    help="write the number with a full stop and a space: `1. `",
                    proof=prints(node.rows[0].line, mark),
                )
            else:
                yield from _in_rows(page, node.rows)
                yield from _in_paragraphs(page, node)
        item = next(items_around(node), None) if len(node.rows) > 1 else None
        if item is not None and (node.tag == "li" or node.parent is item):
            yield from _among_items(page, item, node.rows[1:])


def _among_items(page: Page, item: Node, rows: list[Row]) -> Iterator[Finding]:
    """Lines that were to be items, below one and in its text."""
    for row in rows:
        found = (
            _as_unseen(page, row)
            or _as_dash(page, item, row)
            or _as_stars(page, row)
            or _as_number(page, item, row)
            or _as_slip(page, item, row)
        )
        if found is None:
            continue
        mark, help = found
        yield RULE.at(
            page.source.find(row.line, mark),
            f"`{mark}` does not begin an item here, so the line is part of the item above",
            help=help,
            proof=prints(row.line, mark),
        )
        if mark in _DASHES:
            return


def _as_unseen(page: Page, row: Row) -> tuple[str, str] | None:
    """A marker behind a character of no width, which texts from right to left may hold."""
    match = None if page.lines[row.line].isascii() else _BEHIND_UNSEEN.match(page.lines[row.line])
    return (match[1], "remove the invisible character before it") if match else None


def _as_dash(page: Page, item: Node, row: Row) -> tuple[str, str] | None:
    """A long dash directly under an item that ends with its sentence."""
    dash = _DASH.match(page.lines[row.line]) if row.text.lstrip()[:1] in _DASHES else None
    above = _STOPPED.match(page.lines[row.line - 1]) if dash else None
    is_item = dash and above and above[1] == dash[1] and row.line == item.line + 1
    is_item = is_item or (dash is not None and _is_alone_among(page, item, row, dash))
    return (dash[2], "begin the item with `- `") if dash and is_item else None


def _is_alone_among(page: Page, item: Node, row: Row, dash: re.Match[str]) -> bool:
    """Whether a dash stands between the marks of two short items, and no other line of the list begins so."""
    around = [page.lines[number] if number < len(page.lines) else "" for number in (row.line - 1, row.line + 1)]
    if not all(_SHORT.match(line) and line.startswith(f"{dash[1]}{item.name} ") for line in around):
        return False
    siblings = item.parent.children if item.parent is not None else [item]
    rows = [other for sibling in siblings for other in sibling.rows[1:]]
    return sum(other.text.lstrip()[:1] in _DASHES for other in rows) == 1


def _as_stars(page: Page, row: Row) -> tuple[str, str] | None:
    """`** text`, which nests an item in a wiki, and `-- text`."""
    mark = row.text[:2]
    if row.text[:3] not in ("** ", "-- ") or page.masked_lines[row.line].lstrip()[:3] != row.text[:3]:
        return None
    return mark, f"write `{mark[0]} `, indented by four spaces"


def _as_slip(page: Page, item: Node, row: Row) -> tuple[str, str] | None:
    """`. text` between two items that begin with a bullet: the key beside the one that was meant."""
    match = _SLIP.match(page.lines[row.line]) if row.text.lstrip()[:1] in _SLIPS and item.name in _BULLETS else None
    if match is None:
        return None
    around = [page.lines[number] if number < len(page.lines) else "" for number in (row.line - 1, row.line + 1)]
    is_item = all(line.startswith(f"{match[1]}{item.name} ") for line in around)
    return (match[2], f"begin the item with `{item.name} `") if is_item else None


def _as_number(page: Page, item: Node, row: Row) -> tuple[str, str] | None:
    """`2, text` under the item 1: the next number, with another sign behind it, or with none if the list skips it."""
    if not row.text.lstrip()[:1].isdecimal():
        return None
    match = _ODD_NUMBER.match(row.text)
    above = _ITEM.match(page.lines[row.line - 1]) if match else None
    if match and above is None and match[1].endswith(")") and _is_next(item, int(match[2])):
        above = _OWN_NUMBER.match(f"{int(match[2]) - 1}.")
    if match is None and (match := _BARE_NUMBER.match(row.text)) and _is_skipped(item, int(match[2])):
        above = _OWN_NUMBER.match(item.name)
    follows = match and above and (int(match[2]) == int(above[1]) + 1 or match[2] == above[1] == "1")
    return (match[1], f"write `{match[2]}. `") if match and follows else None


def _lacking(page: Page, node: Node) -> str:
    """The `2)` at the head of a paragraph that is the item which its next line, or a list beside it, lacks."""
    match = _ODD_NUMBER.match(node.rows[0].text) if node.kind == "p" and node.rows[0].text[:1].isdecimal() else None
    if match is None:
        return _bare(page, node)
    below = next((item for row in node.rows[1:] if (item := _ITEM.match(row.text))), None)
    is_item = (below is not None and int(below[1]) == int(match[2]) + 1) or lacks(page, node, int(match[2]))
    return match[1] if is_item else ""


def _bare(page: Page, node: Node) -> str:
    """The number without a stop at the head of a paragraph between the items before and behind it."""
    match = _BARE_NUMBER.match(node.rows[0].text) if node.kind == "p" and node.rows[0].text[:1].isdecimal() else None
    if match is None:
        return ""
    number = int(match[2])
    before, after = page.before(node), page.after(node)
    below = _ITEM.match(node.rows[1].text) if len(node.rows) > 1 else None
    is_next = before is not None and before.tag == "ol" and before.children[-1].name == f"{number - 1}."
    if is_next and below is not None and int(below[1]) == number + 1:
        return match[1]
    while after is not None and after.kind in ("code", "table", "tabs"):
        after = page.after(after)  # what belongs to the item
    if after is None or after.tag != "ol":
        return ""
    return match[1] if is_next and after.children[0].name == f"{number + 1}." else ""


def _is_next(item: Node, number: int) -> bool:
    """Whether an item around this one has the number before."""
    return any(above.name == f"{number - 1}." for above in items_around(item))


def _is_skipped(item: Node, number: int) -> bool:
    """Whether the next item of the list has the number behind this one."""
    siblings = item.parent.children if item.parent is not None else []
    following = next((after for before, after in pairwise(siblings) if before is item), None)
    return following is not None and following.name == f"{number + 1}."


def _may_be_lettered(page: Page) -> bool:
    """Whether some line begins like the second item of a list with letters, or with an `o` that was a circle."""
    if _CIRCLE in telling(page) and (page.shows("\no\t") or page.shows("\no  ")):
        return True
    if "\n)" not in page.signs and "\n>" not in page.signs and _SECOND.isdisjoint(telling(page)):
        return False
    return _LETTER.search(f"\n{page.prose}") is not None


def _in_rows(page: Page, rows: list[Row]) -> Iterator[Finding]:
    if not any(_MARKS.search(row.text, 0, 8) or _is_odd(row.text.lstrip()[:1]) for row in rows):
        return
    for pattern in (_BULLET, _NUMBER):
        hits = [(row, match) for row in rows if (match := pattern.match(row.text))]
        if (
            hits
            and (_is_list(hits, pattern) or _second_follows(rows, hits))
            and not _is_sentence(rows, hits)
            and not _breaks(page, hits[1:])
            and not _follow_code(rows, hits[1:])
        ):
            row, match = hits[0]
            mark = next(group for group in match.groups() if group)
            yield RULE.at(
                page.source.find(row.line, mark),
                f"`{mark}` does not make a list here, so the lines run together"
                if mark.isprintable()
                else "an invisible character prevents this from being a list",
                help="begin items with `- ` or `1. `, after a blank line",
                proof=prints(row.line, mark.strip(_UNSEEN)),
            )
            return


def _in_paragraphs(page: Page, node: Node) -> Iterator[Finding]:
    """The first of several paragraphs in a row that begin with the same bullet."""
    sign = node.rows[0].text[:1] if node.kind == "p" and len(node.rows) == 1 else ""
    if sign and sign in _CAPTIONS and _has_sign(page.after(node), sign) and not _has_sign(page.before(node), sign):
        yield RULE.at(
            page.source.find(node.rows[0].line, sign),
            f"`{sign}` does not make a list here, so it is printed before each paragraph",
            help="begin items with `- `",
            proof=prints(node.rows[0].line, sign),
        )


def _has_sign(node: Node | None, sign: str) -> bool:
    """Whether a paragraph of one line begins with the sign."""
    return node is not None and node.kind == "p" and len(node.rows) == 1 and node.rows[0].text.startswith(f"{sign} ")


def _is_sentence(rows: list[Row], hits: list[tuple[Row, re.Match[str]]]) -> bool:
    """Whether signs in parentheses count the parts of a sentence, which goes on from line to line: `(a) … and`."""
    first = hits[0][0]
    above = next((before.text.rstrip() for before, row in pairwise(rows) if row is first), "")
    parts = [row.text for row, _ in hits]
    if not parts[0].lstrip().startswith("(") or not all(map(_GOES_ON.search, parts[:-1])):
        return False
    return above[-1:].isalpha() or (above[-1:] == ":" and any(map(_JOINS.search, parts[:-1])))


def _is_odd(first: str) -> bool:
    """Whether a line that begins with this character may begin with a bullet."""
    return first in _ODD or not (first.isascii() or first.isalnum())


def _breaks(page: Page, later: list[tuple[Row, re.Match[str]]]) -> bool:
    """Whether a line break of the author's own stands before each item but the first."""
    above = [page.lines[row.line - 1] for row, _ in later]
    return bool(later) and all(line.endswith(("  ", "\\")) or line.rstrip().endswith(_BREAKS) for line in above)


def _follow_code(rows: list[Row], later: list[tuple[Row, re.Match[str]]]) -> bool:
    """Whether a block of code stands before each item but the first, which therefore begins a line."""
    above = {id(row): before.text.strip("\x00 ") for before, row in pairwise(rows)}
    return bool(later) and all(above.get(id(row)) == "fence" for row, _ in later)


def _second_follows(rows: list[Row], hits: list[tuple[Row, re.Match[str]]]) -> bool:
    """Whether the first item's number is written otherwise than that of the second, which follows at once."""
    row, match = hits[0]
    after = next((below for above, below in pairwise(rows) if above is row), None)
    item = _ITEM.match(after.text) if after and match[2] == "1" else None
    return item is not None and item[1] == "2"


def _is_list(hits: list[tuple[Row, re.Match[str]]], pattern: re.Pattern[str]) -> bool:
    _, match = hits[0]
    if pattern is _NUMBER:
        return [hit[2] or hit[3] or hit[5] or hit[7] or hit[8] or hit[10] for _, hit in hits[:2]] in _PAIRS
    return len(hits) > 1 or bool(match[3]) or not _RARE.match(match[1] or match[2])
