"""A link by label whose label is defined nowhere prints its brackets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from docscheck.diagnostics import Edit, Finding, Rule
from docscheck.included import may_be_part, templates
from docscheck.labels import fold, labels, labels_in, used
from docscheck.mentions import is_raw
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.inline import Link
from docscheck.patterns import WIDE_LETTER, lazy
from docscheck.programs import rewrites_pages
from docscheck.source import Span
from docscheck.targets import Verdict, files_of
from docscheck.words.distance import closest, distance

RULE = Rule("LNK401", "undefined-label")
_PLUGINS = """
autorefs mkdocstrings roamlinks ezlinks ezlinked-plugin macros spellcheck
"""
_OWNERS = frozenset(_PLUGINS.split())
"""Plugins that give `[text][label]` a meaning of their own."""
_INCLUDES = ("markdown_include", "mdx_include")
"""Extensions that put files in the place of `{!file!}`, which may define labels, and read nothing else."""
_TEMPLATES = frozenset(["macros"])
_APART = lazy(r"^[ \t>]*(\[[^\[\]^\n]+\]([ ]+):)[ ]*<?(?:https?://|\.{0,2}/|[\w/-]+\.(?:md|html|png)\b)\S*[ ]*$", re.M)
_NEAR = 0.8
_SHORTEST = 3
"""A label in single brackets that is no longer may be any word in brackets."""


def check(page: Page) -> Iterator[Finding]:
    """Find `[text][label]` without `[label]: address`; `[text]` alone only where it is nearly a label nobody uses."""
    if "]:" in page.signs and page.shows("] :"):
        yield from _apart(page)
    if "]:" in page.signs:
        yield from _empty(page)
    owners = _OWNERS & page.config.plugins.keys()
    defined = labels(page)
    lost = dict(_without_colon(page, defined)) if _BEGINS_A_LINE.search(page.signs) else {}
    if "]:" in page.signs and page.shows("]: "):
        lost |= _behind_text(page, defined)
    yield from lost.values()
    if owners - _TEMPLATES or _has_own_syntax(page):
        yield from _spoilt(page, defined)
        yield from _places(page, defined)
        yield from _slips(page, defined)
        if not _OBJECTS.isdisjoint(owners) and not _has_own_syntax(page):
            yield from _objects(page, defined)
        return
    may_be_elsewhere = False
    if owners:
        taken = None if may_be_part(page) else templates(page).text
        if taken is None:  # what templates put in may define any label
            yield from _places(page, defined)
            return
        defined |= labels_in(taken)
        may_be_elsewhere = not taken  # a page that takes in this one may define it
    places = {finding.span.start: finding for finding in _places(page, defined)}
    rewritten = page.site is not None and rewrites_pages(page.site)
    for link in page.links:
        name = fold(link.label)
        if (
            not link.label
            or name in defined
            or name in lost
            or is_raw(page, link.span.start)
            or link.label.startswith(("^", "@", "!"))
        ):
            continue
        near = closest(name, sorted(defined), _NEAR)
        if rewritten and (not near or near in used(page)):
            continue  # a hook may read other labels in its own way, but a slip leaves one unused
        is_pair = link.kind in ("full", "collapsed") and (
            near or _is_meant(page, link) or _broken(page, link) is not None or name in _in_fences(page)
        )
        is_slip = link.kind == "shortcut" and near and near not in used(page) and len(name) > _SHORTEST
        is_lost = link.kind == "shortcut" and not near and bool(defined) and _stands_among(page, link)
        if (is_pair or is_slip or is_lost) and (near or not _is_in_link(page, link)):
            broken = _broken(page, link)
            if broken or near or not may_be_elsewhere:
                yield broken or _hidden(page, link) or _finding(link, near)
                places.pop(link.span.start, None)
    yield from places.values()


_SPACE_IN_ADDRESS = lazy(r"<?(?:https?://|\.{1,2}/|/)[^\s\"'<(]+(?:[ ]+[^\s\"'<({]+)+[ ]*")
_IS_ADDRESS = lazy(r"<?(?:https?://|\.{0,2}/|#|[\w/-]+\.(?:md|html|png|svg|jpe?g|pdf)\b)\S*[ ]*$")


_ALMOST = lazy(
    r"[ \t>]*(?:\[(?P<label>[^\]\n]+)\]|\\\[(?P<escaped>[^\]\n\\]+)\\?\]|\((?P<round>[^()\n]+)\)(?=:))"
    r"(?P<colon>[:：]?)[ \t]*(?P<rest>.*)$"
)
"""A line that looks like the definition of a label."""


@of_page
def _almost_defined(page: Page) -> dict[str, Finding]:
    """What was meant to define a label: a line without its colon, in a block of code, with an open title or escaped."""
    found: dict[str, Finding] = {}
    for number, line in enumerate(page.lines):
        match = _ALMOST.match(line) if "]" in line or "):" in line else None
        if match is None or number in page.fenced_lines:
            continue
        label = match["label"] or match["escaped"] or match["round"]
        fault = _fault(page, number, match)
        if fault and fold(label) not in found:
            finding = RULE.at(page.source.content_span(number), fault, help=f"write `[{label}]: address`")
            found[fold(label)] = finding
    return found


def _fault(page: Page, number: int, match: re.Match[str]) -> str:
    """What is wrong with a line that looks like the definition of a label."""
    leaf = page.leaf_by_line.get(number)
    if not match["label"]:
        is_definition = match["colon"] and _IS_ADDRESS.match(match["rest"])
        return "this defines nothing, and is printed" if is_definition else ""
    if not match["colon"]:
        return "without a colon this defines nothing" if _IS_ADDRESS.match(match["rest"]) else ""
    if match["colon"] == "：":
        return "a full-width colon defines nothing" if _IS_ADDRESS.match(match["rest"]) else ""
    if leaf is not None and leaf.kind == "code":
        return "indented like this, it is code and defines nothing"
    if _SPACE_IN_ADDRESS.fullmatch(match["rest"]):
        return "there is a space in this address, so this defines nothing"
    if match["rest"].count('"') == 1:
        return "the title of this address is never closed, so this defines nothing"
    return ""


def _broken(page: Page, link: Link) -> Finding | None:
    """What was meant to define the label of a link."""
    return _almost_defined(page).get(fold(link.label))


@of_page
def _in_fences(page: Page) -> dict[str, int]:
    """The labels that are defined between the marks of a fence, where this defines nothing, with their lines."""
    found: dict[str, int] = {}
    for number in page.fenced_lines:
        match = _ALMOST.match(page.lines[number]) if "]:" in page.lines[number] else None
        if match and match["label"] and _IS_ADDRESS.match(match["rest"]):
            found[fold(match["label"])] = number
    return found


def _hidden(page: Page, link: Link) -> Finding | None:
    """A link whose label is defined inside a fence."""
    line = _in_fences(page).get(fold(link.label))
    if line is None:
        return None
    message = f"line {line + 1}, inside a fence, does not define the label `{link.label}`, so the brackets are printed"
    return RULE.at(link.span, message, help="put the definition outside the fence")


def _spoilt(page: Page, defined: frozenset[str]) -> Iterator[Finding]:
    """Lines that were meant to define a label and do not, which holds whoever else reads labels."""
    if "]" in page.signs and (page.fences or _SPOILT.search(page.signs)):
        for link in page.links:
            if link.kind == "full" and fold(link.label) not in defined and not link.label.startswith(("^", "@", "!")):
                broken = _broken(page, link) or _hidden(page, link)
                if broken:
                    yield broken


_SPOILT = lazy(r"\n>*(?:\[\]:[^\n\"]*\"(?=[^\"\n]*(?:\n|$))|\\\[\\?\]:|\(\):)")
"""What the signs of such lines look like: an open title, escaped brackets, round ones."""
_EMPTY = lazy(r"^[ ]{0,3}(\[([^\[\]^\n]+)\]:)[ ]*(?=\n[ ]*\n|\n?\Z)", re.M)


def _empty(page: Page) -> Iterator[Finding]:
    """A label that a link uses, and nothing behind its colon."""
    for match in _EMPTY.finditer(page.prose):
        if fold(match[2]) in used(page) and fold(match[2]) not in labels(page):
            yield RULE.at(Span(*match.span(1)), "this label has no address, so it is printed", help="add the address")


def _apart(page: Page) -> Iterator[Finding]:
    """A definition with a space before its colon is a line of text."""
    for match in _APART.finditer(page.prose):
        leaf = page.leaf_by_line.get(page.source.line_of(match.start(1)))
        if leaf is not None and leaf.kind not in ("code", "maths"):
            yield RULE.at(
                Span(*match.span(1)),
                "there is a space before the colon, so this is printed and defines nothing",
                help="remove the space",
                fix=Edit(Span(*match.span(2)), ""),
            )


def _places(page: Page, defined: frozenset[str]) -> Iterator[Finding]:
    """What stands in the wrong brackets whoever reads labels: `[text][#place]` and `[text][page.md]`, if they exist."""
    files = files_of(page.site) if page.site is not None else None
    for link in page.links:
        if link.kind != "full" or fold(link.label) in defined or is_raw(page, link.span.start):
            continue
        path, _, place = link.label.partition("#")
        if path.endswith(".md"):
            is_place = files is not None and files.judge(page.uri, path).verdict is Verdict.FILE
        else:
            is_place = not path and place in page.ids
        if is_place:
            yield _finding(link, "")


_BEGINS_A_LINE = lazy(r"\n\[[^\[\]\n]*\](?:(?![(\[:])|:(?=//))")
"""What the signs of a line look like that begins with brackets which are no link."""
_NO_COLON = lazy(
    r"^[ \t>]*\[([^\]^\n]+)\][ ]+(?:https?://|\.{0,2}/|\#|[\w/-]+\.(?:md|html|png|svg|jpe?g|pdf)\b)[^\s\[\]]*[ ]*$",
    re.M,
)


_BEHIND_TEXT = lazy(r"(?<=\S)[ ]+(\[([^\[\]^\n]+)\]:[ ]+<?(?:https?://|\.{0,2}/|[\w/-]+\.(?:md|html)\b)\S*)[ ]*$", re.M)


def _behind_text(page: Page, defined: frozenset[str]) -> dict[str, Finding]:
    """Labels that a link uses and that are defined behind other words of a line, where nothing defines one."""
    found: dict[str, Finding] = {}
    for match in _BEHIND_TEXT.finditer(page.prose):
        label, place = fold(match[2]), match.start(1)
        if label not in defined and any(fold(o.label) == label and o.span.start != place for o in page.links):
            message = "a label is defined only on a line of its own, so this is printed"
            found[label] = RULE.at(Span(*match.span(1)), message, help="put it on a line of its own, after a blank one")
    return found


def _without_colon(page: Page, defined: frozenset[str]) -> Iterator[tuple[str, Finding]]:
    """Lines that were meant to define a label of which a link elsewhere makes use."""
    wanted = Counter(fold(link.label) for link in page.links if link.label)
    lost = {label for label, links in wanted.items() if links > 1 and label not in defined}
    for match in _NO_COLON.finditer(page.prose) if lost else ():
        label = fold(match[1])
        line = page.source.line_of(match.start(1))
        if label in lost and line not in page.fenced_lines:
            help = f"write `[{match[1]}]: address`"
            yield label, RULE.at(page.source.content_span(line), "without a colon this defines nothing", help=help)


def _slips(page: Page, defined: frozenset[str]) -> Iterator[Finding]:
    """A label that is one letter off one that nothing uses, which is wrong whoever else reads labels."""
    wanted = used(page)
    unused = defined - wanted
    for link in page.links if unused else ():
        name = fold(link.label)
        if link.kind == "full" and name not in defined and len(name) > _SHORTEST and not is_raw(page, link.span.start):
            near = next((label for label in sorted(unused) if distance(name, label, 2) == 1), "")
            if near:
                yield _finding(link, near)


_OBJECT = lazy(r"`[A-Za-z_]\w*(?:\.\w+)*`")
_OBJECTS = frozenset(("autorefs", "mkdocstrings"))
_USUAL = 2


def _objects(page: Page, defined: frozenset[str]) -> Iterator[Finding]:
    """The name of an object in brackets, on a page that links others by their labels: alone, no plugin reads it."""
    links = page.links
    text = page.source.text
    named = [link for link in links if link.label and _OBJECT.fullmatch(text, link.text_span.start, link.text_span.end)]
    if sum(link.kind in ("full", "collapsed") for link in named) < _USUAL:
        return
    for link in named:
        around = text[link.span.start - 1 : link.span.start], text[link.span.end : link.span.end + 1]
        is_apart = around[0] in ("", " ", "\n", "(") and around[1] in ("", " ", "\n", ",", ".", ";", ")")
        is_alone = link.kind == "shortcut" and fold(link.label) not in defined and not link.image
        if is_alone and is_apart and not is_raw(page, link.span.start):
            yield RULE.at(
                link.span,
                "without a label behind it this is no link, so the brackets are printed",
                help=f"write `{text[link.span.start : link.span.end]}[…]` with the path of the object",
            )


def _has_own_syntax(page: Page) -> bool:
    """Whether an extension we do not know may read brackets in its own way; includes do not."""
    known = () if "{!" in page.source.text else _INCLUDES
    return any(not name.startswith(known) for name in page.config.reading_extensions)


def _is_meant(page: Page, link: Link) -> bool:
    """Whether two brackets in a row are a link, and not indices, citations or a type."""
    text = page.source.text
    if (
        text[link.text_span.end + 1 : link.text_span.end + 2] == " "
        and text[link.span.start - 2 : link.span.start] == ": "
    ):
        return False  # labels before the title of a bug
    if text[link.text_span.end + 1 : link.text_span.end + 2] == " " and link.label.count(" ") > 2:
        return False  # more than a label: each pair of brackets stands for itself
    if text[link.text_span.end + 1 : link.text_span.end + 2] == " " and _TAKEN.fullmatch(
        text, link.text_span.start - 1, link.span.end
    ):
        return False  # what a command takes
    if "..." in link.label or "…" in link.label or "+" in link.label:
        return False  # what a command may take
    if text[link.text_span.end + 1 : link.text_span.end + 2] == " " and _REMARK.search(
        text, max(link.span.start - 4, 0), link.span.start
    ):
        return False  # one remark in brackets behind another
    if _CHANGE.match(text, link.text_span.start, link.text_span.end):
        return False  # who made a change
    behind = text[link.span.end : link.span.end + 2]
    if behind[:1] == "[" and behind != "[^":
        return False  # more than two in a row are indices: `[batch][patch][width]`
    before = text[link.span.start - 1 : link.span.start]
    content = text[link.text_span.start : link.text_span.end]
    if content.isupper() and link.label.isupper():
        return False  # what a command takes
    if (
        (before.isalnum() and not WIDE_LETTER.match(before))
        or (before in "_])" and before)
        or "\x00" in page.prose[link.span.start : link.span.end]
    ):
        return False
    words = re.findall(r"[^\W\d_]{2,}", content)
    if link.kind == "collapsed":
        return len(words) > 1 or any(heading.text == content for heading in page.headings)
    if len(words) > 1 or (bool(words) and len(link.label) > 2 and not re.fullmatch(r"[\d\W]+", link.label)):
        return True
    if not link.label.isdigit():
        return False
    is_text = any(letter.isalpha() for letter in content) or (content[:1] == "[" and content[-1:] == "]")
    is_numbered = is_text and any(map(str.isdigit, labels(page)))
    return is_numbered or _A_NAME.fullmatch(content) is not None


_CHANGE = lazy(r"(?:(?:PR|MR|[Ii]ssue|[Pp]ull request)[ ]?[#!]?|[#!])\d+$")
"""The number of a change, which in a list of changes is followed by the name of its author."""
_TAKEN = lazy(r"\[[a-z-]+\][ ]\[[a-z-]+\]")
"""Two words in brackets, each of which stands for something: `cp [old] [new]`."""
_REMARK = lazy(r"(?:\)|\w\]) \Z(?<!\[x\] )")
"""The end of a link, or of a word in brackets that is no box to tick."""
_A_NAME = lazy(r"[A-Z]?[a-z]{3,}")
"""A word that a number behind it, in brackets of its own, was to make a link."""
_NAME = lazy(r"[A-Za-z][A-Za-z -]{4,}")
_OTHERS = 2


def _stands_among(page: Page, link: Link) -> bool:
    """Whether a name in brackets stands in a paragraph where others of its kind are links."""
    if _NAME.fullmatch(link.label) is None:
        return False
    leaf = page.leaf_by_line.get(page.source.line_of(link.span.start))
    return leaf is not None and _kin(page)[id(leaf)] >= _OTHERS


@of_page
def _kin(page: Page) -> Counter[int]:
    """How many links by a single pair of brackets each paragraph has."""
    defined = labels(page)
    lines = (page.source.line_of(o.span.start) for o in page.links if o.kind == "shortcut" and fold(o.label) in defined)
    return Counter(id(page.leaf_by_line.get(line)) for line in lines)


def _is_in_link(page: Page, link: Link) -> bool:
    """Whether the brackets are part of another link's text, which is meant to show them."""
    place = link.span.start
    return any(other.kind == "inline" and other.text_span.start <= place < other.text_span.end for other in page.links)


def _finding(link: Link, near: str) -> Finding:
    if link.label.startswith("#"):
        message = "a place is named in parentheses; here the brackets are printed"
        return RULE.at(link.span, message, help=f"write `({link.label})`")
    help = f"did you mean `[{near}]`?" if near else f"define it: `[{link.label}]: address`"
    if link.label.partition("#")[0].endswith(".md"):
        help = f"write the path in parentheses: `({link.label})`"
    return RULE.at(link.span, f"no label `{link.label}` is defined, so the brackets are printed", help=help)
