"""What was measured of docscheck, from `docs/_data/measured.yml`: its tables, and the shares that the prose quotes.

A row holds two pairs of counts: `first`, before any rule was changed for these pages, and `now`. For defects a pair is
(found, counted), for sites (findings, false ones).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from archdata import documents
from archdata.errors import DataError
from archdata.html import Row, table
from archdata.numbers import number, percent

WHEN = {"first": "at first", "now": "now"}
_PAIRS = {"committed", *WHEN}
_SITES = "sites"
"""The one part whose pairs count findings and false ones; the others count what was found and what there was."""


def check(docs: Path) -> Iterator[DataError]:
    """Yield every fault of form, and counts that cannot be: more found than there are, more false than reported."""
    document = yield from documents.in_form(docs, "measured")
    if document is None:
        return
    for part, rows in document.data.items():
        for index, row in enumerate(rows):
            for when in _PAIRS & row.keys():
                least, most = reversed(row[when]) if part == _SITES else row[when]
                if least > most:
                    yield document.error((part, index, when), f"{least} of {most} cannot be", "swap or correct them")
    for index, row in enumerate(document.data["odd"]):
        if not row["slips"] <= row["flagged"] <= row["pages"]:
            words = f"{row['slips']} of {row['flagged']} flagged ones of {row['pages']} cannot be"
            yield document.error(("odd", index, "flagged"), words, "correct them")


def share(docs: Path, part: str, when: str) -> str:
    """The share of defects of one part that were found, over all its rows."""
    pairs = [row[when] for row in _rows(docs, part) if when in row]
    return percent(sum(found for found, _ in pairs), sum(counted for _, counted in pairs))


def right(docs: Path, when: str, quarter: int) -> str:
    """The share of right findings that one, two or three quarters of the sites fall short of."""
    pairs = [row[when] for row in _rows(docs, "sites") if row.get(when, (0, 0))[0]]
    return percent(quantiles([1 - false / found for found, false in pairs], n=4)[quarter - 1], 1)


def sets_table(docs: Path, page: str) -> str:
    """The sets of pages with one defect each, as their authors committed them and without the cases withdrawn since."""
    rows: list[Row] = [
        [row["name"], *(_of(row.get(when)) for when in ("committed", *WHEN)), row["about"]]
        for row in _rows(docs, "sets")
    ]
    columns = ["Set", "As committed", "Found at first", "Found now", "Pages"]
    return table("Sets of pages with one defect", columns, rows, page)


def beside_table(docs: Path, page: str) -> str:
    """Further pages of the kinds that were missed somewhere."""
    rows: list[Row] = [[row["name"], number(row["now"][1]), row["about"]] for row in _rows(docs, "beside")]
    return table("Pages of kinds that were missed", ["Set", "Cases", "Pages"], rows, page)


def odd_table(docs: Path, page: str) -> str:
    """The odd pages of a set: those flagged when it was first measured, and how many of these had a fault after all."""
    fields = ("pages", "flagged", "slips")
    rows: list[Row] = [[row["set"], *(number(row[field]) for field in fields)] for row in _rows(docs, "odd")]
    columns = ["Set", "Odd pages", "Flagged at first", "Of these with a slip of their author's"]
    return table("Odd pages that were flagged", columns, rows, page)


def sites_table(docs: Path, page: str) -> str:
    """The public sites, with how many findings there were and how many of them were false."""
    rows: list[Row] = [
        [
            row["site"] + (f", `{row['part']}`" if "part" in row else ""),
            str(row["group"]),
            *(number(count) if count is not None else "" for count in _four(row)),
            number(row["pages"]) if "pages" in row else "",
            row.get("kind", ""),
            row["commit"],
        ]
        for row in _rows(docs, "sites")
    ]
    columns = ["Site", "Group", "At first", "False", "Now", "False now", "Pages", "Kind", "Commit"]
    return table("Findings on public sites", columns, rows, page, filters=["Group"])


_KINDS = {"marks": "Defects of syntax and links", "words": "Defects of words and grammar"}
"""What the tables hold that count only some kinds."""


def defects_table(docs: Path, part: str, columns: dict[str, str], page: str) -> str:
    """The defects of one part and how many were found; `columns` gives the heading of each field shown before them.

    A part of which some rows were not measured again has no last row of sums.
    """
    found = _rows(docs, part)
    rows: list[Row] = [
        [
            *(str(row[field]) for field in columns),
            number(row["first"][1]),
            *(number(row[when][0]) if when in row else "–" for when in WHEN),
        ]
        for row in found
    ]
    if all("now" in row for row in found):
        of = sum(row["now"][1] for row in found)
        shares = (f"{number(sum(row[when][0] for row in found))} ({share(docs, part, when)})" for when in WHEN)
        rows.append(["all", *("" for _ in list(columns)[1:]), number(of), *shares])
    return table(
        f"{_KINDS.get(part, 'Defects')} by {next(iter(columns.values())).lower()}",
        [*columns.values(), "Defects", "Found at first", "Found now"],
        rows,
        page,
    )


def _rows(docs: Path, part: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = documents.read(docs / "_data/measured.yml").data[part]
    return rows


def _four(row: dict[str, Any]) -> Sequence[int | None]:
    return [*row.get("first", (None, None)), *row.get("now", (None, None))]


def _of(pair: Sequence[int] | None) -> str:
    return f"{number(pair[0])} of {number(pair[1])} ({percent(*pair)})" if pair else "–"
