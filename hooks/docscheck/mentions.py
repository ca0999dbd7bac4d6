"""Every address a page names, whether in a Markdown link, in a label's definition or in raw HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from docscheck.once import cached_property, of_page
from docscheck.page import Page
from docscheck.parse.code import HIDDEN
from docscheck.parse.html import HtmlBlock, Tag
from docscheck.patterns import lazy
from docscheck.source import Span, holds

_SCHEME = lazy(r"[a-z][a-z0-9+.-]*:", re.I)
_OF_COMPONENT = ("src",)
"""Of what a script of its own shows: `<player-of-casts src="…">`."""
_OF_FILE = lazy(r"\.[A-Za-z]\w{1,4}(?:[?#]|$)")
_ATTRIBUTES = {
    "a": ("href",), "area": ("href",), "audio": ("src",), "embed": ("src",), "iframe": ("src",), "img": ("src",),
    "link": ("href",), "object": ("data",), "script": ("src",), "source": ("src",), "video": ("src", "poster"),
}  # fmt: skip


class Mention:
    """An address and where it stands."""

    def __init__(self, kind: str, address: str, span: Span, text: str, text_span: Span, tag: Tag | None = None) -> None:
        self.kind = kind
        """`link`, `image`, `autolink`, `bare`, `definition`, or `raw` for an attribute in raw HTML."""
        self.address = address
        """As written, entities decoded."""
        self.span = span
        """The address. A definition is mentioned once for each link that uses it."""
        self.text = text
        """The text of the link as written, or the alt text of an image."""
        self.text_span = text_span
        self.tag = tag
        """The raw tag, if it is one."""

    @cached_property
    def is_external(self) -> bool:
        """Whether the address has a scheme or a host of its own."""
        return self.address.startswith("//") or (":" in self.address and _SCHEME.match(self.address) is not None)

    @property
    def is_image(self) -> bool:
        """Whether it is the address of an image, in Markdown or in a raw tag."""
        return self.kind == "image" or (self.tag is not None and self.tag.name == "img")

    @cached_property
    def path(self) -> str:
        """The address without query and fragment."""
        return self.address.partition("#")[0].partition("?")[0]

    @property
    def fragment(self) -> str:
        """What stands behind `#`, percent signs decoded; empty where there is none."""
        return unquote(self.address.partition("#")[2]) if "#" in self.address else ""

    @property
    def fragment_span(self) -> Span:
        """The place of the fragment, without its mark."""
        return Span(self.span.end - len(self.address.partition("#")[2]), self.span.end)


@of_page
def mentions(page: Page) -> tuple[Mention, ...]:
    """The addresses of a page in order; what a plugin fills in before Markdown is read is left out."""
    found = [*_links(page), *_definitions(page), *_raw(page)]
    return tuple(sorted((mention for mention in found if mention.address), key=lambda mention: mention.span.start))


@of_page
def internal(page: Page) -> tuple[Mention, ...]:
    """Markdown links and images that name something of the site by a relative path."""
    kinds = ("link", "image", "definition")
    named = (mention for mention in mentions(page) if mention.kind in kinds and not mention.is_external)
    return tuple(mention for mention in named if mention.path and not mention.path.startswith(("/", "\\")))


@of_page
def external(page: Page) -> tuple[Mention, ...]:
    """Addresses on the net, in whatever syntax."""
    schemes = ("http://", "https://", "//")
    return tuple(mention for mention in mentions(page) if mention.address.lower().startswith(schemes))


_PLAIN = lazy(r"(?:\.\.?/)*[\w-]+(?:/[\w-]+)*\.md(?:#[\w-]*)?")


@of_page
def are_plain(page: Page) -> bool:
    """Whether every address is a relative path of words to a Markdown file: nothing is wrong with its letters."""
    return not page.tags and all(_PLAIN.fullmatch(mention.address) for mention in mentions(page))


@of_page
def raw_spans(page: Page) -> tuple[Span, ...]:
    """Blocks of raw HTML in which nothing is read as Markdown."""
    return tuple(_unread(page.html_blocks))


def is_raw(page: Page, offset: int) -> bool:
    """Whether a place lies in raw HTML, where a Markdown link is printed as written."""
    return holds(raw_spans(page), offset)


def _unread(blocks: list[HtmlBlock]) -> Iterator[Span]:
    for block in blocks:
        if block.markdown or block.inline:
            yield from _unread(block.children)
        else:
            yield block.span


def _links(page: Page) -> Iterator[Mention]:
    for link in page.links:
        if link.kind not in ("inline", "autolink", "bare") or not link.address:
            continue
        hidden = HIDDEN in page.prose[link.address_span.start : link.address_span.end]
        if hidden or is_raw(page, link.span.start):
            continue
        kind = link.kind if link.kind != "inline" else "image" if link.image else "link"
        text = page.source.text[link.text_span.start : link.text_span.end]
        yield Mention(kind, _unescaped(link.address), link.address_span, text, link.text_span)


def _definitions(page: Page) -> Iterator[Mention]:
    uses: dict[str, list[Span]] = {}
    for link in page.links:
        if link.label:
            uses.setdefault(" ".join(link.label.split()).casefold(), []).append(link.text_span)
    for label, row, _ in page.definitions.labels:
        line = page.lines[row.line]
        match = re.compile(r"\[" + re.escape(label) + r"\]:[ \t]*(<[^>]*>|\S+)").search(line)
        if not match or HIDDEN in page.masked_lines[row.line]:
            continue
        brackets = match[1].startswith("<")
        span = page.source.span(row.line, match.start(1) + brackets, match.end(1) - brackets)
        address = page.source.text[span.start : span.end]
        for use in uses.get(" ".join(label.split()).casefold(), ()):
            text = page.source.text[use.start : use.end]
            yield Mention("definition", _unescaped(address), span, text, use)


def _raw(page: Page) -> Iterator[Mention]:
    tags = page.tags
    for index, tag in enumerate(tags):
        if tag.closing:
            continue
        for name in _ATTRIBUTES.get(tag.name, _OF_COMPONENT if "-" in tag.name else ()):
            attribute = tag.get(name)
            if attribute is None or HIDDEN in page.masked[attribute.span.start : attribute.span.end]:
                continue
            if tag.name not in _ATTRIBUTES and not _OF_FILE.search(attribute.value):
                continue
            text, span = _raw_text(page, tags, index)
            yield Mention("raw", _unescaped(attribute.value), attribute.value_span, text, span, tag)
        if "srcset" in page.source.text[tag.span.start : tag.span.end]:
            yield from _alternatives(page, tags, index)


_CANDIDATE = lazy(r"\s*(\S*[^\s,])(?:\s+[^\s,]+)?\s*(?:,|$)")
"""One address of `srcset`, with what it is for."""


def _alternatives(page: Page, tags: list[Tag], index: int) -> Iterator[Mention]:
    """The addresses of `srcset`; one that holds its picture itself holds commas as well."""
    tag = tags[index]
    attribute = tag.get("srcset") if tag.name in ("img", "source") else None
    if (
        attribute is None
        or "data:" in attribute.value
        or HIDDEN in page.masked[attribute.span.start : attribute.span.end]
    ):
        return
    start = attribute.value_span.start
    text, span = _raw_text(page, tags, index)
    for match in _CANDIDATE.finditer(page.source.text[start : attribute.value_span.end]):
        place = Span(start + match.start(1), start + match.end(1))
        yield Mention("raw", _unescaped(match[1]), place, text, span, tag)


def _raw_text(page: Page, tags: list[Tag], index: int) -> tuple[str, Span]:
    """What stands between a tag and its end, without tags; an image's alternative text."""
    tag = tags[index]
    if tag.name != "a":
        alt = tag.get("alt")
        return (alt.value, alt.value_span) if alt else ("", tag.span)
    end = next((other for other in tags[index + 1 : index + 20] if other.closing and other.name == "a"), None)
    if end is None:
        return "", tag.span
    span = Span(tag.span.end, end.span.start)
    return _unescaped(re.sub(r"<[^>]*>", "", page.source.text[span.start : span.end])), span


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    from html import unescape  # its table of names takes longer to import than a page to be checked

    return unescape(text)
