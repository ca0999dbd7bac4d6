"""Citations in pages, through Python-Markdown with the extensions of the site."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import markdown
import pytest

BIB = """
@article{gu2023mamba,
  title = {Mamba: Linear-Time Sequence Modeling},
  author = {Gu, Albert and Dao, Tri}, year = {2023},
  eprint = {2312.00752}, eprinttype = {arxiv}, annotation = {Makes the parameters depend on the input.},
}

@article{sun2023retentive,
  title = {Retentive {Network}},
  author = {Sun, Yutao and Dong, Li and Wei, Furu}, year = {2023},
  url = {https://arxiv.org/abs/2307.08621}, annotation = {Introduces retention.},
}

@article{sun2023second,
  title = {A second paper of that year},
  author = {Sun, Other and Dong, Li and Wei, Furu}, year = {2023}, url = {https://example.org/second},
}
"""

EXTENSIONS = [
    "admonition",
    "attr_list",
    "footnotes",
    "md_in_html",
    "tables",
    "toc",
    "pymdownx.arithmatex",
    "pymdownx.details",
    "pymdownx.superfences",
    "pymdownx.tabbed",
]


@pytest.fixture
def convert(tmp_path: Path):
    (tmp_path / "references.bib").write_text(BIB, "utf-8")

    def run(text: str) -> str:
        options = {
            "archmarkdown.citations": {"bibliography": str(tmp_path / "references.bib")},
            "pymdownx.tabbed": {"alternate_style": True},
            "pymdownx.arithmatex": {"generic": True},
        }
        md = markdown.Markdown(extensions=[*EXTENSIONS, "archmarkdown.citations"], extension_configs=options)
        run.toc = lambda: md.toc_tokens
        return md.convert(text)

    return run


def visible(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def before_references(html: str) -> str:
    return html.split('<h2 id="references">')[0]


def test_a_citation_is_a_link_with_the_whole_entry(convert) -> None:
    html = convert("As shown [@gu2023mamba].")
    assert "As shown [Gu and Dao 2023]." in visible(html)
    assert 'href="#ref-gu2023mamba"' in html
    assert 'id="ref-gu2023mamba"' in html
    entry = "Albert Gu and Tri Dao. Mamba: Linear-Time Sequence Modeling. 2023-12. arXiv:2312.00752."
    assert f'data-entry="{entry}"' in html


def test_a_description_for_screen_readers_exists(convert) -> None:
    html = convert("[@gu2023mamba]")
    described_by = re.search(r'aria-describedby="([^"]+)"', html)
    assert described_by
    assert f'id="{described_by[1]}"' in html


def test_several_papers_and_places_in_one_bracket(convert) -> None:
    html = convert("[@gu2023mamba, Table 2; @sun2023retentive]")
    assert "[Gu and Dao 2023, Table 2; Sun et al. 2023]" in visible(html)


def test_papers_with_one_label_get_letters_in_the_order_of_the_page(convert) -> None:
    html = convert("[@sun2023second] then [@sun2023retentive] and [@sun2023second]")
    assert visible(before_references(html)) == "[Sun et al. 2023a] then [Sun et al. 2023b] and [Sun et al. 2023a]"


@pytest.mark.parametrize(
    "text",
    [
        "| a |\n| - |\n| [@gu2023mamba] |",
        '!!! note "On [@gu2023mamba]"\n    Body.',
        "??? note\n    [@gu2023mamba]",
        '=== "Tab"\n    Text [@gu2023mamba].',
        '<div markdown="1">\n\n[@gu2023mamba]\n\n</div>',
        '<p markdown="span">[@gu2023mamba]</p>',
        "- item\n\n    - inner [@gu2023mamba]",
        "> quoted [@gu2023mamba]",
        "A note.[^1]\n\n[^1]: See [@gu2023mamba].",
        "**bold [@gu2023mamba]**",
        "wrapped [@gu2023mamba;\n@sun2023retentive]",
    ],
)
def test_citations_work_wherever_text_is_set(convert, text: str) -> None:
    html = convert(text)
    assert "Gu and Dao 2023</a>" in before_references(html)
    assert 'id="ref-gu2023mamba"' in html


@pytest.mark.parametrize(
    "text",
    [
        "`[@gu2023mamba]`",
        "```\n[@gu2023mamba]\n```",
        "    [@gu2023mamba]",
        "$[@gu2023mamba]$",
        "$$\n[@gu2023mamba]\n$$",
        "[@gu2023mamba](https://example.org)",
        r"\[@gu2023mamba]",
        "<!-- [@gu2023mamba] -->",
    ],
)
def test_code_maths_links_and_comments_are_left_alone(convert, text: str) -> None:
    html = convert(text)
    assert "[@gu2023mamba]" in html or ">@gu2023mamba<" in html
    assert "References" not in html


def test_the_references_are_a_section_with_cards_in_the_order_of_citation(convert) -> None:
    html = convert("# T\n\n[@sun2023retentive] [@gu2023mamba] [@sun2023retentive]")
    assert re.findall(r'class="admonition note reference" id="ref-(\w+)"', html) == ["sun2023retentive", "gu2023mamba"]
    assert convert.toc()[0]["children"][0]["name"] == "References"
    assert '<p class="admonition-title"><a href="https://arxiv.org/abs/2307.08621">Retentive Network</a></p>' in html
    assert "<p>Introduces retention.</p>" in html


def test_a_contribution_line_replaces_the_annotation_and_leaves_the_text(convert) -> None:
    html = convert("Text [@gu2023mamba].\n\n[@gu2023mamba]: Selects *what* to keep,\nand scans.\n\nMore text.")
    assert "<p>Selects <em>what</em> to keep, and scans.</p>" in html
    assert "Makes the parameters" not in html
    assert visible(before_references(html)) == "Text [Gu and Dao 2023]. More text."


def test_the_detail_below_a_contribution_is_folded_into_the_card(convert) -> None:
    text = (
        "[@gu2023mamba]: Selects.\n    Detail with\n\n    - a list\n\n    ```\n    code [@x]\n    ```\n\n"
        "[@sun2023retentive]: Retains.\n\nAfter."
    )
    html = convert(text)
    card = html.split('id="ref-gu2023mamba"')[1].split('id="ref-sun2023retentive"')[0]
    folded = card[card.index("<details") : card.index("</details>")]
    assert "<p>Detail with</p>" in folded
    assert "<li>a list</li>" in folded
    assert "code [@x]" in folded
    assert "<p>After.</p>" in before_references(html)


def test_a_note_defined_directly_below_a_contribution_is_a_note(convert) -> None:
    text = "A claim.[^n] [@gu2023mamba]\n\n[@gu2023mamba]: Selects.\n[^n]: A note.\n[@sun2023retentive]: Retains.\n"
    html = convert(text)
    assert "[^n]" not in html
    assert "<p>A note." in html
    assert "<p>Selects.</p>" in html
    assert "<p>Retains.</p>" in html


def test_a_paper_with_only_a_contribution_line_has_a_card_too(convert) -> None:
    html = convert("[@gu2023mamba] leads.\n\n[@sun2023retentive]: Builds on [@sun2023second].")
    ids = re.findall(r'reference" id="ref-(\w+)"', html)
    assert ids == ["gu2023mamba", "sun2023retentive", "sun2023second"]


def test_an_unknown_key_is_a_warning_with_place_and_nearest_key(convert, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "mkdocs"):
        html = convert("Fine.\n\n`[@gu2024mamba]` is code, this is not: [@gu2024mamba].")
    assert [record.getMessage() for record in caplog.records] == [
        '3:42: unknown citation key "gu2024mamba"; did you mean "gu2023mamba"?'
    ]
    assert caplog.records[0].name == "mkdocs.archmarkdown.citations"
    assert "@gu2024mamba?" in visible(html)


def test_an_unknown_key_in_a_contribution_line_is_a_warning(convert, caplog: pytest.LogCaptureFixture) -> None:
    convert("[@nobody2020nothing]: Does it.")
    assert '1:3: unknown citation key "nobody2020nothing"' in caplog.text


def test_a_comma_between_papers_is_a_warning(convert, caplog: pytest.LogCaptureFixture) -> None:
    convert("One\ntwo [@gu2023mamba, @sun2023retentive].")
    assert "2:5: [@gu2023mamba, @sun2023retentive] is not a citation" in caplog.text


def test_a_page_without_citations_has_no_references(convert) -> None:
    assert "References" not in convert("# Title\n\nText.")


def test_one_converter_forgets_the_page_before(convert, tmp_path: Path) -> None:
    md = markdown.Markdown(
        extensions=["archmarkdown.citations"],
        extension_configs={"archmarkdown.citations": {"bibliography": str(tmp_path / "references.bib")}},
    )
    md.convert("[@gu2023mamba]")
    assert "ref-gu2023mamba" not in md.reset().convert("[@sun2023retentive]")
