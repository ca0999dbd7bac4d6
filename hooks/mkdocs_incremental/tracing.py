"""What a page's templates look at, told by Jinja's environment: attributes of items, variables, templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import jinja2
import jinja2.defaults
from jinja2.runtime import Context
from jinja2.utils import missing
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from mkdocs_incremental.navigation import CHANGING, FILE_STATED, TOP, Items

_FILTERS: Mapping[str, Any] = vars(jinja2.defaults)["DEFAULT_FILTERS"]
_MANY = 8
"""Items from which on notes are likely to be those of other pages too."""


@dataclass
class Trace:
    """What the templates of one page looked at."""

    items: set[tuple[str, str]] = field(default_factory=set)
    """Attributes of other items than the page: the item's name and the attribute's."""
    keys: set[str] = field(default_factory=set)
    """Keys of other pages' front matter."""
    own: set[str] = field(default_factory=set)
    """Attributes of the page itself, beyond its state."""
    names: set[str] = field(default_factory=set)
    """Variables."""
    templates: set[str] = field(default_factory=set)
    seen: dict[tuple[int, str], Any] = field(default_factory=dict)
    """What was given for each attribute, by the object's identity; `missing` for the attribute itself."""
    refused: str = ""
    """What the templates looked at that no digest covers."""
    parts: dict[int, Trace] = field(default_factory=dict)
    """Notes of parts that were drawn for several pages, by their identity; they count as this one's."""

    def whole(self) -> Iterator[Trace]:
        """Yield these notes and those of all parts below, each once."""
        found, waiting = {id(self)}, [self]
        while waiting:
            trace = waiting.pop()
            yield trace
            new = trace.parts.keys() - found
            found |= new
            waiting += [trace.parts[part] for part in new]

    def add(self, other: Trace) -> None:
        """Add what another trace holds."""
        self.items |= other.items
        self.keys |= other.keys
        self.own |= other.own
        self.names |= other.names
        self.templates |= other.templates
        self.seen.update(other.seen)
        self.parts.update(other.parts)
        self.refused = self.refused or other.refused

    def told(self, page: str, siblings: set[str], merged: Merged) -> tuple[dict[str, list[str]], list[Any]]:
        """Return the notes of the page of this name as plain values: what is its own, and what it shares with others.

        Items are grouped by the attributes that were read of them. Siblings in the navigation look at the same many
        items, each leaving out itself: with the page among its siblings, their notes are the same.
        """
        keys, names, templates = set(self.keys), set(self.names), set(self.templates)
        read: dict[str, set[str]] = {}
        for name, attribute in self.items:
            read.setdefault(name, set()).add(attribute)
        groups: dict[str, list[str]] = {}
        if self.parts:
            parts = merged.of(self)
            keys |= parts.keys
            names |= parts.names
            templates |= parts.templates
            for name in read.keys() & parts.read.keys():
                read[name].update(parts.read[name].split())
            groups = {shown: [name for name in found if name not in read] for shown, found in parts.groups.items()}
        for name, attributes in read.items():
            groups.setdefault(" ".join(sorted(attributes)), []).append(name)
        small: dict[str, list[str]] = {}
        large: dict[str, list[str]] = {}
        for attributes_read, found in sorted(groups.items()):
            if len(found) >= _MANY:
                large[attributes_read] = sorted({*found, page} if siblings.intersection(found) else found)
            elif found:
                small[attributes_read] = sorted(found)
        return small, [large, *map(sorted, (keys, self.own, names, templates))]


@dataclass
class _Parts:
    """The notes of several parts together."""

    read: dict[str, str] = field(default_factory=dict)
    """The attributes read of each item, a word each."""
    groups: dict[str, list[str]] = field(default_factory=dict)
    """The items by what was read of them."""
    keys: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    templates: set[str] = field(default_factory=set)


class Merged:
    """The notes of parts put together, once for the pages in a row that show the same ones."""

    def __init__(self) -> None:
        self._place: frozenset[int] = frozenset()
        self._last = _Parts()

    def forget(self) -> None:
        """Forget everything: other parts may get the identities of those that are gone."""
        self._place, self._last = frozenset(), _Parts()

    def of(self, trace: Trace) -> _Parts:
        """Return what the parts of a page hold."""
        place = frozenset(trace.parts)
        if place != self._place:
            self._place, self._last = place, _merged(list(trace.whole())[1:])
        return self._last


def _merged(parts: Iterable[Trace]) -> _Parts:
    found = _Parts()
    read: dict[str, set[str]] = {}
    for part in parts:
        found.keys |= part.keys
        found.names |= part.names
        found.templates |= part.templates
        for name, attribute in part.items:
            read.setdefault(name, set()).add(attribute)
    for name, attributes in read.items():
        found.groups.setdefault(" ".join(sorted(attributes)), []).append(name)
    for shown, names in found.groups.items():
        found.read.update(dict.fromkeys(names, shown))
    return found


