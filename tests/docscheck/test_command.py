"""The command: arguments, exit codes, formats, baselines, suppressions."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import docscheck
import jsonschema
import pytest
from docscheck.cli import main
from docscheck.explain import PAGES
from docscheck.rules import FAMILIES, every_rule

SETTINGS = """\
site_name: Example
theme: {name: material}
plugins: [search]
markdown_extensions: [admonition, toc, pymdownx.superfences]
"""
FAULTY = '# Words\n\n!!! note "Open\n    The body.\n\nAn été of 7 words: %, and more.\n'
CLEAN = "# Words\n\nAll is well.\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site with one faulty and one clean page, as the working directory."""
    (tmp_path / "mkdocs.yml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(FAULTY, encoding="utf-8")
    (tmp_path / "docs" / "clean.md").write_text(CLEAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """Exit code and output of a run."""
    code = main([*arguments, "--no-cache"] if arguments[:1] != ("explain",) else arguments)
    return code, capsys.readouterr().out


def test_findings_exit_with_one(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = output(capsys)
    assert code == 1
    assert "docs/index.md:3:10: error BOX101" in out
    assert out.endswith("1 error, 0 warnings\n")


def test_many_findings_are_counted_by_rule(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = "# Words\n\n" + "[Lost](nowhere.md).\n\n" * 40 + "[Astray](#nowhere).\n\n" * 10
    (site / "docs" / "index.md").write_text(page, encoding="utf-8")
    assert "--write-baseline" not in output(capsys)[1]
    (site / "docs" / "index.md").write_text(page + "[Astray](#nowhere).\n", encoding="utf-8")
    *_, first, second, _, help, more, _, count = output(capsys)[1].splitlines()
    assert (first, second) == ("40 error   LNK101 missing-file", "11 error   LNK201 missing-anchor")
    assert "--select CODE" in help
    assert "--write-baseline FILE" in more
    assert count == "51 errors, 0 warnings"


def test_a_summary_counts_by_rule_and_by_page(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs" / "more.md").write_text("# More\n\n" + "[Lost](nowhere.md).\n" * 3, encoding="utf-8")
    code, out = output(capsys, "--format", "summary")
    assert code == 1
    rules, pages, ways, count = out.split("\n\n")
    assert rules.splitlines() == ["3 error   LNK101 missing-file", "1 error   BOX101 unclosed-title, 1 with a fix"]
    assert pages.splitlines() == ["3 docs/more.md", "1 docs/index.md"]
    assert "`--fix` makes the certain edits, 1 of which" in ways
    assert count == "4 errors, 0 warnings on 2 pages\n"
    assert output(capsys, "docs/clean.md", "--format", "summary") == (0, "")


def test_a_concise_report_has_a_line_for_each_finding(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = output(capsys, "--format", "concise")[1].splitlines()
    assert line.startswith('docs/index.md:3:10: error BOX101 the title of this box is never closed; add `"`')


@pytest.mark.parametrize("arguments", [[], ["--no-cache"]])
def test_before_a_terminal_a_clean_site_is_told_to_be_one(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    (site / "docs" / "index.md").write_text(CLEAN, encoding="utf-8")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    for _ in range(2):
        assert main(arguments) == 0
        captured = capsys.readouterr()
        assert (captured.out, captured.err) == ("", "docscheck: nothing found\n")


def test_before_a_terminal_there_are_colours(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    plain = output(capsys)[1]
    as_json = output(capsys, "--format", "json")[1]
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    coloured = output(capsys)[1]
    assert coloured.startswith("\x1b[1mdocs/index.md:3:10\x1b[0m: \x1b[31merror\x1b[0m \x1b[1mBOX101\x1b[0m the title")
    assert coloured.count("\x1b[31m^") == coloured.count("\x1b[36m= help:") == 1
    assert re.sub("\x1b\\[\\d+m", "", coloured) == plain
    assert output(capsys, "--format", "json")[1] == as_json
    monkeypatch.setenv("NO_COLOR", "1")
    assert output(capsys)[1] == plain


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["--version"])
    assert stop.value.code == 0
    assert capsys.readouterr().out == f"docscheck {docscheck.__version__}\n"


def test_a_clean_page_exits_with_zero_and_says_nothing(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "docs/clean.md") == (0, "")


def test_a_folder_means_its_pages(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "docs")[0] == 1


@pytest.mark.parametrize(
    "arguments", [["--config-file", "nowhere.yml"], ["docs/nowhere.md"], ["--baseline", "no.json"]]
)
def test_what_cannot_run_exits_with_two(site: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main([*arguments, "--no-cache"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("docscheck: ")


def test_broken_settings_exit_with_two(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "mkdocs.yml").write_text("site_name: [", encoding="utf-8")
    assert main(["--no-cache"]) == 2
    assert "mkdocs.yml:1:13: " in capsys.readouterr().err


def test_select_and_ignore_take_codes_beginnings_and_names(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "--select", "BOX")[0] == 1
    assert output(capsys, "--select", "unclosed-title")[0] == 1
    assert output(capsys, "--select", "LNK")[0] == 0
    assert output(capsys, "--ignore", "BOX101")[0] == 0
    assert output(capsys, "--select", "warning")[0] == 0
    assert output(capsys, "--ignore", "warning")[0] == 1


@pytest.mark.parametrize("arguments", [["--select", "BOX999"], ["--ignore", "BOX,no-such-rule"], ["--select=ZZZ"]])
def test_a_rule_that_is_none_is_refused(site: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    """A misspelt --select would otherwise find nothing for ever."""
    assert main([*arguments, "--no-cache"]) == 2
    assert "no rule is called `" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("mkdocs.yml", "extra: {docscheck: {ignore: [BOX999]}}", "no rule is called `BOX999`"),
        ("mkdocs.yml", "extra: {docscheck: {ignor: [BOX]}}", "`extra.docscheck` has no setting `ignor`"),
        ("mkdocs.yml", "extra: {docscheck: {ignore: {BOX: true}}}", "`ignore` of `extra.docscheck` has to be"),
        ("mkdocs.yml", "extra: {docscheck: [BOX]}", "`extra.docscheck` has to be a table"),
        ("pyproject.toml", '[tool.docscheck]\nselect = ["ZZZ"]\n', "no rule is called `ZZZ`"),
        (
            "pyproject.toml",
            '[tool.docscheck]\nprofile = ["kb"]\n',
            "`profile` of `[tool.docscheck]` has to be a string",
        ),
        ("pyproject.toml", "[tool.docscheck\n", "pyproject.toml:1:16: "),
        ("mkdocs.yml", "extra: {docscheck: {ignore: ['']}}", "`ignore` of `extra.docscheck` has to be a list of codes"),
        ("mkdocs.yml", "extra: {docscheck: {profile: kp}}", "`extra.docscheck` names a profile `kp`"),
        ("mkdocs.yml", "extra: {docscheck: {words: [1]}}", "`words` of `extra.docscheck` has to be a list of words"),
        ("mkdocs.yml", "extra: {docscheck: {exclude: ['!']}}", "`exclude` in the settings: "),
        ("mkdocs.yml", "extra: {docscheck: {baseline: old.json}}", "`--write-baseline "),
    ],
)
def test_settings_that_would_not_be_heard_are_refused(
    site: Path, capsys: pytest.CaptureFixture[str], file: str, text: str, said: str
) -> None:
    with (site / file).open("a", encoding="utf-8") as settings:
        settings.write(f"{text}\n")
    for arguments in ([], ["--no-cache"], ["docs/clean.md"]):
        assert main(arguments) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert said in captured.err
        assert captured.err.count("\n") == 1 or "toml" in file


def test_the_families_are_those_of_the_rules() -> None:
    assert {rule.code[:3] for rule in every_rule()} == FAMILIES


def test_a_path_without_a_page_is_said(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["mkdocs.yml", "docs/clean.md", "--no-cache"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "docscheck: mkdocs.yml is not a page of this site, nor a folder with one\n"


def test_json_has_the_agreed_keys(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = json.loads(output(capsys, "--format", "json")[1])
    assert found == {
        "path": "docs/index.md",
        "line": 3,
        "column": 10,
        "end_line": 3,
        "end_column": 11,
        "code": "BOX101",
        "rule": "unclosed-title",
        "severity": "error",
        "message": "the title of this box is never closed",
        "help": found["help"],
        "fix": {"start": 23, "end": 23, "replacement": '"'},
    }
    assert found["help"].startswith("add")


def test_json_of_a_clean_site_is_an_empty_list(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs" / "index.md").write_text(CLEAN, encoding="utf-8")
    code, out = output(capsys, "--format", "json")
    assert (code, json.loads(out)) == (0, [])


def test_sarif_names_rule_place_and_message(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log: dict[str, Any] = json.loads(output(capsys, "--format", "sarif")[1])
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["BOX101"]
    (result,) = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (result["ruleId"], result["level"], place["artifactLocation"]["uri"]) == ("BOX101", "error", "docs/index.md")
    assert place["region"] == {"startLine": 3, "startColumn": 10, "endLine": 3, "endColumn": 11}


def test_sarif_writes_paths_as_addresses(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs" / "index.md").rename(site / "docs" / "an übersicht.md")
    (run,) = json.loads(output(capsys, "--format", "sarif")[1])["runs"]
    places = {result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in run["results"]}
    assert places == {"docs/an%20%C3%BCbersicht.md"}


SARIF: dict[str, Any] = {
    "$schema": "http://json-schema.org/draft-07/schema#",
    "definitions": {
        "text": {
            "type": "object",
            "required": ["text"],
            "additionalProperties": False,
            "properties": {"text": {"type": "string", "minLength": 1}},
        },
        "level": {"enum": ["none", "note", "warning", "error"]},
        "place": {"type": "integer", "minimum": 1},
        "rule": {
            "type": "object",
            "required": ["id"],
            "additionalProperties": False,
            "properties": {
                "id": {"type": "string", "minLength": 1},
                "name": {"type": "string"},
                "shortDescription": {"$ref": "#/definitions/text"},
                "defaultConfiguration": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {"level": {"$ref": "#/definitions/level"}},
                },
            },
        },
        "location": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "physicalLocation": {
                    "type": "object",
                    "required": ["artifactLocation"],
                    "additionalProperties": False,
                    "properties": {
                        "artifactLocation": {
                            "type": "object",
                            "additionalProperties": False,
                            "properties": {
                                # a relative reference in the sense of RFC 3986: no character that has to be quoted
                                "uri": {"type": "string", "pattern": "^(?:[A-Za-z0-9._~!$&'()*+,;=@/-]|%[0-9A-F]{2})+$"}
                            },
                        },
                        "region": {
                            "type": "object",
                            "required": ["startLine"],
                            "additionalProperties": False,
                            "properties": {
                                key: {"$ref": "#/definitions/place"}
                                for key in ("startLine", "startColumn", "endLine", "endColumn")
                            },
                        },
                    },
                }
            },
        },
        "result": {
            "type": "object",
            "required": ["message", "ruleId"],
            "additionalProperties": False,
            "properties": {
                "ruleId": {"type": "string", "minLength": 1},
                "level": {"$ref": "#/definitions/level"},
                "message": {"$ref": "#/definitions/text"},
                "locations": {"type": "array", "items": {"$ref": "#/definitions/location"}},
            },
        },
        "driver": {
            "type": "object",
            "required": ["name"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "minLength": 1},
                "version": {"type": "string"},
                "rules": {"type": "array", "uniqueItems": True, "items": {"$ref": "#/definitions/rule"}},
            },
        },
        "run": {
            "type": "object",
            "required": ["tool", "results"],
            "additionalProperties": False,
            "properties": {
                "tool": {
                    "type": "object",
                    "required": ["driver"],
                    "additionalProperties": False,
                    "properties": {"driver": {"$ref": "#/definitions/driver"}},
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": {"$ref": "#/definitions/result"}},
            },
        },
    },
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "pattern": "^https://.*sarif.*2\\.1\\.0"},
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": {"$ref": "#/definitions/run"}},
    },
}
"""The part of SARIF 2.1.0 that the report uses, and nothing besides: a key that is not here is an error."""


def test_sarif_validates(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Against the part above; against the official schema too, where SARIF_SCHEMA names a copy of it."""
    official = os.environ.get("SARIF_SCHEMA")
    schemas = [SARIF, json.loads(Path(official).read_text("utf-8"))] if official else [SARIF]
    (site / "docs" / "an [übersicht] #2.md").write_text(f"{FAULTY}\n[Lost](nowhere.md) 🎉 [here](clean.md).\n", "utf-8")
    (site / "docs" / "lost.png").symlink_to(site / "nowhere.png")
    faulty = json.loads(output(capsys, "--format", "sarif")[1])
    for page in site.glob("docs/*"):
        page.unlink()
    (site / "docs" / "index.md").write_text(CLEAN, "utf-8")
    clean = json.loads(output(capsys, "--format", "sarif")[1])
    for schema in schemas:
        validator = jsonschema.validators.validator_for(schema)(schema)
        assert [error.message for log in (faulty, clean) for error in validator.iter_errors(log)] == []
    assert len(faulty["runs"][0]["results"]) == 5
    broken = json.loads(json.dumps(faulty).replace('"startLine": 3', '"startLine": 0'))
    assert list(jsonschema.Draft7Validator(SARIF).iter_errors(broken))


def test_a_link_to_nowhere_is_a_finding(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs" / "index.md").write_text(CLEAN, "utf-8")
    (site / "docs" / "lost.md").symlink_to("gone.md")
    for arguments in ((), ("--no-cache",), ("--no-cache", "docs/lost.md"), ("--no-cache", "docs")):
        assert main([*arguments, "--format", "json"]) == 1
        captured = capsys.readouterr()
        (found,) = json.loads(captured.out)
        assert (found["path"], found["line"], found["rule"]) == ("docs/lost.md", 1, "missing-file")
        assert "`gone.md`" in found["message"]
        assert captured.err == ""
    assert output(capsys, "docs/clean.md") == (0, "")
    assert output(capsys, "--ignore", "LNK101") == (0, "")
    (site / "docs" / "gone.md").write_text(CLEAN, "utf-8")
    assert main([]) == 0


def test_links_finds_the_settings_as_the_command_does(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "docs" / "part").mkdir()
    monkeypatch.chdir(site / "docs" / "part")
    assert main(["links", "--online"]) == 0
    assert "0 addresses" in capsys.readouterr().out
    assert not (site / "docs" / "part" / ".ci").exists()
    monkeypatch.chdir(site.parent)
    assert main(["links", "--online", "--config-file", str(site / "mkdocs.yml")]) == 0
    capsys.readouterr()
    for arguments, said in (
        (["--config-file", "nowhere/mkdocs.yml"], "nowhere/mkdocs.yml: No such file"),
        (
            ["--config-file", str(site / "mkdocs.yml"), "--report", "nowhere/report.md"],
            "nowhere/report.md: No such file",
        ),
        (["--config-file", str(site / "mkdocs.yml"), "--cache", str(site)], "Is a directory"),
        ([], "name one with --config-file"),
    ):
        assert main(["links", "--online", *arguments]) == 2
        assert said in capsys.readouterr().err


def test_github_commands_escape_what_they_must(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = output(capsys, "--format", "github")[1]
    assert out.startswith(
        "::error file=docs/index.md,line=3,col=10,endLine=3,endColumn=11,title=BOX101 unclosed-title::"
    )
    assert "%0Ahelp%3A" not in out
    assert "%0Ahelp: " in out
    assert out.count("\n") == 1


def test_gitlab_fingerprints_survive_lines_above(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (before,) = json.loads(output(capsys, "--format", "gitlab")[1])
    page = site / "docs" / "index.md"
    page.write_text(
        page.read_text(encoding="utf-8").replace("# Words\n", "# Words\n\nMore of them.\n"), encoding="utf-8"
    )
    (after,) = json.loads(output(capsys, "--format", "gitlab")[1])
    assert before["fingerprint"] == after["fingerprint"]
    assert after["location"]["lines"]["begin"] == before["location"]["lines"]["begin"] + 2


def test_a_baseline_hides_old_findings_and_shows_new_ones(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "--write-baseline", "old.json")[0] == 0
    page = site / "docs" / "index.md"
    page.write_text("Words above.\n\n" + page.read_text(encoding="utf-8"), encoding="utf-8")
    assert output(capsys, "--baseline", "old.json")[0] == 0
    page.write_text(page.read_text(encoding="utf-8") + '\n!!! tip "Open too\n    The body.\n', encoding="utf-8")
    code, out = output(capsys, "--baseline", "old.json")
    assert code == 1
    assert out.count("BOX101") == 1
    assert "Open too" in out


def test_the_baseline_of_the_settings_is_used(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (site / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("extra: {docscheck: {baseline: old.json}}\n")
    assert output(capsys, "--write-baseline", "old.json")[0] == 0
    assert output(capsys) == (0, "")
    for _ in range(2):  # the second time from what is remembered
        assert main([]) == 0
    assert docscheck.check_site(site / "mkdocs.yml") == []
    (site / "old.json").write_text('{"findings": []}', encoding="utf-8")
    assert main([]) == 1
    assert len(docscheck.check_site(site / "mkdocs.yml")) == 1


def test_mended_findings_of_a_baseline_are_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert output(capsys, "--write-baseline", "old.json")[0] == 0
    (site / "docs" / "index.md").write_text(CLEAN, encoding="utf-8")
    for arguments in ([], [], ["--no-cache"]):  # the second time from what is remembered
        assert main(["--baseline", "old.json", *arguments]) == 0
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err == (
            "docscheck: old.json can be written again: 1 entry of it stands for nothing that is found now\n"
        )
    for arguments in (["docs/clean.md"], ["--select", "LNK"]):
        assert main(["--baseline", "old.json", *arguments]) == 0
        assert capsys.readouterr().err == ""


def test_entries_of_ignored_rules_are_not_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A baseline may be older than the settings: what these ignore is not mended."""
    assert output(capsys, "--write-baseline", "old.json")[0] == 0
    with (site / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("extra: {docscheck: {baseline: old.json, ignore: [BOX]}}\n")
    assert main(["--no-cache"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_baseline_that_cannot_be_written_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--write-baseline", "nowhere/old.json"]) == 2
    told = "docscheck: cannot write the baseline nowhere/old.json: No such file or directory\n"
    assert capsys.readouterr().err == told


def test_edits_on_offer_are_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = "\n\n`--fix` makes a certain edit; `--diff` shows what would change\n\n1 error, 0 warnings\n"
    assert output(capsys)[1].endswith(told)
    assert "--fix" not in output(capsys, "--fix")[1]  # what it left is not offered again


@pytest.mark.parametrize(("text", "columns"), [("plain", 5), ("été", 3), ("e\u0301te\u0301", 3), ("网站 a", 6)])
def test_a_mark_stands_under_its_place(site: Path, capsys: pytest.CaptureFixture[str], text: str, columns: int) -> None:
    (site / "docs" / "index.md").write_text(f"# Words\n\n{text} [lost](nowhere.md).\n", encoding="utf-8")
    _place, excerpt, mark, *_ = output(capsys, "--select", "LNK")[1].splitlines()
    assert excerpt == f"    3 | {text} [lost](nowhere.md)."
    assert mark == f"      | {' ' * (columns + 8)}^^^^^^^^^^"


def test_nothing_is_fixed_where_the_baseline_cannot_be_read(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--fix", "--baseline", "no.json"]) == 2
    assert (site / "docs" / "index.md").read_text(encoding="utf-8") == FAULTY


def test_a_baseline_holds_wherever_the_command_is_run(
    site: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "checks").mkdir()
    assert main(["--write-baseline", "checks/old.json", "--no-cache"]) == 0
    assert "wrote 1 finding to checks/old.json" in capsys.readouterr().err
    monkeypatch.chdir(site / "docs")
    assert output(capsys, "--baseline", "../checks/old.json") == (0, "")


@pytest.mark.parametrize(
    "page",
    [
        FAULTY.replace("!!! note", "<!-- docscheck: ignore BOX101 -->\n!!! note"),
        FAULTY.replace("!!! note", "<!-- docscheck: ignore unclosed-title -->\n\n!!! note"),
        FAULTY.replace("!!! note", "<!-- docscheck: ignore BOX101: the build closes it -->\n!!! note"),
        FAULTY.replace("!!! note", "<!--docscheck:ignore BOX101, -->\n!!! note"),
        FAULTY + "\n<!-- docscheck: ignore-file BOX101 -->\n",
        FAULTY + "\n<!-- docscheck: ignore-file -->\n",
    ],
)
def test_comments_suppress(site: Path, capsys: pytest.CaptureFixture[str], page: str) -> None:
    (site / "docs" / "index.md").write_text(page, encoding="utf-8")
    assert output(capsys) == (0, "")


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("docscheck: ignore BOX", "no rule is called `BOX`"),
        ("docscheck: ignore BOX101 as it is closed", "no rule is called `as` or `it` or `is` or `closed`"),
        ("docscheck: disable BOX101", "`disable` is not understood"),
        ("docscheck: ignore LNK101", "there is no finding of `LNK101` here"),
    ],
)
def test_a_comment_that_is_not_understood_is_told(
    site: Path, capsys: pytest.CaptureFixture[str], comment: str, said: str
) -> None:
    (site / "docs" / "index.md").write_text(FAULTY.replace("!!! note", f"<!-- {comment} -->\n!!! note"), "utf-8")
    assert f"this comment hides nothing: {said}" in output(capsys)[1]


def test_settings_in_mkdocs_yml_are_heard(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (site / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("extra: {docscheck: {ignore: [BOX101]}}\n")
    assert output(capsys)[0] == 0


def test_pages_can_be_left_out(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """They are still there to be linked to."""
    (site / "docs" / "old").mkdir()
    (site / "docs" / "old" / "page.md").write_text(FAULTY, encoding="utf-8")
    (site / "docs" / "index.md").write_text(
        "# Words\n\n[Old](old/page.md#words) and [lost](old/page.md#lost)\n", "utf-8"
    )
    with (site / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("extra: {docscheck: {exclude: [old/]}}\n")
    for arguments in ([], [], ["--no-cache"]):
        assert main([*arguments, "--format", "json"]) == 1
        (found,) = json.loads(capsys.readouterr().out)
        assert (found["path"], found["rule"]) == ("docs/index.md", "missing-anchor")
    assert main(["docs/old/page.md"]) == 0
    assert capsys.readouterr().err == "docscheck: docs/old/page.md is left out by `exclude` in the settings\n"


def test_a_sites_own_words_are_right(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "docs" / "index.md").write_text("# Words\n\nYou recieve what is in the Recieve.\n", encoding="utf-8")
    assert output(capsys)[0] == 1
    (site / "pyproject.toml").write_text('[tool.docscheck]\nwords = ["Recieve"]\n', encoding="utf-8")
    assert output(capsys) == (0, "")


def test_the_command_goes_by_the_settings_of_the_plugin(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plugins = "plugins: [search, docscheck: {enabled: false, ignore: [BOX]}]"
    (site / "mkdocs.yml").write_text(SETTINGS.replace("plugins: [search]", plugins), encoding="utf-8")
    assert output(capsys) == (0, "")


def test_a_pipe_among_the_pages_is_not_waited_for(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(site / "docs" / "pipe.md")
    assert output(capsys, "--ignore", "BOX") == (0, "")


def test_settings_in_pyproject_are_heard(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / "pyproject.toml").write_text('[tool.docscheck]\nignore = ["BOX1"]\n', encoding="utf-8")
    assert output(capsys)[0] == 0


def test_explain_knows_codes_and_names_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "BOX101"]) == 0
    assert "## What the reader sees" in capsys.readouterr().out
    assert main(["explain", "BOX999"]) == 2
    assert "BOX999" in capsys.readouterr().err
    assert main(["explain", "unclosed-titel"]) == 2
    assert "did you mean `unclosed-title`?" in capsys.readouterr().err
    assert main(["explain", "box4"]) == 0
    assert [line[:6] for line in capsys.readouterr().out.splitlines()] == ["BOX401", "BOX402", "BOX403"]


def test_what_is_explained_can_be_read_in_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Prose in short lines, examples as they are."""
    example = re.compile(r"(?ms)^(`{4,})[^`\n]*\n(.*?)^\1$")
    for rule in every_rule():
        assert main(["explain", rule.code]) == 0
        out = capsys.readouterr().out
        prose = [line for line in example.sub("", out).split("\n") if line[:1].isalpha()]
        assert prose
        assert max(map(len, prose)) <= 100
        assert not re.search(r"(?m)^`{4,}.*hl_lines", out)
        page = (PAGES / f"{rule.name}.md").read_text(encoding="utf-8")
        assert [found[1] for found in example.findall(page)] == [found[1] for found in example.findall(out)]


def test_explain_without_a_name_lists_every_rule(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:6] for line in lines] == sorted(rule.code for rule in every_rule())
    assert [line.split() for line in lines if line.startswith("BOX101")] == [["BOX101", "unclosed-title", "error"]]


def test_it_runs_as_a_module_from_the_root_of_a_site(site: Path) -> None:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    run = subprocess.run(
        [sys.executable, "-m", "docscheck", "--format", "json"],
        cwd=site, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 1, run.stderr
    assert json.loads(run.stdout)[0]["code"] == "BOX101"


def test_mkdocs_is_never_imported(site: Path) -> None:
    path = os.pathsep.join(entry for entry in sys.path if entry)
    code = "import sys; from docscheck.cli import main; main(['--no-cache']); print('mkdocs' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=site, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert run.stdout.splitlines()[-1] == "False"


def test_what_a_submodule_brings_is_not_missed(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (site / ".gitmodules").write_text('[submodule "brand"]\n\tpath = docs/brand\n\turl = https://example.org/b.git\n')
    (site / "docs" / "index.md").write_text(CLEAN + "\n![The logo of the kettle](brand/logo.png)\n", "utf-8")
    (site / "docs" / "more").symlink_to("brand/pages")
    assert output(capsys, "--no-cache") == (0, "")
    (site / "docs" / "brand").mkdir()
    (site / "docs" / "brand" / "other.png").write_bytes(b"")
    code, text = output(capsys, "--no-cache")
    assert code == 1
    assert text.count("LNK101") == 2


@pytest.mark.parametrize("arguments", [[], ["--no-cache"]])
def test_of_other_sites_in_the_navigation_it_is_told_that_they_were_not_checked(
    site: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    nav = "nav:\n  - index.md\n  - Lids: '!include ./lids/mkdocs.yml'\n"
    (site / "docs" / "index.md").write_text(CLEAN, encoding="utf-8")
    (site / "mkdocs.yml").write_text(SETTINGS.replace("[search]", "[search, monorepo]") + nav, encoding="utf-8")
    for _ in range(2):
        assert main(arguments) == 0
        assert "./lids/mkdocs.yml is another site" in capsys.readouterr().err
