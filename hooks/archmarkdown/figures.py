"""`/// figure | key` … `///`: puts a figure of `archfigures` into a page, with the block's content as its caption.

A key without a figure is a warning with file and line, so that a strict build stops.
"""

from __future__ import annotations

import logging
from difflib import get_close_matches
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from archfigures import UnknownFigureError, figures, render
from markdown import Markdown
from pymdownx.blocks import BlocksExtension
from pymdownx.blocks.block import Block

from archmarkdown.source import source_page

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
            near = get_close_matches(key, figures(), n=1)
            hint = f"; did you mean `{near[0]}`?" if near else "; `python -m archfigures list` names them all"
            log.warning("%s: there is no figure `%s`%s", source_page(self.md).place_of(key), key, hint)
            return f'<p class="ad-missing">Figure <code>{key}</code> is missing.</p>'


class FiguresExtension(BlocksExtension):  # type: ignore[misc]
    def extendMarkdownBlocks(self, md: Markdown, block_mgr: Any) -> None:  # noqa: N802 - pymdownx calls it
        block_mgr.register(FigureBlock, self.getConfigs())


def makeExtension(**kwargs: Any) -> FiguresExtension:  # noqa: N802 - Python-Markdown calls it
    return FiguresExtension(**kwargs)
