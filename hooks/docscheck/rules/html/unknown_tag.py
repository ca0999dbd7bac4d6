"""What looks like a tag and is none: a placeholder in angle brackets, or a type's parameter."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import is_raw
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.html import BLOCK_TAGS, VOID_TAGS, Tag
from docscheck.patterns import lazy
from docscheck.programs import reads
from docscheck.source import Span, holds
from docscheck.words.distance import distance

if TYPE_CHECKING:
    from docscheck.rendering import Rendered

UNKNOWN = Rule("HTM103", "unknown-tag")
QUOTES = Rule("HTM104", "curly-attribute-quotes")
ATTRIBUTE = Rule("HTM105", "mistyped-attribute")
RULES = (UNKNOWN, QUOTES, ATTRIBUTE)
_OTHERS_TEXT = """
a abbr acronym applet audio b basefont bdi bdo bgsound big blink button caption cite code content data datalist del dfn
dir em font frame frameset head i image ins isindex kbd keygen label link listing main map mark marquee menuitem meter
multicol nextid nobr noembed noframes object param picture plaintext portal q rb rp rt rtc ruby s samp search section
select selectedcontent shadow slot small spacer span strike strong sub sup svg template time title tt u var xmp
"""
_KNOWN = frozenset(_OTHERS_TEXT.split()) | BLOCK_TAGS | VOID_TAGS
"""Every name that HTML knows or knew."""
_COMPONENTS_TEXT = "tabs tabitem tip note warning info admonition codegroup callout steps card cardgroup"
_COMPONENTS = frozenset(_COMPONENTS_TEXT.split())
"""Names of which another rule speaks."""
_MEANT = {
    "emph": "em",
    "bold": "b",
    "italic": "i",
    "italics": "i",
    "underline": "u",
    "strng": "strong",
    "stong": "strong",
}
"""Names that HTML has in another form: browsers show the text as any other."""
_WORDS_TEXT = "address caption command content image input link option param source template textarea title"
_WORDS = frozenset(_WORDS_TEXT.split())
"""Names of HTML that are words of instructions too, and do nothing in a text without attributes or an end."""
_LONG = 6
_MIDDLING = ("small", "table", "tbody", "thead", "tfoot", "video", "audio", "label", "aside", "strong")
"""Shorter ones that are like no other tag."""
_LONG_NAMES = sorted(name for name in _KNOWN if len(name) >= _LONG)
_ODD = lazy(r"<(?=[A-Za-z])(?:[\w-]*_[\w-]*|[\w-]+(?:\.[\w-]+)+(?:/[^<>\s]*)?|\w+(?:,[ ]?\w+)+)>")
_PATH = lazy(r"\.(?:md|html|pdf|png|svg|jpe?g)(?:#[\w-]*)?>$")
"""What another rule takes for a path."""
_NEEDS = {"a": "href", "img": "src", "iframe": "src", "source": "src"}
"""What a tag does little without."""
_ONCE = frozenset(("class", "id", "style", "src", "href", "alt", "title", "width", "height"))
_OF_REACT = {"classname": ("className", "class"), "htmlfor": ("htmlFor", "for")}
_CURLY = lazy(r"=[ ]*[“”„″]")


def _spoilt(page: Page) -> Iterator[Finding]:
    """`<\\b>` and `< b>`: a sign too many, because of which it is no tag."""
    for match in _BACKSLASHED.finditer(page.prose) if "<\\" in page.signs else ():
        if not is_raw(page, match.start()):
            written = match[0].replace("\\", "/")
            yield UNKNOWN.at(Span(*match.span()), f"`{match[0]}` is printed as typed", help=f"write `{written}`")
    for match in _APART.finditer(page.prose) if "< " in page.prose else ():
        if not is_raw(page, match.start()):
            message = "because of the space after `<` this is no tag, and is printed"
            yield UNKNOWN.at(Span(*match.span()), message, help=f"write `<{match[1]}{match[2]}`")


def _of_other_programs(page: Page, spoken: set[int]) -> Iterator[Finding]:
    """Marks that a paste from Word, Confluence or a chat has left."""
    for match in _OF_WORD.finditer(page.masked) if _MARK_OF_WORD.search(page.masked) else ():
        line = page.source.line_of(match.start())
        if line not in spoken:
            spoken.add(line)
            is_wiki = match[0].lstrip("</")[:3] in ("ac:", "ri:")
            message = f"this is a mark of {'Confluence' if is_wiki else 'Word'}, which a paste has left"
            yield UNKNOWN.at(Span(*match.span()), message, help="remove it, and paste as plain text")
    for match in _TIME.finditer(page.masked) if "<t:" in page.masked else ():
        message = "this is a chat program's mark for a time, of which browsers show nothing"
        yield UNKNOWN.at(Span(*match.span()), message, help="write the date")


def check(page: Page) -> Iterator[Finding]:
    """Judge the tags that stand in text: what a plugin or the browser may fill in has an end or attributes."""
    spoken: set[int] = set()
    """Lines on which a tag was told: the first speaks for the others."""
    for span in _lost(page):
        line = page.source.line_of(span.start)
        if line not in spoken:
            spoken.add(line)
            yield _unknown(page, span)
    yield from _spoilt(page)
    yield from _of_other_programs(page, spoken)
    yield from _misspelt(page)
    for tag in page.tags:
        curly = None if tag.closing else _CURLY.search(page.masked, *tag.span)
        if curly:
            span = Span(curly.end() - 1, curly.end())
            yield QUOTES.at(span, "curly quotes become part of the value", help='write straight ones: `"…"`')
        identifier = tag.get("id") if tag.attributes else None
        if identifier is not None and " " in identifier.value.strip() and "{" not in identifier.value:
            message = "an id holds no spaces: no link leads to this place"
            yield ATTRIBUTE.at(identifier.value_span, message, help="write hyphens in place of the spaces")
        if identifier is not None and not identifier.value.strip() and "=" in page.source.text[slice(*identifier.span)]:
            yield ATTRIBUTE.at(identifier.span, "this id is empty", help="give it a name, or remove it")
        if len(tag.attributes) > 1:
            yield from _repeated(tag)
        if tag.name in _KNOWN and tag.attributes:
            yield from _nearly_named(tag)
        for attribute in tag.attributes:
            if page.masked[attribute.value_span.start - 1 : attribute.value_span.start + 1] == "={" and not page.macros:
                message = "braces around a value are React's, and become part of it here"
                yield ATTRIBUTE.at(attribute.span, message, help='write `name="value"`')
            if (meant := _OF_REACT.get(attribute.name.lower())) and tag.name in _KNOWN:
                message = f"HTML has no attribute `{meant[0]}`: React has"
                yield ATTRIBUTE.at(attribute.span, message, help=f"write `{meant[1]}`")
        yield from _unquoted(page, tag)
        if tag.attributes and tag.name in _NEEDS and tag.get(_NEEDS[tag.name]) is None:
            yield from _mistyped(page, tag)


def _misspelt(page: Page) -> Iterator[Finding]:
    """`<figcapton>…</figcapton>`, `<kdb>…</kdb>`: a name one letter off one of HTML, a short one in disorder."""
    begun = {tag.name for tag in page.tags if not tag.closing}
    for tag in page.tags:
        if tag.closing and tag.name not in begun and tag.name not in _KNOWN and _near(tag.name) in begun:
            message = f"HTML has no tag `{tag.name}`, so this ends nothing"
            yield UNKNOWN.at(tag.span, message, help=f"did you mean `</{_near(tag.name)}>`?")
    names = {tag.name for tag in page.tags}
    for tag in page.tags if "rb" in names and "ruby" not in names else ():
        message = "`<rb>` stands inside `<ruby>` only, so browsers do nothing with it"
        yield UNKNOWN.at(tag.span, message, help="did you mean `<br>`?")
    ended = {tag.name for tag in page.tags if tag.closing} - _KNOWN
    for tag in page.tags if ended else ():
        if tag.name in ended and not tag.closing and tag.name not in _COMPONENTS and tag.name not in _sought(page):
            meant = _near(tag.name)
            if meant:
                message = f"HTML has no tag `{tag.name}`, so browsers take it for plain text"
                yield UNKNOWN.at(tag.span, message, help=f"did you mean `<{meant}>`?")


@of_page
def _sought(page: Page) -> frozenset[str]:
    """The words in the texts of the page's own scripts: one may look for tags of such a name, and fill them."""
    _, _, own = page.source.text.partition("<script")
    return frozenset(word for text in _TEXT.findall(own) for word in _NAME.findall(text))


