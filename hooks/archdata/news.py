"""What is new: the pages added last, as a list for readers and as an Atom feed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from docscheck.parse.safe_yaml import load

from archdata import specs
from archdata.html import link
from archdata.specs import FAMILIES, Spec

FEED = "feed.xml"
"""Where the feed stands below the site's root."""

_ENTRIES = 40


@dataclass(frozen=True)
class Addition:
    """A page and the day it appeared; `summary` is its definition in one sentence."""

    spec: Spec
    title: str
    summary: str

    @property
    def day(self) -> date:
        return self.spec.added


def additions(docs: Path) -> list[Addition]:
    """Every page with data once, newest day first; within a day by family in the site's order, then by name."""
    order = list(FAMILIES)
    pages: dict[str, list[Spec]] = {}
    for spec in specs.load(docs).values():
        pages.setdefault(spec.page, []).append(spec)
    known = [_addition(docs, described) for described in pages.values()]
    known.sort(key=lambda addition: (order.index(addition.spec.family), addition.title.lower()))
    return sorted(known, key=lambda addition: addition.day, reverse=True)


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
    for family, group in groupby(new, key=lambda addition: addition.spec.family):
        names = [f"[{addition.spec.short}]({link(addition.spec.page, page)})" for addition in group]
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
    address = root + _address(addition.spec.page)
    lines = [
        f"<title>{escape(addition.title)}</title>",
        f"<id>{escape(address)}</id>",
        f"<link href={quoteattr(address)}/>",
        f"<published>{_moment(addition.day)}</published>",
        f"<updated>{_moment(addition.day)}</updated>",
        f"<category term={quoteattr(addition.spec.family)} label={quoteattr(FAMILIES[addition.spec.family])}/>",
        f"<summary>{escape(addition.summary)}</summary>",
    ]
    return "<entry>\n" + "\n".join(lines) + "\n</entry>"


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _address(source: str) -> str:
    """Where a page under docs/ is published: in a folder of its own, an index in its parent's."""
    folder = source.removesuffix(".md")
    return folder.removesuffix("index") if folder.endswith("index") else folder + "/"


def _addition(docs: Path, described: list[Spec]) -> Addition:
    """A page that describes several designs is new on the day of the one it is named for."""
    source = docs / described[0].page
    text = source.read_text("utf-8") if source.is_file() else ""
    meta = load(text.split("\n---", 1)[0]) if text.startswith("---") else {}
    spec = next((spec for spec in described if spec.slug == meta.get("spec")), described[0])
    return Addition(spec, str(meta.get("title", spec.name)), str(meta.get("description", "")))
