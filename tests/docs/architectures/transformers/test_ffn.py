"""Feed-forward networks: their sums, their activations, and equal sizes."""

import json
from pathlib import Path

import numpy as np
import pytest
from archdata import models
from examples import DOCS, load

page = load("architectures/transformers/ffn")


def test_two_matrices_are_a_sum_over_inner_units() -> None:
    rng = np.random.default_rng(0)
    x, up, down = rng.normal(size=(3, 4)), rng.normal(size=(4, 6)), rng.normal(size=(6, 4))
    added = sum(np.maximum(x @ up[:, i], 0)[:, None] * down[i] for i in range(6))
    np.testing.assert_allclose(page.two_matrices(x, up, down), added)


def test_tokens_do_not_see_one_another() -> None:
    rng = np.random.default_rng(1)
    x, (gate, up), down = rng.normal(size=(5, 4)), rng.normal(size=(2, 4, 6)), rng.normal(size=(6, 4))
    whole = page.three_matrices(x, gate, up, down)
    np.testing.assert_allclose(whole[2:3], page.three_matrices(x[2:3], gate, up, down))


def test_a_gate_that_is_always_one_leaves_a_linear_map() -> None:
    rng = np.random.default_rng(2)
    x, (gate, up), down = rng.normal(size=(5, 4)), rng.normal(size=(2, 4, 6)), rng.normal(size=(6, 4))
    np.testing.assert_allclose(page.three_matrices(x, gate, up, down, np.ones_like), x @ up @ down)


def test_activations_agree_far_out_and_gelu_and_silu_dip_below_zero() -> None:
    far = np.array([-30.0, 30.0])
    for name in ("relu", "gelu", "silu"):
        np.testing.assert_allclose(getattr(page, name)(far), [0, 30], atol=1e-9)
    x = np.linspace(-3, 0, 50)
    assert page.gelu(x).min() == pytest.approx(-0.17, abs=0.005)
    assert page.silu(x).min() == pytest.approx(-0.278, abs=0.005)


def test_widths_for_equal_sizes() -> None:
    assert page.width_for(4096, 2) == 4 * 4096
    assert page.width_for(4096, 3) == pytest.approx(8 / 3 * 4096)


def test_llama_2s_width_is_the_rule_rounded_up() -> None:
    width = models.get(Path(DOCS), "llama-2-7b").config["ffn_width"]
    assert width == 256 * np.ceil(page.width_for(4096, 3) / 256)


def test_the_stored_curves_are_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/ffn.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()


def test_a_part_of_a_network_is_the_sum_over_its_first_units() -> None:
    rng = np.random.default_rng(5)
    x, (gate, up), down = rng.normal(size=(5, 4)), rng.normal(size=(2, 4, 6)), rng.normal(size=(6, 4))
    cut = page.three_matrices(x, gate[:, :2], up[:, :2], down[:2])
    rest = page.three_matrices(x, gate[:, 2:], up[:, 2:], down[2:])

    np.testing.assert_allclose(page.nested(x, gate, up, down, 2), cut)
    np.testing.assert_allclose(cut + rest, page.nested(x, gate, up, down, 6))


def test_widths_drawn_in_training_can_be_cut_out_and_others_between_them_too() -> None:
    usual, drawn = page.train((64,), steps=500), page.train(page.WIDTHS, steps=500)
    cuts = [page.remaining(drawn, width) for width in (8, 16, 24, 32, 64)]

    assert cuts[0] < 0.6 * page.remaining(usual, 8)
    assert cuts == sorted(cuts, reverse=True)
    assert page.remaining(usual, 64) < cuts[-1]


def test_the_two_gemmas_make_keys_in_as_many_layers() -> None:
    small, large = (models.get(Path(DOCS), f"gemma-3n-{name}").config for name in ("e2b", "e4b"))

    assert small["layers"] - small["shared_kv_layers"] == large["layers"] - large["shared_kv_layers"] == 20
    assert small["ffn_width"] * 2 == large["ffn_width"]


def test_bounded_products_are_swiglu_near_zero_and_stay_within_their_bounds() -> None:
    rng = np.random.default_rng(7)
    g, u = rng.normal(size=(2, 1000))
    np.testing.assert_array_equal(page.clamped(g, u), page.swiglu(g, u))
    np.testing.assert_allclose(page.situ(g / 100, u / 100), page.swiglu(g / 100, u / 100), rtol=1e-3)
    assert np.abs(page.swiglu(40 * g, 40 * u)).max() > 1000
    assert np.abs(page.clamped(40 * g, 40 * u)).max() <= 100
    assert np.abs(page.situ(40 * g, 40 * u)).max() < 100
    np.testing.assert_allclose(page.situ(g, u, 1e5, 1e5), page.swiglu(g, u), rtol=1e-6)