_TEXT = lazy(r"[\"'`]([^\"'`\n<>]*)[\"'`]")
_NAME = lazy(r"[\w-]+")


@lru_cache(maxsize=256)
def _near(name: str) -> str:
    """A name of HTML with the same letters, or a long one that is one letter away; empty where there is none."""
    if name in _MEANT:
        return _MEANT[name]
    if len(name) < _LONG:
        letters = sorted(name)
        swapped = next((known for known in _KNOWN if len(known) == len(name) and sorted(known) == letters), "")
        return swapped or next((known for known in _MIDDLING if distance(name, known, 2) < 2 and known != name), "")
    return next((known for known in _LONG_NAMES if distance(name, known, 2) < 2), "")


def _repeated(tag: Tag) -> Iterator[Finding]:
    """A second attribute of the same name: a browser takes the first."""
    seen: set[str] = set()
    for attribute in tag.attributes:
        name = attribute.name.lower()
        if name in seen and name in _ONCE:
            message = f"this tag has `{name}` already, so a browser does not read this one"
            yield ATTRIBUTE.at(attribute.span, message, help="write one attribute with both values")
        seen.add(name)


_NEARLY_TEXT = """
calss:class clas:class classs:class lcass:class cass:class sytle:style stlye:style styel:style styl:style stile:style
tyle:style widht:width wdith:width witdh:width widh:width heigth:height hieght:height hegiht:height heigh:height
hight:height titel:title tilte:title tittle:title algin:align aling:align aling:align allign:align algn:align
colpsan:colspan clospan:colspan collspan:colspan rowpsan:rowspan rowsapn:rowspan traget:target tagret:target
targte:target taget:target contorls:controls contols:controls markdwon:markdown makrdown:markdown markdow:markdown
loding:loading laoding:loading onlcick:onclick bordr:border boder:border frameboder:frameborder
allowfullscren:allowfullscreen allowfulscreen:allowfullscreen
"""
_NEARLY = dict(pair.split(":") for pair in _NEARLY_TEXT.split())
"""Attributes misspelt, as they are, and what was meant: HTML has none of these names."""


