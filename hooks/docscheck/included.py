"""What snippets bring into a page: their lines in the source, and the files they name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from docscheck.config import resolved
from docscheck.once import of_page
from docscheck.page import Page
from docscheck.parse.code import HIDDEN, hide_code_spans
from docscheck.patterns import lazy
from docscheck.source import Span
from docscheck.stamps import stamp
from docscheck.translations import translations

_SINGLE = lazy(
    r"""^(?P<escape>;*)[ \t>]*-+8<-+[ \t]+(?P<quote>["'])(?![ ]*;)(?P<path>(?:\\.|(?!(?P=quote)).)+)(?P=quote)[ \t]*$"""
)
BLOCK_MARK = lazy(r"^[ \t>]*-+8<-+[ \t]*$")
"""What stands alone above and below a list of files, each on a line of its own."""
_PART = lazy(r"^(?P<file>.*?)(?:(?P<lines>(?::[0-9]*){1,2}(?:,(?:[0-9]*:)?[0-9]*)*)|:(?P<section>[A-Za-z][\w-]*))?$")
_SECTION = lazy(r"-+8<-+[ \t]+\[[ \t]*start[ \t]*:[ \t]*([A-Za-z][\w-]*)[ \t]*\]")


class Snippet(NamedTuple):
    """A file that a page takes in."""

    path: str
    """As written, without section and lines."""
    section: str
    span: Span
    section_span: Span
    folders: tuple[Path, ...]
    """Where the file is looked for, in order."""
    lines: str
    """Which of its lines are taken in, as written: `:2:9`; empty for all."""

    @property
    def is_remote(self) -> bool:
        """Whether the file is fetched from the net."""
        return self.path.lower().startswith(("http://", "https://"))

    @property
    def file(self) -> Path | None:
        """The file, where it exists."""
        if self.is_remote:
            return None
        named = (folder if folder.name == self.path else folder / self.path for folder in self.folders)
        return next((candidate for candidate in named if candidate.is_file()), None)

    @property
    def leaves_folders(self) -> bool:
        """Whether the path leads out of every folder it is looked for in."""
        try:
            return not any(resolved(folder / self.path).is_relative_to(_resolved(folder)) for folder in self.folders)
        except ValueError:  # half of a surrogate pair, or a zero byte: no path at all
            return False

    def has_section(self, text: str) -> bool:
        """Whether the text of the file marks the start of the section."""
        return self.section in _SECTION.findall(text)


def is_behind_snippet(page: Page, number: int) -> bool:
    """Whether the text above a line is a snippet without a blank line between: it may open a fence, or a list.

    Lines that follow one directly are looked at up to there.
    """
    for above in range(number - 1, max(page.body, number - _REACH) - 1, -1):
        line = page.lines[above]
        if "8<-" in line or not line.strip():
            return _SINGLE.match(line) is not None
    return False


_REACH = 40


def base_folders(page: Page) -> tuple[Path, ...]:
    """The folders in which the site looks for snippets."""
    return page.config.snippet_folders((page.config.docs_dir / page.uri).parent)


@of_page
def snippets(page: Page) -> tuple[Snippet, ...]:
    """The snippets of a page; those in fenced code are taken in as well."""
    if not page.shows("8<-") or not page.config.has("pymdownx.snippets"):
        return ()
    return tuple(_snippets(page))


@of_page
def included_text(page: Page) -> str:
    """The text of every file that a page takes in, those that are added to each page included."""
    candidates = [folder / path for path in page.config.appended_snippets for folder in base_folders(page)]
    files = [snippet.file for snippet in snippets(page)] + [path for path in candidates if path.is_file()]
    return "\n".join(_texts(page, [file for file in files if file is not None]))


class TakenIn(NamedTuple):
    """What templates take into a page."""

    text: str | None
    """The text of every file, and of those that these take in themselves; None where the sources do not show all."""
    files: tuple[Path, ...]
    """Where the files were looked for."""


@of_page
def templates(page: Page) -> TakenIn:
    """What templates take into a page."""
    texts: list[str] = []
    files: list[Path] = []
    is_known = _take_in(page, page.source.text, page.config.docs_dir / page.uri, texts, files)
    return TakenIn("\n".join(texts) if is_known else None, tuple(files))


def may_be_part(page: Page) -> bool:
    """Whether templates may take the page into others: the navigation leaves it out, on a site with such a plugin."""
    site = page.site
    takes_in = bool({"macros", INCLUDES} & page.config.plugins.keys())
    if not takes_in or site is None or site.nav is None or page.uri in site.nav:
        return False
    languages = translations(page.config)  # the navigation names a page without its language
    return languages is None or languages.split(page.uri)[0] not in site.nav


def _take_in(page: Page, text: str, file: Path, texts: list[str], files: list[Path]) -> bool:
    """Gather the texts of the files that a text takes in; whether all of them are found."""
    plugins = page.config.plugins
    settings = plugins.get("macros", {})
    opening = str(plugins.get(INCLUDES, {}).get("opening_tag") or "{%")
    if any(name.startswith("j2_") for name in settings):
        return False
    folder = settings.get("include_dir")
    folders = (page.config.root / str(folder),) if folder else (page.config.docs_dir, file.parent)
    shown = hide_code_spans(text) if "{%" in text or "{{" in text or opening in text else ""
    fenced = page.fenced_lines if text is page.source.text else ()
    for match in _template(opening).finditer(text) if shown else ():
        in_fence = fenced and page.source.line_of(match.start()) in fenced
        if shown[match.start()] == HIDDEN or in_fence or match["word"] in _SILENT:
            continue
        if not match["path"]:
            if page.macros:
                return False
            continue
        places = [at / match["path"] for at in folders]
        files += places
        found = next((place for place in places if place.is_file()), None)
        if found is None or len(texts) >= _MOST_FILES:
            return False
        texts.append(read(found))
        if not _take_in(page, texts[-1], found, texts, files):
            return False
    return True


INCLUDES = "include-markdown"
"""A plugin that takes files in."""
_WHAT = r"""[-~]?\s*(?P<word>\w+)(?:(?<=include)(?:-markdown)?\s*(["'])(?P<path>[^"'\n]+)\2)?"""
_SILENT = frozenset(("raw", "endraw", "set", "if", "elif", "else", "endif"))
"""Statements that add no text of their own."""
_MOST_FILES = 100


@lru_cache(maxsize=8)
def _template(opening: str) -> re.Pattern[str]:
    """An expression or a statement, whose mark the site may choose for the plugin that includes."""
    return re.compile(rf"\{{\{{|(?:\{{%|{re.escape(opening)}){_WHAT}")


def _texts(page: Page, files: list[Path]) -> Iterator[str]:
    """The texts of files, and of those that they take in themselves."""
    seen = set(files)
    for file in files:
        text = read(file)
        yield text
        if len(files) < _MOST_FILES:
            for found in (folder / name for name in _named(text) for folder in base_folders(page)):
                if found not in seen and found.is_file():
                    seen.add(found)
                    files.append(found)


@lru_cache(maxsize=256)
def _named(text: str) -> tuple[str, ...]:
    """The files that a file takes in; many pages may take in the same one."""
    found: list[str] = []
    inside = False
    for line in text.split("\n") if "8<-" in text else ():
        single = None if inside else _SINGLE.match(line)
        if BLOCK_MARK.match(line):
            inside = not inside
        elif (single and not single["escape"]) or (inside and line.strip() and not line.strip().startswith(";")):
            part = _PART.match(single["path"] if single else line.strip(" \t>"))
            if part:
                found.append(part["file"])
    return tuple(found)


def read(file: Path) -> str:
    """The text of a file; empty where it cannot be read."""
    now = stamp(file)
    return _text(file, tuple(now)) if now else ""


@lru_cache(maxsize=256)
def _text(file: Path, now: tuple[int, ...]) -> str:
    try:
        return file.read_text("utf-8", errors="replace")
    except OSError:
        return ""


@lru_cache(maxsize=8)
def _resolved(folder: Path) -> Path:
    return resolved(folder)


def _snippets(page: Page) -> Iterator[Snippet]:
    folders = base_folders(page)
    inside = False
    for number in range(page.body, len(page.lines)):
        line = page.lines[number]
        if "8<-" not in line and not inside:
            continue
        if BLOCK_MARK.match(line):
            inside = not inside
        elif inside and line.strip() and not line.strip().startswith(";"):
            start = len(line) - len(line.lstrip(" \t>"))
            yield _snippet(page, number, start, line.strip(" \t>"), folders)
        elif (match := _SINGLE.match(line)) and not match["escape"]:
            yield _snippet(page, number, match.start("path"), match["path"], folders)


def _snippet(page: Page, line: int, column: int, written: str, folders: tuple[Path, ...]) -> Snippet:
    match = _PART.match(written)
    path, section = (match["file"], match["section"] or "") if match else (written, "")
    lines = (match["lines"] or "") if match else ""
    if written.lower().startswith(("http://", "https://")):
        path, section = written, ""
    start = column + len(written) - len(section)
    section_span = page.source.span(line, start, column + len(written))
    return Snippet(path, section, page.source.span(line, column, column + len(written)), section_span, folders, lines)


_ADDS_NOTHING = lazy(r"\{%[-~]?[ ]*(?:raw|endraw|set|if|elif|else|endif)\b|\{#|<quiz")
"""Statements that add no text of their own."""


@lru_cache(maxsize=16)
def expands(page: Page, macros: re.Pattern[str]) -> bool:
    """Whether what a templating plugin fills in may hold a heading or a style sheet.

    It does not in code, nor where it only leaves text out or prints a value of the settings.
    """
    found = macros.search(page.source.text)
    if found is None:
        return False
    shown = hide_code_spans(page.source.text)
    for match in macros.finditer(page.source.text, found.start()):
        in_code = shown[match.start()] == HIDDEN or page.source.line_of(match.start()) in page.fenced_lines
        if not (in_code or _ADDS_NOTHING.match(match[0]) or _is_plain_value(page, match[0])):
            return True
    return False


_VALUE = lazy(r"\{\{-?\s*([A-Za-z_]\w*(?:\.\w+)*)\s*(?:\|[^{}\n]*)?-?\}\}")
_MARKED = lazy(r"[#<{\n]")


def _is_plain_value(page: Page, expression: str) -> bool:
    """Whether an expression prints a value of the settings or of the front matter that makes no heading and no tag."""
    match = _VALUE.fullmatch(expression) if "macros" in page.config.plugins else None
    if match is None:
        return False
    value: object = {**page.config.extra, **page.front_matter.data, "config": page.config.values}
    for name in match[1].split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return isinstance(value, str | int | float) and not _MARKED.search(str(value))
