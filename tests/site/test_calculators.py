"""The calculators count what the formulas count, from the data and from a pasted configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from archdata import formulas, models, numbers
from examples import DOCS
from patience import until

pytestmark = pytest.mark.browser

DECODERS = {key: model for key, model in models.load(DOCS).items() if model.kind == "decoder"}
PASTED = json.loads(Path(__file__).with_name("pasted.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tab(browser: Any, site_address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.goto(site_address + "tools/calculators/?model=mixtral-8x7b&tokens=32768&batch=8&chip=nonsense")
    page.wait_for_selector("#try-calculators .ex-results")
    yield page
    context.close()


@pytest.mark.parametrize("key", DECODERS)
def test_every_decoder_is_counted_as_in_python(tab: Any, key: str) -> None:
    decoder = DECODERS[key].decoder
    found = tab.evaluate(
        """async (key) => {
          const { counted } = await import("/assets/explorables/maths/decoder.mjs");
          const d = counted((await (await fetch("/data/models.json")).json()).find((m) => m.key === key));
          return [d.parameters, d.active, d.multiplied, d.perToken, d.state, d.cached(5000), d.flops(5000),
                  d.prefillFlops(300), d.activations, d.checkpointed];
        }""",
        key,
    )
    try:
        activations = [
            formulas.activations_per_token(decoder),
            formulas.checkpointed_activations_per_token(decoder),
        ]
    except ValueError:
        activations = [None, None]

    assert found == [
        decoder.parameters,
        decoder.active_parameters,
        decoder.multiplied_parameters,
        decoder.cached_per_token,
        decoder.state,
        decoder.cached(5000),
        formulas.flops_per_token(decoder, 5000),
        formulas.prefill_flops(decoder, 300),
        *activations,
    ]


ROWS = """async (key) => {
  const { rowsOf } = await import("/assets/explorables/calculators.mjs");
  const { counted } = await import("/assets/explorables/maths/decoder.mjs");
  const model = (await (await fetch("/data/models.json")).json()).find((m) => m.key === key);
  const chip = (await (await fetch("/data/accelerators.json")).json())["h100-sxm"];
  return rowsOf(counted(model), model.config, { tokens: 8192, batch: 2, weights: "bf16", cache: "bf16" }, chip);
}"""


def test_no_result_of_any_decoder_is_empty_or_a_gap_in_its_data(tab: Any) -> None:
    for key in DECODERS:
        rows = tab.evaluate(ROWS, key)
        names = [name for name, *_ in rows]

        assert len(set(names)) == len(names), key
        for row in rows:
            assert not [gap for gap in ("undefined", "NaN", "null", "∞") if gap in " ".join(row)], (key, row)


def test_active_parameters_are_explained_by_experts_or_by_an_encoder(tab: Any) -> None:
    told = {key: dict(row[:2] for row in tab.evaluate(ROWS, key)) for key in ("mixtral-8x7b", "llama-3.2-11b-vision")}

    assert told["mixtral-8x7b"]["Active per token"] == "2 of 8 experts in each sparse layer"
    assert "encoder" in told["llama-3.2-11b-vision"]["Active per token"]


def test_a_model_that_attends_both_ways_has_a_step_over_all_tokens(tab: Any) -> None:
    rows = {name: (how, result) for name, how, result in tab.evaluate(ROWS, "llada-8b")}
    decoder = DECODERS["llada-8b"].decoder

    assert "Operations for the next token" not in rows
    assert "Prompt, at best" not in rows
    assert rows["Operations of a step"][1] == numbers.count(2 * 8192 * formulas.flops_per_token(decoder, 8192))


@pytest.mark.parametrize("key", ["mixtral-8x7b", "deepseek-v3", "jamba-v0.1", "llama-2-7b"])
def test_weights_read_by_a_batch(tab: Any, key: str) -> None:
    script = """async ([key, n]) => {
      const { counted } = await import("/assets/explorables/maths/decoder.mjs");
      return counted((await (await fetch("/data/models.json")).json()).find((m) => m.key === key)).weightsRead(n);
    }"""
    for tokens in (1, 32, 1000):
        expected = formulas.weights_read(DECODERS[key].decoder, tokens)
        assert tab.evaluate(script, [key, tokens]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("key", PASTED)
def test_a_pasted_configuration_has_the_size_of_its_model(tab: Any, key: str) -> None:
    found = tab.evaluate(
        """async (json) => {
          const { fromTransformers } = await import("/assets/explorables/maths/config.mjs");
          const { decoder } = await import("/assets/explorables/maths/decoder.mjs");
          const d = decoder(fromTransformers(json));
          return [d.parameters, d.cached(100000), d.flops(100000), d.prefillFlops(5000)];
        }""",
        PASTED[key],
    )
    decoder = DECODERS[key].decoder
    assert found == [
        decoder.parameters - decoder.towers,
        decoder.cached(100_000),
        formulas.flops_per_token(decoder, 100_000),
        formulas.prefill_flops(decoder, 5000),
    ]


def test_an_address_leads_to_its_setting_and_foreign_values_are_ignored(tab: Any) -> None:
    text = tab.locator("#try-calculators .ex-results").first.inner_text()

    assert f"{DECODERS['mixtral-8x7b'].decoder.parameters:,}" in text
    assert "32,768 tokens" in text
    assert "H100" in text


def test_each_calculator_has_its_own_part_of_the_address(browser: Any, site_address: str) -> None:
    page = browser.new_page()
    page.goto(
        site_address + "tools/calculators/?image-height=448&experts-chosen=2&draft-k=2&tokens=4096&pasted-batch=16"
    )
    page.wait_for_selector("#try-calculators .ex-results")
    told = [section.inner_text() for section in page.locator("#try-calculators section").all()]
    page.close()

    assert "for 4,096 tokens" in told[0]
    assert "16 × 536,870,912 numbers" in told[1]
    assert "round(448 / 28) × round(1344 / 28)" in told[2]
    assert "(1 − 2/256)^32" in told[3]
    assert "0.8^3" in told[4]


def test_what_is_pasted_stays_out_of_the_address_and_is_counted_in_full(tab: Any) -> None:
    section = tab.locator("#try-calculators section").nth(1)
    section.locator("textarea").fill(json.dumps(PASTED["deepseek-v3"]))
    section.locator("select").nth(1).select_option("fp8")
    until(tab, "location.search.includes('pasted-weights=fp8')")
    section.locator("table", has_text="671,026,419,200 × 1 B").wait_for(timeout=5000)

    assert "deepseek" not in tab.evaluate("location.search")
    assert "Decoding step, at best" in section.inner_text()


def test_a_change_moves_into_the_address(tab: Any) -> None:
    tab.locator("#try-calculators select").first.select_option("llama-3-8b")
    until(tab, "location.search.includes('model=llama-3-8b')")
    until(
        tab,
        "(n) => document.querySelector('#try-calculators .ex-results').textContent.includes(n)",
        arg=f"{DECODERS['llama-3-8b'].decoder.parameters:,}",
    )


@pytest.mark.parametrize(
    ("pasted", "said"),
    [
        ("{", "This is not JSON"),
        ("{}", "it has no model_type"),
        ('{"model_type": "bert"}', "“bert” is not known here"),
        ('{"model_type": "llama", "num_hidden_layers": 2}', "has no hidden_size"),
        ("null", "it has no model_type"),
        ('{"model_type": "llama", "num_hidden_layers": "32"}', "num_hidden_layers is not a whole number"),
        ('{"model_type": "llama", "num_hidden_layers": 200000000}', "more than 10,000 layers"),
        ('{"model_type": "mixtral", "num_hidden_layers": 2, "hidden_size": 8}', "has no num_attention_heads"),
    ],
)
def test_what_cannot_be_counted_is_said(tab: Any, pasted: str, said: str) -> None:
    section = tab.locator("#try-calculators section").nth(1)
    section.locator("textarea").fill(pasted)
    section.locator(".ex-words", has_text=said).wait_for(timeout=5000)


def test_the_calculators_are_accessible(tab: Any) -> None:
    tab.evaluate(Path(__file__).with_name("axe.min.js").read_text("utf-8"))
    found = tab.evaluate("axe.run('#try-calculators').then((r) => r.violations.map((v) => v.id + v.nodes[0].html))")
    assert found == []