def _nearly_named(tag: Tag) -> Iterator[Finding]:
    """`sytle="…"`: an attribute that no browser reads."""
    for attribute in tag.attributes:
        meant = _NEARLY.get(attribute.name.lower())
        if meant:
            message = f"HTML has no attribute `{attribute.name}`, so browsers do not read it"
            yield ATTRIBUTE.at(attribute.span, message, help=f"write `{meant}`")


_OF_WORDS = frozenset(("alt", "title", "placeholder"))
"""Attributes whose value is a text."""


def _unquoted(page: Page, tag: Tag) -> Iterator[Finding]:
    """`alt=A small plan`: only the first word is the value."""
    for attribute, following in pairwise(tag.attributes):
        is_bare = attribute.value[:1].isalpha() and page.source.text[attribute.value_span.start - 1] == "="
        is_word = not following.value and following.name.isalpha() and following.name not in _ALONE
        if attribute.name in _OF_WORDS and is_bare and is_word and attribute.span.end + 1 == following.span.start:
            message = "without quotes only the first word is the value"
            yield ATTRIBUTE.at(attribute.span, message, help=f'write `{attribute.name}="…"`')


_ALONE = frozenset(
    ("loading", "hidden", "async", "defer", "markdown", "controls", "autoplay", "loop", "muted", "ismap")
)
"""Attributes without a value that may follow."""


