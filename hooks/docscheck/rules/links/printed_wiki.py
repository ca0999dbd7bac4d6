"""Links and embeds in double brackets, as wikis and Obsidian write them, on sites that do not read them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docscheck.diagnostics import Finding
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.plugins import own_syntax
from docscheck.programs import reads
from docscheck.rules.links.printed_forms import PRINTED, WRITE_LINK, is_text
from docscheck.source import Span
from docscheck.targets import Verdict, files_of

_WIKI = lazy(r"\[(?<!\[\[)\[(?P<page>[^\[\]|#\n]+)(?:#[^\[\]|\n]*)?(?:\|[^\[\]\n]+)?\]\](?![\](\[])")
"""Not the text of a link, which may have brackets of its own: `[[lid]](lid.md)`."""
_WIKI_PLACE = lazy(r"\[(?<![\[!\\`]\[)\[#(?P<place>[^\[\]|#\n]+)(?P<text>\|[^\[\]\n]+)?\]\](?![\](\[:])")
"""The place on the same page to which a wiki links."""
_WIKI_FILE = lazy(r"\[\[(?:File|Image|Datei|Bild|Fichier|Archivo|Immagine):[^\[\]\n]+\]\]")
_EMBED = lazy(r"!\[\[[^\[\]\n]+\]\]")
_CUT = lazy(r"\[(?<![\[!\\`\]\w]\[)\[(?P<page>[^\W\d_][\w -]{2,60})\](?![\](\[:{])")
"""One that lacks the second bracket at its end."""
_SMALL_WORDS = lazy(r"[^\W\d_]{2,}(?:[ ][^\W\d_]+){1,5}")
"""Words without a capital; a list and a test of a shell hold other signs too."""
_PHRASE = lazy(r"[^\W\d_][\w '’/.:-]*[^\W_]")
_SMALL = lazy(r"[a-z]{2,}(?:[ -][a-z]{2,}){1,4}")
"""Words in small letters, two at least: one alone may be an attribute of C++ or a table of TOML."""
_SPACES = ("Category:", "Kategorie:", "Catégorie:", "Categoría:", "Special:", "Template:", "User:", "Help:")
"""Parts of a wiki by which it groups its pages."""
_READ_WIKI = lazy(r"[\w -]+")
_WIKI_OWNERS = frozenset(["wikilinks", "roamlinks", "ezlinks", "ezlinked-plugin", "autolinks", "obsidian-bridge"])
_UNREAD = "links in double brackets are printed: no extension of this site reads them"


def printed_wiki(page: Page) -> Iterator[Finding]:
    """Look for double brackets that nothing on this site reads."""
    known = page.config.plugins.keys() | page.config.extensions.keys()
    owners = _WIKI_OWNERS & known
    if own_syntax(page.config) or (owners and (owners != {"wikilinks"} or page.config.reading_extensions)):
        return
    if owners:
        yield from _unread(page)
        return
    is_read = bool(page.config.reading_extensions) or any("obsidian" in name for name in known)
    if not is_read:
        yield from _embedded(page)
    if page.site is not None and "[[" in page.prose:
        yield from _linked(page, is_read or bool(page.macros) or reads(page.site, "[[", "wiki"))


def _embedded(page: Page) -> Iterator[Finding]:
    for match in _EMBED.finditer(page.prose):
        message = "`![[…]]` embeds nothing here, so it is printed"
        yield PRINTED.at(Span(*match.span()), message, help="write `![what it shows](path)`")
    for match in _WIKI_FILE.finditer(page.prose) if "[[:" in page.signs else ():
        message = "an image as MediaWiki writes it is printed"
        yield PRINTED.at(Span(*match.span()), message, help="write `![what it shows](path)`")
    for match in _WIKI_PLACE.finditer(page.prose) if "[[#" in page.signs else ():
        if match["text"] or match["place"].strip() in page.ids:
            yield PRINTED.at(Span(*match.span()), _UNREAD, help="write `[text](#place)`")


def _linked(page: Page, may_be_read: bool) -> Iterator[Finding]:
    """Names of pages in double brackets; what only looks like one is not, where something may read it."""
    if not may_be_read:
        yield from _cut(page)
    for match in _WIKI.finditer(page.prose):
        name = match["page"].strip()
        if page.prose[match.start() - 1 : match.start()] == "!":
            continue
        if _is_file(page, name) or (not may_be_read and _is_phrase(page, match, name)):
            yield PRINTED.at(Span(*match.span()), _UNREAD, help=f"write `[{name}](…)` with the path of the file")


def _is_file(page: Page, name: str) -> bool:
    """Whether a file of the site is called so, with its suffix or without."""
    if page.site is None:
        return False
    files = files_of(page.site)
    target = files.judge(page.uri, name if name.endswith(".md") else f"{name}.md")
    return target.verdict is Verdict.FILE or bool(target.file) or files.is_name(f"{name}.md")


def _unread(page: Page) -> Iterator[Finding]:
    """Double brackets that the extension `wikilinks` leaves: it reads letters, digits, `_`, `-` and spaces."""
    for match in _WIKI.finditer(page.prose):
        name = match["page"].strip()
        if not _READ_WIKI.fullmatch(match[0][2:-2]) and _is_phrase(page, match, name):
            message = "`wikilinks` reads a page's name only, so this is printed with its brackets"
            yield PRINTED.at(Span(*match.span()), message, help=WRITE_LINK)
    yield from _cut(page)


def _cut(page: Page) -> Iterator[Finding]:
    for match in _CUT.finditer(page.prose):
        line = page.source.line_of(match.start())
        if "](" in page.prose_lines[line]:
            continue  # a link whose text has brackets of its own
        if _is_phrase(page, match, match["page"].strip()):
            yield PRINTED.at(
                Span(*match.span()), "a bracket is missing here, so the others are printed", help="write `]]`"
            )


def _is_phrase(page: Page, match: re.Match[str], name: str) -> bool:
    """Whether double brackets hold words, as a link of a wiki does, and no list, test or section."""
    line = page.source.line_of(match.start())
    leaf = page.leaf_by_line.get(line)
    before, after = page.prose[match.start() - 1 : match.start()], page.prose[match.end() : match.end() + 1]
    is_capital = name[0].isupper() and (" " in name or name[1:].islower())
    is_wiki = "|" in match[0] or name.startswith(_SPACES) or is_capital or _SMALL.fullmatch(name) is not None
    is_wiki = is_wiki or (match["page"] == name and _SMALL_WORDS.fullmatch(name) is not None)
    stands_alone = (
        not before.isalnum() and before not in ("]", "_", "\\", "\x00", "`") and after not in ("(", "[", "\x00", ":")
    )
    return (
        is_wiki
        and stands_alone
        and leaf is not None
        and leaf.kind not in ("code", "maths")
        and leaf.tag != "table"
        and _PHRASE.fullmatch(name) is not None
        and is_text(page, match)
    )
