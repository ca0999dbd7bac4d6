"""Explorables: each computes what the Python code of its page does, in a real browser, and works by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from archdata import explorables, formulas
from examples import DOCS, load
from patience import until

pytestmark = pytest.mark.browser

KNOWN = explorables.load(DOCS)
MODULES = DOCS / explorables.MODULES


@pytest.fixture(scope="module")
def tab(browser: Any, site_address: str) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.goto(site_address)
    yield page
    context.close()


@pytest.fixture(scope="module")
def bench(browser: Any, site_address: str) -> Iterator[Any]:
    """A tab in which text may be run as a script: the site's policy forbids that, the tests of functions need it."""
    page = browser.new_page(bypass_csp=True)
    page.goto(site_address)
    yield page
    page.close()


@pytest.fixture
def js(bench: Any) -> Any:
    """Call a function of a module in the browser: `js("rope", "yarn(128, 1e4, 8, 4096)")`."""

    def call(module: str, expression: str, **given: Any) -> Any:
        script = (
            "async ([module, expression, given]) => { const m = await import(module);"
            "const run = Function('m', ...Object.keys(given), `with (m) { return ${expression} }`);"
            "return run(m, ...Object.values(given)) }"
        )
        return bench.evaluate(script, [f"/assets/explorables/maths/{module}.mjs", expression, given])

    return call


def close(one: Any, other: Any) -> bool:
    return bool(np.allclose(np.asarray(one, float), np.asarray(other, float), rtol=1e-9, atol=1e-9))


def test_caches_are_those_of_the_formulas(js: Any) -> None:
    grouped = formulas.Attention(heads=64, kv_heads=8, head_size=128)
    latent = formulas.LatentAttention(heads=16, latent=512, rope_size=64, nope_size=128, value_size=128)

    assert js("cache", "grouped(8, 128)") == grouped.cached_per_token
    assert js("cache", "latent(512, 64)") == latent.cached_per_token
    assert [js("cache", f"groupOf({h}, 8, 2)") for h in range(8)] == [0, 0, 0, 0, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("size", "base", "scale", "context"), [(128, 1e4, 8, 4096), (64, 5e5, 4, 8192), (32, 1e4, 32, 2048)]
)
def test_context_extension(js: Any, size: int, base: float, scale: float, context: int) -> None:
    page = load("architectures/transformers/context-extension")
    old = page.frequencies(size, base)
    for name, theirs, ours in [
        ("interpolation", f"interpolation({size}, {base}, {scale})", page.interpolation(size, base, scale)),
        ("ntk", f"ntkAware({size}, {base}, {scale})", page.ntk_aware(size, base, scale)),
        ("yarn", f"yarn({size}, {base}, {scale}, {context})", page.yarn(size, base, scale, context)),
        ("llama3", f"llama3({size}, {base}, {scale}, {context})", page.llama3(size, base, scale, context)),
    ]:
        assert close(js("rope", theirs), ours), name
        unseen = js(
            "rope",
            "unseen(made, old, context, length)",
            made=ours.tolist(),
            old=old.tolist(),
            context=context,
            length=context * scale,
        )
        assert unseen == page.unseen(ours, old, context, context * scale), name


def test_retention_in_three_forms(js: Any) -> None:
    page, rng = load("architectures/recurrent/retnet"), np.random.default_rng(0)
    q, k, v = rng.normal(size=(3, 7, 1))
    given = {"q": q[:, 0].tolist(), "k": k[:, 0].tolist(), "v": v[:, 0].tolist()}

    assert close(js("retention", "parallel(q, k, v, 0.8)", **given), page.parallel(q, k, v, 0.8)[:, 0])
    assert close(js("retention", "recurrent(q, k, v, 0.8).out", **given), page.recurrent(q, k, v, 0.8)[:, 0])
    assert close(js("retention", "chunkwise(q, k, v, 0.8, 3).out", **given), page.chunkwise(q, k, v, 0.8, 3)[:, 0])


