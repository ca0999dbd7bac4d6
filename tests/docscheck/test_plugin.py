"""The MkDocs plugin, in a real build of a two-page site."""

from __future__ import annotations

import logging
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from docscheck_plugin import DocscheckPlugin
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort


def config(root: Path, page: str, *, strict: bool, **settings: object) -> MkDocsConfig:
    """The configuration of a site with this front page; the plugin is put in by hand, it may not be installed."""
    (root / "docs").mkdir()
    (root / "docs" / "index.md").write_text(page, encoding="utf-8")
    (root / "mkdocs.yml").write_text(
        "site_name: x\nmarkdown_extensions: [admonition]\nplugins: []\ntheme: {name: mkdocs}\n", encoding="utf-8"
    )
    loaded = load_config(str(root / "mkdocs.yml"), strict=strict)
    plugin = DocscheckPlugin()
    errors, warnings = plugin.load_config(dict(settings))
    assert not errors
    assert not warnings
    loaded.plugins["docscheck"] = plugin
    return loaded


FAULTY = '# Words\n\n!!! note "Open\n    Body.\n'


def test_a_build_logs_findings_and_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "mkdocs.plugins.docscheck"):
        build(config(tmp_path, FAULTY, strict=False))
    assert any("BOX101" in record.getMessage() for record in caplog.records)


def test_many_findings_are_summed_up(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "mkdocs.plugins.docscheck"):
        build(config(tmp_path, "# Words\n\n" + "[Lost](nowhere.md).\n\n" * 51, strict=False))
    assert "51 error   LNK101 missing-file\n" in caplog.records[51].getMessage()


def test_a_strict_build_stops_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(Abort, match="1 finding;"):
        build(config(tmp_path, FAULTY, strict=True))
    assert not (tmp_path / "site").exists()


def test_a_clean_site_builds(tmp_path: Path) -> None:
    build(config(tmp_path, "# Words\n\nAll is well.\n", strict=True))
    assert (tmp_path / "site").is_dir()


@pytest.mark.parametrize("settings", [{"enabled": False}, {"ignore": ["BOX"]}])
def test_it_can_be_told_to_be_silent(tmp_path: Path, settings: dict[str, object]) -> None:
    build(config(tmp_path, FAULTY, strict=True, **settings))
    assert (tmp_path / "site").is_dir()


@pytest.mark.parametrize("ignored", [["BOX999"], ["no-such-rule"]])
def test_a_rule_that_is_none_ends_the_build_in_a_sentence(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, ignored: list[str]
) -> None:
    with pytest.raises(Abort):
        build(config(tmp_path, "# Words\n\nAll is well.\n", strict=False, ignore=ignored))
    assert f"docscheck: no rule is called `{ignored[0]}`" in caplog.records[-1].getMessage()


def test_the_entry_point_is_declared() -> None:
    text = (Path(__file__).resolve().parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert 'docscheck = "docscheck_plugin:DocscheckPlugin"' in text
    installed = [point for point in entry_points(group="mkdocs.plugins") if point.name == "docscheck"]
    assert {point.value for point in installed} == {"docscheck_plugin:DocscheckPlugin"}
