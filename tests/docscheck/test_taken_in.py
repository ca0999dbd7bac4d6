"""Files that templates take into a page: what they define counts, and what nobody can know is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from docscheck import check_site
from docscheck.config import load_config
from docscheck.engine import check_pages
from docscheck.site import Site

_FILES = {
    "parts/sizes.md": '## All sizes\n\nTwo. <a id="small"></a>\n',
    "parts/labels.md": "[lids]: https://example.org/lids\n[cups]: https://example.org/cups\n",
    "parts/nested.md": '{% include "parts/sizes.md" %}\n',
    "parts/unknown.md": "{{ sizes() }}\n",
    "parts/end.md": "They fit.\n```\n",
    "pots.md": "# Pots\n\nSmall ones.\n",
}


def findings(root: Path, plugin: str, text: str, uri: str = "page.md", **settings: Any) -> list[str]:
    """The rules that report something on a page of a site with this plugin."""
    for path, content in {**_FILES, uri: f"# A page\n\n{text}\n"}.items():
        (root / "docs" / path).parent.mkdir(parents=True, exist_ok=True)
        (root / "docs" / path).write_text(content, encoding="utf-8")
    (root / "mkdocs.yml").write_text(
        yaml.safe_dump({"site_name": "Kettles", "plugins": [plugin], **settings}), encoding="utf-8"
    )
    site = Site(load_config(root / "mkdocs.yml"))
    return [finding.rule for finding in check_pages(site, [site.page(uri)])]


@pytest.mark.parametrize(
    ("plugin", "statement"),
    [
        ("macros", '{% include "parts/sizes.md" %}'),
        ("macros", "{%- include 'parts/nested.md' -%}"),
        ("include-markdown", '{% include-markdown "parts/sizes.md" %}'),
        ("include-markdown", '{%\n  include-markdown "./parts/sizes.md"\n  heading-offset=1\n%}'),
    ],
)
def test_a_link_may_lead_to_a_place_in_a_file_that_is_taken_in(tmp_path: Path, plugin: str, statement: str) -> None:
    assert findings(tmp_path, plugin, f"[Sizes](#all-sizes), [small ones](#small).\n\n{statement}") == []
    assert findings(tmp_path, plugin, f"[Sizes](#sizes), [small ones](#small).\n\n{statement}") == ["missing-anchor"]


@pytest.mark.parametrize(
    ("plugin", "statement"),
    [
        ("macros", "{{ sizes() }}"),
        ("macros", '{% include "parts/unknown.md" %}'),
        ("macros", '{% include "parts/none.md" %}'),
        ("include-markdown", '{% include-markdown "parts/*.md" %}'),
        ("include-markdown", '{% include-markdown "https://example.org/sizes.md" %}'),
    ],
)
def test_what_nobody_can_know_may_bring_any_place(tmp_path: Path, plugin: str, statement: str) -> None:
    assert findings(tmp_path, plugin, f"[Sizes](#sizes) of it.\n\n{statement}") == []


def test_a_link_may_name_a_label_of_a_file_that_is_taken_in(tmp_path: Path) -> None:
    statement = '{% include "parts/labels.md" %}'
    assert findings(tmp_path, "macros", f"All [lids that fit][lids] here.\n\n{statement}") == []
    assert findings(tmp_path, "macros", f"All [lids that fit][lid] here.\n\n{statement}") == ["undefined-label"]
    assert findings(tmp_path, "macros", "All [lids that fit][lid] here.\n\n{{ labels() }}") == []
    assert findings(tmp_path, "macros", "All [lids that fit][lid] here.") == []


def test_a_page_of_labels_only_is_there_for_others(tmp_path: Path) -> None:
    findings(tmp_path, "macros", "All of them.")
    site = Site(load_config(tmp_path / "mkdocs.yml"))
    found = check_pages(site, [site.page("parts/labels.md")])
    assert [finding.rule for finding in found if finding.rule == "unused-label"] == []
    (tmp_path / "docs" / "parts" / "labels.md").write_text("# Labels\n\n[lids]: https://example.org/lids\n", "utf-8")
    site = Site(load_config(tmp_path / "mkdocs.yml"))
    found = check_pages(site, [site.page("parts/labels.md")])
    assert "unused-label" in [finding.rule for finding in found]


def test_a_page_outside_the_navigation_may_be_a_part(tmp_path: Path) -> None:
    inside = {"nav": [{"Pots": "pots.md"}, {"A page": "page.md"}]}
    assert findings(tmp_path, "macros", "[Sizes](#sizes) of it.", **inside) == ["missing-anchor"]
    outside = {"nav": [{"Pots": "pots.md"}]}
    assert findings(tmp_path, "macros", "[Sizes](#sizes) of it.", "parts/more.md", **outside) == []
    assert findings(tmp_path, "search", "[Sizes](#sizes) of it.", "parts/more.md", **outside) == ["missing-anchor"]
    assert findings(tmp_path, "macros", "[Sizes](../pots.md#sizes).", "parts/more.md", **outside) == ["missing-anchor"]


def test_a_changed_part_is_noticed(tmp_path: Path) -> None:
    """The page that takes it in is read again, and so is one that links to a place there."""
    findings(tmp_path, "macros", '[Sizes](#all-sizes) of it.\n\n{% include "parts/sizes.md" %}')
    (tmp_path / "docs" / "pots.md").write_text("# Pots\n\nSee [the sizes](page.md#all-sizes).\n", "utf-8")

    def faults() -> list[tuple[str, str]]:
        found = check_site(tmp_path / "mkdocs.yml", remember=True, working_directory=tmp_path)
        assert found == check_site(tmp_path / "mkdocs.yml", working_directory=tmp_path)
        return [(finding.path, finding.rule) for finding in found if finding.rule == "missing-anchor"]

    assert faults() == []
    (tmp_path / "docs" / "parts" / "sizes.md").write_text("## Other sizes of it\n\nTwo.\n", "utf-8")
    assert faults() == [("docs/page.md", "missing-anchor"), ("docs/pots.md", "missing-anchor")]


def test_a_part_of_other_pages(tmp_path: Path) -> None:
    """It needs no title, and at its margin its indent is that of the line that takes it in."""
    text = "Add a key.\n\n    The key has to be known to the kettle.\n\nThen close it.\n"
    assert findings(tmp_path, "include-markdown", text, "part.md", nav=[{"Home": "page.md"}]) == []
    assert findings(tmp_path, "include-markdown", text, "part.md", nav=[{"P": "part.md"}]) == ["text-becomes-code"]


def test_a_snippet_may_close_a_fence(tmp_path: Path) -> None:
    extensions = {"markdown_extensions": ["pymdownx.superfences", "pymdownx.snippets"]}
    taken = "```markdown\n--8<--\ndocs/{}\n--8<--\n"
    assert findings(tmp_path, "search", taken.format("parts/end.md"), **extensions) == []
    assert "unclosed-fence" in findings(tmp_path, "search", taken.format("pots.md"), **extensions)
    assert "unclosed-fence" in findings(tmp_path, "search", "```markdown\nText.\n", **extensions)
