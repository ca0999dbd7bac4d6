"""Rules of a stylesheet that no page can use: a theme styles far more than one site shows.

A rule goes if it asks for a class, a `data-` value or a direction that stands in no page and in no script: scripts
count with every word in them, so that what they add while a page is read keeps its rules. Everything else stays.
Meant for other people's sheets: scripts of this site put names of its own together from parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_NAME = re.compile(r"[\w-]+")
_MARKS = re.compile(r'\s(?:class|dir|data-[\w-]+)="([^"]*)"')
_INLINE = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_LINKED = re.compile(r'\ssrc="(?:\.\.?/)*(assets/[^":?#]+)"')
_PIECE = re.compile(r"""\\.|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};()\[\],]|[^\\"'{};()\[\],]+""", re.DOTALL)
_EITHER = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
_ASKED = re.compile(r"""\[(?:[^\]"']|"[^"]*"|'[^']*')*\]""")
_VALUE = re.compile(r"""\[(?:data-[\w-]+|dir)=["']?([\w-]+)["']?\]""")
_READ = re.compile(r"var\(\s*(--[\w-]+)")
_VALUES = r"""(?:[^;"'(){}]|"[^"]*"|'[^']*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()]*\))*\))*"""
_PROPERTY = re.compile(rf"(?<=[{{;])(--[\w-]+):{_VALUES}(?:;|(?=\}}))")


def words(site: Path, scripts: Iterable[Path]) -> set[str]:
    """Every name that an element of a page of `site` may carry; `scripts` are those no page links but modules load."""
    marks: set[str] = set()
    found: set[str] = set()
    linked: set[str] = set()
    for page in site.rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        marks.update(_MARKS.findall(html))
        for attributes, script in set(_INLINE.findall(html)):
            linked.update(_LINKED.findall(attributes))
            if "application/ld+json" not in attributes:
                marks.add(script)
    for script in {site / path for path in linked} | set(scripts):
        if script.is_file():
            marks.add(script.read_text(encoding="utf-8"))
    for text in marks:
        found.update(_NAME.findall(text))
    return found


def without(css: str, known: set[str]) -> str:
    """The sheet without rules that ask for what is not `known`."""
    return "".join(_kept(_pieces(css), known))


def read_properties(css: str) -> set[str]:
    """The custom properties that a sheet reads."""
    return set(_READ.findall(css))


def without_properties(css: str, read: set[str]) -> str:
    """The sheet without custom properties that are not among those `read`: mostly signs drawn in data addresses."""
    return _PROPERTY.sub(lambda match: match[0] if match[1] in read else "", css)


def _pieces(css: str) -> Iterator[tuple[str, str | None]]:
    """The sheet's statements: what stands before the brace, and what within; nothing where there is no brace."""
    start = inside = depth = parens = 0
    before = ""
    for match in _PIECE.finditer(css):
        piece = match[0]
        if piece in "([":
            parens += 1
        elif piece in ")]":
            parens -= 1
        elif parens:
            continue
        elif piece == "{":
            if depth == 0:
                before, inside = css[start : match.start()], match.end()
            depth += 1
        elif piece == "}":
            depth -= 1
            if depth == 0:
                yield before, css[inside : match.start()]
                start = match.end()
        elif piece == ";" and depth == 0:
            yield css[start : match.end()], None
            start = match.end()
    yield css[start:], None


def _kept(pieces: Iterable[tuple[str, str | None]], known: set[str]) -> Iterator[str]:
    for before, inside in pieces:
        if inside is None:
            yield before
        elif before.strip().startswith(("@media", "@supports", "@layer", "@container")):
            if rest := "".join(_kept(_pieces(inside), known)).strip():
                yield f"{before}{{{rest}}}"
        elif before.strip().startswith("@"):
            yield f"{before}{{{inside}}}"
        elif alive := [one for one in _selectors(before) if _possible(one, known)]:
            yield f"{','.join(alive)}{{{inside}}}"


def _selectors(listed: str) -> Iterator[str]:
    start = depth = 0
    for match in _PIECE.finditer(listed):
        depth += (match[0] in "([") - (match[0] in ")]")
        if match[0] == "," and depth == 0:
            yield listed[start : match.start()]
            start = match.end()
    yield listed[start:]


def _possible(selector: str, known: set[str]) -> bool:
    """Whether an element can match; what is asked within `:not()` and the like is taken to be met."""
    bare = _EITHER.sub("", selector)
    classes = (name.replace("\\", "") for name in _CLASS.findall(_ASKED.sub("", bare)))
    return all(name in known for name in (*classes, *_VALUE.findall(bare)))
