"""What was meant as a link or an image, and prints as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial
from typing import NamedTuple

from docscheck.diagnostics import Edit, Finding
from docscheck.first_look import Signs
from docscheck.mentions import raw_spans
from docscheck.page import Page
from docscheck.parse.code import HIDDEN
from docscheck.parse.inline import Link, bracket_pairs
from docscheck.patterns import lazy
from docscheck.plugins import own_syntax
from docscheck.proofs import prints
from docscheck.rules.links.printed_forms import ADDRESS, FORMS, IMAGE, PRINTED, TEXT, WRITE_LINK, Form, is_text
from docscheck.rules.links.printed_labels import printed_labels
from docscheck.rules.links.printed_wiki import printed_wiki
from docscheck.source import Span
from docscheck.targets import Verdict, files_of

RULE = PRINTED
Search = Callable[[Page], Iterator[Finding]]


def check(page: Page) -> Iterator[Finding]:
    """Look for the remains of links in text that is neither code nor link."""
    present = frozenset([_ANY, *_SIGNS.among(page.signs)])
    for search in _possible(present, _are_whole(page)):
        yield from search(page)


def _are_whole(page: Page) -> bool:
    """Whether every bracket of a page belongs to the text of a link with an address: then nothing is left of one."""
    signs = page.signs
    links = signs.count("](")
    if links != signs.count("[") or links != signs.count("]") or "![" in signs:
        return False
    return links == sum(link.kind == "inline" for link in page.links)


def _of_form(form: Form, page: Page) -> Iterator[Finding]:
    if form.may_be_owned and own_syntax(page.config):
        return
    for match in form.pattern.finditer(page.prose):
        if form.is_meant(page, match):
            is_image = page.prose.startswith("!", match.start() - 1) if match.start() else False
            is_other = is_image and not _PICTURE.search(match[0].rstrip(")"))
            has_fix = "wrong" in match.groupdict() and not is_other
            fix = Edit(Span(*match.span("wrong")), "") if has_fix else None
            help = f"{form.help}; without `!` before it, if it is to be no picture" if is_other else form.help
            yield RULE.at(Span(*match.span()), form.message, help=help, fix=fix)


_WIDE_MARK = lazy(rf"^[ >]*(！\[[^\[\]\n]*\]\([^()\s]+{IMAGE}[^()\n]*\))", re.I | re.M)
_PICTURE = lazy(rf"{IMAGE}$", re.I)
_OF_AN_IMAGE = lazy(r"\{:?(?=[ \w=#.%'\"-]*?\b(?:align|width|height|loading)[ ]?=)[^{}\n]*\}")
"""Attributes that mean something on an image only."""


def _image_as_link(page: Page) -> Iterator[Finding]:
    """`！[text](image.png)`, `[!text](image.png)` and `[text](image.png){ width=300 }`."""
    signs = page.signs
    for match in _WIDE_MARK.finditer(page.prose) if "！[" in signs else ():
        message = "`！` is not `!`, so the reader sees a link instead of the image"
        start = match.start(1)
        yield RULE.at(Span(*match.span(1)), message, help="write `![`", fix=Edit(Span(start, start + 1), "!"))
    is_marked_inside = "[!" in signs
    has_attributes = "){" in signs and "=" in signs and page.config.has("attr_list")
    for link in page.links if is_marked_inside or has_attributes else ():
        if link.kind != "inline" or link.image or not _PICTURE.search(link.address):
            continue
        start = link.text_span.start
        if page.prose[start : start + 1] == "!" and page.prose[start + 1] not in "[]":
            message = "`!` stands after the bracket, so the reader sees a link instead of the image"
            yield RULE.at(link.span, message, help="write `![`", fix=Edit(Span(start - 1, start + 1), "!["))
        elif (
            has_attributes
            and _OF_AN_IMAGE.match(page.prose, link.span.end)
            and "](" not in page.prose[slice(*link.text_span)]
        ):
            yield RULE.at(link.span, "without `!` the reader sees a link instead of the image", help="write `![`")


_REVERSED = lazy(
    rf"\((?<!\]\()(?P<text>[^()\n]{{1,200}}(?:\([^()\n]{{1,60}}\)[^()\n]{{0,100}})?)\)\[(?P<address>{ADDRESS})\]"
)


def _swapped(page: Page) -> Iterator[Finding]:
    """`(text)[address]`."""
    for match in _REVERSED.finditer(page.prose):
        right = f"[{match['text']}]({match['address']})"
        message = "text and address are in each other's brackets, so the link is printed"
        if is_text(page, match):
            fix = Edit(Span(*match.span()), right) if HIDDEN not in right else None
            yield RULE.at(Span(*match.span()), message, help=f"write `{right}`" if fix else "swap them", fix=fix)


_NOT_CLOSED = lazy(
    rf"\[(?<!!\[)(?P<text>[^\[\]()\n]{{1,200}}(?:\([^\[\]()\n]{{1,60}}\)[^\[\]()\n]{{1,100}})?)"
    rf"(?:\[?\({ADDRESS}\)(?!\])|(?<=\w)\((?:#[\w-]+|[\w./-]+\.md(?:#[\w-]+)?)\)\](?![(\[:]))"
)


def _not_closed(page: Page) -> Iterator[Finding]:
    """`[text(address)`."""
    openings = {link.text_span.start - 1 for link in page.links if link.kind == "inline"}
    for match in _NOT_CLOSED.finditer(page.prose):
        if is_text(page, match) and match.start() not in openings:
            message = "the bracket is not closed before the address, so the link is printed"
            yield RULE.at(Span(*match.span()), message, help="write `]` before `(`")


_NO_PAREN = lazy(
    rf"{TEXT}(?:\{{(?P<braces>{ADDRESS})\}}|(?<=\])(?<!\]\])\{{[\w./-]+(?:\.md|{IMAGE})\b"
    rf"|(?:https?://|[\w./-]+(?:\.md|{IMAGE})\b)|#(?P<place>[^\W\d_][\w-]*)(?=\)))"
)


def _without_parentheses(page: Page) -> Iterator[Finding]:
    """`[text]address`, `[text]{address}` and `[text]#place)`."""
    for match in _NO_PAREN.finditer(page.prose):
        if match["place"] and match["place"] not in page.ids:
            continue
        if is_text(page, match) and not page.prose.startswith("[^", match.start()):
            image = match.start() > 0 and page.prose[match.start() - 1] == "!"
            message = "the address is not in parentheses, so the link is printed"
            yield RULE.at(Span(match.start() - image, match.end()), message, help=WRITE_LINK)


_ANGLES = lazy(r"<(?P<path>[\w./-]+\.(?:md|html|pdf|png|svg|jpe?g)(?:#[\w-]*)?)>")


def _in_angles(page: Page) -> Iterator[Finding]:
    """`<page.md>`, where it is not the address of a link or a label."""
    spans = [link.span for link in page.links if link.kind == "inline"]
    spans += [page.source.span(row.line) for _, row, _ in page.definitions.labels]
    for match in _ANGLES.finditer(page.prose):
        in_link = any(span.start <= match.start() < span.end for span in spans)
        if is_text(page, match) and not in_link:
            message = "a path in angle brackets is read as a tag, so it is not shown"
            yield RULE.at(Span(*match.span()), message, help=f"write `[text]({match['path']})`")


_JOINT = lazy(r"\](?=\()")
_BEGINS_ADDRESS = lazy(rf"[ ]?<?(?:\(?{ADDRESS}|\([^\s]*://|\[https?://|[\w/.-]+/[\w/.-]*)")


def _unclosed(page: Page) -> Iterator[Finding]:
    """Every `](` that belongs to no link."""
    ends = {link.text_span.end for link in page.links if link.kind == "inline"}
    strays = [match.start() for match in _JOINT.finditer(page.prose) if match.start() not in ends]
    spans = [link.span for link in page.links if link.kind == "inline"] if strays else []
    for offset in strays:
        if any(span.start <= offset < span.end for span in spans):
            continue
        if _is_escaped(page, offset) or not _BEGINS_ADDRESS.match(page.prose, offset + 2):
            continue
        line_end = page.prose.find("\n", offset)
        stop = line_end if line_end > 0 else len(page.prose)
        start = max(page.prose.rfind("[", 0, offset), page.prose.rfind("\n", 0, offset) + 1)
        if any(start < span.end <= offset for span in spans):
            start = offset  # the bracket is that of a whole link before it
        message = "the link is not complete, so it is printed"
        yield RULE.at(Span(start, min(stop, offset + 80)), message, help="close the brackets of text and address")


def _is_escaped(page: Page, offset: int) -> bool:
    """Whether a `](` is printed on purpose: both its brackets have a backslash before them."""
    opening = max(page.prose.rfind("[", 0, offset), page.prose.rfind("\n", 0, offset))
    pair = page.prose[opening] == "[" and page.prose[opening - 1 : opening] != "\\"
    return page.prose[offset - 1 : offset] == "\\" and not pair


def _nested(page: Page) -> Iterator[Finding]:
    """A link in the text of another: only an image is read there."""
    outer = None
    for link in page.links:
        if link.kind != "inline" or link.image:
            continue
        if outer is not None and link.span.end <= outer.text_span.end:
            number = page.source.line_of(link.span.start)
            message = "a link in the text of another is printed"
            yield RULE.at(link.span, message, help="end one before the other begins", proof=prints(number, "]("))
        else:
            outer = link


def _doubled(page: Page) -> Iterator[Finding]:
    for link in page.links:
        if link.kind == "inline" and link.address.startswith("("):
            message = "there are two parentheses before the address, so one of them becomes part of it"
            yield RULE.at(link.span, message, help="write one `(`")


_CODE_LINK = lazy(r"`(?<![`\\]`)\[[^\[\]`\n]{3,80}\]\(((?:\.{0,2}/)?[\w./-]+\.md)(?:#[\w-]+)?\)`(?!`)")


_AS_EXAMPLE = lazy(r"\b(?:e\.g\.|example|instance|such as|like|syntax|write|instead of|links?|form)[:,]?[ ]*\(?$", re.I)
"""What stands before a link that is shown to tell how links are written."""


def _in_code(page: Page) -> Iterator[Finding]:
    """A link to a page of the site between backticks."""
    if page.site is None or not page.shows("`["):
        return
    for match in _CODE_LINK.finditer(page.source.text):
        line = page.source.line_of(match.start())
        if page.prose[match.start()] != "\x00" or line in page.fenced_lines:
            continue
        if _AS_EXAMPLE.search(page.source.text, page.source.starts[line], match.start()):
            continue
        if files_of(page.site).judge(page.uri, match[1]).verdict is Verdict.FILE:
            message = "between backticks a link is shown as typed"
            yield RULE.at(Span(*match.span()), message, help="put the backticks inside the brackets, or remove them")


_OUTSIDE = lazy(r"#[^\W_][\w-]*[^\W_]")


def _fragment_outside(page: Page) -> Iterator[Finding]:
    """`[text](page.md)#place`, where the page has that place."""
    for link, match, uri in _with_place_behind(page):
        if page.site is not None and match[0][1:] in page.site.ids(uri):
            message = "the place on the page stands outside of the parentheses, so it is printed"
            right = f"({link.address}{match[0]})"
            yield RULE.at(Span(*match.span()), message, help=f"write `{right}`")


def asked_pages(page: Page) -> set[str]:
    """The other pages whose ids decide what is found on this one."""
    return {uri for _, _, uri in _with_place_behind(page)} if ")#" in page.signs else set()


def _with_place_behind(page: Page) -> Iterator[tuple[Link, re.Match[str], str]]:
    """Each link to a page behind which a place seems to stand, the place, and the page."""
    for link in page.links if page.site is not None else ():
        match = _OUTSIDE.match(page.prose, link.span.end) if link.kind == "inline" and "#" not in link.address else None
        if match is None or page.site is None:
            continue
        target = files_of(page.site).judge(page.uri, link.address)
        if target.file in page.site.page_uris:
            yield link, match, target.file


_REST = lazy(r"`(?<![`\\]`)[^`<>\n]+[ ]<[^<>`\s]+>`(?:_{1,2})(?!\w)")
_REST_CODE = lazy(r"\x00(?<!\x00\x00)\x00*(_{1,2})(?=[\s.,;:)]|$)")
_SLACK = lazy(r"<(?:https?://|mailto:)[^\s<>|]+\|[^<>\n|]+>")


def _of_other_tools(page: Page) -> Iterator[Finding]:
    """Links as reStructuredText and Slack write them."""
    for match in _REST.finditer(page.source.text) if page.shows(">`_") else ():
        mark = match.end() - 1
        if page.prose[mark] == "_" and page.prose[match.start()] in HIDDEN + "`":
            message = "a reStructuredText link is shown here as code with an underscore after it"
            yield RULE.at(Span(*match.span()), message, help=WRITE_LINK)
    for match in _REST_CODE.finditer(page.prose) if "_" in page.signs and page.shows("`_") else ():
        if page.source.text[match.start()] == "`" and is_text(page, match) and not _is_in_underscores(page, match):
            message = "the underscore with which reStructuredText ends a link is printed"
            yield RULE.at(Span(*match.span(1)), message, help="write `[text](address)`, or remove it")
    for match in _SLACK.finditer(page.masked) if "<" in page.signs and "|" in page.signs else ():
        if is_text(page, match):
            message = "text and address share one pair of brackets, so the text becomes part of the address"
            yield RULE.at(Span(*match.span()), message, help=WRITE_LINK)


def _is_in_underscores(page: Page, match: re.Match[str]) -> bool:
    """Whether an underscore before the code on its line may begin what the one behind it ends."""
    line_start = page.prose.rfind("\n", 0, match.start()) + 1
    return "_" in page.prose[line_start : match.start()]


_OPEN_BRACKET = lazy(r"\[(?=[^\W\d_][^\[\]()\n|]{0,80}!?\[[^\[\]\n]+\]\()")


def _never_closed(page: Page) -> Iterator[Finding]:
    """A bracket left open before a link."""
    candidates = list(_OPEN_BRACKET.finditer(page.prose))
    paired = {start for start, _ in bracket_pairs(page.prose)} if candidates else set()
    for match in candidates:
        if match.start() not in paired and is_text(page, match):
            yield RULE.at(Span(*match.span()), "this bracket is never closed", help="remove it, or close it")


_BRACKET_BEHIND = lazy(rf"(?<![\w\\!\[]){TEXT}(?:\({ADDRESS}\)|\[(?P<label>[^\[\]\n]+)\])(?P<wrong>\])(?![(\[:{{\]])")


def _never_opened(page: Page) -> Iterator[Finding]:
    """A bracket behind a link that closes nothing: not an interval either, since no parenthesis is left open."""
    candidates = list(_BRACKET_BEHIND.finditer(page.prose))
    if not candidates:
        return
    ends = {end for _, end in bracket_pairs(page.prose)}
    labels = {label.casefold() for label, _, _ in page.definitions.labels}
    for match in candidates:
        at = match.start("wrong")
        begins = page.prose.rfind("\n\n", 0, match.start()) + 1
        before = page.prose[begins : match.start()]
        if at in ends or before.count("(") > before.count(")") or not is_text(page, match):
            continue
        if match["label"] is None or match["label"].casefold() in labels:
            span = Span(at, at + 1)
            yield RULE.at(span, "nothing opens this bracket", help="remove it", fix=Edit(span, ""))


_HTML_ROOM = frozenset(["div", "details", "section", "article", "aside", "figure", "main", "center", "pre", "style"])
"""Raw blocks that another rule speaks of, or that hold no text."""
_WHOLE_ADDRESS = lazy(rf"{ADDRESS}\Z")


def _in_raw_html(page: Page) -> Iterator[Finding]:
    """A link in raw HTML."""
    if not raw_spans(page):
        return
    blocks = [(block.tag.name, block.span) for block in page.html_blocks if not block.markdown]
    for link in page.links:
        if link.kind != "inline" or not _WHOLE_ADDRESS.match(link.address):
            continue
        inside = next((name for name, span in blocks if span.start <= link.span.start < span.end), "")
        if inside and inside not in _HTML_ROOM:
            message = f"inside `<{inside}>` Markdown is not read, so the link is printed"
            yield RULE.at(link.span, message, help='write `<a href="…">`, or add `markdown` to the tag')


class _Look(NamedTuple):
    signs: tuple[str, ...]
    """Without one of these among a page's signs there is nothing to find."""
    search: Search
    anywhere: bool = False
    """Whether it looks even where every bracket belongs to a whole link."""


