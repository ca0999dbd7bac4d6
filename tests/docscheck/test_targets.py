"""Where links lead."""

from __future__ import annotations

from pathlib import Path

import pytest
from docscheck.config import Config, load_config
from docscheck.engine import check_pages, check_site
from docscheck.programs import makes_files
from docscheck.site import Site
from docscheck.targets import Files, Verdict, base_path, relative

FILES = frozenset(
    ["index.md", "guide/index.md", "guide/page.md", "guide/install.md", "guide/Naming-Rules.md", "reference/config.md",
     "reference/index.md", "assets/overview.svg", "über/größe.md"]
)  # fmt: skip
SITE = Files(FILES, frozenset({"drafts/plan.md"}))
FLAT = Files(FILES, directory_urls=False)


@pytest.mark.parametrize(
    ("path", "verdict", "file"),
    [
        ("install.md", Verdict.FILE, "guide/install.md"),
        ("./install.md", Verdict.FILE, "guide/install.md"),
        ("../reference/config.md", Verdict.FILE, "reference/config.md"),
        ("../%C3%BCber/gr%C3%B6%C3%9Fe.md", Verdict.FILE, "über/größe.md"),
        ("../assets/overview.svg", Verdict.FILE, "assets/overview.svg"),
        ("../drafts/plan.md", Verdict.EXCLUDED, "drafts/plan.md"),
        ("naming-rules.md", Verdict.WRONG_CASE, "guide/Naming-Rules.md"),
        ("instal.md", Verdict.MISSING, "guide/install.md"),
        ("../assets/overview2.svg", Verdict.MISSING, "assets/overview.svg"),
        ("../assets/overview12.png", Verdict.MISSING, ""),
        ("config.md", Verdict.MISSING, "reference/config.md"),
        ("../../reference/config.md", Verdict.MISSING, "reference/config.md"),
        ("../../LICENSE.txt", Verdict.OUTSIDE, ""),
        ("nothing-like-it.md", Verdict.MISSING, ""),
        ("../install/", Verdict.PAGE_ADDRESS, "guide/install.md"),
        ("../install", Verdict.PAGE_ADDRESS, "guide/install.md"),
        ("install", Verdict.ASTRAY, "guide/install.md"),
        ("../reference/", Verdict.ASTRAY, "reference/index.md"),
        ("../../reference/", Verdict.PAGE_ADDRESS, "reference/index.md"),
        ("../elsewhere/", Verdict.MISSING, ""),
        ("install.html", Verdict.ASTRAY, "guide/install.md"),
        ("../..", Verdict.PAGE_ADDRESS, "index.md"),
    ],
)
def test_links_in_markdown_lead_to_files(path: str, verdict: Verdict, file: str) -> None:
    target = SITE.judge("guide/page.md", path)
    assert (target.verdict, target.file) == (verdict, file)


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("../install/", Verdict.FILE),
        ("../../assets/overview.svg", Verdict.FILE),
        ("../assets/overview.svg", Verdict.ASTRAY),
        ("install.md", Verdict.ASTRAY),
        ("../instal/", Verdict.MISSING),
        ("../../", Verdict.FILE),
        (".", Verdict.FILE),
    ],
)
def test_paths_in_raw_html_lead_from_the_address_of_the_page(path: str, verdict: Verdict) -> None:
    assert SITE.judge_address("guide/page.md", path).verdict is verdict


def test_an_index_page_stands_at_its_folder() -> None:
    assert SITE.address("guide/index.md") == "guide/"
    assert SITE.address("index.md") == ""
    assert SITE.judge_address("guide/index.md", "../assets/overview.svg").verdict is Verdict.FILE
    assert SITE.judge("index.md", "guide/").verdict is Verdict.PAGE_ADDRESS
    assert SITE.judge("guide/index.md", "install/").verdict is Verdict.PAGE_ADDRESS


def test_without_directory_urls_a_page_stands_beside_its_file() -> None:
    assert FLAT.address("guide/page.md") == "guide/page.html"
    assert FLAT.judge_address("guide/page.md", "../assets/overview.svg").verdict is Verdict.FILE
    assert FLAT.judge_address("guide/page.md", "install.html").verdict is Verdict.FILE
    assert FLAT.judge_address("guide/page.md", "./").verdict is Verdict.FILE


