"""Rules on references to papers and other works on the net."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docscheck.words.lexicon import telling

if TYPE_CHECKING:
    from docscheck.page import Page


def tells(word: str) -> bool:
    """Whether a word, in small letters, holds one of the names that `names` is asked for."""
    return "arxiv" in word or "doi:" in word or "doi.org/10." in word


def names(page: Page, name: str) -> bool:
    """Whether an address or running text holds what arXiv's addresses, DOIs or their resolver's addresses hold."""
    if ":" not in page.signs:
        return False
    if any(name in word for word in telling(page)):
        return True
    return any(name in page.source.text[slice(*tag.span)].lower() for tag in page.tags)
