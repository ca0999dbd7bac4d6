"""What a rule is about: its module's docstring, and its page where the pages are at hand."""

from __future__ import annotations

from pathlib import Path

from docscheck.diagnostics import Rule
from docscheck.rules import every_rule

_PACKED = Path(__file__).resolve().parent / "explained"
"""The pages of the rules as they come with the package."""
PAGES = _PACKED if _PACKED.is_dir() else Path(__file__).resolve().parents[2] / "docs" / "contribute" / "checks"


def find(name: str) -> Rule | None:
    """The rule with this code or name."""
    return next((rule for rule in every_rule() if name.upper() == rule.code or name == rule.name), None)


def explain(rule: Rule) -> str:
    """The rule in words."""
    head = f"{rule.code} {rule.name} ({rule.severity}{f', profile {rule.profile}' if rule.profile else ''})"
    about = (every_rule()[rule].__doc__ or "").strip()
    page = PAGES / f"{rule.name}.md"
    if not page.is_file():
        return f"{head}\n\n{about}\n"
    body = page.read_text(encoding="utf-8").split("\n---\n", 1)[-1].strip()
    return f"{head}\n\n{body}\n"


def listing(beginning: str = "") -> str:
    """Every rule whose code begins so, in a line; empty where there is none."""
    rules = sorted(every_rule(), key=lambda rule: rule.code)
    width = max(len(rule.name) for rule in rules)
    return "".join(
        f"{rule.code}  {rule.name:<{width}}  {rule.severity}{f', profile {rule.profile}' if rule.profile else ''}\n"
        for rule in rules
        if rule.code.startswith(beginning.upper())
    )
