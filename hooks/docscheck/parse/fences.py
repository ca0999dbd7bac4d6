"""Fenced code, as SuperFences and Python-Markdown's own extension find it and as its author meant it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from docscheck.parse.code import places
from docscheck.patterns import lazy
from docscheck.source import Source

_ITEM = lazy(r"(?:[-*+]|\d+\.)[ \t]+(?=`{3}|~{3})")
_OPENER = lazy(r"(?P<fence>~{3,}|`{3,})(?P<info>.*)$")
_INFO = lazy(
    r"(?:[ \t]*\.?(?P<lang>[\w#.+-]+)(?=[\t ]|$))?"
    r"(?:[ \t]*(?P<attrs>\{[^\n]*\})|"
    r"(?P<options>(?:[ \t]*[a-zA-Z][a-zA-Z0-9_]*(?:=(?P<quote>\"|').*?(?P=quote))?(?=[\t ]|$))+)|"
    r"(?P<other>(?:[ \t]*[^\s]+(?=[\t ]|$))+))?[ \t]*$"
)
"""What stands behind the marks: a language, then attributes, options or what superfences does not read."""
_PLAIN_INFO = lazy(r"[ ]*(?:(?:\{[^\n]*\})|\.?[\w#.+-]*[ ]*(?:hl_lines=(?P<q>\"|')[^\n]*?(?P=q)[ ]*)?)$")
"""What Python-Markdown's own extension reads there."""
_MARKED_INFO = lazy(r"[ \t]*[\w#.+-]*[ \t]*(\{.*\}|.*=.*)?$")
"""What is taken for the same behind a list marker."""
_ANOTHER = lazy(r"[ \t]?[A-Za-z][\w+#-]*([ \t]|$)")
"""What stands behind the marks of a fence that opens in another one: a language."""
_AROUND_ENDS = lazy(r"[ \t]*(?:-->|</(?:textarea|script)>)")
"""Behind the closing marks ends the comment or the element that the whole fence stands in."""
_WORD_OPTION = lazy(r"[ \t]+([a-zA-Z]\w*)(?=[ \t]|$)")
_OTHERS_OPTION = lazy(r"(?<![\w-])(?:filename|caption|lineno|linenos|highlight|showLineNumbers|hl_line|linenum)=")
"""Options of other tools, or nearly ours: with one of them a fence is printed as it is written."""
_BAD_VALUE = lazy(
    r"\b(?:hl_lines=(?P<one>\"|')(?!\d+(?:-\d+)?(?:[ \t]+\d+(?:-\d+)?)*(?P=one))[^\"'{\[$]*(?P=one)"
    r"|linenums=(?P<two>\"|')(?!\d)[^\"'{\[$]*(?P=two))"
)
"""Lines that are no numbers with spaces between them; a template may still put some there."""
_KNOWN_WORDS = frozenset(("annotate", "select", "copy", "nocopy", "exec", "test", "skip", "no_run"))


class Fence(NamedTuple):
    """A fence as its author meant it, and whether the parser sees it so. Lines are counted from 0."""

    start: int
    end: int
    """The last line, the closing marks where there are any."""
    indent: int
    marks: str
    info: str
    column: int
    """Where the marks begin."""
    problem: str = ""
    """Why this is no fence for the parser: `unclosed`, `dedent`, `info` or `indented`; empty for a good one."""
    culprit: int = -1
    """The line that spoils it."""

    @property
    def opens(self) -> bool:
        """Whether the parser renders this as code."""
        return not self.problem


def scan_fences(source: Source, start: int, superfences: bool, custom: frozenset[str] = frozenset()) -> Iterator[Fence]:
    """Fences from line `start` on; those of the languages `custom` take options of their own."""
    passed = sum(map(len, source.lines[:start])) + start  # the offset of that line
    for place in sorted([place for sign in "`~" if sign in source.text for place in places(source.text, sign * 3)]):
        if place >= passed:
            number = source.line_of(place)
            fence = _fence_at(source, number, superfences, custom)
            if fence is not None:
                yield fence
                number = fence.end
            passed = source.starts[number] + len(source.lines[number])


def _fence_at(source: Source, start: int, superfences: bool, custom: frozenset[str]) -> Fence | None:
    line = source.lines[start]
    margin = _margin(line)
    item = _ITEM.match(line, len(margin))
    if item:  # after a list marker neither extension looks for a fence
        return _after_marker(source.lines, start, item.end())
    opener = _OPENER.match(line, len(margin))
    if not opener or _AROUND_ENDS.match(opener["info"]) or opener["info"].startswith(("</code>", "</pre>")):
        return None
    marks, info = opener["fence"], opener["info"]
    if "`" in info and marks[0] == "`" and not (superfences and _info_is_fine(info)):
        return None  # code in a line of text; the quoted title of a fence may hold backticks
    if superfences:
        problem = "" if _info_is_fine(info) or (custom and _is_custom(info, custom)) else "info"
    else:
        problem = "indented" if margin else "" if _PLAIN_INFO.match(info) else "info"
    begun = Fence(start, start, len(margin.expandtabs(4)), marks, info.strip(), len(margin), problem)
    return _run(source.lines, begun) if margin else _run_at_margin(source, begun)


