"""Addresses that were published once: each stays, or leads on.

`docs/_data/addresses.txt` has them, sorted, one a line. A build looks whether each is still there, as a page or as a
redirect of `extra.moved`. `python -m archpublish addresses SITE` adds those of a built site; none is taken out but by
hand, by somebody who means to break links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

FILE = "_data/addresses.txt"
"""Where they are recorded, under docs/."""
_HEAD = """# Addresses below the site's root that were published: links of others lead here.
# `python -m archpublish addresses SITE` adds those of a built site. An address that moves gets a line in `extra.moved`.
"""
_NOT_PROMISED = ("assets/", "search/")
"""Folders whose files change with the theme, or belong to pages."""
_DATA = "data/"
_KINDS = frozenset({".html", ".json", ".csv", ".bib", ".xml", ".txt"})
"""Pages and data. Copies in Markdown go where their pages go; archives and sheets are made after the build."""
_SERVICE = frozenset({"404.html"})


def of(site: Path) -> Iterator[str]:
    """Yield the addresses of a built site that others may have noted."""
    for file in sorted(site.rglob("*")):
        path = file.relative_to(site).as_posix()
        if file.suffix not in _KINDS or path in _SERVICE or path.startswith(_NOT_PROMISED) or not file.is_file():
            continue
        if file.suffix == ".json" and not path.startswith(_DATA):
            continue  # what an experiment of a page has stored
        yield path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path


def recorded(docs: Path) -> list[str]:
    """The addresses that are promised; none where nothing was recorded."""
    file = docs / FILE
    lines = file.read_text(encoding="utf-8-sig").splitlines() if file.is_file() else []
    return ["" if line == "/" else line for line in lines if line and not line.startswith("#")]


def vanished(site: Path, docs: Path) -> list[str]:
    """What was promised and is no more."""
    return [address for address in recorded(docs) if not _is_there(site, address)]


def new(site: Path, docs: Path) -> list[str]:
    """What a built site has and nobody has recorded."""
    known = set(recorded(docs))
    return [address for address in of(site) if address not in known]


def record(docs: Path, more: Iterable[str]) -> None:
    """Add addresses."""
    every = sorted({*recorded(docs), *more})
    (docs / FILE).write_text(_HEAD + "".join(f"{address or '/'}\n" for address in every), encoding="utf-8")


def _is_there(site: Path, address: str) -> bool:
    path = site / address
    return (path / "index.html").is_file() if address == "" or address.endswith("/") else path.is_file()
