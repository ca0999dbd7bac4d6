"""Marks of emphasis to which a partner is missing."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.syntax.emphasis_marks import Marks, content
from docscheck.rules.syntax.emphasis_signs import CLAUSE_BEGINS, Place, is_identifier, is_no_mark, is_note
from docscheck.words.lists import frequencies

_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？")
_SPACED_BOTH = lazy(
    r"(?:(?<=\s)|^)\*\* (?:[^\W\d_]|\[(?=[^\]\n]*\]\())[^*\d\n=+]*? \*\*(?=[\s.,;:!?]|$)"
    r"|(?<=[a-z]{4} )\*\* [^\W\d_][^*\n]*? \*\*(?= [a-z]{4})|^[ ]*\*\* [^\n]*[a-z]{4} [^\n]* \*\*$"
)
_WIDE = r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]"
_SPACED_WIDE = lazy(
    rf"(?:^|(?<=[\s>]))\*\*(?: [^*\s][^*\n]{{0,80}}{_WIDE}"
    rf"| ?(?=[^*\n]*{_WIDE})[^*\s][^*\n]{{0,80}}[^*\s] )\*\*(?={_WIDE})"
)
"""The same before a letter of a script in which the next word follows without a space."""
_ENDING_OF_NAMES = lazy(r"\*([a-z]{2,5})(?![\w*'’-])")
_INNER_STARS = 5
"""So many has a line whose only marks are such."""
_INNER = lazy(r"(?<![*\\\w])\*\*(?=[^\s*])[^*\n]*?(?<=[^\W_])(\*)(?![\s*.'\"])[^*\n]*(?<=[^\s*])\*\*(?![*\w])")
"""A star behind a letter inside bold text, which takes one of the stars around it for its partner."""
_SPACED_TRIPLE = lazy(r"[ ]*(\*\*\*) [^\W\d_](?:[^*\n]{2,60}:[ ]|[^*\n]* \*\*\*[ ]*$)")
"""Three stars before a paragraph's first words, which end with a colon, or with three stars at the end of the line."""
_SPACED_CELL = lazy(r"(?:^|\|)[ ]*(\*\*)[ ]+[^\s|*](?:[^|*\n]*[^\s|*])?\*\*[ ]*(?=\||$)")
_UNDERSCORES = lazy(r"(?<![\w\\/.])__(?=[A-Za-z]+(?:[ ]|_(?![\w(])))")
_TRIPLE = lazy(r"(?<![\w*\\])\*\*\*(?=[^\s*])")
_BEHIND_WORD = lazy(r"(?:^|[\s(\"“])(?!\w[a-z]*[A-Z])[^\W\d_]{3,}[.!?]?\Z")
"""A word in small letters, but for the first: neither a path nor what a program has written."""
_UNEVEN_MARKS = 3
_UNEVEN = lazy(r"(?<![\w\\/])_(?=[A-Za-z])[^_\n]*[A-Za-z.!?]__(?![\w_])")
"""One underscore before the text and two behind it."""


def unmatched(page: Page, lines: list[int], is_table: bool) -> Iterator[Place]:
    """Marks that open and are never closed; those that only close are mostly meant as such."""
    marks = Marks(page, lines, is_table)
    yield from (place for place in marks.crossed if not is_no_mark(page, place))
    for mark, places in marks.open.items():
        for place in places:
            if not is_no_mark(page, place) and (mark != "*" or _is_emphasis(page, marks, place)):
                yield place
    yield from _only_closing(page, lines, marks, is_table)
    if not is_table:
        yield from _half_closed(page, lines)
        triple = _SPACED_TRIPLE.match(page.prose_lines[lines[0]])
        if triple:
            yield Place(lines[0], triple.start(1), "***")
    seen = {place.line for place in (*marks.open.get("*", ()), *marks.open.get("**", ()), *marks.crossed)}
    yield from _inside_bold(page, [line for line in lines if line not in seen])
    yield from _lone_underscores(page, lines)
    yield from _uneven_underscores(page, lines)


def _uneven_underscores(page: Page, lines: list[int]) -> Iterator[Place]:
    """`_both__`, where nothing else on the line could be the partner of either."""
    for line in lines:
        shown = page.prose_lines[line]
        uneven = _UNEVEN.search(shown) if "__" in shown else None
        if uneven and shown.count("_", content(shown)) == _UNEVEN_MARKS:
            yield Place(line, uneven.end() - 2, "__")


def _inside_bold(page: Page, lines: list[int]) -> Iterator[Place]:
    """A star behind a letter inside bold text: `**Note* that**`."""
    for line in lines:
        shown = page.prose_lines[line]
        inner = _INNER.search(shown) if "**" in shown else None
        if inner and shown.count("*", content(shown)) == _INNER_STARS:
            yield Place(line, inner.start(1), "*")


