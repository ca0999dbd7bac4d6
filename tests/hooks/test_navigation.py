"""The navigation: every name fits in the narrow column beside a page, whatever the page's own title is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docscheck.config import load_config

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 28


def names(nav: list[Any]) -> Iterator[tuple[str, str]]:
    """Each page of a navigation with the name it has there: a given one, or else its own title."""
    for item in nav:
        for title, value in item.items() if isinstance(item, dict) else [("", item)]:
            if isinstance(value, list):
                yield from names(value)
            elif title or not value.endswith("index.md"):
                text = (ROOT / "docs" / value).read_text(encoding="utf-8")
                own = next((line[7:].strip('"') for line in text.splitlines() if line.startswith("title: ")), "")
                yield value, title or own


FOUND = list(names(load_config(ROOT / "mkdocs.yml").values["nav"]))


@pytest.mark.parametrize(("page", "name"), FOUND)
def test_a_name_in_the_navigation_is_short(page: str, name: str) -> None:
    assert 2 < len(name) <= LONGEST, page


def test_no_two_pages_have_the_same_name() -> None:
    assert len({name for _, name in FOUND}) == len(FOUND) > 100