@pytest.mark.parametrize(("gate", "beta"), [(1.0, 1.0), (0.9, 0.5), (0.7, 2.0)])
def test_the_delta_rule_with_and_without_a_gate(js: Any, gate: float, beta: float) -> None:
    page, rng = load("architectures/recurrent/deltanet"), np.random.default_rng(1)
    keys, values = page.unit(rng.normal(size=(5, 3))), rng.normal(size=(5, 4))
    _, state = page.delta_rule(keys, keys, values, np.full(5, beta), np.full(5, gate))

    found = js(
        "memory",
        "write(k, v, {rule: 'delta', gate, beta}).at(-1)",
        k=keys.tolist(),
        v=values.tolist(),
        gate=gate,
        beta=beta,
    )
    assert close(found, state)
    assert close(js("memory", "read(s, q)", s=found, q=keys[2].tolist()), keys[2] @ state)


@pytest.mark.parametrize(("rule", "gate"), [("linear", 1.0), ("gated", 0.8)])
def test_memories_that_add_and_decay_are_retention(js: Any, rule: str, gate: float) -> None:
    page, rng = load("architectures/recurrent/retnet"), np.random.default_rng(2)
    keys, values = rng.normal(size=(5, 3)), rng.normal(size=(5, 4))
    states = js("memory", "write(k, v, {rule, gate})", k=keys.tolist(), v=values.tolist(), rule=rule, gate=gate)

    assert close([keys[t] @ np.array(states[t]) for t in range(5)], page.recurrent(keys, keys, values, gate))


def test_the_router(js: Any) -> None:
    page, rng = load("architectures/mixture-of-experts/load-balancing"), np.random.default_rng(3)
    logits = rng.normal(size=(12, 6))
    chosen, given = page.top_k(logits, 2), {"logits": logits.tolist()}

    assert js("router", "logits.map((row) => topK(row, 2))", **given) == chosen.tolist()
    assert close(js("router", "load(c, 6)", c=chosen.tolist()), page.load(chosen, 6))
    assert close(js("router", "auxiliaryGradient(logits, 2)", **given), page.auxiliary_loss(logits, 2)[1])
    assert close(
        js("router", "updateBias(b, c, 0.1)", b=[0.0] * 6, c=chosen.tolist()),
        page.update_bias(np.zeros(6), chosen, 0.1),
    )
    assert close(js("router", "dropped(c, 6, 1.25)", c=chosen.tolist()), page.dropped(chosen, 6, 1.25))


@pytest.mark.parametrize("text", ["low lower lowest new newer newest", "größe größer 数 数 数字 🦙 🦙s 🦙s", "a", ""])
def test_the_tokeniser(js: Any, text: str) -> None:
    page = load("architectures/transformers/tokenisation")
    merges = page.train_bpe(text, 20)

    assert js("bpe", "train(text, 20)", text=text) == [list(pair) for pair in merges]
    for word in (" lowest", " größte", " 🦙x"):
        assert js("bpe", "encode(word, merges)", word=word, merges=[list(p) for p in merges]) == page.encode(
            word, merges
        )


def test_residual_stages_and_the_pyramid(js: Any) -> None:
    vq, spae, rng = (
        load("architectures/visual-tokens/vq-vae"),
        load("architectures/multimodal/spae"),
        np.random.default_rng(4),
    )
    z, books = rng.normal(size=(20, 4)), rng.normal(size=(3, 8, 4))
    indices, sums = vq.residual_quantise(z, books)
    found = js("pyramid", "residualQuantise(z, books)", z=z.tolist(), books=books.tolist())
    assert found["indices"] == indices.tolist()
    assert close(found["sums"], sums)

    image, vocabulary, sides = rng.uniform(size=(8, 8)), np.linspace(0, 1, 9), (1, 2, 4, 8, 8)
    tokens, estimate = spae.encode(image[:, :, None], vocabulary[:, None], sides)
    given = {"image": image.tolist(), "words": vocabulary.tolist(), "sides": list(sides)}
    assert js("pyramid", "encode(image, words, sides)", **given) == [t.tolist() for t in tokens]
    assert close(js("pyramid", "decode(encode(image, words, sides), words, 8)", **given), estimate[:, :, 0])


