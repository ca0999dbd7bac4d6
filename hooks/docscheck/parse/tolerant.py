"""Python's parser of HTML, without the markup on which it gives up."""

from __future__ import annotations

from html.parser import HTMLParser


class TolerantParser(HTMLParser):
    """Reads whatever comes, as browsers do."""

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """`<![x` is a comment up to `>`; the library stops with an `AssertionError`, which is no answer."""
        return self.parse_bogus_comment(i)
