"""`**`, `~~`, `==` and `*` without a partner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category

from docscheck.config import Config
from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.proofs import prints
from docscheck.source import Span

RULE = Rule("SYN101", "literal-emphasis", Severity.ERROR)
_EXTENSIONS = {"~~": "pymdownx.tilde", "==": "pymdownx.mark", "^^": "pymdownx.caret"}
_NAMES = {
    "**": "bold text",
    "__": "bold text",
    "*": "emphasis",
    "~~": "struck text",
    "==": "marked text",
    "^^": "underlined text",
}
_ARGUMENTS = lazy(
    r"\*{1,2}(?:args|kwargs|kw|options|params|(?:u?int(?:8|16|32|64)?|float(?:32|64)?|bool|string"
    r"|char|void|byte|nix|NIX|BSDs?)\b|\w+(?:_\w|[(\[]|\.\w)|[a-z_]\w*$|[A-Za-z_]\w*(?:\)?(?:\.\w|->)|[ ]?=[ ]?[&\w]))"
)
_POINTER = lazy(r"(?:\b(?:struct|const|char|int|void|unsigned|long|float|double|FILE)|\w_\w+|\w=)[ ]$")
"""What stands before the star of a pointer."""
_STARRED = lazy(r"\*(?<![\w*\\]\*)[A-Z]{3,}\b(?![*:])")
"""A name that begins with a star, such as the `*USER` and `*NONE` of IBM's systems."""
_STARRED_NAMES = 3
"""So many of them on a page are no slips."""
_REMARK = lazy(r"\*(?:see|cf\.?|siehe|voir|véase|vedi)\b", re.I)
"""The star of a remark that stands elsewhere."""
_NOTE_BEGINS = lazy(r"(?:\||^[ ]*_|<(?:small|sup|td)\b[^<>\n]*>)[ ]*$")
_NOTE_REACH = 40
_NOTED_TWICE = lazy(r"\|[^|*\n]*[\w)]\*\*[ ]*\|")
"""A cell that ends with the sign of a second note."""
_NOTED = lazy(r"(?<=[\w)])\*(?=[ ]*(?:\||$|[ ](?=\w)|[.,;)]))", re.M)
"""A word with the sign of a note."""
_TIMES = lazy(r"\d[ ]?[A-Za-zµ]{0,3}[ ]?\*\d$")
"""The sign of a product."""
_BASIS_SET = lazy(r"\d-\d{1,3}\+{0,2}[Gg]\*{1,2}$")
"""The name of a set of functions in quantum chemistry, such as `6-31G**`, whose stars are part of it."""
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？")
_LONGEST_TYPE = 40
_NEAR = 10_000
"""So many characters away a name is looked for once more."""
_IDENTIFIER = lazy(r"__[A-Za-z]\w*")
_WIDE = lazy(r"[\u3040-\u30ff\u4e00-\u9fff]")
_ENDS = frozenset("、，。；：）)]>|/,;:")
"""Signs that end something, and never begin emphasised text."""
_SPACED_BOTH = lazy(
    r"(?:(?<=\s)|^)\*\* [^\W\d_][^*\d\n=+]*? \*\*(?=[\s.,;:!?]|$)"
    r"|(?<=[a-z]{4} )\*\* [^\W\d_][^*\n]*? \*\*(?= [a-z]{4})|^\*\* [^\n]*[a-z]{4} [^\n]* \*\*$"
)
_INNER_STARS = 5
"""So many has a line whose only marks are such."""
_INNER = lazy(r"(?<![*\\\w])\*\*(?=[^\s*])[^*\n]*?(?<=[^\W_])(\*)(?![\s*.'\"])[^*\n]*(?<=[^\s*])\*\*(?![*\w])")
"""A star behind a letter inside bold text, which takes one of the stars around it for its partner."""
_SPACED_CELL = lazy(r"(?:^|\|)[ ]*(\*\*)[ ]+[^\s|*](?:[^|*\n]*[^\s|*])?\*\*[ ]*(?=\||$)")
_ONE_MARK = lazy(r"(?<=[^\s\"]\s)(\*)(?=[^\W_])[^*\n]*[ ]")
_ONE_MARKED = lazy(r"(?<=[\s\"])(==)(?=[^\W_])")
_UNDERSCORES = lazy(r"(?<![\w\\/.])__(?=[A-Za-z]+(?:[ ]|_(?![\w(])))")
_OPEN_LINE = lazy(r"(?:^[ >]*|[.!?:)][ ]+|\()(_)(?!Bool|Generic|Atomic)(?=[A-Z][a-z]*(?:[ ][a-z]+){2})", re.MULTILINE)
"""A sentence that begins with the mark of emphasis."""
_SPACED_UNDERSCORES = lazy(
    r"(_)(?<!\S_)[ ](?=[\"'“‘(*.…]{0,5}[ ]?[^\W\d_])(?=[\"'“‘(*A-Z][^_\n|]*[^\W\d_]{3}|[^_\n|]*[.!?…] _)"
    r"[^_\n|]*[ ]_(?=[\s.,;:!?]|$)",
    re.M,
)
"""Words between two marks of emphasis, each with a space at its inner side."""
_SPACED_DUNDERS = lazy(
    r"(?<![\w\\])(__)(?!_)(?:[ ](?=[^\W\d_])[^_\n|]{1,80}[^\W_]|(?=[^\W\d_])[^_\n|]{1,80}[^\W_][ ])__(?![\w(])"
)
"""Words between two marks of bold text, one of which has a space at its inner side."""
_HALF_SPACED = lazy(
    r"(_)(?<![^\s(]_)(?:[ ](?=[^\W\d_])[^_\n|`]{1,60}[^\W_]|(?=[^\W\d_])[^_\n|`]{1,60}[^\W_][ ])_(?=[\s.,;:!?)]|$)",
    re.M,
)
"""Words between two marks of emphasis, one of which has a space at its inner side."""
_SPACED = (
    (_SPACED_UNDERSCORES, "_", "emphasis"),
    (_HALF_SPACED, "_", "emphasis"),
    (_SPACED_DUNDERS, "__", "bold text"),
)
_CLOSE_LINE = lazy(r"(?<=[^\s_])_(?!\w)")
_TRIPLE = lazy(r"(?<![\w*\\])\*\*\*(?=[^\s*])")
_RUN = lazy(r"(?<!\\)(\*+|~~+|==+|\^\^+)")
_PAIRED = lazy(r"\*(?<![\w*\\]\*)(?:\*(?=[^\s*])[^*\n\\]*(?<=[^\s*])\*\*|(?=[^\s*])[^*\n\\]*(?<=[^\s*])\*)(?![\w*])")
"""Bold text and emphasis with both its marks on one line: most of all marks."""
_UNPAIRED = lazy(r"\*(?:[^ ]|(?<=[^ \n>]\*) |$)|__|~~|==|\^\^", re.MULTILINE)
"""A mark besides those of a list."""


