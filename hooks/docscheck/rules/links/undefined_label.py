"""A link by label whose label is defined nowhere prints its brackets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator

from docscheck.diagnostics import Finding
from docscheck.included import may_be_part, templates
from docscheck.labels import fold, labels, labels_in, used
from docscheck.mentions import is_raw
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.inline import Link
from docscheck.patterns import lazy
from docscheck.programs import rewrites_pages
from docscheck.rules.links.lost_definitions import (
    BEGINS_A_LINE,
    UNDEFINED,
    broken_definition,
    defined_behind_text,
    defined_without_colon,
    hidden_definition,
    in_fences,
    spoilt_definitions,
    with_space,
    without_address,
)
from docscheck.rules.links.two_brackets import is_meant
from docscheck.targets import Verdict, files_of
from docscheck.words.distance import closest, distance

RULE = UNDEFINED
_PLUGINS = """
autorefs mkdocstrings roamlinks ezlinks ezlinked-plugin macros spellcheck
"""
_OWNERS = frozenset(_PLUGINS.split())
"""Plugins that give `[text][label]` a meaning of their own."""
_INCLUDES = ("markdown_include", "mdx_include")
"""Extensions that put files in the place of `{!file!}`, which may define labels, and read nothing else."""
_TEMPLATES = frozenset(["macros"])
_OTHER_SIGNS = ("^", "@", "!")
"""With what the names of footnotes, citations and people begin, and what other tools put in."""
_NEAR = 0.8
_SHORTEST = 3
"""A label in single brackets that is no longer may be any word in brackets."""


def check(page: Page) -> Iterator[Finding]:
    """Find `[text][label]` without `[label]: address`; `[text]` alone only where it is nearly a label nobody uses."""
    if "]:" in page.signs and page.shows("] :"):
        yield from with_space(page)
    if "]:" in page.signs:
        yield from without_address(page)
    defined = labels(page)
    lost = _lost(page, defined)
    yield from lost.values()
    owners = _OWNERS & page.config.plugins.keys()
    if owners - _TEMPLATES or _has_own_syntax(page):
        yield from _whoever_reads_labels(page, defined, not _OBJECTS.isdisjoint(owners))
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
    for link, finding in _undefined(page, defined, lost, may_be_elsewhere):
        yield finding
        places.pop(link.span.start, None)
    yield from places.values()


def _lost(page: Page, defined: frozenset[str]) -> dict[str, Finding]:
    """Labels that links use, with the line that was to define each and does not."""
    lost = dict(defined_without_colon(page, defined)) if BEGINS_A_LINE.search(page.signs) else {}
    if "]:" in page.signs and page.shows("]: "):
        lost |= defined_behind_text(page, defined)
    return lost


def _whoever_reads_labels(page: Page, defined: frozenset[str], knows_objects: bool) -> Iterator[Finding]:
    """What is wrong even if a plugin or an extension gives labels a meaning of its own."""
    yield from spoilt_definitions(page, defined)
    yield from _places(page, defined)
    yield from _slips(page, defined)
    if knows_objects and not _has_own_syntax(page):
        yield from _objects(page, defined)


def _undefined(
    page: Page, defined: frozenset[str], lost: Container[str], may_be_elsewhere: bool
) -> Iterator[tuple[Link, Finding]]:
    """The links whose labels are defined neither on the page nor, where that may be, by what it is put together from.

    Of the labels that are `lost` their definitions are told.
    """
    known = sorted(defined)
    rewritten = page.site is not None and rewrites_pages(page.site)
    for link in page.links:
        name = fold(link.label)
        if not link.label or link.label.startswith(_OTHER_SIGNS) or name in defined or name in lost:
            continue
        if is_raw(page, link.span.start):
            continue
        near = closest(name, known, _NEAR)
        if rewritten and (not near or near in used(page)):
            continue  # a hook may read other labels in its own way, but a slip leaves one unused
        if _is_link(page, link, near, bool(defined)) and (near or not _is_in_link(page, link)):
            broken = broken_definition(page, link)
            if broken or near or not may_be_elsewhere:
                yield link, broken or hidden_definition(page, link) or _finding(link, near)


def _is_link(page: Page, link: Link, near: str, has_labels: bool) -> bool:
    """Whether brackets were meant as a link by their label, which is not defined; one near to it may be."""
    if link.kind == "shortcut" and near:
        return near not in used(page) and len(fold(link.label)) > _SHORTEST
    if link.kind == "shortcut":
        return has_labels and _stands_among(page, link)
    is_pair = link.kind in ("full", "collapsed")
    return is_pair and (
        bool(near)
        or is_meant(page, link)
        or broken_definition(page, link) is not None
        or fold(link.label) in in_fences(page)
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
    """The finding on a link whose label is not defined, with the defined one that it is near to."""
    if link.label.startswith("#"):
        message = "a place is named in parentheses; here the brackets are printed"
        return RULE.at(link.span, message, help=f"write `({link.label})`")
    help = f"did you mean `[{near}]`?" if near else f"define it: `[{link.label}]: address`"
    if link.label.partition("#")[0].endswith(".md"):
        help = f"write the path in parentheses: `({link.label})`"
    return RULE.at(link.span, f"no label `{link.label}` is defined, so the brackets are printed", help=help)
