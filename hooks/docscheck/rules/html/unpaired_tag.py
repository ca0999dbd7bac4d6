"""A tag that is never closed, closed twice, or closed in the wrong order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.parse.html import OPTIONAL_END, VOID_TAGS, Tag
from docscheck.patterns import lazy
from docscheck.source import Span

UNCLOSED = Rule("HTM101", "unclosed-tag", Severity.ERROR)
STRAY = Rule("HTM102", "stray-end-tag", Severity.ERROR)
RULES = (UNCLOSED, STRAY)
_UNENDED = lazy(
    r"(<(?:img|a|div|span|p|iframe|video|br|hr|table|details|figure))(?=[ ][a-z-]+=[^>\n]*$)"
    r"|(<https?://[^\s<>]+)(?=[ ][^>\n]*$|$)|(<br[ ]?/?)(?=$|[ ][^<>=\n]*$|[A-Za-z]{2,}[ ]?[^<>=\n]*$)",
    re.MULTILINE,
)
_UNENDED_END = lazy(r"</([a-z][a-z\d]*)(?=[ ]*$(?!\n[ \t]*>)|[ ]*[<\x00]|[ ][^<>\n]*$)", re.MULTILINE)
"""`</tr`: all up to the next `>` is lost with it."""
_NAMED = lazy(r"(?<=[a-z,] )<([a-z][a-z_-]{2,})(?=[ ][a-z]{2,}[ ,.][^<>\n]*$)", re.MULTILINE)
"""`<pod by`: a word to fill in, the second bracket of which is missing."""
_OPEN_VALUE = lazy(
    r"<[A-Za-z][\w-]*(?:[ ]+[\w:-]+(?:=(?:\"[^\"<>\n]*\"|'[^'<>\n]*'|[^\s\"'<>=]+))?)*"
    r"[ ]+[\w:-]+=(\"[^\"<>\n]*)[ ]([a-z][a-z-]*)=\"(?=[^\s>/])[^<>\n]*>"
)
"""`alt="A square width="90"`: the quote that ends a value begins the next."""
_OPEN_LAST = lazy(
    r"<(?:img|source|input|a|div|span|p|iframe|video|details|figure)(?:[ ]+[\w:-]+=(?:\"[^\"<>\n]*\"|'[^'<>\n]*'))*"
    r"[ ]+[\w:-]+=(\"[^\"<>\n]*)/?>(?=[^\"\n]*$)",
    re.MULTILINE,
)
"""`width="90>`: the last value has no end."""
_UNOPENED = lazy(
    r"<(?:img|source|input|a|div|span|p|iframe|video|details|figure)(?:[ ]+[\w:-]+=(?:\"[^\"<>\n]*\"|'[^'<>\n]*'))*"
    r"[ ]+[\w:-]+=([^\s\"'<>=][^\s\"'<>]*\")(?=[ />])"
)
"""`src=a.png"`: the value does not begin with its quote."""
_NO_EQUALS = lazy(
    r"<(?:img|a|div|span|p|iframe|video|table|details|figure)(?:[ ]+[\w:-]+=(?:\"[^\"<>\n]*\"|'[^'<>\n]*'))*"
    r"[ ]+([a-z][a-z-]*[ ]+\"[^\"<>\n]*\")[^<>\n]*>"
)
"""`alt "A square"`: what stands between a name and its value is lost."""
_CELLS = frozenset(("td", "th", "li", "dt", "dd"))
_CELL = r"(?:[^<>\n]|</?(?:a|b|br|code|em|i|span|strong)\b[^<>\n]*>)*"
_TWICE_OPEN = lazy(
    rf"<(td|th)\b[^<>\n]*>(?=[^<>\s]|<(?!/?\1))(?!{_CELL}</\1>){_CELL}(<\1>)(?=[ ]*(?:<\1\b|</tr>|$))"
    rf"|<(li|dt|dd)>(?=[^<>\s]|<(?!/?\3))(?!{_CELL}</\3>){_CELL}(<\3>)(?=[ ]*(?:<\3>|</[uod]l>|$))",
    re.MULTILINE,
)
"""`<td>100 g<td>`: what was to be the end begins another."""
_KNOWN_TEXT = """
a abbr article aside audio b blockquote bdi bdo big button canvas center cite code data datalist del details dfn dialog
div dl em fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 header i iframe ins kbd label legend main map
mark menu nav object ol output p picture pre progress q s samp script section select small span strike strong style sub
summary sup table time tt u ul var video
"""
_KNOWN = frozenset(_KNOWN_TEXT.split())

_PARTS = {
    "summary": ("details",),
    "tr": ("table", "thead", "tbody", "tfoot"),
    "td": ("tr", "table"),
    "th": ("tr", "table"),
}
"""What is a part of another element, and in which it has to be."""


def check(page: Page) -> Iterator[Finding]:
    """Pair the tags of a page, and look for what was to be one and is none."""
    pairing = _Pairing(page)
    for tag in page.tags:
        yield from pairing.take(tag)
    yield from _unended(page)
    yield from _quotes(page)
    yield from _slash_lost(page)
    blocks = {block.tag.span.start for block in page.html_blocks}
    for open_tag in pairing.open:
        if open_tag.span.start not in blocks and open_tag.name not in OPTIONAL_END:
            yield _unclosed(open_tag, "the page ends first")


class _Pairing:
    """The tags of a page up to some place, paired as far as they can be."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._begun = {tag.name for tag in page.tags if not tag.closing}
        self.open: list[Tag] = []
        """Those that are not closed yet."""
        self._forgiven: list[str] = []
        """Names whose end, should one come, is no finding: they have been spoken of, or Markdown closes them."""
        self._slashed: list[str] = []

    def take(self, tag: Tag) -> Iterator[Finding]:
        """What is wrong with the next tag."""
        if tag.name in VOID_TAGS:
            if tag.closing:
                yield STRAY.at(tag.span, f"`<{tag.name}>` has no end tag", help=f"write `<{tag.name}>`")
        elif tag.name not in _KNOWN:
            if tag.closing and tag.name in _CELLS and tag.name not in self._begun:
                yield STRAY.at(tag.span, f"nothing opens this `</{tag.name}>`", help="correct its name, or remove it")
        elif tag.self_closing:
            self._take_slashed(tag)
        elif tag.closing:
            yield from self._close(tag)
        else:
            yield from self._misplaced(tag)
            self.open.append(tag)

    def _is_open(self, tag: Tag) -> bool:
        return any(open_tag.name == tag.name for open_tag in self.open)

    def _take_slashed(self, tag: Tag) -> None:
        if self._is_open(tag):
            self._forgiven.append(tag.name)  # Markdown takes it for closed; for a browser `<div/>` is open
        elif tag.span.end - tag.span.start <= len(tag.name) + len("< />"):
            self._slashed.append(tag.name)  # without attributes, so that nothing of it is lost

    def _misplaced(self, tag: Tag) -> Iterator[Finding]:
        """A start where browsers do not read it as such."""
        if tag.name == "a" and self.open and self.open[-1].name == "a" and _is_inside(self._page, self.open[-1], tag):
            message = "a link cannot hold another one, so it ends here"
            yield UNCLOSED.at(tag.span, message, help="close the first one")
        around = _PARTS.get(tag.name)
        if around and self._page.site is not None and all(open_tag.name not in around for open_tag in self.open):
            message = f"outside `<{around[0]}>`, browsers do not read `<{tag.name}>` as such"
            yield UNCLOSED.at(tag.span, message, help=f"put it between `<{around[0]}>` and `</{around[0]}>`")

    def _close(self, tag: Tag) -> Iterator[Finding]:
        if self._is_open(tag):
            while self.open[-1].name != tag.name:
                open_tag = self.open.pop()
                self._forgiven.append(open_tag.name)
                if open_tag.name not in OPTIONAL_END:
                    yield _unclosed(open_tag, f"`</{tag.name}>` comes first")
            self.open.pop()
        elif tag.name in self._forgiven:
            self._forgiven.remove(tag.name)
        elif tag.name in self._slashed:
            self._slashed.remove(tag.name)  # `<ul/>` … `</ul>`
        else:
            yield STRAY.at(tag.span, f"nothing opens this `</{tag.name}>`", help="remove it, or add the tag it closes")