_ANY = "any"
"""What every page has."""
_LOOKS = (
    *(_Look(form.signs, partial(_of_form, form), form.anywhere) for form in FORMS),
    _Look(("[!", "！[", "){"), _image_as_link, anywhere=True),
    _Look(("]:",), printed_labels),
    _Look((")[",), _swapped),
    _Look(("[",), _not_closed),
    _Look(("]",), _without_parentheses),
    _Look(("<",), _in_angles, anywhere=True),
    _Look(("](",), _unclosed),
    _Look((")](",), _nested, anywhere=True),
    _Look(("((",), _doubled, anywhere=True),
    _Look(("[[",), printed_wiki, anywhere=True),
    _Look(("_", "|"), _of_other_tools, anywhere=True),
    _Look((_ANY,), _in_code, anywhere=True),  # signs leave code out
    _Look((")#",), _fragment_outside, anywhere=True),
    _Look(("](", "!["), _never_closed),
    _Look((")]", "]]"), _never_opened),
    _Look(("](",), _in_raw_html, anywhere=True),
)
_SIGNS = Signs({sign for look in _LOOKS for sign in look.signs} - {_ANY})


@lru_cache(maxsize=1024)
def _possible(present: frozenset[str], whole: bool) -> list[Search]:
    """What may find something on a page with these signs; `whole`: each bracket belongs to a whole link."""
    return [look.search for look in _LOOKS if (look.anywhere or not whole) and not present.isdisjoint(look.signs)]
