"""What a rule is about: its module's docstring, and its page where the pages are at hand."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

from docscheck.diagnostics import Rule
from docscheck.rules import every_rule

_PACKED = Path(__file__).resolve().parent / "explained"
"""The pages of the rules as they come with the package."""
PAGES = _PACKED if _PACKED.is_dir() else Path(__file__).resolve().parents[2] / "docs" / "contribute" / "checks"

_ONLY_ON_PAGES = re.compile(r"\A`[A-Z]{3}\d+`[^\n]*\n+|^\[=[^\n]*=\]\n\n", re.M)
"""The line with the code, which the head repeats, and the macros."""
_MARKED = re.compile(r"^(`{4,}[^`\n]*?) hl_lines=\"[\d ]*\"", re.M)
"""The lines that an example marks on its page; an example may hold a fence with such lines itself."""
_WIDTH = 100


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
    return f"{head}\n\n" + "\n\n".join(_readable(_MARKED.sub(r"\1", _ONLY_ON_PAGES.sub("", body)))) + "\n"


def _readable(body: str) -> Iterator[str]:
    """The paragraphs of a page, those outside its examples in lines that are easy to read in a terminal."""
    in_example = False
    for paragraph in body.split("\n\n"):
        marks = sum(line.startswith("````") for line in paragraph.split("\n"))
        is_prose = not in_example and not marks and paragraph[:1].isalnum()
        yield (
            textwrap.fill(paragraph, _WIDTH, break_long_words=False, break_on_hyphens=False) if is_prose else paragraph
        )
        in_example ^= marks % 2 == 1


def listing(beginning: str) -> str:
    """Every rule whose code begins so, in a line; empty where there is none."""
    rules = sorted(every_rule(), key=lambda rule: rule.code)
    width = max(len(rule.name) for rule in rules)
    return "".join(
        f"{rule.code}  {rule.name:<{width}}  {rule.severity}{f', profile {rule.profile}' if rule.profile else ''}\n"
        for rule in rules
        if rule.code.startswith(beginning.upper())
    )
