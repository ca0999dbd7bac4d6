"""The language of a fence, misspelt: its code is shown without colours."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from docscheck.diagnostics import Edit, Finding, Rule, Severity
from docscheck.languages import LANGUAGES
from docscheck.page import Page
from docscheck.patterns import lazy
from docscheck.words.distance import distance

RULE = Rule("COD111", "misspelt-language", Severity.WARNING)
_SHORTEST = 4
_WORD = lazy(r"[ ]*(?:\{[ ]*)?\.?([a-z]+)(?=[ }]|$)")


def check(page: Page) -> Iterator[Finding]:
    """Compare each language with the usual ones; what another highlighter may know is left alone."""
    for fence in page.fences:
        info = fence.info
        if not info or info in LANGUAGES or fence.problem:
            continue
        word = _WORD.match(info)
        meant = _meant(word[1]) if word else ""
        if word and meant and word[1] not in page.config.custom_fences:
            span = page.source.find(fence.start, word[1])
            yield RULE.at(
                span,
                f"no language is called `{word[1]}`, so the code has no colours",
                help=f"did you mean `{meant}`?",
                fix=Edit(span, meant),
            )


@lru_cache(maxsize=256)
def _meant(word: str) -> str:
    """The language that was meant; empty for one that exists, and for a longer or a shorter name of one."""
    if len(word) < _SHORTEST or word in LANGUAGES:
        return ""
    near = [name for name in LANGUAGES if distance(word, name, 2) < 2 and not _is_longer(word, name)]
    return near[0] if len(near) == 1 and not _is_known(word) else ""


def _is_longer(word: str, name: str) -> bool:
    """Whether one is the other with more behind it, such as `jsonl`: a name of its own, unless a letter is doubled."""
    return (word.startswith(name) and word != name + name[-1]) or name.startswith(word)


def _is_known(word: str) -> bool:
    """Whether Pygments reads this language; without Pygments nobody knows."""
    try:
        from pygments.lexers import find_lexer_class_by_name  # type: ignore[import-untyped]
        from pygments.util import ClassNotFound  # type: ignore[import-untyped]
    except ImportError:
        return True
    try:
        find_lexer_class_by_name(word)
    except ClassNotFound:
        return False
    return True
