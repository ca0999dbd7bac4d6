"""The navigation: a name given to a page fits in the narrow column beside it; a title that is short needs none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from docscheck.config import load_config

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 28


def names(nav: list[Any]) -> Iterator[tuple[str, str]]:
    """Each page of a navigation that has a name of its own there."""
    for item in nav:
        for title, value in item.items() if isinstance(item, dict) else ():
            if isinstance(value, list):
                yield from names(value)
            else:
                yield value, title


FOUND = list(names(load_config(ROOT / "mkdocs.yml").values["nav"]))


@pytest.mark.parametrize(("page", "name"), FOUND)
def test_a_name_given_in_the_navigation_is_short(page: str, name: str) -> None:
    assert 2 < len(name) <= LONGEST, page


def test_no_two_pages_have_the_same_name() -> None:
    assert len({name for _, name in FOUND}) == len(FOUND) > 100
