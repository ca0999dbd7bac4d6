"""Rules of a stylesheet that no page can use: a theme styles far more than one site shows.

A rule goes if it asks for a class, a `data-` value or a direction that stands in no page and in no script: scripts
count with every word in them, so that what they add while a page is read keeps its rules. Everything else stays.
Meant for other people's sheets: scripts of this site put names of its own together from parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import tinycss2

_NAME = re.compile(r"[\w-]+")
_MARKS = re.compile(r'\s(?:class|dir|data-[\w-]+)="([^"]*)"')
_INLINE = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_LINKED = re.compile(r'\ssrc="(?:\.\.?/)*(assets/[^":?#]+)"')
_READ = re.compile(r"var\(\s*(--[\w-]+)")
_HOLDS_RULES = {"media", "supports", "layer", "container"}

Node = Any
"""A token, block or rule of tinycss2, which has no types."""


def words(site: Path, scripts: Iterable[Path]) -> set[str]:
    """Every name that an element of a page of `site` may carry; `scripts` are those no page links but modules load."""
    marks: set[str] = set()
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
    return {name for text in marks for name in _NAME.findall(text)}


def read_properties(css: str) -> set[str]:
    """The custom properties that a sheet reads."""
    return set(_READ.findall(css))


def without(css: str, names: set[str], properties: set[str]) -> str:
    """The sheet without rules that ask for what is not among `names`, and custom properties that nothing reads.

    The latter are mostly pictures in data addresses.
    """
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return str(tinycss2.serialize(list(_kept(rules, names, properties))))


def _kept(rules: Iterable[Node], names: set[str], properties: set[str]) -> Iterator[Node]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [one for one in _split(rule.prelude, ",") if _possible(one, names)]
            if not selectors:
                continue
            rule.prelude = _joined(selectors)
            rule.content = _joined(one for one in _split(rule.content, ";") if _read(one, properties))
        elif rule.type == "at-rule" and rule.lower_at_keyword in _HOLDS_RULES and rule.content is not None:
            inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            rule.content = list(_kept(inside, names, properties))
            if not rule.content:
                continue
        yield rule


def _split(tokens: Iterable[Node], sign: str) -> list[list[Node]]:
    """The tokens in parts, each with the sign that ends it."""
    parts: list[list[Node]] = [[]]
    for token in tokens:
        parts[-1].append(token)
        if token == sign:
            parts.append([])
    return parts


def _joined(parts: Iterable[list[Node]]) -> list[Node]:
    """The parts one after another, without a comma that would now end them."""
    tokens = [token for part in parts for token in part]
    return tokens[:-1] if tokens and tokens[-1] == "," else tokens


def _read(declaration: list[Node], properties: set[str]) -> bool:
    named = [token.value for token in declaration[:2] if token.type == "ident"][:1]
    return not any(name.startswith("--") and name not in properties for name in named)


def _possible(selector: list[Node], names: set[str]) -> bool:
    """Whether an element can match; what is asked within `:not()` and the like is taken to be met."""
    return all(name in names for name in _asked(selector))


def _asked(selector: list[Node]) -> Iterator[str]:
    for before, token in zip([None, *selector], selector, strict=False):
        if token.type == "ident" and before == ".":
            yield token.value
        elif token.type == "[] block":
            match [one for one in token.content if one.type != "whitespace"]:
                case [attribute, sign, value, *_] if sign == "=" and attribute.value.startswith(("dir", "data-")):
                    yield value.value