def _unended(page: Page) -> Iterator[Finding]:
    """What begins like a tag and has no `>`."""
    if "<" not in page.prose:
        return
    for match in _UNENDED.finditer(page.prose):
        span = Span(*match.span(match.lastindex or 0))
        written = match[match.lastindex or 0]
        help = "add `>`, and check that its quotes are closed"
        yield UNCLOSED.at(span, f"the tag `{written}` has no `>`", help=help)
    begun = {tag.name for tag in page.tags if not tag.closing} if "</" in page.prose else set()
    for match in _UNENDED_END.finditer(page.prose) if begun else ():
        if match[1] in begun:
            yield UNCLOSED.at(Span(*match.span()), f"the tag `{match[0]}` has no `>`", help="add `>`")
    for match in _NAMED.finditer(page.prose):
        if match[1] not in _KNOWN and match[1] not in VOID_TAGS:
            yield UNCLOSED.at(Span(*match.span()), f"`{match[0]}` has no `>`", help="add `>`, and put it in code")


def _is_inside(page: Page, outer: Tag, inner: Tag) -> bool:
    """Whether a link begins on the line of another one; an old anchor may be left open."""
    between = page.source.text[outer.span.end : inner.span.start]
    return outer.get("href") is not None and inner.get("href") is not None and "\n" not in between.strip()


