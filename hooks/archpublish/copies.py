"""Copies for machines: each page as Markdown, `llms.txt` with a line for each, `llms-full.txt` with all their texts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from archpublish.markdown import markdown
from archpublish.memory import Memory
from archpublish.pages import BuiltPage

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_BRACKET = re.compile(r"[\\\[\]]")
_DATA = ("models.json", "models.csv", "references.bib")
_LEFT_OUT = ("contribute/checks/", "reference/bibliography.md")
"""Not in the full text: pages on single checks, and the list of papers that each page names itself."""


@dataclass(frozen=True)
class About:
    """The site, as far as its copies tell."""

    name: str
    description: str
    url: str
    """Where it is published, with a slash at the end; empty where that is not known."""
    licence: str
    sections: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Sources of pages under the titles of the navigation, in its order."""


def copy_path(page: BuiltPage) -> str:
    """Where a page's copy lies below the site's root: its address with `.md`."""
    return (page.address.rstrip("/") or "index") + ".md"


def files(pages: Sequence[BuiltPage], about: About, memory: Memory | None = None) -> Iterator[tuple[str, str]]:
    """Yield (path below the site's root, content) of every copy."""
    memory = memory or Memory(None)
    texts = {
        page.path: memory.get(f"copy {about.url} {page.path} {page.html}", partial(text, page, about)) for page in pages
    }
    for page in pages:
        yield copy_path(page), with_head(page, texts[page.path], about)
    yield "llms.txt", overview(pages, about)
    full = [page for page in _in_order(pages, about) if not page.path.startswith(_LEFT_OUT)]
    head = f"# {about.name}\n\n> {about.description}\n"
    yield "llms-full.txt", "\n".join([head, *(with_head(page, texts[page.path], about) for page in full)])


def text(page: BuiltPage, about: About) -> str:
    """The article of a page as Markdown."""
    return markdown(page.article, partial(link, page=page, url=about.url))


def with_head(page: BuiltPage, text: str, about: About) -> str:
    """The text of a page under its title, its definition and where it comes from."""
    facts = [f"Address: {about.url}{page.address}"] if about.url or page.address else []
    facts += [f"Checked against its sources: {page.meta['checked']}"] if page.meta.get("checked") else []
    facts += [f"Also called: {', '.join(map(str, page.meta['aliases']))}"] if page.meta.get("aliases") else []
    lead = f"> {page.description}\n\n" if page.description else ""
    return (
        f"# {page.title}\n\n{lead}" + "".join(f"- {fact}\n" for fact in facts) + f"\n{text}\n---\n\n{about.licence}\n"
    )


def link(target: str, page: BuiltPage, url: str) -> str:
    """Where a link of the page leads, told so that it holds without the page around it."""
    if _ELSEWHERE.match(target) or not target:
        return target
    path, mark, anchor = target.partition("#")
    joined = posixpath.normpath(posixpath.join("/", page.address, path)).lstrip("/")
    slash = "/" if joined and (path.endswith(("/", "..")) or path == ".") else ""
    return f"{url or '/'}{joined}{slash}{mark}{anchor}"


def overview(pages: Sequence[BuiltPage], about: About) -> str:
    """`llms.txt`: what the site is, and every page with its definition, section by section."""
    lines = [
        f"# {about.name}",
        "",
        f"> {about.description}",
        "",
        f"Every page is also Markdown, at its address with `.md`; all of them in one file: {about.url}llms-full.txt.",
        "Data: " + ", ".join(f"{about.url}data/{name}" for name in _DATA) + ".",
        f"{about.licence}.",
    ]
    by_path = {page.path: page for page in pages}
    listed = [(title, [by_path[path] for path in paths if path in by_path]) for title, paths in about.sections.items()]
    known = {page.path for _, section in listed for page in section}
    rest = [page for page in pages if page.path not in known]
    for title, section in [*listed, ("Optional", rest)]:
        if section:
            lines += ["", f"## {title}", ""]
            lines += [
                f"- [{_BRACKET.sub(_escaped, page.title)}]({about.url}{copy_path(page)}): {page.description}".rstrip(
                    ": "
                )
                for page in section
            ]
    return "\n".join(lines) + "\n"


def _escaped(sign: re.Match[str]) -> str:
    return f"\\{sign[0]}"


def _in_order(pages: Sequence[BuiltPage], about: About) -> list[BuiltPage]:
    order = [path for paths in about.sections.values() for path in paths]
    places = {path: place for place, path in enumerate(order)}
    return sorted(pages, key=lambda page: (places.get(page.path, len(places)), page.path))


def sections(nav: object, title: str = "Start") -> dict[str, list[str]]:
    """Pages under the titles of a navigation as `mkdocs.yml` holds it; a page alone stands under its parent's title."""
    found: dict[str, list[str]] = {}
    for item in nav if isinstance(nav, list) else []:
        if isinstance(item, str):
            found.setdefault(title, []).append(item)
            continue
        for name, value in item.items() if isinstance(item, dict) else ():
            if isinstance(value, str):
                found.setdefault(title, []).append(value)
            else:
                for inner, paths in sections(value, str(name)).items():
                    found.setdefault(inner, []).extend(paths)
    return found
