"""The packages under hooks/ are built in layers: whoever reads one file has to read only what lies below it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

HOOKS = Path(__file__).resolve().parents[2] / "hooks"
BELOW = {
    "docscheck": set[str](),
    "archdata": {"docscheck"},
    "archfigures": {"archdata", "docscheck"},
    "archmarkdown": {"archfigures", "archdata", "docscheck"},
    "archpublish": {"archdata", "docscheck"},
    "docscheck_panel": {"docscheck"},
    "mkdocs_incremental": set[str](),
    "mkdocs_atomic": set[str](),
}
"""The packages that each may import."""


def _name(file: Path) -> str:
    """How a file is imported."""
    parts = file.relative_to(HOOKS).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


FILES = {_name(file): file for file in HOOKS.rglob("*.py")}


def _imports(tree: ast.AST) -> Iterator[str]:
    """What a file imports, wherever in it: at its head, inside a function, or for its types alone."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import hides where a name comes from"
            for name in node.names:
                full = f"{node.module}.{name.name}"
                yield full if full in FILES else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.fixture(scope="module")
def imported() -> Mapping[str, set[str]]:
    """Our own files that each file imports."""
    return {
        name: {one for one in _imports(ast.parse(file.read_text("utf-8"))) if one in FILES and one != name}
        for name, file in FILES.items()
    }


def test_every_file_is_read(imported: Mapping[str, set[str]]) -> None:
    assert {"build", "macros", "docscheck.page", "docscheck.rules.boxes.unclosed_title"} <= imported.keys()
    assert "docscheck.site" in imported["docscheck.engine"]
    assert "docscheck.rendering" in imported["docscheck.page"]  # imported for its types, and inside a function


def test_no_two_files_import_each_other_by_any_way_round(imported: Mapping[str, set[str]]) -> None:
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(reversed(error.args[1])))


@pytest.mark.parametrize("package", BELOW)
def test_a_package_imports_only_those_below_it(imported: Mapping[str, set[str]], package: str) -> None:
    above = {
        f"{name} imports {one}"
        for name, others in imported.items()
        for one in others
        if name.partition(".")[0] == package and one.partition(".")[0] not in {package, *BELOW[package]}
    }
    assert not above
