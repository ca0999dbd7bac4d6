"""Which delimiters the scripts of a site look for in the whole page: there a formula is drawn, however it was read."""

from __future__ import annotations

import re
from functools import lru_cache

from docscheck.config import Config
from docscheck.included import read
from docscheck.patterns import lazy

_USUAL = frozenset(("$$", r"\(", r"\["))
"""What both MathJax and KaTeX look for where nothing is set."""
_SOME_PLACES = ("ignoreHtmlClass", "processHtmlClass", "ignoreClass", "processClass")
"""Settings after which only what an extension of Markdown has marked is drawn."""
_LEFT = lazy(r"\bleft[\"']?\s*:\s*[\"'](\$\$?|\\\\[(\[])[\"']")
_PAIR = lazy(r"\[\s*[\"'](\$\$?|\\\\[(\[])[\"']\s*,")
"""The first of two delimiters in the settings of MathJax."""


_DRAWS = lazy(r"<script|katex|mathjax|\{%-?[ ]*block[ ]+scripts", re.I)


@lru_cache(maxsize=8)
def may_load_scripts(config: Config) -> bool:
    """Whether templates of the site's own may load what draws formulas."""
    custom = config.theme.get("custom_dir")
    if not custom:
        return False
    folder = config.root / str(custom)
    return not folder.is_dir() or any(_DRAWS.search(read(file)) for file in folder.rglob("*.html"))


@lru_cache(maxsize=8)
def drawn(config: Config) -> frozenset[str]:
    """The delimiters at which a script of the site draws a formula, wherever they stand in the text."""
    found: frozenset[str] = frozenset()
    loads_mathjax, settings = False, ""
    for path in config.paths("extra_javascript"):
        if path.startswith(("http", "//")):
            loads_mathjax |= "mathjax" in path.lower()
        else:
            settings += read(config.docs_dir / path)
    if "renderMathInElement(" in settings:
        found |= frozenset(_LEFT.findall(settings)) if "delimiters" in settings else _USUAL
    if loads_mathjax and not any(name in settings for name in _SOME_PLACES):
        is_set = "inlineMath" in settings or "displayMath" in settings
        found |= frozenset(_PAIR.findall(settings)) if is_set else _USUAL
    return frozenset(delimiter.replace("\\\\", "\\") for delimiter in found)