def test_k_means_lowers_the_error(js: Any) -> None:
    z = np.random.default_rng(5).normal(size=(40, 2))
    books = [np.array(js("pyramid", f"kMeans(z, {size})", z=z.tolist())) for size in (1, 2, 4, 8)]
    errors = [((z[:, None] - book) ** 2).sum(-1).min(1).sum() for book in books]

    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 0.4 * errors[0]


def test_speculative_decoding(js: Any) -> None:
    page, rng = load("scaling-inference/speculative-decoding"), np.random.default_rng(6)
    draft, target = rng.dirichlet(np.ones(6), size=2)
    assert close(
        js("speculative", "acceptance(d, t)", d=draft.tolist(), t=target.tolist()), page.acceptance_rate(draft, target)
    )
    assert close(sum(js("speculative", "residual(d, t)", d=draft.tolist(), t=target.tolist())), 1)
    for alpha, k, c in [(0.6, 4, 0.05), (0.9, 8, 0.2), (1, 3, 0.1), (0.3, 0, 0.0)]:
        assert close(js("speculative", f"speedUp({alpha}, {k}, {c})"), page.speed_up(alpha, k, c))
        assert js("speculative", f"bestDraftLength({alpha}, {c})") == page.best_draft_length(alpha, c)


@pytest.mark.parametrize("variant", ["GRPO", "DAPO", "Dr. GRPO"])
def test_group_advantages(js: Any, variant: str) -> None:
    page = load("alignment/grpo-rlvr")
    rewards, lengths = np.array([1.0, 0, 0.5, 0]), [10, 200, 30, 40]
    advantage = page.advantages(rewards, over="nothing" if variant == "Dr. GRPO" else "spread")

    assert close(js("preferences", "advantages(r, scale)", r=rewards.tolist(), scale=variant != "Dr. GRPO"), advantage)
    found = js("preferences", "tokenWeights(n, a, v)", n=lengths, a=advantage.tolist(), v=variant)
    assert close(found, page.token_weights(lengths, advantage, variant))


@pytest.mark.parametrize("margin", [-800.0, -3.0, 0.0, 2.5, 800.0])
def test_preference_losses(js: Any, margin: float) -> None:
    page = load("alignment/dpo")
    assert close(js("preferences", f"dpo({margin}, 0.1)"), page.dpo(margin, 0.1))
    assert close(js("preferences", f"ipo({margin}, 0.1)"), page.ipo(margin, 0.1))
    assert close(js("preferences", f"kto({margin}, 0.1)"), page.kto(margin, True, 0.0, 0.1))


@pytest.mark.parametrize("alternate", [False, True])
@pytest.mark.parametrize("penalty", [0.0, 0.3])
def test_the_adversarial_game(js: Any, alternate: bool, penalty: float) -> None:
    page = load("architectures/classic/gan")
    for name, loss in (("saturating", page.saturating), ("non-saturating", page.non_saturating)):
        path = page.play(steps=150, penalty=penalty, alternate=alternate, generator=loss)
        settings = {"steps": 150, "penalty": penalty, "alternate": alternate, "loss": name}
        assert close(js("gan", "play(settings)", settings=settings), path), name


DATA = {"means": [[-1.0, 0.5], [1.2, 0.0], [0.3, -1.4]], "spread": 0.3, "kinds": [0, 1, 0]}


