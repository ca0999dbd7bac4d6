"""Snippets: files and sections that do not exist, and marks that take in nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.config import resolved
from docscheck.diagnostics import Finding, Rule
from docscheck.included import base_folders, read, snippets
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.programs import is_ignored

MISSING = Rule("LNK431", "missing-snippet")
SECTION = Rule("LNK432", "missing-snippet-section")
MALFORMED = Rule("LNK433", "malformed-snippet")
RULES = (MISSING, SECTION, MALFORMED)

_MARKS = lazy(r"^[ \t>]*-*8<-*[ \t]*[\"'“”‘’«]?\S")
_GOOD = lazy(
    r"^[ \t>]*-+8<-+[ \t]+(?:\"[^\"]+\"|'[^']+')[ \t]*$|^[ \t>]*-+8<-+[ \t]*$"
    r"|^.*8<-+[ \t]+\[[ \t]*(?:start|end)"
)
_SWAPPED = lazy(r"^[ \t>]*[-–—]+[ ]?(?:8[ ]?>|<[ ]?8|8|8[ ]?<)[ ]?[-–—]+[ \t]+[\"'“][^\"'”]+[\"'”]")
_TOGGLE = lazy(r"^[ \t>]*-+8<-+[ \t]*$")
_INLINE = lazy(r"^[ \t>]*[^\s;>-].*?(?<![\w`\"'-])-{2,}8<-{2,}[ ]+\"[^\"\n]+\"[ ]*$")


def check(page: Page) -> Iterator[Finding]:
    """Look for each file in the site's snippet folders."""
    outcome = "the build stops" if page.config.option("pymdownx.snippets", "check_paths") else "nothing is included"
    for snippet in snippets(page):
        if snippet.is_remote or "\x00" in snippet.path or _is_templated(snippet.path):
            continue
        file = snippet.file
        if file is None:
            if not snippet.leaves_folders and not _is_generated(page, snippet.path):
                help = "correct the path; it is looked for in the snippets' `base_path`"
                yield MISSING.at(snippet.span, f"there is no file `{snippet.path}`, so {outcome}", help=help)
        elif snippet.section and not snippet.has_section(read(file)):
            message = f"`{snippet.path}` has no section `{snippet.section}`, so {outcome}"
            help = f"mark it there: `--8<-- [start:{snippet.section}]`"
            yield SECTION.at(snippet.section_span, message, help=help)
    yield from _malformed(page)


def _is_generated(page: Page, path: str) -> bool:
    """Whether version control ignores the file wherever it is looked for: then a program makes it before a build."""
    if page.site is None:
        return False
    root = resolved(page.config.root)
    places = [resolved(folder / path) for folder in base_folders(page)]
    inside = [place.relative_to(root).as_posix() for place in places if place.is_relative_to(root)]
    return any(is_ignored(page.site, place) for place in inside)


def _malformed(page: Page) -> Iterator[Finding]:
    if not page.has_snippet_marks or not page.config.has("pymdownx.snippets"):
        return
    opened: int | None = None
    for number in range(page.body, len(page.lines)):
        line = page.lines[number]
        if "8<" in line and _TOGGLE.match(line):
            opened = number if opened is None else None
        elif "8<" in line and opened is None and _INLINE.search(page.prose_lines[number]):
            span = page.source.content_span(number)
            yield MALFORMED.at(span, "this includes nothing and is printed", help="put it on a line of its own")
        if number in page.fenced_lines or "8" not in line or _GOOD.match(line):
            continue
        if _SWAPPED.match(line) or (_MARKS.match(line) and re.search(r"-8<|8<-", line)):
            span = page.source.content_span(number)
            yield MALFORMED.at(span, "this includes nothing and is printed", help='write `--8<-- "path"`')
    if opened is not None:
        message = "this block of snippets is never closed, so every line below is read as the name of a file"
        yield MALFORMED.at(page.source.content_span(opened), message, help="close it with a line `--8<--`")


def _is_templated(path: str) -> bool:
    return "{" in path or "$" in path
