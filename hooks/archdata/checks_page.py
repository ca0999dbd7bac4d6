"""The list of checks, from the table of rules and the pages that explain them."""

from __future__ import annotations

import re
from pathlib import Path

from docscheck.rules import RULES

from archdata.html import Cell, table

FOLDER = "contribute/checks"


def checks_table(docs: Path, page: str) -> str:
    """Every rule with its code, its page, and what it finds."""
    rows = [
        [
            f"`{rule.code}`",
            Cell(rule.name, href=f"{FOLDER}/{rule.name}.md")
            if (docs / FOLDER / f"{rule.name}.md").is_file()
            else rule.name,
            _description(docs / FOLDER / f"{rule.name}.md"),
            str(rule.severity.value) + (f", profile {rule.profile}" if rule.profile else ""),
        ]
        for rule in RULES
    ]
    return table("Checks", ["Code", "Check", "Finds", "Severity"], rows, page, filters=["Severity"])


def _description(path: Path) -> str:
    found = re.search(r"^description: (.*)$", path.read_text("utf-8"), re.MULTILINE) if path.is_file() else None
    return found[1].strip("\"'") if found else ""
