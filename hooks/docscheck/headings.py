"""Headings, and the ids that the source of a page shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from docscheck.config import Config
from docscheck.once import cached_property
from docscheck.parse.blocks import Node
from docscheck.parse.slugs import Ids, slug_function
from docscheck.patterns import lazy
from docscheck.source import Source, Span

_ATTRIBUTES = lazy(r"[ ]*\{:?[ ]*([^}\n]*)[ ]*\}[ ]*$")
_ID = lazy(r"(?:^|\s)#([^\s}]+)")


class Heading(NamedTuple):
    """A heading with the id it is rendered with."""

    level: int
    line: int
    markup: str
    """The title as written."""
    text: str
    """The title as read."""
    own_id: str
    """The id that its attributes give it; empty where it gets one from its text."""
    node: Node
    number: int
    """How many headings stand before it."""
    ids: PageIds
    """The ids of the page."""
    source: Source

    @property
    def span(self) -> Span:
        """The title without marks and attributes."""
        return self.source.find(self.line, self.markup) if self.markup else self.source.content_span(self.line)

    @property
    def id(self) -> str:
        """The id it is rendered with."""
        return self.ids.of_headings[self.number]

    @property
    def explicit_id(self) -> bool:
        """Whether the author has chosen it."""
        return bool(self.own_id)


class PageIds:
    """The ids that the source of a page shows; those of headings are made when one is asked for, on most pages never.

    They need no page: that can be given back, and its ids asked for later.
    """

    def __init__(self, config: Config, attributes: Sequence[str], others: Iterable[str]) -> None:
        self._config = config
        self._attributes = attributes
        self._others = others
        self.titles: list[tuple[str, str]] = []
        """Of each heading the id that its attributes give it, and its text."""

    @cached_property
    def of_headings(self) -> list[str]:
        """The ids of the headings, in order."""
        slugify = slug_function(self._config.option("toc", "slugify")) or slug_function(None)
        assert slugify is not None
        separator = str(self._config.option("toc", "separator", "-"))
        ids = Ids(self._attributes)
        return [own_id or ids.take(slugify(text, separator)) for own_id, text in self.titles]

    @cached_property
    def all(self) -> frozenset[str]:
        """All of them."""
        return frozenset((*self.of_headings, *self._attributes, *self._others))


def without_attributes(title: str) -> tuple[str, str]:
    """A title without the attributes at its end, and the id that they give; empty where they give none."""
    attributes = _ATTRIBUTES.search(title)
    if attributes is None:
        return title, ""
    return title[: attributes.start()].rstrip().rstrip("#").rstrip(), next(iter(ids_in(attributes[1])), "")


def ids_in(attributes: str) -> list[str]:
    """The ids in a list of attributes."""
    return _ID.findall(attributes)