def check(page: Page) -> Iterator[Finding]:
    if "_" in page.signs:
        yield from _open_lines(page)
    marks = ("*", "__", *_doubled(page.config))
    shown = [mark for mark in marks if mark in page.signs]
    if not shown:
        return
    yield from _in_titles(page)
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


def _are_paired(text: str) -> bool:
    """Whether every star marks bold text or emphasis with both its marks on one line."""
    place = text.find("*")
    while place >= 0:
        match = _PAIRED.match(text, place)
        if match is None:
            return False
        place = text.find("*", match.end())
    return True


def _open_lines(page: Page) -> Iterator[Finding]:
    """A sentence that begins with `_` and never ends with it, and words between `_ ` and ` _`."""
    for pattern, marks, kind in _SPACED:
        for match in pattern.finditer(page.prose) if page.shows(marks) else ():
            line = page.source.line_of(match.start(1))
            leaf = page.leaf_by_line.get(line)
            if leaf is not None and leaf.kind not in ("code", "maths"):
                yield RULE.at(
                    Span(*match.span(1)),
                    f"a space inside these marks prevents {kind}, so they are printed",
                    help=f"remove the space inside the `{marks}`",
                    proof=prints(line, marks),
                )
    ends: dict[int, int] = {}
    for match in _OPEN_LINE.finditer(page.prose):
        line = page.source.line_of(match.start(1))
        leaf = page.leaf_by_line.get(line)
        if leaf is None or leaf.kind in ("code", "maths"):
            continue
        if id(leaf) not in ends:
            last = page.source.content_span(leaf.rows[-1].line).end
            ends[id(leaf)] = max(
                (mark.end() for mark in _CLOSE_LINE.finditer(page.prose, match.end(), last)), default=0
            )
        if ends[id(leaf)] < match.end():
            column = match.start(1) - page.source.starts[line]
            yield RULE.at(
                page.source.span(line, column, column + 1),
                "this `_` has no partner",
                help="close the emphasis with `_`, with no space between it and the last word",
                proof=prints(line, "_"),
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


@lru_cache(maxsize=8)
def _doubled(config: Config) -> tuple[str, ...]:
    """The doubled marks that mean something on this site."""
    return tuple(sign for sign, extension in _EXTENSIONS.items() if config.has(extension))


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


def _blanked(match: re.Match[str]) -> str:
    return "x" * len(match[0])


def _in_titles(page: Page) -> Iterator[Finding]:
    """A title with one mark that has no partner: no text of the page is in the same paragraph."""
    doubled = _doubled(page.config)
    for opener in page.openers:
        title = opener.node.title if opener.node is not None else None
        if not title or ("*" not in page.lines[opener.line] and not any(mark in title for mark in doubled)):
            continue
        shown = page.prose_lines[opener.line]
        for mark in ("**", *doubled):
            if mark in title and shown.count(mark) == 1 and mark + mark[0] not in shown and mark[0] != "=":
                yield _without_partner(page, opener.line, shown.index(mark), mark)
        for match in _ONE_MARK.finditer(shown) if shown.count("*") == 1 else ():
            yield _without_partner(page, opener.line, match.start(1), "*")
        marked = _ONE_MARKED.search(shown) if "==" in doubled and shown.count("==") <= 2 else None
        if marked and title.count("==") == 1:
            yield _without_partner(page, opener.line, marked.start(1), "==")


def _without_partner(page: Page, line: int, column: int, mark: str) -> Finding:
    return RULE.at(
        page.source.span(line, column, column + len(mark)),
        f"this `{mark}` has no partner in the title",
        help=f"close the {_NAMES[mark]} with `{mark}`, or remove the mark",
    )


def _in_leaf(page: Page, node: Node) -> Iterator[Finding]:
    is_table = node.tag == "table"
    groups = [[row.line] for row in node.rows] if is_table else [[row.line for row in node.rows]]
    for lines in groups:
        for place in _unmatched(page, lines, is_table):
            yield RULE.at(
                page.source.span(place.line, place.column, place.column + len(place.mark)),
                f"this `{place.mark}` has no partner",
                help=f"close the {_NAMES[place.mark]} with `{place.mark}`, with no space between it and the last word",
                proof=prints(place.line, place.mark[0]),
            )


class _Place(NamedTuple):
    """A mark and where it stands; of two, the later is the greater."""

    line: int
    column: int
    mark: str


class _Marks:
    """The marks of some lines, as far as they make no pair."""

    def __init__(self, page: Page, lines: list[int], is_table: bool) -> None:
        self._page = page
        self.open: dict[str, list[_Place]] = {}
        """Marks that open something, by what they are, in the order in which each kind first occurs."""
        self.closing: dict[str, list[_Place]] = {}
        """Those that can only close something, and find nothing open."""
        self.spaced: dict[str, list[_Place]] = {}
        """Those between spaces, which do neither."""
        self.crossed: list[_Place] = []
        """Those that open inside a pair of others, and are not closed there."""
        for line in lines:
            shown = page.prose_lines[line]
            start = _content(shown)
            for match in _RUN.finditer(shown, start):
                before = shown[match.start() - 1] if match.start() > start else " "
                if is_table and match[0] == "***" and not before.isspace():
                    self._end_before_remark()
                mark = _kind(page, match[0])
                if mark is not None:
                    self._read(_Place(line, match.start(), mark), match, before)

    def _end_before_remark(self) -> None:
        """Take the first two of three stars for the end of bold text, and the last for the star of a remark."""
        if self.open.get("**") and not self.open.get("*"):
            self.open["**"].pop()

    def _read(self, place: _Place, match: re.Match[str], before: str) -> None:
        shown = match.string
        after = shown[match.end()] if match.end() < len(shown) else " "
        opened = self.open.setdefault(place.mark, [])
        if not opened and (_is_operator(before, after, place.mark) or _ends_basis_set(shown, match.end())):
            return
        if not before.isspace() and opened:
            self._close(opened.pop())
        elif not after.isspace() and (not _is_in_word(shown, match.start()) or _is_within(shown, match, before)):
            opened.append(place)
        elif not before.isspace() and not after.isalnum():
            self.closing.setdefault(place.mark, []).append(place)
        elif after.isspace():
            self.spaced.setdefault(place.mark, []).append(place)

    def _close(self, opened: _Place) -> None:
        """Make a pair with a mark; a star of the other width that opened behind it is left over."""
        other = {"*": "**", "**": "*"}.get(opened.mark, "")
        inner = self.open.get(other, [])
        if inner and inner[-1] > opened:
            self.crossed.append(inner.pop())


def _unmatched(page: Page, lines: list[int], is_table: bool) -> Iterator[_Place]:
    """Marks that open and are never closed; those that only close are mostly meant as such."""
    marks = _Marks(page, lines, is_table)
    yield from (place for place in marks.crossed if not _is_no_mark(page, place))
    for mark, places in marks.open.items():
        for place in places:
            if not _is_no_mark(page, place) and (mark != "*" or _is_emphasis(page, marks, place)):
                yield place
    yield from _only_closing(page, lines, marks, is_table)
    if not is_table:
        yield from _half_closed(page, lines)
    seen = {place.line for place in (*marks.open.get("*", ()), *marks.open.get("**", ()), *marks.crossed)}
    for line in lines:
        shown = page.prose_lines[line]
        inner = _INNER.search(shown) if "**" in shown and line not in seen else None
        if inner and shown.count("*", _content(shown)) == _INNER_STARS:
            yield _Place(line, inner.start(1), "*")
    for line in lines:
        dunder = _UNDERSCORES.search(page.prose_lines[line]) if "__" in page.prose_lines[line] else None
        if dunder and _is_identifier(page, line, dunder.start()):
            continue
        if dunder and not any("__" in page.prose_lines[n][dunder.end() if n == line else 0 :] for n in lines):
            yield _Place(line, dunder.start(), "__")


def _is_emphasis(page: Page, marks: _Marks, place: _Place) -> bool:
    """Whether a star that opens was meant to: it stands before a word, and another between spaces, or none beside."""
    shown = page.prose_lines[place.line]
    if not shown[place.column + 1 : place.column + 2].isalnum():
        return False  # a glob such as `*.py`
    if _is_note(page, place):
        return False  # the sign of a note below, or in a cell
    return bool(marks.spaced.get("*")) or (len(marks.open["*"]) == 1 and _is_inside_text(shown, place.column))


def _is_note(page: Page, place: _Place) -> bool:
    """Whether a star at the head of a cell or of small print is the sign of a note; in a table a word bears it too."""
    text = page.lines[place.line]
    begins = _NOTE_BEGINS.search(text, max(place.column - _NOTE_REACH, 0), place.column)
    return begins is not None and (begins[0][0] == "<" or _has_notes(page))


@of_page
def _has_notes(page: Page) -> bool:
    return _NOTED.search(page.prose) is not None


@of_page
def _has_starred_names(page: Page) -> bool:
    return len(set(_STARRED.findall(page.source.text))) >= _STARRED_NAMES


def _only_closing(page: Page, lines: list[int], marks: _Marks, is_table: bool) -> Iterator[_Place]:
    """Marks to which the space behind their partner is fatal, or which lost it at the beginning of a line."""
    bold, spaced_bold = marks.closing.get("**", []), marks.spaced.get("**", [])
    if bold and not is_table:
        yield (spaced_bold or bold)[0]
    for line in lines if is_table and bold and spaced_bold else ():
        yield from (_Place(line, match.start(1), "**") for match in _SPACED_CELL.finditer(page.prose_lines[line]))
    for line in lines if len(spaced_bold) == 2 else ():
        both = _SPACED_BOTH.search(page.prose_lines[line])
        if both:
            yield _Place(line, both.start(), "**")
    if len(spaced_bold) == 1 and page.prose_lines[spaced_bold[0].line].endswith("** ", 0, spaced_bold[0].column):
        yield spaced_bold[0]  # behind a pair of its kind, with nothing to mark
    stars, spaced_stars = marks.closing.get("*", []), marks.spaced.get("*", [])
    if stars and len(spaced_stars) == 1 and spaced_stars[0].line == stars[0].line:
        yield spaced_stars[0]
    if len(stars) == 1 and not spaced_stars and _ends_as_emphasis(page, lines, stars[0]):
        yield stars[0]


def _half_closed(page: Page, lines: list[int]) -> Iterator[_Place]:
    """Three stars of which one is closed: `***both*`."""
    for index, line in enumerate(lines):
        triple = _TRIPLE.search(page.prose_lines[line]) if "***" in page.prose_lines[line] else None
        if triple:
            rest = (page.prose_lines[line][triple.end() :], *(page.prose_lines[n] for n in lines[index + 1 :]))
            if sum(text.count("*") for text in rest) == 1:
                yield _Place(line, triple.start(), "**")
            return


def _ends_as_emphasis(page: Page, lines: list[int], star: _Place) -> bool:
    """Whether a star behind the last sentence of an item belongs to the one that became the item's mark."""
    shown = page.prose_lines[star.line].rstrip()
    is_last = star.line == lines[-1] and star.column == len(shown) - 1
    return is_last and shown[-2:-1] in _SENTENCE_ENDS and page.prose_lines[lines[0]].lstrip().startswith("* ")


def _is_no_mark(page: Page, place: _Place) -> bool:
    """Whether stars stand for what a function takes, or for any folder."""
    line, column, mark = place
    text = page.lines[line]
    if _ARGUMENTS.match(text, column) is not None or text.startswith("/", column + len(mark)):
        return True
    if mark == "*" and text.startswith(".", column + 1):
        return True  # a glob such as `*.py`
    if mark == "*" and _STARRED.match(text, column) and _has_starred_names(page):
        return True
    if mark == "*" and (_REMARK.match(text, column) or (_TIMES.search(text, max(column - 9, 0), column + 2))):
        return True
    if mark == "**" and not text[:column].strip() and _NOTED_TWICE.search(page.prose):
        return True
    if mark == "**" and text[column - 1 : column] == "/" and text.startswith(".", column + 2):
        return True
    return mark in ("*", "**") and _POINTER.search(text, max(column - _LONGEST_TYPE, 0), column) is not None


def _is_operator(before: str, after: str, mark: str) -> bool:
    """Whether the marks stand for themselves, such as `(==)`, `(*2)` or the sign of an edit's end."""
    if mark == "==" and after == ">":
        return True  # an arrow
    if before.isspace() or before.isalnum() or before == "_":
        return False
    if (mark == "*" and before in "()" and after.isdecimal()) or "{" in before or "}" in after:
        return True
    if mark == "*" and ((after in "./" and before in "._/-") or (after.isspace() and before == ":")):
        return True  # `*` for any name
    if mark == "**" and before == "/" and not after.isalnum():
        return True  # `**` for any folder
    if mark == "*" and before in "'\"" and (after.isdecimal() or after == before):
        return True  # a string so many times, or the sign itself
    return after in _ENDS and before in "、，；：（([<|/,;:!！"


def _ends_basis_set(shown: str, end: int) -> bool:
    return _BASIS_SET.search(shown, max(end - 12, 0), end) is not None


def _is_in_word(shown: str, place: int) -> bool:
    """Whether a mark stands behind a word or a name; the `_` of `_**both**_` is a mark itself."""
    before = shown[place - 1 : place]
    return before.isalnum() or (before == "_" and shown[place - 2 : place - 1].isalnum())


def _is_within(shown: str, match: re.Match[str], before: str) -> bool:
    """Whether the marks stand between letters of a script without spaces, and others of their kind follow or need not.

    Two stars there are never the sign of a power, nor of anything that a function takes.
    """
    if match[0] == "**" and _WIDE.match(before) and _WIDE.match(shown, match.end()):
        return True
    return not before.isascii() and shown.find(match[0], match.end()) >= 0


def _is_identifier(page: Page, line: int, column: int) -> bool:
    """Whether two underscores begin a name of a C program: Chinese follows at once, or the page says it again."""
    text = page.lines[line]
    name = _IDENTIFIER.match(text, column)
    if name is None:
        return False
    place = page.source.starts[line] + column
    if text[:column].rstrip().endswith("|") and text[name.end() :].lstrip().startswith("|"):
        return True  # a name alone in its cell
    return (
        not text[name.end() : name.end() + 4].lstrip()[:1].isascii()
        or page.source.text.count(name[0], max(place - _NEAR, 0), place + _NEAR) > 1
    )


def _is_inside_text(shown: str, column: int) -> bool:
    """Whether a lone star stands between words, and not as the sign of a remark at the start of a line."""
    return bool(shown[:column].strip(" >\t-*+")) and " " in shown[column:].strip()


def _kind(page: Page, run: str) -> str | None:
    if run[0] == "*":
        return {1: "*", 2: "**"}.get(len(run))
    extension = _EXTENSIONS.get(run)
    return run if extension and page.config.has(extension) else None


def _content(shown: str) -> int:
    """Where a line's text begins, behind list and quote marks."""
    match = re.match(r"[ \t>]*(?:[-*+][ \t]+|\d+\.[ \t]+)*", shown)
    return match.end() if match else 0