def _quotes(page: Page) -> Iterator[Finding]:
    """What is no tag, because the end of one value is missing."""
    for match in _OPEN_VALUE.finditer(page.prose) if '="' in page.signs and '="' in page.prose else ():
        message = f"the value before `{match[2]}=` has no quote at its end"
        yield UNCLOSED.at(Span(*match.span(1)), message, help='add `"`')
    for match in _OPEN_LAST.finditer(page.prose) if '="' in page.prose else ():
        yield UNCLOSED.at(Span(*match.span(1)), "the last value has no quote at its end", help='add `"`')
    for match in _UNOPENED.finditer(page.prose) if "<" in page.signs and '"' in page.signs else ():
        yield UNCLOSED.at(Span(*match.span(1)), "this value has no quote at its start", help='add `"`')
    for match in _NO_EQUALS.finditer(page.prose) if "<" in page.signs and '"' in page.signs else ():
        message = "between this name and its value there is no `=`, so the tag is printed"
        yield UNCLOSED.at(Span(*match.span(1)), message, help="write `=` between them")


def _slash_lost(page: Page) -> Iterator[Finding]:
    """Cells and items that end with their own start, on a line that knows ends, or where others have one."""
    text = page.masked
    names = _CELLS.intersection([tag.name for tag in page.tags])
    if not any(0 < text.count(f"</{name}>") < text.count(f"<{name}") for name in names):
        return
    for match in _TWICE_OPEN.finditer(page.masked):
        name = match[1] or match[3]
        span = Span(*match.span(2 if match[1] else 4))
        line = page.source.line_of(span.start)
        known = page.masked_lines[line] if match[1] else page.masked
        if f"</{name}>" in known:
            yield UNCLOSED.at(span, f"this begins another `<{name}>` where one should end", help=f"write `</{name}>`")


def _unclosed(tag: Tag, why: str) -> Finding:
    return UNCLOSED.at(tag.span, f"`<{tag.name}>` is never closed: {why}", help=f"add `</{tag.name}>`")
