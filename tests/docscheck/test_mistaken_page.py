"""A page with the mistakes that began this project: each is found on its line, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
from docscheck import Diagnostic, check_site
from docscheck.report import text

PAGE = Path(__file__).with_name("mistaken_page.md")
SETTINGS = """\
site_name: Mistakes
theme: {name: material}
plugins: [search]
markdown_extensions: [admonition, attr_list, md_in_html, tables, toc, pymdownx.details, pymdownx.superfences]
extra: {docscheck: {profile: kb}}
"""
EXPECTED = {
    ("!!! note", "unclosed-title"),
    ("The signal may come from", "missing-file"),
    ("[hybrid ways](", "missing-file"),
    ("-\n", "empty-item"),
    ("#### Signals from people", "level-jump"),
    ("## Signals from other models", "empty-section"),
    ("[Constitutional AI]", "links-run-together"),
    ("judge or teach a model", "arxiv-pdf"),
    ("![image]", "empty-alt-text"),
    ("Supervision from outside", "unfinished-sentence"),
}
"""The beginning of the line, and the rule."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Diagnostic]:
    root = tmp_path_factory.mktemp("site")
    (root / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
    (root / "docs").mkdir()
    (root / "docs" / "index.md").write_text(PAGE.read_text(encoding="utf-8"), encoding="utf-8")
    (root / "docs" / "loop.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', encoding="utf-8")
    return check_site(root / "mkdocs.yml", working_directory=root)


def line_of(beginning: str) -> int:
    """The line, from 1, that begins so."""
    lines = [f"{line}\n" for line in PAGE.read_text(encoding="utf-8").splitlines()]
    (number,) = [number for number, line in enumerate(lines, start=1) if line.startswith(beginning)]
    return number


@pytest.mark.parametrize(("beginning", "rule"), sorted(EXPECTED))
def test_each_mistake_is_found_on_its_line(found: list[Diagnostic], beginning: str, rule: str) -> None:
    assert rule in {diagnostic.rule for diagnostic in found if diagnostic.line == line_of(beginning)}


def test_nothing_else_is_found(found: list[Diagnostic]) -> None:
    expected = {(line_of(beginning), rule) for beginning, rule in EXPECTED}
    assert {(diagnostic.line, diagnostic.rule) for diagnostic in found} == expected


def test_a_finding_reads_like_a_sentence_with_its_place(found: list[Diagnostic]) -> None:
    title = next(diagnostic for diagnostic in found if diagnostic.rule == "unclosed-title")
    assert text.render(title) == (
        "docs/index.md:16:10: error BOX101 the title of this box is never closed\n"
        '   16 | !!! note "[Masked autoencoders](https://arxiv.org/abs/2111.06377)\n'
        "      |          ^ the quote opens here\n"
        '      = help: add `"` at the end of the line; until then the box shows as plain text'
    )
