"""The site's structure as templates see it: a name for each page, section and link, and a digest of its state.

Names last from build to build, so a page made earlier can say which items its templates looked at, and whether these
are still what they were.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from mkdocs.structure import StructureItem
from mkdocs.structure.files import File
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from mkdocs_incremental.digests import NoDigestError, digest

TOP = "nav"
"""Stands for the navigation itself."""

FILE_STATED = frozenset(
    {"src_uri", "src_path", "dest_uri", "dest_path", "abs_src_path", "abs_dest_path", "url", "name"}
)
"""Attributes of a file that follow from its item's name and the settings."""


class Items:
    """Every item of a build's structure."""

    def __init__(self, nav: Navigation, files: Iterable[File]) -> None:
        self.nav = nav
        self.names: dict[int, str] = {}
        """The name of each item, by its identity."""
        self._items: dict[str, StructureItem] = {}
        self._states: dict[tuple[str, Any, Any], str] = {}
        for name, item in _named(nav.items, ""):
            self._add(name, item)
        for file in files:
            if file.page is not None and id(file.page) not in self.names:
                self._add(file.src_uri, file.page)
        self.kinds: dict[type, str] = {type(item): "item" for item in self._items.values()}

    def _add(self, name: str, item: StructureItem) -> None:
        while name in self._items:
            name += "+"
        self.names[id(item)] = name
        self._items[name] = item

    def look_again(self) -> None:
        """Forget the states seen so far."""
        self._states.clear()

    def name(self, item: Any) -> str:
        """Return the name of an item, empty for None or for what is no item of this build."""
        return self.names.get(id(item), "")

    def siblings(self, page: Page) -> set[str]:
        """Return the names of the items in the page's section."""
        return {self.name(item) for item in (page.parent.children if page.parent else self.nav.items)}

    def state(self, name: str, attributes: str, keys: Collection[str]) -> str:
        """Return the digest of these attributes of an item (a word each), and of these keys of its front matter.

        Raises `NoDigestError` where an attribute has none.
        """
        place = (name, attributes, tuple(keys) if "meta" in attributes else ())
        if place not in self._states:
            self._states[place] = self._state(*place)
        return self._states[place]

    def _state(self, name: str, attributes: str, keys: Collection[str]) -> str:
        item = self.nav if name == TOP else self._items.get(name)
        if item is None:
            return "gone"
        return digest([self._value(item, attribute, keys) for attribute in attributes.split()])

    def _value(self, item: Any, attribute: str, keys: Collection[str]) -> Any:
        """Return as a plain value what reading an attribute tells; other items are told by their names."""
        value = getattr(item, attribute, NOTHING)
        if attribute in ("parent", "previous_page", "next_page", "homepage"):
            return self.name(value)
        if attribute in ("children", "ancestors", "items", "pages"):
            return [self.name(child) for child in value or ()]
        if attribute == "meta" and isinstance(value, dict):
            return [bool(value), [value.get(key, NOTHING) for key in keys]]
        if attribute == "file" and isinstance(value, File):
            return value.src_uri
        return None if attribute == "active" else value  # which follows from where the page stands

    def shape(self, page: Page) -> list[Any]:
        """Return where a page stands, and by what name, as plain values."""
        neighbours = [self.name(item) for item in (page.parent, page.previous_page, page.next_page)]
        addresses = [page.url, page.abs_url, page.canonical_url, page.edit_url]
        return [page.title, page.file.src_uri, page.file.dest_uri, *addresses, *neighbours]


NOTHING = "\0nothing"
"""Stands for an attribute or a key that is not there."""


def own_state(page: Page, items: Items, content: str) -> str:
    """Return the digest of everything a template may learn of the page it shows; `content` is that of its HTML.

    Raises `NoDigestError` for an attribute of a plugin that has none.
    """
    extra = {name: value for name, value in vars(page).items() if name not in _HANDLED}
    toc = [toc_shape(item) for item in page.toc]
    return digest(items.shape(page), content, page.meta, repr(toc), page.is_homepage, extra)


_HANDLED = frozenset(
    {
        *(
            "file",
            "title",
            "children",
            "previous_page",
            "next_page",
            "parent",
            "active",
            "_Page__active",
            "update_date",
        ),
        *("abs_url", "canonical_url", "edit_url", "markdown", "content", "toc", "meta", "_title_from_render"),
        *("present_anchor_ids", "links_to_anchors", "render", "read_source"),
    }
)
"""Attributes of a page that its state holds, or that templates have no use for."""

CHANGING = frozenset({"update_date", "markdown", "present_anchor_ids", "links_to_anchors"})
"""Attributes of a page outside its state: a template that reads one of them makes it part of it."""


def toc_shape(item: Any) -> Any:
    """Return an entry of a table of contents as plain values. Raises `NoDigestError` for one with other attributes."""
    if vars(item).keys() - {"title", "id", "level", "children", "active"}:
        raise NoDigestError("a table of contents with attributes of its own")
    return [
        item.title,
        item.id,
        item.level,
        getattr(item, "active", None),
        [toc_shape(child) for child in item.children],
    ]


def _named(items: Iterable[StructureItem], above: str) -> Iterator[tuple[str, StructureItem]]:
    """Yield every item below with its name: a page's is its source, others' the titles on the way to them."""
    for item in items:
        if isinstance(item, Page):
            yield item.file.src_uri, item
        else:
            name = f"{above}/{item.title}"
            yield name, item
            yield from _named(getattr(item, "children", None) or (), name)
