"""What a page's head tells other programs: its copy in Markdown, its picture, and its description as linked data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from archpublish.cards import HEIGHT, WIDTH, path_of
from archpublish.copies import About, copy_path
from archpublish.pages import BuiltPage, front_matter

MARK = '<meta property="og:url"'
"""By this a page is known to have it already."""
_NOT_ARTICLES = ("landing", "hub", "tool", "reference")
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def with_head(html: str, page: BuiltPage, about: About, docs: Path) -> str:
    """The page with the data in its head; unchanged where they stand already, or the site's address is not known."""
    if MARK in html or not about.url:
        return html
    return html.replace("</head>", head(page, trail(page.address, docs), about) + "</head>", 1)


def head(page: BuiltPage, above: Sequence[tuple[str, str]], about: About) -> str:
    """The elements for the head; `above` are (title, address) of the pages above this one, outermost first."""
    url = about.url + page.address
    described = page.description or about.description
    kind = "website" if page.kind == "landing" else "article"
    properties = {
        "og:url": url,
        "og:type": kind,
        "og:site_name": about.name,
        "og:title": page.title,
        "og:description": described,
        "og:image": about.url + path_of(page.address),
        "og:image:width": WIDTH,
        "og:image:height": HEIGHT,
        "og:image:alt": f"{page.title}. {described}",
    }
    lines = [f'<meta property="{name}" content="{escape(str(value))}">' for name, value in properties.items()]
    lines.append('<meta name="twitter:card" content="summary_large_image">')
    copy = escape(about.url + copy_path(page))
    # Two words in rel: for rel="alternate" alone the theme asks for a sitemap beside the target.
    lines.append(f'<link rel="alternate markdown" type="text/markdown" href="{copy}" title="This page as Markdown">')
    # A tag inside the data could end the element, or hide its end.
    data = json.dumps(linked(page, above, about), ensure_ascii=False).replace("<", "\\u003c")
    lines.append(f'<script type="application/ld+json">{data}</script>')
    return "\n".join(lines) + "\n"


def linked(page: BuiltPage, above: Sequence[tuple[str, str]], about: About) -> dict[str, Any]:
    """The page and the way to it in the terms of schema.org."""
    url = about.url + page.address
    site = {
        "@type": "WebSite",
        "@id": about.url,
        "name": about.name,
        "url": about.url,
        "description": about.description,
    }
    told: dict[str, Any] = {
        "@type": "WebPage" if page.kind in _NOT_ARTICLES else "TechArticle",
        "@id": url,
        "url": url,
        "name": page.title,
        "headline": page.title,
        "description": page.description or about.description,
        "inLanguage": "en",
        "image": about.url + path_of(page.address),
        "license": _LICENCE,
        "isPartOf": {"@id": about.url},
        "publisher": {"@type": "Organization", "name": about.name, "url": about.url},
    }
    if page.meta.get("checked"):
        told["dateModified"] = str(page.meta["checked"])
    if page.meta.get("aliases"):
        told["keywords"] = ", ".join(map(str, page.meta["aliases"]))
    if not page.address:
        question = {"@type": "EntryPoint", "urlTemplate": about.url + "?q={search_term_string}"}
        search = {"@type": "SearchAction", "target": question, "query-input": "required name=search_term_string"}
        return {"@context": "https://schema.org", "@graph": [{**site, "potentialAction": search}, told]}
    way = [*above, (page.title, page.address)]
    steps = [
        {"@type": "ListItem", "position": place, "name": title, "item": about.url + address}
        for place, (title, address) in enumerate(way, 1)
    ]
    return {
        "@context": "https://schema.org",
        "@graph": [site, told, {"@type": "BreadcrumbList", "itemListElement": steps}],
    }


def trail(address: str, docs: Path) -> list[tuple[str, str]]:
    """(Title, address) of the home page and of each hub above `address`, outermost first."""
    parts = address.strip("/").split("/")
    above = ["", *("/".join(parts[:end]) + "/" for end in range(1, len(parts)))] if address else []
    titles = ((str(_meta(docs / place / "index.md").get("title", "")), place) for place in above)
    return [(title, place) for title, place in titles if title]


@lru_cache(maxsize=128)
def _read(path: Path, _mtime: int) -> Mapping[str, Any]:
    return front_matter(path.read_text(encoding="utf-8-sig"))


def _meta(path: Path) -> Mapping[str, Any]:
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}
