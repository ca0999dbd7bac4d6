"""Sets mathematics while the site is built: KaTeX, run by an embedded JavaScript engine, in place of the browser.

Works on what `pymdownx.arithmatex` (generic) marks. A TeX error is a warning with file and line, so that a strict build
stops; the page then shows the source in red.
"""

from __future__ import annotations

import html
import logging
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import dukpy
from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

from archmarkdown.page import SourcePage, source_page

log = logging.getLogger("mkdocs.archmarkdown.maths")

KATEX_VERSION = "0.19.1"
_FORM = "3"
"""Of what is made of KaTeX's output; a new one leaves what was kept before aside."""

_INLINE = re.compile(r'(\(?)<span class="arithmatex">\\\((.*?)\\\)</span>([.,;:!?)]*)', re.DOTALL)
"""A formula in a line, with the signs that must stay beside it."""
_BASE = '<span class="katex-base">'
"""With what each part of a formula begins, between which a line may end."""
_DISPLAY = re.compile(r'<div class="arithmatex">\s*\\\[(.*?)\\\]\s*</div>', re.DOTALL)
_OPERATOR = re.compile(r"(<mo\b[^>]*>)<mrow>((?:<m[ino]\b[^>]*>[^<]*</m[ino]>)*)</mrow>(</mo>)")
"""KaTeX's `\\bmod`: letters as elements inside an operator, where HTML allows text alone."""
_ANY_TAG = re.compile(r"<[^>]*>")
_RENDER = (
    "katex.renderToString(dukpy.tex, {displayMode: dukpy.display, throwOnError: true, output: 'htmlAndMathml',"
    " strict: 'error', trust: false, maxExpand: 1000, maxSize: 60})"
)
"""What KaTeX would only warn of, or set over the whole page, is refused; so are its commands for HTML and addresses."""


LONGEST = 5_000
"""Characters of a formula. What KaTeX makes of one is a hundred times as long, and nothing ends it while it runs."""


class TeXError(ValueError):
    """KaTeX refuses the source; the message says where and why."""


class Renderer:
    """KaTeX with a cache of what it has set, kept between builds."""

    def __init__(self, cache_file: Path) -> None:
        self._cache_file = cache_file

    def render(self, tex: str, *, display: bool) -> str:
        """Return HTML with MathML inside.

        Raises `TeXError` for a source that KaTeX does not accept.
        """
        if len(tex) > LONGEST:
            raise TeXError(f"the formula has {len(tex)} characters; divide it: at most {LONGEST} are set")
        key = f"{KATEX_VERSION}.{_FORM}{'D' if display else 'I'}{tex}"
        with self._cache() as known:
            row = known.execute("SELECT html FROM maths WHERE key = ?", (key,)).fetchone()
            if row:
                return str(row[0])
            rendered = _katex(tex, display)
            known.execute("INSERT OR REPLACE INTO maths VALUES (?, ?)", (key, rendered))
            return rendered

    @contextmanager
    def _cache(self) -> Iterator[sqlite3.Connection]:
        """The cache, or one in memory where the file cannot be used: a cache must never stop a build."""
        connection = None
        try:
            self._cache_file.parent.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._cache_file, timeout=30)
            connection.execute("CREATE TABLE IF NOT EXISTS maths (key TEXT PRIMARY KEY, html TEXT NOT NULL)")
        except (OSError, sqlite3.Error):
            if connection:
                connection.close()
            connection = sqlite3.connect(":memory:")
            connection.execute("CREATE TABLE maths (key TEXT PRIMARY KEY, html TEXT NOT NULL)")
        try:
            with connection:
                yield connection
        finally:
            connection.close()


@cache
def _interpreter() -> Any:
    interpreter = dukpy.JSInterpreter()
    interpreter.evaljs((files("archmarkdown") / "vendor" / "katex.min.js").read_text(encoding="utf-8") + ";0")
    return interpreter


def _katex(tex: str, display: bool) -> str:
    try:
        rendered = str(_interpreter().evaljs(_RENDER, tex=tex, display=display))
    except dukpy.JSRuntimeError as error:
        # KaTeX underlines the place with combining characters, which terminals show badly.
        message = str(error).split("KaTeX parse error:")[-1].strip().splitlines()[0].replace("\u0332", "")
        raise TeXError(message) from None
    return _OPERATOR.sub(lambda match: match[1] + _ANY_TAG.sub("", match[2]) + match[3], rendered)


class _SetMaths(Postprocessor):
    """Runs last: arithmatex's spans come out of the stash of raw HTML."""

    def __init__(self, md: Markdown, renderer: Renderer) -> None:
        super().__init__(md)
        self._renderer = renderer

    def run(self, text: str) -> str:
        if "arithmatex" not in text:
            return text
        page = source_page(self.md)
        text = _DISPLAY.sub(lambda match: self._set(match[1], page, display=True), text)
        return _INLINE.sub(lambda match: _held(match[1], self._set(match[2], page, display=False), match[3]), text)

    def _set(self, escaped: str, page: SourcePage, *, display: bool) -> str:
        tex = html.unescape(escaped).strip()
        try:
            rendered = self._renderer.render(tex, display=display)
        except TeXError as error:
            first = tex.splitlines()[0]
            log.warning("%s: KaTeX cannot set `%s`: %s", page.place_of(first), first, error)
            return f'<code class="maths-error" title="{html.escape(str(error))}">{html.escape(tex)}</code>'
        if not display:
            return f'<span class="arithmatex">{rendered}</span>'
        label = html.escape(" ".join(tex.split()), quote=True)
        return f'<div class="arithmatex" tabindex="0" role="group" aria-label="Equation: {label}">{rendered}</div>'


def _held(before: str, formula: str, after: str) -> str:
    """The formula on one line with its signs: browsers would end a line between it and a full stop."""
    if not before and not after:
        return formula
    first, *more = formula.split(_BASE)
    parts = _BASE.join((first, f"<wbr>{_BASE}".join(more))) if more else first
    return f'<span class="held">{before}{parts}{after}</span>'


class MathsExtension(Extension):
    """`cache`: the file that keeps what has been set, relative to the working directory."""

    def __init__(self, **kwargs: Any) -> None:
        self.config = {"cache": [".cache/maths.sqlite", "where set formulas are kept between builds"]}
        super().__init__(**kwargs)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown calls it
        renderer = Renderer(Path(self.getConfig("cache")))
        md.postprocessors.register(_SetMaths(md, renderer), "archmarkdown-maths", -10)


def makeExtension(**kwargs: Any) -> MathsExtension:  # noqa: N802 - Python-Markdown calls it
    return MathsExtension(**kwargs)
