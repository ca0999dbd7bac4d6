"""Advantages, clipping and averaging are as defined; the variants agree where lengths and ratios are equal."""

import itertools
import json
from collections.abc import Callable

import numpy as np
import pytest
from examples import DOCS, load

g = load("alignment/grpo-rlvr")
RNG = np.random.default_rng(0)


def test_advantages_are_centred_and_ignore_an_offset_and_a_scale() -> None:
    rewards = RNG.normal(size=8)

    assert g.advantages(rewards).mean() == pytest.approx(0, abs=1e-9)
    np.testing.assert_allclose(g.advantages(3 * rewards + 5), g.advantages(rewards), atol=1e-6)


def test_a_group_of_equal_rewards_teaches_nothing() -> None:
    assert not g.usable(np.ones(4))
    assert g.usable(np.array([1.0, 0, 0, 0]))
    np.testing.assert_allclose(g.advantages(np.ones(4)), 0)


@pytest.mark.parametrize(
    ("over", "aim"), [("nothing", lambda p: p), ("spread", lambda p: 2 * np.arcsin(np.sqrt(p))), ("mean", np.log)]
)
def test_dividing_chooses_what_is_raised(over: str, aim: Callable[[float], float]) -> None:
    for p in (0.1, 0.5, 0.9):  # the advantages of many answers, each times the slope of its own log-probability
        rewards = np.repeat([1.0, 0.0], [round(1000 * p), round(1000 * (1 - p))])
        slope = np.where(rewards > 0, 1 / p, -1 / (1 - p))
        expected = (aim(p + 1e-6) - aim(p - 1e-6)) / 2e-6

        assert (g.advantages(rewards, over) * slope).mean() == pytest.approx(expected, rel=1e-6)
        assert g.prompt_weight(p, over) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("over", ["nothing", "spread", "mean"])
def test_the_weight_in_a_small_group_is_the_mean_over_all_its_outcomes(over: str) -> None:
    p, size, expected = 0.3, 5, 0.0
    for outcome in itertools.product([0.0, 1.0], repeat=size):
        rewards = np.array(outcome)
        slope = np.where(rewards > 0, 1 / p, -1 / (1 - p))
        chance = np.prod(np.where(rewards > 0, p, 1 - p))
        expected += chance * (g.advantages(rewards, over) * slope).mean()

    assert g.prompt_weight(p, over, size) == pytest.approx(expected, rel=1e-6)
    assert g.prompt_weight(p, over, 400) == pytest.approx(g.prompt_weight(p, over), rel=1e-2)


@pytest.mark.parametrize(("size", "weight"), [(2, 1.0), (3, np.sqrt(2))])
def test_in_groups_of_two_and_three_the_spread_favours_no_prompt(size: int, weight: float) -> None:
    for p in (0.02, 0.3, 0.5, 0.9):
        assert g.prompt_weight(p, "spread", size) == pytest.approx(weight)
    assert g.prompt_weight(0.02, "spread", 8) > 1.3 * g.prompt_weight(0.5, "spread", 8)


def test_by_the_mean_a_small_group_raises_a_truncated_logarithm() -> None:
    p, size = 0.02, 16
    assert g.prompt_weight(p, "mean", size) == pytest.approx((1 - (1 - p) ** (size - 1)) / p)


def test_the_mean_of_the_others_differs_by_a_factor_only() -> None:
    rewards = RNG.normal(size=8)

    np.testing.assert_allclose(g.leave_one_out(rewards), 8 / 7 * g.advantages(rewards, "nothing"))
    assert g.leave_one_out(np.array([1.0, 0, 0]))[0] == 1  # nothing of its own reward is taken off
    assert g.prompt_weight(0.3, "nothing", 8) == pytest.approx(7 / 8)  # what RLOO's factor makes up for


def test_a_group_without_success_teaches_nothing_under_the_mean_either() -> None:
    np.testing.assert_array_equal(g.advantages(np.zeros(4), "mean"), 0)


@pytest.mark.parametrize(
    ("ratio", "advantage", "expected"), [(1.5, 1, 1.2), (0.5, 1, 0.5), (1.5, -1, -1.5), (0.5, -1, -0.8)]
)
def test_the_clip_only_limits_gains(ratio: float, advantage: float, expected: float) -> None:
    assert g.clipped(ratio, advantage) == pytest.approx(expected)


