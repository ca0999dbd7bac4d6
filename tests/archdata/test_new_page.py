"""A new page from the templates."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import markdown
import pytest
import yaml
from archdata import bibliography, specs
from archdata.__main__ import main

ROOT = Path(__file__).parents[2]
ENTRY = """@article{sun2023retentive,
  title = {Retentive Network}, author = {Sun, Yutao}, year = {2023}, eprint = {2307.08621}, eprinttype = {arxiv},
  url = {https://arxiv.org/abs/2307.08621}, annotation = {Introduces retention.},
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    data = tmp_path / "docs" / "_data"
    data.mkdir(parents=True)
    (data / "references.bib").write_text(ENTRY, "utf-8")
    shutil.copytree(ROOT / "docs" / "_data" / "schema", data / "schema")
    return tmp_path


def new(project: Path, *arguments: str) -> int:
    tests = ["--tests", str(project / "tests")]
    return main(["--docs", str(project / "docs"), "new", "page", *arguments, *tests])


def test_a_page_comes_with_data_code_and_test(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(project, "recurrent/retnet", "--paper", "2307.08621", "--title", "Retentive network (RetNet)") == 0
    written = sorted(str(path.relative_to(project)) for path in project.rglob("*retnet*"))
    assert written == [
        "docs/_data/architectures/retnet.yml",
        "docs/architectures/recurrent/retnet.md",
        "docs/architectures/recurrent/retnet.py",
        "tests/docs/architectures/recurrent/test_retnet.py",
    ]
    out = capsys.readouterr().out
    for step in ("write the sentences", "fill in state", "write the mechanism", "add it to `nav`"):
        assert step in out


def test_its_data_passes_the_checks(project: Path) -> None:
    new(project, "recurrent/retnet", "--paper", "sun2023retentive", "--title", "Retentive network (RetNet)")
    docs = project / "docs"
    assert [str(error) for error in specs.check(docs)] == []
    spec = specs.get(docs, "retnet")
    assert (spec.short, spec.by, spec.introduced) == ("RetNet", "sun2023retentive", "2023-07")


def test_its_front_matter_has_the_keys_in_order(project: Path) -> None:
    new(project, "diffusion/new-thing", "--title", 'Thing: a "new" one')
    text = (project / "docs/architectures/diffusion/new-thing.md").read_text("utf-8")
    front = yaml.safe_load(text.split("---")[1])
    assert list(front) == ["title", "description", "page-type", "family", "spec", "aliases", "checked"]
    assert front["title"] == 'Thing: a "new" one'


def test_its_sections_are_those_of_the_page_template(project: Path) -> None:
    new(project, "recurrent/retnet")
    text = (project / "docs/architectures/recurrent/retnet.md").read_text("utf-8")
    template = (ROOT / "docs/contribute/page-template.md").read_text("utf-8")
    sections = [line for line in text.splitlines() if line.startswith("## ")]
    assert len(sections) == 7
    for section in sections:
        assert f"`{section}`" in template


def test_what_only_a_person_can_write_is_asked_for_and_invisible(project: Path) -> None:
    new(project, "recurrent/retnet")
    text = (project / "docs/architectures/recurrent/retnet.md").read_text("utf-8").split("---", 2)[2]
    html = markdown.markdown(text, extensions=["fenced_code"])
    assert "TODO" not in html
    assert "<!-- What it does badly" in html


def test_its_code_loads_and_fails_only_for_want_of_the_mechanism(project: Path) -> None:
    new(project, "recurrent/retnet")
    code = project / "docs/architectures/recurrent/retnet.py"
    run = subprocess.run([sys.executable, str(code)], capture_output=True, text=True)
    assert "NotImplementedError: the mechanism" in run.stderr
    test = project / "tests/docs/architectures/recurrent/test_retnet.py"
    compile(test.read_text("utf-8"), str(test), "exec")
    for file in (code, test):
        lint = [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), str(file)]
        assert subprocess.run(lint, capture_output=True).returncode == 0


def test_a_page_outside_the_architectures_lies_at_its_place(project: Path) -> None:
    assert new(project, "alignment/new-method") == 0
    assert (project / "docs/alignment/new-method.md").is_file()
    assert "page-type: concept" in (project / "docs/alignment/new-method.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("address", "finding"),
    [
        ("recurent/retnet", 'did you mean "recurrent/…"?'),
        ("retnet", "families are"),
        ("recurrent/Ret Net", "use lower-case words with hyphens"),
        ("recurrent/../../x", "cannot name a page"),
        ("recurrent", "cannot name a page"),
    ],
)
def test_a_wrong_address_is_refused(
    project: Path, capsys: pytest.CaptureFixture[str], address: str, finding: str
) -> None:
    assert new(project, address) == 1
    assert finding in capsys.readouterr().err


def test_nothing_is_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = project / "docs/_data/architectures/retnet.yml"
    spec.parent.mkdir()
    spec.write_text("name: mine\n", "utf-8")
    assert new(project, "recurrent/retnet") == 1
    assert "the file already exists" in capsys.readouterr().err
    assert spec.read_text("utf-8") == "name: mine\n"
    assert not (project / "docs/architectures").exists()


def test_nothing_is_written_beside_another_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(tmp_path, "recurrent/retnet") == 1
    assert "there is no `_data` folder in it; run this in the folder of mkdocs.yml" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_key_names_the_nearest_and_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert new(project, "recurrent/retnet", "--paper", "sun2023retentiv") == 1
    assert 'did you mean "sun2023retentive"?' in capsys.readouterr().err
    assert list(project.rglob("*retnet*")) == []
    assert len(bibliography.load(project / "docs" / bibliography.PATH)) == 1
