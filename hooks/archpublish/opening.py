"""The first part of a page with an at-a-glance box, so that a phone can show the key idea before the box."""

from __future__ import annotations

import re

_BOX = '<div class="at-a-glance">'
_SECTION = re.compile(r"<h2\b")


def gathered(html: str) -> str:
    """The page's text with its box and its first section in one element."""
    start = html.find(_BOX)
    sections = [match.start() for match in _SECTION.finditer(html, start)][:2] if start >= 0 else []
    if len(sections) < 2:
        return html
    first = html[start : sections[1]]
    if first.count("<div") != first.count("</div>"):
        return html
    return f'{html[:start]}<div class="opening">{first}</div>\n{html[sections[1] :]}'
