"""Every rule has its page in docs/contribute/checks, and the page's examples are executed.

Under `## Bad` and `## Good` each fence is a file under docs/, named by its `title` (`page.md` without one); one titled
`mkdocs.yml` holds settings. The numbers in `hl_lines` are the lines on which the rule, and no other, is to be found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from docscheck import check_site
from docscheck.diagnostics import Rule
from docscheck.engine import DEFAULTS
from docscheck.explain import explain, find
from docscheck.rules import RULES

PAGES = Path(__file__).resolve().parents[2] / "docs" / "contribute" / "checks"
FENCE = re.compile(r"^(`{3,})(\w+)([^\n`]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Sample:
    """A file of an example."""

    name: str
    text: str
    lines: tuple[int, ...]
    """Where findings are expected, from 1."""


@lru_cache
def page(rule: str) -> str:
    """The text of a rule's page."""
    return (PAGES / f"{rule}.md").read_text(encoding="utf-8")


def section(rule: str, heading: str) -> str:
    """The text under a heading of the second level."""
    match = re.search(rf"^## {heading}\n(.*?)(?=^## (?:Good|Fix)\n|\Z)", page(rule), re.MULTILINE | re.DOTALL)
    assert match, f"{rule}.md has no section {heading}"
    return match[1]


def samples(rule: str, heading: str) -> Iterator[Sample]:
    """The files of a section."""
    for _, _, options, text in FENCE.findall(section(rule, heading)):
        title = re.search(r'title="([^"]*)"', options)
        lines = re.search(r'hl_lines="([^"]*)"', options)
        numbers = tuple(int(number) for number in lines[1].split()) if lines else ()
        # Our own site would put the file in place of an include that is not escaped.
        yield Sample(title[1] if title else "page.md", text.replace(";--8<--", "--8<--"), numbers)


def write_site(root: Path, files: list[Sample]) -> Path:
    """Write the files and an mkdocs.yml; return that."""
    settings = {**DEFAULTS, "site_name": "Example"}
    for sample in files:
        if sample.name == "mkdocs.yml":
            settings |= merged(yaml.safe_load(sample.text))
            continue
        file = root / "docs" / sample.name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(sample.text, encoding="utf-8")
    config = root / "mkdocs.yml"
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return config


def merged(settings: dict[str, object]) -> dict[str, object]:
    """The settings of an example; its extensions come on top of the usual ones unless it is about a missing one."""
    own = settings.get("markdown_extensions")
    if isinstance(own, list) and own != ["admonition"]:
        settings["markdown_extensions"] = [*DEFAULTS["markdown_extensions"], *own]
    return settings


def findings(root: Path, files: list[Sample]) -> set[tuple[str, int, str]]:
    """File, line and rule of everything found."""
    found = check_site(write_site(root, files), working_directory=root / "docs")
    return {(diagnostic.path, diagnostic.line, diagnostic.rule) for diagnostic in found}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_page_names_code_and_severity(rule: Rule) -> None:
    assert f"`{rule.code}` · {rule.severity}" in page(rule.name)
    front_matter = yaml.safe_load(page(rule.name).split("---\n")[1])
    assert front_matter["title"] == rule.name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_bad_example_is_found_on_its_lines_and_nothing_else(rule: Rule, tmp_path: Path) -> None:
    files = list(samples(rule.name, "Bad"))
    expected = {(sample.name, line, rule.name) for sample in files for line in sample.lines}
    assert expected
    assert findings(tmp_path, files) == expected


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_good_example_is_clean(rule: Rule, tmp_path: Path) -> None:
    assert findings(tmp_path, list(samples(rule.name, "Good"))) == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_code_and_name_lead_to_the_explanation(rule: Rule) -> None:
    assert find(rule.code) is find(rule.name) is rule
    assert explain(rule).startswith(f"{rule.code} {rule.name}")
    assert "## Fix" in explain(rule)


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)


def test_no_page_is_left_over() -> None:
    assert {file.stem for file in PAGES.glob("*.md")} - {"index"} == {rule.name for rule in RULES}
