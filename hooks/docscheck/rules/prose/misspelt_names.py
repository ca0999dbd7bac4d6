"""Words that a page or its site uses as names, which are no slips."""

from __future__ import annotations

import re
from collections.abc import Mapping

from docscheck.page import Page
from docscheck.patterns import lazy


def is_of_host(page: Page, word: str) -> bool:
    """Whether the page links to a host of that name, to a repository, or to what an encyclopaedia calls so."""
    name = word.lower()
    if f"//{name}." in page.lowered or f"//www.{name}." in page.lowered:
        return True
    if name.endswith("s") and f"/{name}" not in page.lowered:
        name = name[:-1]
    return f"/{name}" in page.lowered and re.search(rf"{_PROJECT}{name}(?![a-z])", page.lowered) is not None


_PROJECT = (
    r"//(?:(?:github|gitlab)\.com/[^/\s]+|crates\.io/crates|docs\.rs|pypi\.org/project|www\.npmjs\.com/package"
    r"|\w+\.wikipedia\.org/wiki)/"
)


def without_names(page: Page, wrong: dict[str, str], sure: Mapping[str, str]) -> dict[str, str]:
    """Those of some words that nothing on the page is called; a slip that cannot be a name stays one."""
    if len(sure) == len(wrong) and all(word.islower() and len(word) > _SHORT for word in sure):
        return wrong
    names = _names(page) - {word for word in sure if len(word) > _SHORT or word.upper() not in page.prose}
    spoken_of = set(map(str.lower, _IN_SENTENCE.findall(page.prose))) - sure.keys()
    return {word: meant for word, meant in wrong.items() if not _is_named(word, names) and word not in spoken_of}


def is_part_of_name(page: Page, word: str) -> bool:
    """Whether names of programs or files on the page have the word as a part: `legacy_openedx`, `ol-openedx-course`."""
    text = page.source.text
    if f"_{word}" not in text and f"{word}_" not in text and f"-{word}-" not in text:
        return False
    return (
        re.search(rf"(?<=[a-z0-9]_){word}(?![a-z])|(?<![a-z]){word}(?=_[a-z])|(?<=[a-z]-){word}(?=-[a-z])", text)
        is not None
    )


_NAMED = lazy(
    r"(?<=[`/])([A-Za-z]+)(?=[`/)\]}.\n ])|(?<=\[)([A-Za-z]+)(?=\]\(http)|^\#+[ ]*([a-z]+)[ ]*\#*$"
    r"|(?<=\*\*)([A-Z][a-z]+)(?=\*\*)",
    re.M,
)
"""A word that is what something is called: alone in a heading, in bold or as a link's text, or a part of an address."""
_IN_SENTENCE = lazy(r"(?<=[a-z,] )[A-Z][a-z]+\b")
"""A word with a capital where no sentence begins: elsewhere the page may write the name without one."""
_CAMEL = lazy(r"\b[A-Z][a-z]+[A-Z]\w*\b")
_SHORT = 3
"""A slip of so few letters is an abbreviation where the page has it in capitals."""
_CAPITALS = lazy(r"\b[A-Z]{3,}\b")


def _names(page: Page) -> set[str]:
    """What the page writes as names are written; of those with capitals inside, the small letters."""
    text = page.source.text
    written = {match[match.lastindex or 0] for match in _NAMED.finditer(text)}
    return written | {name.lower() for name in (*_CAMEL.findall(text), *_CAPITALS.findall(text))}


def _is_named(word: str, names: set[str]) -> bool:
    """Whether a word, or what it is the genitive of, is a name; with a capital also what an address writes without."""
    bare = bare_name(word)
    return word in names or bare in names or (bare[0].isupper() and bare.lower() in names)


def bare_name(word: str) -> str:
    """A name without what makes a genitive of it."""
    return word[:-2] if word.endswith(("'s", "’s")) else word
