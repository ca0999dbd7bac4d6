"""What other tools read and this site prints: imports of MDX, commands of LaTeX, another tool's table of contents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span

RULE = Rule("SYN112", "foreign-syntax")
_IMPORT = lazy(
    r"(?<=\n)(?:import[ ](?:[\w{}*, ]+[ ]from[ ])?|export[ ][\w{}*, ]+[ ]from[ ])(['\"])[^'\"\n]+\1;?(?=\n|$)"
)
_COMMENT = lazy(r"\{/\*[^\n]*?\*/\}")
_CONTENTS = lazy(r"(?<=\n)[ ]{0,3}(\[\[_?TOC_?\]\]|\[toc\]|@\[toc\]|\[TOC\]|\{:toc\})[ ]*(?=\n|$)", re.I)
_LATEX = lazy(
    r"\\(?<![\w\\/:.-]\\)(?:(?:textbf|textit|texttt|emph|underline|cite[pt]?|(?:sub){0,2}section\*?|footnote|href|includegraphics"
    r"|caption|usepackage|documentclass)\*?[{\[]|(?:newpage|pagebreak|clearpage|maketitle|tableofcontents|noindent)(?![\w/\\]))"
)
_NUMBERED = lazy(r"\\(?<![\w\\/:.-]\\)(?:eqref|autoref|cref|ref)\{")
_OTHER_READERS = ("bib", "cite", "tex", "ref", "latex", "number")
"""Parts of the names of plugins that read some of these commands."""


def check(page: Page) -> Iterator[Finding]:
    """Look for each of them in text."""
    text = f"\n{page.prose}"
    if "import " in text or "export " in text:
        for match in _IMPORT.finditer(text):
            if _is_paragraph(page, match.start() - 1):
                yield _finding(page, match.start() - 1, match.end() - 1, "an import of MDX is printed", "remove it")
    if "{/*" in text and not page.macros:
        for match in _COMMENT.finditer(text):
            help = "write `<!-- … -->`"
            yield _finding(page, match.start() - 1, match.end() - 1, "a comment of MDX is printed", help)
    if "toc]" in page.lowered or "{:toc}" in text or "toc_]" in page.lowered:
        yield from _contents(page, text)
    if "\\" in text:
        yield from _latex(page, text)


def _contents(page: Page, text: str) -> Iterator[Finding]:
    marker = str(page.config.option("toc", "marker", "[TOC]"))
    labels = {label.casefold() for label, _, _ in page.definitions.labels}
    for match in _CONTENTS.finditer(text):
        is_marker = not marker or match[1] == marker
        if not is_marker and "toc" not in labels and _is_paragraph(page, match.start(1) - 1):
            message = "this makes no table of contents here"
            yield _finding(page, match.start(1) - 1, match.end(1) - 1, message, f"write `{marker}`, or remove it")


def _latex(page: Page, text: str) -> Iterator[Finding]:
    named = [*page.config.plugins, *page.config.foreign_extensions]
    if any(part in name for name in named for part in _OTHER_READERS):
        return
    patterns = (_LATEX,) if "\\label" in page.source.text else (_LATEX, _NUMBERED)
    seen: set[int] = set()
    for pattern in patterns:
        for match in pattern.finditer(text):
            line = page.source.line_of(match.start() - 1)
            if line not in seen and page.leaf_by_line.get(line) is not None:
                seen.add(line)
                name = match[0].rstrip("{[")
                message, help = f"`{name}` is a command of LaTeX, and printed here", "write it in Markdown"
                yield _finding(page, match.start() - 1, match.end() - 1, message, help, name)


def _is_paragraph(page: Page, offset: int) -> bool:
    leaf = page.leaf_by_line.get(page.source.line_of(offset))
    return leaf is not None and leaf.kind == "p" and not is_raw(page, offset)


def _finding(page: Page, start: int, end: int, message: str, help: str, literal: str = "") -> Finding:
    line = page.source.line_of(start)
    shown = literal or page.source.text[start:end].split("_")[0][:4]
    return RULE.at(Span(start, end), message, help=help, proof=lambda rendered: rendered.prints(line, shown))