def _lone_underscores(page: Page, lines: list[int]) -> Iterator[Place]:
    """Two underscores that begin bold text, and no others behind them."""
    for line in lines:
        shown = page.prose_lines[line]
        begins = _UNDERSCORES.search(shown) if "__" in shown else None
        if begins is None or is_identifier(page, line, begins.start()):
            continue
        if not any("__" in page.prose_lines[n][begins.end() if n == line else 0 :] for n in lines):
            yield Place(line, begins.start(), "__")


def _is_emphasis(page: Page, marks: Marks, place: Place) -> bool:
    """Whether a star that opens was meant to: it stands before a word, and another between spaces, or none beside."""
    shown = page.prose_lines[place.line]
    if not shown[place.column + 1 : place.column + 2].isalnum():
        return False  # a glob such as `*.py`
    if is_note(page, place):
        return False  # the sign of a note below, or in a cell
    ending = _ENDING_OF_NAMES.match(shown, place.column)
    if ending and frequencies().get(ending[1]) is None:
        return False  # several names that end alike: `*arr`, for Radarr and Sonarr
    return bool(marks.spaced.get("*")) or (len(marks.open["*"]) == 1 and _is_inside_text(shown, place.column))


def _is_inside_text(shown: str, column: int) -> bool:
    """Whether a lone star stands between words, and not as the sign of a remark at the start of a line."""
    return bool(shown[:column].strip(" >\t-*+")) and (
        " " in shown[column:].strip() or CLAUSE_BEGINS.search(shown[:column]) is not None
    )


def _only_closing(page: Page, lines: list[int], marks: Marks, is_table: bool) -> Iterator[Place]:
    """Marks to which the space behind their partner is fatal, or which lost it at the beginning of a line."""
    bold, spaced_bold = marks.closing.get("**", []), marks.spaced.get("**", [])
    if bold and not is_table and not is_no_mark(page, (spaced_bold or bold)[0]):
        yield (spaced_bold or bold)[0]
    for line in lines if is_table and bold and spaced_bold else ():
        yield from (Place(line, match.start(1), "**") for match in _SPACED_CELL.finditer(page.prose_lines[line]))
    for line in lines if len(spaced_bold) == 2 else ():
        both = _SPACED_BOTH.search(page.prose_lines[line])
        if both:
            yield Place(line, page.prose_lines[line].index("**", both.start()), "**")
    for line in lines:
        shown = page.prose_lines[line]
        wide = _SPACED_WIDE.search(shown) if "**" in shown and not shown.isascii() else None
        if wide and shown.count("**") == 2:
            yield Place(line, wide.start(), "**")
    if len(spaced_bold) == 1 and page.prose_lines[spaced_bold[0].line].endswith("** ", 0, spaced_bold[0].column):
        yield spaced_bold[0]  # behind a pair of its kind, with nothing to mark
    for mark in ("~~", "==", "^^"):
        ends = marks.closing.get(mark, []) if not is_table else []
        if len(ends) == 1 and _BEHIND_WORD.search(page.prose_lines[ends[0].line], 0, ends[0].column):
            yield ends[0]
    stars, spaced_stars = marks.closing.get("*", []), marks.spaced.get("*", [])
    if (
        stars
        and len(spaced_stars) == 1
        and spaced_stars[0].line == stars[0].line
        and not is_note(page, spaced_stars[0])
    ):
        yield spaced_stars[0]
    if len(stars) == 1 and not spaced_stars and _ends_as_emphasis(page, lines, stars[0]):
        yield stars[0]


def _ends_as_emphasis(page: Page, lines: list[int], star: Place) -> bool:
    """Whether a star behind the last sentence of an item belongs to the one that became the item's mark."""
    shown = page.prose_lines[star.line].rstrip()
    is_last = star.line == lines[-1] and star.column == len(shown) - 1
    return is_last and shown[-2:-1] in _SENTENCE_ENDS and page.prose_lines[lines[0]].lstrip().startswith("* ")


def _half_closed(page: Page, lines: list[int]) -> Iterator[Place]:
    """Three stars of which one is closed: `***both*`."""
    for index, line in enumerate(lines):
        triple = _TRIPLE.search(page.prose_lines[line]) if "***" in page.prose_lines[line] else None
        if triple:
            rest = (page.prose_lines[line][triple.end() :], *(page.prose_lines[n] for n in lines[index + 1 :]))
            if sum(text.count("*") for text in rest) == 1:
                yield Place(line, triple.start(), "**")
            return
