"""Code and output that a page shows fit into its column: nothing of them is scrolled on a screen of usual size."""

from __future__ import annotations

import re
from collections.abc import Iterator

from examples import DOCS

COLUMN = 88
_TAKEN_IN = re.compile(r'--8<-- "([^":]+\.(?:py|out))(?::([\w-]+))?"')


def shown_sections() -> Iterator[tuple[str, str]]:
    """The files of code and output that pages take in, each with the section or an empty name."""
    for page in sorted(DOCS.rglob("*.md")):
        yield from _TAKEN_IN.findall(page.read_text(encoding="utf-8"))


def lines_of(file: str, section: str) -> Iterator[tuple[int, str]]:
    inside = not section
    for number, line in enumerate((DOCS / file).read_text(encoding="utf-8").splitlines(), 1):
        if section and f"--8<-- [end:{section}]" in line:
            inside = False
        if inside:
            yield number, line
        if section and f"--8<-- [start:{section}]" in line:
            inside = True


def test_code_fits_into_the_column() -> None:
    sections = sorted(set(shown_sections()))
    assert len(sections) > 200
    wide = [
        f"{file}:{number}"
        for file, section in sections
        for number, line in lines_of(file, section)
        if len(line) > COLUMN
    ]
    assert wide == []
