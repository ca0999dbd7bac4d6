"""The lineage figure: who builds on whom can be read from where things stand."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from archdata import models, specs
from archdata.errors import DataError
from archfigures import text as textual
from archfigures.from_data import pictures

DOCS = Path(__file__).resolve().parents[2] / "docs"
FAMILIES = sorted(
    family
    for family in {spec.family for spec in specs.load(DOCS).values()}
    if sum(spec.family == family for spec in specs.load(DOCS).values()) > 1
)


def spec(slug: str, introduced: str, *parents: str) -> specs.Spec:
    return specs.Spec(
        slug=slug,
        name=slug,
        short=slug,
        family="f",
        page="p.md",
        introduced=introduced,
        added=None,  # type: ignore[arg-type]
        builds_on=parents,
    )


def test_a_design_follows_the_one_it_builds_on_first() -> None:
    members = {
        s.slug: s
        for s in (
            spec("b", "2017-06", "a"),
            spec("a", "2017-06"),
            spec("c", "2019", "b", "d"),
            spec("d", "2018", "a"),
            spec("e", "2016", "elsewhere"),
        )
    }
    rows = list(pictures._descent(members))

    assert [s.slug for s, _ in rows] == ["e", "a", "b", "c", "d"]
    assert {s.slug: indent for s, indent in rows} == {"e": 0, "a": 0, "b": 1, "c": 0, "d": 0}


def test_a_design_without_relatives_stands_after_the_families_of_its_year() -> None:
    members = {s.slug: s for s in (spec("lone", "2021-06"), spec("root", "2021-09"), spec("child", "2022", "root"))}

    assert [s.slug for s, _ in pictures._descent(members)] == ["root", "child", "lone"]


def test_no_line_of_descent_runs_backwards() -> None:
    members = {s.slug: s for s in (spec("old", "2019", "young", "root"), spec("young", "2025"), spec("root", "2017"))}

    assert pictures._elders(members["old"], members) == [members["root"]]
    assert [s.slug for s, _ in pictures._descent(members)] == ["root", "old", "young"]


def test_no_two_mixers_of_a_strip_share_a_colour() -> None:
    chosen = [models.get(DOCS, key) for key in ("jamba-v0.1", "qwen3-next-80b-a3b", "gpt-oss-120b")]
    roles = pictures._roles(chosen)

    assert len(roles) >= 4
    assert len(set(roles.values())) == len(roles)


def test_a_strip_keeps_its_names_and_its_legend_inside() -> None:
    keys = ("minimax-m2", "kimi-linear-48b-a3b", "qwen3.5-397b-a17b", "nemotron-3-super-120b-a12b", "gemma-4-31b")
    root = ElementTree.fromstring(pictures.layer_strip(DOCS, keys).strip())
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        width = textual.width("".join(element.itertext()), float(element.attrib["font-size"])) * 0.95
        x = float(element.attrib["x"]) - (width if element.attrib["text-anchor"] == "end" else 0)
        assert x >= 0
        assert x + width <= 760


def test_there_are_families_with_a_lineage() -> None:
    assert "transformers" in FAMILIES


@pytest.mark.parametrize("family", FAMILIES)
def test_every_box_is_inside_and_every_member_is_there(family: str) -> None:
    svg = pictures.lineage(DOCS, family)
    boxes = re.findall(r'<rect class="ad-shape[^>]*x="([\d.-]+)"[^>]*width="([\d.]+)"', svg)
    members = [s for s in specs.load(DOCS).values() if s.family == family]

    assert len(boxes) == len(members)
    for x, width in boxes:
        assert float(x) >= 0
        assert float(x) + float(width) <= 760


def test_a_family_of_one_has_no_lineage(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = dict([next(iter(specs.load(DOCS).items()))])
    monkeypatch.setattr(specs, "load", lambda _: alone)

    assert pictures.lineage(DOCS, next(iter(alone.values())).family) == ""


def test_an_unknown_family_names_the_nearest() -> None:
    with pytest.raises(DataError, match='unknown family "recurent"; did you mean "recurrent"'):
        pictures.lineage(DOCS, "recurent")


def test_a_strip_names_each_kind_of_layer_differently() -> None:
    strip = pictures.layer_strip(DOCS, ["hy4-preview", "mistral-large-4"])
    named = re.findall(r"attention(?: [a-z' ]+)?(?=<)", strip.replace("&#x27;", "'"))

    assert {"attention by an earlier selection", "attention without positions"} <= set(named)
    assert len(named) == len(set(named))
