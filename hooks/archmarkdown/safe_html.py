"""What HTML a page may hold: an allow-list, applied to the finished content of every page by nh3 (Ammonia).

It runs last, on everything that became of the page: raw HTML, attribute lists, macros, data, figures and formulas.
Nothing is trusted for where it comes from, so nothing can pretend to come from somewhere else. The list holds what this
site's own pages need: text, tables, MathML, drawings in SVG. It holds nothing that runs, embeds, submits or loads.

What is taken away is a warning of the logger `mkdocs.archmarkdown.safe_html`, so that a strict build stops at it.

    markdown.markdown(text, extensions=["archmarkdown.safe_html"])
"""

from __future__ import annotations

import logging
import re
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from types import FrameType
from typing import Any, ClassVar

import nh3
from docscheck.parse.tolerant import TolerantParser
from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor

from archmarkdown.page import page_of, source_page
from archmarkdown.taken_in import limit

log = logging.getLogger("mkdocs.archmarkdown.safe_html")

MOST_HTML = 10_000_000
"""Characters that a page may become."""

SCHEMES = frozenset({"http", "https", "mailto"})
"""Of links; what has no scheme leads to the site itself."""

_TEXT = """a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em
figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark menu nav ol p picture pre q rp rt ruby s samp
section small source span strong sub summary sup table tbody td tfoot th thead time tr u ul var wbr"""
_TABS = "input label"
_DRAWING = """circle clipPath defs desc ellipse g line linearGradient marker mask path pattern polygon polyline
radialGradient rect stop svg text title tspan"""
_MATHS = """annotation math menclose merror mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub
msubsup msup mtable mtd mtext mtr munder munderover semantics"""
TAGS = frozenset(f"{_TEXT} {_TABS} {_DRAWING} {_MATHS}".split())

_EVERYWHERE = """class dir hidden id lang role style tabindex title"""
_OF_DRAWINGS = """clip-path clip-rule cx cy d dominant-baseline dx dy fill fill-opacity fill-rule font-family font-size
font-style font-weight fx fy gradientTransform gradientUnits height letter-spacing marker-end marker-mid marker-start
markerHeight markerUnits markerWidth mask offset opacity orient patternContentUnits patternTransform patternUnits points
preserveAspectRatio r refX refY rotate rx ry spreadMethod stop-color stop-opacity stroke stroke-dasharray
stroke-dashoffset stroke-linecap stroke-linejoin stroke-opacity stroke-width text-anchor textLength transform
vector-effect version viewBox width x x1 x2 xmlns y y1 y2"""
_OF_MATHS = """accent accentunder align columnalign columnlines columnspacing depth display displaystyle encoding fence
frame height largeop linethickness lquote lspace mathbackground mathcolor mathsize mathvariant maxsize minsize
movablelimits notation rowalign rowlines rowspacing rquote rspace scriptlevel separator stretchy symmetric
voffset width xmlns"""
_OF_TAGS = {
    "a": "href hreflang name rel target",
    "abbr": "",
    "blockquote": "cite",
    "col": "span width",
    "colgroup": "span",
    "del": "cite datetime",
    "details": "open name",
    "img": "alt align decoding height loading sizes src srcset width",
    "input": "checked disabled name type",
    "ins": "cite datetime",
    "label": "for",
    "li": "value",
    "ol": "reversed start type",
    "q": "cite",
    "source": "height media sizes srcset type width",
    "td": "align colspan headers rowspan valign",
    "th": "abbr align colspan headers rowspan scope valign",
    "time": "datetime",
}
ATTRIBUTES = {
    "*": {*_EVERYWHERE.split()},
    **{tag: {*_OF_DRAWINGS.split()} for tag in _DRAWING.split()},
    **{tag: {*_OF_MATHS.split()} for tag in _MATHS.split()},
    **{tag: {*names.split()} for tag, names in _OF_TAGS.items()},
}
_PROPERTIES = """--v background-color border border-bottom border-bottom-width border-left border-right
border-right-width border-top border-top-width border-style border-width bottom color display font-family font-size
font-style font-weight height left letter-spacing line-height margin margin-bottom margin-left margin-right margin-top
max-height max-width min-height min-width opacity padding padding-bottom padding-left padding-right padding-top position
right text-align text-decoration text-indent top vertical-align white-space width"""
PROPERTIES = frozenset(_PROPERTIES.split())
"""Of `style` attributes. None of them loads anything, and values with brackets, which could, are not let through."""

_PAINT = frozenset({"fill", "stroke", "clip-path", "mask", "marker-start", "marker-mid", "marker-end"})
"""Attributes of drawings that may name a part of the page, as `url(#id)`, and nothing else."""
_OWN_PART = re.compile(r"url\(#[\w.:-]+\)|[^()\\]*|(?:var|rgba?|hsla?)\([^()\\]*\)")
_INPUTS = frozenset({"checkbox", "radio"})
_POSITIONS = frozenset({"static", "relative", "absolute"})
_THEMES_IDS = re.compile(r"__(?!tabbed_|codelineno|span)")
"""Ids that the theme's scripts look for, which a page could put first: `__config`, `__search`, `__drawer` …"""
_THEMES_DATA = ("data-md-", "data-search", "data-clipboard")
"""Data by which scripts find the parts of the theme, what to load for a search, and what to copy."""
_MODULE = re.compile(r"[a-z0-9-]+")
"""The name of a module, which the page's script loads by it."""

