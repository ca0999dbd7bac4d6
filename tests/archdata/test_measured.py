"""What was measured of the checks: shares and totals follow from the rows, and counts that cannot be are refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from archdata import measured
from examples import DOCS

PAIRS = """\
sets: []
beside: []
odd:
  - {set: first, pages: 9, flagged: 3, slips: 2}
programs:
  - {about: swapped letters, first: [3, 4]}
  - {about: lost signs, first: [5, 6], now: [6, 6]}
sites:
  - {group: 1, site: a/b, commit: "1234567", pages: 3, first: [10, 5], now: [5, 0]}
  - {group: 1, site: a/c, commit: "1234567", kind: a wiki, first: [10, 0], now: [10, 1]}
  - {group: 2, site: a/d, commit: "1234567", part: docs/de, first: [0, 0]}
listed:
  - {site: a/b, first: [1, 4], now: [3, 4]}
  - {site: a/c, first: [2, 2], now: [2, 2]}
read: []
marks: []
words: []
mended: []
kinds: []
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    shutil.copytree(DOCS / "_data/schema", tmp_path / "_data/schema")
    (tmp_path / "_data/measured.yml").write_text(PAIRS, "utf-8")
    return tmp_path


def test_a_share_is_that_of_all_rows_together(docs: Path) -> None:
    assert measured.share(docs, "listed", "first") == "50\u00a0%"
    table = measured.defects_table(docs, "listed", {"site": "Site"}, "a.md")
    assert "| all | 6 | 3 (50\u00a0%) | 5 (83\u00a0%) |" in table


def test_rows_that_were_not_measured_again_are_not_added_up(docs: Path) -> None:
    table = measured.defects_table(docs, "programs", {"about": "Slips"}, "a.md")
    assert "| swapped letters | 4 | 3 | – |" in table
    assert "| lost signs | 6 | 5 | 6 |" in table
    assert "all" not in table


def test_half_of_the_sites_fall_short_of_the_median_and_sites_without_findings_do_not_count(docs: Path) -> None:
    assert measured.right(docs, "first", 2) == "75\u00a0%"


def test_a_site_shows_the_part_that_was_read_and_leaves_empty_what_was_not_measured(docs: Path) -> None:
    assert "| a/d, `docs/de` | 2 | 0 | 0 |  |  |  |  | 1234567 |" in measured.sites_table(docs, "a.md")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("first: [1, 4]", "first: [5, 4]", 13, "5 of 4 cannot be"),
        ("first: [10, 5]", "first: [10, 11]", 9, "11 of 10 cannot be"),
        ("pages: 3", "page: 3", 9, "unknown key `page`"),
        ("first: [3, 4]", "first: [4, 3]", 6, "4 of 3 cannot be"),
        ("slips: 2", "slips: 4", 4, "4 of 3 flagged ones of 9 cannot be"),
        ("[2, 2], now", "[2], now", 14, "is too short"),
    ],
)
def test_counts_that_cannot_be_are_refused_at_their_line(
    docs: Path, old: str, new: str, line: int, message: str
) -> None:
    (docs / "_data/measured.yml").write_text(PAIRS.replace(old, new, 1), "utf-8")

    found = list(measured.check(docs))

    assert [(error.line, message in error.message) for error in found] == [(line, True)]


def test_the_measurements_of_this_repository_are_in_order() -> None:
    assert not list(measured.check(DOCS))
