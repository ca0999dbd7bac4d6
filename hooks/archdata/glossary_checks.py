"""What the glossary must be: whole, in order, each spelling once; and no acronym on two pages without an entry."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from archdata import documents
from archdata.citing import read_pages, without_code
from archdata.errors import DataError
from archdata.glossary import Term, load_glossary, names, read_entries

GLOSSARY, ACRONYMS = "_data/glossary.yml", "_data/acronyms.yml"

_PAGES = 2
"""On so many pages an acronym has to be a term: on one, the page itself may explain it."""

_KEYS = {"term", "meaning", "acronym", "aliases", "page", "everyday"}
_CAPITALS = re.compile(r"[A-Z]{2,6}")
# Two to six capitals as a word of its own, in the plural too; not part of a name such as GPT-2, R1 or U-Net.
_ACRONYM = re.compile(r"(?<![\w./-])([A-Z]{2,6})s?(?![\w./-]*\d)(?!\w)(?!-[A-Z])")
# What is no prose: front matter, formulas, macros, addresses, citations, blocks' openings, tags.
_NO_PROSE = re.compile(
    r"\A---\n.*?\n---\n|\$\$.*?\$\$|\$[^$\n]+\$|\[=.*?=\]|\]\([^)]*\)|(?<!\\)\[@[^\[\]]+\]|https?://\S+|<[^<>]+>"
    r"|^///[^\n]*$|^\s*--8<--[^\n]*$",
    re.DOTALL | re.MULTILINE,
)


def check(docs: Path) -> Iterator[DataError]:
    """Yield every fault of the glossary, and each acronym that pages use and nothing explains."""
    path = docs / GLOSSARY
    if not path.is_file():
        return
    faults = list(_entries(path, docs))
    yield from faults
    if not faults:
        yield from _undefined(docs, load_glossary(path))


def _entries(path: Path, docs: Path) -> Iterator[DataError]:
    try:
        entries = read_entries(path)
    except DataError as error:
        yield error
        return
    text = path.read_text("utf-8")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.startswith("- ")]
    if len(lines) != len(entries):
        yield DataError(path, None, None, "entries and lines that begin with a dash differ in number", "one dash each")
        return
    for line, entry in zip(lines, entries, strict=True):
        for message, remedy in list(_forms(entry)) or [*_keys(entry, docs), *_everyday(entry)]:
            yield DataError(path, line, None, message, remedy)
    sorted_by = [str(entry.get("term", "")).lower() for entry in entries]
    for line, (before, name) in zip(lines[1:], pairwise(sorted_by), strict=True):
        if name <= before:
            yield DataError(path, line, None, f"`{name}` stands after `{before}`", "sort terms, each once")


def _forms(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What is neither a text nor a list of texts where it has to be one, each with what mends it."""
    for key in ("term", "meaning", "acronym", "page"):
        if not isinstance(entry.get(key, ""), str):
            yield f"`{key}` is not a text", "put it in quotes, or leave the key out"
    aliases = entry.get("aliases", [])
    if not isinstance(aliases, list) or not all(isinstance(alias, str) for alias in aliases):
        yield "`aliases` is not a list of names", "write `aliases: [one, another]`"


def _keys(entry: dict[str, Any], docs: Path) -> Iterator[tuple[str, str]]:
    """What is wrong with the keys of an entry and the texts behind them, each with what mends it."""
    for key in sorted(set(entry) - _KEYS):
        yield f"unknown key `{key}`", f"known keys: {', '.join(sorted(_KEYS))}"
    for key in ("term", "meaning"):
        if not entry.get(key):
            yield f"`{key}` is missing", "every entry has a term and its meaning"
    if entry.get("page") and not (docs / entry["page"]).is_file():
        yield f"there is no page `{entry['page']}`", "leave `page` out until it is written"
    if not str(entry.get("meaning", ".")).endswith("."):
        yield f"the meaning of `{entry.get('term')}` is not a sentence", "end it with a full stop"


def _everyday(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The same for `everyday`, which names those of a term's names that are words of every day."""
    everyday = entry.get("everyday", True)
    if isinstance(everyday, list):
        for name in sorted(set(map(str, everyday)) - set(names(entry))):
            yield f"`{name}` is no name of the term", "list its names, or write `true`"
    elif everyday is not True:
        yield "`everyday` is neither `true` nor a list", "list names of the term"


def _undefined(docs: Path, terms: Iterable[Term]) -> Iterator[DataError]:
    explained = {word for term in terms for name in (term.name, term.acronym, *term.aliases) for word in _words(name)}
    listed, faults = _listed(docs)
    yield from faults
    used = acronyms(docs)
    for acronym, places in sorted(used.items()):
        pages = sorted({file for file, _, _ in places})
        if acronym in explained or acronym in listed or len(pages) < _PAGES:
            continue
        file, line, column = places[0]
        yield DataError(
            docs / file,
            line,
            column,
            f"`{acronym}` is explained nowhere and used on {len(pages)} pages: {', '.join(pages[:3])}",
            f"add it to docs/{GLOSSARY}, or to docs/{ACRONYMS} if it is a name or everybody knows it",
        )
    for acronym in sorted(set(listed) & explained):
        message = f"`{acronym}` is in the glossary too"
        yield DataError(docs / ACRONYMS, listed[acronym], None, message, "remove it here", severity="warning")
    for acronym in sorted(set(listed) - set(used)):
        message = f"no page uses `{acronym}`"
        yield DataError(docs / ACRONYMS, listed[acronym], None, message, "remove it", severity="warning")


def acronyms(docs: Path) -> dict[str, list[tuple[str, int, int]]]:
    """Each acronym in the prose of pages with its places: file under `docs`, line and column.

    Contributors' pages are left out: they speak of files and formats.
    """
    found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for file, source in read_pages(docs):
        if file.startswith("contribute/"):
            continue
        prose = _NO_PROSE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), without_code(source))
        for match in _ACRONYM.finditer(prose):
            begin = prose.rfind("\n", 0, match.start()) + 1
            found[match[1]].append((file, prose.count("\n", 0, match.start()) + 1, match.start() - begin + 1))
    return found


def _listed(docs: Path) -> tuple[dict[str, int], list[DataError]]:
    """The acronyms that need no entry, with the line of each, and what is wrong with the file that lists them."""
    path = docs / ACRONYMS
    if not path.is_file():
        return {}, []
    try:
        document = documents.read(path)
    except DataError as error:
        return {}, [error]
    listed: dict[str, int] = {}
    faults = []
    for reason, words in document.data.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            faults.append(document.error((reason,), f"`{reason}` is not a list of acronyms", "write `- GPU` for each"))
            continue
        for index, word in enumerate(words):
            line, column = document.place((reason, index))
            if word in listed:
                faults.append(DataError(path, line, column, f"`{word}` is listed twice", "keep one"))
            listed[word] = line
    return listed, faults


def _words(name: str) -> list[str]:
    return _CAPITALS.findall(name)
