"""arXiv identifiers and addresses: what they look like, and what is wrong with one that is not right.

The scheme (https://info.arxiv.org/help/arxiv_identifier.html): `hep-th/9901001` until March 2007, `0704.0001` with
four digits from April 2007, five digits from January 2015; a version `v2` may follow.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from docscheck.patterns import lazy
from docscheck.words.distance import distance

_NEW = lazy(r"(?P<year>\d\d)(?P<month>\d\d)\.(?P<number>\d+)(?P<version>v\d+)?")
_OLD = lazy(r"(?P<archive>[a-z-]+(?:\.[A-Z]{2})?)/(?P<year>\d\d)(?P<month>\d\d)(?P<number>\d{3})(?P<version>v\d+)?")
_ADDRESS = lazy(
    r"(?P<scheme>https?)://(?P<host>[^/?#:]+)(?::\d+)?/(?P<kind>[\w-]+)/(?P<rest>[^?#]*)(?P<tail>[?#].*)?", re.I
)

_GLUED = lazy(
    r"(?P<scheme>https?)://(?P<host>[^/?#:]+)/+(?P<kind>[A-Za-z]*?)(?P<rest>\d{4}\.\d{4,5}(?:v\d+)?)(?P<tail>[?#].*)?",
    re.I,
)
"""The same without the slash, or without the word, before the number."""

_ARCHIVE_NAMES = """
acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga
funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph
q-alg q-bio quant-ph solv-int supr-con
"""
_ARCHIVES = frozenset(_ARCHIVE_NAMES.split())
_HOSTS = frozenset({"arxiv.org", "www.arxiv.org", "export.arxiv.org", "xxx.lanl.gov", "browse.arxiv.org"})
_KINDS = frozenset({"abs", "pdf", "html", "ps", "format", "src", "e-print"})
_MISSPELT_HOSTS = frozenset({"arvix.org", "arxiv.com", "arxiv.net"})
_MIRROR = lazy(r"(?:[a-z]{2}|aps|lanl)\.arxiv\.org")
"""Mirrors by country, most of which are gone."""
_OTHERS = frozenset({"ar5iv.org"})
"""Hosts that differ from arXiv's by one letter on purpose."""

_PICTURE = lazy(r"\d{4}\.\d{4,5}(?:v\d+)?/(?:[^/]+/)*[^/]+\.(?:png|jpe?g|gif|svg|webp)$", re.I)
"""A picture of the paper's text, which lies below it."""

FIRST_OF_FIVE_DIGITS = (2015, 1)
FIRST_OF_NEW_STYLE = (2007, 4)
FIRST_OF_ALL = (1991, 7)

_ELSEWHERE = lazy(
    r"https?://(?:doi\.org/10\.48550/arxiv\.|(?:www\.)?semanticscholar\.org/arxiv/|(?:www\.)?(?:huggingface\.co|hf\.co|alphaxiv\.org|ar5iv\.labs\.arxiv\.org)"
    r"/(?:papers|abs|pdf|html|overview)/)(?P<identifier>\d{4}\.\d{4,6})(?:v\d+)?(?:[/?#].*)?",
    re.I,
)
"""The same number in the addresses of other hosts."""

MENTION = lazy(
    r"\barxiv(?:\s*:\s*|[ ](?=\d{4}\.\d{4}))"
    r"(?P<identifier>\d{4}\.\d{4,6}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?)",
    re.I,
)
"""An identifier named in running text, as in `arXiv:1706.03762`."""


class Address(NamedTuple):
    """A web address that leads to arXiv, or was meant to."""

    scheme: str
    host: str
    kind: str
    """The first part of the path: `abs`, `pdf`, …"""
    identifier: str
    """As written, without version and without the suffix of a file."""
    version: str | None
    suffix: str
    """`.pdf` where the address ends so, else empty."""

    @property
    def canonical(self) -> str:
        """The address to write instead: the abstract, newest version."""
        return f"https://arxiv.org/abs/{self.identifier}"


