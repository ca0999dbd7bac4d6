"""Footnotes: named but not written, written but not named, written twice, or spoilt by a character."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.included import included_text
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.parse.blocks import Row
from docscheck.parse.code import HIDDEN
from docscheck.patterns import lazy
from docscheck.source import Span

UNDEFINED = Rule("LNK411", "undefined-footnote")
UNUSED = Rule("LNK412", "unused-footnote", Severity.WARNING)
DUPLICATE = Rule("LNK413", "duplicate-footnote")
MALFORMED = Rule("LNK414", "malformed-footnote")
RULES = (UNDEFINED, UNUSED, DUPLICATE, MALFORMED)

_MARK = lazy(r"\[ *\^")
_REFERENCE = lazy(r"\[\^([^\]\s\[]+)\]")
_NAMED = lazy(r"\[\^([^\]\[]+)\]")
_SPACED = lazy(r"\[(?:[ ]+\^[ ]*|\^[ ]+)([\w-]+)[ ]*\]|\[\^([\w-]+)[ ]+\]")
_WORDS = lazy(r"\[(?<=[\w.,;:!?)\"'’”*`\x00]\[)\^([\w-]+(?:[ ][\w-]+)+)\](?!:)")
_CARET_LAST = lazy(r"\[([\w-]+)\^\](?![(\[:])")
_INLINE = lazy(r"(?<=[\w.,;:!?)\"'’”*_`\x00])\^\[(?=[^\W_])[^\[\]\n ]+[ ][^\[\]\n]*\](?![(\[:^])")
_LOST_COLON = lazy(r"[ \t>]*\[\^([^\]\s]+)\](?:[ ]+\S|\w)")
_OTHER_MARKS = lazy(
    r"(?<=[\w.,;:!?)\"'’”*`\x00])(?:\(\^([\w-]+)\)|\^\[([\w-]+)\]|\^\(([\w-]+)\)"
    r"|(?<!\b[A-Za-z])\[[*]?([\w-]+)\](?![(\[:])|\[\^([\w-]+)(?=[\s)}])|\\\[\^([\w-]+)\\?\])"
)
"""`(^name)`, `^[name]`, `[name]`, `[*name]`, `[^name` and an escaped one: references to a note that has no other;
behind one letter it is an index."""
_ESCAPED = lazy(r"\\\[\^([\w-]+)\\\]")
"""An escaped mark where such brackets look like those of a formula."""
_NOTE_WITHOUT_CARET = lazy(r"[ \t>]*(\[([\w-]+)\]:)[ ]+\S")
_NO_NOTE = lazy(r"(?:[ ]{0,3}|(?:[ ]{4,}|\t)[ \t]*(?=[^\n]*\]:))(\[\^([^\]\s]+)\])(:|：)[ ]*\S")
"""A note whose colon is a full-width one, or that is indented so far that it is code."""
_DEFINITION = lazy(r"^[ ]{0,3}\[\^([^\]]+)\]:", re.M)


def check(page: Page) -> Iterator[Finding]:
    """Compare references with notes, where the site has footnotes at all."""
    yield from _inline(page)
    if "[" not in page.source.text or not page.config.has("footnotes") or not _MARK.search(page.source.text):
        return
    written = {label for label, _ in page.definitions.footnotes} | set(_DEFINITION.findall(included_text(page)))
    named = set(_named(page))
    spoilt = list(_spoilt(page, written, named))
    yield from (finding for _, finding in spoilt)
    lost = {label for label, _ in spoilt}
    yield from _undefined(page, written | lost)
    yield from _unused(page, named | lost)


def _inline(page: Page) -> Iterator[Finding]:
    """`^[text]`, a footnote in Pandoc and Obsidian."""
    if "^[" not in page.signs or any("note" in name for name in page.config.foreign_extensions):
        return
    for match in _INLINE.finditer(page.prose):
        if not is_raw(page, match.start()):
            message = "`^[…]` is not a footnote here, so it is printed"
            yield MALFORMED.at(
                Span(*match.span()), message, help="write `[^name]` here, and `[^name]: …` on a line of its own"
            )


def _named(page: Page) -> Iterator[str]:
    """Labels that the text names; those inside notes and in blocks of code count as well."""
    for number, line in enumerate(page.lines):
        if "[^" in line:
            for match in _NAMED.finditer(line):
                if _is_in_code_span(page, number, match) or line[: match.start()].endswith("\\"):
                    continue
                if line[: match.start()].strip(" \t>") or line[match.end() : match.end() + 1] != ":":
                    yield match[1]


def _is_in_code_span(page: Page, number: int, match: re.Match[str]) -> bool:
    """Whether a mark stands between backticks, in a line that is text."""
    leaf = page.leaf_by_line.get(number)
    line = page.lines[number]
    hidden = page.prose_lines[number][match.start() : match.end()].strip(HIDDEN) == ""
    ticks = "`" in line[: match.start()] and "`" in line[match.end() :]
    return hidden and ticks and number not in page.fenced_lines and leaf is not None and leaf.kind == "p"


def _in_code(page: Page) -> Iterator[tuple[str, Span]]:
    """Marks between backticks."""
    for number, line in enumerate(page.lines):
        for match in _NAMED.finditer(line) if "[^" in line and "`" in line else ():
            if _is_in_code_span(page, number, match):
                yield match[1], page.source.span(number, *match.span())


def _undefined(page: Page, written: set[str]) -> Iterator[Finding]:
    for match in _REFERENCE.finditer(page.prose):
        label = match[1]
        defines = page.prose[match.end() : match.end() + 1] == ":" and _begins_line(page, match.start())
        if (
            defines
            or label in written
            or "\x00" in label
            or is_raw(page, match.start())
            or not _is_meant(page, match, written)
        ):
            continue
        help = f"write the note: `[^{label}]: …`"
        yield UNDEFINED.at(Span(*match.span()), f"there is no footnote `{label}`, so its mark is printed", help=help)


def _begins_line(page: Page, offset: int) -> bool:
    return not page.prose[page.prose.rfind("\n", 0, offset) + 1 : offset].strip(" >")


def _is_meant(page: Page, match: re.Match[str], written: set[str]) -> bool:
    """Whether brackets with a caret are a reference, and not a class of characters named in passing."""
    before = page.prose[match.start() - 1 : match.start()]
    return bool(written) or match[1].isdigit() or (bool(before.strip()) and before not in "([{\"'|,/")


def _unused(page: Page, named: set[str]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for label, row in page.definitions.footnotes:
        span = page.source.find(row.line, f"[^{label}]")
        if label in first:
            message = f"the footnote `{label}` is already written on line {first[label] + 1}; only one of them is shown"
            yield DUPLICATE.at(span, message, help="give one of them another label")
            continue
        first[label] = row.line
        if _is_blank(page, row):
            yield MALFORMED.at(span, "this footnote says nothing", help="write it, or remove it and its mark")
        if label not in named:
            yield UNUSED.at(
                span, f"nothing refers to the footnote `{label}`", help=f"refer to it with `[^{label}]`, or remove it"
            )


def _is_blank(page: Page, row: Row) -> bool:
    """Whether a note has no text, on its own line or under it."""
    if not row.text.rstrip().endswith("]:"):
        return False
    below = next((line for line in page.lines[row.line + 1 :] if line.strip()), "")
    return not below.startswith((" ", "\t")) and (
        row.line + 1 >= len(page.lines) or not page.lines[row.line + 1].strip()
    )


_Spoilt = Iterator[tuple[str, Finding]]
"""Marks of footnotes and notes that are none, each with the label that was meant."""


def _spoilt(page: Page, written: set[str], named: set[str]) -> _Spoilt:
    """Marks that do not name a note as they should, and notes that are not read as such."""
    references = set(_REFERENCE.findall(page.prose))
    yield from _spaced_marks(page, written)
    yield from _marks_of_words(page, written)
    if written - named:
        yield from _other_marks(page, written - named)
    if references - written:
        yield from _other_notes(page, references - written)
        yield from _without_colon(page, references - written)


def _spaced_marks(page: Page, written: set[str]) -> _Spoilt:
    """`[ ^1]`."""
    for match in _SPACED.finditer(page.prose):
        label = match[1] or match[2]
        if label in written and not is_raw(page, match.start()):
            message = "with a space inside the brackets this is not a footnote"
            yield label, MALFORMED.at(Span(*match.span()), message, help=f"write `[^{label}]`")


def _marks_of_words(page: Page, written: set[str]) -> _Spoilt:
    """`[^my note]`, where the note may be written with another sign between the words."""
    for match in _WORDS.finditer(page.prose):
        meant = next((label for mark in "-_" if (label := match[1].replace(" ", mark)) in written), "")
        if match[1] not in written and not is_raw(page, match.start()):
            message = f"there is no footnote `{match[1]}`, so its mark is printed"
            help = f"write `[^{meant}]`" if meant else f"write the note: `[^{match[1]}]: …`"
            yield meant, UNDEFINED.at(Span(*match.span()), message, help=help)


def _other_marks(page: Page, unnamed: set[str]) -> _Spoilt:
    """What was to name one of the notes that nothing names, but is written in another way or stands in code."""
    for match in _CARET_LAST.finditer(page.prose) if "^]" in page.signs else ():
        if match[1] in unnamed and not is_raw(page, match.start()):
            message = "the mark of a footnote begins with `^`, so this is printed"
            yield match[1], MALFORMED.at(Span(*match.span()), message, help=f"write `[^{match[1]}]`")
    message = "the mark of a footnote is written `[^…]`, so this is printed"
    for match in _OTHER_MARKS.finditer(page.prose):
        label = match[match.lastindex or 0]
        if label in unnamed and not is_raw(page, match.start()):
            yield label, MALFORMED.at(Span(*match.span()), message, help=f"write `[^{label}]`")
    for span in page.maths:
        escaped = _ESCAPED.fullmatch(page.source.text, *span)
        if escaped and escaped[1] in unnamed:
            yield escaped[1], MALFORMED.at(span, message, help=f"write `[^{escaped[1]}]`")
    for label, span in _in_code(page):
        if label in unnamed:
            yield label, MALFORMED.at(span, "inside code this is no footnote", help="put it after the code")


def _other_notes(page: Page, missing: set[str]) -> _Spoilt:
    """What was to be one of the notes that are named and not there: without its caret, indented, with another colon."""
    for number in page.lines_with("]:"):
        note = _NOTE_WITHOUT_CARET.match(page.prose_lines[number])
        if note and note[2] in missing and _begins_paragraph(page, number):
            span = page.source.span(number, note.start(1), note.end(1))
            message = "without `^` this is not a footnote"
            yield note[2], MALFORMED.at(span, message, help=f"write `[^{note[2]}]: …`")
    for number in range(page.body, len(page.lines)):
        note = _NO_NOTE.match(page.lines[number]) if number not in page.fenced_lines else None
        if note and note[2] in missing and _stands_alone(page, number):
            why = "with a full-width colon" if note[3] == "：" else "indented like this"
            span = page.source.span(number, note.start(1), note.end(3))
            yield note[2], MALFORMED.at(span, f"{why} this is not a footnote", help=f"write `[^{note[2]}]: …`")


def _without_colon(page: Page, missing: set[str]) -> _Spoilt:
    """`[^1] The note.` at the beginning of a paragraph."""
    for number in range(page.body, len(page.lines)):
        found = _LOST_COLON.match(page.prose_lines[number])
        if found and found[1] in missing and _begins_paragraph(page, number):
            span = page.source.find(number, f"[^{found[1]}]")
            message = "without a colon this is not a footnote"
            yield found[1], MALFORMED.at(span, message, help=f"write `[^{found[1]}]: …`")


def _stands_alone(page: Page, number: int) -> bool:
    """Whether a line begins a paragraph or a block of code."""
    leaf = page.leaf_by_line.get(number)
    return leaf is not None and leaf.kind in ("p", "code") and leaf.rows[0].line == number


def _begins_paragraph(page: Page, number: int) -> bool:
    above = page.lines[number - 1].strip(" \t>") if number > page.body else ""
    return not above or above.startswith("[^")
