"""What can be written at a place of a page: addresses, anchors, types of boxes, blocks, snippets, labels."""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from docscheck.included import base_folders, read
from docscheck.known_types import page_types
from docscheck.lsp.provider import Completion, Provider, log
from docscheck.page import Page
from docscheck.parse.block_types import block_types
from docscheck.patterns import lazy
from docscheck.site_files import MARKDOWN
from docscheck.source import Span
from docscheck.targets import files_of, relative

MOST = 500
"""Suggestions that are sent at once; an editor asks again when more letters are typed."""
_LINK = lazy(r"(!?)\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^\s()<>]*)$")
_DEFINITION = lazy(r"^(\s{0,3})\[[^\]^@][^\]]*\]:\s*<?(\S*)$")
_ATTRIBUTE = lazy(r"<[a-zA-Z][^<>]*\s(href|src)=[\"']([^\"']*)$")
_BOX = lazy(r"^[\s>]*(?:[-*+]\s+|\d+[.)]\s+)?(?:!!!|\?\?\?\+?)\s+([\w-]*)$")
_BLOCK = lazy(r"^[\s>]*/{3,}\s*([\w-]*)$")
_SNIPPET = lazy(r"^[\s>]*-+8<-+\s+([\"'])([^\"':]*)(:?)([\w-]*)$")
_NOTE = lazy(r"\[\^([^\]\s]*)$")
_LABEL = lazy(r"\]\[([^\]\[]*)$")
_SECTION = lazy(r"-+8<-+[ \t]+\[[ \t]*start[ \t]*:[ \t]*([\w-]+)[ \t]*\]")
_IMAGES = (".svg", ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif")


def complete(page: Page, offset: int, providers: list[Provider]) -> list[Completion]:
    """The suggestions at a place, best first; not more than `MOST`."""
    found = [*_of_providers(page, offset, providers), *_own(page, offset)]
    unique: dict[str, Completion] = {}
    for completion in found:
        unique.setdefault(completion.label, completion)
    typed = page.source.text[next(iter(unique.values())).span.start : offset].lower() if unique else ""
    fitting = [completion for completion in unique.values() if _fits(typed, completion.label.lower())]
    return fitting[:MOST]


def _fits(typed: str, label: str) -> bool:
    """Whether the letters typed occur in a label in this order, as editors compare them."""
    letters = iter(label)
    return all(letter in letters for letter in typed)


def _of_providers(page: Page, offset: int, providers: list[Provider]) -> Iterator[Completion]:
    for provider in providers:
        try:
            yield from list(provider.completions(page, offset))
        except Exception:
            log.exception("%s fails on %s", type(provider).__name__, page.path)


def _own(page: Page, offset: int) -> Iterator[Completion]:
    line = page.source.line_of(offset)
    before = page.source.text[page.source.starts[line] : offset]
    if "\n" in before:  # behind the last line end of the text
        line, before = line + 1, ""
    if match := _SNIPPET.match(before):
        yield from _snippets(page, match, offset)
    elif line in page.fenced_lines or line < page.body:
        return
    elif match := _BOX.match(before):
        yield from _named(sorted(page_types(page)), match[1], offset, "class")
    elif match := _BLOCK.match(before):
        yield from _named(sorted(block_types(page.config)), match[1], offset, "class")
    elif match := _LINK.search(before) or _DEFINITION.match(before) or _ATTRIBUTE.search(before):
        yield from _addresses(page, match[2], offset, images=match[1] in ("!", "src"))
    elif match := _NOTE.search(before):
        yield from _named([name for name, _ in page.definitions.footnotes], match[1], offset, "reference")
    elif match := _LABEL.search(before):
        yield from _named([name for name, _, _ in page.definitions.labels], match[1], offset, "reference")


def _named(names: list[str], typed: str, offset: int, kind: str) -> Iterator[Completion]:
    span = Span(offset - len(typed), offset)
    return (Completion(name, span, kind) for name in dict.fromkeys(names))


def _addresses(page: Page, typed: str, offset: int, images: bool) -> Iterator[Completion]:
    path, mark, fragment = typed.partition("#")
    if mark:
        yield from _anchors(page, path, Span(offset - len(fragment), offset))
    elif page.site is not None and "://" not in typed:
        yield from _files(page, typed, Span(offset - len(typed), offset), images)


def _anchors(page: Page, path: str, span: Span) -> Iterator[Completion]:
    """The places of the page that a path names, headings first and in order."""
    target = page
    if path and page.site is not None:
        file = files_of(page.site).judge(page.uri, path).file
        if file not in page.site.page_uris:
            return
        target = page.site.page(file)
    headings = {heading.id: heading.text for heading in target.headings}
    for identifier, text in headings.items():
        yield Completion(identifier, span, "reference", text)
    for identifier in sorted(target.ids - headings.keys()):
        if not identifier.startswith("fn:"):
            yield Completion(identifier, span, "reference")


def _files(page: Page, typed: str, span: Span, images: bool) -> Iterator[Completion]:
    """Pages, or images, as this page names them: the nearest first."""
    assert page.site is not None
    site = page.site
    known = site.page_uris if not images else [uri for uri in site.files if uri.lower().endswith(_IMAGES)]
    named = sorted((relative(uri, page.uri), uri) for uri in known if uri not in site.excluded)
    for name, uri in sorted(named, key=lambda pair: (pair[0].count("../"), pair[0].count("/"))):
        if uri != page.uri and _fits(typed.removeprefix("./").lower(), name.lower()):
            insert = f"./{name}" if typed.startswith("./") else name
            detail = title_of(site.page(uri)) if uri.lower().endswith(MARKDOWN) and _is_cheap(page, uri) else ""
            yield Completion(insert, span, "file", detail)


def _is_cheap(page: Page, uri: str) -> bool:
    """Whether a page's title is at hand: a few hundred are not read for a list."""
    return page.site is not None and len(page.site.page_uris) <= MOST


def title_of(page: Page) -> str:
    """What a page is called, by its front matter or its first heading."""
    title = page.front_matter.data.get("title")
    if isinstance(title, str):
        return title
    first = re.search(r"^#[ \t]+(.+?)[ \t]*#*$", page.source.text, re.M)
    return first[1] if first else ""


def _snippets(page: Page, match: re.Match[str], offset: int) -> Iterator[Completion]:
    """Files that a page can take in, and behind a colon the sections of one."""
    _, path, mark, section = match.groups()
    folders = base_folders(page)
    if mark:
        file = next((folder / path for folder in folders if (folder / path).is_file()), None)
        names = _SECTION.findall(read(file)) if file else []
        yield from _named(names, section, offset, "reference")
        return
    span = Span(offset - len(path), offset)
    for folder in folders:
        yield from (Completion(name, span, "file") for name in _below(folder, posixpath.dirname(path)))


def _below(folder: Path, part: str) -> Iterator[str]:
    """The files and folders in one part of a folder; the whole may be a project with all it has installed."""
    try:
        entries = sorted(os.scandir(folder / part), key=lambda entry: entry.name)
    except (OSError, ValueError):
        return
    for entry in entries[: 4 * MOST]:
        if not entry.name.startswith("."):
            yield posixpath.join(part, entry.name) + ("/" if entry.is_dir() else "")
