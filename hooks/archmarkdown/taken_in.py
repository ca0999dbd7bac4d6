"""How much a page may take in by snippets: files that name each other twice double with every step.

`pymdownx.snippets` stops at a file that takes in itself, but not at one that takes in another twice, which takes in a
third twice, nor at a thousand ranges of lines of one file. Here the page ends with a sentence as soon as it has taken
in too much, before anything of it is converted.
"""

from __future__ import annotations

import os
from typing import Any

from markdown import Markdown

from archmarkdown.page import source_page

MOST_FILES = 200
"""How often a page may take in a file, a file that another takes in included."""
MOST_READ = 20_000_000
"""Characters that are read for a page, in files of which only a part may be taken."""
MOST_TAKEN = 1_000_000
"""Characters that come into a page: as many as its own file may have."""
_MARK = "8<"
_MOST_INDENT = 100


class TakenInError(Exception):
    """A page takes in more than a page may."""


class Limits:
    """Counts what the preprocessor of snippets reads and takes, for one page after the other."""

    def __init__(self, md: Markdown, snippets: Any) -> None:
        self._md = md
        self._snippets = snippets
        self._read_lines = self._snippets.read_lines
        self._select = self._snippets.select_snippet_lines
        self._run = self._snippets.run
        self._begin()
        self._snippets.run = self.run
        self._snippets.read_lines = self.read_lines
        self._snippets.select_snippet_lines = self.select_snippet_lines

    def _begin(self) -> None:
        self._files = self._read = self._taken = 0
        self._first = ""
        """What to look for in the page, to name the line: the name of the file that it takes in just now."""

    def run(self, lines: list[str]) -> Any:
        """Take in a page's snippets."""
        self._begin()
        self._look("", lines)
        return self._run(lines)

    def read_lines(self, path: str) -> list[str]:
        """Read a file that is to be taken in, in whole or in part."""
        if len(self._snippets.seen) == 0:
            self._first = os.path.basename(path)
        self._files += 1
        if self._files > MOST_FILES:
            self._refuse(f"more than {MOST_FILES} files are taken in, one through another")
        lines: list[str] = self._read_lines(path)
        self._read += sum(map(len, lines))
        if self._read > MOST_READ:
            self._refuse(f"more than {MOST_READ // 1_000_000} million characters are read to take in parts of files")
        self._look(path, lines)
        return lines

    def select_snippet_lines(self, lines: list[str], target: Any) -> list[str]:
        """Choose the lines that are taken in."""
        ranges = len(target["start"])
        if ranges * sum(map(len, lines)) + self._taken > 10 * MOST_TAKEN and ranges > 10:
            self._refuse(f"{ranges} ranges of lines are taken from one file")
        taken: list[str] = self._select(lines, target)
        self._taken += sum(map(len, taken)) + len(taken)
        if self._taken > MOST_TAKEN:
            self._refuse(f"more than {MOST_TAKEN // 1_000_000} million characters are taken in")
        return taken

    def _look(self, path: str, lines: list[str]) -> None:
        """A snippet's indentation stands before every line that it brings."""
        if not any(_MARK in line for line in lines):
            return
        for number, line in enumerate(lines, 1):
            if line[:_MOST_INDENT].isspace() and len(line) > _MOST_INDENT and line.strip():
                self._first = self._first if path else line.strip()[:60]
                place = f"line {number} of `{os.path.basename(path)}`" if path else "a line"
                self._refuse(f"{place} is indented by more than {_MOST_INDENT} characters beside snippets")

    def _refuse(self, reason: str) -> None:
        place = source_page(self._md).place_of(self._first)
        raise TakenInError(f"{place}: {reason}; write the text itself, or take in fewer and smaller parts")


def limit(md: Markdown) -> None:
    """Set limits to what pages take in, where they can take in anything."""
    if "snippet" in md.preprocessors:
        Limits(md, md.preprocessors["snippet"])
