"""Figures drawn from the data hold what the data hold."""

import html
import re
from itertools import pairwise

from archdata import models, specs, tables
from archfigures import text
from archfigures.from_data import pictures, timeline
from examples import DOCS


def test_the_layer_strip_has_a_cell_for_each_layer_and_a_dot_for_experts() -> None:
    strip = pictures.layer_strip(DOCS, ["jamba-v0.1"])

    assert strip.count('width="') >= 32
    assert strip.count("ad-dot ad-ffn") == 16 + 1  # sixteen layers with experts, and the legend
    assert "4 layers of attention" in strip


def test_the_timeline_holds_every_architecture_and_model() -> None:
    picture, table = timeline.timeline(DOCS), tables.timeline_table(DOCS, "tools/timeline.md")
    dots = len(re.findall(r'class="ad-dot ', picture))

    assert len(re.findall(r'class="ad-dot ad-attention" [^>]*r="3.5"', picture)) == len(specs.load(DOCS))
    assert dots == len(specs.load(DOCS)) + len(models.load(DOCS)) + 8, "eight dots stand in the legend"
    for spec in specs.load(DOCS).values():
        assert f'font-size="11">{html.escape(spec.short)}<' in picture, spec.short
    assert len(re.findall(r"^\| (?!Date|---)", table, re.MULTILINE)) == len(specs.load(DOCS)) + len(models.load(DOCS))


def test_names_on_the_timeline_do_not_overlap_and_no_line_runs_through_one() -> None:
    found = re.findall(
        r'x="([\d.]+)" y="([\d.]+)" text-anchor="start" font-size="11">(.*?)</text>', timeline.timeline(DOCS)
    )
    lines: dict[str, list[tuple[float, float]]] = {}
    for x, y, name in found:
        lines.setdefault(y, []).append((float(x), float(x) + text.width(html.unescape(name), 11)))
    assert len(found) == len(specs.load(DOCS))
    for spans in lines.values():
        for (_, end), (begin, _) in pairwise(sorted(spans)):
            assert end < begin
    uprights = re.findall(r'<path class="ad-edge" d="M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)"', timeline.timeline(DOCS))
    for x, low, same, high in uprights:
        assert x == same
        for y, spans in lines.items():
            if float(high) + 6 < float(y) < float(low):
                assert not any(begin < float(x) < end for begin, end in spans), (x, y)


def test_there_is_a_tree_for_every_family_with_two_designs() -> None:
    trees = timeline.family_trees(DOCS)

    assert trees.count("<svg") == trees.count("### ") >= 9


def test_the_lineage_draws_arrows_from_parents() -> None:
    assert pictures.lineage(DOCS, "recurrent").count("ad-shape") == len(
        [spec for spec in specs.load(DOCS).values() if spec.family == "recurrent"]
    )
