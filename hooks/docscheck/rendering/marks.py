"""Line marks: one invisible character in each line of the source, where no syntax notices it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docscheck.parse.blocks import ABBREVIATION, ADMONITION, BLOCK_START, DETAILS, FOOTNOTE, REFERENCE, TAB_HEADER
from docscheck.patterns import lazy

if TYPE_CHECKING:
    from docscheck.page.prose import ProsePage

FIRST_MARK = 0xF0000
"""The mark of the first line; each further line has the next character."""
LAST_MARK = 0xFFFFD
MARK = lazy("[\U000f0000-\U000ffffd]")
_MACRO = "\ue000"
"""Stands for what a macro prints."""
_WORDS = (lazy(r"[^\W\d_]{2,}"), lazy(r"[^\W_]+"))
_INDENTED = lazy(r" {4,}\S")
_BRACKET = lazy(r"[\[\]{]")
"""Where depth may begin: a parenthesis counts behind a bracket only."""
_BOX_SIGNS = frozenset("!?=/")
_UNSAFE_BEFORE = frozenset(":@/.#&^{=<$\\~+_-!'\x00%")
_UNSAFE_AFTER = frozenset(":@/]}=+_-\x00\\#'.")


def marked(page: ProsePage) -> str:
    """The Markdown of a page with its line marks."""
    lines: list[str] = []
    in_options = False
    written = page.lines
    if not page.source.text.isascii():
        written = [MARK.sub("\ufffd", line) for line in written]
    for number in range(page.body, len(written)):
        line = written[number]
        if number in page.fenced_lines:
            lines.append(line)
            continue
        in_options = _is_option(line, lines[-1] if lines else "", in_options)
        leaf = page.leaf_by_line.get(number)
        shown = line if leaf is not None and leaf.kind == "code" else page.prose_lines[number]
        column = None if in_options or "8<-" in line else mark_column(shown, line)
        mark = chr(FIRST_MARK + number)
        lines.append(line if column is None else line[:column] + mark + line[column:])
    text = "\n".join(lines)
    if page.macros:
        text = page.macros.sub(_without_macro, text)
    return text + "\n"


def _without_macro(match: re.Match[str]) -> str:
    """What stands for a macro: nothing for a statement, else a sign for what it prints; marks in it are kept."""
    statement = match[0][1:2] in "%#~"
    kept = "".join(MARK.findall(match[0]))
    return "\n" * match[0].count("\n") if statement else _MACRO + kept


def _is_option(line: str, before: str, in_options: bool) -> bool:
    """Whether a line is an option under a `/// block` header."""
    if not line.startswith("    ") or not _INDENTED.match(line):
        return False
    return in_options or BLOCK_START.match(MARK.sub("", before).lstrip(" >")) is not None


def mark_column(shown: str, line: str) -> int | None:
    """Where in a line its mark can stand: behind a word that no syntax looks at."""
    stripped = line.strip(" >\t")
    start = 0
    if stripped[:1] in _BOX_SIGNS:
        header = ADMONITION.match(stripped) or DETAILS.match(stripped) or TAB_HEADER.match(stripped)
        if header or BLOCK_START.match(stripped):
            start = line.find('"') + 1 if header else line.find("|") + 1
            if not start:
                return None
    elif "]" in stripped:
        if FOOTNOTE.match(stripped):
            start = line.find("]:") + 2
        elif REFERENCE.match(stripped) or ABBREVIATION.match(stripped):
            return None
    bracket = _BRACKET.search(shown)
    plain = bracket.start() if bracket else len(shown)  # so far all stands in no brackets
    depths: list[int] = []
    for in_link in (False, True):
        for pattern in _WORDS:
            for match in pattern.finditer(shown, start):
                end = match.end()
                if not _is_safe(shown, match.start(), end):
                    continue
                if end <= plain and not in_link:
                    return end
                depths = depths or _depths(shown)
                if _depth_is_fine(depths, shown, end, in_link):
                    return end
    return None


def _is_safe(shown: str, start: int, end: int) -> bool:
    """Whether a word stands between signs that let it alone, with a mark behind it too."""
    before = shown[start - 1] if start else " "
    after = shown[end] if end < len(shown) else " "
    if (after == "." and end + 1 >= len(shown)) or (after == "." and shown[end + 1] == " "):
        return before not in _UNSAFE_BEFORE and not shown[start:end].isdigit()
    return before not in _UNSAFE_BEFORE and after not in _UNSAFE_AFTER


def _depths(shown: str) -> list[int]:
    """How deep in brackets, braces or a link's address each character stands; 1 in plain link text."""
    depths = []
    brackets = braces = parens = 0
    for index, char in enumerate(shown):
        if char == "[":
            brackets += 1
        elif char == "]":
            brackets = max(brackets - 1, 0)
        elif char == "{":
            braces += 1
        elif char == "}":
            braces = max(braces - 1, 0)
        elif char == "(" and (parens or shown[index - 1 : index] == "]"):
            parens += 1
        elif char == ")" and parens:
            parens -= 1
        depths.append(brackets + 10 * braces + 10 * parens)
    return depths


def _depth_is_fine(depths: list[int], shown: str, end: int, in_link: bool) -> bool:
    """Whether a word stands in no brackets, or, where that is asked for, in the text of a link."""
    depth = depths[end - 1]
    if not in_link:
        return depth == 0
    closing = shown.find("]", end)
    return depth <= 1 and closing > 0 and shown[closing + 1 : closing + 2] == "("
