"""A paper's entry from the public metadata services: arXiv's API (Atom) and DOI content negotiation (CSL JSON).

The addresses of the services can be set for mirrors and for tests: ARCHDATA_ARXIV_URL, ARCHDATA_DOI_URL.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree
from xml.parsers import expat

from archdata.entries import Entry, Person, arxiv_year, house_key, parse_people
from archdata.web import ServiceError, get

ARXIV = "https://export.arxiv.org"
DOI = "https://doi.org"
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV_NS = "{http://arxiv.org/schemas/atom}"
_KINDS = {
    "article-journal": "article",
    "article": "article",
    "paper-conference": "inproceedings",
    "chapter": "incollection",
    "book": "book",
    "thesis": "phdthesis",
    "report": "techreport",
}
_VENUE_FIELDS = {
    "article": "journal",
    "inproceedings": "booktitle",
    "incollection": "booktitle",
    "techreport": "institution",
}


def fetch(identifier: str, *, wait: Callable[[float], None] = time.sleep) -> Entry:
    """Return the entry of an arXiv id or a DOI, keyed by the house rule, without an annotation.

    The id may be written in any usual way: `2307.08621v2`, `arXiv:2307.08621`, an address, `10.1000/182`.
    Raises `ServiceError` when it is neither, when there is no such paper, or when the service does not answer.
    """
    arxiv = arxiv_id(identifier)
    if arxiv:
        return _from_arxiv(arxiv, wait)
    doi = doi_of(identifier)
    if doi:
        return _from_doi(doi, wait)
    message = f'"{identifier}" is neither an arXiv id nor a DOI'
    raise ServiceError(message, "write 2307.08621 or 10.1000/182")


def arxiv_id(text: str) -> str:
    """Return the arXiv id in `text` without its version, or an empty string."""
    match = re.fullmatch(
        r"(?:arxiv:\s*|(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/"
        r"|(?:https?://)?doi\.org/10\.48550/arxiv\.|10\.48550/arxiv\.)?"
        r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?(?:\.pdf)?/?",
        text.strip(),
        re.IGNORECASE,
    )
    return match[1] if match else ""


def doi_of(text: str) -> str:
    """Return the DOI in `text` without a resolver, or an empty string."""
    match = re.fullmatch(r"(?:doi:\s*|(?:https?://)?(?:dx\.)?doi\.org/)?(10\.\d{4,9}/\S+)", text.strip(), re.IGNORECASE)
    return match[1] if match else ""


def _from_arxiv(identifier: str, wait: Callable[[float], None]) -> Entry:
    base = os.environ.get("ARCHDATA_ARXIV_URL", ARXIV).rstrip("/")
    url = f"{base}/api/query?{urlencode({'id_list': identifier, 'max_results': 1})}"
    body, _ = get(url, "application/atom+xml", wait=wait)
    return _read_atom(body, identifier, url)


def _read_atom(body: bytes, identifier: str, url: str) -> Entry:
    feed = _parse_xml(body, url)
    found = feed.find(f"{_ATOM}entry")
    title = _text(found, "title")
    if found is None or not title or "/api/errors" in _text(found, "id"):
        detail = _text(found, "summary")
        raise ServiceError(f"arXiv has no paper {identifier}", detail or "compare the id with its page")
    names = [_text(author, "name") for author in found.findall(f"{_ATOM}author")]
    # After a team's name arXiv gives its colon as an author.
    authors = tuple(parse_people(name)[0][0] for name in names if re.search(r"\w", name))
    fields = {"eprint": identifier, "eprinttype": "arxiv", "url": f"https://arxiv.org/abs/{identifier}"}
    published = _text(found, "published")[:10]
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", published):
        fields["date"] = published
    doi = found.findtext(f"{_ARXIV_NS}doi", "").strip()
    if doi_of(doi):
        fields["doi"] = doi_of(doi)
    return _entry("article", title, authors, arxiv_year(identifier), fields, "arXiv API")


def _text(element: ElementTree.Element | None, name: str) -> str:
    found = element.findtext(f"{_ATOM}{name}", "") if element is not None else ""
    return " ".join(found.split())


def _parse_xml(body: bytes, url: str) -> ElementTree.Element:
    """Parse an answer; a document type is refused, for entities can make a few bytes grow to gigabytes."""
    guard = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise ServiceError(f"{url} answers with a document type", "is it the service?")

    guard.StartDoctypeDeclHandler = refuse
    try:
        guard.Parse(body, True)
        return ElementTree.fromstring(body)
    except (expat.ExpatError, ElementTree.ParseError) as error:
        raise ServiceError(f"{url} answers with broken XML: {error}", "try again later") from error


def _from_doi(doi: str, wait: Callable[[float], None]) -> Entry:
    base = os.environ.get("ARCHDATA_DOI_URL", DOI).rstrip("/")
    url = f"{base}/{quote(doi, safe='/')}"
    body, content_type = get(url, "application/vnd.citationstyles.csl+json", wait=wait)
    try:
        data = json.loads(body)
    except ValueError as error:
        message = f"{url} answers with {content_type}, not JSON"
        raise ServiceError(message, "use --bibtex") from error
    if not isinstance(data, dict) or not data.get("title"):
        raise ServiceError(f"{url} answers without a title", "use --bibtex")
    return _read_csl(data, doi)


def _read_csl(data: dict[str, Any], doi: str) -> Entry:
    kind = _KINDS.get(str(data.get("type", "")), "misc")
    day = _csl_date(data)
    fields = {"doi": str(data.get("DOI") or doi).lower(), "url": f"https://doi.org/{doi}"}
    if len(day) > 4:
        fields["date"] = day
    venue = _first(data.get("container-title")) or _first(data.get("publisher"))
    if venue:
        fields[_VENUE_FIELDS.get(kind, "publisher")] = venue
    authors = tuple(filter(None, (_csl_person(person) for person in data.get("author", []))))
    year = int(day[:4]) if day else None
    return _entry(kind, _first(data["title"]), authors, year, fields, "DOI metadata")


def _first(value: object) -> str:
    """CSL gives texts as strings; Crossref's own form as lists."""
    if isinstance(value, list):
        value = value[0] if value else ""
    text = re.sub(r"</?[a-z]+>", "", str(value or ""))
    return " ".join(text.split())


def _csl_person(person: dict[str, Any]) -> Person | None:
    if person.get("family"):
        particle = str(person.get("non-dropping-particle", ""))
        return Person(f"{particle} {person['family']}".strip(), str(person.get("given", "")))
    name = _first(person.get("literal") or person.get("name"))
    return Person(name) if name else None


def _csl_date(data: dict[str, Any]) -> str:
    for name in ("issued", "published-online", "published-print", "created"):
        parts = (data.get(name) or {}).get("date-parts") or [[]]
        if parts[0] and parts[0][0]:
            return "-".join(f"{int(part):02}" for part in parts[0][:3])
    return ""


def _entry(
    kind: str, title: str, authors: tuple[Person, ...], year: int | None, fields: dict[str, str], source: str
) -> Entry:
    title = title.rstrip(".")
    fields = {
        "title": title,
        "author": " and ".join(person.inverted for person in authors),
        **({"year": str(year)} if year else {}),
        **fields,
        "checked": date.today().isoformat(),
        "source": source,
    }
    return Entry(house_key(authors, year, title), kind, title, authors, year=year, fields=fields)
