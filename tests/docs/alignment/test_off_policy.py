"""Corrections are biased and noisy as the page says, long answers lose weight, and rounding has the size measured."""

from __future__ import annotations

import json
from math import erf, log, sqrt

import numpy as np
import pytest
from examples import DOCS, load

page = load("alignment/off-policy")
STORED = json.loads((DOCS / "alignment/off-policy.json").read_text(encoding="utf-8"))
RNG = np.random.default_rng(0)


def test_without_a_gap_every_weight_is_one() -> None:
    log_p = np.log(RNG.uniform(0.1, 1, size=8))
    for kind in page.KINDS:
        np.testing.assert_allclose(page.weights(log_p, log_p, kind), 1)


def test_only_weights_of_whole_answers_remove_the_bias() -> None:
    found = {kind: page.means(0.5, kind) for kind in page.KINDS}
    bias, noise = ({kind: pair[place] for kind, pair in found.items()} for place in (0, 1))

    assert bias["answer"] == pytest.approx(0, abs=1e-12)
    assert noise["answer"] > 1.3 * noise["none"]
    for kind in ("token, cut off", "token, masked", "answer, mean masked"):
        assert 0.75 * bias["none"] < bias[kind] < bias["none"]
    assert bias["answer, cut off"] < bias["none"] / 3
    assert noise["answer, cut off"] == pytest.approx(noise["none"], rel=0.05)
    assert bias["none"] / 2 < bias["answer, masked"] < bias["none"]
    assert noise["answer, masked"] < 0.9 * noise["none"]


def test_the_exact_sum_agrees_with_samples() -> None:
    bias, noise = page.bias_and_noise(0.5, "none", words=2, length=2)
    rng = np.random.default_rng(0)
    reward = rng.normal(size=4)
    logits = rng.normal(size=(3, 2))
    sampler = page.softmax(logits + 0.5 * rng.normal(size=(3, 2)))
    trainer = page.softmax(logits)
    joint = np.array([trainer[0, a] * trainer[1 + a, b] for a in (0, 1) for b in (0, 1)])
    true, draws = np.zeros((3, 2)), []
    for i, (a, b) in enumerate((a, b) for a in (0, 1) for b in (0, 1)):
        score = np.zeros((3, 2))
        score[0], score[1 + a] = np.eye(2)[a] - trainer[0], np.eye(2)[b] - trainer[1 + a]
        draws.append((reward[i] - joint @ reward) * score)
        true += joint[i] * draws[-1]
    first = (RNG.random(200_000) > sampler[0, 0]).astype(int)
    second = (RNG.random(200_000) > sampler[1 + first, 0]).astype(int)
    gradients = np.array(draws)[2 * first + second]
    size = np.linalg.norm(true)

    assert np.linalg.norm(gradients.mean(0) - true) / size == pytest.approx(bias, abs=0.02)
    assert sqrt(gradients.var(0).sum()) / size == pytest.approx(noise, rel=0.02)


@pytest.mark.parametrize("tokens", [100, 1000, 4000])
def test_long_answers_lose_weight_as_a_random_walk_does(tokens: int) -> None:
    spread = 0.05
    walk = -tokens * spread**2 / 2 + spread * sqrt(tokens) * RNG.normal(size=400_000)
    ratio = np.exp(walk)
    left, kept = page.weight_left(tokens, spread)

    assert np.where(ratio <= 3, ratio, 0).mean() == pytest.approx(left, abs=0.01)
    assert (ratio <= 3).mean() == pytest.approx(kept, abs=0.005)


def test_at_four_thousand_tokens_a_tenth_of_the_gradient_is_left() -> None:
    assert page.weight_left(4000, 0.05)[0] == pytest.approx(0.11, abs=0.005)
    assert page.weight_left(4000, 0.023)[0] == pytest.approx(0.5, abs=0.02)
    assert page.weight_left(4000, 0.05 / 8)[0] > 0.95


def test_a_clip_at_a_fifth_meets_rounding_about_once_in_eight_thousand_tokens() -> None:
    def below(x: float) -> float:
        return (1 + erf((log(x) + 0.05**2 / 2) / 0.05 / sqrt(2))) / 2

    assert 1 / (1 - below(1.2) + below(0.8)) == pytest.approx(8000, rel=0.01)


def test_rounding_is_that_of_half_precision() -> None:
    x = RNG.normal(size=1000)

    np.testing.assert_array_equal(page.rounded(x, 10), x.astype(np.float16))
    np.testing.assert_array_equal(page.rounded(x, 23), x.astype(np.float32))


def test_the_order_of_summation_moves_log_ratios_as_was_measured_in_bf16() -> None:
    bf16, fp16, fp32 = (page.rounding_gap(bits) for bits in (7, 10, 23))

    assert 0.02 < bf16 < 0.05
    assert bf16 / fp16 == pytest.approx(8, rel=0.3)
    assert fp32 < 1e-5


def test_an_error_in_a_logit_moves_a_likely_token_less() -> None:
    z = RNG.normal(size=5)
    p = page.softmax(z)
    for y in range(5):
        shifted = page.softmax(z + 1e-6 * np.eye(5)[y])
        assert np.log(shifted[y] / p[y]) / 1e-6 == pytest.approx(1 - p[y], rel=1e-4)


def test_the_longest_answer_is_that_of_many_draws() -> None:
    draws = np.exp(RNG.normal(size=(4000, 512)) - 0.5)

    assert page.longest(1) == pytest.approx(1, abs=1e-3)
    assert page.longest(512) == pytest.approx(draws.max(1).mean(), rel=0.03)
    assert page.longest(512) == pytest.approx(14, abs=0.5)


def test_encoding_gives_the_text_back_but_not_the_tokens() -> None:
    assert "".join(page.encode("abbaab")) == "abbaab"
    assert page.encode("ab") == ["ab"] != ["a", "b"]
    assert page.comes_back(1) == 1
    assert page.comes_back(16) < 0.01


def test_the_stored_curves_are_those_of_the_code() -> None:
    assert json.loads(json.dumps(page.stored())) == STORED