def _mistyped(page: Page, tag: Tag) -> Iterator[Finding]:
    """`<a herf="…">`: the one attribute without which the tag does nothing has nearly its name."""
    needed = _NEEDS[tag.name]
    for attribute in tag.attributes:
        name = attribute.name
        if attribute.value and name[0] == needed[0] and len(name) > 2 and distance(name, needed, 2) < 2:
            message = f"HTML has no attribute `{name}`, so this `<{tag.name}>` has no `{needed}`"
            yield ATTRIBUTE.at(tag.span, message, help=f"write `{needed}`")


_APART = lazy(
    r"<[ ]+(/?(?:br|hr|div|span|sup|sub|em|strong|li|ul|ol|td|tr|th|kbd|code|img|details|summary|table))"
    r"((?:[ ]+[\w-]+=(?:\"[^\"\n]*\"|'[^'\n]*'))*[ ]*/?>)"
)
_MARK_OF_WORD = lazy(r"Mso|<(?:o|ac|ri):")
_OF_WORD = lazy(r"</?(?:o|w|v|m|ac|ri):[a-z]+[^<>\n]*>|(?<=[ ])class=[\"']?Mso[A-Z]\w+[\"']?")
_TIME = lazy(r"<t:\d{9,11}(?::[tTdDfFR])?>")
_BACKSLASHED = lazy(r"<\\(?:br|b|i|p|div|span|sup|sub|a|em|strong|li|ul|ol|td|tr|hr|kbd|code)[ ]*>")


def _lost(page: Page) -> Iterator[Span]:
    """What a browser takes for a tag though it is none: `<name>`, `<API_KEY>`, `<K, V>`."""
    if page.config.reading_extensions or reads(page.site, "&lt;", "escape"):
        return
    ended = {tag.name for tag in page.tags if tag.closing or tag.self_closing}
    escaped = "\\" if page.config.has("pymdownx.escapeall") else None
    """What makes a text of every sign behind it."""
    for tag in page.tags:
        if escaped and page.source.text[tag.span.start - 1 : tag.span.start] == escaped:
            continue
        in_link = page.prose.startswith("](", tag.span.start - 2)  # `[text](<a path.png>)`
        is_word = tag.name in _WORDS and not tag.attributes and not tag.closing
        is_odd = (is_word or tag.name not in _KNOWN) and tag.name not in ended and not in_link
        if is_odd and holds(_places(page), tag.span.start):
            continue
        if is_odd and _is_placeholder(page, tag) and not reads(page.site, tag.name):
            yield tag.span
    for match in _ODD.finditer(page.prose):
        span = Span(*match.span())
        is_other = page.prose[span.start - 1 : span.start] == "\\" or _PATH.search(match[0])
        if not is_other and not is_raw(page, span.start):
            yield span


@of_page
def _places(page: Page) -> tuple[Span, ...]:
    """What names a place in the address of a link, where brackets may be a part of its id: `page.md#<name>`."""
    text = page.source.text
    marks = ((text.find("#", link.text_span.end, link.span.end), link) for link in page.links if link.kind == "inline")
    return tuple(sorted(Span(mark, link.span.end) for mark, link in marks if mark >= 0))


def _unknown(page: Page, span: Span) -> Finding:
    written = page.source.text[span.start : span.end]
    is_word = written[1:-1].strip().lower() in _WORDS
    reason = "browsers take `{}` for a tag, and" if is_word else "HTML has no tag `{}`, so browsers"
    return UNKNOWN.at(
        span,
        f"{reason.format(written)} do not show it",
        help=f"write it as code, or as `&lt;{written[1:-1]}>`",
        proof=lambda rendered: not _is_printed(page, rendered, span),
    )


def _is_printed(page: Page, rendered: Rendered, span: Span) -> bool:
    """Whether the reader sees the brackets after all: some characters may be escaped."""
    written = page.source.text[span.start : span.end].split()[0].rstrip("\\/>")
    return not rendered.failed and rendered.prints(page.source.line_of(span.start), written)


def _is_placeholder(page: Page, tag: Tag) -> bool:
    plain = not any(attribute.value for attribute in tag.attributes)
    return plain and ":" not in tag.name and tag.name not in _COMPONENTS and not is_raw(page, tag.span.start)
