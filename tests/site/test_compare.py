"""Any two designs and any two models side by side: from the tables and the data, at an address that can be sent on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from archdata import models, numbers, specs
from examples import DOCS
from patience import until

pytestmark = pytest.mark.browser

DESIGNS, MODELS = specs.load(DOCS), models.load(DOCS)
PAIR = "#try-compare section:nth-of-type({}) "
ASKED = "?a=dpo&b=gated-deltanet&x=mistral-7b&y=mixtral-8x7b&nonsense=1"


@pytest.fixture(scope="module")
def tab(browser: Any, site_address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.goto(f"{site_address}tools/compare/{ASKED}")
    page.wait_for_selector(PAIR.format(2) + ".ex-pair")
    yield page
    context.close()


def rows(tab: Any, part: int) -> dict[str, list[str]]:
    found = tab.eval_on_selector_all(
        PAIR.format(part) + ".ex-pair tbody tr", "rows => rows.map(r => [...r.cells].map(c => c.textContent.trim()))"
    )
    return {name: cells for name, *cells in found}


def test_every_design_and_every_model_can_be_chosen(tab: Any) -> None:
    def options(part: int) -> set[str]:
        return set(
            tab.eval_on_selector_all(PAIR.format(part) + "select:first-of-type option", "o => o.map(x => x.value)")
        )

    assert options(1) == set(DESIGNS)
    assert options(2) == set(MODELS)


def test_an_address_leads_to_its_pair(tab: Any) -> None:
    shown = rows(tab, 1)

    assert shown["Page"] == [DESIGNS["dpo"].name, DESIGNS["gated-deltanet"].name]
    assert shown["First public"] == [DESIGNS["dpo"].introduced, DESIGNS["gated-deltanet"].introduced]
    assert shown["Signal"][1] == "–"
    assert tab.locator(PAIR.format(1) + ".ex-pair .katex").count() > 0, "formulas stay set"


def test_models_have_the_numbers_of_the_pages(tab: Any) -> None:
    shown, mixtral = rows(tab, 2), MODELS["mixtral-8x7b"]

    assert shown["Parameters"][1] == numbers.count(mixtral.parameters)
    assert shown["Active per token"][1] == numbers.count(mixtral.active_parameters)
    assert shown["Released"] == [MODELS["mistral-7b"].released, mixtral.released]
    assert shown["experts"] == ["–", str(mixtral.config["experts"])]
    assert shown["vocabulary"] == [
        numbers.number(MODELS[key].config["vocabulary"]) for key in ("mistral-7b", "mixtral-8x7b")
    ]


def test_fields_are_named_in_words_and_a_missing_tie_is_none(tab: Any) -> None:
    shown = rows(tab, 2)

    assert not [name for name in shown if "_" in name]
    assert shown["tied"] == ["no", "no"]


def test_rows_that_do_not_differ_can_be_hidden(tab: Any) -> None:
    every = rows(tab, 2)
    tab.check(PAIR.format(2) + "input[type=checkbox]")
    until(tab, f"document.querySelectorAll('{PAIR.format(2)}.ex-pair tbody tr').length < {len(every)}")
    fewer = rows(tab, 2)
    tab.uncheck(PAIR.format(2) + "input[type=checkbox]")

    assert fewer == {name: cells for name, cells in every.items() if cells[0] != cells[1]}


def test_swapping_changes_the_address_too(tab: Any) -> None:
    tab.click(PAIR.format(1) + "button >> text=Swap")
    until(tab, "new URL(location.href).searchParams.get('a') === 'gated-deltanet'")

    assert rows(tab, 1)["Page"] == [DESIGNS["gated-deltanet"].name, DESIGNS["dpo"].name]
    tab.click(PAIR.format(1) + "button >> text=Swap")


def test_links_in_the_pair_lead_to_pages(tab: Any, site_address: str) -> None:
    places = tab.eval_on_selector_all("#try-compare .ex-pair a[href]", "links => [...new Set(links.map(l => l.href))]")

    assert len(places) > 4
    for place in places:
        answer = tab.request.get(place.split("#")[0].replace("http://127.0.0.1:8000/", site_address))
        assert answer.status == 200, place


def test_without_javascript_the_tables_are_there(browser: Any, site_address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site_address + "tools/compare/")

    assert "needs JavaScript" in page.inner_text("#try-compare")
    assert page.locator("[data-row]").count() >= len(DESIGNS)
    context.close()
