"""What is new: the pages added last, as a list for readers and as an Atom feed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from docscheck.parse.front_matter import FrontMatter, parse_front_matter

from archdata import specs
from archdata.errors import DataError
from archdata.html import link
from archdata.specs import FAMILIES, Spec

FEED = "feed.xml"
"""Where the feed stands below the site's root."""

_ENTRIES = 40
_SHORT = re.compile(r": | \(")
"""Where a title goes on to a subtitle, or to what it covers."""


_DATED = frozenset({"architecture", "building-block", "concept", "case-study"})
"""Types of pages that are announced: what is read for its own sake, no hub, tool or list."""


@dataclass(frozen=True)
class Addition:
    """A page under docs/ and the day it appeared; `name` is short, `summary` its definition in one sentence."""

    page: str
    family: str
    name: str
    title: str
    summary: str
    day: date


def additions(docs: Path) -> list[Addition]:
    """Every page once that its data or its front matter dates, newest day first.

    Within a day they stand by family in the site's order, then by title.
    """
    order = list(FAMILIES)
    described = _described(docs)
    known = [
        addition
        for source in sorted({*(docs / page for page in described), *docs.rglob("*.md")})
        if (addition := _addition(docs, source, described.get(source.relative_to(docs).as_posix(), [])))
    ]
    known.sort(key=lambda addition: (order.index(addition.family), addition.title.lower()))
    return sorted(known, key=lambda addition: addition.day, reverse=True)


def check(docs: Path) -> Iterator[DataError]:
    """Yield every page that readers would not be told of, since nothing says when it appeared."""
    described = _described(docs)
    for source in sorted(docs.rglob("*.md")):
        front = _front_matter(source)
        if front.data.get("page-type") not in _DATED:
            continue
        lines = dict(front.key_lines)
        if source.relative_to(docs).as_posix() in described:
            if "added" in lines:
                message = "`added` stands in the page's data too"
                yield DataError(source, lines["added"] + 1, 1, message, "leave it out here")
        elif not isinstance(front.data.get("added"), date):
            line = lines.get("added", lines.get("page-type", 0)) + 1
            remedy = "write the day on which the page appeared: `added: 2026-11-24`"
            yield DataError(source, line, 1, "nothing says when this page was added", remedy)


def recent_additions(docs: Path, pages: int, page: str) -> str:
    """The newest days, whole, until so many pages are listed: a line for each family with links, for `page`."""
    out: list[str] = []
    shown = 0
    for day, group in groupby(additions(docs), key=lambda addition: addition.day):
        if shown >= pages:
            break
        new = list(group)
        shown += len(new)
        out += [f"\n**{_written(day)}**, {len(new)} page{'s' if len(new) > 1 else ''}:\n", *_by_family(new, page)]
    return "\n".join(out) + "\n"


def _by_family(new: Iterable[Addition], page: str) -> Iterator[str]:
    for family, group in groupby(new, key=lambda addition: addition.family):
        names = [f"[{addition.name}]({link(addition.page, page)})" for addition in group]
        yield f"- *{FAMILIES[family]}*: {', '.join(names)}"


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def feed(docs: Path, site_url: str, site_name: str) -> dict[str, str]:
    """The Atom feed as path to content; nothing without an address to put into it.

    Its dates are those of the data, so that two builds of the same sources give the same file.
    """
    if not site_url:
        return {}
    root = site_url.rstrip("/") + "/"
    newest = additions(docs)[:_ENTRIES]
    head = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
        f"<title>{escape(site_name)}: new pages</title>",
        f"<id>{escape(root)}</id>",
        f'<link rel="self" type="application/atom+xml" href={quoteattr(root + FEED)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(root)}/>',
        f"<updated>{_moment(newest[0].day) if newest else _moment(date.min)}</updated>",
        f"<author><name>{escape(site_name)}</name></author>",
    ]
    return {FEED: "\n".join([*head, *(_entry(addition, root) for addition in newest), "</feed>", ""])}


def _entry(addition: Addition, root: str) -> str:
    address = root + _address(addition.page)
    lines = [
        f"<title>{escape(addition.title)}</title>",
        f"<id>{escape(address)}</id>",
        f"<link href={quoteattr(address)}/>",
        f"<published>{_moment(addition.day)}</published>",
        f"<updated>{_moment(addition.day)}</updated>",
        f"<category term={quoteattr(addition.family)} label={quoteattr(FAMILIES[addition.family])}/>",
        f"<summary>{escape(addition.summary)}</summary>",
    ]
    return "<entry>\n" + "\n".join(lines) + "\n</entry>"


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _address(source: str) -> str:
    """Where a page under docs/ is published: in a folder of its own, an index in its parent's."""
    folder = source.removesuffix(".md")
    return folder.removesuffix("index") if folder.endswith("index") else folder + "/"


def _described(docs: Path) -> dict[str, list[Spec]]:
    pages: dict[str, list[Spec]] = {}
    for spec in specs.load(docs).values():
        pages.setdefault(spec.page, []).append(spec)
    return pages


def _front_matter(source: Path) -> FrontMatter:
    return parse_front_matter(source.read_text("utf-8-sig") if source.is_file() else "")


def _addition(docs: Path, source: Path, described: list[Spec]) -> Addition | None:
    """A page that describes several designs is new on the day of the one it is named for."""
    meta = _front_matter(source).data
    page = source.relative_to(docs).as_posix()
    title, summary = str(meta.get("title", "")), str(meta.get("description", ""))
    if described:
        spec = next((spec for spec in described if spec.slug == meta.get("spec")), described[0])
        return Addition(page, spec.family, spec.short, title or spec.name, summary, spec.added)
    family, day = meta.get("family"), meta.get("added")
    if family not in FAMILIES or not isinstance(day, date):
        return None
    return Addition(page, family, _SHORT.split(title)[0], title, summary, day)