def test_the_variants_agree_when_lengths_are_equal_and_nothing_has_moved() -> None:
    log = [RNG.normal(size=20) for _ in range(4)]
    advantage = g.advantages(np.array([1.0, 0, 0, 1]))
    values = {g.objective(log, log, advantage, v) for v in ("GRPO", "DAPO", "Dr. GRPO", "GSPO")}

    assert max(values) - min(values) == pytest.approx(0, abs=1e-12)


def test_terms_with_a_held_weight_are_the_weight_times_the_log_probability() -> None:
    new, old, advantage = g.worked_example()
    for variant in ("CISPO", "DPPO"):
        value, slope = g.terms(np.asarray(new[0]), np.asarray(old[0]), advantage[0], variant)
        np.testing.assert_allclose(value, slope * np.asarray(new[0]))


@pytest.mark.parametrize("variant", ["GRPO", "DAPO", "Dr. GRPO", "GSPO", "CISPO", "SAPO", "DPPO"])
def test_every_slope_is_that_of_finite_differences(variant: str) -> None:
    new, old, advantage = g.worked_example()
    step, fixed = 1e-6, {"CISPO", "DPPO"}  # their weights are held while the log-probability moves
    _, slopes = g.objective_and_slopes(new, old, advantage, variant)
    for answer, token in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (1, 5)]:
        moved = [[part.copy() for part in new] for _ in range(2)]
        moved[0][answer][token] += step
        moved[1][answer][token] -= step
        if variant in fixed:
            weight = slopes[answer][token]
            ratio = np.exp(new[answer][token] - old[answer][token])
            expected = np.clip(ratio, 0.8, 1.2) if variant == "CISPO" else ratio
            assert weight == pytest.approx(0) or weight == pytest.approx(expected * advantage[answer] / 9)
            continue
        up, down = (g.objective(m, old, advantage, variant) for m in moved)
        assert slopes[answer][token] == pytest.approx((up - down) / (2 * step), abs=1e-6), (answer, token)


def test_what_becomes_of_a_rare_token_that_gained() -> None:
    example = g.worked_example()
    pull = {name: g.objective_and_slopes(*example, name)[1] for name in g.VARIANTS}

    assert pull["GRPO"][0][2] == pull["DAPO"][0][2] == 0
    assert pull["CISPO"][0][2] == pytest.approx(1.2 / 9)
    assert pull["DPPO"][0][2] == pytest.approx(1.5 / 9)
    assert len(set(pull["GSPO"][0].round(12))) == 1
    assert pull["DPPO"][1][1] == 0, "0.6 to 0.3 is further than 0.2"


def test_at_ratio_one_all_variants_pull_alike_up_to_averaging() -> None:
    _, old, advantage = g.worked_example()
    for name in g.VARIANTS:
        _, slopes = g.objective_and_slopes(old, old, advantage, name)
        for part in slopes:
            assert np.ptp(part) == pytest.approx(0, abs=1e-12), name


def test_grpo_weighs_a_long_answers_tokens_less() -> None:
    short, long = g.token_weights([100, 1000], [-1.0, -1.0], "GRPO")
    even = g.token_weights([100, 1000], [-1.0, -1.0], "DAPO")

    assert short == pytest.approx(10 * long)
    assert even[0] == even[1]


def test_the_weights_are_the_gradient_at_the_start() -> None:
    log, advantage, step = [np.zeros(3), np.zeros(6)], [1.0, -1.0], 1e-6
    for variant in ("GRPO", "DAPO", "Dr. GRPO"):
        moved = [log[0] + step * np.array([1, 0, 0]), log[1]]
        slope = (g.objective(moved, log, advantage, variant) - g.objective(log, log, advantage, variant)) / step
        assert slope == pytest.approx(g.token_weights([3, 6], advantage, variant)[0], rel=1e-4)


def test_the_kl_estimate_is_never_negative_and_unbiased() -> None:
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
    estimates = g.kl_estimate(np.log(p), np.log(q))

    assert (estimates >= 0).all()
    assert p @ estimates == pytest.approx((p * np.log(p / q)).sum())


def test_the_stored_curve_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "alignment/grpo-rlvr.json").read_text(encoding="utf-8"))

    assert {**g.success_curve(), "weights": g.weight_curves()} == stored
