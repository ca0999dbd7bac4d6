"""Snippets: files and sections that do not exist, and marks that take in nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.config import resolved
from docscheck.diagnostics import Finding, Rule
from docscheck.included import BLOCK_MARK, INCLUDES, Snippet, base_folders, read, snippets
from docscheck.page import Page
from docscheck.parse.code import HIDDEN
from docscheck.patterns import lazy
from docscheck.programs import is_ignored, makes_files
from docscheck.source import Span

MISSING = Rule("LNK431", "missing-snippet")
SECTION = Rule("LNK432", "missing-snippet-section")
MALFORMED = Rule("LNK433", "malformed-snippet")
RULES = (MISSING, SECTION, MALFORMED)

_MARKS = lazy(r"^[ \t>]*[-–—]*8<[-–—]*[ \t]*[\"'“”‘’«]?\S")
_GOOD = lazy(
    r"^[ \t>]*-+8<-+[ \t]+(?:\"[^\"]+\"|'[^']+')[ \t]*$|^[ \t>]*-+8<-+[ \t]*$"
    r"|^.*8<-+[ \t]+\[[ \t]*(?:start|end)"
)
_SWAPPED = lazy(
    r"^[ \t>]*[-–—]+[ ]?(?:8[ ]?>|<[ ]?8|8|8[ ]?<|8&[lg]t;)[ ]?[-–—]+[ \t]+[\"'“][^\"'”]+[\"'”]"
    r"|^[ \t>]*-{2,}[BbSs&%9]<-{2,}[ \t]+\"[^\"\n]+\"[ \t]*$"
)
"""The digit in another form, or what stands beside it on a keyboard or looks like it."""
_ESCAPED = lazy(r";+-+8<-+[ \t]+\"([^\":\n]+)\"[ \t]*$")
_INLINE = lazy(r"^[ \t>]*[^\s;>-].*?(?<![\w`\"'-])-{2,}8<-{2,}[ ]+\"[^\"\n]+\"[ ]*$")


def check(page: Page) -> Iterator[Finding]:
    """Look for each file in the site's snippet folders."""
    if INCLUDES in page.config.plugins:
        yield from _includes(page)
    outcome = "the build stops" if page.config.option("pymdownx.snippets", "check_paths") else "nothing is included"
    for snippet in snippets(page):
        if snippet.is_remote or "\x00" in snippet.path or _is_templated(snippet.path):
            continue
        file = snippet.file
        if file is None:
            if not snippet.leaves_folders and not _is_generated(page, snippet.path):
                help = "correct the path; it is looked for in the snippets' `base_path`"
                yield MISSING.at(snippet.span, f"there is no file `{snippet.path}`, so {outcome}", help=help)
        elif (beyond := _lines_beyond(snippet, read(file))) is not None:
            yield SECTION.at(snippet.span, beyond, help="correct the numbers: nothing is included")
        elif snippet.section and not snippet.has_section(read(file)):
            message = f"`{snippet.path}` has no section `{snippet.section}`, so {outcome}"
            help = f"mark it there: `--8<-- [start:{snippet.section}]`"
            yield SECTION.at(snippet.section_span, message, help=help)
    yield from _malformed(page)


_INCLUDE = lazy(r"\{%-?[ \t]*include(?:-markdown)?[ \t\n]+([\"'])(?P<path>[^\"'\n*?\[{$]+)\1[^%{]*?(?P<end>%?\})")


def _includes(page: Page) -> Iterator[Finding]:
    """What the plugin `include-markdown` takes in: it looks beside the page, and in the folder of the pages."""
    if page.macros or "opening_tag" in page.config.plugins[INCLUDES]:
        return
    for match in _INCLUDE.finditer(page.source.text):
        path, line = match["path"], page.source.line_of(match.start())
        if line in page.fenced_lines or page.masked[match.start()] == HIDDEN:
            continue
        if match["end"] == "}":
            help = "end it with `%}`"
            yield MALFORMED.at(Span(*match.span()), "this includes nothing and is printed", help=help)
            continue
        if "://" in path or path.startswith("/") or _is_generated(page, path):
            continue
        folders = (page.config.docs_dir, (page.config.docs_dir / page.uri).parent)
        if not any((folder / path).exists() for folder in folders) and not (page.site and makes_files(page.site)):
            help = "correct the path, which is seen from the page, or from the folder of the pages"
            yield MISSING.at(Span(*match.span("path")), f"there is no file `{path}`, so the build stops", help=help)


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
    meant = {fence.start + 1 for fence in page.fences if fence.end - fence.start == 2 and _is_code(fence.info)}
    for number in range(page.body, len(page.lines)):
        line = page.lines[number]
        if "8<" in line and BLOCK_MARK.match(line):
            opened = number if opened is None else None
        elif "8<" in line and opened is None and _INLINE.search(page.prose_lines[number]):
            span = page.source.content_span(number)
            yield MALFORMED.at(span, "this includes nothing and is printed", help="put it on a line of its own")
        escaped = _ESCAPED.match(line) if line.startswith(";") else None
        if escaped and _is_alone(page, number) and any((at / escaped[1]).is_file() for at in base_folders(page)):
            help = "remove the `;`, or write it as code"
            yield MALFORMED.at(page.source.content_span(number), "because of `;` this is printed", help=help)
        if (
            not ("8" in line or "<--" in line)
            or _GOOD.match(line)
            or (number in page.fenced_lines and number not in meant)
        ):
            continue
        if _SWAPPED.match(line) or (_MARKS.match(line) and re.search(r"[-–—]8<|8<[-–—]", line)):
            span = page.source.content_span(number)
            yield MALFORMED.at(span, "this includes nothing and is printed", help='write `--8<-- "path"`')
    if opened is not None:
        message = "this block of snippets is never closed, so every line below is read as the name of a file"
        yield MALFORMED.at(page.source.content_span(opened), message, help="close it with a line `--8<--`")


_RANGE = lazy(r":(\d+)(?::(\d+))?$")


def _lines_beyond(snippet: Snippet, text: str) -> str | None:
    """What is wrong with the lines that a snippet takes from a file, if it takes one stretch of them."""
    match = _RANGE.match(snippet.lines)
    if match is None:
        return None
    first, last, count = int(match[1]), int(match[2] or match[1]), len(text.splitlines())
    if first > count:
        return f"`{snippet.path}` has only {count} lines"
    return "the last line comes before the first" if last < first else None


_SHOWS = lazy(r"(?:te?xt|plain|none|markdown|md|jinja2?|console|output)\b", re.I)


def _is_code(info: str) -> bool:
    """Whether a fence names the language of a program: alone in it, a snippet is meant, not shown."""
    language = info.strip(" {.")
    return language[:1].isalpha() and not _SHOWS.match(language)


def _is_alone(page: Page, number: int) -> bool:
    """Whether a line is a paragraph of its own."""
    leaf = page.leaf_by_line.get(number)
    return leaf is not None and leaf.kind == "p" and len(leaf.rows) == 1


def _is_templated(path: str) -> bool:
    return "{" in path or "$" in path
