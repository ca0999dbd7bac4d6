"""What plugins of other authors read in a page is theirs; what none of them reads is reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import defect_pages
import pytest
import yaml
from docscheck import plugins
from docscheck.config import Config, load_config
from docscheck.engine import check_pages
from docscheck.site import Site

_PAGES = {"index.md": "# Kettles\n\nAll of them.\n", "parts/Lids.md": "# Lids\n\nThey fit.\n\n## Sizes\n\nTwo.\n"}


def table() -> list[dict[str, str | bool]]:
    """The plugins whose code was read."""
    entries: list[dict[str, str | bool]] = yaml.safe_load(
        (defect_pages.HERE.parent / "plugins.yml").read_text(encoding="utf-8")
    )
    return entries


def findings(root: Path, named: Sequence[object], text: str, **more: object) -> list[str]:
    """The rules that report something on a page of a site with these plugins, and with more settings."""
    for path, page in _PAGES.items():
        (root / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "docs" / path).write_text(page, encoding="utf-8")
    (root / "docs" / "page.md").write_text(f"# A page\n\n{text}\n", encoding="utf-8")
    settings = {"site_name": "Kettles", "plugins": ["search", *named], **more}
    (root / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    site = Site(load_config(root / "mkdocs.yml"))
    return [finding.rule for finding in check_pages(site, [site.page("page.md")])]


def test_every_plugin_of_the_list_was_looked_up() -> None:
    entries = table()
    names = [str(entry["name"]) for entry in entries]
    assert sorted(set(names)) == sorted(names)
    speaks = {str(entry["name"]) for entry in entries if not entry.get("silent")}
    assert speaks == plugins._HARMLESS
    for entry in entries:
        assert re.fullmatch(r"\S+/\S+|(?:\S+ \d[\w.]*(?:; )?)+", str(entry["source"])), entry
        assert entry["reads"], entry


def test_those_with_a_syntax_of_their_own_are_unknown() -> None:
    silent = [str(entry["name"]) for entry in table() if entry.get("silent")]
    assert silent
    for name in silent:
        assert plugins.own_syntax(Config(Path("mkdocs.yml"), {"plugins": [name]})), name


@pytest.mark.parametrize(
    ("plugin", "text", "rule"),
    [
        ("alias", "See [[Lids of kettles|the lids]] first.", "printed-link"),
        ("badges", "Built by [the maker|https://example.org/a] alone.", "printed-link"),
        ("mkdocs-caption", "As [](#lids) shows.\n\n## Lids\n\nTwo.", "empty-link"),
        ("mkdocs-caption", "As [shown](#lid) here.\n\n## Lids\n\nTwo.", "missing-anchor"),
        ("roamlinks", "See [[Lids of kettles|the lids]] first.", "printed-link"),
    ],
)
def test_what_a_plugin_reads_is_not_reported(tmp_path: Path, plugin: str, text: str, rule: str) -> None:
    assert findings(tmp_path, [], text) == [rule]
    assert findings(tmp_path, ["minify", "render_swagger", "mkdocs-jupyter"], text) == [rule]
    expected = [rule] if rule == "missing-anchor" else []  # with a text, it is a link like others
    assert findings(tmp_path, [plugin], text) == expected
    if rule == "empty-link":
        assert findings(tmp_path, [plugin], "As [](#_figure-1) shows.") == []


def test_a_plugin_or_extension_that_the_settings_vouch_for_hides_nothing(tmp_path: Path) -> None:
    text = "See [[Lids of kettles|the lids]] first.\n\nThe ==lids== fit."
    vouched = {"extra": {"docscheck": {"harmless": ["alias", "ours"]}}}
    assert findings(tmp_path, ["alias"], text) == []
    assert findings(tmp_path, ["alias"], text, **vouched) == ["printed-link", "extension-missing"]
    extension = {"markdown_extensions": ["ours.maths"]}
    assert findings(tmp_path, [], text, **extension) == []
    assert findings(tmp_path, [], text, **extension, **vouched) == ["printed-link", "extension-missing"]


def test_what_a_hook_of_the_site_reads_is_its_own(tmp_path: Path) -> None:
    text = "See [@lids2020] and [[Lids of kettles|the lids]].\n\nThe ==lids== fit."
    (tmp_path / "hook.py").write_text(
        "def on_page_markdown(markdown, **kwargs):\n    return re.sub(r'\\[@(\\w+)\\]', cited, markdown)\n",
        encoding="utf-8",
    )
    every = ["foreign-syntax", "printed-link", "extension-missing"]
    assert sorted(findings(tmp_path, [], text)) == sorted(every)
    assert sorted(findings(tmp_path, [], text, hooks=["hook.py"])) == sorted(every[1:])
    reads = {"extra": {"docscheck": {"reads": ["[[", "=="]}}}
    assert findings(tmp_path, [], text, **reads) == ["foreign-syntax"]


def test_links_that_a_plugin_completes(tmp_path: Path) -> None:
    beside = "See [the lids](parts/Lids#sizes)."
    assert findings(tmp_path, [], beside) == ["page-address"]
    assert findings(tmp_path, ["alternate-link"], beside) == []
    assert findings(tmp_path, ["alternate-link"], "See [the lids](parts/Lid).") == ["missing-file"]
    elsewhere = "See [the lids](Lids.md)."
    assert findings(tmp_path, ["alternate-link"], elsewhere) == ["missing-file"]
    for plugin in ("autolinks", "ezlinks", "roamlinks"):
        assert findings(tmp_path, [plugin], elsewhere) == []
        assert findings(tmp_path, [plugin], "See [the lids](Lid.md).") == ["missing-file"]


def test_extensions_that_techdocs_adds(tmp_path: Path) -> None:
    boxes = '!!! note\n\n    Hot.\n\n=== "Small"\n\n    One litre.\n'
    assert "extension-off" in findings(tmp_path, [], boxes)
    assert findings(tmp_path, ["techdocs-core"], boxes) == []
    assert findings(tmp_path, ["techdocs-core"], "> [!NOTE]\n> Hot.") == []
    blocks = Config(Path("mkdocs.yml"), {"plugins": [{"techdocs-core": {"use_pymdownx_blocks": True}}]})
    assert blocks.has("pymdownx.blocks.tab")
    assert not blocks.has("pymdownx.tabbed")
    assert blocks.is_material


def test_a_container_of_another_tool_brings_no_anchors(tmp_path: Path) -> None:
    text = "See [the lids](#lid).\n\n## Lids\n\n:::tip\nTwo.\n:::"
    assert findings(tmp_path, [], text) == ["missing-anchor", "foreign-box"]
    assert findings(tmp_path, ["mkdocstrings"], text) == ["foreign-box"]  # which never closes what it shows
    assert findings(tmp_path, ["a-plugin-of-their-own"], "See [the lids](#lid).\n\n::: kettles.lids\n") == []


def test_a_slash_that_a_plugin_takes_for_the_folder_of_the_pages(tmp_path: Path) -> None:
    text = "[Lids](/parts/Lids.md), [pots](/parts/Pots.md)."
    assert findings(tmp_path, ["ezlinks"], text) == ["absolute-path"]
    assert findings(tmp_path, [], text.partition(",")[0]) == ["absolute-path"]


@pytest.mark.parametrize(
    ("plugin", "text", "rules"),
    [
        ("git-revision-date", "Filled {{ git_revision_date }}.", []),
        ("git-revision-date-localized", "Filled {{ page.meta.git_revision_date_localized }}.", []),
        ("git-revision-date-localized", "Filled {{ date_of_kettle }}.", ["literal-macro"]),
        ("mkdocs-jupyter", "Filled {{ date_of_kettle() }}.", ["literal-macro"]),
        ("table-reader", "{{ read_csv('tea.csv') }}", []),
    ],
)
def test_expressions_that_no_plugin_replaces(tmp_path: Path, plugin: str, text: str, rules: list[str]) -> None:
    assert findings(tmp_path, [plugin], text) == rules


def test_the_navigation_of_literate_nav_names_folders(tmp_path: Path) -> None:
    (tmp_path / "docs" / "parts").mkdir(parents=True)
    (tmp_path / "docs" / "parts" / "index.md").write_text("# Parts\n\nLids.\n", encoding="utf-8")
    entry = "[Parts](parts/)"
    assert findings(tmp_path, ["literate-nav"], entry) == ["page-address"]
    (tmp_path / "docs" / "SUMMARY.md").write_text(f"* {entry}\n* [Pots](pots)\n", encoding="utf-8")
    (tmp_path / "docs" / "pots.md").write_text("# Pots\n\nTwo.\n", encoding="utf-8")
    site = Site(load_config(tmp_path / "mkdocs.yml"))
    assert [finding.line for finding in check_pages(site, [site.page("SUMMARY.md")])] == [2]


@pytest.mark.parametrize(("folder", "page"), [(".", "index.md"), ("news", "news/index.md")])
def test_the_posts_follow_the_last_heading_of_a_blog(tmp_path: Path, folder: str, page: str) -> None:
    path = tmp_path / "docs" / page
    path.parent.mkdir(parents=True)
    for plugins_named, expected in ([{"blog": {"blog_dir": folder}}], []), (["search"], ["empty-section"]):
        path.write_text("# Kettles\n\nAll of them.\n\n## News\n", encoding="utf-8")
        settings = {"site_name": "Kettles", "plugins": plugins_named}
        (tmp_path / "mkdocs.yml").write_text(yaml.safe_dump(settings), encoding="utf-8")
        site = Site(load_config(tmp_path / "mkdocs.yml"))
        assert [finding.rule for finding in check_pages(site, [site.page(page)])] == expected


def test_a_tag_that_a_plugin_reads_names_a_file_beside_the_page(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lids.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    tag = '<swagger-ui src="lids.yaml"/>'
    assert findings(tmp_path, ["swagger-ui-tag"], tag) == []
    assert findings(tmp_path, ["search"], tag) == ["raw-path"]


def test_what_the_numbers_of_notes_lead_to(tmp_path: Path) -> None:
    assert findings(tmp_path, ["zettelkasten"], "See [the lids](Lids).") == []
    assert findings(tmp_path, [], "See [the lids](Lids).") != []


def test_what_the_site_tells_its_own_checker_of_links_to_leave_out(tmp_path: Path) -> None:
    text = "See [the list](lists/lids.md) and [the rest](lost/lids.md)."
    checker = {"htmlproofer": {"ignore_urls": ["../lists/*", "https://example.org/*"]}}
    assert findings(tmp_path, [], text) == ["missing-file", "missing-file"]
    assert findings(tmp_path, [checker], text) == ["missing-file"]


def test_addresses_of_posts(tmp_path: Path) -> None:
    (tmp_path / "docs" / "posts").mkdir(parents=True)
    post = "# On lids\n\nSee [another post](../how-lids-fit) and [a page](../lost/lids.md).\n"
    (tmp_path / "docs" / "posts" / "lids.md").write_text(post, encoding="utf-8")
    (tmp_path / "docs" / "index.md").write_text("# A blog\n\nAll of it.\n\n## My posts\n", encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text("site_name: Lids\nplugins: [{blog: {blog_dir: .}}]\n", encoding="utf-8")
    site = Site(load_config(tmp_path / "mkdocs.yml"))
    found = check_pages(site, [site.page("posts/lids.md"), site.page("index.md")])
    assert [(finding.rule, finding.column) for finding in found] == [("missing-file", 50)]
