"""Raw HTML in a page: its tags with their attributes, its comments, and the blocks Python-Markdown leaves alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from docscheck.patterns import lazy
from docscheck.source import Span

_BLOCK_TAGS_TEXT = """
address article aside blockquote body canvas center colgroup dd details div dl dt fieldset figcaption figure footer
form group h1 h2 h3 h4 h5 h6 header hgroup hr html iframe legend li main map math menu nav noscript object ol option
output p pre progress script section style summary table tbody td textarea tfoot th thead tr ul video
"""
BLOCK_TAGS = frozenset(_BLOCK_TAGS_TEXT.split())
"""Tags at whose start Python-Markdown begins a raw block."""
_VOID_TAGS_TEXT = """
area base br col embed hr img input link meta param source track wbr
"""
VOID_TAGS = frozenset(_VOID_TAGS_TEXT.split())
_OPTIONAL_END_TEXT = """
li p dt dd tr td th thead tbody tfoot option colgroup caption optgroup rt rp
"""
OPTIONAL_END = frozenset(_OPTIONAL_END_TEXT.split())
"""Tags whose end HTML lets an author leave out."""
READ = frozenset(("", "1", "block", "span", "markdown"))
"""The values of `markdown` with which the text inside is read; with any other, such as `true`, it is raw."""
NEVER_READ = frozenset(("canvas", "math", "option", "pre", "script", "style", "textarea"))
RAW_TEXT = frozenset(("script", "style", "pre", "textarea", "code", "svg", "math"))

_TOKEN = lazy(r"<(?:!--|(?<!\]\(<)/?[A-Za-z](?=[A-Za-z0-9-]*(?::[A-Za-z][\w-]*)?[\s/>]))")
"""What begins a comment or a tag: in `[text](<img/a b.png>)` an address stands between the signs."""
_NAME = lazy(r"</?([A-Za-z][A-Za-z0-9:-]*)")
_ATTRIBUTE = lazy(r"""[\s/]*([^\s/>=<"'`]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"'`]*))?""")
_TAG_END = lazy(r"[\s/]*>")


class Attribute(NamedTuple):
    """One attribute of a raw tag."""

    name: str
    value: str
    span: Span
    """Name and value."""
    value_span: Span
    """The value without its quotes."""


class Tag(NamedTuple):
    """A raw HTML tag as written."""

    name: str
    span: Span
    attributes: tuple[Attribute, ...] = ()
    closing: bool = False
    self_closing: bool = False

    def get(self, name: str) -> Attribute | None:
        """An attribute by its name."""
        return next((attribute for attribute in self.attributes if attribute.name == name), None)

    @property
    def is_void(self) -> bool:
        """Whether the tag has no end."""
        return self.self_closing or self.name in VOID_TAGS


class Comment(NamedTuple):
    """An HTML comment; an unclosed one spans to the end of its line."""

    span: Span
    closed: bool


class HtmlBlock:
    """A block of raw HTML, from its opening tag to the end of what the parser leaves alone."""

    def __init__(self, tag: Tag, end_tag: Tag | None, span: Span, markdown: bool) -> None:
        self.tag = tag
        self.end_tag = end_tag
        self.span = span
        self.markdown = markdown
        """Whether `md_in_html` parses its content."""
        self.inline = False
        """Whether it reads the content as the text of a line: links and pictures, but no paragraphs."""
        self.children: list[HtmlBlock] = []
        self.lost: Tag | None = None
        """A tag inside that is not seen as one, so that its end is taken for the end of this block."""


def scan_tags(text: str) -> tuple[list[Tag], list[Comment]]:
    """Tags and comments of a text in which code is hidden."""
    tags: list[Tag] = []
    comments: list[Comment] = []
    position = 0
    raw_until = ""
    last_end = text.rfind("-->")  # behind it no comment ends, and none of many is looked through to the last
    while match := _TOKEN.search(text, position):
        start = match.start()
        if match[0] == "<!--":
            position = _comment(text, start, comments, last_end)
            continue
        tag = _tag(text, start)
        if tag is None or (raw_until and not (tag.closing and tag.name == raw_until)):
            position = start + 2
            continue
        raw_until = tag.name if tag.name in ("script", "style") and not tag.closing else ""
        tags.append(tag)
        position = tag.span.end
    return tags, comments


def _comment(text: str, start: int, comments: list[Comment], last_end: int) -> int:
    end = text.find("-->", start + 4) if start + 4 <= last_end else -1
    if text.startswith(("<!-->", "<!--->"), start):
        end = text.find(">", start) - 2
    if end < 0:
        before = comments[-1] if comments else None
        if before and not before.closed and before.span.end > start:  # on the same line
            line_end = before.span.end
        else:
            line_end = text.find("\n", start)
        comments.append(Comment(Span(start, len(text) if line_end < 0 else line_end), False))
        return start + 4
    comments.append(Comment(Span(start, end + 3), True))
    return end + 3


def _tag(text: str, start: int) -> Tag | None:
    """The tag that begins here; None where it never ends."""
    name = _NAME.match(text, start)
    if not name:
        return None
    attributes: list[Attribute] = []
    position = name.end()
    limit = min(len(text), start + 4000)  # no tag is longer, and the scan stays linear
    while position < limit:
        end = _TAG_END.match(text, position)
        if end:
            closing = text[start + 1] == "/"
            return Tag(name[1].lower(), Span(start, end.end()), tuple(attributes), closing, "/" in end[0])
        match = _ATTRIBUTE.match(text, position)
        if not match or match.end() == position or "\n\n" in match[0]:
            return None
        value = match[2] or ""
        quoted = len(value) > 1 and value[0] in "\"'"
        value_start = match.start(2) + quoted if match[2] else match.end()
        attributes.append(
            Attribute(
                match[1].lower(),
                value[1:-1] if quoted else value,
                Span(match.start(1), match.end()),
                Span(value_start, match.end() - quoted if match[2] else match.end()),
            )
        )
        position = match.end()
    return None


def scan_blocks(text: str, tags: list[Tag], md_in_html: bool) -> list[HtmlBlock]:
    """The raw HTML blocks of a page in order, those with parsed content included."""
    return list(_blocks(text, tags, 0, len(tags), len(text), md_in_html))


def _blocks(
    text: str, tags: list[Tag], first: int, last: int, limit: int, md_in_html: bool, inside: bool = False
) -> Iterator[HtmlBlock]:
    """The blocks among some of the tags, in order."""
    index = first
    while index < last:
        tag = tags[index]
        if tag.closing or tag.name not in BLOCK_TAGS or not _at_line_start(text, tag.span.start):
            index += 1
            continue
        if tag.is_void:
            yield HtmlBlock(tag, None, tag.span, False)
            index += 1
            continue
        attribute = tag.get("markdown")
        # What is indented is taken for text, and then not found again: only inside another block it may be so.
        is_placed = inside or not text[: tag.span.start].endswith((" ", "\t"))
        markdown = md_in_html and is_placed and attribute is not None and attribute.value in READ
        lost: list[Tag] = []
        end_index = (
            _matching_read(text, tags, index, last, lost) if inside or markdown else _matching(tags, index, last)
        )
        end_tag = tags[end_index] if end_index is not None else None
        span = Span(tag.span.start, end_tag.span.end if end_tag else limit)
        block = HtmlBlock(tag, end_tag, span, markdown and (attribute is None or attribute.value != "span"))
        block.inline = markdown and not block.markdown and tag.name not in NEVER_READ
        block.lost = lost[0] if lost and end_tag is not None else None
        after = last if end_index is None else end_index + 1
        if block.markdown or block.inline:
            inner = last if end_index is None else end_index
            block.children = list(_blocks(text, tags, index + 1, inner, span.end, md_in_html, True))
        yield block
        index = after


def _matching(tags: list[Tag], index: int, last: int) -> int | None:
    """The tag that ends a raw block: where the stack of open tags becomes empty."""
    stack = [tags[index].name]
    for position in range(index + 1, last):
        tag = tags[position]
        if tag.closing:
            if tag.name in stack:
                while stack.pop() != tag.name:
                    pass
            if not stack:
                return position
        elif not tag.is_void:
            stack.append(tag.name)
    return None


def _matching_read(text: str, tags: list[Tag], index: int, last: int, lost: list[Tag]) -> int | None:
    """The tag that ends a block in which `md_in_html` reads: there a tag begins a block at the start of a line only.

    Right behind another one's start it may be too. `lost` takes the tags of the block's name that are not seen.
    """
    stack = [tags[index].name]
    begun = [True]  # whether nothing stands yet behind the start
    reached = tags[index].span.end
    for position in range(index + 1, last):
        tag = tags[position]
        begun[-1] = begun[-1] and tag.span.start == reached
        reached = tag.span.end
        if tag.name not in BLOCK_TAGS or tag.is_void:
            begun[-1] = False
        elif tag.closing:
            if tag.name in stack:
                while stack.pop() != tag.name:
                    begun.pop()
                begun.pop()
            if not stack:
                return position
        elif begun[-1] or _at_line_start(text, tag.span.start):
            stack.append(tag.name)
            begun.append(True)
        else:
            begun[-1] = False
            if tag.name == stack[0]:
                lost.append(tag)
    return None


def _at_line_start(text: str, offset: int) -> bool:
    """Whether nothing but up to three spaces stands before this on its line."""
    line_start = text.rfind("\n", 0, offset) + 1
    return offset - line_start <= 3 and not text[line_start:offset].strip() and "\t" not in text[line_start:offset]


_REACH = 400
"""An end is looked for among so many tags: text that is never ended must not make a long page slow."""


def raw_spans(tags: list[Tag]) -> Iterator[Span]:
    """The contents of `<pre>`, `<script>` and their like, each up to the end that belongs to it."""
    last = 0
    for index, tag in enumerate(tags):
        if tag.name in RAW_TEXT and not tag.closing and not tag.is_void and tag.span.start >= last:
            end = _end_of(tags[index : index + _REACH])
            if end is not None:
                yield Span(tag.span.end, end.span.start)
                last = end.span.end


def _end_of(tags: Sequence[Tag]) -> Tag | None:
    """The end of the first of these tags, behind those of its name inside it; else the first end of that name."""
    begin, depth, first = tags[0], 0, None
    for tag in tags[1:]:
        if tag.name == begin.name and tag.closing:
            if not depth:
                return tag
            first, depth = first or tag, depth - 1
        elif tag.name == begin.name and not tag.is_void:
            depth += 1
    return first


def tags_in_drawings(tags: list[Tag], is_shown: Callable[[Tag], bool]) -> Iterator[Tag]:
    """The tags inside each `<svg>` and `<math>` that is shown, up to the first end of that name."""
    last = -1
    for index, tag in enumerate(tags):
        if index > last and tag.name in ("svg", "math") and not tag.closing and not tag.is_void:
            following = range(index + 1, min(index + _REACH, len(tags)))
            end = next((i for i in following if tags[i].closing and tags[i].name == tag.name), None)
            if end is not None and is_shown(tag):
                yield from tags[index + 1 : end]
                last = end
