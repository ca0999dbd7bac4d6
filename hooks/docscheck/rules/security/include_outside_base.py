"""A snippet that leaves the folders snippets may come from."""

from __future__ import annotations

from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.included import snippets
from docscheck.page import Page

RULE = Rule("SEC105", "include-outside-base")


def check(page: Page) -> Iterator[Finding]:
    """Find paths that climb out of every base folder, and fetched files where fetching is off."""
    for snippet in snippets(page):
        if snippet.is_remote:
            if not page.config.option("pymdownx.snippets", "url_download", False):
                message = "this site does not download snippets, so nothing is included"
                yield RULE.at(snippet.span, message, help="copy the text into a file of the site")
        elif "\x00" not in snippet.path and snippet.leaves_folders:
            message = "the path leads out of the folders that snippets may come from"
            yield RULE.at(snippet.span, message, help="move the file into a folder of `base_path`")
