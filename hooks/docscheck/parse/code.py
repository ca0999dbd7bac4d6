"""Fenced code as SuperFences and Python-Markdown's own extension find it, and code spans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from docscheck.patterns import lazy
from docscheck.source import Source, Span

HIDDEN = "\x00"
"""Stands for a character that is code or otherwise no Markdown; never blank, never a mark."""

_ITEM = lazy(r"(?:[-*+]|\d+\.)[ \t]+(?=`{3}|~{3})")
_PREFIX = lazy(r"[> \t]*")
_OPENER = lazy(r"(?P<fence>~{3,}|`{3,})(?P<info>.*)$")
_OPTION = r"""[ \t]*[a-zA-Z][a-zA-Z0-9_]*(?:=(?P<quot{0}>"|').*?(?P=quot{0}))?(?=[\t ]|$)"""
_INFO = lazy(
    r"(?:[ \t]*\.?(?P<lang>[\w#.+-]+)(?=[\t ]|$))?"
    r"(?:[ \t]*(?P<attrs>\{[^\n]*\})|(?P<options>(?:" + _OPTION.format("") + r")+)|"
    r"(?P<other>(?:[ \t]*[^\s]+(?=[\t ]|$))+))?[ \t]*$"
)
_PLAIN_INFO = lazy(r"[ ]*(?:(?:\{[^\n]*\})|\.?[\w#.+-]*[ ]*(?:hl_lines=(?P<q>\"|')[^\n]*?(?P=q)[ ]*)?)$")
_AROUND_ENDS = lazy(r"[ \t]*(?:-->|</(?:textarea|script)>)")
"""Behind the closing marks ends the comment or the element that the whole fence stands in."""
_RUN = lazy("`+")
_SEGMENT_BREAK = lazy(r"[> \t]*(?:[-*+][ \t]|\d+[.)][ \t]|#{1,6}|\||!!!|\?\?\?|===|///|:[ \t])|\s*?(?:\n|$)")
"""A line that begins another paragraph, item or cell."""

_DELIMITERS = lazy(r"^[> \t]*:?-+:?[ \t]*\|[-:| \t]*$", re.M)
"""The second row of a table whose rows do not begin with a pipe: code does not go on in the next row."""


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


def places(text: str, sign: str) -> Iterator[int]:
    """Where a sign stands in a text."""
    place = text.find(sign)
    while place >= 0:
        yield place
        place = text.find(sign, place + len(sign))


def _fence_at(source: Source, start: int, superfences: bool, custom: frozenset[str]) -> Fence | None:
    lines = source.lines
    line = lines[start]
    prefix = _PREFIX.match(line)
    width = len(prefix[0]) if prefix else 0
    rest = line[width:]
    item = _ITEM.match(rest)
    if item:  # after a list marker neither extension looks for a fence
        return _after_marker(lines, start, width + item.end())
    opener = _OPENER.match(rest)
    if not opener or _AROUND_ENDS.match(opener["info"]) or opener["info"].startswith(("</code>", "</pre>")):
        return None
    if opener["fence"][0] == "`" and "`" in opener["info"] and not (superfences and _info_is_fine(opener["info"])):
        return None  # code in a line of text; the quoted title of a fence may hold backticks
    fence, info = opener["fence"], opener["info"]
    indent = len(line[:width].expandtabs(4))
    if superfences:
        problem = "" if _info_is_fine(info) or (custom and _is_custom(info, custom)) else "info"
    elif width:
        problem = "indented"
    else:
        problem = "" if _PLAIN_INFO.match(info) else "info"
    begun = Fence(start, start, indent, fence, info.strip(), width, problem)
    return _run(lines, start, begun) if width else _run_at_margin(source, begun)


_WORD_OPTION = lazy(r"[ \t]+([a-zA-Z]\w*)(?=[ \t]|$)")
_OTHERS_OPTION = lazy(r"(?<![\w-])(?:filename|caption|lineno|linenos|highlight|showLineNumbers|hl_line|linenum)=")
"""Options of other tools, or nearly ours: with one of them a fence is printed as it is written."""
_KNOWN_WORDS = frozenset(("annotate", "linenums", "select", "copy", "nocopy", "exec", "test", "skip", "no_run"))


def _info_is_fine(info: str) -> bool:
    """Whether superfences reads what stands behind the marks."""
    if not info or info.isalnum():
        return True
    match = _INFO.match(info)
    if not match or match["other"] is not None:
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
    lines = source.lines
    place = source.text.find(f"\n{fence.marks}", source.starts[fence.start])
    around_ends = False
    while place >= 0:
        number = source.line_of(place + 1)
        text = lines[number].strip()
        if text == fence.marks:
            return _ended(fence, number, "")
        if not around_ends and text.startswith(fence.marks) and _AROUND_ENDS.match(text, len(fence.marks)):
            around_ends = True
            if f"\n{fence.marks}\n" not in source.text[place + 1 :]:
                return _ended(fence, number - 1, "")  # nothing else would close it, and what it stands in is not read
        if _opens_another(text, fence):
            return _ended(fence, _last_meant(lines, fence.start, number), "unclosed", number)
        place = source.text.find(f"\n{fence.marks}", place + 1)
    return _ended(fence, _last_meant(lines, fence.start), "unclosed")


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
    """How far a line of a fence is indented."""
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


def hidden(text: str, spans: Iterable[Span]) -> str:
    """The text with these stretches made invisible; line ends stay."""
    parts: list[str] = []
    position = 0
    for span in sorted(spans):
        if span.end > position:
            start = max(span.start, position)
            parts += [text[position:start], blank(text[start : span.end])]
            position = span.end
    return "".join([*parts, text[position:]]) if parts else text


def blank(text: str) -> str:
    """As much that is invisible; line ends stay."""
    return "\n".join([HIDDEN * len(line) for line in text.split("\n")]) if "\n" in text else HIDDEN * len(text)


def hide_code_spans(text: str) -> str:
    """The text with every code span hidden; spans do not reach beyond their paragraph, item or cell."""
    pieces = text.split("`")
    if len(pieces) == 1:
        return text
    are_single = "" not in pieces[1:-1] and "\\" not in [piece[-1:] for piece in pieces[::2]]
    if are_single and len(pieces) % 2 and "\n" not in "".join(pieces[1::2]):  # each ends on the line it begins on
        pieces[1::2] = [HIDDEN * (len(code) + 2) for code in pieces[1::2]]
        return "".join(pieces)
    position, parts = 0, list[str]()
    while (tick := text.find("`", position)) >= 0:
        begin = text.rfind("\n", 0, tick) + 1
        end = _segment_end(text, begin)
        while begin > position and not _SEGMENT_BREAK.match(text, begin):
            begin = text.rfind("\n", 0, begin - 1) + 1
        begin = max(begin, position)
        segment = text[begin:end]
        rows = segment.split("\n") if "|" in segment and _DELIMITERS.search(segment) else [segment]
        parts += [text[position:begin], "\n".join(map(_without_spans, rows))]
        position = end
    return "".join([*parts, text[position:]]) if parts else text


def _segment_end(text: str, line: int) -> int:
    """Where the paragraph, item or cell ends that holds the line beginning at this offset: the end of a line."""
    end = text.find("\n", line)
    while end >= 0 and not _SEGMENT_BREAK.match(text, end + 1):
        end = text.find("\n", end + 1)
    return len(text) if end < 0 else end


def _without_spans(segment: str) -> str:
    """The segment with code spans hidden: each run of backticks pairs with the next one of its length."""
    if "``" not in segment and "\\" not in segment:
        parts = segment.split("`")
        paired = len(parts) - 1 + len(parts) % 2  # without partner, the last one is a character like others
        parts[1:paired:2] = [HIDDEN + blank(part) + HIDDEN for part in parts[1:paired:2]]
        return "".join(parts[:paired]) + "`".join(["", *parts[paired:]])
    runs = [(match.start(), match.end()) for match in _RUN.finditer(segment)]
    following = _next_alike(runs)
    parts, position, index = list[str](), 0, 0
    while index < len(runs):
        start, partner = runs[index][0], following[index]
        if partner and segment[start - 1 : start] != "\\":
            end = runs[partner][1]
            parts += [segment[position:start], blank(segment[start:end])]
            position, index = end, partner
        index += 1
    return "".join([*parts, segment[position:]]) if parts else segment


def _next_alike(runs: Sequence[tuple[int, int]]) -> list[int]:
    """For each run the index of the next one of the same length; 0 where there is none."""
    following, seen = [0] * len(runs), dict[int, int]()
    for index in range(len(runs) - 1, -1, -1):
        length = runs[index][1] - runs[index][0]
        following[index] = seen.get(length, 0)
        seen[length] = index
    return following
