"""What a page's rendering rests on: every term that it shows is among those that are looked at."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from archmarkdown import inputs
from markdown import markdown

TERMS = """
- {term: Expert, meaning: A part.}
- {term: Mixture of experts, acronym: MoE, meaning: 'Many "sparse" parts.'}
- {term: Grouped-query attention, acronym: GQA, meaning: Shared heads., aliases: [grouped queries]}
- {term: Reflex, meaning: A kind of answer.}
- {term: Advantage, meaning: How much better., everyday: true}
- {term: Token, meaning: The unit.}
"""
PAGES = {
    "plural": ("Two experts, three reflexes.", {"Expert", "Reflex"}),
    "names": ("MoEs and GQA; a mixture of experts.", {"Mixture of experts", "Grouped-query attention"}),
    "an alias": ("With Grouped Queries.", {"Grouped-query attention"}),
    "marks": ("An *expert*s\\-only **token**.", {"Expert", "Token"}),
    "nothing": ("Expertise, betokened, an advantage.", set()),
    "a part of a file": ('--8<-- "part.txt:middle"\n', {"Token"}),
    "a file in a file": ('--8<-- "outer.txt"\n', {"Token"}),
}


@pytest.fixture
def docs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "_data/glossary.yml": TERMS,
        "part.txt": "# --8<-- [start:middle]\nA token.\n# --8<-- [end:middle]\n",
        "outer.txt": '--8<-- "part.txt:middle"\n',
    }
    for name, text in files.items():
        (tmp_path / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_every_term_that_is_shown_is_looked_at(name: str, docs: Path) -> None:
    """And few others, so that an edit of a term makes few pages anew."""
    text, shown = PAGES[name]
    rendered = markdown(
        text,
        extensions=["archmarkdown.glossary", "pymdownx.snippets"],
        extension_configs={"pymdownx.snippets": {"base_path": ["docs"], "check_paths": True}},
    )
    tooltips = {html.unescape(title) for title in re.findall(r'class="term" href="[^"]*" title="([^"]*)"', rendered)}

    looked_at = inputs._terms(docs, text, [])

    assert tooltips == {term.tooltip for term in looked_at if term.name in shown}
    assert {term.name for term in looked_at} - shown <= {"Expert"}


@pytest.mark.parametrize("text", ['--8<-- "gone.txt"', "--8<--\npart.txt\n--8<--", "8< or so"])
def test_a_page_whose_files_cannot_be_told_looks_at_all(text: str, docs: Path) -> None:
    assert len(inputs._terms(docs, text, [])) == 5
