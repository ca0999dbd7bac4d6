"""Abbreviations: explained but not used, explained twice, or spoilt by a space."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.included import included_text, templates
from docscheck.page import Page
from docscheck.parse.blocks import Node
from docscheck.patterns import lazy
from docscheck.source import Span

UNUSED = Rule("LNK421", "unused-abbreviation", Severity.WARNING)
DUPLICATE = Rule("LNK422", "duplicate-abbreviation")
MALFORMED = Rule("LNK423", "malformed-abbreviation")
RULES = (UNUSED, DUPLICATE, MALFORMED)

_SPACED = lazy(r"([ \t>]*\*[ ]+)\[([A-Z][\w/.-]{0,11})\]:[ ]+\S")
_NO_COLON = lazy(r"[ ]{0,3}\*\[([A-Z][\w/.-]{0,11})\][ ]*(?![:(\[*])\S[^*]*$")
_NO_STAR = lazy(
    r"[ ]{0,3}\[([A-Z][A-Z0-9/.-]{1,11}|[A-Z][a-z]*[A-Z][A-Za-z]{0,9})\]:[ ]+[^\W\d_][^\s:/.]*[ ]+[^\W_][^\n]*$"
)
_OTHER_MARKS = lazy(
    r"[ ]{0,3}(\\\*\[([A-Z][\w/.-]{0,11})\]:|\*\*\[([A-Z][\w/.-]{0,11})\](?:\*\*:|:\*\*)|\*\(([A-Z][\w/.-]{0,11})\):"
    r"|\*\[([A-Z][A-Z0-9/.-]{1,11}):\]|\*\[([A-Z][A-Z0-9/.-]{1,11})\]：)"
    r"[ ]*[^\W_]"
)
"""A star that is escaped, two of them on both sides, round brackets, or a colon that stands inside them."""
_AMONG_ITEMS = lazy(r"[ ]{0,3}([-+][ ]\[([A-Z][A-Z0-9]{1,7})\]:)[ ]+[^\W\d_][^\s:/]*[ ]+[^\W_]")
"""An item in place of the star."""
_SECOND = lazy(r"[ ]{0,3}\*\[[^\[\]\n]+\]:[^\n]*[ ](\*\[([A-Z][\w/.-]{0,11})\]:)[ ]")
"""Two on one line, the second of which is a part of the first."""
_NO_BRACKET = lazy(r"[ ]{0,3}(\*\[([A-Z][\w/.-]{0,11})):[ ]+[^\s\]][^\]]*$")
_NOTHING = lazy(r"[ ]{0,3}(?:>[ ]{0,4})*(\*\[[^\[\]\n]+\]):[ ]*$")
_GLOSSARY = 12
"""A page that explains this many is a list for other pages to take in."""


def check(page: Page) -> Iterator[Finding]:
    """Compare explanations with the text, where the site has abbreviations at all."""
    if not page.config.has("abbr"):
        return
    if "[]:" in page.signs:
        yield from _without_star(page)
    if _OTHER_SIGNS.search(page.signs):
        yield from _with_other_marks(page)
    for node in page.kinds.get("code", ()) if page.shows("    *[") else ():
        yield from _as_code(page, node)
    if "*[" not in page.signs:
        return
    yield from _malformed(page)
    yield from _empty(page)
    explained = page.definitions.abbreviations
    if not explained:
        return
    lines = {row.line for _, row in explained}
    text = "\n".join(line for number, line in enumerate(page.prose_lines) if number not in lines)
    is_list = len(explained) >= _GLOSSARY or not text.strip()
    first: dict[str, int] = {}
    for name, row in explained:
        span = page.source.find(row.line, f"[{name}]")
        if name in first:
            message = f"`{name}` is already explained on line {first[name] + 1}; the reader sees only one of them"
            yield DUPLICATE.at(span, message, help="remove one of them")
        elif not is_list and not _is_in(name, text) and not _is_taken_in(page, name):
            yield UNUSED.at(
                span, f"the text does not contain `{name}`", help="remove the line, or correct the abbreviation"
            )
        first.setdefault(name, row.line)


def _is_taken_in(page: Page, name: str) -> bool:
    """Whether a file that the page takes in has the word, or may have it."""
    text = templates(page).text
    return text is None or _is_in(name, text) or _is_in(name, included_text(page))


def _is_in(name: str, text: str) -> bool:
    return re.search(rf"(?<![^\W_]){re.escape(name)}(?![^\W_])", text) is not None


def _lead(page: Page, number: int, shown: str) -> int:
    """How far a line of text is indented in an item or a box; nothing at the margin, where more is code."""
    leaf = page.leaf_by_line.get(number) if shown.startswith("    ") else None
    return len(shown) - len(shown.lstrip(" ")) if leaf is not None and leaf.kind == "p" else 0


def _without_colon(page: Page) -> Iterator[Finding]:
    for number in range(page.body, len(page.lines)):
        shown = page.prose_lines[number]
        if "*[" not in shown:
            continue
        lead = _lead(page, number, shown)
        match = _NO_COLON.match(shown[lead:])
        if match and _is_in(match[1], _without(page, number)):
            span = page.source.find(number, f"*[{match[1]}]")
            yield MALFORMED.at(
                span, "without a colon this does not define an abbreviation", help=f"write `*[{match[1]}]: …`"
            )
        match = _NO_BRACKET.match(shown[lead:])
        if match and _is_in(match[2], _without(page, number)):
            span = page.source.span(number, lead + match.start(1), lead + match.end(1))
            message = "without `]` this does not define an abbreviation"
            yield MALFORMED.at(span, message, help=f"write `*[{match[2]}]: …`")


def _without_star(page: Page) -> Iterator[Finding]:
    """`[BPE]: byte pair encoding`: neither an abbreviation nor, with words in place of an address, a label."""
    for number in page.lines_with("]:"):
        shown = page.prose_lines[number]
        match = _NO_STAR.match(shown[_lead(page, number, shown) :])
        leaf = page.leaf_by_line.get(number) if match else None
        if match is None or leaf is None or leaf.kind != "p":
            continue
        if _is_in(match[1], _without(page, number)):
            span = page.source.find(number, f"[{match[1]}]:")
            message = "without a star this does not define an abbreviation, so it is printed"
            yield MALFORMED.at(span, message, help=f"write `*[{match[1]}]: …`")


_INDENTED = lazy(r"[ ]{4,7}(\*\[([A-Z][\w/.-]{0,11})\]:)[ ]+\S")


def _as_code(page: Page, node: Node) -> Iterator[Finding]:
    """Abbreviations of the text that are indented, so that they are shown as a block of code."""
    matches = [(row.line, _INDENTED.match(page.lines[row.line])) for row in node.rows]
    before = page.before(node)
    if before is not None and before.rows and before.rows[-1].text.rstrip().endswith(":"):
        return  # they are shown
    words: frozenset[str] | None = None
    for line, match in matches if all(match for _, match in matches) else ():
        if match and words is None:
            words = frozenset(word.strip("./-") for word in _WRITTEN.findall(page.prose))
        if match and words and match[2].strip("./-") in words:
            span = page.source.span(line, *match.span(1))
            yield MALFORMED.at(span, "indented like this, it is code and defines nothing", help="remove the indent")


_OTHER_SIGNS = lazy(
    r"\n(?:\\\*\[[/-]*\]:|\*\*\[[/-]*\](?:\*\*:|:\*\*)|\*\([/-]*\):|\*\[[/-]*:\]|\*\[[/-]*\]：|[+-]\[\]:|\*\[[/-]*\]:[^\n]*\*\[)"
)
"""What the signs of such a line begin with."""


def _with_other_marks(page: Page) -> Iterator[Finding]:
    """`\\*[CDN]: …`, `**[CDN]**: …` and `*(CDN): …`, where the text has the word: printed, and no abbreviation."""
    written: Counter[str] | None = None
    for number in page.lines_with(":"):
        shown = page.prose_lines[number]
        lead = _lead(page, number, shown)
        shown = shown[lead:]
        match = _OTHER_MARKS.match(shown) or _AMONG_ITEMS.match(shown) or _SECOND.match(shown)
        if match is None:
            continue
        if written is None:
            written = Counter(word.strip("./-") for word in _WRITTEN.findall(page.prose))
        name = next(filter(None, match.groups()[1:]))
        if written[name.strip("./-")] > 1:  # here, and somewhere else
            span = page.source.span(number, lead + match.start(1), lead + match.end(1))
            yield MALFORMED.at(
                span, "this does not define an abbreviation, so it is printed", help=f"write `*[{name}]: …`"
            )


_WRITTEN = lazy(r"[A-Z][\w/.-]*")


def _empty(page: Page) -> Iterator[Finding]:
    """`*[TLS]:` and nothing: printed, or the next line becomes what it stands for."""
    for number in page.lines_with("]:"):
        match = _NOTHING.match(page.prose_lines[number])
        after = page.prose_lines[number + 1] if match and number + 1 < len(page.lines) else ""
        if match and not after.startswith(" ") and page.lines[number].strip() == match[0].strip():
            span = page.source.find(number, match[1])
            message = "nothing says what this abbreviation stands for"
            yield MALFORMED.at(span, message, help=f"write `{match[1]}: …`, or remove the line")


def _without(page: Page, number: int) -> str:
    """The text of all lines but one."""
    return "\n".join(line for other, line in enumerate(page.prose_lines) if other != number)


def _is_among_items(page: Page, number: int) -> bool:
    """Whether the line above or below is another kind of item: `* [Bug]: …` in a list of changes."""
    beside = [*page.prose_lines[max(number - 1, 0) : number], *page.prose_lines[number + 1 : number + 2]]
    return any(line.lstrip().startswith("* ") and not _SPACED.match(line) for line in beside)


def _malformed(page: Page) -> Iterator[Finding]:
    if not re.search(r"\*[ ]*\[[A-Z]", page.prose):
        return
    yield from _without_colon(page)
    for number in range(page.body, len(page.lines)):
        match = _SPACED.match(page.prose_lines[number])
        if match and not _is_among_items(page, number) and _is_in(match[2], _without(page, number)):
            gap = page.source.span(number, len(match[1].rstrip()), match.end(1))
            span = page.source.span(number, match.start(1), match.end(2) + 1)
            message = "with a space after the star this is a list, not an abbreviation"
            yield MALFORMED.at(span, message, help=f"write `*[{match[2]}]:`", fix=Edit(Span(gap.start, gap.end), ""))
