"""Processes compose; posteriors are Bayes' rule and diffusers'; the bound is tight; the sampler's error vanishes."""

import json
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from examples import DOCS, load

discrete = load("architectures/diffusion/discrete")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))["discrete"]
DATA = discrete.language()
KINDS = ["uniform", "absorbing"]


@pytest.mark.parametrize("kind", KINDS)
def test_two_transitions_make_one(kind: str) -> None:
    both = discrete.transition(0.8, kind) @ discrete.transition(0.5, kind)

    np.testing.assert_allclose(both, discrete.transition(0.4, kind))
    np.testing.assert_allclose(both.sum(1), 1)


@pytest.mark.parametrize("kind", KINDS)
def test_posteriors_average_to_the_earlier_level(kind: str) -> None:
    now = discrete.transition(0.4, kind)[1]
    average = sum(p * discrete.posterior(token, 1, 0.7, 0.4, kind) for token, p in enumerate(now) if p > 0)

    np.testing.assert_allclose(average, discrete.transition(0.7, kind)[1])


@pytest.mark.parametrize("ratio", [0.5, 1.5, 3.0])
def test_gaussian_noise_seen_through_an_argmax_is_uniform_noise(ratio: float) -> None:
    size = discrete.VOCABULARY
    rng = np.random.default_rng(0)
    noisy = rng.normal(size=(300_000, size)) + ratio * np.eye(size)[1]
    found = np.bincount(noisy.argmax(1), minlength=size) / len(noisy)
    kept = discrete.kept_by_argmax(ratio, size)

    np.testing.assert_allclose(discrete.transition(kept, "uniform")[1], found, atol=4e-3)
    assert discrete.ratio_for(kept, size) == pytest.approx(ratio, abs=1e-6)


def test_without_signal_nothing_is_kept_by_the_argmax() -> None:
    assert discrete.kept_by_argmax(0.0, 50) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("case", REFERENCE["posterior"])
def test_the_uniform_posterior_agrees_with_diffusers(case) -> None:  # type: ignore[no-untyped-def]
    mine = discrete.posterior(case["now"], case["data"], *case["kept"], "uniform")

    np.testing.assert_allclose(mine, case["token"], atol=1e-6)


def test_without_its_own_token_a_prediction_is_that_of_the_others() -> None:
    state, kept = [0, 1, 2, 0], 0.6
    others = discrete.without_own(discrete.predict(state, kept, "uniform", DATA), state, kept)

    # by enumeration: place 2 has not been seen
    matrix = discrete.transition(kept, "uniform")
    joint = DATA * np.prod([matrix[discrete.SEQUENCES[:, i], state[i]] for i in (0, 1, 3)], axis=0)
    np.testing.assert_allclose(others[2], np.bincount(discrete.SEQUENCES[:, 2], joint, 3) / joint.sum())
    # as diffusers' `_to_loo_logits`: the own token's logit falls by log(1 + V kept / (1 - kept))
    logits = np.log(discrete.predict(state, kept, "uniform", DATA)[2])
    logits[state[2]] -= np.log1p(3 * kept / (1 - kept))
    np.testing.assert_allclose(others[2], np.exp(logits) / np.exp(logits).sum())


def test_the_bridge_is_exact_with_the_others_prediction_and_only_with_it() -> None:
    state, before, now = [0, 1, 2, 0], 0.8, 0.5
    exact = discrete.reverse_step(state, before, now, "uniform", DATA)
    others = discrete.without_own(discrete.predict(state, now, "uniform", DATA), state, now)
    bridged = [discrete.bridge(row, token, before, now) for row, token in zip(others, state, strict=True)]

    np.testing.assert_allclose(bridged, exact)
    assert np.abs(discrete.bridge_step(state, before, now, "uniform", DATA) - exact).max() > 0.05


def test_an_unmasked_token_stays_and_a_masked_one_is_revealed_at_the_right_rate() -> None:
    np.testing.assert_allclose(discrete.posterior(2, 2, 0.7, 0.4, "absorbing"), [0, 0, 1, 0])
    np.testing.assert_allclose(discrete.posterior(3, 1, 0.7, 0.4, "absorbing"), [0, 0.5, 0, 0.5])  # (0.7-0.4)/(1-0.4)


@pytest.mark.parametrize("kind", KINDS)
def test_predictions_are_the_conditional_marginals(kind: str) -> None:
    state, matrix = [0, 1, 2, 0], discrete.transition(0.6, kind)
    joint = np.zeros((3, 3, 3, 3))
    for sequence, probability in zip(discrete.SEQUENCES.tolist(), DATA, strict=True):
        joint[tuple(sequence)] = probability * np.prod([matrix[a, b] for a, b in zip(sequence, state, strict=True)])
    expected = joint.sum((0, 2, 3)) / joint.sum()

    np.testing.assert_allclose(discrete.predict(state, 0.6, kind, DATA)[1], expected)


def test_the_prediction_of_masked_diffusion_does_not_depend_on_time() -> None:
    state = [0, 3, 1, 3]

    np.testing.assert_allclose(
        discrete.predict(state, 0.9, "absorbing", DATA), discrete.predict(state, 0.1, "absorbing", DATA)
    )


def test_the_loss_of_a_perfect_masked_model_is_the_entropy() -> None:
    entropy = -(DATA[DATA > 0] * np.log(DATA[DATA > 0])).sum()

    assert discrete.masked_bound(DATA) == pytest.approx(entropy)


def test_ratios_are_predictions_times_a_factor_of_time() -> None:
    state = [0, 3, 1, 3]
    for kept, token in product((0.2, 0.7), range(3)):
        expected = discrete.predict(state, kept, "absorbing", DATA)[1][token] * kept / (1 - kept)
        assert discrete.ratio(state, 1, token, kept, DATA) == pytest.approx(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_one_step_gives_independent_tokens_and_many_steps_the_truth(kind: str) -> None:
    marginals = np.array([np.bincount(discrete.SEQUENCES[:, i], DATA, 3) for i in range(4)])
    product_of_marginals = np.prod([marginals[i][discrete.SEQUENCES[:, i]] for i in range(4)], axis=0)
    distances = [discrete.total_variation(discrete.sampled(n, kind, DATA), DATA) for n in (1, 8, 16)]

    np.testing.assert_allclose(discrete.sampled(1, kind, DATA), product_of_marginals, atol=1e-3)
    assert distances[2] < 0.6 * distances[1] < 0.6 * distances[0]


def test_one_place_at_a_time_is_exact() -> None:
    np.testing.assert_allclose(discrete.one_by_one(DATA), DATA, atol=1e-12)


def test_runs_end_with_data_and_a_lifted_mask_stays_lifted() -> None:
    for kind in ("uniform", "absorbing"):
        states = discrete.film(kind, count=40)
        assert (states[-1] < discrete.VOCABULARY).all()
        mass = {tuple(sequence): p for sequence, p in zip(discrete.SEQUENCES.tolist(), DATA, strict=True)}
        likely = np.mean([mass[tuple(sequence)] > 1 / len(DATA) for sequence in states[-1].tolist()])
        assert likely > 0.6
    for before, after in pairwise(states):
        there = before < discrete.VOCABULARY
        np.testing.assert_array_equal(before[there], after[there])


@pytest.mark.slow
def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/diffusion/discrete.json").read_text(encoding="utf-8"))

    assert discrete.experiment() == stored