class Tracer:
    """Watches the templates of one environment."""

    def __init__(self, env: jinja2.Environment, items: Items, render: Callable[..., str]) -> None:
        """`render` is called in place of each template's own method, with the template and the context."""
        self.trace: Trace | None = None
        """The notes of the page that is being made; None while none is."""
        self.page: Page | None = None
        self._items = items
        self._instrument(env, render)

    @contextmanager
    def watching(self, page: Page, template: str) -> Iterator[Trace]:
        """Take notes while a page is made by the template of this name."""
        self.trace, self.page = Trace(templates={template}), page
        try:
            yield self.trace
        finally:
            self.trace = self.page = None

    @contextmanager
    def apart(self) -> Iterator[Trace]:
        """Take the notes of a part of a page apart, for the caller to add to the page's."""
        outer, inner = self.trace, Trace()
        self.trace = inner
        try:
            yield inner
        finally:
            self.trace = outer

    def _note(self, trace: Trace, item: Any, attribute: str) -> Any:
        """Take note that an attribute is read for the first time; return what is given, `missing` for itself."""
        if item is self.page:
            if attribute in CHANGING:
                trace.own.add(attribute)
        elif isinstance(item, Navigation):
            trace.items.add((TOP, attribute))
        elif isinstance(item, File):
            if attribute not in FILE_STATED:
                trace.refused = f"file.{attribute}"
        elif isinstance(item, MkDocsConfig):
            if attribute == "nav":
                trace.refused = "config.nav"
        elif name := self._items.name(item):
            trace.items.add((name, attribute))
            if attribute == "meta" and isinstance(item, Page):
                return _Front(item.meta, self)
        else:
            trace.refused = f"an item outside the navigation ({attribute})"
        return missing

    def note_template(self, name: Any) -> None:
        """Take note that a template is used."""
        if self.trace is not None and isinstance(name, str):
            self.trace.templates.add(name)

    def refuse(self, reason: str) -> None:
        """Take note that no digest covers what the templates look at."""
        if self.trace is not None:
            self.trace.refused = reason

    def _instrument(self, env: jinja2.Environment, render: Callable[..., str]) -> None:
        """Have the environment tell what templates look at."""
        kinds = {**dict.fromkeys(self._items.kinds), Navigation: None, File: None, MkDocsConfig: None}
        undefined, note, unseen = env.undefined, self._note, object()
        tracer = self

        # The next one is called a thousand times for a page: what it does often it does itself.
        def read_attribute(obj: Any, attribute: str) -> Any:
            if type(obj) in kinds:
                trace = tracer.trace
                if trace is not None:
                    place = (id(obj), attribute)
                    given = trace.seen.get(place, unseen)
                    if given is unseen:
                        given = trace.seen[place] = note(trace, obj, attribute)
                    if given is not missing:
                        return given
            try:
                return getattr(obj, attribute)
            except AttributeError:
                pass
            try:
                return obj[attribute]
            except (TypeError, LookupError, AttributeError):
                return undefined(obj=obj, name=attribute)

        def read_item(obj: Any, argument: Any) -> Any:
            if type(obj) in kinds and isinstance(argument, str):
                return read_attribute(obj, argument)
            return jinja2.Environment.getitem(env, obj, argument)

        def get_template(name: Any, *args: Any, **kwargs: Any) -> jinja2.Template:
            tracer.note_template(name)
            return jinja2.Environment.get_template(env, name, *args, **kwargs)

        def select_template(names: Any, *args: Any, **kwargs: Any) -> jinja2.Template:
            for name in [names] if isinstance(names, str) else list(names):
                tracer.note_template(name)
            return jinja2.Environment.select_template(env, names, *args, **kwargs)

        @jinja2.pass_context
        def random(context: Context, values: Any) -> Any:
            tracer.refuse("chance")
            return _FILTERS["random"](context, values)

        class TracedContext(env.context_class):  # type: ignore[misc, name-defined]
            def resolve_or_missing(self, key: str) -> Any:
                if tracer.trace is not None:
                    tracer.trace.names.add(key)
                return Context.resolve_or_missing(self, key)

        class TracedTemplate(env.template_class):  # type: ignore[misc, name-defined]
            def plain_render(self, context: Mapping[str, Any]) -> str:
                return super().render(context)  # type: ignore[no-any-return]

            def render(self, *args: Any, **kwargs: Any) -> str:
                return render(self, dict(*args, **kwargs))

        env.getattr = read_attribute  # type: ignore[method-assign]
        env.getitem = read_item  # type: ignore[method-assign]
        env.get_template = get_template  # type: ignore[method-assign]
        env.select_template = select_template  # type: ignore[method-assign]
        if env.filters.get("random") is _FILTERS["random"]:
            env.filters["random"] = random
        env.context_class = TracedContext
        env.template_class = TracedTemplate
        if env.cache is not None:
            env.cache.clear()


class _Front(dict[str, Any]):
    """The front matter of another page, which notes the keys asked for."""

    def __init__(self, meta: Mapping[str, Any], tracer: Tracer) -> None:
        super().__init__(meta)
        self._tracer = tracer

    def _note(self, key: object) -> None:
        if self._tracer.trace is not None:
            self._tracer.trace.keys.add(str(key))

    def _note_all(self) -> None:
        self._tracer.refuse("all front matter of another page")

    def __getitem__(self, key: str) -> Any:
        self._note(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._note(key)
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._note(key)
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._note_all()
        return super().__iter__()

    def keys(self) -> Any:
        self._note_all()
        return super().keys()

    def values(self) -> Any:
        self._note_all()
        return super().values()

    def items(self) -> Any:
        self._note_all()
        return super().items()
