"""arXiv addresses: identifiers that cannot exist, and addresses other than the abstract's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from docscheck import arxiv
from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.mentions import Mention, external
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.references import names
from docscheck.source import Span

IDENTIFIER = Rule("REF101", "impossible-arxiv-id")
HOST = Rule("REF102", "arxiv-host", Severity.WARNING)
PDF = Rule("REF103", "arxiv-pdf", Severity.WARNING)
VERSION = Rule("REF104", "arxiv-version", Severity.WARNING)
MISMATCH = Rule("REF105", "arxiv-mismatch")
RULES = (IDENTIFIER, HOST, PDF, VERSION, MISMATCH)

_FILES = {"pdf": "a PDF", "ps": "a PostScript file", "format": "a choice of files"}
_NUMBER = lazy(r"(?<![\w./])(\d{4}\.\d{4,6})(?:v\d+)?(?![\w./]*\d)")


_OTHER = lazy(r"\barxiv\s*:\s*(\d{2,6}\.\d{2,7})(?![\w.])", re.I)
"""A number with a figure too many or too few."""
_BESIDE = lazy(r"\)[*_]*[ ]*[,(\[][ ]*arxiv\s*:\s*(\d{4}\.\d{4,6}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.I)


def check(page: Page) -> Iterator[Finding]:
    """Judge each address of a paper, and each identifier that is named without one."""
    today = page.site.today if page.site else date.today()
    for mention in external(page):
        address = arxiv.read(mention.address)
        if address is not None:
            yield from _judge(page, mention, address, today)
            yield from _compare(mention, address)
            yield from _dated(mention, address, today)
            yield from _beside(page, mention, address)
        elif proxied := _PROXY.match(mention.address):
            message = "this is the address of a library's proxy, which lets in only its own users"
            number = mention.address[proxied.end() :]
            fix = Edit(mention.span, f"https://arxiv.org/abs/{number}")
            yield HOST.at(mention.span, message, help="write `https://arxiv.org/abs/…`", fix=fix)
        elif number := arxiv.number_elsewhere(mention.address):
            yield from _impossible(mention, number, today)
    if names(page, "arxiv"):
        yield from _named(page, today)


_PROXY = lazy(r"https?://(?:www[.-])?arxiv[.-]org\.[\w.-]+/(?:abs|pdf)/(?=\d{4}\.\d{4,5}$)", re.I)
_DOTTED = lazy(r"\barXiv:[ ]?(\d{2}\.\d{2}\.?\d{4,5})(?![\w.]*\d)(?<!\d{4}\.\d{4})(?<!\d{4}\.\d{5})", re.I)
_PARTED = lazy(r"\barXiv:[ ]?(\d{4}(?:\.[ ]|[ ]\.[ ]?)(\d{4,5}))(?![\w-]|\.\d)", re.I)
_DASHED = lazy(r"\barXiv:[ ]?(\d{4}[-–,:;/_]\d{4,5}(?:v\d+)?)(?![\w-]|\.\d)", re.I)
_LETTERS = lazy(r"\barXiv:[ ]?((?=[0-9.]*[OolI])[0-9OolI]{4}\.[0-9OolI]{4,5})(?![\w-])")


_FIGURES = str.maketrans("OolI", "0011")


def _impossible(mention: Mention, identifier: str, today: date) -> Iterator[Finding]:
    fault = arxiv.fault(identifier, today)
    if fault:
        at = mention.address.find(identifier)
        span = Span(mention.span.start + at, mention.span.start + at + len(identifier))
        yield IDENTIFIER.at(span, f"no paper has this number: {fault}", help="look up the paper's number")


def _judge(page: Page, mention: Mention, address: arxiv.Address, today: date) -> Iterator[Finding]:
    impossible = list(_impossible(mention, address.identifier, today))
    if impossible:
        yield from impossible
        return
    fix = Edit(mention.span, address.canonical) if not re.search(r"[?#]", mention.address) else None
    help = f"write `{address.canonical}`"
    if not arxiv.has_known_kind(address) or f"/{address.kind}/" not in mention.address:
        message = "the address of a paper is `arxiv.org/abs/` and its number"
        yield HOST.at(mention.span, message, help=help, fix=fix, severity=Severity.ERROR)
    elif arxiv.has_misspelt_host(address):
        message = f"`{address.host}` is not arXiv"
        yield HOST.at(mention.span, message, help=help, fix=fix, severity=Severity.ERROR)
    elif arxiv.has_other_host(address):
        yield HOST.at(mention.span, f"`{address.host}` is another name of arxiv.org", help=help, fix=fix)
    elif address.kind in _FILES:
        message = f"the link opens {_FILES[address.kind]} instead of the paper's page"
        yield PDF.at(mention.span, message, help=help, fix=fix)
    elif "?context=" in mention.address:
        message = "what stands behind `?` only leads back to a listing of arXiv"
        yield HOST.at(mention.span, message, help=help)
    elif address.version and not _names_version(page, mention, address.version):
        message = f"the link is fixed to version {address.version[1:]} of the paper"
        yield VERSION.at(mention.span, message, help=help)


_ORDINALS = ("", "first|original|initial", "second", "third", "fourth", "fifth", "sixth")


def _names_version(page: Page, mention: Mention, version: str) -> bool:
    """Whether the text around the address says which version is meant."""
    line = page.lines[page.source.line_of(mention.span.start)].replace(mention.address, "")
    number = int(version[1:])
    ordinal = _ORDINALS[number] if number < len(_ORDINALS) else "last"
    return re.search(rf"\b(?:{version}|[Vv]ersion {version[1:]}|(?i:{ordinal}) version)\b", line) is not None


def _compare(mention: Mention, address: arxiv.Address) -> Iterator[Finding]:
    """The number a reader sees against the one that is opened."""
    if mention.kind in ("autolink", "bare"):
        return
    named = arxiv.MENTION.search(mention.text) or _NUMBER.search(mention.text) or _OTHER.search(mention.text)
    number = re.sub(r"v\d+$", "", named[1]) if named else ""
    if number and number != address.identifier and address.identifier[:1].isdigit() == number[:1].isdigit():
        message = f"the text says {number}, the address {address.identifier}"
        yield MISMATCH.at(mention.text_span, message, help="find out which is right, and correct the other")


_YEAR = lazy(r"\b(?:et al\.?|[^\W\d_a-zà-ÿ]\w+),? ?\(?(?P<year>(?:19|20)\d\d)[a-z]?\)?\Z|\w\((?P<other>20\d\d)\)\Z")
"""The year of a work, behind the names of its authors."""
_TAIL = 60
"""It is looked for in so much of a text."""
_LATER = 4
"""So many years after a work nobody puts it on arXiv, or hardly anybody."""


def _dated(mention: Mention, address: arxiv.Address, today: date) -> Iterator[Finding]:
    """A year in the text that is still to come, or lies well before that of the number."""
    match = _YEAR.search(mention.text.strip()[-_TAIL:]) if mention.kind in ("link", "definition") else None
    if match is None or not address.identifier[:4].isdigit() or address.identifier[4:5] != ".":
        return
    year, of_number = int(match["year"] or match["other"]), 2000 + int(address.identifier[:2])
    if year > max(today.year, of_number + 1) or year <= of_number - _LATER:
        message = f"the text says {year}, and the number is one of {of_number}"
        yield MISMATCH.at(mention.text_span, message, help="find out which is right, and correct the other")


def _beside(page: Page, mention: Mention, address: arxiv.Address) -> Iterator[Finding]:
    """The number that stands right behind a link, as in `[title](address) (arXiv:1706.03762)`."""
    match = _BESIDE.match(page.source.text, mention.span.end)
    number = re.sub(r"v\d+$", "", match[1]) if match else ""
    if match and number != address.identifier and address.identifier[:1].isdigit() == number[:1].isdigit():
        message = f"the text says {number}, the address {address.identifier}"
        yield MISMATCH.at(Span(*match.span(1)), message, help="find out which is right, and correct the other")


def _named(page: Page, today: date) -> Iterator[Finding]:
    """Identifiers in running text, such as `arXiv:1706.03762`."""
    yield from _misshapen(page) if "rxiv:" in page.lowered else ()
    for match in arxiv.MENTION.finditer(page.prose):
        if any(m.span.start <= match.start() < m.span.end for m in external(page)):
            continue
        fault = arxiv.fault(re.sub(r"v\d+$", "", match["identifier"]), today)
        if fault:
            span = Span(*match.span("identifier"))
            yield IDENTIFIER.at(span, f"no paper has this number: {fault}", help="look up the paper's number")


def _misshapen(page: Page) -> Iterator[Finding]:
    """Those with another sign in their middle, a second full stop, a space or a letter."""
    for match in _PARTED.finditer(page.prose):
        message = "no paper has this number: there is a space in its middle"
        yield IDENTIFIER.at(Span(*match.span(1)), message, help=f"did you mean `{match[1][:4]}.{match[2]}`?")
    for match in _DASHED.finditer(page.prose):
        yield IDENTIFIER.at(
            Span(*match.span(1)),
            "no paper has this number: there is no full stop in its middle",
            help=f"did you mean `{match[1][:4]}.{match[1][5:]}`?",
        )
    for match in _DOTTED.finditer(page.prose):
        figures = match[1].replace(".", "")
        message = "no paper has this number: its only full stop stands after four figures"
        yield IDENTIFIER.at(Span(*match.span(1)), message, help=f"did you mean `{figures[:4]}.{figures[4:]}`?")
    for match in _LETTERS.finditer(page.prose):
        meant = match[1].translate(_FIGURES)
        message = "no paper has this number: it has a letter in place of a figure"
        yield IDENTIFIER.at(Span(*match.span(1)), message, help=f"did you mean `{meant}`?")
