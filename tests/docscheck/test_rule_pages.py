"""Every rule has its page in docs/contribute/checks, and the page's examples are executed.

How the examples are written is said in `archdata.rule_examples`, which shows on the page what becomes of the bad one.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path

import pytest
import yaml
from archdata import rule_examples
from archdata.rule_examples import Sample, section, settings
from docscheck import check_site
from docscheck.diagnostics import Rule
from docscheck.explain import explain, find
from docscheck.rules import OTHER_RULES, PAGE_RULES, RULES, SITE_RULES

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "contribute" / "checks"
HOOKS = ROOT / "hooks"


@lru_cache
def page(rule: str) -> str:
    """The text of a rule's page."""
    return (PAGES / f"{rule}.md").read_text(encoding="utf-8")


def samples(rule: str, heading: str) -> list[Sample]:
    """The files of a section."""
    assert section(page(rule), heading), f"{rule}.md has no section {heading}"
    return list(rule_examples.samples(page(rule), heading))


def write_site(root: Path, files: list[Sample]) -> Path:
    """Write the files and an mkdocs.yml; return that."""
    for sample in files:
        if sample.name == "mkdocs.yml":
            continue
        file = root / "docs" / sample.name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(sample.text, encoding="utf-8")
    config = root / "mkdocs.yml"
    config.write_text(yaml.safe_dump(settings(files)), encoding="utf-8")
    return config


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
    files = samples(rule.name, "Bad")
    expected = {(sample.name, line, rule.name) for sample in files for line in sample.lines}
    assert expected
    assert findings(tmp_path, files) == expected


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_good_example_is_clean(rule: Rule, tmp_path: Path) -> None:
    assert findings(tmp_path, samples(rule.name, "Good")) == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_code_and_name_lead_to_the_explanation(rule: Rule) -> None:
    assert find(rule.code) is find(rule.name) is rule
    assert explain(rule).startswith(f"{rule.code} {rule.name}")
    assert "## Fix" in explain(rule)


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)


def test_no_page_is_left_over() -> None:
    assert {file.stem for file in PAGES.glob("*.md")} - {"index"} == {rule.name for rule in RULES}


def test_no_rule_imports_another() -> None:
    """What rules share stands in the packages beside them, so that each can be read, moved and removed alone."""
    rules = {f"docscheck.rules.{entry.name}" for entry in (*PAGE_RULES, *SITE_RULES, *OTHER_RULES)}

    borrowed = {
        f"{rule} from {node.module}"
        for rule in rules
        for node in ast.walk(ast.parse((HOOKS / f"{rule.replace('.', '/')}.py").read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module
        for module in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        if module in rules
    }

    assert borrowed == set()
