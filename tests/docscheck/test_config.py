"""mkdocs.yml is read with everything MkDocs allows in it, and nothing it names is imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from docscheck.config import Config, ConfigError, Inert, load_config
from docscheck.parse.slugs import Ids, plain_text, slug_function
from hypothesis import given
from hypothesis import strategies as st
from markdown.extensions.toc import unique


def written(root: Path, text: str, name: str = "mkdocs.yml") -> Path:
    """Write a file and return it."""
    (root / name).write_text(text, encoding="utf-8")
    return root / name


def test_extensions_have_their_short_names_and_options(tmp_path: Path) -> None:
    config = load_config(
        written(
            tmp_path,
            "markdown_extensions: [markdown.extensions.admonition, toc: {permalink: true}, extra, mdx_own]\n",
        )
    )
    assert config.has("admonition")
    assert config.option("toc", "permalink") is True
    assert {"tables", "fenced_code", "footnotes", "md_in_html"} <= config.extensions.keys()
    assert config.foreign_extensions == {"mdx_own"}


def test_a_parent_file_is_merged_and_lists_replace_lists(tmp_path: Path) -> None:
    written(tmp_path, "site_name: a\ntheme: {name: material, language: de}\nplugins: [tags]\n", "base.yml")
    config = load_config(written(tmp_path, "INHERIT: base.yml\ntheme: {language: fr}\nplugins: [search]\n"))
    assert (config.theme["name"], config.language) == ("material", "fr")
    assert list(config.plugins) == ["search"]


def test_a_file_that_inherits_from_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="inherits from itself"):
        load_config(written(tmp_path, "INHERIT: mkdocs.yml\n"))


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        (b"site_name: x\nnav: [a\ntheme: b\n", 2, "mkdocs.yml:3:6: "),
        (b"# caf\xc3\xa9\nsite_name: \xc3\xa9\xe9\n", 1, "mkdocs.yml:2:13: this is not UTF-8; save the file as UTF-8"),
        (b"- search\n", 0, "mkdocs.yml holds no settings; they are lines such as `site_name: "),
        (b"INHERIT: base.yml\n", 0, "base.yml, from which mkdocs.yml inherits: No such file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_place(
    tmp_path: Path, content: bytes, line: int, told: str
) -> None:
    (tmp_path / "mkdocs.yml").write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "mkdocs.yml")
    assert told in str(caught.value)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("extra:\n  docscheck:\n    ignor: [BOX]\n", "mkdocs.yml:3:5: "),
        ("plugins:\n  - docscheck: {words: [2]}\n", "mkdocs.yml:2:17: "),
        ("extra: {docscheck: {words: [2]}, words: a}\n", "mkdocs.yml: "),  # which of the two is not certain
    ],
)
def test_a_setting_that_is_refused_is_shown(tmp_path: Path, text: str, place: str) -> None:
    config = load_config(written(tmp_path, text))
    with pytest.raises(ConfigError) as caught:
        _ = config.settings
    assert f"{place}`" in str(caught.value)


def test_an_inherited_file_may_be_empty(tmp_path: Path) -> None:
    (tmp_path / "base.yml").write_text("", "utf-8")
    assert load_config(written(tmp_path, "INHERIT: base.yml\nsite_name: Kettle\n")).values["site_name"] == "Kettle"


def test_environment_variables_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCS_URL", "https://example.org/docs/")
    monkeypatch.delenv("NOT_SET", raising=False)
    config = load_config(
        written(
            tmp_path, "site_url: !ENV DOCS_URL\nuse_directory_urls: !ENV [NOT_SET, false]\nrepo_url: !ENV NOT_SET\n"
        )
    )
    assert config.site_url == "https://example.org/docs/"
    assert config.directory_urls is False
    assert config.values["repo_url"] is None


def test_python_tags_are_names_only(tmp_path: Path) -> None:
    config = load_config(
        written(
            tmp_path,
            "markdown_extensions:\n  - toc:\n"
            "      slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n"
            "  - pymdownx.emoji:\n      emoji_index: !!python/name:no.such.module\n"
            "hooks_dir: !relative $docs_dir\n",
        )
    )
    slugify = config.option("toc", "slugify")
    assert slugify == Inert("pymdownx.slugs.slugify", {"kwds": {"case": "lower"}})
    assert config.option("pymdownx.emoji", "emoji_index") == Inert("no.such.module")


@pytest.mark.parametrize(
    ("base_path", "folders"),
    [
        ("parts", ["parts"]),
        ("[., !relative $docs_dir]", ["", "docs"]),
        ("!relative $docs_dir/parts", ["docs/parts"]),
        ("[!relative $config_dir/parts]", ["parts"]),
        ("[!relative ]", ["docs/guide"]),
    ],
)
def test_snippets_are_looked_for_where_mkdocs_does(tmp_path: Path, base_path: str, folders: list[str]) -> None:
    settings = f"markdown_extensions:\n  - pymdownx.snippets:\n      base_path: {base_path}\n"
    config = load_config(written(tmp_path, settings))
    found = config.snippet_folders(config.docs_dir / "guide")
    assert [folder.relative_to(config.root).as_posix().removeprefix(".") for folder in found] == folders


@pytest.mark.parametrize(
    ("setting", "text", "slug"),
    [
        (None, "The `batch_size` key!", "the-batch_size-key"),
        (None, "Größe & Café", "groe-cafe"),
        (Inert("pymdownx.slugs.slugify", {"kwds": {"case": "lower"}}), "Größe & Café", "größe--café"),
        (Inert("pymdownx.slugs.slugify", {"kwds": {"case": "lower", "percent_encode": True}}), "é", "%C3%A9"),
        (Inert("pymdownx.slugs.gfm"), "A B", "a-b"),
        (Inert("markdown.extensions.toc.slugify_unicode"), "数据 结构", "数据-结构"),
    ],
)
def test_slugs_are_the_sites(setting: Inert | None, text: str, slug: str) -> None:
    function = slug_function(setting)
    assert function is not None
    assert function(plain_text(text), "-") == slug


def test_an_unknown_slug_function_is_not_guessed() -> None:
    assert slug_function(Inert("own.slugs")) is None


def test_ids_that_are_taken_get_numbers() -> None:
    ids = Ids([])

    assert [ids.take(slug) for slug in ("a", "a", "a_1")] == ["a", "a_1", "a_2"]


@given(st.lists(st.sampled_from(["", "a", "a_1", "a_2", "a_7", "a_1_1", "_1"]), max_size=30))
def test_ids_are_those_of_python_markdown(slugs: list[str]) -> None:
    ids, taken = Ids(["a_3"]), {"a_3"}

    assert [ids.take(slug) for slug in slugs] == [unique(slug, taken) for slug in slugs]


def test_material_plugins_have_their_plain_names() -> None:
    config = Config(Path("mkdocs.yml"), {"plugins": ["material/blog", {"macros": {"module_name": "x"}}]})
    assert list(config.plugins) == ["blog", "macros"]
    assert config.plugins["macros"] == {"module_name": "x"}


@pytest.mark.parametrize(
    ("chosen", "more", "address"),
    [
        ("https://tea.github.io/kettle", "", "https://docs.tea.example.org/"),
        ("https://tea.github.io/kettle", "plugins: [mike]\n", "https://tea.github.io/kettle"),
        ("https://docs.tea.example.org/latest/", "", "https://docs.tea.example.org/latest/"),
    ],
)
def test_the_host_that_github_leads_to(tmp_path: Path, chosen: str, more: str, address: str) -> None:
    (tmp_path / "docs").mkdir()
    written(tmp_path / "docs", "docs.tea.example.org\n", "CNAME")
    assert load_config(written(tmp_path, f"site_url: {chosen}\n{more}")).site_url == address


@pytest.mark.parametrize(
    ("settings", "workflow", "expected"),
    [
        ("", "run: mkdocs build --strict\n", True),
        ("", "run: mkdocs build --no-directory-urls\n", False),
        ("use_directory_urls: true\n", "run: mkdocs build --no-directory-urls\n", True),
        ("", "run: mkdocs build --no-directory-urls\nrun: mkdocs gh-deploy --force\n", True),
        ("", "run: pip install mkdocs\n", True),
    ],
)
def test_the_command_that_builds_the_site_decides_on_folders(
    tmp_path: Path, settings: str, workflow: str, *, expected: bool
) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    written(folder, workflow, "docs.yml")
    assert load_config(written(tmp_path, f"site_name: a\n{settings}")).directory_urls is expected
