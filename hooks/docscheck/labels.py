"""The labels of links by label: which a page defines, and which it uses."""

from __future__ import annotations

import re

from docscheck.included import included_text
from docscheck.page import Page
from docscheck.patterns import lazy

_DEFINED = lazy(r"^[ ]{0,3}\[([^\]]+)\]:", re.M)


def labels(page: Page) -> frozenset[str]:
    """The labels that are defined, folded; those in files the page takes in included."""
    own = {fold(label) for label, _, _ in page.definitions.labels}
    return frozenset(own | labels_in(included_text(page)))


def labels_in(text: str) -> set[str]:
    """The labels that some Markdown defines, folded."""
    return {fold(label) for label in _DEFINED.findall(text)}


def used(page: Page) -> frozenset[str]:
    """The labels that links of the page name, folded."""
    return frozenset(fold(link.label) for link in page.links if link.label)


def fold(label: str) -> str:
    """A label as it is looked up: white space and capitals do not count."""
    return " ".join(label.split()).casefold()
