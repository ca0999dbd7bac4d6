"""Terms show their meaning where they first appear, and nowhere else."""

from pathlib import Path

import pytest
from markdown import markdown

TERMS = """
- term: Grouped-query attention
  acronym: GQA
  meaning: Query heads share keys and values.
  page: architectures/transformers/mqa-gqa.md
- term: Token
  meaning: The unit a model reads.
- term: FlashAttention
  meaning: An exact kernel.
- term: Advantage
  meaning: How much better than expected.
  everyday: true
- term: Majority voting
  aliases: [self-consistency]
  meaning: Taking the most frequent answer.
  everyday: [self-consistency]
"""


@pytest.fixture
def render(tmp_path: Path):  # type: ignore[no-untyped-def]
    path = tmp_path / "glossary.yml"
    path.write_text(TERMS, encoding="utf-8")

    def _render(text: str) -> str:
        return markdown(
            text,
            extensions=["archmarkdown.glossary", "tables"],
            extension_configs={"archmarkdown.glossary": {"glossary": str(path)}},
        )

    return _render


def test_the_first_occurrence_links_to_the_page_that_explains_it(render) -> None:  # type: ignore[no-untyped-def]
    html = render("With GQA and again GQA.")

    assert html.count("<a") == 1
    assert 'href="architectures/transformers/mqa-gqa.md"' in html
    assert 'title="Grouped-query attention (GQA): Query heads share keys and values."' in html
    assert html.endswith("</a> and again GQA.</p>")


def test_name_and_acronym_are_one_term(render) -> None:  # type: ignore[no-untyped-def]
    assert render("Grouped-query attention (GQA).").count("<a") == 1


def test_a_term_without_a_page_leads_to_the_glossary(render) -> None:  # type: ignore[no-untyped-def]
    assert 'href="reference/glossary.md#term-token"' in render("Tokens are read.")


def test_only_the_everyday_name_of_a_term_is_left_alone(render) -> None:  # type: ignore[no-untyped-def]
    assert 'class="term"' in render("By majority voting.")


def test_a_plural_is_marked_whole_and_text_after_children_is_kept(render) -> None:  # type: ignore[no-untyped-def]
    html = render("*Some* tokens, **many** things, FlashAttention too.")

    assert ">tokens</a>, <strong>many</strong> things, <a" in html
    assert html.endswith(">FlashAttention</a> too.</p>")


@pytest.mark.parametrize(
    "text",
    [
        "# About GQA",
        "`GQA` in code",
        "[GQA](x.md) in a link",
        "    GQA in a block",
        "gqa in lower case is a variable",
        "tokeniser and token-free are other words",
        "flashattention is how nobody writes it",
        "an advantage in the everyday sense",
        "a self-consistency rule of another kind",
        "tokens–per–second is a compound",
        "in tokens 5.24 of a library",
        "tokens' `Reader` is a class of a library",
    ],
)
def test_what_is_not_running_text_stays_as_it_is(render, text: str) -> None:  # type: ignore[no-untyped-def]
    assert 'class="term"' not in render(text)


def test_cells_are_marked_and_headers_are_not(render) -> None:  # type: ignore[no-untyped-def]
    html = render("| GQA | token |\n| --- | --- |\n| token | x |\n")

    assert html.count('class="term"') == 1
    assert "<td><a" in html
