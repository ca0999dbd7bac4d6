"""Faults of the glossary are found where they stand, and an acronym on two pages has to be a term."""

from pathlib import Path

import pytest
from archdata import glossary, glossary_checks
from examples import DOCS

GOOD = """\
- term: Alpha beta gamma
  acronym: ABG
  meaning: The first.
- term: Delta rule
  meaning: The second.
"""
PAGE = "---\ntitle: A page with XYZ\ndescription: Of QQQ.\n---\n\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "_data").mkdir()
    (tmp_path / "_data/glossary.yml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def pages(docs: Path, *texts: str) -> list[str]:
    for index, text in enumerate(texts):
        (docs / f"page{index}.md").write_text(PAGE + text, encoding="utf-8")
    return [str(error).replace(str(docs) + "/", "") for error in glossary_checks.check(docs)]


def test_our_own_glossary_is_sound() -> None:
    assert [str(error) for error in glossary_checks.check(DOCS)] == []


def test_an_acronym_on_two_pages_is_a_finding_at_its_first_place(docs: Path) -> None:
    [found] = pages(docs, "Uses one.\n\nAnd the NEW thing.\n", "Two NEWs.\n")

    assert found.startswith("page0.md:8:9: `NEW` is explained nowhere and used on 2 pages")


@pytest.mark.parametrize(
    "text",
    [
        "An ABG, several ABGs and **ABG** are terms.",
        "`NEW` and ```NEW``` are code.",
        "```text\nNEW\n```",
        "$NEW$ and\n\n$$\nNEW = A\n$$\n\nare formulas.",
        "[= NEW =] is a macro.",
        "[a link](NEW.md) and <https://example.org/NEW> are addresses.",
        "[@NEW; @other, NEW] is a citation.",
        "<!-- NEW -->",
        "NEW-2, NEW2, NEW.1, a-NEW, NEWer and NEW-TON are names.",
        "/// figure | a/NEW\nA caption.\n///",
        "A and I stand alone; TOOLONGTOBEONE does too.",
    ],
)
def test_what_is_no_acronym_in_prose(docs: Path, text: str) -> None:
    assert pages(docs, text, text) == []


def test_one_page_may_explain_for_itself_and_contributors_may_use_any(docs: Path) -> None:
    (docs / "contribute").mkdir()
    (docs / "contribute/a.md").write_text("NEW", encoding="utf-8")

    assert pages(docs, "A NEW thing.", "Another thing.") == []


def test_what_needs_no_entry_is_listed_with_its_reason(docs: Path) -> None:
    (docs / "_data/acronyms.yml").write_text("names: [NEW]\neveryday: [ABG, OLD, NEW]\n", encoding="utf-8")
    errors = {str(error).split("acronyms.yml:")[1]: error.severity for error in _faults(docs, "A NEW thing.")}

    assert errors == {
        "2:22: `NEW` is listed twice; keep one": "error",
        "2: `ABG` is in the glossary too; remove it here": "warning",
        "2: no page uses `ABG`; remove it": "warning",
        "2: no page uses `OLD`; remove it": "warning",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("names:\n", "acronyms.yml:1:1: `names` is not a list of acronyms; write `- GPU` for each"),
        ("names: [1]\n", "acronyms.yml:1:1: `names` is not a list of acronyms; write `- GPU` for each"),
        ("names: [NEW\n", "acronyms.yml:2:1: not YAML: "),
    ],
)
def test_a_list_of_acronyms_that_is_none_is_told_with_its_place(docs: Path, text: str, said: str) -> None:
    (docs / "_data/acronyms.yml").write_text(text, encoding="utf-8")

    assert [said in str(error) for error in _faults(docs, "Text.")] == [True]


def _faults(docs: Path, text: str) -> list:  # type: ignore[type-arg]
    for index in range(2):
        (docs / f"page{index}.md").write_text(PAGE + text, encoding="utf-8")
    return list(glossary_checks.check(docs))


@pytest.mark.parametrize(
    ("entries", "line", "said"),
    [
        ("- term: B\n  meaning: One.\n- term: A\n  meaning: Two.\n", 3, "`a` stands after `b`"),
        ("- term: A\n  meaning: One.\n- term: a\n  meaning: Two.\n", 3, "`a` stands after `a`"),
        ("- term: A\n  meaning: One\n", 1, "the meaning of `A` is not a sentence"),
        ("- term: A\n", 1, "`meaning` is missing"),
        ("- term: A\n  meaning: One.\n  page: gone.md\n", 1, "there is no page `gone.md`"),
        ("- term: A\n  meaning: One.\n  acronyms: AB\n", 1, "unknown key `acronyms`"),
        ("- term: A\n  meaning: One.\n  aliases: other\n", 1, "`aliases` is not a list of names"),
        ("- term: A\n  meaning: One.\n  acronym: [AB]\n", 1, "`acronym` is not a text"),
        ("- term: A\n  meaning: One.\n  page: 1\n", 1, "`page` is not a text"),
        ("- term: A\n  meaning: One.\n  everyday: [B]\n", 1, "`B` is no name of the term"),
        ("- term: A\n  meaning: One.\n  everyday: 1\n", 1, "`everyday` is neither `true` nor a list"),
    ],
)
def test_a_faulty_entry_is_found_at_its_line(docs: Path, entries: str, line: int, said: str) -> None:
    (docs / "_data/glossary.yml").write_text(entries, encoding="utf-8")
    [error] = glossary_checks.check(docs)

    assert error.line == line
    assert error.message == said


def test_the_page_leads_to_each_letter_that_it_has(docs: Path) -> None:
    (docs / "_data/glossary.yml").write_text(
        "".join(f"- term: {name}\n  meaning: One.\n" for name in ("Attention", "Autoencoder", "Codebook")),
        encoding="utf-8",
    )
    first, *rest = glossary.glossary_entries(docs).split("\n\n")

    assert first.rstrip() == "**Go to** [A](#a) [C](#c)"
    assert [line for line in "\n".join(rest).splitlines() if line.startswith("## ")] == ["## A", "## C"]
