"""Truncation keeps the tokens it should; greedy is the limit of temperature; a beam finds what greed misses."""

import numpy as np
import pytest
from examples import load

decoding = load("scaling-inference/decoding")
P = np.array([0.5, 0.25, 0.15, 0.07, 0.03])
LOGITS = np.log(P)


def kept(logits: np.ndarray) -> list[int]:
    return np.flatnonzero(np.isfinite(logits)).tolist()


@pytest.mark.parametrize(("k", "expected"), [(1, [0]), (3, [0, 1, 2]), (9, [0, 1, 2, 3, 4])])
def test_top_k(k: int, expected: list[int]) -> None:
    assert kept(decoding.top_k(LOGITS, k)) == expected


@pytest.mark.parametrize(("p", "expected"), [(0.4, [0]), (0.51, [0, 1]), (0.9, [0, 1, 2]), (0.98, [0, 1, 2, 3, 4])])
def test_top_p_keeps_the_smallest_set_that_reaches_p(p: float, expected: list[int]) -> None:
    assert kept(decoding.top_p(LOGITS, p)) == expected


@pytest.mark.parametrize(("p", "expected"), [(1.0, [0]), (0.3, [0, 1, 2]), (0.1, [0, 1, 2, 3])])
def test_min_p_is_relative_to_the_most_probable(p: float, expected: list[int]) -> None:
    assert kept(decoding.min_p(LOGITS, p)) == expected


def test_top_n_sigma_keeps_the_same_tokens_at_every_temperature() -> None:
    logits = np.array([3.0, 1.0, -1.0, -3.0])  # standard deviation √5

    assert kept(decoding.top_n_sigma(logits, 1.0)) == [0, 1]
    assert kept(decoding.top_n_sigma(logits, 0.89)) == [0]
    for tau in (0.1, 0.7, 3.0, 50.0):
        assert kept(decoding.top_n_sigma(decoding.temperature(logits, tau), 1.0)) == [0, 1]
    assert len(kept(decoding.min_p(decoding.temperature(logits, 0.1), 0.1))) == 1  # that of min-p depends on it
    assert len(kept(decoding.min_p(decoding.temperature(logits, 50.0), 0.1))) == 4


def test_typical_keeps_what_surprises_as_much_as_expected() -> None:
    """The rule of transformers' TypicalLogitsWarper, by sets: the nearest to the entropy until the mass is reached."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        logits, mass = rng.normal(scale=2, size=12), float(rng.uniform(0.1, 0.95))
        p = decoding.softmax(logits)
        entropy = -(p * np.log(p)).sum()
        nearest = sorted(range(12), key=lambda i: abs(-np.log(p[i]) - entropy))
        smallest = next(n for n in range(1, 13) if p[nearest[:n]].sum() >= mass)
        assert set(kept(decoding.typical(logits, mass))) == set(nearest[:smallest])


def test_typical_may_drop_the_most_probable_token() -> None:
    p = np.array([0.4, *[0.6 / 30] * 30])

    assert 0 not in kept(decoding.typical(np.log(p), 0.5))
    assert len(kept(decoding.typical(np.log(np.full(4, 0.25)), 0.2))) == 4  # ties stay together


def test_what_is_kept_keeps_its_odds() -> None:
    cut = decoding.softmax(decoding.top_p(LOGITS, 0.9))

    assert cut[0] / cut[1] == pytest.approx(P[0] / P[1])
    assert cut[3:].sum() == 0


def test_low_temperature_is_greedy_and_high_temperature_uniform() -> None:
    assert decoding.softmax(decoding.temperature(LOGITS, 0.01)).max() == pytest.approx(1)
    np.testing.assert_allclose(decoding.softmax(decoding.temperature(LOGITS, 1e6)), 0.2, atol=1e-6)


def test_min_p_is_unmoved_by_where_temperature_stands_only_at_one() -> None:
    hot = decoding.temperature(LOGITS, 2.0)

    assert len(kept(decoding.min_p(hot, 0.1))) > len(kept(decoding.min_p(LOGITS, 0.1)))


def test_the_repetition_penalty_always_lowers_a_used_token() -> None:
    logits = np.array([2.0, -1.0, 0.5])

    np.testing.assert_allclose(decoding.repetition_penalty(logits, {0, 1}, 2.0), [1.0, -2.0, 0.5])


def test_a_constraint_leaves_only_what_is_allowed() -> None:
    assert kept(decoding.constrain(LOGITS, {1, 4})) == [1, 4]


def test_a_beam_finds_the_more_probable_sequence_that_greed_misses() -> None:
    table = {(): [0.6, 0.4], (0,): [0.5, 0.5], (1,): [0.9, 0.1]}

    def log_prob(sequence: list[int]) -> np.ndarray:
        return np.log(table[tuple(sequence)])

    [greedy] = decoding.beam_search(log_prob, [], 2, width=1)
    best = decoding.beam_search(log_prob, [], 2, width=2)[0]

    assert np.exp(greedy[0]) == pytest.approx(0.3)
    assert best[1] == [1, 0]
    assert np.exp(best[0]) == pytest.approx(0.36)


def test_xtc_cuts_the_head_and_only_where_several_tokens_reach_the_threshold() -> None:
    logits = np.log(np.array([0.5, 0.3, 0.15, 0.05]))
    assert np.flatnonzero(np.isfinite(decoding.xtc(logits, 0.1))).tolist() == [2, 3]
    assert np.isfinite(decoding.xtc(logits, 0.4)).all()
    assert np.isfinite(decoding.xtc(logits, 0.9)).all()


def test_dry_lowers_what_would_go_on_repeating_by_the_length_of_the_run() -> None:
    text = [0, 1, 2, 3, 0, 1, 2]
    lowered = -decoding.dry(np.zeros(4), text)
    # 3 came after "0 1 2" before; nothing else would continue a run of at least two.
    np.testing.assert_allclose(lowered, [0, 0, 0, 0.8 * 1.75 ** (3 - 2)])
    assert (decoding.dry(np.zeros(4), [0, 1, 2, 3]) == 0).all()


def test_masking_differs_from_conditioning_unless_every_beginning_is_equally_likely_to_end_well() -> None:
    first, second = np.array([0.9, 0.1]), np.array([[0.99, 0.01], [0.5, 0.5]])
    valid = np.array([[False, True], [True, True]])
    assert decoding.masked(first, second, valid)[0].sum() == pytest.approx(0.9)
    assert decoding.given_valid(first, second, valid)[0].sum() == pytest.approx(0.009 / 0.109)
    for rule in (decoding.masked, decoding.given_valid):
        drawn = rule(first, second, valid)
        assert drawn.sum() == pytest.approx(1)
        assert (drawn[~valid] == 0).all()
    same = np.array([[0.3, 0.7], [0.7, 0.3]])
    one_each = np.array([[True, False], [False, True]])
    np.testing.assert_allclose(decoding.masked(first, same, one_each), decoding.given_valid(first, same, one_each))