def _margin(line: str) -> str:
    """What stands before the text of a line: blanks, and the marks of quotes."""
    return line[: len(line) - len(line.lstrip("> \t"))]


def _info_is_fine(info: str) -> bool:
    """Whether superfences reads what stands behind the marks."""
    if not info or info.isalnum():
        return True
    match = _INFO.match(info)
    if not match or match["other"] is not None:
        return False
    if match["options"] and ("hl_lines" in info or "linenums" in info) and _BAD_VALUE.search(match["options"]):
        return False
    options = re.sub(r"""=("|').*?\1""", "=", match["options"] or "")
    if _OTHERS_OPTION.search(options):
        return False
    return not set(_WORD_OPTION.findall(options)) - _KNOWN_WORDS


def _is_custom(info: str, custom: frozenset[str]) -> bool:
    """Whether the site's own function for this language gets the options, whatever they are called."""
    match = _INFO.match(info)
    return match is not None and match["other"] is None and match["lang"] in custom


def _run_at_margin(source: Source, fence: Fence) -> Fence:
    """Follow a fence that begins at the margin: only lines that begin with its marks say anything of it."""
    lines, is_first = source.lines, True
    for place in places(source.text, f"\n{fence.marks}", source.starts[fence.start]):
        number = source.line_of(place + 1)
        text = lines[number].strip()
        if text == fence.marks:
            return _ended(fence, number)
        if is_first and _AROUND_ENDS.match(text, len(fence.marks)):
            is_first = False
            if f"\n{fence.marks}\n" not in source.text[place + 1 :]:
                return _ended(fence, number - 1)  # nothing else would close it, and what it stands in is not read
        if _opens_another(text, fence):
            return _ended(fence, _last_meant(lines, fence.start, number), "unclosed", number)
    return _ended(fence, _last_meant(lines, fence.start, len(lines)), "unclosed")


def _run(lines: Sequence[str], fence: Fence) -> Fence:
    """Follow a fence to its end."""
    is_quoted = ">" in lines[fence.start][: fence.column]
    culprit = -1
    for number in range(fence.start + 1, len(lines)):
        line = lines[number]
        if not line.strip(" \t>"):
            if is_quoted and ">" not in line:
                return _ended(fence, number - 1, "unclosed", number)
            continue
        depth = _depth(line, is_quoted)
        text = line.strip(" \t>") if is_quoted else line.strip()
        if depth == fence.indent and _opens_another(text, fence):
            return _ended(fence, _last_meant(lines, fence.start, number), "unclosed", number)
        is_end = text.rstrip() == fence.marks
        if is_end and (depth == fence.indent or (is_quoted and depth > fence.indent)):
            return _ended(fence, number, "dedent" if culprit >= 0 else "", culprit)
        if depth < fence.indent:
            culprit = culprit if culprit >= 0 else number
            if is_end:
                return _ended(fence, number, "dedent", culprit)
            if fence.marks not in map(str.strip, lines[number : number + _FAR]):  # the author is past the fence
                return _ended(fence, number - 1, "unclosed", culprit)
    return _ended(fence, _last_meant(lines, fence.start, len(lines)), "unclosed", culprit)


_FAR = 400
"""So many lines below, the end of a fence is looked for where one is less indented."""


def _after_marker(lines: Sequence[str], start: int, column: int) -> Fence | None:
    """A fence on the line of a list marker: code on one line is a code span, more is broken."""
    opener = _OPENER.match(lines[start], column)
    if not opener or "`" in opener["info"] or not _MARKED_INFO.match(opener["info"]):
        return None
    for number, line in enumerate(lines[start + 1 : start + 200], start + 1):
        text = line.strip()
        if text == opener["fence"]:
            return Fence(start, number, column, opener["fence"], opener["info"].strip(), column, "marker", start)
        if text and not line[0].isspace():
            return None
    return None


def _depth(line: str, is_quoted: bool) -> int:
    """How far a line of a fence is indented."""
    margin = _margin(line)
    if is_quoted:
        return len(margin.expandtabs(4)) if ">" in margin else 0
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" "))


def _opens_another(text: str, fence: Fence) -> bool:
    """Whether a line inside a fence is the opening of another: the one around it was never closed."""
    return text.startswith(fence.marks) and _ANOTHER.match(text, len(fence.marks)) is not None


def _last_meant(lines: Sequence[str], start: int, stop: int) -> int:
    """Where an unclosed fence most likely ends: before the next blank line, or at the end."""
    return next((number for number in range(start + 1, stop) if not lines[number].strip()), stop) - 1


def _ended(fence: Fence, end: int, problem: str = "", culprit: int = -1) -> Fence:
    return fence._replace(end=max(end, fence.start), problem=fence.problem or problem, culprit=culprit)
