"""What the themes leave undone for readers who do not see the page: names of landmarks, headings of tables."""

from __future__ import annotations

import re
from html import escape, unescape

_PATH = re.compile(r'(<nav class="md-path" aria-label=")[^"]*(")')
_SECTION = re.compile(
    r'(<nav class="md-nav" data-md-level="\d+" )aria-labelledby="(__nav_[\d_]+)_label"([^>]*>)'
    r'(\s*<label class="md-nav__title" for="\2"[^>]*>)(.*?)(</label>)',
    re.DOTALL,
)
_EMPTY_HEAD = re.compile(r"<th((?: [^>]*)?)></th>")
_MATHS_HEAD = re.compile(r"(<th(?: [^>]*)?>\s*(?:<span[^>]*>)*<math)( [^>]*>)(.*?)(</math>)", re.DOTALL)
_ANNOTATION = re.compile(r"<annotation.*?</annotation>", re.DOTALL)
_TABLE = re.compile(r'(?<!<div class="md-typeset__table">)(<table(?: (?!class)[\w-]+="[^"]*")*>.*?</table>)', re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")


def mended(html: str) -> str:
    """The page with unique names for its navigations, tables that scroll, and no heading cell that cannot be spoken."""
    html = _PATH.sub(r"\1Path to this page\2", html)
    html = _SECTION.sub(_named, html)
    html = _TABLE.sub(r'<div class="md-typeset__scrollwrap"><div class="md-typeset__table">\1</div></div>', html)
    html = _MATHS_HEAD.sub(_spoken, html)
    return _EMPTY_HEAD.sub(r"<td\1></td>", html)


def _named(match: re.Match[str]) -> str:
    """A section of the navigation with its title as its name; the label it refers to holds only a sign."""
    name = " ".join(unescape(_TAGS.sub(" ", match[5])).split())
    label = f'aria-label="{escape(name)}"' if name else f'aria-labelledby="{match[2]}_label"'
    return f"{match[1]}{label}{match[3]}{match[4]}{match[5]}{match[6]}"


def _spoken(match: re.Match[str]) -> str:
    """A formula that heads a column, with its symbols as its name: checkers and some readers pass over MathML."""
    name = " ".join(unescape(_TAGS.sub("", _ANNOTATION.sub("", match[3]))).split())
    return f'{match[1]} aria-label="{escape(name)}"{match[2]}{match[3]}{match[4]}'