# For the report alone, never for what is decided: signs that something may have been taken away.
_TAG = re.compile(r"<[a-zA-Z]")
_VALUE = re.compile("=[\"']")
_BARE = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*?\s[\w:-]+(?=[\s>]|=[^"'\s>])""")


@dataclass(frozen=True)
class Cleaned:
    """HTML after the list, and what it took away, in words."""

    html: str
    removed: tuple[str, ...] = ()


def clean(html: str) -> Cleaned:
    """Return the HTML with everything taken out that the list does not hold."""
    refused: list[str] = []

    def look(tag: str, name: str, value: str) -> str | None:
        kept = _value(tag, name, value)
        if kept != value:
            refused.append(_in_words(tag, name, value))
        return kept

    cleaned = _cleaner(look).clean(html)
    if not refused and _alike(html, cleaned):
        return Cleaned(cleaned)
    return Cleaned(cleaned, tuple(dict.fromkeys([*refused, *_missing(html, cleaned), *_ambiguous(html)])))


def _alike(before: str, after: str) -> bool:
    """Whether as many tags and values stand in both; a quick look that spares most pages the long one."""
    same_tags = len(_TAG.findall(before)) == len(_TAG.findall(after))
    same_values = len(_VALUE.findall(before)) == len(_VALUE.findall(after))
    return same_tags and same_values and not _BARE.search(before)


def _cleaner(look: Any) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        attribute_filter=look,
        clean_content_tags={"script", "style"},
        generic_attribute_prefixes={"aria-", "data-"},
        link_rel=None,
        url_schemes=set(SCHEMES),
    )


def _value(tag: str, name: str, value: str) -> str | None:
    """The value of an allowed attribute, or what may stay of it."""
    if name == "style":
        return _style(value)
    if (name == "id" and _THEMES_IDS.match(value)) or name.startswith(_THEMES_DATA):
        return None
    if name == "data-explorable" and not _MODULE.fullmatch(value):
        return None
    if name in _PAINT and not _OWN_PART.fullmatch(value.strip()):
        return None
    if name == "srcset" and any(_scheme(part.strip().split(" ")[0]) for part in value.split(",")):
        return None
    if name == "cite" and _scheme(value.strip()).casefold() not in {*SCHEMES, ""}:
        return None
    if name == "target" and value != "_blank":
        return None
    if tag == "input" and name == "type" and value.casefold() not in _INPUTS:
        return "checkbox"
    return value


def _scheme(address: str) -> str:
    head = address.partition("/")[0]
    return head.partition(":")[0] if ":" in head else ""


@lru_cache(4096)
def _style(value: str) -> str | None:
    """The declarations that the list holds."""
    if any(character in value for character in "()\\@"):
        return None
    page = nh3.clean(
        f'<i style="{escape(value)}">', tags={"i"}, attributes={"i": {"style"}}, filter_style_properties=set(PROPERTIES)
    )
    kept = _Tags(page).found[0][1].get("style", "")
    declared = [part.partition(":")[0].strip().casefold() for part in value.split(";") if part.strip()]
    if "position" in declared and not _position(kept):
        return None
    same = declared == [part.partition(":")[0].strip().casefold() for part in kept.split(";") if part.strip()]
    return value if same else kept or None


def _position(style: str) -> bool:
    """Whether what is placed stays in the page: nothing may lie over the site's own head and search."""
    values = [part.partition(":")[2].strip().casefold() for part in style.split(";") if part.startswith("position")]
    return all(value in _POSITIONS for value in values)


def _in_words(tag: str, name: str, value: str) -> str:
    shown = value if len(value) <= 60 else value[:59] + "…"
    return f'`{name}="{shown}"` of `<{tag}>`'


