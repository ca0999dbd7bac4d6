"""The bibliography as a page: every entry, sortable, with the pages that cite it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from archdata.bibliography import PATH, load
from archdata.citing import CitingPage, citing_pages, read_pages
from archdata.entries import Entry
from archdata.html import Cell, Row, link, table

_COLUMNS = ("Paper", "Authors", "Date", "Cited on")


def bibliography(docs: Path, page: str) -> str:
    """Return the table of all papers as Markdown, newest first, for the page at `page` under `docs`."""
    citing = citing_pages(read_pages(docs), docs / "_data" / "architectures")
    entries = sorted(load(docs / PATH).values(), key=lambda entry: (entry.date, entry.key), reverse=True)
    rows = [_row(entry, citing.get(entry.key, []), page) for entry in entries]
    # The class lets the cells of this table wrap.
    papers = table("Papers", _COLUMNS, rows, page, filters=["Date"])
    return f'\n<div class="bibliography" markdown="block">\n{papers}\n</div>\n'


def _row(entry: Entry, citing: list[CitingPage], page: str) -> Row:
    title = f"[{_escaped(entry.title)}]({entry.url})" if entry.url else _escaped(entry.title)
    lines = [f'<span id="{entry.key}"></span>{title}', _escaped(entry.annotation)]
    lines.append(" · ".join(filter(None, [_escaped(entry.identifier), f"`{entry.key}`"])))
    return [
        # What a cell begins with is sorted by, without a mark: the page is the longest of all.
        Cell("<br>".join(lines)),
        Cell(_escaped(entry.family_list(3))),
        Cell(entry.date, filter=entry.date[:4]),
        Cell(_pages(citing, page), sort=f"{len(citing):04}"),
    ]


def _pages(citing: Iterable[CitingPage], page: str) -> str:
    return "<br>".join(f"[{_escaped(other.title)}]({link(other.path, page)})" for other in citing) or "–"


def _escaped(text: str) -> str:
    """Return text in which Markdown, tables and macros find nothing of theirs."""
    return re.sub(r"([\\`*_\[\]<>|$])", r"\\\1", text)
