"""A page without any heading whose title nobody gives: it is called after its file."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.included import may_be_part
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.translations import translations

RULE = Rule("HDG112", "missing-title", Severity.WARNING)
_WORDS = lazy(r"[^\W\d_a-z][\w '’/&:-]*[^\W_][ ]*")
"""Words without anything at their end that ends a sentence."""
_LONGEST = 7
_PARAGRAPHS = 2
"""A shorter page is a part that others include, or a stub."""


def check(page: Page) -> Iterator[Finding]:
    """Look for a title in the headings, the front matter and the navigation."""
    if page.front_matter.data or page.front_matter.error or _is_filled(page) or may_be_part(page):
        return
    if page.headings:
        yield from _lost(page)
        return
    paragraphs = [node for node in page.tree.children if node.kind == "p"]
    if _is_title(posixpath.basename(page.uri)):
        return
    if len(paragraphs) < _PARAGRAPHS or _has_nav_title(page.config.values.get("nav"), _without_language(page)):
        return
    yield RULE.at(
        page.source.content_span(paragraphs[0].line),
        "the page has no title, so it is named after its file",
        help="begin the page with `# Title`",
    )


def _lost(page: Page) -> Iterator[Finding]:
    """A few words above the text, where no heading is of the first level: the title without its `#`."""
    above = page.tree.children[:2]
    if [node.kind for node in above] != ["p", "p"] or len(above[0].rows) > 1 or above[0].line != page.body:
        return
    if _WORDS.fullmatch(page.lines[above[0].line]) and len(above[0].rows[0].text.split()) <= _LONGEST:
        yield RULE.at(
            page.source.content_span(above[0].line),
            "no heading of this page is its title, and this line was probably meant to be",
            help="write `# ` before it",
        )


def _is_title(name: str) -> bool:
    """Whether a file's name was written as a title: with spaces, as a name, or in a script that no address needs."""
    stem = name.removesuffix(".md")
    return " " in stem or not stem.isascii() or (stem.isalpha() and not stem.islower() and not stem.isupper())


def _is_filled(page: Page) -> bool:
    """Whether the title may come from raw HTML, an include, a macro or a plugin."""
    if any(tag.name in ("h1", "h2") for tag in page.tags) or page.removed_lines:
        return True
    return bool(page.macros and page.macros.search(page.source.text)) or page.uri.rsplit("/", 1)[-1].startswith(
        ("_", ".")
    )


def _without_language(page: Page) -> str:
    """The path as the navigation names it: where a plugin reads the language from the file's name, without that."""
    languages = translations(page.config)
    return languages.split(page.uri)[0] if languages else page.uri


def _has_nav_title(nav: object, uri: str) -> bool:
    if isinstance(nav, list):
        return any(_has_nav_title(entry, uri) for entry in nav)
    if isinstance(nav, dict):
        return any(target == uri or _has_nav_title(target, uri) for target in nav.values())
    return False