def test_a_path_from_the_root_leads_from_the_root_of_the_site() -> None:
    assert SITE.judge_absolute("/guide/install/").verdict is Verdict.FILE
    assert SITE.judge_absolute("/guide/install").verdict is Verdict.FILE
    assert SITE.judge_absolute("/").verdict is Verdict.FILE
    assert SITE.judge_absolute("/guide/nowhere/").verdict is Verdict.MISSING


def test_a_folder_of_the_site_is_no_disk(tmp_path: Path) -> None:
    (tmp_path / "docs/home").mkdir(parents=True)
    (tmp_path / "docs/home/lids.md").write_text("# Lids\n\nAll of them are red.\n", encoding="utf-8")
    (tmp_path / "docs/index.md").write_text(
        "# Kettles\n\nSee [the lids](/home/lids/), not [their list](/Users/ada/lids.txt).\n", encoding="utf-8"
    )
    (tmp_path / "mkdocs.yml").write_text(
        "site_name: Kettles\nsite_url: https://kettle.example.org/\n", encoding="utf-8"
    )
    site = Site(load_config(tmp_path / "mkdocs.yml"))

    found = check_pages(site, [site.page("index.md")])

    assert [(finding.rule, finding.column) for finding in found] == [("local-address", 47)]


def test_paths_are_written_as_seen_from_a_page() -> None:
    assert relative("reference/config.md", "guide/page.md") == "../reference/config.md"
    assert relative("index.md", "index.md") == "index.md"
    assert base_path("https://a.org/b/") == "/b/"
    assert base_path("https://a.org") == "/"


def test_a_site_in_a_folder_of_its_host_ends_there() -> None:
    below = Files(FILES, base="/kettle/")
    assert below.judge_address("guide/page.md", "../../../assets/overview.svg").verdict is not Verdict.FILE
    assert SITE.judge_address("guide/page.md", "../../../assets/overview.svg").verdict is Verdict.FILE


def test_a_notebook_has_the_address_of_the_page_a_plugin_makes_of_it() -> None:
    site = Files(frozenset(["index.md", "examples/train.ipynb"]))
    assert site.judge_absolute("examples/train/").file == "examples/train.ipynb"
    assert site.judge_absolute("examples/test/").verdict is Verdict.MISSING


@pytest.mark.parametrize(
    ("settings", "pages"),
    [
        ({}, {"index.md", "guide/templates/a.md"}),
        ({"exclude_docs": "guide/"}, {"index.md"}),
        ({"exclude_docs": "!/templates/\n"}, {"index.md", "templates/a.md", "guide/templates/a.md"}),
    ],
    ids=["default", "more", "let in again"],
)
def test_templates_at_the_top_and_hidden_files_are_no_pages_as_for_mkdocs(
    tmp_path: Path, settings: dict[str, str], pages: set[str]
) -> None:
    for name in ("index.md", "templates/a.md", "guide/templates/a.md", ".hidden.md", ".github/a.md"):
        file = tmp_path / "docs" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("# Words\n", encoding="utf-8")
    assert set(Site(Config(tmp_path / "mkdocs.yml", settings)).page_uris) == pages


def test_a_plugin_for_notebooks_makes_no_page_of_another_name(tmp_path: Path) -> None:
    site = Site(Config(tmp_path / "mkdocs.yml", {"plugins": ["search", "mkdocs-jupyter"]}))
    assert not makes_files(site, ".md")
    assert makes_files(site, ".html")


@pytest.mark.parametrize(
    ("text", "more", "rules"),
    [
        ("![A lid](lid.png)", "", []),
        ("![A lid](lid.png)", "strict: true\n", ["missing-file"]),
        ("![A lid](lid.png)", "use_directory_urls: false\n", ["missing-file"]),
        ("![A lid](../pot/lid.png)", "", []),
        ("![A lid](pot.png)", "", ["missing-file"]),
        ("![A lid](../img/lid.png)", "", ["outside-docs"]),
    ],
)
def test_files_in_the_folder_that_is_named_like_a_page(tmp_path: Path, text: str, more: str, rules: list[str]) -> None:
    for path, content in {
        "index.md": "# Tea\n",
        "pot.md": f"# A pot\n\n{text}\n",
        "pot/lid.png": "",
        "img/lid.png": "",
    }.items():
        (tmp_path / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "docs" / path).write_text(content, encoding="utf-8")
    (tmp_path / "mkdocs.yml").write_text(f"site_name: Tea\n{more}", encoding="utf-8")
    site = Site(load_config(tmp_path / "mkdocs.yml"))
    assert [finding.rule for finding in check_pages(site, [site.page("pot.md")])] == rules


