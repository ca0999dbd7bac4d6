"""The cheat sheet of each family hub as a PDF of one page, printed by Chromium from the built page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

NAME = "cheat-sheet.pdf"
"""The file beside the hub's page."""
HEADING = "cheat-sheet"
"""The id of the section that is printed."""

_COMPOSE = Path(__file__).with_name("sheet.js").read_text(encoding="utf-8")
_STYLE = Path(__file__).with_name("sheet.css").read_text(encoding="utf-8")
_SCALED = """percent => {
  const sheet = document.querySelector(".sheet");
  sheet.style.zoom = percent / 100;
  sheet.style.width = `${18600 / percent}mm`;
  return sheet.getBoundingClientRect().height;
}"""
_HEIGHT = 273 / 25.4 * 96
"""Pixels between the margins of the page."""


def hubs(site: Path) -> Iterator[Path]:
    """Yield the folder of each built page that holds a cheat sheet."""
    for file in sorted(site.rglob("index.html")):
        if f'<h2 id="{HEADING}"' in file.read_text(encoding="utf-8"):
            yield file.parent


def write(page: Any, site: Path, licence: str) -> list[Path]:
    """Print every cheat sheet of `site` beside its page, with a Playwright page; return the files."""
    made = []
    for folder in hubs(site):
        target = folder / NAME
        target.write_bytes(sheet(page, (folder / "index.html").as_uri(), licence))
        made.append(target)
    return made


def sheet(page: Any, address: str, licence: str) -> bytes:
    """The sheet of the page at `address`, set as large as fits on one A4 page."""
    page.goto(address)
    page.evaluate(_COMPOSE, [HEADING, licence])
    page.add_style_tag(content=_STYLE)
    page.emulate_media(media="print")
    page.evaluate("document.fonts.ready")
    # With the hub's first figure where it fits in a size that is well read, otherwise without.
    if not _fit(page, range(130, 85, -5)):
        page.evaluate("document.querySelector('.optional')?.remove()")
        _fit(page, range(130, 40, -5))
    return bytes(page.pdf(prefer_css_page_size=True, print_background=True))


def _fit(page: Any, sizes: range) -> bool:
    """Set the sheet in the largest of the sizes, in per cent, in which it fits."""
    return any(page.evaluate(_SCALED, percent) <= _HEIGHT - 2 for percent in sizes)


def page_count(pdf: bytes) -> int:
    """How many pages a PDF that Chromium wrote has."""
    return len(re.findall(rb"/Type\s*/Page\b", pdf))
