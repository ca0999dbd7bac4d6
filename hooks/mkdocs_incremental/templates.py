"""Pages made by the theme's templates, once for each state of what the templates looked at.

Jinja reads attributes, variables and templates through its environment. The environment notes, for each page, which
items of the navigation were looked at, which variables and which templates; a stored page holds when all of these are
what they were. So a changed title makes those pages anew that show it, whatever the theme.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
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

from mkdocs_incremental import logs
from mkdocs_incremental.digests import NoDigestError, digest, text_digest
from mkdocs_incremental.ground import Ground
from mkdocs_incremental.navigation import CHANGING, FILE_STATED, NOTHING, TOP, Items, own_state
from mkdocs_incremental.store import Store, pack, unpack
from mkdocs_incremental.theme import USUAL_FILTERS

KIND = "page"
SHARED = "notes"

DEFAULT_FILTERS: Mapping[str, Any] = vars(jinja2.defaults)["DEFAULT_FILTERS"]
DEFAULT_NAMESPACE: Mapping[str, Any] = vars(jinja2.defaults)["DEFAULT_NAMESPACE"]

_SETTLED = frozenset({"page", "config", "base_url", "extra_css", "extra_javascript", "mkdocs_version", "self", "super"})
"""Variables whose values follow from the settings and from the page."""
_OPEN = {"pages": "the list of all pages", "files": "the list of all files", "build_date_utc": "the time of the build"}
"""Variables that stand for more than a digest is kept of: a page that uses one is made in each build."""
_USUAL_GLOBALS = frozenset({*DEFAULT_NAMESPACE, "gettext", "ngettext", "_", "pgettext", "npgettext"}) - {"lipsum"}


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
    templates: set[str] = field(default_factory=set)
    refused: str = ""

    def told(self, page: str, siblings: set[str]) -> tuple[dict[str, list[str]], list[Any]]:
        """Return the notes of the page of this name as plain values: what is its own, and what it shares with others.

        Items are grouped by the attributes that were read of them. Siblings in the navigation look at the same many
        items, each leaving out itself: with the page among its siblings, their notes are the same.
        """
        read: dict[str, list[str]] = {}
        for name, attribute in sorted(self.items):
            read.setdefault(name, []).append(attribute)
        groups: dict[str, list[str]] = {}
        for name, attributes in read.items():
            groups.setdefault(" ".join(attributes), []).append(name)
        small = {attributes: names for attributes, names in groups.items() if len(names) < _MANY}
        large = {
            attributes: sorted({*names, page}) if siblings.intersection(names) else names
            for attributes, names in groups.items()
            if len(names) >= _MANY
        }
        return small, [large, *map(sorted, (self.keys, self.own, self.names, self.templates))]


_MANY = 8
"""Items from which on notes are likely to be those of other pages too."""


@dataclass
class Made:
    """A page made now: what is stored of it, or why it may not be stored."""

    key: str
    recipe: Any
    packed: bytes
    shared: Any = None
    """The notes that other pages may share."""
    refused: str = ""


class _Front(dict[str, Any]):
    """The front matter of another page, which notes the keys asked for."""

    def __init__(self, meta: Mapping[str, Any], trace: Trace) -> None:
        super().__init__(meta)
        self._trace = trace

    def __getitem__(self, key: str) -> Any:
        self._trace.keys.add(str(key))
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self._trace.keys.add(str(key))
        return super().get(key, default)

    def __contains__(self, key: object) -> bool:
        self._trace.keys.add(str(key))
        return super().__contains__(key)

    def __iter__(self) -> Iterator[str]:
        self._trace.refused = "all front matter of another page"
        return super().__iter__()

    def keys(self) -> Any:
        self._trace.refused = "all front matter of another page"
        return super().keys()

    def values(self) -> Any:
        self._trace.refused = "all front matter of another page"
        return super().values()

    def items(self) -> Any:
        self._trace.refused = "all front matter of another page"
        return super().items()


class Pages:
    """Makes the pages of one build."""

    def __init__(
        self,
        store: Store,
        ground: Ground,
        settings: str,
        env: jinja2.Environment,
        items: Items,
        content_digest: Callable[[Page], str],
        before: Callable[[str, str], str | None],
    ) -> None:
        self.ready: dict[str, Made] = {}
        """Results that worker processes have sent."""
        self.refused: dict[str, str] = {}
        """Pages that cannot be kept, and why."""
        self.made: set[str] = set()
        self.keys: dict[str, str] = {}
        """The key of each page of this build that can be kept."""
        self._store = store
        self._ground = ground
        self._settings = digest(settings, sorted(env.filters), sorted(env.globals), sorted(env.tests))
        self._unusual = sorted({*env.filters} - USUAL_FILTERS)
        self._env = env
        self._items = items
        self._content_digest = content_digest
        self._before = before
        self._trace: Trace | None = None
        self._page: Page | None = None
        self._templates: dict[str, str] = {}
        self._shared: dict[str, Any] = {}
        """Notes that pages share, by their digests."""
        self._states: dict[str, str] = {}
        """The present state of what they name."""
        self._kept_shared: set[str] = set()
        _instrument(env, self)

    # What the environment tells while a template runs.

    def note_item(self, item: Any, attribute: str) -> Any:
        """Take note that a template reads an attribute of a page, section, link, file, or of the navigation.

        Returns what it is to be given, or `missing` for the attribute itself.
        """
        trace = self._trace
        if trace is None:
            return missing
        if item is self._page:
            if attribute in CHANGING:
                trace.own.add(attribute)
            return missing
        if isinstance(item, Navigation):
            trace.items.add((TOP, attribute))
        elif isinstance(item, File):
            if attribute not in FILE_STATED:
                trace.refused = f"file.{attribute}"
        elif isinstance(item, MkDocsConfig):
            if attribute == "nav":
                trace.refused = "config.nav"
        else:
            return self._note_foreign(trace, item, attribute)
        return missing

    def _note_foreign(self, trace: Trace, item: Any, attribute: str) -> Any:
        name = self._items.name(item)
        if not name:
            trace.refused = f"an item outside the navigation ({attribute})"
            return missing
        trace.items.add((name, attribute))
        if attribute == "meta" and isinstance(item, Page):
            return _Front(item.meta, trace)
        return missing

    def note_name(self, name: str) -> None:
        """Take note that a template uses a variable."""
        if self._trace is not None:
            self._trace.names.add(name)

    def note_template(self, name: str) -> None:
        """Take note that a template is used."""
        if self._trace is not None:
            self._trace.templates.add(name)

    def note_chance(self) -> None:
        """Take note that a template leaves something to chance."""
        if self._trace is not None:
            self._trace.refused = "chance"

    # Making and finding pages.

    def shared(self) -> set[str]:
        """Return the names of the shared notes in use."""
        return set(self._shared)

    def look_again(self) -> None:
        """Forget what was seen of the items and the templates."""
        self._items.look_again()
        self._templates.clear()
        self._states.clear()

    def render(self, template: jinja2.Template, render: Callable[..., str], context: Mapping[str, Any]) -> str:
        """Do what `Template.render` does."""
        page = context.get("page")
        if not isinstance(page, Page) or self._trace is not None:
            return render(context)
        name = page.file.src_uri
        base = self._base(template, page, context)
        output = self._kept(name, base, page, context) if base else None
        if output is not None:
            return output
        made = self.ready.pop(name, None)
        if made and made.shared:
            self._shared[made.recipe[1]] = made.shared
        if made and base and made.key == self._key(base, made.recipe, page, context):
            logs.replay(made.recipe[-1])
            output = _joined(unpack(made.packed), page.content or "")
        else:
            output, made = self.make(template.name or "", render, context, base)
        self.made.add(name)
        self._keep(name, made)
        return output

    def make(self, name: str, render: Callable[..., str], context: Mapping[str, Any], base: str) -> tuple[str, Made]:
        """Make a page by the template of this name; print what is logged meanwhile."""
        page: Page = context["page"]
        trace = Trace(templates={name})
        self._trace, self._page = trace, page
        try:
            with logs.caught() as caught:
                output = render(context)
        finally:
            self._trace = self._page = None
            logs.replay(caught.records)
        refused = trace.refused or self._unsettled(trace, context) or ("a foreign log record" if caught.foreign else "")
        small, shared = trace.told(page.file.src_uri, self._items.siblings(page))
        name = text_digest(repr(shared))
        self._shared[name] = shared
        recipe = [small, name, caught.records]
        key = "" if refused or not base else self._key(base, recipe, page, context)
        if not key:
            return output, Made("", recipe, b"", refused=refused)
        return output, Made(key, recipe, pack(_parts(output, page.content or "")), shared)

    def base(self, template: jinja2.Template, context: Mapping[str, Any]) -> str:
        """Return the digest of what is known of a page before it is made; empty where there is none."""
        return self._base(template, context["page"], context)

    def has(self, name: str, base: str, context: Mapping[str, Any]) -> bool:
        """Tell whether the store has the page."""
        row = self._store.recipe(KIND, name)
        return row is not None and row.key == self._key(base, row.recipe, context["page"], context)

    def _kept(self, name: str, base: str, page: Page, context: Mapping[str, Any]) -> str | None:
        """Return a page as it was made before; None where it has to be made."""
        row = self._store.recipe(KIND, name)
        if row is None or row.key != self._key(base, row.recipe, page, context):
            return None
        output = self._before(name, row.key)
        if output is None:
            whole = self._store.get(KIND, name, remember=False)
            if whole is None or whole.key != row.key:
                return None
            output = _joined(whole.value, page.content or "")
        logs.replay(row.recipe[-1])
        self.keys[name] = row.key
        return output

    def _base(self, template: jinja2.Template, page: Page, context: Mapping[str, Any]) -> str:
        if self._unusual:
            self.refused[page.file.src_uri] = f"the filter `{self._unusual[0]}`"
            return ""
        try:
            return digest(self._settings, self._ground.epoch, template.name, self._own(page))
        except NoDigestError as error:
            self.refused[page.file.src_uri] = f"no digest of {error}"
            return ""

    def _own(self, page: Page) -> str:
        return own_state(page, self._items, self._content_digest(page))

    def _key(self, base: str, recipe: Any, page: Page, context: Mapping[str, Any]) -> str:
        """Return the digest of everything the recipe names, as it is now; empty where a part has none."""
        small, ref, _ = recipe
        if ref not in self._shared:
            row = self._store.recipe(SHARED, ref)
            if row is None:
                return ""
            self._shared[ref] = row.recipe
        large, keys, own, names, templates = self._shared[ref]
        try:
            if ref not in self._states:
                states = [*self._items_states(large, keys), *map(self._template_state, templates)]
                self._states[ref] = text_digest("".join(states))
            values = [context.get(name, NOTHING) for name in names if name not in _SETTLED and name != TOP]
            values += [getattr(page, name, NOTHING) for name in own]
            return digest(base, self._states[ref], self._items_states(small, keys), values)
        except NoDigestError as error:
            self.refused[page.file.src_uri] = f"no digest of {error}"
            return ""

    def _items_states(self, groups: Mapping[str, list[str]], keys: list[str]) -> list[str]:
        return [self._items.state(name, attributes, keys) for attributes, names in groups.items() for name in names]

    def _unsettled(self, trace: Trace, context: Mapping[str, Any]) -> str:
        """Return which variable stands for more than a digest can be kept of."""
        for name in trace.names:
            if name in _OPEN:
                return _OPEN[name]
            if name not in context and name in self._env.globals and name not in _USUAL_GLOBALS:
                return f"the global `{name}`"
        if TOP in trace.names:
            trace.items.add((TOP, "items"))  # for which it stands where it is walked through
        return ""

    def _template_state(self, name: str) -> str:
        if name not in self._templates:
            try:
                assert self._env.loader is not None
                self._templates[name] = text_digest(self._env.loader.get_source(self._env, name)[0])
            except jinja2.TemplateNotFound:
                self._templates[name] = "missing"
        return self._templates[name]

    def _keep(self, name: str, made: Made) -> None:
        self._ground.note()
        self.keys.pop(name, None)
        if made.key:
            self.keys[name] = made.key
            ref = made.recipe[1]
            if ref not in self._kept_shared:
                self._kept_shared.add(ref)
                self._store.put(SHARED, ref, ref, self._shared[ref], b"")
            self._store.put(KIND, name, made.key, made.recipe, made.packed)
        else:
            self.refused[name] = self.refused.get(name, "") or made.refused


def _parts(output: str, content: str) -> dict[str, Any]:
    """Split a page around its content, which is stored already."""
    if len(content) > 500 and output.count(content) == 1:
        before, after = output.split(content)
        return {"before": before, "after": after}
    return {"whole": output}


def _joined(value: Mapping[str, Any], content: str) -> str:
    whole = value.get("whole")
    return whole if isinstance(whole, str) else f"{value['before']}{content}{value['after']}"


def _instrument(env: jinja2.Environment, pages: Pages) -> None:
    """Have the environment tell `pages` what templates look at."""
    kinds = {**dict.fromkeys(pages._items.kinds), Navigation: None, File: None, MkDocsConfig: None}
    undefined, note = env.undefined, pages.note_item

    def read_attribute(obj: Any, attribute: str) -> Any:
        if type(obj) in kinds and (given := note(obj, attribute)) is not missing:
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
        if type(obj) in kinds and isinstance(argument, str) and (given := note(obj, argument)) is not missing:
            return given
        return jinja2.Environment.getitem(env, obj, argument)

    def get_template(name: Any, *args: Any, **kwargs: Any) -> jinja2.Template:
        if isinstance(name, str):
            pages.note_template(name)
        return jinja2.Environment.get_template(env, name, *args, **kwargs)

    def select_template(names: Any, *args: Any, **kwargs: Any) -> jinja2.Template:
        for name in [names] if isinstance(names, str) else list(names):
            if isinstance(name, str):
                pages.note_template(name)
        return jinja2.Environment.select_template(env, names, *args, **kwargs)

    @jinja2.pass_context
    def random(context: Context, values: Any) -> Any:
        pages.note_chance()
        return DEFAULT_FILTERS["random"](context, values)

    class TracedContext(env.context_class):  # type: ignore[misc, name-defined]
        def resolve_or_missing(self, key: str) -> Any:
            pages.note_name(key)
            return Context.resolve_or_missing(self, key)

    class KeptTemplate(env.template_class):  # type: ignore[misc, name-defined]
        def plain_render(self, context: Mapping[str, Any]) -> str:
            return super().render(context)  # type: ignore[no-any-return]

        def render(self, *args: Any, **kwargs: Any) -> str:
            return pages.render(self, super().render, dict(*args, **kwargs))

    env.getattr = read_attribute  # type: ignore[method-assign]
    env.getitem = read_item  # type: ignore[method-assign]
    env.get_template = get_template  # type: ignore[method-assign]
    env.select_template = select_template  # type: ignore[method-assign]
    if env.filters.get("random") is DEFAULT_FILTERS["random"]:
        env.filters["random"] = random
    env.context_class = TracedContext
    env.template_class = KeptTemplate
    if env.cache is not None:
        env.cache.clear()
