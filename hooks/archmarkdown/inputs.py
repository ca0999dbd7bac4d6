"""What the rendering of a page rests on besides its text: the entries, terms, figures and other pages it shows.

`of_page` is given to the plugin that keeps rendered pages (`mkdocs_incremental`, setting `inputs`): when it returns
what it returned before, the page need not be rendered again. Values, not files: a new entry in the bibliography
concerns the pages that cite it.
"""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from archdata import explorables
from archdata.bibliography import PATH, Bibliography, load, write_whole
from archdata.citing import GROUP, KEY
from archdata.glossary import Term, load_glossary
from archfigures import UnknownFigureError, render

from archmarkdown.page import MkDocsPage, Page
from archmarkdown.references import CITABLE, citing

_BLOCK = re.compile(r"^[ \t]*/{3,}[ \t]*(figure|explorable)[ \t]*\|[ \t]*(\S+)", re.MULTILINE)
_WORD = re.compile(r"\w+")
_SNIPPET = "8<"
_TAKEN_IN = re.compile(r"""-+8<-+[ \t]+["']([^"'\n]+)["']""")
"""How a page takes in a file, or a part of one; other ways are not looked into."""

_PART = re.compile(r"(:[^:/\\]*){1,2}$")
_MARK = re.compile(r"-+8<-+[ \t]+\[[^\]\n]*\]")
"""The bounds of a part, in the file."""


def of_page(page: Any, files: Any, config: Any) -> list[Any]:
    """Return as plain values what decides how a page of MkDocs is rendered, besides Markdown and front matter."""
    known = MkDocsPage(page.file, files, config)
    markdown = str(page.markdown)
    bibliography = load(known.docs / PATH)
    cited = _cited(markdown, bibliography)
    blocks = _BLOCK.findall(markdown)
    entries = {key: repr(bibliography[key]) if key in bibliography else None for key in cited}
    also = {key: [(other.path, other.title) for other in citing(known).get(key, ())] for key in cited}
    undated = known.meta.get("page-type") in CITABLE and not known.meta.get("checked")
    return [
        known.source,  # for the places that warnings name
        entries,
        sorted(bibliography) if None in entries.values() else [],  # a warning names the nearest
        also,
        [repr(term) for term in _terms(known.docs, markdown, entries.values())],
        [_figure(known, key) for kind, key in blocks if kind == "figure"],
        _explorables(known.docs, [key for kind, key in blocks if kind == "explorable"]),
        datetime.date.today().year if undated else None,
    ]


def _cited(markdown: str, bibliography: Bibliography) -> list[str]:
    """Every key cited in the text, and in the annotations of the entries cited."""
    found: dict[str, None] = {}
    waiting = [markdown]
    while waiting:
        for group in re.finditer(GROUP, waiting.pop()):
            for match in re.finditer(rf"@({KEY})", group[1]):
                key = match[1].rstrip(".:")
                if key not in found and key in bibliography:
                    waiting.append(bibliography[key].annotation)
                found[key] = None
    return list(found)


def _terms(docs: Path, markdown: str, entries: Iterable[str | None]) -> list[Term]:
    """Every term of the glossary that the page may show; too many rather than too few."""
    by_word = _by_first_word(load_glossary(docs / "_data/glossary.yml"))
    taken_in = _snippets(docs, markdown)
    if taken_in is None:
        return sorted({term for terms in by_word.values() for _, term in terms}, key=lambda term: term.name)
    text = html.unescape("\n".join([markdown, *taken_in, *filter(None, entries)]).replace("\\", "")).lower()
    words = set(_WORD.findall(text))
    words |= {word[:-cut] for word in words for cut, ending in ((1, "e"), (1, "s"), (2, "es")) if word.endswith(ending)}
    found = {term for word in words & by_word.keys() for spelling, term in by_word[word] if spelling in text}
    return sorted(found, key=lambda term: term.name)


def _snippets(docs: Path, markdown: str) -> list[str] | None:
    """The texts of the files that a page takes in, whole; None where it cannot be told which these are."""
    found: dict[Path, str] = {}
    waiting = [markdown]
    while waiting:
        text = waiting.pop()
        names = _TAKEN_IN.findall(text)
        if text.count(_SNIPPET) != len(names):
            return None
        for name in names:
            path = docs / _PART.sub("", name)
            if path not in found:
                try:
                    found[path] = path.read_text("utf-8")
                except (OSError, ValueError):
                    return None
                waiting.append(_MARK.sub("", found[path]))
    return list(found.values())


@lru_cache(maxsize=2)
def _by_first_word(terms: tuple[Term, ...]) -> dict[str, list[tuple[str, Term]]]:
    found: dict[str, list[tuple[str, Term]]] = {}
    for term in terms:
        for spelling in term.spellings:
            words = _WORD.findall(spelling.lower())
            found.setdefault(words[0] if words else "", []).append((spelling.lower(), term))
    return found


def _explorables(docs: Path, keys: list[str]) -> list[Any]:
    known = explorables.load(docs) if keys else {}
    return [repr(known[key]) if key in known else sorted(known) for key in keys]


class _Figures:
    """The digest of each figure as it is drawn, kept as long as neither code nor data change."""

    def __init__(self, page: Page) -> None:
        self.build = page.build
        self._file = page.root / ".cache" / "archmarkdown" / "figures.json"
        self._state = _state_of_drawings(page.docs)
        self._digests: dict[str, str] = {}
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            if kept["state"] == self._state:
                self._digests = kept["digests"]
        except (OSError, ValueError, KeyError, TypeError):
            pass

    def digest(self, key: str) -> str:
        """Return the digest of a figure; an empty one for an unknown figure."""
        if key not in self._digests:
            try:
                drawn = render(key, uid="f")
            except UnknownFigureError:
                return ""
            self._digests[key] = blake2b(drawn.encode(), digest_size=12).hexdigest()
            self._keep()
        return self._digests[key]

    def _keep(self) -> None:
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._file, json.dumps({"state": self._state, "digests": self._digests}))
        except OSError:
            return  # drawn again next time


_figures: _Figures | None = None


def _figure(page: Page, key: str) -> str:
    global _figures
    if _figures is None or _figures.build is not page.build:
        _figures = _Figures(page)
    return _figures.digest(key)


def _state_of_drawings(docs: Path) -> str:
    """A digest of the files that figures are drawn from: their code, that of the data, and the data."""
    here = Path(__file__).resolve().parent.parent
    found = [*_stamps(here / "archfigures", ".py"), *_stamps(here / "archdata", ".py")]
    found += [*_stamps(docs, ".json"), *_stamps(docs / "_data", ".yml"), *_stamps(docs / "_data", ".bib")]
    return blake2b(repr(found).encode(), digest_size=12).hexdigest()


def _stamps(folder: Path, ending: str) -> Iterator[tuple[str, int, int, int]]:
    for path in sorted(folder.rglob(f"*{ending}")):
        status = path.stat()
        yield str(path), status.st_mtime_ns, status.st_ctime_ns, status.st_size
