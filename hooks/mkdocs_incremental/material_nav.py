"""Material's navigation drawn once for the pages that show a part of it alike.

A section that does not hold the page looks the same on every page at the same distance from it: only the number of
`../` before its links differs. Material draws it anew on each page, which on a large site with a full navigation is a
third of the build. The calls by which its templates draw an item are led through `draw`, if they stand in the
templates as they are known here; otherwise nothing is changed.
"""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import urlsplit

import jinja2
from jinja2.runtime import Context
from mkdocs.structure.pages import Page

from mkdocs_incremental.tracing import Trace, Tracer

NAME = "incremental_nav"
"""The name of `draw` in templates."""

_CALLS = {
    "partials/nav.html": ("{{ item.render(nav_item, path, 1) }}", "{{ %s(item.render, nav_item, path, 1) }}"),
    "partials/nav-item.html": (
        '{{ render(item, path ~ "_" ~ loop.index, level + 1, nav_item) }}',
        '{{ %s(render, item, path ~ "_" ~ loop.index, level + 1, nav_item) }}',
    ),
}

_OF_ALL_PAGES = frozenset({"page", "config", "base_url", "features", "nav", "namespace", "_", NAME})
"""Variables that are the same on all pages, or that follow from the page's place."""

Place = tuple[int, int]
"""How a page stands to a section: steps up to where their addresses part, and how much of them is the same."""


class Drawn:
    """The parts of the navigation that were drawn in a build."""

    def __init__(self, env: jinja2.Environment, tracer: Tracer) -> None:
        self._tracer = tracer
        self._folders: dict[int, tuple[str, ...] | None] = {}
        self._drawn: dict[Any, tuple[Any, Trace]] = {}
        if env.loader is not None:
            _lead_calls(env.loader)
            env.globals[NAME] = self._function()

    def forget(self) -> None:
        """Forget everything: titles or addresses may have changed."""
        self._folders.clear()
        self._drawn.clear()

    def _function(self) -> Any:
        @jinja2.pass_context
        def draw(context: Context, macro: Any, item: Any, path: str, level: int, *parent: Any) -> Any:
            place = self._place(item)
            if place is None:
                return context.call(macro, item, path, level, *parent)
            key = (id(item), path, level, place, bool(parent and getattr(parent[0], "active", False)))
            if key in self._drawn:
                output, trace = self._drawn[key]
                if self._tracer.trace is not None:
                    self._tracer.trace.parts[id(trace)] = trace
                return output
            with self._tracer.apart() as trace:
                output = context.call(macro, item, path, level, *parent)
            is_alike = self._is_alike_elsewhere(trace, context)
            if is_alike:
                self._drawn[key] = (output, trace)
            if self._tracer.trace is not None and is_alike:
                self._tracer.trace.parts[id(trace)] = trace
            elif self._tracer.trace is not None:
                self._tracer.trace.add(trace)
            return output

        return draw

    def _is_alike_elsewhere(self, trace: Trace, context: Context) -> bool:
        """Tell whether what was drawn rests on nothing of the page but its place.

        Templates of a site may look at more than Material's do.
        """
        # Parts of it that are drawn already have been looked through.
        looked_at = any(place == id(self._tracer.page) for place, _ in trace.seen)
        given = any(name in context for name in trace.names - _OF_ALL_PAGES)
        return not (looked_at or trace.refused or given)

    def _place(self, item: Any) -> Place | None:
        """Return how the page stands to the item; None where that does not decide how the item looks."""
        page = self._tracer.page
        if page is None or not item.children or item.active:
            return None
        if id(item) not in self._folders:
            self._folders[id(item)] = _common_folder(item)
        folder = self._folders[id(item)]
        if folder is None:
            return None
        own = _parts(page.url, of_page=True)
        same = 0
        for one, other in zip(own, folder, strict=False):
            if one != other:
                break
            same += 1
        return (len(own) - same, same) if same < len(folder) else None


def _common_folder(item: Any) -> tuple[str, ...] | None:
    """Return the parts that the addresses of all pages below have in common; None where one is of another kind."""
    common: tuple[str, ...] | None = None
    waiting = [item]
    while waiting:
        found = waiting.pop()
        if hasattr(found, "pages"):
            return None  # a view of a blog, which looks at the page itself
        if found.children:
            waiting += found.children
        elif isinstance(found, Page):
            parts = _parts(found.url)
            common = parts if common is None else tuple(posixpath.commonprefix([common, parts]))
        elif not _is_absolute(getattr(found, "url", "") or ""):
            return None
    return common or None


def _parts(url: str, *, of_page: bool = False) -> tuple[str, ...]:
    """Return the parts of an address as MkDocs compares them; of a page's, without the name of its file."""
    folder, _, name = url.rpartition("/")
    if of_page and "." in name:
        url = folder
    path = posixpath.normpath("/" + url)[1:]
    return tuple(path.split("/")) if path else ()


def _is_absolute(url: str) -> bool:
    scheme, netloc, *_ = urlsplit(url)
    return bool(scheme or netloc) or url.startswith(("/", "#"))


def _lead_calls(loader: jinja2.BaseLoader) -> None:
    """Lead the calls in Material's templates through `draw`."""
    original = loader.get_source

    def get_source(environment: jinja2.Environment, template: str) -> Any:
        source, *rest = original(environment, template)
        if template in _CALLS:
            call, led = _CALLS[template]
            if source.count(call) == 1:
                source = source.replace(call, led % NAME)
        return source, *rest

    loader.get_source = get_source  # type: ignore[method-assign]
