"""A run that remembers the last one finds what a run that does not would find."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from weakref import ref

import defect_pages
import pytest
from docscheck import check_site, incremental
from docscheck.diagnostics import Diagnostic
from docscheck.engine import open_site
from docscheck.page import Page
from docscheck.running import read_pages

PAPER = "https://arxiv.org/abs/2108.12409"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Diagnostic]]:
    """A site with one spoilt page of each of many kinds, and what the first run, which remembers, finds there."""
    root = tmp_path_factory.mktemp("checked")
    defect_pages.write_site(root)
    for case in list(defect_pages.cases())[::17]:
        if case.config == "base":
            defect_pages.write_page(root, case.name, case.bad)
    defect_pages.write_page(root, "taking-in", '# Taking in\n\n--8<-- "includes/setup.inc:quick"\n')
    defect_pages.write_page(root, "asking", "# Asking\n\nSee [what you need](install.md#requirements).\n")
    defect_pages.write_page(root, "reading", f"# Reading\n\n- [Train Short, Test Long]({PAPER}): slopes.\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        return root, _remembered(root)


@pytest.fixture
def root(checked: tuple[Path, list[Diagnostic]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The site, which is put back after a test; its memory is not, and has to notice."""
    root, _ = checked
    monkeypatch.chdir(root)
    before = _contents(root)
    yield root
    for file in _contents(root).keys() - before.keys():
        file.unlink()
    for file, content in before.items():
        if not file.exists() or file.read_bytes() != content:
            file.write_bytes(content)


def _contents(root: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in root.rglob("*") if file.is_file() and ".cache" not in file.parts}


def _remembered(root: Path) -> list[Diagnostic]:
    return check_site(root / "mkdocs.yml", remember=True)


def _write(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text, "utf-8")
    os.utime(file, ns=(before + 10_000_000_000, before + 10_000_000_000))


def test_the_second_run_reads_no_page(
    checked: tuple[Path, list[Diagnostic]], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, first = checked
    assert first == check_site(root / "mkdocs.yml")
    assert len(first) > 15

    def refuse(pages: Iterable[Page]) -> list[Page]:
        assert not [page.uri for page in pages], "pages are read again"
        return []

    monkeypatch.setattr(incremental, "read_pages", refuse)
    assert _remembered(root) == first


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("docs/guide/install.md", "# Installing\n\n## Other needs\n\nThe anchor `#requirements` is gone.\n"),
        ("docs/guide/install.md", "# Installing\n\nYou recieve !!! note\n"),
        ("docs/guide/new.md", "# New\n\n[RoFormer: Another Title Here](https://arxiv.org/abs/2108.12409)\n"),
        ("docs/guide/new.md", "# New\n\n!!! tip \"Numbers\"\n\nSee them:\n\n!!! note \"Open\n    Body\n"),
        ("docs/assets/extra.css", ".md-typeset .admonition.warnning { color: red }\n"),
        ("docs/includes/setup.inc", "No section is left.\n"),
        ("base.yml", None),
        ("docs/reference/config.md", "# Configuration\n\n<!-- docscheck: ignore-file -->\n\n!!! note \"open\n"),
    ],
)  # fmt: skip
def test_every_change_is_noticed(root: Path, name: str, text: str | None) -> None:
    before = _remembered(root)
    if text is None:
        text = (root / "mkdocs.yml").read_text("utf-8").replace("  - admonition\n", "")
        name = "mkdocs.yml"
    _write(root, name, text)
    after = _remembered(root)
    assert after == check_site(root / "mkdocs.yml")
    if not name.endswith(".css"):
        assert after != before
    assert _remembered(root) == after


def test_a_page_that_goes_is_forgotten(root: Path) -> None:
    _remembered(root)
    (root / "docs/guide/install.md").unlink()
    assert _remembered(root) == check_site(root / "mkdocs.yml")


def test_a_broken_memory_is_no_error(root: Path) -> None:
    first = _remembered(root)
    file = incremental.memory_file(open_site(root / "mkdocs.yml").config)
    key, words, *pages = file.read_text("utf-8").split("\n")
    broken = [
        ["{"],
        [key],
        [key, words],
        [key, words, *pages[:-3]],
        [key, words, *pages[:-1], pages[-1][:-2]],
        [key, words, *pages, pages[0]],
        [key, words, "1"],
        [key, "1", *pages],
        ["another", words, *pages],
    ]
    for lines in broken:
        file.write_text("\n".join(lines), "utf-8")
        assert _remembered(root) == first
        assert _remembered(root) == first


def test_a_copy_with_the_old_time_and_size_is_noticed(root: Path) -> None:
    page = root / "docs/guide/copied.md"
    page.write_text('# Copied\n\n!!! note "Open\n    Body\n', "utf-8")
    before = page.stat().st_mtime_ns
    found = _remembered(root)
    page.write_text('# Copied\n\n!!! note "Shut"\n    Bod\n', "utf-8")
    os.utime(page, ns=(before, before))
    assert _remembered(root) != found


def test_a_page_that_has_been_read_is_given_back_at_once(tmp_path: Path) -> None:
    (tmp_path / "mkdocs.yml").write_text("site_name: Example\n", "utf-8")
    for number in range(20):
        _write(tmp_path, f"docs/{number}.md", "# Oil\n\nCold or hot.\n\n## Storage\n\nIn the dark.\n")
    site = open_site(tmp_path / "mkdocs.yml")
    read = []
    gc.disable()
    try:
        for page, _ in read_pages(site.pages()):
            read.append(ref(page))
            site.forget(page)
        del page
        kept = [one for one in read if one() is not None]
    finally:
        gc.enable()
    assert len(read) == 20
    assert not kept
