"""The words that this run has met, and what is known of those of a page."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from docscheck.once import of_page
from docscheck.page import Page
from docscheck.words.codes import TELLING, Coded, Lexicon

_TELLERS = (
    "lists.empty_item",
    "lists.pasted_bullet",
    "syntax.accidental_emphasis",
    "syntax.foreign_syntax",
    "prose.placeholder",
    "prose.doubled_word",
    "prose.chat_leftover",
    "prose.punctuation",
    "prose.wrong_space",
    "prose.misspelt_word",
    "references",
)
"""Rules to which single words are a reason to look at a page; each has a function `tells` that says which."""


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The words met so far."""
    from docscheck.words.slips import slips  # takes longer to read than a page without words to check

    known = slips()
    tellers = [import_module(f"docscheck.rules.{name}").tells for name in _TELLERS]
    return Lexicon(known.table.groups_of, known.chains.code, tellers)


@of_page
def coded(page: Page) -> Coded:
    """The words of a page."""
    return Coded(page.words, lexicon())


@of_page
def telling(page: Page) -> frozenset[str]:
    """The words of a page that are a reason for some rule to look at it: few, and on most pages none."""
    return coded(page).having(TELLING)
