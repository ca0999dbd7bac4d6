"""One stylesheet in place of many: a page waits for each before it shows anything."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

from archpublish import unused

PATH = "assets/stylesheets/all.css"
"""Where it lies below the site's root."""
_LINK = re.compile(r'[ \t]*<link rel="stylesheet" href="([^":?#]+\.css)">\n?')
_URL = re.compile(r"""url\((["']?)(?!data:|https?:|/|#)([^)"']+)\1\)""")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*\n\s*")


def linked(html: str, address: str) -> list[str]:
    """The stylesheets of the page at `address` in their order, below the site's root."""
    return [posixpath.normpath(posixpath.join("/", address, match[1])).lstrip("/") for match in _LINK.finditer(html)]


def with_one(html: str, address: str, known: list[str]) -> str:
    """The page with one link where it has those to all the `known` sheets; any other page stays as it is."""
    if len(known) < 2 or linked(html, address) != known:
        return html
    start, end = next(_LINK.finditer(html)).span()
    one = posixpath.relpath(PATH, address or ".")
    return f'{html[:start]}<link rel="stylesheet" href="{one}">\n{_LINK.sub("", html[end:])}'


def merged(site: Path, sheets: list[str], known: set[str] | None = None) -> str:
    """The sheets one after another, without comments, their pictures and fonts found from where they now stand.

    Where the names that pages carry are `known`, a minified sheet, which is another's, loses what no page can use.
    """
    texts = {sheet: _moved((site / sheet).read_text(encoding="utf-8"), sheet) for sheet in sheets}
    if known is not None:
        read = known.union(*map(unused.read_properties, texts.values()))
        texts |= {sheet: unused.without(texts[sheet], known, read) for sheet in sheets if sheet.endswith(".min.css")}
    return "\n".join(texts.values()) + "\n"


def write(site: Path, docs: Path, sheets: list[str]) -> None:
    """Write the one sheet of a site that has all its pages, built from `docs`: what they cannot use is left out."""
    scripts = (site / path.relative_to(docs) for path in docs.rglob("*.*js"))
    (site / PATH).write_text(merged(site, sheets, unused.words(site, scripts)), encoding="utf-8")


def _moved(css: str, sheet: str) -> str:
    here, there = posixpath.dirname(PATH), posixpath.dirname(sheet)

    def url(match: re.Match[str]) -> str:
        return f"url({match[1]}{posixpath.relpath(posixpath.join(there, match[2]), here)}{match[1]})"

    return _SPACE.sub("\n", _URL.sub(url, _COMMENT.sub("", css))).replace("\n}", "}").strip()
