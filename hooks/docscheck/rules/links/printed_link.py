"""What was meant as a link or an image, and prints as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from docscheck.diagnostics import Edit, Finding, Rule
from docscheck.mentions import raw_spans
from docscheck.page import Page
from docscheck.parse.code import HIDDEN
from docscheck.parse.inline import Link, bracket_pairs
from docscheck.patterns import at_signs, lazy
from docscheck.plugins import own_syntax
from docscheck.programs import rewrites_pages
from docscheck.proofs import prints
from docscheck.source import Span
from docscheck.targets import Verdict, files_of

RULE = Rule("LNK501", "printed-link")

_ADDRESS = r"(?:(?:https?://|mailto:|www\.)[^\s()\[\]]+|[\w./%-]+\.(?:md|html|png|svg|jpe?g|pdf)(?:/?#[\w-]*)?|\.{0,2}/[\w./-]+|#[\w-]+)"
_TEXT = r"\[[^\[\]\n]{1,200}\]"
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
"""Characters that have no width."""
_APART_UNSEEN = tuple(f"]{sign}(" for sign in f"\u00a0{_UNSEEN}")
_SPACE = lazy(rf"{_TEXT}(?P<space>[ \t]+|[ \t]*\n[ \t]*|[\u00a0{_UNSEEN}]+)\({_ADDRESS}\)")
_WIDE = lazy(rf"{_TEXT}(?:（{_ADDRESS}[)）]|\({_ADDRESS}）)")
_WIDE_TEXT = lazy(
    rf"(?:［[^\[\]［］\n]{{1,100}}］|「[^\[\]「」\n]{{1,100}}」|【[^\[\]【】\n]{{1,100}}】)\({_ADDRESS}\)"
)
_APART = lazy(r"(\[(?<![\\\])]\[)[^\[\]\n]{2,200}\])[ ]{2,}\[([^\[\]\n]+)\](?![(\[:])")
_MIXED = lazy(rf"{_TEXT}\[{_ADDRESS}\)")
"""An address between a square bracket and a round one."""
_SLACK = lazy(r"<(?:https?://|mailto:)[^\s<>|]+\|[^<>\n|]+>")
_PHRASE = lazy(r"[^\W\d_][\w '’/.-]*[^\W_]")
_COLON = lazy(rf"{_TEXT}(?P<colon>:)\({_ADDRESS}\)")
_COLON_APART = lazy(r"\[(?<=[^\W\d_][ ]\[)[^\[\]\n]{1,100}\]:[ ]https?://[^\s()\[\]]+(?=[ ][a-z])")
_REVERSED = lazy(
    rf"\((?<!\]\()(?P<text>[^()\n]{{1,200}}(?:\([^()\n]{{1,60}}\)[^()\n]{{0,100}})?)\)\[(?P<address>{_ADDRESS})\]"
)
_NOT_CLOSED = lazy(
    rf"\[(?<!!\[)(?P<text>[^\[\]()\n]{{1,200}}(?:\([^\[\]()\n]{{1,60}}\)[^\[\]()\n]{{1,100}})?)(?:\[?\({_ADDRESS}\)(?!\])|(?<=\w)\((?:#[\w-]+|[\w./-]+\.md(?:#[\w-]+)?)\)\](?![(\[:]))"
)
_WIKI = lazy(r"\[(?<!\[\[)\[(?P<page>[^\[\]|#\n]+)(?:#[^\[\]|\n]*)?(?:\|[^\[\]\n]+)?\]\](?!\])")
_WIKI_PLACE = lazy(r"\[(?<![\[!\\`]\[)\[#(?P<place>[^\[\]|#\n]+)(?P<text>\|[^\[\]\n]+)?\]\](?![\](\[:])")
"""The place on the same page to which a wiki links."""
_SPLIT_IMAGE = lazy(r"!(?P<space>[ \t]+)\[[^\[\]\n]*\]\([^()\s]+\.(?:png|svg|jpe?g|gif|webp)[^()\n]*\)", re.I)
_WIDE_MARK = lazy(r"^[ >]*(！\[[^\[\]\n]*\]\([^()\s]+\.(?:png|svg|jpe?g|gif|webp)[^()\n]*\))", re.I | re.M)
_PICTURE = lazy(r"\.(?:png|svg|jpe?g|gif|webp)$", re.I)
_NO_PAREN = lazy(
    rf"{_TEXT}(?:\{{(?P<braces>{_ADDRESS})\}}|(?<=\])(?<!\]\])\{{[\w./-]+\.(?:md|png|svg|jpe?g|gif|webp)\b|(?:https?://|[\w./-]+\.(?:md|png|svg|jpe?g|gif|webp)\b)|#(?P<place>[^\W\d_][\w-]*)(?=\)))"
)
_REST = lazy(r"`(?<![`\\]`)[^`<>\n]+[ ]<[^<>`\s]+>`(?:_{1,2})(?!\w)")
_CODE_LINK = lazy(r"`(?<![`\\]`)\[[^\[\]`\n]{3,80}\]\(((?:\.{0,2}/)?[\w./-]+\.md)(?:#[\w-]+)?\)`(?!`)")
_REST_CODE = lazy(r"\x00(?<!\x00\x00)\x00*(_{1,2})(?=[\s.,;:)]|$)")
_MEDIAWIKI = lazy(r"\[(?<![\[\]\\!]\[)(?:https?|mailto):[^\s\[\]]+[ ][^\[\]\n]+\](?![(\[:\]])")
_PIPED = lazy(rf"\[(?<![\[\]\\!]\[)[^\[\]|\n]+\|(?:https?://[^\s\[\]|]+|{_ADDRESS})\](?![(\[:\]])")
_BRACES = lazy(rf"\{{(?<![\w\\{{$\]}})]\{{)(?=[^\W\d_])[^{{}}\[\]\n]{{1,200}}\}}\({_ADDRESS}\)")
_ASCIIDOC = lazy(r"https?://[^\s\[\]()<>\"'`\x00]{1,500}\[(?=[^\W\d_][^\[\]\n ]{0,60}[ ])[^\[\]\n]{2,200}\](?![(\[:])")
_ROUND = lazy(
    r"(?<![\]A-Za-z0-9_])\((?=[^\W\d_])[^()\n]{1,60}\)\([\w./-]+\.(?:md(?:#[^\s()]*)?|png|svg|jpe?g|gif|webp)\)", re.I
)
_TURNED = lazy(rf"(?<![\]\w])\({_ADDRESS}\)\[(?=[^\W\d_])[^\[\]\n]{{2,100}}\](?![(\[:])")
_BEFORE_ANGLES = lazy(r"(?<![\]\\\[!])\[(?=[^\[\]\n]*[^\W\d_])[^\[\]\n\x00]{1,200}\]<(?:https?://[^\s<>]+|#[\w-]+)>")
"""A text in brackets, and its address in those that make an address of its own."""
_LOOSE = lazy(r"<[ ]+https?://[^\s<>]+[ ]*>")
_OUTSIDE = lazy(r"#[^\W_][\w-]*[^\W_]")
_WIKI_FILE = lazy(r"\[\[(?:File|Image|Datei|Bild|Fichier|Archivo|Immagine):[^\[\]\n]+\]\]")
_EMBED = lazy(r"!\[\[[^\[\]\n]+\]\]")
_OPEN_IMAGE = lazy(r"!\[[^\[\]\n]*\]\([^()\s\[\]]+\]\((?=[\w./#<])")
_OPEN_LABEL = lazy(r"\[(?<!\\\[)[^\[\]\n]+\]\[(?P<label>[^\[\]\n]+)(?=$|\[)", re.M)
_OPEN_BRACKET = lazy(r"\[(?=[^\W\d_][^\[\]()\n|]{0,80}!?\[[^\[\]\n]+\]\()")
_OPEN_TEXT = lazy(r"\[(?<![\\\]!]\[)(?=[^\W\d_])[^\[\]()\n|]{1,80}(?P<label>\[[^\[\]\n]+\])(?![(\[:\]])")
_LOST_OPENING = lazy(r"\](?<=[^\W_]\])\[(?P<label>[^\[\]\n]+)\](?![(\[:\]])")
_TWO_PAIRS = lazy(r"\[[^\[\]\n]+\]\[\[(?P<label>[^\[\]\n|#]+)\]\]")
_OPEN_PICTURE = lazy(
    r"!\[[^\[\]()\n]{1,200}\((?:[\w./%-]+\.(?:png|svg|jpe?g|gif|webp)|https?://[^\s()]+)\)(?!\])", re.I
)
_JOINT = lazy(r"\](?=\()")
_ANGLES = lazy(r"<(?P<path>[\w./-]+\.(?:md|html|pdf|png|svg|jpe?g)(?:#[\w-]*)?)>")
_READ_WIKI = lazy(r"[\w -]+")
_WIKI_OWNERS = frozenset(["wikilinks", "roamlinks", "ezlinks", "ezlinked-plugin", "autolinks", "obsidian-bridge"])
_HTML_ROOM = frozenset(["div", "details", "section", "article", "aside", "figure", "main", "center", "pre", "style"])
"""Raw blocks that another rule speaks of, or that hold no text."""


def check(page: Page) -> Iterator[Finding]:
    """Look for the remains of links in text that is neither code nor link."""
    signs = page.signs
    whole = _are_whole(page)
    for look in _LOOKS:
        if not (whole and look.for_remains) and any(sign in signs for sign in look.signs):
            yield from look.search(page)


def _are_whole(page: Page) -> bool:
    """Whether every bracket of a page belongs to the text of a link with an address: then nothing is left of one."""
    signs = page.signs
    links = signs.count("](")
    if links != signs.count("[") or links != signs.count("]") or "![" in signs:
        return False
    return links == sum(link.kind == "inline" for link in page.links)


def _spaced(page: Page) -> Iterator[Finding]:
    signs = page.signs
    apart = ("](", "]\n(") if signs.isascii() else ("](", "]\n(", *_APART_UNSEEN)
    for match in at_signs(_SPACE, "[", page.prose) if any(sign in signs for sign in apart) else ():
        label = page.prose[match.start() + 1 : match.start("space") - 1]
        if label.strip().casefold() not in ("x", "") and not label.startswith(("^", "@")) and _is_text(page, match):
            gap = Span(match.start("space"), match.end("space"))
            what = "an invisible character" if page.prose[gap.start] in _UNSEEN else "a space"
            message = f"there is {what} between text and address, so the link is printed"
            yield RULE.at(Span(*match.span()), message, help="remove it", fix=Edit(gap, ""))
    for match in _COLON.finditer(page.prose) if "]:(" in signs else ():
        if _is_text(page, match):
            gap = Span(match.start("colon"), match.end("colon"))
            message = "there is a colon between text and address, so the link is printed"
            yield RULE.at(Span(*match.span()), message, help="remove the colon", fix=Edit(gap, ""))
    for match in _COLON_APART.finditer(page.prose) if "]:://" in signs else ():
        if _is_text(page, match):
            message = "the address is not in parentheses, so the link is printed"
            yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")
    for match in _WIDE.finditer(page.prose) if "（" in signs or "）" in signs else ():
        if _is_text(page, match):
            message = "full-width parentheses do not make a link, so it is printed"
            yield RULE.at(Span(*match.span()), message, help="write `(` and `)`")
    for match in _WIDE_TEXT.finditer(page.prose) if any(end in signs for end in ("］(", "」(", "】(")) else ():
        if _is_text(page, match):
            message = "full-width brackets do not make a link, so it is printed"
            yield RULE.at(Span(*match.span()), message, help="write `[` and `]`")
    for match in _BRACES.finditer(page.prose) if "}(" in signs else ():
        if _is_text(page, match):
            message = "the text of a link stands in square brackets, so this is printed"
            yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")
    for match in _SPLIT_IMAGE.finditer(page.prose) if "![" in signs else ():
        gap = Span(match.start("space"), match.end("space"))
        message = "there is a space after `!`, so the reader sees a link instead of the image"
        yield RULE.at(Span(*match.span()), message, help="remove the space", fix=Edit(gap, ""))
    for match in _WIDE_MARK.finditer(page.prose) if "！[" in signs else ():
        message = "`！` is not `!`, so the reader sees a link instead of the image"
        start = match.start(1)
        yield RULE.at(Span(*match.span(1)), message, help="write `![`", fix=Edit(Span(start, start + 1), "!"))
    for link in page.links if "[!" in signs else ():
        start = link.text_span.start
        marked = link.kind == "inline" and not link.image and page.prose[start : start + 1] == "!"
        if marked and page.prose[start + 1] not in "[]" and _PICTURE.search(link.address):
            message = "`!` stands behind the bracket, so the reader sees a link instead of the image"
            yield RULE.at(link.span, message, help="write `![`", fix=Edit(Span(start - 1, start + 1), "!["))
    if "){" in signs and "=" in signs and page.config.has("attr_list"):
        yield from _without_mark(page)


_OF_AN_IMAGE = lazy(r"\{:?(?=[ \w=#.%'\"-]*?\b(?:align|width|height|loading)[ ]?=)[^{}\n]*\}")
"""Attributes that mean something on an image only."""


def _without_mark(page: Page) -> Iterator[Finding]:
    """`[text](image.png){ width=300 }`: the reader sees a link."""
    for link in page.links:
        if link.kind != "inline" or link.image or not _PICTURE.search(link.address):
            continue
        if _OF_AN_IMAGE.match(page.prose, link.span.end) and "](" not in page.prose[slice(*link.text_span)]:
            yield RULE.at(
                Span(link.span.start, link.span.end),
                "without `!` the reader sees a link instead of the image",
                help="write `![`",
            )


def _apart(page: Page) -> Iterator[Finding]:
    """`[text]  [label]`: Python-Markdown lets one space stand between them."""
    defined = {" ".join(label.split()).casefold() for label, _, _ in page.definitions.labels}
    for match in _APART.finditer(page.prose):
        if match[2].casefold() in defined and match[1][1:-1].casefold() not in defined and _is_text(page, match):
            message = "there are two spaces between the text and its label, so the text is printed in its brackets"
            yield RULE.at(Span(*match.span()), message, help="remove the spaces")
    for match in _OPEN_LABEL.finditer(page.prose):
        rest = " ".join(match["label"].split()).casefold()
        begun = max((label for label in defined if rest.startswith(label)), key=len, default="")
        if begun and not rest[len(begun) :][:1].isalnum() and _is_text(page, match):
            message = "the bracket of the label is never closed, so the link is printed"
            span = Span(match.start(), match.start("label") + len(begun))
            yield RULE.at(span, message, help="write `]` after the label")


def _mixed(page: Page) -> Iterator[Finding]:
    for match in _MIXED.finditer(page.prose):
        if _is_text(page, match):
            message = "the bracket before the address is a square one, so the link is printed"
            yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")


def _open_text(page: Page) -> Iterator[Finding]:
    """`[text[label]`: the bracket of the text is never closed."""
    if not page.definitions.labels:
        return
    defined = {" ".join(label.split()).casefold() for label, _, _ in page.definitions.labels}
    found = [match for match in _OPEN_TEXT.finditer(page.prose) if match["label"][1:-1].casefold() in defined]
    paired = {start for start, _ in bracket_pairs(page.prose)} if found else set()
    for match in found:
        if match.start() not in paired and _is_text(page, match):
            message = "the bracket of the text is never closed, so it is printed"
            yield RULE.at(Span(*match.span()), message, help="write `]` before the label")


def _lost_opening(page: Page) -> Iterator[Finding]:
    """`text][label]` and `[text][[label]]`, where the label is defined."""
    if not page.definitions.labels:
        return
    defined = {" ".join(label.split()).casefold() for label, _, _ in page.definitions.labels}
    looked_at = at_signs(_LOST_OPENING, "][", page.prose)
    found = [match for match in looked_at if match["label"].casefold() in defined]
    ends = {end for _, end in bracket_pairs(page.prose)} if found else set()
    for match in found:
        if match.start() not in ends and _is_text(page, match):
            message = "no bracket opens this text, so the one at its end is printed"
            yield RULE.at(Span(*match.span()), message, help="write `[` before the text")
    for match in _TWO_PAIRS.finditer(page.prose) if "][[" in page.signs else ():
        if match["label"].casefold() in defined and _is_text(page, match):
            message = "the label stands in two pairs of brackets, so the link is printed"
            yield RULE.at(Span(*match.span()), message, help=f"write `[{match['label']}]`")


def _swapped(page: Page) -> Iterator[Finding]:
    for match in _REVERSED.finditer(page.prose) if ")[" in page.signs else ():
        right = f"[{match['text']}]({match['address']})"
        message = "text and address are in each other's brackets, so the link is printed"
        if _is_text(page, match):
            fix = Edit(Span(*match.span()), right) if HIDDEN not in right else None
            yield RULE.at(Span(*match.span()), message, help=f"write `{right}`" if fix else "swap them", fix=fix)
    for match in _TURNED.finditer(page.prose) if ")[" in page.signs else ():
        if _is_text(page, match):
            message = "the address stands before the text, so the link is printed"
            yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")
    openings = {link.text_span.start - 1 for link in page.links if link.kind == "inline"}
    for match in _NOT_CLOSED.finditer(page.prose):
        if _is_text(page, match) and match.start() not in openings:
            message = "the bracket is not closed before the address, so the link is printed"
            yield RULE.at(Span(*match.span()), message, help="write `]` before `(`")


def _without_parentheses(page: Page) -> Iterator[Finding]:
    for match in _NO_PAREN.finditer(page.prose):
        if match["place"] and match["place"] not in page.ids:
            continue
        if _is_text(page, match) and not page.prose.startswith("[^", match.start()):
            image = match.start() > 0 and page.prose[match.start() - 1] == "!"
            message = "the address is not in parentheses, so the link is printed"
            yield RULE.at(Span(match.start() - image, match.end()), message, help="write `[text](address)`")


def _in_angles(page: Page) -> Iterator[Finding]:
    spans = [link.span for link in page.links if link.kind == "inline"]
    spans += [page.source.span(row.line) for _, row, _ in page.definitions.labels]
    for match in _ANGLES.finditer(page.prose):
        in_link = any(span.start <= match.start() < span.end for span in spans)
        if _is_text(page, match) and not in_link:
            message = "a path in angle brackets is read as a tag, so it is not shown"
            yield RULE.at(Span(*match.span()), message, help=f"write `[text]({match['path']})`")
    for match in _BEFORE_ANGLES.finditer(page.prose) if "]<" in page.signs else ():
        if _is_text(page, match):
            message = "the address is in angle brackets, so the text before it is printed with its brackets"
            yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")
    for match in _LOOSE.finditer(page.prose) if "<://" in page.signs else ():
        if _is_text(page, match):
            message = "a space behind the bracket prevents this from being a link"
            yield RULE.at(Span(*match.span()), message, help="write `<address>` without spaces")


def _unclosed(page: Page) -> Iterator[Finding]:
    """Every `](` that belongs to no link."""
    ends = {link.text_span.end for link in page.links if link.kind == "inline"}
    strays = [match.start() for match in _JOINT.finditer(page.prose) if match.start() not in ends]
    spans = [link.span for link in page.links if link.kind == "inline"] if strays else []
    for offset in strays:
        if any(span.start <= offset < span.end for span in spans):
            continue
        if _is_escaped(page, offset) or not _looks_like_address(page, offset + 2):
            continue
        line_end = page.prose.find("\n", offset)
        stop = line_end if line_end > 0 else len(page.prose)
        start = max(page.prose.rfind("[", 0, offset), page.prose.rfind("\n", 0, offset) + 1)
        message = "the link is not complete, so it is printed"
        yield RULE.at(Span(start, min(stop, offset + 80)), message, help="close the brackets of text and address")


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


def _in_code(page: Page) -> Iterator[Finding]:
    """A link to a page of the site between backticks."""
    if "`[" not in page.source.text or page.site is None:
        return
    for match in _CODE_LINK.finditer(page.source.text):
        line = page.source.line_of(match.start())
        if page.prose[match.start()] != "\x00" or line in page.fenced_lines:
            continue
        if files_of(page.site).judge(page.uri, match[1]).verdict is Verdict.FILE:
            message = "between backticks a link is shown as typed"
            yield RULE.at(Span(*match.span()), message, help="put the backticks inside the brackets, or remove them")


def _in_round(page: Page) -> Iterator[Finding]:
    """`(text)(page.md)`: both pairs of brackets are those of the address."""
    for match in _ROUND.finditer(page.prose):
        if _is_text(page, match):
            message = "the text of a link stands in square brackets, so this is printed"
            yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")


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


def _is_escaped(page: Page, offset: int) -> bool:
    """Whether a `](` is printed on purpose: both its brackets have a backslash before them."""
    opening = max(page.prose.rfind("[", 0, offset), page.prose.rfind("\n", 0, offset))
    pair = page.prose[opening] == "[" and page.prose[opening - 1 : opening] != "\\"
    return page.prose[offset - 1 : offset] == "\\" and not pair


def _looks_like_address(page: Page, offset: int) -> bool:
    return (
        re.compile(rf"[ ]?<?(?:\(?{_ADDRESS}|\([^\s]*://|\[https?://|[\w/.-]+/[\w/.-]*)").match(page.prose, offset)
        is not None
    )


def _of_other_tools(page: Page) -> Iterator[Finding]:
    """Links as reStructuredText, AsciiDoc, MediaWiki and Jira write them."""
    for match in _REST.finditer(page.source.text) if page.shows(">`_") else ():
        mark = match.end() - 1
        if page.prose[mark] == "_" and page.prose[match.start()] in HIDDEN + "`":
            message = "a reStructuredText link is shown here as code with an underscore after it"
            yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")
    for match in _REST_CODE.finditer(page.prose) if page.shows("`_") else ():
        if page.source.text[match.start()] == "`" and _is_text(page, match) and not _is_in_underscores(page, match):
            message = "the underscore with which reStructuredText ends a link is printed"
            yield RULE.at(Span(*match.span(1)), message, help="write `[text](address)`, or remove it")
    for match in _ASCIIDOC.finditer(page.prose) if "/[" in page.signs else ():
        if _is_text(page, match):
            message = "a link as AsciiDoc writes it is printed with its brackets"
            yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")
    for match in _SLACK.finditer(page.masked) if "<" in page.signs and "|" in page.signs else ():
        if _is_text(page, match):
            message = "text and address share one pair of brackets, so the text becomes part of the address"
            yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")


def _is_in_underscores(page: Page, match: re.Match[str]) -> bool:
    """Whether an underscore before the code on its line may begin what the one behind it ends."""
    line_start = page.prose.rfind("\n", 0, match.start()) + 1
    return "_" in page.prose[line_start : match.start()]


def _in_one_pair(page: Page) -> Iterator[Finding]:
    """Text and address in one pair of brackets, as in MediaWiki and Jira."""
    pairs = [(_MEDIAWIKI, "[:")] if own_syntax(page.config) else [(_MEDIAWIKI, "[:"), (_PIPED, "|")]
    for pattern, sign in pairs:
        for match in pattern.finditer(page.prose) if sign in page.signs else ():
            leaf = page.leaf_by_line.get(page.source.line_of(match.start()))
            if _is_text(page, match) and leaf is not None and leaf.kind not in ("table", "code"):
                message = "text and address share one pair of brackets, so the brackets are printed"
                yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")


def _open(page: Page) -> Iterator[Finding]:
    """An image in a link whose parenthesis is never closed, and a bracket left open before a link."""
    for match in _OPEN_PICTURE.finditer(page.prose) if "![" in page.signs else ():
        if _is_text(page, match):
            message = "the bracket is not closed before the address, so the image is printed"
            yield RULE.at(Span(*match.span()), message, help="write `]` before `(`")
    for match in _OPEN_IMAGE.finditer(page.prose):
        if _is_text(page, match):
            message = "the address of this image is never closed, so the image is printed"
            yield RULE.at(Span(*match.span()), message, help="write `)` before `]`")
    candidates = list(_OPEN_BRACKET.finditer(page.prose))
    paired = {start for start, _ in bracket_pairs(page.prose)} if candidates else set()
    for match in candidates:
        if match.start() not in paired and _is_text(page, match):
            yield RULE.at(Span(*match.span()), "this bracket is never closed", help="remove it, or close it")


def _wiki(page: Page) -> Iterator[Finding]:
    known = page.config.plugins.keys() | page.config.extensions.keys()
    has_owner = bool(_WIKI_OWNERS & known) or any("obsidian" in name for name in known)
    is_owned = has_owner or own_syntax(page.config) or bool(page.config.reading_extensions)
    for match in _EMBED.finditer(page.prose) if not is_owned else ():
        message = "`![[…]]` embeds nothing here, so it is printed"
        yield RULE.at(Span(*match.span()), message, help="write `![what it shows](path)`")
    for match in _WIKI_FILE.finditer(page.prose) if not is_owned and "[[:" in page.signs else ():
        message = "an image as MediaWiki writes it is printed"
        yield RULE.at(Span(*match.span()), message, help="write `![what it shows](path)`")
    if "[[" not in page.prose or page.site is None or own_syntax(page.config):
        return
    if _WIKI_OWNERS & known:
        if _WIKI_OWNERS & known == {"wikilinks"} and not page.config.reading_extensions:
            yield from _unread_wiki(page)
        return
    for match in _WIKI_PLACE.finditer(page.prose) if not is_owned and "[[#" in page.signs else ():
        if match["text"] or match["place"].strip() in page.ids:
            message = "links in double brackets are printed: no extension of this site reads them"
            yield RULE.at(Span(*match.span()), message, help="write `[text](#place)`")
    named = []
    owned = is_owned or page.macros or rewrites_pages(page.site)
    for match in _WIKI.finditer(page.prose):
        name = match["page"].strip()
        target = files_of(page.site).judge(page.uri, name if name.endswith(".md") else f"{name}.md")
        if page.prose[match.start() - 1 : match.start()] == "!":
            continue
        is_file = target.verdict is Verdict.FILE or bool(target.file) or files_of(page.site).is_name(f"{name}.md")
        if not is_file and (owned or not _is_phrase(page, match, name)):
            continue
        named.append((match, name))
    for match, name in named:
        message = "links in double brackets are printed: no extension of this site reads them"
        yield RULE.at(Span(*match.span()), message, help=f"write `[{name}](…)` with the path of the file")


def _unread_wiki(page: Page) -> Iterator[Finding]:
    """Double brackets that the extension `wikilinks` leaves: it reads letters, digits, `_`, `-` and spaces."""
    for match in _WIKI.finditer(page.prose):
        name = match["page"].strip()
        if not _READ_WIKI.fullmatch(match[0][2:-2]) and _is_phrase(page, match, name):
            message = "`wikilinks` reads a page's name only, so this is printed with its brackets"
            yield RULE.at(Span(*match.span()), message, help="write `[text](address)`")


def _is_phrase(page: Page, match: re.Match[str], name: str) -> bool:
    """Whether double brackets hold words, as a link of a wiki does, and no list, test or section."""
    line = page.source.line_of(match.start())
    leaf = page.leaf_by_line.get(line)
    before, after = page.prose[match.start() - 1 : match.start()], page.prose[match.end() : match.end() + 1]
    is_wiki = "|" in match[0] or (" " in name and name[0].isupper())
    stands_alone = (
        not before.isalnum() and before not in ("]", "_", "\\", "\x00", "`") and after not in ("(", "[", "\x00", ":")
    )
    return (
        is_wiki
        and stands_alone
        and leaf is not None
        and leaf.kind not in ("code", "maths")
        and leaf.tag != "table"
        and _PHRASE.fullmatch(name) is not None
        and _is_text(page, match)
    )


def _in_raw_html(page: Page) -> Iterator[Finding]:
    if not raw_spans(page):
        return
    blocks = [(block.tag.name, block.span) for block in page.html_blocks if not block.markdown]
    for link in page.links:
        if link.kind != "inline" or not re.fullmatch(_ADDRESS, link.address):
            continue
        inside = next((name for name, span in blocks if span.start <= link.span.start < span.end), "")
        if inside and inside not in _HTML_ROOM:
            message = f"inside `<{inside}>` Markdown is not read, so the link is printed"
            yield RULE.at(link.span, message, help='write `<a href="…">`, or add `markdown` to the tag')


def _is_text(page: Page, match: re.Match[str]) -> bool:
    """Whether a match holds no code and stands in no raw HTML."""
    inside_raw = any(span.start <= match.start() < span.end for span in raw_spans(page))
    return not inside_raw and page.prose[match.start() - 1 : match.start()] != "\\"


class _Look(NamedTuple):
    signs: tuple[str, ...]
    """Without one of these there is nothing to find."""
    search: Callable[[Page], Iterator[Finding]]
    for_remains: bool = False
    """Whether it looks for brackets that belong to no whole link."""


_LOOKS = (
    _Look(("](", "]\n(", *_APART_UNSEEN, "]:(", "]:://", "![", "！[", "]（", "］(", "」(", "】(", "}("), _spaced),
    _Look(("][",), _apart, True),
    _Look(("][",), _mixed, True),
    _Look(("][",), _lost_opening, True),
    _Look((")[", "["), _swapped, True),
    _Look(("]",), _without_parentheses, True),
    _Look(("<",), _in_angles),
    _Look(("](",), _unclosed, True),
    _Look((")](",), _nested),
    _Look(("((",), _doubled),
    _Look(("[[",), _wiki),
    _Look(("_", "|", "/["), _of_other_tools),
    _Look(("",), _in_code),  # signs leave code out
    _Look((")(",), _in_round),
    _Look((")#",), _fragment_outside),
    _Look(("[:", "|"), _in_one_pair, True),
    _Look(
        (
            "](",
            "![",
        ),
        _open,
        True,
    ),
    _Look(("]:",), _open_text, True),
    _Look(("](",), _in_raw_html),
)
