"""Fenced code as SuperFences and Python-Markdown's own extension find it, and code spans."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

HIDDEN = "\x00"
"""Stands for a character that is code or otherwise no Markdown; never blank, never a mark."""

_PREFIX = re.compile(r"[> \t]*")
_OPENER = re.compile(r"(?P<fence>~{3,}|`{3,})(?P<info>.*)$")
_OPTION = r"""[ \t]*[a-zA-Z][a-zA-Z0-9_]*(?:=(?P<quot{0}>"|').*?(?P=quot{0}))?(?=[\t ]|$)"""
_INFO = re.compile(
    r"(?:[ \t]*\.?(?P<lang>[\w#.+-]+)(?=[\t ]|$))?"
    r"(?:[ \t]*(?P<attrs>\{[^\n]*\})|(?P<options>(?:" + _OPTION.format("") + r")+)|"
    r"(?P<other>(?:[ \t]*[^\s]+(?=[\t ]|$))+))?[ \t]*$"
)
_PLAIN_INFO = re.compile(r"[ ]*(?:(?:\{[^\n]*\})|\.?[\w#.+-]*[ ]*(?:hl_lines=(?P<q>\"|')[^\n]*?(?P=q)[ ]*)?)$")
_CODE_SPAN = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_SEGMENT_START = re.compile(r"[> \t]*(?:[-*+][ \t]|\d+[.)][ \t]|#{1,6}|\||!!!|\?\?\?|===|///|:[ \t])")


@dataclass(frozen=True)
class Fence:
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


def scan_fences(lines: Sequence[str], start: int, superfences: bool) -> Iterator[Fence]:
    """Fences from line `start` on."""
    number = start
    while number < len(lines):
        fence = _fence_at(lines, number, superfences)
        if fence is None:
            number += 1
            continue
        yield fence
        number = fence.end + 1


def _fence_at(lines: Sequence[str], start: int, superfences: bool) -> Fence | None:
    line = lines[start]
    if "```" not in line and "~~~" not in line:
        return None
    prefix = _PREFIX.match(line)
    width = len(prefix[0]) if prefix else 0
    rest = line[width:]
    item = re.match(r"(?:[-*+]|\d+\.)[ \t]+(?=`{3}|~{3})", rest)
    if item:  # after a list marker neither extension looks for a fence
        return _after_marker(lines, start, width + item.end())
    opener = _OPENER.match(rest)
    if not opener or (opener["fence"][0] == "`" and "`" in opener["info"]):
        return None
    fence, info = opener["fence"], opener["info"]
    indent = len(line[:width].expandtabs(4))
    if superfences:
        problem = "" if _info_is_fine(info) else "info"
    elif width:
        problem = "indented"
    else:
        problem = "" if _PLAIN_INFO.match(info) else "info"
    return _run(lines, start, Fence(start, start, indent, fence, info.strip(), width, problem))


_WORD_OPTION = re.compile(r"[ \t]+([a-zA-Z]\w*)(?=[ \t]|$)")
_KNOWN_WORDS = frozenset(("annotate", "linenums", "select", "copy", "nocopy", "exec", "test", "skip", "no_run"))


def _info_is_fine(info: str) -> bool:
    match = _INFO.match(info)
    if not match or match["other"] is not None:
        return False
    options = re.sub(r"""=("|').*?\1""", "=", match["options"] or "")
    words = set(_WORD_OPTION.findall(options)) if match["lang"] else set()
    return not words - _KNOWN_WORDS or "=" in options


def _run(lines: Sequence[str], start: int, fence: Fence) -> Fence:
    """Follow a fence to its end."""
    quoted = ">" in lines[start][: fence.column]
    culprit = -1
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if not line.strip(" \t>") and (not quoted or ">" in line or not line.strip()):
            if quoted and ">" not in line:
                return _ended(fence, number - 1, "unclosed", number)
            continue
        depth = _depth(line, fence, quoted)
        text = line.strip(" \t>") if quoted else line.strip()
        if depth == fence.indent and _opens_another(text, fence):
            return _ended(fence, _last_meant(lines, start, number), "unclosed", number)
        if text.rstrip() == fence.marks and depth >= fence.indent:
            if depth == fence.indent or quoted:
                return _ended(fence, number, "dedent" if culprit >= 0 else "", culprit)
            continue
        if depth < fence.indent:
            if text.rstrip() == fence.marks:
                return _ended(fence, number, "dedent", number if culprit < 0 else culprit)
            if culprit < 0:
                culprit = number
            if _starts_over(lines, number, fence):
                return _ended(fence, number - 1, "unclosed", culprit)
    return _ended(fence, _last_meant(lines, start), "unclosed", culprit)


def _after_marker(lines: Sequence[str], start: int, column: int) -> Fence | None:
    """A fence on the line of a list marker: code on one line is a code span, more is broken."""
    opener = _OPENER.match(lines[start][column:])
    if not opener or "`" in opener["info"] or not re.match(r"[ \t]*[\w#.+-]*[ \t]*(\{.*\}|.*=.*)?$", opener["info"]):
        return None
    for number in range(start + 1, min(start + 200, len(lines))):
        text = lines[number].strip()
        if text == opener["fence"]:
            return Fence(start, number, column, opener["fence"], opener["info"].strip(), column, "marker", start)
        if text and len(lines[number]) - len(lines[number].lstrip()) < 1:
            return None
    return None


def _depth(line: str, fence: Fence, quoted: bool) -> int:
    if quoted:
        prefix = _PREFIX.match(line)
        return len(prefix[0].expandtabs(4)) if prefix and ">" in prefix[0] else 0
    expanded = line.expandtabs(4)
    return len(expanded) - len(expanded.lstrip(" "))


def _starts_over(lines: Sequence[str], number: int, fence: Fence) -> bool:
    """Whether a less indented line shows that the author is past the fence: a heading or a new list item."""
    return not any(lines[later].strip() == fence.marks for later in range(number, min(number + 400, len(lines))))


def _opens_another(text: str, fence: Fence) -> bool:
    """Whether a line inside a fence is the opening of another: the one around it was never closed."""
    rest = text.removeprefix(fence.marks)
    return (
        rest != text and rest[:1] != fence.marks[0] and re.match(r"[ \t]?[A-Za-z][\w+#-]*([ \t]|$)", rest) is not None
    )


def _last_meant(lines: Sequence[str], start: int, limit: int | None = None) -> int:
    """Where an unclosed fence most likely ends: before the next blank line, or at the end."""
    stop = len(lines) if limit is None else limit
    for number in range(start + 1, stop):
        if not lines[number].strip():
            return number - 1
    return stop - 1


def _ended(fence: Fence, end: int, problem: str, culprit: int = -1) -> Fence:
    reason = fence.problem or problem
    return Fence(
        fence.start, max(end, fence.start), fence.indent, fence.marks, fence.info, fence.column, reason, culprit
    )


def hide(text: str, start: int, end: int) -> str:
    """The text with a stretch made invisible; line ends stay."""
    return text[:start] + re.sub(r"[^\n]", HIDDEN, text[start:end]) + text[end:]


def hide_code_spans(lines: Sequence[str]) -> list[str]:
    """The lines with every code span hidden; spans do not reach beyond their paragraph, item or cell."""
    if not any("`" in line for line in lines):
        return list(lines)
    hidden: list[str] = []
    segment: list[str] = []
    for line in lines:
        if segment and (not line.strip() or _SEGMENT_START.match(line)):
            hidden += _without_spans(segment)
            segment = []
        segment.append(line)
    return hidden + _without_spans(segment)


def _without_spans(segment: list[str]) -> list[str]:
    text = "\n".join(segment)
    if "`" not in text:
        return segment
    return _CODE_SPAN.sub(lambda match: re.sub(r"[^\n]", HIDDEN, match[0]), text).split("\n")
