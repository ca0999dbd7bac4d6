"""Speculative decoding keeps the target's distribution, and its speed follows from the acceptance rate."""

import json

import numpy as np
import pytest
from archdata import formulas, models
from examples import DOCS, load

spec = load("scaling-inference/speculative-decoding")


def distributions(seed: int, rows: int, size: int = 6) -> np.ndarray:
    return spec.softmax(np.random.default_rng(seed).normal(scale=1.5, size=(rows, size)))


@pytest.mark.parametrize("seed", range(5))
def test_the_mixture_of_kept_and_replaced_is_exactly_the_target(seed: int) -> None:
    draft, target = distributions(seed, 1)[0], distributions(seed + 100, 1)[0]
    kept = np.minimum(draft, target)
    residual = np.maximum(target - draft, 0)

    produced = kept + (1 - spec.acceptance_rate(draft, target)) * residual / residual.sum()

    np.testing.assert_allclose(produced, target, atol=1e-15)


def test_two_tokens_have_the_targets_joint_distribution() -> None:
    rng = np.random.default_rng(1)
    draft, target = distributions(2, 2, 4), distributions(3, 3, 4)
    counts = np.zeros((4, 4))
    runs = 60_000
    for _ in range(runs):
        drafted = [int(rng.choice(4, p=row)) for row in draft]
        tokens = spec.speculative_step(draft, target, drafted, rng)
        if len(tokens) == 1:  # the step stopped early: the next one continues with the target's own token
            tokens.append(int(rng.choice(4, p=target[1])))
        counts[tokens[0], tokens[1]] += 1

    expected = np.outer(target[0], target[1]) * runs
    chi_squared = ((counts - expected) ** 2 / expected).sum()

    assert chi_squared < 37.7  # the 99.9 % point of chi-squared with 15 degrees of freedom


def test_a_perfect_draft_is_always_kept_with_a_bonus_token() -> None:
    rng = np.random.default_rng(0)
    target = distributions(5, 4)
    drafted = [int(rng.choice(6, p=row)) for row in target[:3]]

    tokens = spec.speculative_step(target[:3], target, drafted, rng)

    assert tokens[:3] == drafted
    assert len(tokens) == 4


@pytest.mark.parametrize(("alpha", "k"), [(0.0, 3), (0.5, 1), (0.8, 4), (1.0, 5)])
def test_expected_tokens_is_the_sum_of_survival_probabilities(alpha: float, k: int) -> None:
    assert spec.expected_tokens(alpha, k) == pytest.approx(sum(alpha**i for i in range(k + 1)))
    assert spec.expected_tokens_each([alpha] * k) == pytest.approx(spec.expected_tokens(alpha, k))


def test_unequal_chances_give_the_mean_of_simulated_passes() -> None:
    rng = np.random.default_rng(7)
    alphas = np.array([0.85, 0.6, 0.45])
    kept = np.cumprod(rng.random((40_000, 3)) < alphas, axis=1).sum(1)
    assert spec.expected_tokens_each(alphas) == pytest.approx(1 + kept.mean(), abs=0.02)


def test_drafting_does_not_pay_when_the_draft_is_as_dear_as_it_is_good() -> None:
    assert spec.best_draft_length(alpha=0.5, c=0.5) == 0
    assert spec.speed_up(alpha=0.5, k=0, c=0.5) == 1
    assert spec.best_draft_length(alpha=0.8, c=0.05) > 0


def test_checking_reads_what_tokens_choosing_at_random_touch() -> None:
    rng = np.random.default_rng(3)
    experts, chosen, k = 32, 4, 3
    for requests in (1, 5):
        sizes = []
        for tokens in (requests, requests * (k + 1)):
            sets = [{int(e) for _ in range(tokens) for e in rng.permutation(experts)[:chosen]} for _ in range(2000)]
            sizes.append(np.mean([len(found) for found in sets]))
        expected = (6.0 + sizes[1]) / (6.0 + sizes[0])
        assert spec.check_reads(requests, k, experts, chosen, 6.0) == pytest.approx(expected, rel=0.02)
    assert spec.check_reads(5, 0, experts, chosen, 6.0) == 1


def test_the_pictures_data_are_the_examples() -> None:
    stored = json.loads((DOCS / "scaling-inference/speculative-decoding.json").read_text(encoding="utf-8"))
    target, draft = spec.example()

    assert stored == {
        "target": target[0].round(4).tolist(),
        "draft": draft[0].round(4).tolist(),
        "batches": spec.batches(),
    }


def test_the_table_of_batches_is_for_the_model_in_the_data() -> None:
    decoder = models.get(DOCS, "deepseek-v3").decoder
    expert = formulas.expert_layers(decoder) * formulas.expert(decoder)

    assert decoder.multiplied_parameters / expert - 8 == pytest.approx(spec.REST, abs=0.005)
    assert len(decoder.layers) == spec.LAYERS
    read = formulas.weights_read(decoder, 5) / formulas.weights_read(decoder, 1)
    assert spec.check_reads(1, 4, 256, 8, spec.REST) == pytest.approx(read, abs=0.001)


def test_too_small_a_draft_is_kept_more_often_when_trained_for_it() -> None:
    target = 0.65 * spec.bump(10, 2) + 0.35 * spec.bump(28, 3)
    spread, settled = (spec.best_bump(target, loss) for loss in (spec.divergence, spec.minus_log_overlap))

    assert spec.acceptance_rate(spread, target) == pytest.approx(0.515, abs=0.001)
    assert spec.acceptance_rate(settled, target) == pytest.approx(0.652, abs=0.001)
    assert spec.divergence(target, settled) > 8 * spec.divergence(target, spread)


def test_a_draft_that_can_be_the_target_is_found_by_both_losses() -> None:
    target = spec.bump(17, 4)

    for loss in (spec.divergence, spec.minus_log_overlap):
        np.testing.assert_allclose(spec.best_bump(target, loss), target)


def test_the_gradient_of_minus_log_overlap_is_that_of_the_overlap_divided_by_it() -> None:
    target, logits = distributions(1, 1)[0], np.random.default_rng(4).normal(size=6)
    step = 1e-6 * np.eye(6)
    overlap = [spec.acceptance_rate(spec.softmax(logits + d), target) for d in step]
    minus_log = [spec.minus_log_overlap(target, spec.softmax(logits + d)) for d in step]
    kept = spec.acceptance_rate(spec.softmax(logits), target)

    slope = (np.array(overlap) - kept) / 1e-6
    np.testing.assert_allclose((np.array(minus_log) + np.log(kept)) / 1e-6, -slope / kept, atol=1e-4)
