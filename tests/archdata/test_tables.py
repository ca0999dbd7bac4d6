"""Tables from data hold what the data hold, and link to pages relative to the one they stand on."""

import re
from pathlib import Path

import pytest
from archdata import boxes, decoders, models, specs, tables
from archdata.errors import DataError
from examples import DOCS

PAGE = "architectures/recurrent/retnet.md"


def test_the_box_names_who_introduced_it_and_links_to_what_it_builds_on() -> None:
    box = boxes.glance(DOCS, "hybrid-stack", "architectures/hybrids/index.md")

    assert "[@fu2022hungry], 2022-12" in box
    assert "[S4](../recurrent/s4.md)" in box
    assert re.search(r"Used by \| .+, .+ and \d+ more \|", box)


def test_models_using_gives_the_evidence_of_each() -> None:
    table = boxes.models_using(DOCS, "mamba", PAGE)

    using = [m.name for m in models.load(DOCS).values() if "mamba" in m.mechanisms]
    assert table.count("\n| ") == len(using) + 2
    assert all(f"| {name} |" in table for name in using)
    assert "Jamba v0.1" in table
    assert "`pattern mamba`" in table


def test_settings_are_code_and_what_is_said_of_them_is_text() -> None:
    table = boxes.models_using(DOCS, "sparse-attention", PAGE)

    assert "`index_heads 32`, `index_chosen 2048`; in three of four layers the selection of an earlier one (`" in table


def test_an_unknown_architecture_names_the_nearest() -> None:
    with pytest.raises(DataError, match='unknown architecture "retnett"; did you mean "retnet"'):
        boxes.glance(DOCS, "retnett", PAGE)


def test_the_table_of_models_has_a_row_for_each() -> None:
    table = tables.models_table(DOCS, "enablement/models.md")

    assert len(re.findall(r"^\| (?!Model|---)", table, re.MULTILINE)) == len(models.load(DOCS))
    assert 'data-filters="Family,Parameters,Attention,Design,By,Licence,Released"' in table


def test_the_table_says_what_its_filters_go_by() -> None:
    row = next(line for line in tables.models_table(DOCS, PAGE).splitlines() if "| Kimi Linear 48B-A3B |" in line)

    assert 'data-filter="2025"' in row
    assert 'data-filter="40–150B"' in row
    assert "| Kimi delta attention, latent attention |" in row
    assert "[MLA](" in row


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("llama-2-7b", ["multi-head"]),
        ("llama-3-8b", ["grouped-query"]),
        ("gemma-2b", ["multi-query"]),
        ("gpt-oss-20b", ["windowed grouped-query", "grouped-query"]),
        ("deepseek-v3.2", ["sparse latent attention"]),
        ("nemotron-h-56b", ["Mamba-2", "grouped-query"]),
        ("llada-8b", ["attention both ways"]),
    ],
)
def test_what_mixes_positions_in_words(key: str, words: list[str]) -> None:
    assert decoders.mixing(models.get(DOCS, key).config) == words


def test_the_counts_say_why_they_differ() -> None:
    table = tables.counts_table(DOCS, "contribute/counts.md")

    assert "| Mixtral 8x7B | 46,702,792,704 | 12,879,925,248 | 46.7B / 12.9B | agrees |" in table
    assert "embedding" in table


def test_models_side_by_side_show_every_field_of_any() -> None:
    table = tables.compare_models(DOCS, ["gpt-2", "mixtral-8x7b"], "tools/compare.md")

    assert "| `positions` | 1,024 | – |" in table
    assert "| `experts` | – | 8 |" in table


def test_long_lists_and_parts_of_a_model_are_shown_in_words() -> None:
    table = tables.compare_models(DOCS, ["deepseek-v4-flash", "qwen3-vl-8b", "gemma-4-31b"], PAGE)

    assert "| 2 × window, 21 × csa, 20 × hca | – | window window window window window full |" in table
    assert "width 1,152, layers 27, ffn width 4,304" in table
    assert "sizes 4608 4608 4096, norm 1,152; sizes 4608 4608 4096, norm 4,608, count 3" in table
    assert "full head size 512, kv heads 4, values are keys yes" in table
    assert "{" not in table


def test_the_members_of_a_family_fill_the_same_columns() -> None:
    """A cell that is missing shows as a dash; a new member takes the columns of its neighbours' `compare`."""
    columns: dict[str, dict[frozenset[str], list[str]]] = {}
    for spec in specs.load(DOCS).values():
        columns.setdefault(spec.family, {}).setdefault(frozenset(spec.compare), []).append(spec.slug)

    uneven = {family: found for family, found in columns.items() if len(found) > 1}
    assert not uneven


def test_all_designs_have_a_row_with_their_key() -> None:
    text = boxes.all_designs(DOCS, "tools/compare.md")

    for slug, spec in specs.load(DOCS).items():
        assert f'<span hidden data-row="{slug}"></span>' in text, slug
        assert f"### {specs.FAMILIES[spec.family]}\n" in text


def test_a_box_leads_to_the_comparison_with_what_the_design_builds_on() -> None:
    box = boxes.glance(DOCS, "mla", "architectures/transformers/mla.md")

    assert "](../../tools/compare.md?a=mla&b=mqa-gqa)" in box
    assert "Side by side" not in boxes.glance(DOCS, "transformer", "architectures/transformers/index.md")


def test_what_a_script_stored_is_a_number_under_a_path_of_names(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"counts": {"block": 7, "name": "x"}, "list": [1]}', "utf-8")
    assert tables.stored_number(tmp_path, "a.md", "counts.block") == 7
    for key, words in (
        ("counts", "not a number"),
        ("counts.name", "not a number"),
        ("counts.blok", "nothing is stored"),
    ):
        with pytest.raises(DataError, match=words):
            tables.stored_number(tmp_path, "a.md", key)
    with pytest.raises(DataError, match="no stored results"):
        tables.stored_number(tmp_path, "b.md", "counts.block")
    with pytest.raises(DataError, match="is no table"):
        tables.stored_table(tmp_path, "a.md", "counts", "Counts")
