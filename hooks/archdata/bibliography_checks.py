"""What a bibliography must be: complete, in order, keyed by the house rule, each paper once, each address canonical."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from archdata.add_paper import same
from archdata.bibliography import PATH, load
from archdata.citing import Citation, citations, citing_pages, data_citations, read_pages
from archdata.entries import Entry, arxiv_year, follows_house_rule, house_key
from archdata.errors import DataError, nearest, unknown

REQUIRED = ("title", "author", "year", "annotation")
KNOWN = frozenset(
    """title author year date eprint eprinttype doi url annotation checked source journal booktitle publisher
    institution howpublished volume number pages editor note""".split()  # noqa: SIM905 (a list would be 19 lines)
)
KINDS = frozenset({"article", "inproceedings", "incollection", "book", "techreport", "phdthesis", "misc", "online"})
_ARXIV = re.compile(r"\d{2}(?P<month>\d{2})\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?/\d{2}(?P<old>\d{2})\d{3}")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


def check(docs: Path) -> Iterator[DataError]:
    """Yield every fault of `docs/_data/references.bib`, and every cited key it lacks; an uncited entry is a warning."""
    path = docs / PATH
    bibliography = load(path)
    yield from bibliography.faults
    entries = list(bibliography.values())
    for entry in entries:
        yield from check_entry(entry, path)
    yield from _duplicates(entries, path)
    yield from _order(entries, path)
    pages = list(read_pages(docs))
    in_data = list(_cited_in_data(docs))
    in_pages = [(docs / page, citation) for page, source in pages for citation in citations(source)]
    for file, citation in [*in_data, *in_pages]:
        if citation.key not in bibliography:
            line, column = citation.line, citation.column
            yield unknown("citation key", citation.key, bibliography, file=file, line=line, column=column)
    yield from _uncited(entries, path, pages, {citation.key for _, citation in in_data})


def check_entry(entry: Entry, path: Path) -> Iterator[DataError]:
    """Yield the faults of one entry by itself."""
    for test in (_fields, _texts, _identifiers, _dates, _address, _key):
        for name, message, remedy in test(entry):
            severity = "warning" if name in _ONLY_WARNED and not entry.fields.get(name) else "error"
            yield DataError(path, _line(entry, name), None, f"{entry.key}: {message}", remedy, severity=severity)


# (field at fault, what is wrong, remedy); an empty field means the entry as a whole.
_Fault = tuple[str, str, str]
# Of an entry just pasted these are not known yet; the work goes on meanwhile.
_ONLY_WARNED = frozenset({"checked", "source"})


def _fields(entry: Entry) -> Iterator[_Fault]:
    if entry.kind not in KINDS:
        near = nearest(entry.kind, KINDS)
        yield "", f"@{entry.kind} is not an entry type", f"write @{near or 'article'}"
    for name in REQUIRED:
        if not entry.fields.get(name):
            yield "", f"`{name}` is missing", f"add {name} = {{…}}, from the paper's own page"
    for name in ("checked", "source"):
        if not entry.fields.get(name):
            yield name, f"`{name}` is missing", "say when and against which source the entry was checked"
    if not entry.url:
        yield "", "the entry does not say where the paper is", "add eprint and eprinttype, doi or url"
    for name in entry.fields:
        if name not in KNOWN:
            near = nearest(name, KNOWN)
            yield name, f"unknown field `{name}`", f"did you mean `{near}`?" if near else "leave it out"


def _texts(entry: Entry) -> Iterator[_Fault]:
    for name in ("title", "author", "annotation"):
        if "\\" in entry.fields.get(name, ""):
            yield name, f"a TeX command in `{name}`", "write the character itself: é, not \\'e"
    if re.search(r"\bet al\b", entry.fields.get("author", "")):
        yield "author", "`et al` among the authors", "name them, or end in `and others`"
    for person in entry.authors:
        if "," in person.given or person.family.count(" ") > 4:
            yield "author", f'"{person.inverted}" is not one author', "separate authors with `and`"
    if entry.title and entry.title.isupper() and " " in entry.title:
        yield "title", "the title is in capitals", "write it as the paper's page does"
    if entry.annotation and not entry.annotation.endswith("."):
        yield "annotation", "the annotation is not a sentence", "end it with a full stop"


def _identifiers(entry: Entry) -> Iterator[_Fault]:
    kind = entry.fields.get("eprinttype", "")
    identifier = entry.fields.get("eprint", "")
    if identifier and kind != "arxiv":
        yield "eprint", f"eprint of type `{kind or 'none'}`", "add eprinttype = {arxiv}"
    if entry.arxiv:
        yield from _arxiv(entry)
    if entry.doi and not _DOI.fullmatch(entry.doi):
        yield "doi", f"{entry.doi} is not a DOI", "write it as 10.1000/182, without https://doi.org/"
    own = re.fullmatch(r"10\.48550/arxiv\.(.+)", entry.doi, re.IGNORECASE)
    if own and own[1] != entry.arxiv:
        yield "doi", f"the DOI is that of arXiv:{own[1]}", f"compare it with arXiv:{entry.arxiv or '…'}"


def _arxiv(entry: Entry) -> Iterator[_Fault]:
    if re.search(r"v\d+$", entry.arxiv):
        yield "eprint", f"{entry.arxiv} names a version", f"write {re.sub(r'v[0-9]+$', '', entry.arxiv)}"
        return
    match = _ARXIV.fullmatch(entry.arxiv)
    if not match:
        yield "eprint", f"{entry.arxiv} is not an arXiv id", "write it as 2307.08621"
        return
    month = match["month"] or match["old"]
    if not 1 <= int(month) <= 12:
        yield "eprint", f"{entry.arxiv} has {month} as its month", "compare it with the paper's page"
    elif arxiv_year(entry.arxiv) != entry.year:
        year = arxiv_year(entry.arxiv)
        yield "year", f"year {entry.year}, but the arXiv id is of {year}", f"write year = {{{year}}}: the first version"


def _dates(entry: Entry) -> Iterator[_Fault]:
    for name in ("date", "checked"):
        value = entry.fields.get(name, "")
        if not value:
            continue
        day = _day(value)
        if day is None:
            yield name, f"`{name}` {value} is not a date", "write it as 2023-07-17"
        elif day > date.today():
            yield name, f"`{name}` {value} is in the future", "compare it with the paper's page"
        elif name == "date" and entry.year and day.year != entry.year and not _turn_of_year(day, entry):
            yield name, f"date {value}, but year {entry.year}", "both are those of the first version"


def _day(value: str) -> date | None:
    """Return the day of `2023-07-17`, the first of `2023-07` or of `2023`."""
    try:
        return date.fromisoformat((value + "-01-01")[:10] if len(value) < 7 else (value + "-01")[:10])
    except ValueError:
        return None


def _turn_of_year(day: date, entry: Entry) -> bool:
    """Tell whether a paper sent in at the end of December has the id of January."""
    return bool(entry.arxiv) and day.month == 12 and day.day > 25 and entry.year == day.year + 1


def _address(entry: Entry) -> Iterator[_Fault]:
    url = entry.fields.get("url", "")
    if not url:
        return
    canonical = canonical_url(url)
    if entry.arxiv and "arxiv.org" in url:
        canonical = f"https://arxiv.org/abs/{entry.arxiv}"
    if url != canonical:
        yield "url", f"{url} is not the canonical address", f"write {canonical}"


def canonical_url(url: str) -> str:
    """Return the address the bibliography uses: https, arXiv's abstract page without version, doi.org's resolver."""
    url = re.sub(r"^http://(?=(?:www\.)?(?:arxiv|doi|dx\.doi|openreview|aclanthology)\.)", "https://", url)
    url = re.sub(r"^https://(?:www\.|dx\.)(?=arxiv\.org|doi\.org)", "https://", url)
    match = re.match(r"https://arxiv\.org/(?:abs|pdf|html)/([\w.-]+?(?:/\d{7})?)(?:v\d+)?(?:\.pdf)?/?$", url)
    return f"https://arxiv.org/abs/{match[1]}" if match else url


def _key(entry: Entry) -> Iterator[_Fault]:
    if entry.authors and entry.year and entry.title and not follows_house_rule(entry):
        expected = house_key(entry.authors, entry.year, entry.title)
        yield "", "the key does not follow the house rule", f"write {expected}, here and where it is cited"


def _duplicates(entries: list[Entry], path: Path) -> Iterator[DataError]:
    seen: dict[str, Entry] = {}
    for entry in entries:
        for mark in _marks(entry):
            first = seen.setdefault(mark, entry)
            if first is not entry and first.key != entry.key:
                shared = same(entry, first)
                message = f'{entry.key}: the {shared} is that of "{first.key}" on line {first.line}'
                yield DataError(path, entry.line, None, message, "keep one entry and cite it in both places")
                break


def _marks(entry: Entry) -> Iterator[str]:
    """Yield what two entries of one paper share."""
    if entry.arxiv:
        yield f"arxiv:{entry.arxiv}"
    if entry.doi:
        yield f"doi:{entry.doi.lower()}"
    if entry.title:
        yield "title:" + re.sub(r"\W", "", entry.title.lower())


def _order(entries: list[Entry], path: Path) -> Iterator[DataError]:
    for before, entry in pairwise(entries):
        if entry.key < before.key:
            message = f"{entry.key}: stands after {before.key}"
            yield DataError(path, entry.line, None, message, "entries are sorted by key; `add-paper` does it")


def _cited_in_data(docs: Path) -> Iterator[tuple[Path, Citation]]:
    """Yield what data files cite."""
    for file in sorted((docs / "_data").rglob("*.yml")):
        text = file.read_text("utf-8")
        for citation in [*data_citations(text), *citations(text)]:
            yield file, citation


def _uncited(entries: list[Entry], path: Path, pages: list[tuple[str, str]], in_data: set[str]) -> Iterator[DataError]:
    citing = {*citing_pages(pages), *in_data}
    for entry in entries:
        if entry.key not in citing:
            message = f"{entry.key}: no page cites it"
            yield DataError(path, entry.line, None, message, "cite it, or remove it", severity="warning")


def _line(entry: Entry, name: str) -> int:
    """Return the line of a field, or of the entry where it lacks the field."""
    for offset, line in enumerate(entry.raw.splitlines()):
        if name and re.match(rf"\s*{name}\s*=", line, re.IGNORECASE):
            return entry.line + offset
    return entry.line
