"""The bibliography: read, cached, added to, checked."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from archdata import bibliography, bibliography_page, bibtex, checks
from archdata.__main__ import main
from archdata.entries import Person, house_key, parse_people
from archdata.errors import DataError

GOOD = """@article{sun2023retentive,
  title      = {Retentive {Network}: A Successor},
  author     = {Sun, Yutao and Dong, Li and {The Team}},
  year       = {2023},
  date       = {2023-07-17},
  eprint     = {2307.08621},
  eprinttype = {arxiv},
  url        = {https://arxiv.org/abs/2307.08621},
  annotation = {Introduces retention.},
  checked    = {2026-11-24},
  source     = {a list with title, authors and id},
}
"""


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n", "utf-8")
    folder = tmp_path / "docs"
    shutil.copytree(Path(__file__).parents[2] / "docs" / "_data" / "schema", folder / "_data" / "schema")
    (folder / "_data" / "references.bib").write_text(GOOD, "utf-8")
    (folder / "retnet.md").write_text("---\ntitle: RetNet\n---\n\nText [@sun2023retentive].\n", "utf-8")
    return folder


def bib(docs: Path) -> Path:
    return docs / bibliography.PATH


# Reading


def test_an_entry_is_read_with_people_braces_and_line(docs: Path) -> None:
    entry = bibliography.load(bib(docs))["sun2023retentive"]
    assert entry.title == "Retentive Network: A Successor"
    assert entry.authors == (Person("Sun", "Yutao"), Person("Dong", "Li"), Person("The Team"))
    assert (entry.label, entry.identifier, entry.line) == ("Sun et al. 2023", "arXiv:2307.08621", 1)
    assert entry.reference() == (
        "Yutao Sun, Li Dong and The Team. Retentive Network: A Successor. 2023-07-17. arXiv:2307.08621."
    )


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Dao, Tri", "Dao 2023"),
        ("Tri Dao and Albert Gu", "Dao and Gu 2023"),
        ("Dao, Tri and others", "Dao et al. 2023"),
        ("Aäron van den Oord and Y. Li", "van den Oord and Li 2023"),
        ("{Research and Development Group}", "Research and Development Group 2023"),
    ],
)
def test_labels_name_one_two_or_the_first_of_many(text: str, label: str) -> None:
    entries, _ = bibtex.parse(f"@article{{k, title={{T}}, author={{{text}}}, year=2023}}")
    assert entries[0].label == label


@pytest.mark.parametrize(
    ("count", "listed"),
    [
        (3, "A One, A Two and A Three"),
        (4, "A One, A Two, A Three and one other"),
        (5, "A One, A Two, A Three and 2 others"),
    ],
)
def test_a_long_list_of_authors_ends_with_how_many_more(count: int, listed: str) -> None:
    names = " and ".join(f"{name}, A" for name in ["One", "Two", "Three", "Four", "Five"][:count])
    entries, _ = bibtex.parse(f"@article{{k, title={{T}}, author={{{names}}}, year=2023}}")
    assert entries[0].author_list(3) == listed
    assert entries[0].family_list(3) == listed.replace("A ", "")


@pytest.mark.parametrize(
    ("author", "year", "title", "key"),
    [
        ("Vaswani, Ashish", 2017, "Attention Is All You Need", "vaswani2017attention"),
        ("Sun, Yutao", 2023, "Retentive Network: A Successor", "sun2023retentive"),
        ("Touvron, Hugo", 2023, "Llama 2: Open Foundation", "touvron2023llama2"),
        ("{DeepSeek-AI}", 2024, "DeepSeek-V3 Technical Report", "deepseekai2024deepseekv3"),
        ("Défossez, Alexandre", 2022, "High Fidelity Neural Audio", "defossez2022high"),
        ("van den Oord, Aäron", 2018, "The Representation of a Thing", "vandenoord2018representation"),
        ("Zoph, Barret", 2022, "ST-MoE: Designing", "zoph2022stmoe"),
        ("Black, Kevin", 2024, "π₀: A Vision-Language-Action Flow Model", "black2024pi0"),
    ],
)
def test_keys_follow_the_house_rule(author: str, year: int, title: str, key: str) -> None:
    people, _ = parse_people(author)
    assert house_key(people, year, title) == key


def test_a_missing_file_is_an_empty_bibliography(tmp_path: Path) -> None:
    assert len(bibliography.load(tmp_path / "references.bib")) == 0


def test_an_unknown_key_names_the_nearest(docs: Path) -> None:
    with pytest.raises(DataError, match='did you mean "sun2023retentive"'):
        bibliography.load(bib(docs)).entry("sun2024retentive")


def test_the_parsed_form_is_kept_and_follows_the_file(docs: Path) -> None:
    assert len(bibliography.load(bib(docs))) == 1
    kept = list((docs.parent / ".cache" / "archdata").glob("bibliography-*.json"))
    assert len(kept) == 1
    code = (
        "import sys, pathlib, archdata.bibliography as b; path = pathlib.Path(sys.argv[1])\n"
        "b.bibtex.parse = None  # must not be needed\n"
        "print(b.load(path)['sun2023retentive'].authors[0].family)"
    )
    hooks = Path(bibliography.__file__).parents[1]
    run = subprocess.run([sys.executable, "-c", code, str(bib(docs))], capture_output=True, text=True, cwd=hooks)
    assert run.stdout == "Sun\n", run.stderr
    bib(docs).write_text(GOOD.replace("sun2023retentive", "sun2023successor"), "utf-8")
    assert list(bibliography.load(bib(docs))) == ["sun2023successor"]


def test_a_damaged_kept_form_is_replaced(docs: Path) -> None:
    bibliography.load(bib(docs))
    kept = next((docs.parent / ".cache" / "archdata").glob("bibliography-*.json"))
    kept.write_text('{"entries": [{"key"', "utf-8")
    bibliography._load.cache_clear()
    assert list(bibliography.load(bib(docs))) == ["sun2023retentive"]
    assert json.loads(kept.read_text("utf-8"))["entries"][0]["key"] == "sun2023retentive"


def test_a_thousand_entries_cost_less_than_a_fifth_of_a_second(docs: Path) -> None:
    bib(docs).write_text("\n".join(GOOD.replace("retentive", f"word{n}") for n in range(1000)), "utf-8")
    bibliography.load(bib(docs))
    bibliography._load.cache_clear()
    start = time.process_time()
    assert len(bibliography.load(bib(docs))) == 1000
    assert time.process_time() - start < 0.2


# Adding


def add(docs: Path, text: str, tmp_path: Path) -> int:
    (tmp_path / "new.bib").write_text(text, "utf-8")
    return main(["--docs", str(docs), "add-paper", "--bibtex", str(tmp_path / "new.bib")])


def test_entries_are_added_in_order_and_what_was_there_stays(docs: Path, tmp_path: Path) -> None:
    bib(docs).write_text("% a comment\n" + GOOD, "utf-8")
    new = (
        "@article{, title={Attention Is All You Need}, author={Vaswani, A.}, year={2017}}\n"
        "@misc{dao2023flash, title={Flash}, author={Dao, T.}, year={2023}}"
    )
    assert add(docs, new, tmp_path) == 0
    text = bib(docs).read_text("utf-8")
    assert GOOD in text
    assert text.startswith("% a comment\n@misc{dao2023flash,\n  title  = {Flash},")
    assert text.endswith("}\n")
    assert list(bibliography.load(bib(docs))) == ["dao2023flash", "sun2023retentive", "vaswani2017attention"]


@pytest.mark.parametrize(
    ("entry", "shared"),
    [
        ("@misc{sun2023retentive, title={Other}}", "key"),
        ("@misc{other, title={Other}, eprint={2307.08621}, eprinttype={arxiv}}", "arXiv id"),
        ("@misc{other, title={RETENTIVE network a successor}}", "title"),
    ],
)
def test_a_paper_that_is_there_is_refused(
    docs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], entry: str, shared: str
) -> None:
    before = bib(docs).read_text("utf-8")
    assert add(docs, entry, tmp_path) == 1
    assert f'has the {shared} of "sun2023retentive"' in capsys.readouterr().err
    assert bib(docs).read_text("utf-8") == before


def test_nothing_is_written_into_a_file_that_cannot_be_read(docs: Path, tmp_path: Path) -> None:
    bib(docs).write_text(GOOD + "@article{broken title={}}\n", "utf-8")
    before = bib(docs).read_text("utf-8")
    assert add(docs, "@misc{new2020word, title={Word}}", tmp_path) == 1
    assert bib(docs).read_text("utf-8") == before


def test_many_writers_at_once_lose_nothing(docs: Path, tmp_path: Path) -> None:
    def write(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        assert add(docs, f"@misc{{key{number:02}, title={{Title {number}}}}}", folder) == 0

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(24)))
    keys = list(bibliography.load(bib(docs)))
    assert keys == sorted([*(f"key{number:02}" for number in range(24)), "sun2023retentive"])


# Checking


def test_a_good_bibliography_has_no_findings(docs: Path) -> None:
    assert checks.check(docs, warnings=True) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "finding"),
    [
        ("  title      = {Retentive {Network}: A Successor},\n", "", 1, "`title` is missing"),
        ("{Introduces retention.}", "{Introduces retention}", 9, "is not a sentence"),
        ("annotation =", "anotation =", 9, "did you mean `annotation`?"),
        ("{2307.08621},\n  eprinttype", "{2307.0862},\n  eprinttype", 8, "write https://arxiv.org/abs/2307.0862"),
        ("eprint     = {2307.08621}", "eprint     = {2313.08621}", 6, "has 13 as its month"),
        ("eprint     = {2307.08621}", "eprint     = {2307.08621v2}", 6, "names a version"),
        ("eprint     = {2307.08621}", "eprint     = {hep-th}", 6, "is not an arXiv id"),
        ("eprinttype = {arxiv}", "note = {arxiv}", 6, "add eprinttype = {arxiv}"),
        ("eprinttype = {arxiv},", "eprinttype = {arxiv},\n  doi = {doi.org/10.1},", 8, "is not a DOI"),
        ("eprinttype = {arxiv},", "eprinttype = {arxiv},\n  doi = {10.48550/arXiv.2307.1},", 8, "that of arXiv:2307.1"),
        ("{2023},\n  date", "{2024},\n  date", 4, "the arXiv id is of 2023"),
        ("{2023-07-17}", "{2023-13-17}", 5, "is not a date"),
        ("{2023-07-17}", "{2022-07-17}", 5, "date 2022-07-17, but year 2023"),
        ("{2026-11-24}", "{2126-11-24}", 10, "is in the future"),
        ("https://arxiv.org/abs/2307.08621", "http://arxiv.org/pdf/2307.08621v3", 8, "is not the canonical address"),
        ("sun2023retentive,", "sun2023network,", 1, "write sun2023retentive"),
        ("Sun, Yutao and Dong, Li", "Sun, Yutao, Dong, Li", 3, "is not one author"),
        ("Sun, Yutao", 'Sun, Yut{\\"a}o', 3, "a TeX command in `author`"),
        ("@article", "@articel", 1, "write @article"),
    ],
)
def test_each_fault_is_found_on_its_line(docs: Path, old: str, new: str, line: int, finding: str) -> None:
    assert old in GOOD
    bib(docs).write_text(GOOD.replace(old, new, 1), "utf-8")
    found = checks.check(docs)
    assert any(error.line == line and finding in str(error) for error in found), [str(error) for error in found]


def test_entries_of_one_paper_and_entries_out_of_order_are_found(docs: Path) -> None:
    bib(docs).write_text(GOOD + "\n" + GOOD.replace("{sun2023retentive", "{sun2023retentiveb"), "utf-8")
    assert 'sun2023retentiveb: the arXiv id is that of "sun2023retentive" on line 1' in str(checks.check(docs)[0])
    bib(docs).write_text(GOOD.replace("{sun", "{zun") + GOOD.replace("2307.08621", "2307.08622"), "utf-8")
    assert any("sun2023retentive: stands after zun2023retentive" in str(error) for error in checks.check(docs))


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        (GOOD + GOOD, "is used twice"),
        (GOOD.replace("  year ", "  title = {Again},\n  year "), "gives title twice"),
        (GOOD.replace("sun2023retentive,", "sun2023retentive"), "cannot be read"),
    ],
)
def test_what_cannot_be_read_is_a_fault(docs: Path, text: str, finding: str) -> None:
    bib(docs).write_text(text, "utf-8")
    assert any(finding in str(error) for error in checks.check(docs))


def test_a_key_of_a_page_that_is_not_there_is_an_error_with_its_place(docs: Path) -> None:
    (docs / "page.md").write_text("---\ntitle: P\n---\n\nSee [@sun2023retentiv, Table 2].\n", "utf-8")

    faults = [str(fault) for fault in checks.check(docs)]

    assert len(faults) == 1
    assert faults[0].endswith('page.md:5:7: unknown citation key "sun2023retentiv"; did you mean "sun2023retentive"?')


def test_faults_become_annotations_of_a_pull_request(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bib(docs).write_text(GOOD.replace("{2023-07-17}", "{2023-7, 5%}"), "utf-8")

    assert main(["--docs", str(docs), "check", "--format", "github"]) == 1

    line = capsys.readouterr().out.splitlines()[0]
    assert line.startswith("::error file=")
    assert "references.bib,line=5,title=data::sun2023retentive: `date` 2023-7, 5%25 is not a date" in line


def test_an_entry_nobody_cites_is_a_warning(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (docs / "retnet.md").write_text("Only code: `[@sun2023retentive]`.\n", "utf-8")
    assert checks.check(docs) == []
    assert main(["--docs", str(docs), "check"]) == 0
    assert "warning: " in (out := capsys.readouterr().out)
    assert "sun2023retentive: no page cites it" in out


def test_the_command_fails_on_an_error(docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bib(docs).write_text(GOOD.replace("{2023-07-17}", "{2023-7}"), "utf-8")
    assert main(["--docs", str(docs), "check"]) == 1
    assert "references.bib:5: sun2023retentive: `date` 2023-7 is not a date" in capsys.readouterr().out


# The page


def test_the_page_lists_every_paper_with_the_pages_that_cite_it(docs: Path) -> None:
    (docs / "reference").mkdir()
    text = bibliography_page.bibliography(docs, "reference/bibliography.md")
    assert (
        '<span id="sun2023retentive"></span>[Retentive Network: A Successor](https://arxiv.org/abs/2307.08621)' in text
    )
    assert "[RetNet](../retnet.md)" in text
    assert "`sun2023retentive`" in text


def test_signs_of_markdown_in_a_title_are_only_signs(docs: Path) -> None:
    bib(docs).write_text(GOOD.replace("A Successor", "A|B * $x$ [c]"), "utf-8")
    assert r"A\|B \* \$x\$ \[c\]" in bibliography_page.bibliography(docs, "bibliography.md")


def test_the_sites_own_bibliography_is_in_order() -> None:
    docs = Path(__file__).parents[2] / "docs"
    assert len(bibliography.load(docs / bibliography.PATH)) > 200
    assert [str(error) for error in checks.CHECKS[0](docs) if error.severity == "error"] == []
