"""The marks of emphasis in some lines, read as pairs."""

from __future__ import annotations

import re
from functools import lru_cache

from docscheck.config import Config
from docscheck.diagnostics import Rule, Severity
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.rules.syntax.emphasis_signs import Place, ends_basis_set, ends_type, is_formal, is_operator

EMPHASIS = Rule("SYN101", "literal-emphasis", Severity.ERROR)
_EXTENSIONS = {"~~": "pymdownx.tilde", "==": "pymdownx.mark", "^^": "pymdownx.caret"}
_WIDE = lazy(r"[\u3040-\u30ff\u4e00-\u9fff]")
_BEFORE_ANY = frozenset("./_-")
"""Behind one of these a star stands for any name, even where bold text ends: `**lid.***`."""
_RUN = lazy(r"(?<!\\)(\*+|~~+|==+|\^\^+)")


@lru_cache(maxsize=8)
def doubled_marks(config: Config) -> tuple[str, ...]:
    """The doubled marks that mean something on this site."""
    return tuple(sign for sign, extension in _EXTENSIONS.items() if config.has(extension))


class Marks:
    """The marks of some lines, as far as they make no pair."""

    def __init__(self, page: Page, lines: list[int], is_table: bool) -> None:
        self._page = page
        self.open: dict[str, list[Place]] = {}
        """Marks that open something, by what they are, in the order in which each kind first occurs."""
        self.closing: dict[str, list[Place]] = {}
        """Those that can only close something, and find nothing open."""
        self.spaced: dict[str, list[Place]] = {}
        """Those between spaces, which do neither."""
        self.crossed: list[Place] = []
        """Those that open inside a pair of others, and are not closed there."""
        for line in lines:
            shown = page.prose_lines[line]
            start = content(shown)
            for match in _RUN.finditer(shown, start):
                before = shown[match.start() - 1] if match.start() > start else " "
                if match[0] == "***" and not before.isspace() and (is_table or before in _BEFORE_ANY):
                    self._end_before_remark()
                mark = _kind(page, match[0])
                if mark is not None:
                    self._read(Place(line, match.start(), mark), match, before)

    def _end_before_remark(self) -> None:
        """Take the first two of three stars for the end of bold text, and the last for the star of a remark."""
        if self.open.get("**") and not self.open.get("*"):
            self.open["**"].pop()

    def _read(self, place: Place, match: re.Match[str], before: str) -> None:
        shown = match.string
        after = shown[match.end()] if match.end() < len(shown) else " "
        opened = self.open.setdefault(place.mark, [])
        if not opened and (
            is_operator(before, after, place.mark)
            or ends_basis_set(shown, match.end())
            or ends_type(shown, match.start(), after)
            or is_formal(shown, match)
        ):
            return
        if not before.isspace() and opened:
            self._close(opened.pop())
        elif not after.isspace() and (not _is_in_word(shown, match.start()) or _is_within(shown, match, before)):
            opened.append(place)
        elif not before.isspace() and not after.isalnum():
            self.closing.setdefault(place.mark, []).append(place)
        elif after.isspace():
            self.spaced.setdefault(place.mark, []).append(place)

    def _close(self, opened: Place) -> None:
        """Make a pair with a mark; a star of the other width that opened behind it is left over."""
        other = {"*": "**", "**": "*"}.get(opened.mark, "")
        inner = self.open.get(other, [])
        if inner and inner[-1] > opened:
            self.crossed.append(inner.pop())


def _is_in_word(shown: str, place: int) -> bool:
    """Whether a mark stands behind a word or a name; the `_` of `_**both**_` is a mark itself."""
    before = shown[place - 1 : place]
    return before.isalnum() or (before == "_" and shown[place - 2 : place - 1].isalnum())


def _is_within(shown: str, match: re.Match[str], before: str) -> bool:
    """Whether the marks stand between letters of a script without spaces, and others of their kind follow or need not.

    Two stars there are never the sign of a power, nor of anything that a function takes.
    """
    if match[0] == "**" and _WIDE.match(before) and _WIDE.match(shown, match.end()):
        return True
    return not before.isascii() and shown.find(match[0], match.end()) >= 0


def _kind(page: Page, run: str) -> str | None:
    if run[0] == "*":
        return {1: "*", 2: "**"}.get(len(run))
    extension = _EXTENSIONS.get(run)
    return run if extension and page.config.has(extension) else None


def content(shown: str) -> int:
    """Where a line's text begins, behind list and quote marks."""
    match = re.match(r"[ \t>]*(?:[-*+][ \t]+|\d+\.[ \t]+)*", shown)
    return match.end() if match else 0
