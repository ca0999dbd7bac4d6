"""Citations as mkdocs-bibtex reads them: keys that the bibliography lacks, and keys without their `@`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import lru_cache
from pathlib import Path

from docscheck import bibliography
from docscheck.config import Config
from docscheck.diagnostics import Finding, Rule
from docscheck.included import read
from docscheck.mentions import is_raw
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.stamps import stamp
from docscheck.words.distance import nearest

RULE = Rule("REF205", "unknown-citation")
_GROUP = lazy(r"\[((?:[^\[\]\n@]*[^\[\]\n@\w])?-?@[^\[\]\n]+)\](?![(\[:])")
_OPEN = lazy(r"\[(?<![\w\]\[`!^\\]\[)-?@([A-Za-z0-9_][\w:.+/-]*\w)(?=[^\[\]\n]*$)", re.M)
"""A key behind a bracket that its line does not close."""
_KEY = lazy(r"(?<![\w.])@([A-Za-z0-9_][\w:.+/-]*[\w])")
_PARTED = lazy(r"\[(?<![\w\]\[`!^\\]\[)-?@[ ]+([A-Za-z0-9_][\w:.+/-]*\w)[^\[\]\n]*\](?![(\[:])")
"""A key with a space behind its `@`."""
_BARE = lazy(r"\[(?<![\w\]\[`!^]\[)([A-Za-z][\w:.+/-]*\d[\w:.+/-]*)\](?![(\[:])")
_BRACED = lazy(r"\{@([A-Za-z0-9_][\w:.+/-]*\w)\}")
_NONE = lazy(r"\[(?<![\w\]\[`!^\\]\[)(?:@|\?{1,3})\](?![(\[:])")
"""A citation without its key, and what LaTeX sets for one that it does not know."""
_ENTRY = lazy(r"^[ \t]*@(?!comment|string|preamble)\w+\s*\{\s*([^,\s}]+)\s*,", re.I | re.M)


def check(page: Page) -> Iterator[Finding]:
    """Compare the keys in brackets with those of the site's BibTeX files."""
    keys = _keys(page.config)
    if not keys or ("[" not in page.signs and "{@" not in page.signs):
        return
    for group in _GROUP.finditer(page.prose) if "@" in page.signs else ():
        for match in _KEY.finditer(page.prose, *group.span(1)):
            if match[1] not in keys and not is_raw(page, match.start()):
                meant = nearest(match[1], keys)
                help = f"did you mean `@{meant}`?" if meant else "add the work to the bibliography, or correct the key"
                yield RULE.at(Span(*match.span()), f"the bibliography has no `{match[1]}`", help=help)
    for match in _OPEN.finditer(page.prose) if "[@" in page.signs or "[-@" in page.signs else ():
        line = page.source.line_of(match.start())
        if match[1].rstrip(".,;:") in keys and not is_raw(page, match.start()) and not _is_closed_below(page, line):
            message = "this bracket is never closed, so the key is printed"
            yield RULE.at(Span(*match.span()), message, help="close it with `]` after the last key")
    for match in _BRACED.finditer(page.prose) if "{@" in page.signs else ():
        if match[1] in keys and not is_raw(page, match.start()):
            message = "in braces this is not a citation, so the key is printed"
            yield RULE.at(Span(*match.span()), message, help=f"write `[@{match[1]}]`")
    for match in _NONE.finditer(page.prose) if "[@]" in page.signs or "[?" in page.signs else ():
        if not is_raw(page, match.start()):
            yield RULE.at(Span(*match.span()), "this citation names no work", help="write `[@key]`")
    for match in _PARTED.finditer(page.prose) if "[@" in page.signs or "[-@" in page.signs else ():
        if match[1] in keys and not is_raw(page, match.start()):
            message = "with a space after `@` this is not a citation, so it is printed"
            yield RULE.at(Span(*match.span()), message, help=f"write `[@{match[1]}]`")
    labels = {label.casefold() for label, _, _ in page.definitions.labels}
    for match in _BARE.finditer(page.prose):
        if match[1] in keys and match[1].casefold() not in labels and not is_raw(page, match.start()):
            message = "without `@` this is not a citation, so the key is printed"
            yield RULE.at(Span(*match.span()), message, help=f"write `[@{match[1]}]`")


def _is_closed_below(page: Page, line: int) -> bool:
    """Whether the paragraph goes on with a line that closes a bracket before it opens one."""
    leaf = page.leaf_by_line.get(line)
    for row in leaf.rows if leaf is not None else ():
        if row.line > line and ("]" in row.text or "[" in row.text):
            return row.text.find("]") >= 0 and "[" not in row.text[: row.text.find("]")]
    return False


def _keys(config: Config) -> Set[str]:
    """The keys of the bibliography; none where one of its files cannot be read."""
    settings = config.plugins.get("bibtex") or {}
    if any("://" in str(settings.get(key, "")) for key in ("bib_file", "bib_dir")):
        return frozenset()
    files = bibliography.files(config)
    if not files or not all(file.is_file() for file in files):
        return frozenset()
    return _written(tuple(files), str([stamp(file) for file in files]))


@lru_cache(maxsize=4)
def _written(files: tuple[Path, ...], stamps: str) -> Set[str]:
    """The keys in files, which are read again when they have changed."""
    return frozenset(key for file in files for key in _ENTRY.findall(read(file)))
