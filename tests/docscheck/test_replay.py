"""An unchanged run is answered from memory; any change makes it run again."""

from __future__ import annotations

import os
from pathlib import Path

import defect_pages
import pytest
from docscheck import cli, command, incremental, replay
from docscheck.diagnostics import Diagnostic
from docscheck.site import Site

HEADER = '# Cost\n\n!!! note "Never closed\n    Body.\n'


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    defect_pages.write_site(tmp_path)
    defect_pages.write_page(tmp_path, "cost", HEADER)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The arguments of runs that were not answered from memory."""
    real, seen = command.run, []

    def run(given: list[str], known: replay.Grounds | None) -> int:
        seen.append(given)
        return real(given, known)

    monkeypatch.setattr(command, "run", run)
    return seen


def _later(file: Path, text: str) -> None:
    before = file.stat().st_mtime_ns if file.exists() else 0
    file.write_text(text, "utf-8")
    os.utime(file, ns=(before + 10_000_000_000, before + 10_000_000_000))


@pytest.mark.parametrize("given", [[], ["--format", "json"], ["--select=BOX"], ["--config-file", "mkdocs.yml"]])
def test_the_same_answer_is_given_again(
    root: Path, runs: list[list[str]], capsys: pytest.CaptureFixture[str], given: list[str]
) -> None:
    first = cli.main(given), capsys.readouterr().out
    assert first[0] == 1
    assert "BOX101" in first[1]
    assert (cli.main(given), capsys.readouterr().out) == first
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("docs/guide/cost.md", "# Cost\n\nNine euros.\n", 1),  # the site's own pages have findings as well
        ("docs/guide/more.md", HEADER, 1),
        ("mkdocs.yml", None, 1),
        ("pyproject.toml", '[tool.docscheck]\nignore = ["BOX", "HDG", "LNK"]\n', 0),
    ],
)
def test_a_change_is_noticed(root: Path, runs: list[list[str]], name: str, text: str | None, code: int) -> None:
    cli.main([])
    _later(root / name, text or (root / name).read_text("utf-8") + "\n# changed\n")
    assert cli.main([]) == code
    assert len(runs) == 2
    cli.main([])
    assert len(runs) == 2


def test_a_change_while_a_page_is_read_is_noticed(
    root: Path, runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = incremental.check

    def check(site: Site, *, select: list[str], ignore: list[str]) -> list[Diagnostic]:
        found = real(site, select=select, ignore=ignore)
        _later(root / "docs/guide/cost.md", HEADER + f"\n{len(runs)} euros.\n")
        return found

    cli.main([])
    _later(root / "docs/guide/cost.md", "# Cost\n")
    monkeypatch.setattr(incremental, "check", check)
    cli.main([])
    monkeypatch.setattr(incremental, "check", real)
    cli.main([])
    assert len(runs) == 3


def test_paths_and_fixes_are_never_answered_from_memory(root: Path, runs: list[list[str]]) -> None:
    for given in (["docs/guide/cost.md"], ["--no-cache"], ["--diff"]):
        cli.main(given)
        cli.main(given)
    assert len(runs) == 6


def test_another_environment_is_no_repetition(
    root: Path, runs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = (root / "mkdocs.yml").read_text("utf-8").replace("site_name: Kettle handbook", "site_name: !ENV KETTLE")
    _later(root / "mkdocs.yml", settings)
    cli.main([])
    monkeypatch.setenv("KETTLE", "another")
    cli.main([])
    assert len(runs) == 2
