"""`**`, `~~`, `==` and `*` without a partner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from unicodedata import category

from docscheck.diagnostics import Finding
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.rules.syntax.emphasis_marks import EMPHASIS, doubled_marks
from docscheck.rules.syntax.emphasis_underscores import open_lines
from docscheck.rules.syntax.emphasis_unmatched import unmatched
from docscheck.source import Span

RULE = EMPHASIS
_NAMES = {
    "***": "bold emphasis",
    "**": "bold text",
    "__": "bold text",
    "*": "emphasis",
    "~~": "struck text",
    "==": "marked text",
    "^^": "underlined text",
}
_PAIRED = lazy(r"\*(?<![\w*\\]\*)(?:\*(?=[^\s*])[^*\n\\]*(?<=[^\s*])\*\*|(?=[^\s*])[^*\n\\]*(?<=[^\s*])\*)(?![\w*])")
"""Bold text and emphasis with both its marks on one line: most of all marks."""
_UNPAIRED = lazy(r"\*(?:[^ ]|(?<=[^ \n>]\*) |$)|__|~~|==|\^\^", re.MULTILINE)
"""A mark besides those of a list."""


def check(page: Page) -> Iterator[Finding]:
    """Look in paragraphs, cells and titles for marks that make no pair."""
    if "_" in page.signs:
        yield from open_lines(page)
    yield from _half_scripts(page)
    marks = ("*", "__", *doubled_marks(page.config))
    shown = [mark for mark in marks if mark in page.signs]
    if not shown:
        return
    yield from _in_titles(page)
    yield from _across_links(page)
    if shown == ["*"] and _are_paired(page.prose):
        return
    leaves: dict[int, Node] = {}
    unpaired = _PAIRED.sub("", page.prose)
    if not any(mark in unpaired for mark in shown):
        return
    rest = _PAIRED.sub(_blanked, page.prose)
    for match in _UNPAIRED.finditer(rest):
        leaf = page.leaf_by_line.get(page.source.line_of(match.end() - 1))
        if leaf is not None and leaf.kind not in ("code", "maths"):
            leaves.setdefault(id(leaf), leaf)
    better = page.config.has("pymdownx.betterem")
    within = page.config.option("pymdownx.betterem", "smart_enable") in ("all", "asterisk")
    for leaf in leaves.values():
        yield from _in_leaf(page, leaf)
        if better:
            yield from _beside_words(page, leaf)
        if within:
            yield from _within_words(page, leaf)


_HALF_SCRIPTS = (
    ("^", "pymdownx.caret", lazy(r"\^(?<=\d\^)(?:st|nd|rd|th)(?![\w^])")),
    (
        "~",
        "pymdownx.tilde",
        lazy(r"~(?<=(?<![A-Za-z])[A-Z]~)\d{1,2}(?=[A-Z])|~(?<=(?<![A-Za-z])[A-Z][a-z]~)\d{1,2}(?=[A-Z])"),
    ),
)


def _half_scripts(page: Page) -> Iterator[Finding]:
    """`2^nd` and `H~2O`: one mark of a script, where the site reads two."""
    for mark, extension, pattern in _HALF_SCRIPTS:
        found = pattern.finditer(page.prose) if mark in page.signs and page.config.has(extension) else ()
        for match in found:
            leaf = page.leaf_by_line.get(page.source.line_of(match.start()))
            if leaf is not None and leaf.kind not in ("code", "maths"):
                yield RULE.at(
                    Span(match.start(), match.start() + 1),
                    f"this `{mark}` has no partner",
                    help=f"write `{match[0]}{mark}`",
                    proof=prints(page.source.line_of(match.start()), mark),
                )


def _across_links(page: Page) -> Iterator[Finding]:
    """`[**text](address)**`: what begins inside the text of a link ends there."""
    counts = dict[int, int]()
    for link in page.links if "**" in page.signs else ():
        if link.kind not in ("inline", "full") or link.image:
            continue
        text = page.prose[link.text_span.start : link.text_span.end]
        if text.count("**") != 1 or "***" in text:
            continue
        at = link.text_span.start + text.index("**")
        line = page.source.line_of(at)
        if line not in counts:
            counts[line] = page.prose_lines[line].count("**")
        if counts[line] % 2 == 0:
            yield RULE.at(
                Span(at, at + 2),
                "bold text does not begin inside a link and end outside of it, so its marks are printed",
                help="put both marks inside the brackets, or both outside",
                proof=prints(line, "**"),
            )


def _are_paired(text: str) -> bool:
    """Whether every star marks bold text or emphasis with both its marks on one line."""
    place = text.find("*")
    while place >= 0:
        match = _PAIRED.match(text, place)
        if match is None:
            return False
        place = text.find("*", match.end())
    return True


def _blanked(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _in_leaf(page: Page, node: Node) -> Iterator[Finding]:
    is_table = node.tag == "table"
    groups = [[row.line] for row in node.rows] if is_table else [[row.line for row in node.rows]]
    for lines in groups:
        for place in unmatched(page, lines, is_table):
            yield RULE.at(
                page.source.span(place.line, place.column, place.column + len(place.mark)),
                f"this `{place.mark}` has no partner",
                help=f"close the {_NAMES[place.mark]} with `{place.mark}`, with no space between it and the last word",
                proof=prints(place.line, place.mark[0]),
            )


_ONE_MARK = lazy(r"(?<=[^\s\"]\s)(\*)(?=[^\W_])[^*\n]*[ ]")
_PAIR_AND_ONE = 3
_ONE_MARKED = lazy(r"(?<=[\s\"])(==)(?=[^\W_])")


def _in_titles(page: Page) -> Iterator[Finding]:
    """A title with one mark that has no partner: no text of the page is in the same paragraph."""
    doubled = doubled_marks(page.config)
    for opener in page.openers:
        title = opener.node.title if opener.node is not None else None
        if not title or not any(map(str.isalnum, title)):
            continue  # the sign of a note that a table refers to
        if "*" not in page.lines[opener.line] and not any(mark in title for mark in doubled):
            continue
        shown = page.prose_lines[opener.line]
        for mark in ("**", *doubled):
            if mark in title and shown.count(mark) == 1 and mark + mark[0] not in shown and mark[0] != "=":
                yield _without_partner(page, opener.line, shown.index(mark), mark)
        if title.count("**") == _PAIR_AND_ONE == shown.count("**") and "***" not in shown:
            yield from _behind_pair(page, opener.line, shown)
        for match in _ONE_MARK.finditer(shown) if shown.count("*") == 1 else ():
            yield _without_partner(page, opener.line, match.start(1), "*")
        marked = _ONE_MARKED.search(shown) if "==" in doubled and shown.count("==") <= 2 else None
        if marked and title.count("==") == 1:
            yield _without_partner(page, opener.line, marked.start(1), "==")


def _behind_pair(page: Page, line: int, shown: str) -> Iterator[Finding]:
    """`**one** and **two`: the mark that is left over when two have made a pair."""
    rest = _BOLD.sub(_blanked, shown)
    if rest.count("**") == 1:
        yield _without_partner(page, line, rest.index("**"), "**")


def _without_partner(page: Page, line: int, column: int, mark: str) -> Finding:
    return RULE.at(
        page.source.span(line, column, column + len(mark)),
        f"this `{mark}` has no partner in the title",
        help=f"close the {_NAMES[mark]} with `{mark}`, or remove the mark",
    )


_WITHIN = lazy(r"\*\*(?<![\w*\\]\*\*)[^\s*]{1,20}\*\*(?=[^\W_])|(?<=[^\W\d_])\*\*[^\W\d_][^\s*]{0,19}\*\*(?!\*)")


def _within_words(page: Page, leaf: Node) -> Iterator[Finding]:
    """Bold letters inside a word, on a site that asks for whole words."""
    for row in leaf.rows if leaf.tag != "table" else ():
        for match in _WITHIN.finditer(page.prose_lines[row.line]):
            yield RULE.at(
                page.source.span(row.line, match.start(), match.end()),
                "`smart_enable` ignores marks inside a word, so they are printed",
                help="set all of the word in bold, or set `smart_enable: underscore` for `pymdownx.betterem`",
                proof=prints(row.line, "**"),
            )


_BOLD = lazy(r"(?<![*\\])\*\*(?=[^\s*])(?=[^*\n]*[^\W\d_])[^*\n]*(?<=[^\s*\\])\*\*(?!\*)")


def _beside_words(page: Page, leaf: Node) -> Iterator[Finding]:
    """`**Note:**text`: CommonMark, and `betterem` with it, wants no word outside of a mark that has a sign inside."""
    for row in leaf.rows:
        shown = page.prose_lines[row.line]
        for match in _BOLD.finditer(shown):
            start, end = match.span()
            opens = shown[start - 1 : start].isalnum() and _is_sign(shown[start + 2])
            closes = shown[end : end + 1].isalnum() and _is_sign(shown[end - 3])
            if opens or closes:
                mark = start if opens else end - 2
                yield RULE.at(
                    page.source.span(row.line, mark, mark + 2),
                    f"between a word and `{shown[start + 2] if opens else shown[end - 3]}` these stars are printed",
                    help="put the sign outside of the bold text, or a space between the stars and the word",
                    proof=prints(row.line, "**"),
                )


def _is_sign(character: str) -> bool:
    return category(character)[0] in "PS"
