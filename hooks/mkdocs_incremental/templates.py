"""Pages made by the theme's templates, once for each state of what the templates looked at.

Jinja reads attributes, variables and templates through its environment. The environment notes, for each page, which
items of the navigation were looked at, which variables and which templates; a stored page holds when all of these are
what they were. So a changed title makes those pages anew that show it, whatever the theme.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jinja2
import jinja2.defaults
from mkdocs.structure.pages import Page

from mkdocs_incremental import logs
from mkdocs_incremental.digests import NoDigestError, digest, text_digest
from mkdocs_incremental.ground import Ground
from mkdocs_incremental.material_nav import NAME, Drawn
from mkdocs_incremental.navigation import NOTHING, TOP, Items, own_state
from mkdocs_incremental.store import Store, pack
from mkdocs_incremental.theme import unusual
from mkdocs_incremental.tracing import Merged, Trace, Tracer

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
class Made:
    """A page made now: what is stored of it, or why it may not be stored."""

    key: str
    recipe: Any
    packed: bytes
    shared: Any = None
    """The notes that other pages may share."""
    refused: str = ""


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
        self.refused: dict[str, str] = {}
        """Pages that cannot be kept, and why."""
        self.made: set[str] = set()
        self.keys: dict[str, str] = {}
        """The key of each page of this build that can be kept."""
        self._store = store
        self._ground = ground
        self._settings = digest(settings, sorted(env.filters), sorted(env.globals), sorted(env.tests))
        self._unusual = unusual(env)
        self._env = env
        self._items = items
        self._content_digest = content_digest
        self._before = before
        self._templates: dict[str, str] = {}
        self._fresh: dict[str, Any] = {}
        """Notes made in this build that pages share, by their digests, until they have been looked up."""
        self._states: dict[str, str] = {}
        """The present state of what such notes name."""
        self._shared: dict[str, tuple[list[str], list[str], list[str]]] = {}
        """What else they name: texts of addresses, attributes of the page, variables. The rest is large."""
        self._kept_shared: set[str] = set()
        self._tracer = Tracer(env, items, self.render)
        self._drawn = Drawn(env, self._tracer)
        self._merged = Merged()

    def shared(self) -> set[str]:
        """Return the names of the shared notes in use."""
        return set(self._shared)

    def look_again(self) -> None:
        """Forget what was seen of the items and the templates."""
        self._items.look_again()
        self._drawn.forget()
        self._merged.forget()
        self._templates.clear()
        self._states.clear()

    def render(self, template: Any, context: Mapping[str, Any]) -> str:
        """Do what `Template.render` does."""
        page = context.get("page")
        if not isinstance(page, Page) or self._tracer.trace is not None:
            return str(template.plain_render(context))
        name = page.file.src_uri
        base = self._base(template, page, context)
        output = self._kept(name, base, page, context) if base else None
        if output is not None:
            return output
        output, made = self.make(template, context, base)
        self.made.add(name)
        self._keep(name, made)
        return output

    def make(self, template: Any, context: Mapping[str, Any], base: str) -> tuple[str, Made]:
        """Make a page; print what is logged meanwhile."""
        page: Page = context["page"]
        try:
            with logs.caught() as caught, self._tracer.watching(page, template.name or "") as trace:
                output = str(template.plain_render(context))
        finally:
            logs.replay(caught.records)
        refused = trace.refused or self._unsettled(trace, context) or ("a foreign log record" if caught.foreign else "")
        small, shared = trace.told(page.file.src_uri, self._items.siblings(page), self._merged)
        name = text_digest(repr(shared))
        recipe = [small, name, caught.records]
        key = ""
        if base and not refused:
            if name not in self._states:
                self._fresh[name] = shared
            key = self._key(base, recipe, page, context)
        if not key:
            return output, Made("", recipe, b"", refused=refused)
        return output, Made(key, recipe, pack(_parts(output, page.content or "")), shared)

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
            self.refused[page.file.src_uri] = f"the filter or test `{self._unusual[0]}`"
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
        try:
            if ref not in self._states and not self._look_up(ref):
                return ""
            keys, own, names = self._shared[ref]
            values = [context.get(name, NOTHING) for name in names if name not in _SETTLED and name != TOP]
            values += [getattr(page, name, NOTHING) for name in own]
            return digest(base, self._states[ref], self._items_states(small, keys), values)
        except NoDigestError as error:
            self.refused[page.file.src_uri] = f"no digest of {error}"
            return ""

    def _look_up(self, ref: str) -> bool:
        """Note the present state of what shared notes name, and let the notes go; False if there are none."""
        notes = self._fresh.pop(ref, None)
        if notes is None:
            row = self._store.recipe(SHARED, ref)
            if row is None:
                return False
            notes = row.recipe
        large, keys, own, names, templates = notes
        states = [*self._items_states(large, keys), *map(self._template_state, templates)]
        self._states[ref] = text_digest("".join(states))
        self._shared[ref] = (keys, own, names)
        return True

    def _items_states(self, groups: Mapping[str, list[str]], keys: list[str]) -> list[str]:
        return [self._items.state(name, attributes, keys) for attributes, names in groups.items() for name in names]

    def _unsettled(self, trace: Trace, context: Mapping[str, Any]) -> str:
        """Return which variable stands for more than a digest can be kept of."""
        names = trace.names | (self._merged.of(trace).names if trace.parts else set())
        for name in names:
            if name in _OPEN:
                return _OPEN[name]
            if name not in context and name in self._env.globals and name != NAME and not self._is_usual(name):
                return f"the global `{name}`"
        if TOP in names:
            trace.items.add((TOP, "items"))  # for which it stands where it is walked through
        return ""

    def _is_usual(self, name: str) -> bool:
        """Whether a global of the templates is Jinja's own, or a translation."""
        own = DEFAULT_NAMESPACE.get(name)
        return name in _USUAL_GLOBALS and (own is None or self._env.globals[name] is own)

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
                self._store.put(SHARED, ref, ref, made.shared, b"")
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
