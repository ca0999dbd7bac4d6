"""Which page cites what: citations found in the sources of pages, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

KEY = r"[A-Za-z0-9][\w.:+-]*"
"""What a citation key may look like."""

# A group in brackets that begins with @ and is neither a link's text nor escaped: [@a], [@a; @b, Table 2].
GROUP = r"(?<!\\)\[(@[^\[\]]+)\](?![(\[])"

_ITEM = re.compile(rf"\s*@(?P<key>{KEY})\s*(?:,\s*(?P<locator>[^@]*\S))?\s*")
_GROUP = re.compile(GROUP)
# Code and comments, where brackets are only brackets. Each alternative spans what it hides.
_HIDDEN = re.compile(
    r"^[ >\t]*(?P<fence>`{3,}|~{3,})[^\n]*\n(?:.*?\n)?[ >\t]*(?P=fence)[`~]*[ \t]*(?=\n|\Z)"
    r"|(?<![`\\])(?P<ticks>`+)(?!`)[^\n]*?(?:\n[^\n]+?)*?(?<!`)(?P=ticks)(?!`)"
    r"|<!--.*?-->",
    re.MULTILINE | re.DOTALL,
)
_TITLE = re.compile(r"^title:\s*(.+?)\s*$", re.MULTILINE)
_SPEC = re.compile(r"^spec:\s*([\w.-]+)\s*$", re.MULTILINE)
_IN_DATA = re.compile(rf"(?:^paper:|^\s+by:|[{{,]\s*by:)[ \t]*[\"']?({KEY})", re.MULTILINE)


@dataclass(frozen=True)
class Item:
    """One paper of a citation: its key, and the place in it (`Table 2`) where one is given."""

    key: str
    locator: str = ""


@dataclass(frozen=True)
class Citation:
    """A citation key in a text, with its line and column from 1 (of the key's first letter)."""

    key: str
    line: int
    column: int


@dataclass(frozen=True, order=True)
class CitingPage:
    """A page that cites: its path under docs/ and its title."""

    path: str
    title: str


def items(group: str) -> list[Item] | None:
    """Return the papers of `@a; @b, Table 2`, or None when the text is not of that form."""
    found = [_ITEM.fullmatch(part) for part in group.split(";")]
    if not all(found):
        return None
    return [Item(match["key"].rstrip(".:"), " ".join((match["locator"] or "").split())) for match in found if match]


def citations(text: str) -> Iterator[Citation]:
    """Yield every key cited in the Markdown `text`, in order; code and comments are passed over."""
    masked = without_code(text)
    for group in _GROUP.finditer(masked):
        for match in re.finditer(rf"@({KEY})", group[1]):
            start = group.start(1) + match.start(1)
            line_start = masked.rfind("\n", 0, start) + 1
            yield Citation(match[1].rstrip(".:"), masked.count("\n", 0, start) + 1, start - line_start + 1)


def without_code(text: str) -> str:
    """The text with code and comments blanked out, so that every place stays where it was."""
    return _HIDDEN.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def data_citations(text: str) -> Iterator[Citation]:
    """Yield the keys a data file gives as `by: key` or `paper: key`."""
    for match in _IN_DATA.finditer(text):
        line_start = text.rfind("\n", 0, match.start(1)) + 1
        yield Citation(match[1], text.count("\n", 0, match.start(1)) + 1, match.start(1) - line_start + 1)


def citing_pages(pages: Iterable[tuple[str, str]], specs: Path | None = None) -> dict[str, list[CitingPage]]:
    """Return for each key the pages that cite it, by path.

    Args:
        pages: (path under docs/, source) of each page.
        specs: the folder of the architectures' data; what a page's `spec` cites, the page cites.
    """
    found: dict[str, set[CitingPage]] = {}
    for path, source in pages:
        page = CitingPage(path, title_of(source) or path)
        for key in {*_cited_keys(source), *_spec_keys(source, specs)}:
            found.setdefault(key, set()).add(page)
    return {key: sorted(citing) for key, citing in found.items()}


_cited: dict[bytes, frozenset[str]] = {}


def _cited_keys(source: str) -> frozenset[str]:
    """Return the keys cited in a page, looked for once in each of its states."""
    state = blake2b(source.encode("utf-8", "surrogateescape"), digest_size=16).digest()
    if state not in _cited:
        _cited[state] = frozenset(citation.key for citation in citations(source))
    return _cited[state]


def read_pages(docs: Path) -> Iterator[tuple[str, str]]:
    """Yield (path under docs/, source) of every page in the folder `docs`."""
    for file in sorted(docs.rglob("*.md")):
        path = file.relative_to(docs)
        if not any(part.startswith(("_", ".")) for part in path.parts):
            yield path.as_posix(), file.read_text("utf-8")


def title_of(source: str) -> str:
    """Return the `title` of a page's front matter, or an empty string."""
    match = _TITLE.search(_front_matter(source))
    return match[1].strip("\"'") if match else ""


def _front_matter(source: str) -> str:
    return source.split("\n---", 1)[0] if source.startswith("---") else ""


def _spec_keys(source: str, specs: Path | None) -> set[str]:
    match = _SPEC.search(_front_matter(source))
    file = specs / f"{match[1]}.yml" if match and specs else None
    if not file or not file.is_file():
        return set()
    text = file.read_text("utf-8")
    return {citation.key for citation in [*data_citations(text), *citations(text)]}