def denoise(y: Any, s: float, kind: int | None) -> Any:
    """The posterior mean of a Gaussian mixture, written out independently of the module."""
    means = np.array([m for m, k in zip(DATA["means"], DATA["kinds"], strict=True) if kind in (None, k)])  # type: ignore[call-overload]
    variance = DATA["spread"] ** 2 + s**2  # type: ignore[operator]
    weight = np.exp(-((y - means) ** 2).sum(1) / (2 * variance))
    centre = means + DATA["spread"] ** 2 / variance * (y - means)  # type: ignore[operator]
    return (weight[:, None] * centre).sum(0) / weight.sum()


@pytest.mark.parametrize("s", [0.05, 0.7, 5.0])
@pytest.mark.parametrize("kind", [None, 0, 1])
def test_the_denoiser_is_the_posterior_mean(js: Any, s: float, kind: int | None) -> None:
    y = np.array([0.4, -0.6])
    assert close(
        js("diffusion", "denoise(y, s, data, kind)", y=y.tolist(), s=s, data=DATA, kind=kind), denoise(y, s, kind)
    )


def test_guidance_moves_away_from_the_unconditional_noise(js: Any) -> None:
    y, s = np.array([0.4, -0.6]), 0.7
    free, bound = ((y - denoise(y, s, kind)) / s for kind in (None, 1))
    found = js("diffusion", "noise(y, s, data, 1, 3)", y=y.tolist(), s=s, data=DATA)
    assert close(found, free + 3 * (bound - free))


def test_one_gaussian_is_sampled_as_its_closed_form_says(js: Any) -> None:
    """For one Gaussian the ODE is linear: y shrinks by the ratio of the spreads; Heun comes closer than Euler."""
    data = {"means": [[0.5, 0.0]], "spread": 0.4, "kinds": [0]}
    expression = (
        "(() => { const ss = levels('cosine', steps); let y = [ss[0] * 0.6 + 0.5, 0];"
        "for (let i = 0; i < steps; i++) y = step(y, ss[i], ss[i + 1], sampler, (p, s) => noise(p, s, data, null, 1));"
        "return [y[0], ss[0]] })()"
    )
    errors = {}
    for sampler, steps in (("euler", 32), ("euler", 64), ("heun", 32), ("heun", 64)):
        end, first = js("diffusion", expression, steps=steps, sampler=sampler, data=data)
        exact = 0.5 + first * 0.6 * 0.4 / np.hypot(0.4, first)
        errors[sampler, steps] = abs(end - exact)

    assert 1.7 < errors["euler", 32] / errors["euler", 64] < 2.3
    assert errors["heun", 32] < errors["euler", 32] / 5
    assert 3 < errors["heun", 32] / errors["heun", 64] < 6


def test_the_ancestral_step_keeps_the_level_of_noise(js: Any) -> None:
    """With the right denoiser of a point, the noise left after a step has exactly the new level's variance."""
    s, r, noise = 2.0, 1.5, 0.7
    mean = js("diffusion", "step([2, 0], s, r, 'ancestral', (y, l) => y.map((v) => v / l), () => 0)", s=s, r=r)[0]
    drawn = js(
        "diffusion", "step([2, 0], s, r, 'ancestral', (y, l) => y.map((v) => v / l), () => n)", s=s, r=r, n=noise
    )[0]
    up, kept = (drawn - mean) / noise, mean / 2

    assert close(up**2 + (kept * s) ** 2, r**2)


def test_schedules_keep_the_variance_and_distances_are_exact(js: Any) -> None:
    for name in ("cosine", "linear"):
        for u in (0.0, 0.3, 1.0):
            level = js("diffusion", f"SCHEDULES.{name}({u})")
            assert close(level["alpha"] ** 2 + level["sigma"] ** 2, 1)
    a = np.random.default_rng(8).normal(size=(50, 2))
    moved = a + np.array([0.3, -0.4])
    expected = np.mean([abs(0.3 * np.cos(t) - 0.4 * np.sin(t)) for t in np.pi * np.arange(16) / 16])
    assert close(js("diffusion", "slicedDistance(a, b)", a=a.tolist(), b=moved.tolist()), expected)


