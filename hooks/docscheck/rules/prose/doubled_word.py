"""A small word written twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import compress
from operator import eq

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("PRO103", "doubled-word", Severity.WARNING)
_SMALL_WORDS = """
the a an of to and is for with are this it as by or from be at was we you can will in on has have your which when if
into our they were their but
"""
_WORDS = frozenset(_SMALL_WORDS.split())
_TWICE = lazy(rf"(?<![\w'’-])({'|'.join(_SMALL_WORDS.split())})([ ]+|[ ]*\n[ ]*)(\1)(?![\w'’*_-])", re.IGNORECASE)
_PHRASAL = lazy(
    r"\b(?:log|logs|logged|logging|sign|signs|signed|signing|opt|opted|plug|plugged|check|checked|turn|turned|move|moved"
    r"|go|goes|going|carry|carried|based|build|rely|hold|holds|phone|drop|dropped|stay|zoom|fill|filled|read|type|typed)"
    r"\s+$",
    re.I,
)
"""Verbs that end with such a word: one can log in in the evening."""

_NAMES_ITSELF = lazy(r"\b(?:it|that|this|what|he|she|one)\s+$")


def check(page: Page) -> Iterator[Finding]:
    words = page.words
    if _WORDS.isdisjoint(compress(words, map(eq, words, words[1:]))):
        return
    for match in _TWICE.finditer(page.prose):
        line = page.source.line_of(match.start(3))
        if (match[1] != match[3] and not match[1][0].isupper()) or match[1].isupper():
            continue
        before = page.prose[max(match.start() - 12, 0) : match.start()]
        if match[1] == "is" and _NAMES_ITSELF.search(before):
            continue  # what it is is clear
        if match[1] == "In" or (match[1] in ("in", "on") and _PHRASAL.search(before)):
            continue  # "In in" is Latin
        leaf = page.leaf_by_line.get(line)
        if leaf is None or leaf is not page.leaf_by_line.get(page.source.line_of(match.start())) or leaf.kind == "code":
            continue
        if leaf.tag == "table" or (match[1] == "a" and match[3] == "A"):
            continue
        yield RULE.at(
            Span(match.start(3), match.end(3)),
            f"`{match[3]}` is written twice",
            help="remove one",
            fix=Edit(Span(match.start(2), match.end(3)), ""),
        )
