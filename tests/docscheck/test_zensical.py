"""A site whose settings are in a zensical.toml, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from docscheck import zensical
from docscheck.cli import main
from docscheck.config import Config, ConfigError, Inert, load_config
from docscheck.parse.slugs import slug_function

OWN = """\
[project]
site_name = "Words"
docs_dir = "pages"
nav = [{ "Home" = "index.md" }]

[project.theme]
name = "zensical"
language = "de"

[project.extra.docscheck]
ignore = ["PRO"]

[project.markdown_extensions]
admonition = {}
toc.slugify = { object = "pymdownx.slugs.slugify", kwds = { case = "lower" } }
pymdownx.arithmatex.generic = true
pymdownx.blocks.tab = {}
pymdownx.emoji.emoji_index = "zensical.extensions.emoji.twemoji"
zensical.extensions.macros = {}
"""


def read(root: Path, text: str) -> Config:
    """These settings."""
    (root / zensical.FILE).write_text(text, encoding="utf-8")
    return load_config(root / zensical.FILE)


def test_what_stands_under_project_is_read_like_mkdocs_yml(tmp_path: Path) -> None:
    config = read(tmp_path, OWN)
    assert config.docs_dir == tmp_path.resolve() / "pages"
    assert (config.is_material, config.language) == (True, "de")
    assert config.settings["ignore"] == ["PRO"]
    assert config.values["nav"] == [{"Home": "index.md"}]


def test_a_dot_in_an_extension_s_name_is_no_table(tmp_path: Path) -> None:
    config = read(tmp_path, OWN)
    assert config.option("pymdownx.arithmatex", "generic") is True
    assert config.has("pymdownx.blocks.tab")
    assert config.has("pymdownx.superfences"), "Zensical turns fences on where nobody names them"
    assert config.foreign_extensions == {"zensical.extensions.macros"}
    assert config.option("pymdownx.emoji", "emoji_index") == Inert("zensical.extensions.emoji.twemoji")
    slugify = slug_function(config.option("toc", "slugify"))
    assert slugify is not None
    assert slugify("Über Uns", "-") == "über-uns"


def test_a_site_that_names_no_extensions_has_those_of_zensical(tmp_path: Path) -> None:
    theirs: dict[str, Any] = pytest.importorskip("zensical.config").DEFAULT_MARKDOWN_EXTENSIONS
    ours = read(tmp_path, '[project]\nsite_name = "Words"\n').extensions
    assert theirs.keys() <= ours.keys()
    assert ours.keys() - theirs.keys() == {"tables", "fenced_code"}
    for name, options in theirs.items():
        if name != "pymdownx.emoji":  # whose options are functions
            assert ours[name] == options, name


@pytest.mark.parametrize("text", ["[project", 'project = "no table"', "[project]\nx = " + "[" * 9000])
def test_what_cannot_be_read_is_told_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    with pytest.raises(ConfigError):
        read(tmp_path, text)
    monkeypatch.chdir(tmp_path)
    assert main(["--no-cache"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert zensical.FILE in line


def test_the_command_finds_the_settings_and_checks_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / zensical.FILE).write_text(OWN, encoding="utf-8")
    (tmp_path / "pages").mkdir()
    page = '# Words\n\n!!! note "Open\n    The body of the box.\n\n[Here](#uber-uns)\n\n## Über uns\n\nUs.\n'
    (tmp_path / "pages" / "index.md").write_text(page, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "pages")
    found = main(["--format", "json"]), capsys.readouterr().out
    assert [(one["path"], one["line"], one["code"]) for one in json.loads(found[1])] == [
        ("index.md", 3, "BOX101"),
        ("index.md", 6, "LNK201"),
    ]
    assert (main(["--format", "json"]), capsys.readouterr().out) == found, "and says so again from memory"
    (tmp_path / zensical.FILE).write_text(OWN.replace("PRO", "LNK"), encoding="utf-8")
    main(["--format", "json"])
    assert [one["code"] for one in json.loads(capsys.readouterr().out)] == ["BOX101"]


def test_where_there_is_an_mkdocs_yml_it_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / zensical.FILE).write_text(OWN, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n", encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# Words\n\nAll is well.\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["--no-cache"]) == 0
    assert capsys.readouterr().out == ""
