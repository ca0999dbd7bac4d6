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
