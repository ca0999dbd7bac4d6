"""Measure builds of this repository's own site after edits of its data: `python tests/mkdocs_incremental/own_site.py`.

As `python -m mkdocs_incremental.measure` does for generated sites, which have no citations and no data.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "hooks"))

from mkdocs_incremental.measure import Edit, measure, replacing, report  # noqa: E402

_PLUGIN = "  - incremental:\n"
_LEFT_OUT = (".git", ".cache", ".mypy_cache", ".pytest_cache", ".ruff_cache", "site", "tests", "__pycache__")
_PAGE = "docs/architectures/transformers/rope.md"

EDITS: dict[str, Edit | None] = {
    "cold": None,
    "nothing changed": lambda root, turn: None,
    "one page": replacing(_PAGE, "## How it works\n", "## How it works\n\nRead once more in round"),
    "one heading renamed": replacing(_PAGE, "## Code", "## Code in round"),
    "one title changed": replacing(_PAGE, "title: Rotary", "title: Rotary (round)"),
    "one model's data changed": replacing("docs/_data/models/llama-2-70b.yml", "name: Llama 2", "name: Llama 2 again"),
    "one bibliography entry changed": replacing("docs/_data/references.bib", "Retentive Network", "Retentive Network"),
    "one term changed": replacing("docs/_data/glossary.yml", "meaning: The ", "meaning: The "),
}


def write(root: Path) -> None:
    """Copy the site, with a second configuration that leaves the plugin out."""
    shutil.copytree(ROOT, root, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    before, found, after = (root / "mkdocs.yml").read_text("utf-8").partition(_PLUGIN)
    assert found
    lines = after.splitlines(keepends=True)
    while lines and lines[0].startswith("      "):
        del lines[0]
    (root / "plain.yml").write_text(before + "".join(lines), "utf-8")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2)
    options = parser.parse_args()
    report(options.runs, measure("this site", write, EDITS, options.runs))


if __name__ == "__main__":
    main()
