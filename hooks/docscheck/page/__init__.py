"""A parsed page: what rules read.

It is put together in four layers, each of which knows those before it: the lines as written (`written`), the blocks
(`parsed`), the text (`prose`), and here what is made of all of them.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from operator import attrgetter
from typing import TYPE_CHECKING

from docscheck.config import Config
from docscheck.headings import Heading, PageIds, ids_in, without_attributes
from docscheck.once import cached_property
from docscheck.page.opener import Opener
from docscheck.page.openers import find_openers
from docscheck.page.prose import ProsePage
from docscheck.parse.inline import Link, scan_links
from docscheck.parse.slugs import plain_text
from docscheck.site_files import SiteFiles
from docscheck.source import Source

if TYPE_CHECKING:
    from docscheck.rendering import Rendered


class Page(ProsePage):
    """One Markdown file. Everything is computed when it is first asked for; lines are counted from 0."""

    def __init__(self, source: Source, config: Config, uri: str = "", site: Surroundings | None = None) -> None:
        super().__init__(source, config, uri)
        self.site = site

    @cached_property
    def headings(self) -> list[Heading]:
        """Headings in order, those in boxes and lists included."""
        nodes = [*self.kinds.get("heading", ()), *self.kinds.get("setext", ())]
        if self.notes.children:
            nodes = [node for node in nodes if all(above is not self.notes for above in node.ancestors())]
        nodes.sort(key=attrgetter("line"))
        found = []
        for number, node in enumerate(nodes):
            row = node.rows[0]
            markup, own_id = row.text, ""
            if "{" in markup and self.config.has("attr_list"):
                markup, own_id = without_attributes(markup)
            text = plain_text(markup)
            self._ids.titles.append((own_id, text))
            level = int(node.tag[1])
            found.append(Heading(level, row.line, markup, text, own_id, node, number, self._ids, self.source))
        return found

    @cached_property
    def attribute_ids(self) -> list[str]:
        """Ids set with attr_list (`{ #id }`), wherever."""
        if "{" not in self.masked or not self.config.has("attr_list"):
            return []
        lists = re.findall(r"\{:?[ ]*([^{}\n]*#[^{}\n]*)\}", self.masked)
        return [one for attributes in lists for one in ids_in(attributes)]

    @cached_property
    def _ids(self) -> PageIds:
        raw = [a.value for tag in self.tags for a in tag.attributes if a.name in ("id", "name")]
        notes = [f"fn:{name}" for name, _ in self.definitions.footnotes]
        return PageIds(self.config, self.attribute_ids, raw + notes)

    @property
    def shown_ids(self) -> PageIds:
        """Every id the source shows: headings, attr_list, raw HTML, footnotes. Rendering may know more."""
        self.headings  # noqa: B018 - they tell their titles
        return self._ids

    @property
    def ids(self) -> frozenset[str]:
        """All of the ids that the source shows."""
        return self.shown_ids.all

    @cached_property
    def openers(self) -> list[Opener]:
        """Headers of boxes, tabs and blocks, those that were only meant as such included."""
        return sorted(find_openers(self), key=lambda opener: opener.line)

    @cached_property
    def faults(self) -> frozenset[str]:
        """What is wrong with headers of the page."""
        return frozenset(opener.fault for opener in self.openers if opener.fault)

    @cached_property
    def links(self) -> list[Link]:
        """Links and images of the Markdown text; raw HTML has its own in `tags`."""
        return scan_links(self.prose, self.source.text)

    @property
    def is_rendered(self) -> bool:
        """Whether somebody has asked for the rendered page yet."""
        return "rendered" in self.__dict__

    @cached_property
    def rendered(self) -> Rendered:
        """The page as its reader sees it: the second witness."""
        from docscheck.rendering import render  # rendering is asked for on few pages, and costs an import

        return render(self)


class Surroundings(SiteFiles, ABC):
    """What a page may ask of the site around it: the files, and the other pages."""

    @abstractmethod
    def page(self, uri: str) -> Page:
        """The page with this path under docs_dir."""

    @abstractmethod
    def ids(self, uri: str) -> frozenset[str]:
        """The ids of a page, as the sources show them."""
