"""Where a fault of the front matter is said to be."""

from __future__ import annotations

import pytest
from docscheck.engine import check_page
from docscheck.parse.front_matter import FrontMatter, parse_front_matter


@pytest.mark.parametrize("sign", ["\x85", "\u2028", "\u2029"])
def test_lines_are_those_of_the_file(sign: str) -> None:
    """For YAML these signs end a line; for editors, and for us, they do not."""
    found, plain = (parse_front_matter(f"---\ntitle: 'a{text}b'\nother: [\n---\n") for text in (sign, " "))

    assert found.error
    assert found.error_line == plain.error_line == 3


def test_half_a_surrogate_pair_is_a_fault_and_no_traceback() -> None:
    found = parse_front_matter("---\ntitle: a\ud83d\n---\n")

    assert "cannot be read" in found.error


@pytest.mark.parametrize("text", ["# Cups\n\n* Need cups\n", "*Cups* and: lids\n", "> Cups: two\n", "@cups\n"])
def test_text_between_two_rules_is_no_front_matter(text: str) -> None:
    """MkDocs leaves it on the page, whether it is YAML or not."""
    found = parse_front_matter(f"---\n{text}---\n")

    assert (found.end, found.error) == (0, "")


def test_front_matter_that_cannot_be_read_is_a_fault() -> None:
    assert parse_front_matter("---\ntitle: a: b\n---\n").error
    assert parse_front_matter("---\n# Cups\ntags: [\n---\n").error


@pytest.mark.parametrize(("margin", "expected"), [("", []), ("  ", ["late-front-matter"])])
def test_front_matter_begins_at_the_margin(margin: str, expected: list[str]) -> None:
    found = check_page(f"{margin}---\ndescription: Cups of all sizes\n---\n\n# Cups\n\nAll of them.\n")

    assert [finding.rule for finding in found if finding.line == 1] == expected


def test_a_title_without_marks_is_front_matter() -> None:
    assert parse_front_matter("title: Cups\nauthors: Ada\n    Grace\n\nText.\n") == FrontMatter(
        3, {"title": "Cups", "authors": "Ada"}
    )


@pytest.mark.parametrize("text", ["Note: cups break.\n\nText.\n", "title: Cups\nText.\n\nText.\n", "title:\n\nText.\n"])
def test_words_with_a_colon_are_text(text: str) -> None:
    assert parse_front_matter(text).end == 0
