"""What the macros plugin reads of a page: the site's marks, the kinds of what stands between them, what it leaves."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from docscheck.once import cached_property
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

USUAL = {"variable": ("{{", "}}"), "block": ("{%", "%}"), "comment": ("{#", "#}")}
"""Jinja's marks around an expression, a statement and a comment."""
MARKED = ("variable", "block")
"""What the plugin runs. `{#` begins attributes as well."""
STRING = lazy(r"\"[^\"\n]*\"|'[^'\n]*'")
STATEMENTS = "if|for|raw|macro|call|filter|with|block"
"""Those that have an end."""
EXPRESSION = lazy(r"\{\{[ ]*[A-Za-z_][\w.]*(?:\([^{}\n]*\))?(?:[ ]*\|[^{}\n]*)?[ ]*\}\}")
"""An expression in the usual marks."""


class Fault(NamedTuple):
    """What is wrong with an expression or a statement."""

    span: Span
    message: str
    help: str


class Template:
    """A page with what the site's plugin reads on it, in the marks that the site has chosen."""

    def __init__(self, page: Page, pattern: re.Pattern[str]) -> None:
        self.page = page
        self.text = page.source.text
        self.pattern = pattern
        """All that a plugin replaces before Markdown is read."""
        self.settings: Mapping[str, object] = page.config.plugins.get("macros", {})
        self.variable = self.marks("variable")
        self.block = self.marks("block")

    def marks(self, kind: str) -> tuple[str, str]:
        """The marks around what is of that kind."""
        start, end = USUAL[kind]
        chosen = self.settings.get
        return str(chosen(f"j2_{kind}_start_string") or start), str(chosen(f"j2_{kind}_end_string") or end)

    @property
    def has_own_comments(self) -> bool:
        """Whether the site has chosen marks for comments; Jinja's own are those of attributes."""
        return bool(self.settings.get("j2_comment_start_string"))

    @property
    def is_run(self) -> bool:
        """Whether it is the macros plugin that reads the page, and the page does not keep it out."""
        own = self.page.front_matter.data
        is_kept_out = own.get("ignore_macros") or own.get("render_macros") is False
        is_default = self.settings.get("render_by_default") is not False
        return "macros" in self.page.config.plugins and is_default and not is_kept_out

    @cached_property
    def runs(self) -> list[tuple[re.Match[str], str]]:
        """What is run of the page and stands on one line, with its kind."""
        found = ((match, self._kind(match[0])) for match in self.pattern.finditer(self.text))
        return [(match, kind) for match, kind in found if kind in MARKED and "\n" not in match[0]]

    def _kind(self, text: str) -> str:
        """What a text between two marks is; those of one kind may begin like those of another: `[[` and `[[%`."""
        starts = [(len(start), kind) for kind in USUAL if text.startswith(start := self.marks(kind)[0])]
        return max(starts, default=(0, ""))[1]

    def is_left_alone(self, offset: int) -> bool:
        """Whether a place lies between `{% raw %}` and `{% endraw %}`."""
        return bisect_right(self._raw_places, offset) % 2 == 1

    @cached_property
    def _raw_places(self) -> list[int]:
        """Where `{% raw %}` and `{% endraw %}` stand in turn: what lies behind an odd number of them is left."""
        places: list[int] = []
        for match in _raw(self.block[0]).finditer(self.text):
            if bool(match[1]) == (len(places) % 2 == 1):
                places.append(match.start())
        return places

    def expressions(self) -> Iterator[tuple[int, str]]:
        """Expressions with their places, in the usual marks; those left as they are excepted."""
        start, raw_mark = self.variable[0], _raw(self.block[0])
        raw = False
        for match in self.pattern.finditer(self.text):
            statement = raw_mark.match(match[0])
            if statement:
                raw = not statement[1]
            elif not raw and match[0].startswith(start):
                yield match.start(), USUAL["variable"][0] + match[0][len(start) :]


@cache
def _raw(start: str) -> re.Pattern[str]:
    """Where expressions begin to be left as they are, and where that ends."""
    return re.compile(rf"{re.escape(start)}[-+]?\s*(end)?raw\b")
