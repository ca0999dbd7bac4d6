"""Tables as HTML that reads well without JavaScript and can be sorted and filtered with it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Cell:
    """What a cell shows and what it is sorted by; `href` makes it a link to a page under docs/.

    `row` names the row for a program that looks for it in the published page; `filter` is what a filter goes by where
    that is not the text: a range of sizes, a year.
    """

    text: str
    sort: str = ""
    href: str = ""
    row: str = ""
    filter: str = ""


Row = Sequence[str | Cell]


def link(target: str, page: str) -> str:
    """The relative address from the page's source to another source under docs/."""
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def table(caption: str, columns: Sequence[str], rows: Sequence[Row], page: str, *, filters: Sequence[str] = ()) -> str:
    """A Markdown table inside a scrollable region with a name; cells hold Markdown.

    `filters` names the columns by which the browser offers a filter.
    """
    head = [f"| {' | '.join(columns)} |", f"|{'|'.join(' --- ' for _ in columns)}|"]
    body = [f"| {' | '.join(_cell(cell, page) for cell in row)} |" for row in rows]
    filtered = f' data-filters="{escape(",".join(filters))}" style="--v: {len(filters)}"' if filters else ""
    opening = (
        f'<div class="data-table" markdown="block" role="region" aria-label="{escape(caption)}" tabindex="0"{filtered}>'
    )
    return "\n".join(["", opening, "", *head, *body, "", "</div>", ""])


def _cell(cell: str | Cell, page: str) -> str:
    if isinstance(cell, str):
        return _one_line(cell)
    text = f"[{_one_line(cell.text)}]({link(cell.href, page)})" if cell.href else _one_line(cell.text)
    notes = {"data-sort": cell.sort, "data-row": cell.row, "data-filter": cell.filter}
    marks = "".join(f' {name}="{escape(value)}"' for name, value in notes.items() if value)
    return f"{text}<span hidden{marks}></span>" if marks else text


def _one_line(text: str) -> str:
    # A hard space stays: it keeps a number and its unit on one line.
    return re.sub(r"[ \t\r\n]+", " ", str(text)).strip()
