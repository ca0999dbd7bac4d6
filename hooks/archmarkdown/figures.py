"""`/// figure | key` … `///`: puts a figure of `archfigures` into a page, with the block's content as its caption.

`/// explorable | name` … `///`: a place where a browser starts a module of `docs/assets/explorables`, with the
block's content as its instructions. It stands behind a static figure, which is what remains without JavaScript.

A key without a figure or an entry is a warning with file and line, so that a strict build stops.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from archdata import explorables
from archfigures import UnknownFigureError, figures, render
from markdown import Markdown
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from archmarkdown.page import source_page

log = logging.getLogger("mkdocs.archmarkdown.figures")


class FigureBlock(Block):  # type: ignore[misc]  # pymdownx has no types
    """A `<figure>` with the drawing in a region that scrolls where the screen is narrow."""

    NAME = "figure"
    ARGUMENT = True

    def on_create(self, parent: Element) -> Element:
        figure = SubElement(parent, "figure", {"class": "ad-figure"})
        drawing = SubElement(figure, "div", {"class": "ad-scroll"})
        # The stash keeps Python-Markdown from touching the SVG.
        drawing.text = self.md.htmlStash.store(self._svg())
        return SubElement(figure, "figcaption")

    def _svg(self) -> str:
        key = self.argument.strip()
        try:
            return render(key, uid=f"f-{key.replace('/', '-')}")
        except UnknownFigureError:
            _warn(self.md, key, "figure", figures(), "`python -m archfigures list` names them all")
            return f'<p class="ad-missing">Figure <code>{key}</code> is missing.</p>'


class ExplorableBlock(Block):  # type: ignore[misc]
    """A named group that a module fills; until then, and without JavaScript, its text and a word about that."""

    NAME = "explorable"
    ARGUMENT = True

    def on_create(self, parent: Element) -> Element:
        key = self.argument.strip()
        known = explorables.load(Path(self.config["docs"]))
        if key not in known:
            _warn(self.md, key, "explorable", known, "docs/_data/explorables.yml names them all")
            return SubElement(parent, "div", {"class": "ad-missing"})
        title = known[key].title
        group = SubElement(parent, "div", {"class": "ad-explorable", "id": f"try-{key}", "data-explorable": key})
        group.attrib.update({"role": "group", "aria-label": f"Try it: {title}"})
        SubElement(group, "p", {"class": "ex-title"}).text = f"Try it: {title}"
        return group

    def on_end(self, block: Element) -> None:
        off = SubElement(block, "p", {"class": "ex-off"})
        off.text = "This needs JavaScript; the figure above shows one case of it."


def _warn(md: Markdown, key: str, kind: str, known: Iterable[str], otherwise: str) -> None:
    near = get_close_matches(key, list(known), n=1)
    hint = f"did you mean `{near[0]}`?" if near else otherwise
    log.warning("%s: there is no %s `%s`; %s", source_page(md).place_of(key), kind, key, hint)


class FiguresExtension(BlocksExtension):  # type: ignore[misc]
    """`docs`: the folder of the pages, relative to the working directory."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"docs": ["docs", "the folder of the pages"]}
        super().__init__(**kwargs)

    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:  # noqa: N802 - pymdownx calls it
        block_mgr.register(FigureBlock, {})
        block_mgr.register(ExplorableBlock, self.getConfigs())


def makeExtension(**kwargs: Any) -> FiguresExtension:  # noqa: N802 - Python-Markdown calls it
    return FiguresExtension(**kwargs)
