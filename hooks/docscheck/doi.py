"""DOIs and their addresses: what they look like, and what is wrong with one that is not right.

A DOI is `10.`, a registrant of four to nine digits (subdivisions may follow), a slash, and a name the registrant chose
(https://www.doi.org/doi-handbook/HTML/index.html).
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from docscheck.patterns import lazy

_ADDRESS = lazy(r"(?P<scheme>https?)://(?P<host>(?:dx\.|www\.)?doi\.org)/(?P<name>[^?#]*)", re.I)
_NAME = lazy(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_LOST = lazy(r"(?=(?:\D*\d){3})(?!.*\.[a-z]{3,4}$)[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)+$")
"""What registrants call their works, without the number of the registrant: `NECO_a_00142`, `s41586-024-07487-w`."""

_SERIAL = lazy(r"[a-z]{4,}\d{4,}$")
"""The same of a journal's name and a number: `nature14539`."""
_OF_ARXIV = lazy(r"10\.48550/(?!arxiv\.)", re.I)
MENTION = lazy(r"\bdoi\s*:\s*(?P<name>10\.\d{4,9}/(?:\([^\s()]*\)|[^\s\]()>])+)", re.I)
"""A DOI named in running text, as in `doi:10.1162/neco.1997.9.8.1735`."""


class Address(NamedTuple):
    """A web address at the resolver of DOIs."""

    scheme: str
    host: str
    name: str
    """What stands behind the host, percent signs decoded."""

    @property
    def canonical(self) -> str:
        """The address to write instead."""
        return f"https://doi.org/{self.name}"


def read(url: str) -> Address | None:
    """The parts of an address at doi.org; None for any other address, and for the resolver's own pages."""
    match = _ADDRESS.match(url)
    if match is None:
        return None
    if not re.match(
        r"/*(?:doi:\s*|(?:https?:/+)?(?:dx\.)?doi\.org/)?(?:\d+[.,]|\d{4,}/|[1lI][0oO]\.\d{4})", match["name"], re.I
    ) and (
        match["host"].lower().startswith("www.") or not (_LOST.match(match["name"]) or _SERIAL.match(match["name"]))
    ):
        return None
    return Address(match["scheme"].lower(), match["host"].lower(), unquote(match["name"]))


def fault(name: str) -> str | None:
    """What is wrong with a DOI, in a clause; None when it can exist."""
    if name[:1] == "/":
        return "it has two slashes where one belongs"
    if _NAME.fullmatch(name):
        if _OF_ARXIV.match(name):
            return "those of arXiv begin with `10.48550/arXiv.`"
        if re.match(r"(10\.\d{4,9}/)\1", name):
            return "the registrant is written twice"
        if re.match(r"10\.[\d.]+//", name):
            return "it has two slashes where one belongs"
        return "it ends with a mark that belongs to the sentence" if name[-1] in ".,:" else None
    if re.match(r"https?:|(?:dx\.)?doi\.org/", name, re.I):
        return "the resolver's address is written twice"
    if re.match(r"doi:\s*10\.", name, re.I):
        return "`doi:` does not belong in the address"
    if re.fullmatch(r"10\.\d{4,9}(\.\d+)*/?", name):
        return "the part after the registrant is missing"
    if re.match(r"10[,;:]?\d{4,9}/", name):
        return "the full stop after `10` is missing"
    if not name.startswith("10."):
        return "a DOI begins with `10.`"
    return "a DOI is `10.`, four to nine digits, a slash and a name"