@pytest.mark.parametrize("is_repository", [False, True], ids=["copy", "repository"])
@pytest.mark.parametrize(
    ("ignored", "expected"),
    [("manual/docs/made/", []), ("other/docs/made/", ["missing-file"]), ("manual/", ["missing-file"])],
    ids=["the-file", "another", "the-whole-site"],
)
def test_what_version_control_ignores_is_made_later(
    tmp_path: Path, is_repository: bool, ignored: str, expected: list[str]
) -> None:
    root = tmp_path / "manual"
    (root / "docs").mkdir(parents=True)
    (root / "mkdocs.yml").write_text("site_name: Kettles\n", encoding="utf-8")
    (root / "docs" / "index.md").write_text("# Kettles\n\n[All of them](made/all.md).\n", encoding="utf-8")
    (tmp_path / ".gitignore").write_text(f"{ignored}\n", encoding="utf-8")
    if is_repository:
        (tmp_path / ".git").mkdir()
    site = Site(load_config(root / "mkdocs.yml"))
    assert [finding.rule for finding in check_pages(site, [site.page("index.md")])] == expected


def test_the_ignore_file_of_another_folder_says_nothing(tmp_path: Path) -> None:
    root = tmp_path / "manual"
    (root / "docs").mkdir(parents=True)
    (root / "mkdocs.yml").write_text("site_name: Kettles\n", encoding="utf-8")
    (root / "docs" / "index.md").write_text("# Kettles\n\n[All of them](made/all.md).\n", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("made/\n", encoding="utf-8")
    (root / ".git").mkdir()
    site = Site(load_config(root / "mkdocs.yml"))
    assert [finding.rule for finding in check_pages(site, [site.page("index.md")])] == ["missing-file"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [("all.qmd", []), ("all.Rmd", []), ("all.md.j2", []), ("other.qmd", ["missing-file"]), ("", ["missing-file"])],
)
def test_a_page_may_be_rendered_before_the_build(tmp_path: Path, source: str, expected: list[str]) -> None:
    (tmp_path / "docs" / "made").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text("site_name: Kettles\n", encoding="utf-8")
    (tmp_path / "docs" / "index.md").write_text("# Kettles\n\n[All of them](made/all.md).\n", encoding="utf-8")
    if source:
        (tmp_path / "docs" / "made" / source).write_text("", encoding="utf-8")
    site = Site(load_config(tmp_path / "mkdocs.yml"))
    assert [finding.rule for finding in check_pages(site, [site.page("index.md")])] == expected


@pytest.mark.parametrize(("folder", "expected"), [("docs/parts", []), ("docs/others", ["missing-file"])])
def test_links_of_what_templates_take_in_are_not_judged(tmp_path: Path, folder: str, expected: list[str]) -> None:
    (tmp_path / "docs" / "parts").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text(
        f"site_name: Kettles\nplugins:\n  - macros:\n      include_dir: {folder}\nnav: [index.md]\n", encoding="utf-8"
    )
    (tmp_path / "docs" / "index.md").write_text("# Kettles\n\nHot.\n", encoding="utf-8")
    (tmp_path / "docs" / "parts" / "hot.md").write_text("See [the lids](../lids/large.md).\n", encoding="utf-8")
    findings = check_site(tmp_path / "mkdocs.yml", select=["missing-file", "outside-docs"])
    assert [finding.rule for finding in findings] == expected


@pytest.mark.parametrize(("titles", "expected"), [(1, ["body-outside"]), (6, [])])
def test_boxes_that_are_titles_only_are_a_style_of_a_site(tmp_path: Path, titles: int, expected: list[str]) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Kettles\nmarkdown_extensions: [admonition]\n", encoding="utf-8")
    boxes = "".join(f'!!! tip "Kettle {number} is hot"\n\n' for number in range(titles))
    (tmp_path / "docs" / "all.md").write_text(f"# All\n\nThey are hot.\n\n{boxes}## Cold\n\nNone.\n", encoding="utf-8")
    text = '# Kettles\n\n!!! tip "A full kettle"\n\nIt is heavier than an empty one, so lift it with both hands.\n'
    (tmp_path / "docs" / "index.md").write_text(text, encoding="utf-8")
    assert [finding.rule for finding in check_site(tmp_path / "mkdocs.yml")] == expected
