"""The second witness: a page as Python-Markdown renders it, with every line still recognisable.

Each line of text gets one invisible character that stands for its number, placed inside a word, where no syntax
notices it (`marks`). Wherever that character turns up in the HTML, the line's text went there: in a box, in a list item
at a certain depth, in code, in an attribute, or bare in a paragraph (`reader`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docscheck.rendering.converter import converter
from docscheck.rendering.endless import EndlessError
from docscheck.rendering.marks import FIRST_MARK, LAST_MARK, marked
from docscheck.rendering.reader import Element, Printed, Rendered, read

if TYPE_CHECKING:
    from docscheck.page.prose import ProsePage

__all__ = ["Element", "Printed", "Rendered", "html", "render"]
_MOST_OPEN = 300
"""Links that are never closed, of which Python-Markdown takes longer than a reader waits."""


def render(page: ProsePage) -> Rendered:
    """Render a page with the site's extensions, those that come with Python-Markdown and PyMdown."""
    if len(page.lines) > LAST_MARK - FIRST_MARK:
        return Rendered(failed="too many lines")
    if _never_closed(page.source.text):
        return Rendered(failed="too many links that are never closed")
    try:
        result = _converted(page, marked(page))
    except EndlessError:
        return Rendered(failed="endless")
    except RecursionError:
        return Rendered(failed="nested too deeply")
    except Exception as error:  # an extension's own fault must not end the run
        return Rendered(failed=f"{type(error).__name__}: {error}")
    return read(result)


def html(page: ProsePage) -> str:
    """The page as it becomes HTML, for a reader to look at; raises whatever an extension raises."""
    return _converted(page, "\n".join(page.lines[page.body :]) + "\n")


def _converted(page: ProsePage, text: str) -> str:
    site = converter(page.config)
    site.reset()
    return str(site.convert(text))


def _never_closed(text: str) -> bool:
    """Whether links open by the hundred and few close: Python-Markdown looks for the end of each to the last."""
    opened = text.count("](")
    return opened > _MOST_OPEN and text.count(")") * 2 < opened