def test_layers_of_a_hybrid_cost_what_the_formulas_say(js: Any) -> None:
    design = {"width": 1024, "heads": 8, "groups": 2, "headSize": 128, "window": 512, "stateSize": 64}
    full = formulas.Attention(heads=8, kv_heads=2, head_size=128)
    window = formulas.Attention(heads=8, kv_heads=2, head_size=128, window=512)
    for tokens in (100, 5000):
        for kind, reference in (("A", full), ("W", window)):
            found = SimpleNamespace(
                **js("strips", "layer(kind, tokens, design)", kind=kind, tokens=tokens, design=design)
            )
            assert found.kept == reference.cached(tokens)
            assert found.flops == reference.mixing_flops(tokens)
        mamba = js("strips", "layer('M', tokens, design)", tokens=tokens, design=design)
        assert mamba["flops"] == formulas.Mamba2(2048, 64, 32, 1, 4).mixing_flops(tokens)
        delta = js("strips", "layer('D', tokens, design)", tokens=tokens, design=design)
        assert delta["flops"] == formulas.GatedDelta(16, 16, 128, 128, 4).mixing_flops(tokens)
    assert js("strips", "unroll('md?a', 7).join('')") == "MDAMDAM"


@pytest.mark.parametrize("key", KNOWN)
def test_an_explorable_starts_answers_and_is_accessible(browser: Any, site_address: str, key: str) -> None:
    page = KNOWN[key].page.removesuffix(".md")
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, color_scheme="dark", reduced_motion="reduce", has_touch=True
    )
    tab, errors = context.new_page(), []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(site_address + page.removesuffix("index").rstrip("/") + "/")
    place = tab.locator(f"#try-{key}")
    place.scroll_into_view_if_needed()
    tab.wait_for_selector(f"#try-{key}.ex-live")
    before = place.locator(".ex-stage").inner_html()
    control = place.locator("input[type=range]").first
    if control.count():
        control.focus()
        tab.keyboard.press("ArrowRight")
        tab.keyboard.press("ArrowRight")
    else:
        place.locator("select").first.select_option(index=1)
    until(
        tab,
        "([id, before]) => document.querySelector(`#${id} .ex-stage`).innerHTML !== before",
        arg=[f"try-{key}", before],
    )

    tab.evaluate(Path(__file__).with_name("axe.min.js").read_text("utf-8"))
    found = tab.evaluate(f"axe.run('#try-{key}').then((r) => r.violations.map((v) => v.id + ': ' + v.nodes[0].html))")
    assert found == []
    assert not errors
    assert len(place.locator(".ex-words").inner_text()) > 20
    assert place.locator(".ex-stage svg:not([aria-label])").count() == 0
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_without_javascript_the_figure_and_a_word_about_it_remain(browser: Any, site_address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(site_address + "architectures/recurrent/retnet/")
    assert tab.locator("#try-retention .ex-off").is_visible()
    context.close()


def test_a_page_without_explorables_fetches_none(browser: Any, site_address: str) -> None:
    context = browser.new_context()
    tab, fetched = context.new_page(), []
    tab.on("request", lambda request: fetched.append(request.url))
    tab.goto(site_address + "reference/notation/")
    tab.wait_for_timeout(300)
    assert not [url for url in fetched if "/explorables/" in url]
    context.close()


def test_the_gallery_names_each_and_every_module_is_listed(built_site: Path) -> None:
    html = (built_site / "tools/explorables/index.html").read_text("utf-8")
    for key in KNOWN:
        assert f"#try-{key}" in html
    assert {path.stem for path in MODULES.glob("*.mjs")} - {"kit", "calculators", "compare"} == set(KNOWN)
    assert max(path.stat().st_size for path in MODULES.rglob("*.mjs")) < 12_000