def read(url: str) -> Address | None:
    """The parts of an arXiv address of a paper; None for any other address."""
    match = _ADDRESS.fullmatch(url) or _GLUED.fullmatch(url)
    if match is None:
        return None
    name = match["host"].lower()
    if not (name in _HOSTS or _MIRROR.fullmatch(name) or _is_misspelt(name, match["rest"])):
        return None
    if match["kind"] not in _KINDS and not re.fullmatch(r"\d{4}\.?\d{4,6}(v\d+)?", match["rest"]):
        return None
    rest = match["rest"].rstrip("/")
    if _PICTURE.search(rest):
        return None
    suffix = ".pdf" if rest.endswith(".pdf") else ""
    rest = rest.removesuffix(".pdf")
    version = re.search(r"v\d+$", rest)
    return Address(
        scheme=match["scheme"].lower(),
        host=name,
        kind=match["kind"],
        identifier=rest[: version.start()] if version else rest,
        version=version[0] if version else None,
        suffix=suffix,
    )


def number_elsewhere(url: str) -> str:
    """The number of a paper on arXiv in an address of another host, such as a DOI; empty where there is none."""
    match = _ELSEWHERE.fullmatch(url) if "/papers/" in url or "xiv" in url.lower() else None
    return match["identifier"] if match else ""


def fault(identifier: str, today: date) -> str | None:
    """What is wrong with an identifier, in a clause; None when it can exist on that day."""
    if match := _NEW.fullmatch(identifier):
        return _fault_of_new_style(match, today)
    if match := _OLD.fullmatch(identifier):
        return _fault_of_old_style(match)
    return _fault_of_shape(identifier)


def has_misspelt_host(address: Address) -> bool:
    """Whether the host is one of those people write when they mean arxiv.org."""
    return address.host not in _HOSTS and not _MIRROR.fullmatch(address.host)


def _is_misspelt(host: str, rest: str) -> bool:
    """Whether a host that is one slip away from arXiv's has what looks like a paper."""
    name = host.removeprefix("www.")
    if not 8 <= len(name) <= 10 or host in _OTHERS:
        return False
    if host in _MISSPELT_HOSTS:
        return True
    if not re.match(r"\d{4}\.\d{4}|[a-z-]+/\d{7}", rest):
        return False
    return distance(name, "arxiv.org", 2) == 1


def has_other_host(address: Address) -> bool:
    """Whether the host is a mirror or an alias of arxiv.org."""
    return address.host != "arxiv.org"


def has_known_kind(address: Address) -> bool:
    """Whether arXiv serves papers under this first part of the path, which is no file's."""
    return address.kind in _KINDS and not (address.kind == "abs" and address.suffix)


def _fault_of_new_style(match: re.Match[str], today: date) -> str | None:
    year, month, digits = 2000 + int(match["year"]), int(match["month"]), len(match["number"])
    if not 1 <= month <= 12:
        return f"`{match['month']}` is not a month"
    if (year, month) < FIRST_OF_NEW_STYLE:
        return "numbers of this form begin with `0704`, for April 2007"
    if (year, month) > (today.year, today.month):
        return f"{year}-{month:02} is in the future"
    wanted = 5 if (year, month) >= FIRST_OF_FIVE_DIGITS else 4
    if digits != wanted:
        return f"a number of {year}-{month:02} has {wanted} digits after the dot, not {digits}"
    return "the papers of a month are counted from 1" if int(match["number"]) == 0 else None


def _fault_of_old_style(match: re.Match[str]) -> str | None:
    if match["archive"].split(".")[0] not in _ARCHIVES:
        return f"there is no archive `{match['archive']}`"
    year = int(match["year"]) + (1900 if int(match["year"]) > 90 else 2000)
    month = int(match["month"])
    if not 1 <= month <= 12:
        return f"`{match['month']}` is not a month"
    if not FIRST_OF_ALL <= (year, month) < FIRST_OF_NEW_STYLE:
        return "numbers of this form are from July 1991 to March 2007"
    return None


def _fault_of_shape(identifier: str) -> str:
    if re.fullmatch(r"\d{8,9}", identifier):
        return "the dot after the month is missing"
    if re.fullmatch(r"[a-z-]+(\.[A-Z]{2})?/\d+", identifier):
        return "a number of the old form has seven digits"
    return "this is not the form of an arXiv number"
