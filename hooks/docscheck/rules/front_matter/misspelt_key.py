"""A key or a value of the front matter that nobody reads, because a letter of it is wrong, or a capital."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from docscheck.diagnostics import Finding, Rule, Severity
from docscheck.page import Page
from docscheck.plugins import own_syntax
from docscheck.words.distance import distance, nearest
from docscheck.words.lists import frequencies

RULE = Rule("FRM106", "misspelt-key", Severity.WARNING)
_KEYS_TEXT = "title description template subtitle status search comments social authors categories"
_KEYS = tuple(_KEYS_TEXT.split())
"""Keys that MkDocs and Material read; shorter ones are too near to other words."""
_VALUES = {"hide": ("navigation", "footer", "feedback"), "search": ("exclude", "boost")}
"""What Material knows under a key; a theme may know more."""
_COMMON = 100
"""A word that is this common is meant."""
_SHORTEST = 5


def check(page: Page) -> Iterator[Finding]:
    """Judge what is one or two letters away from what is read, and no word itself."""
    matter = page.front_matter
    if matter.error or not page.language.startswith("en"):
        return
    for key, line in matter.key_lines:
        meant = _meant(key, _KEYS)
        if meant and meant not in matter.data:
            yield _finding(page, line, key, meant)
    yield from _template(page)
    if not page.config.is_material:
        return
    yield from _values(page)
    for key, line in matter.key_lines:
        for written in _written(matter.data.get(key)) if key in _VALUES else ():
            meant = (key == "hide" and _HIDDEN.get(written)) or _meant(written, _VALUES[key])
            if meant:
                at = next((n for n in range(line, matter.end) if written in page.lines[n]), line)
                yield _finding(page, at, written, meant)


_STATUSES = frozenset(("new", "deprecated", "encrypted"))


def _values(page: Page) -> Iterator[Finding]:
    """Values that Material looks up, or reckons with."""
    matter = page.front_matter
    lines = dict(matter.key_lines)
    status = matter.data.get("status")
    extra = page.config.extra.get("status")
    known = _STATUSES.union(map(str, extra)) if isinstance(extra, Mapping) else _STATUSES
    if isinstance(status, str) and status not in known and (meant := nearest(status, known)):
        yield _finding(page, lines.get("status", 1), status, meant)
    search = matter.data.get("search")
    boost = search.get("boost", 1) if isinstance(search, Mapping) else 1
    if not isinstance(boost, int | float):
        line = next((n for n in range(1, matter.end) if "boost" in page.lines[n]), 1)
        span = page.source.content_span(line)
        yield RULE.at(span, "this is no number, so the search cannot reckon with it", help="write a number such as `2`")


_HIDDEN_TEXT = "tocs:toc tco:toc otc:toc TOC:toc Toc:toc contents:toc nav:navigation menu:navigation sidebar:navigation"
_HIDDEN = dict(pair.split(":") for pair in _HIDDEN_TEXT.split())
"""Short names, and names of other generators, of what Material hides."""
_OF_THEMES = {
    "material": frozenset(["404", "base", "blog", "blog-archive", "blog-category", "blog-post", "main", "redirect"]),
    "mkdocs": frozenset(["404", "base", "main", "search"]),
    "readthedocs": frozenset(["404", "base", "main", "search"]),
}
"""The templates of themes whose files are known."""


def _template(page: Page) -> Iterator[Finding]:
    """A template that neither the theme nor the site's own folder has: the build stops at it."""
    name, theme = page.front_matter.data.get("template"), str(page.config.theme.get("name"))
    if not isinstance(name, str) or theme not in _OF_THEMES or own_syntax(page.config):
        return
    custom = page.config.theme.get("custom_dir")
    if name.removesuffix(".html") in _OF_THEMES[theme] or (
        isinstance(custom, str) and (page.config.root / custom / name).is_file()
    ):
        return
    if custom is None or isinstance(custom, str):
        line = dict(page.front_matter.key_lines).get("template", 1)
        message = f"the theme has no template `{name}`, and the build stops at it"
        yield RULE.at(
            page.source.find(line, name),
            message,
            help="name one that `custom_dir` holds, or remove the key",
            severity=Severity.ERROR,
        )


def _written(value: object) -> Iterator[str]:
    """The words of a list, or the keys of a mapping."""
    if isinstance(value, list | Mapping):
        yield from (word for word in value if isinstance(word, str))


@cache
def _meant(word: str, known: tuple[str, ...]) -> str:
    """The known word of which this is a slip; empty for a known one, and for any other word."""
    if word in known or len(word) < _SHORTEST or not word.isalpha():
        return ""
    if word.lower() in known:
        return word.lower()
    near = next((name for name in known if distance(word.lower(), name, 2) < 2), "")
    return "" if near and int(frequencies().get(word.lower()) or 0) >= _COMMON else near


def _finding(page: Page, line: int, word: str, meant: str) -> Finding:
    span = page.source.find(line, word)
    return RULE.at(span, f"nobody reads `{word}` in the front matter", help=f"did you mean `{meant}`?")
