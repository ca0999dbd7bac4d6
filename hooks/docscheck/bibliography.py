"""The BibTeX files of a site, and the titles and authors they give to papers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from docscheck.config import Config
from docscheck.papers import words
from docscheck.patterns import lazy

_ENTRY = lazy(r"^@(?!comment|string|preamble)\w+\s*\{\s*(?P<key>[^,\s]+)\s*,(?P<body>.*?)^\}", re.S | re.M | re.I)
_TITLE = lazy(r"^\s*title\s*=\s*[{\"](?P<value>.*?)[}\"]\s*,?\s*$", re.S | re.M | re.I)
_AUTHOR = lazy(r"^\s*author\s*=\s*[{\"](?P<value>.*?)[}\"]\s*,?\s*$", re.S | re.M | re.I)
_EPRINT = lazy(r"\beprint\s*=\s*[{\"]\s*(?P<value>[^}\"\s]+)", re.I)
_DOI = lazy(r"\bdoi\s*=\s*[{\"]\s*(?:https?://(?:dx\.)?doi\.org/)?(?P<value>10\.[^}\"\s]+)", re.I)


def files(config: Config) -> list[Path]:
    """The files that an extension or a plugin names, and those in the folders it names."""
    named = [options.get("bibliography") for options in config.extensions.values()]
    named += [settings.get(key) for settings in config.plugins.values() for key in ("bib_file", "bib_dir")]
    paths = [config.root / path for path in named if isinstance(path, str)]
    return [file for path in paths for file in (sorted(path.glob("*.bib")) if path.is_dir() else [path])]


def titles_by_identifier(bibtex: str) -> Iterator[tuple[str, str]]:
    """arXiv identifiers with the titles a BibTeX file gives them."""
    for entry in _ENTRY.finditer(bibtex):
        title, eprint = _TITLE.search(entry["body"]), _EPRINT.search(entry["body"])
        if title and eprint:
            yield eprint["value"], plain(title["value"])


def titles_by_doi(bibtex: str) -> Iterator[tuple[str, str]]:
    """DOIs, in small letters, with the titles a BibTeX file gives them."""
    for entry in _ENTRY.finditer(bibtex):
        title, doi = _TITLE.search(entry["body"]), _DOI.search(entry["body"])
        if title and doi:
            yield doi["value"].casefold(), plain(title["value"])


def authors_by_identifier(bibtex: str) -> Iterator[tuple[str, frozenset[str]]]:
    """arXiv identifiers, and DOIs in small letters, with every word of their authors' names."""
    for entry in _ENTRY.finditer(bibtex):
        authors = _AUTHOR.search(entry["body"])
        for field in (_EPRINT, _DOI) if authors else ():
            number = field.search(entry["body"])
            if authors and number:
                plain = re.sub(r"\\\W?|[{}]", "", authors["value"])
                yield number["value"] if field is _EPRINT else number["value"].casefold(), frozenset(words(plain))


def plain(title: str) -> str:
    """A value of a BibTeX file without braces and escapes."""
    return re.sub(r"\s+", " ", re.sub(r"[{}]|\\(?=\W)", "", title)).strip()