class _Tags(TolerantParser):
    """The tags of a text with their attributes; for what is reported, never for what is decided."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def counted(self) -> Counter[tuple[str, str, str]]:
        """How often each tag, and each attribute of a tag with its value, stands in the text."""
        parts = [(tag, name, value) for tag, attributes in self.found for name, value in attributes.items()]
        return Counter([*((tag, "", "") for tag, _ in self.found), *parts])


def _missing(before: str, after: str) -> Iterator[str]:
    gone = _Tags(before).counted() - _Tags(after).counted()
    tags = {tag for tag, name, _ in gone if not name and tag not in _LOWER}
    for tag, name, value in gone:
        if not name and tag in tags:
            yield f"`<{tag}>`"
        elif name and tag not in tags and (name != "style" or _style(value) != value):
            yield _in_words(tag, name, value)


def _ambiguous(html: str) -> Iterator[str]:
    """Markup that ends elsewhere for a browser than for a reader, and may hold anything in between."""
    for sign in ("<!-->", "<!--->", "--!>", "\0"):
        if sign in html:
            yield f"`{sign!r}`".replace("'", "")


_LOWER = frozenset(tag.lower() for tag in TAGS)


_SWALLOWED = (
    ": it was not read as a tag. Look above it for `<` before a letter, as in `$0<a$`; put a space between them"
)


class _Clean(Postprocessor):
    """Runs after every other: what it lets through is what is published."""

    def run(self, text: str) -> str:
        if len(text) > MOST_HTML:
            converted = page_of(self.md)
            name = converted.file if converted else "page"
            raise TooLargeError(
                f"{name}: the page becomes {len(text)} characters of HTML; divide it: at most {MOST_HTML}"
            )
        cleaned = clean(text)
        if cleaned.removed:
            page = source_page(self.md)
            for words in cleaned.removed:
                hint = _SWALLOWED if words.startswith('`markdown="') else ""
                log.warning(
                    "%s: %s is not allowed in a page and was removed%s", page.place_of(_clue(words)), words, hint
                )
        for token in getattr(self.md, "toc_tokens", []):
            _clean_token(token)
        return cleaned.html


def _clean_token(token: dict[str, Any]) -> None:
    """What the table of contents shows is taken from headings before they are cleaned."""
    token["html"] = clean(str(token.get("html", ""))).html
    for key in ("name", "data-toc-label"):
        if "<" in str(token.get(key, "")):
            token[key] = escape(str(token[key]))
    for child in token.get("children", []):
        _clean_token(child)


def _clue(words: str) -> str:
    """What to look for in the source, to name the line."""
    inner = words.split("`")[1]
    return inner.rstrip(">") if inner.startswith("<") else inner.partition("=")[0]


class TooLargeError(Exception):
    """A page becomes larger than any page should."""


class TooSlowError(Exception):
    """A page takes longer to convert than any page should."""


class Watch:
    """Ends the conversion of a page after some seconds: nested marks can cost a parser years.

    It rests on a signal, so it works in the main thread of a process on systems that have `setitimer`; elsewhere the
    time limit of continuous integration has to do.
    """

    _running: ClassVar[Watch | None] = None
    """The one that counts, if any does."""

    def __init__(self, md: Markdown, seconds: int) -> None:
        self._md = md
        self._seconds = seconds
        self._before: Any = None
        self._armed = False

    def start(self, page: str) -> None:
        """Begin to count."""
        self.stop()
        if not self._seconds or not hasattr(signal, "setitimer"):
            return
        if threading.current_thread() is not threading.main_thread():
            return
        if Watch._running and not Watch._running._is_at_work(sys._getframe()):
            Watch._running.stop()  # an error ended its page
        if signal.getitimer(signal.ITIMER_REAL)[0]:
            return

        def ring(_: int, frame: FrameType | None) -> None:
            self.stop()
            if self._is_at_work(frame):  # an error may have ended the conversion before its last step
                raise TooSlowError(f"{page}: the page takes more than {self._seconds} s to convert; divide it")

        self._before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, self._seconds)
        self._armed = True
        Watch._running = self

    def _is_at_work(self, frame: FrameType | None) -> bool:
        """Whether the conversion that is watched is among what runs just now."""
        while frame and not (frame.f_code is Markdown.convert.__code__ and frame.f_locals.get("self") is self._md):
            frame = frame.f_back
        return frame is not None

    def stop(self) -> None:
        """Stop counting."""
        if self._armed:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._before or signal.SIG_DFL)
            self._armed = False
            Watch._running = None


class _Start(Preprocessor):
    def __init__(self, md: Markdown, watch: Watch) -> None:
        super().__init__(md)
        self._watch = watch

    def run(self, lines: list[str]) -> list[str]:
        page = page_of(self.md)
        self._watch.start(page.file if page else "page")
        return lines


class _Stop(Postprocessor):
    def __init__(self, md: Markdown, watch: Watch) -> None:
        super().__init__(md)
        self._watch = watch

    def run(self, text: str) -> str:
        self._watch.stop()
        return text


class SafeHtmlExtension(Extension):
    """Registers the list at the very end, the watch around everything, and limits to what a page takes in."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"seconds": [60, "how long a page may take to convert; 0 for as long as it takes"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown calls it
        limit(md)
        watch = Watch(md, int(self.getConfig("seconds")))
        md.preprocessors.register(_Start(md, watch), "archmarkdown-watch", 10_000)
        md.postprocessors.register(_Stop(md, watch), "archmarkdown-watch", -1001)
        md.postprocessors.register(_Clean(md), "archmarkdown-safe-html", -1000)


def makeExtension(**kwargs: Any) -> SafeHtmlExtension:  # noqa: N802 - Python-Markdown calls it
    return SafeHtmlExtension(**kwargs)
