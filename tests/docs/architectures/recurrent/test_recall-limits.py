"""Bounds against brute force, errors against closed forms, tracked words against composed permutations."""

import itertools
import json
import math
from pathlib import Path

import numpy as np
import pytest
from examples import load

limits = load("architectures/recurrent/recall-limits")
STORED = json.loads(
    (Path(__file__).parents[4] / "docs/architectures/recurrent/recall-limits.json").read_text(encoding="utf-8")
)


def test_no_encoder_of_three_bits_into_one_lets_more_than_two_texts_be_copied() -> None:
    texts = list(itertools.product((0, 1), repeat=3))
    best = 0
    for states in itertools.product((0, 1), repeat=len(texts)):
        # The best decoder writes, for each state, one of the texts that lead to it.
        best = max(best, len(set(states)))

    assert best / len(texts) == limits.copied_at_most(1, 3, 2)
    assert limits.copied_at_most(3, 3, 2) == 1


def test_keeping_the_beginning_and_guessing_attains_the_bound() -> None:
    texts = list(itertools.product(range(3), repeat=4))
    right = sum(text[2:] == (0, 0) for text in texts)  # a state that holds two symbols, and a guess for the rest

    assert right / len(texts) == pytest.approx(limits.copied_at_most(2 * math.log2(3), 4, 3))


@pytest.mark.parametrize("n", [1, 2, 3])
def test_copying_by_look_up_fails_exactly_where_a_repetition_misleads(n: int) -> None:
    rng = np.random.default_rng(n)
    outcomes = set()
    for _ in range(300):
        text = rng.integers(4, size=12).tolist()
        padded = [-1] * n + text
        misled = any(
            padded[i : i + n] == padded[j : j + n] and padded[i + n] != padded[j + n]
            for i in range(len(text))
            for j in range(i)
        )
        outcomes.add(misled)
        assert (limits.copy_by_lookup(text, n) == text) == (not misled)
    assert True in outcomes


def test_the_error_of_a_sum_is_as_derived() -> None:
    rng = np.random.default_rng(0)
    errors = []
    for _ in range(400):
        keys, values = limits.unit(rng.normal(size=(20, 8))), limits.unit(rng.normal(size=(20, 6)))
        errors.append(((keys @ limits.add(keys, values) - values) ** 2).sum(1).mean())

    assert np.mean(errors) == pytest.approx(limits.adding_error(20, 8), abs=4 * np.std(errors) / 20)


def test_the_error_and_the_remainder_of_the_delta_rule_are_as_derived() -> None:
    rng = np.random.default_rng(1)
    pairs, size, draws = 20, 8, 2000
    errors, left = np.zeros((draws, pairs)), np.zeros((draws, pairs))
    for draw in range(draws):
        keys, values = limits.unit(rng.normal(size=(pairs, size))), limits.unit(rng.normal(size=(pairs, 6)))
        read = keys @ limits.delta(keys, values)
        errors[draw] = ((read - values) ** 2).sum(1)
        left[draw] = (read * values).sum(1)
    for index in (0, 7, 15, 19):
        age = pairs - 1 - index
        spread = errors[:, index].std() / math.sqrt(draws)
        assert errors[:, index].mean() == pytest.approx(limits.delta_error(age, pairs, size), abs=4 * spread + 1e-12)
        spread = left[:, index].std() / math.sqrt(draws)
        assert left[:, index].mean() == pytest.approx((1 - 1 / size) ** age, abs=4 * spread + 1e-12)


def test_no_rule_has_a_smaller_error_than_least_squares_and_few_pairs_are_held_exactly() -> None:
    rng = np.random.default_rng(2)
    for pairs in (5, 12, 30):
        keys, values = limits.unit(rng.normal(size=(pairs, 12))), limits.unit(rng.normal(size=(pairs, 7)))
        errors = {rule: ((keys @ write(keys, values) - values) ** 2).sum() for rule, write in limits.MEMORIES.items()}
        assert errors["least squares"] <= min(errors.values()) + 1e-12
        assert (errors["least squares"] < 1e-20) == (pairs <= 12)


def test_adding_names_about_half_at_the_estimated_number_of_pairs() -> None:
    pairs = round(32 * 32 / (2 * math.log(256)))

    assert limits.recall("adding", pairs, 32) == pytest.approx(0.5, abs=0.1)


def test_slots_taken_in_turn_and_replaced_are_attention_over_a_window() -> None:
    rng = np.random.default_rng(6)
    tokens, size, sharpness = 40, 8, 3.0
    queries, keys, values = rng.normal(size=(tokens, 5)), rng.normal(size=(tokens, 5)), rng.normal(size=(tokens, 4))
    read = limits.slots(queries, keys, values, limits.ring(tokens, size), np.full(tokens, -60.0), sharpness)
    for t in range(size - 1, tokens):
        window = slice(t - size + 1, t + 1)
        weights = np.exp(sharpness * (keys[window] @ queries[t]))
        np.testing.assert_allclose(read[t], weights / weights.sum() @ values[window], rtol=1e-9, atol=1e-12)


def test_a_slot_without_weight_stays_as_it_is_and_the_others_fade_by_their_weight() -> None:
    first, second = np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])
    keys, values = np.concatenate([first, second]), np.array([[5.0], [7.0]])
    for share in (0.0, 0.5, 1.0):
        routes, keep = np.array([[1.0, 0.0], [share, 1.0]]), np.array([-60.0, -1.2])
        read = limits.slots(np.tile(first, (2, 1)), keys, values, routes, keep, sharpness=0.0)[-1]
        left = np.exp(-1.2 * share)
        slot0, slot1 = left * 5 + (1 - left) * 7, (1 - np.exp(-1.2)) * 7
        assert read[0] == pytest.approx((slot0 + slot1) / 2)  # with sharpness 0 the mean of both slots
        assert (slot0 == 5) == (share == 0)


def test_only_a_router_keeps_what_was_announced() -> None:
    named = {rule: limits.announced(rule, 1024) for rule in limits.ANNOUNCED}

    assert named.pop("32 slots with a router") == 1
    assert max(named.values()) <= 0.1
    assert limits.announced("32 slots in turn (a window)", 16) == 1


def test_reflections_make_every_permutation_of_five_with_as_few_as_possible() -> None:
    for permutation in itertools.permutations(range(5)):
        keys = limits.reflections(permutation)
        matrix = np.eye(5)
        for k in keys:
            assert k @ k == pytest.approx(1)
            matrix = (np.eye(5) - 2 * np.outer(k, k)) @ matrix
        expected = np.zeros((5, 5))
        expected[list(permutation), range(5)] = 1
        np.testing.assert_allclose(matrix, expected, atol=1e-12)

        cycles, seen = 0, set()
        for start in range(5):
            cycles += start not in seen
            while start not in seen:
                seen.add(start)
                start = permutation[start]
        assert len(keys) == 5 - cycles


def test_a_long_word_of_permutations_is_tracked() -> None:
    rng = np.random.default_rng(3)
    word, things = [rng.permutation(5).tolist() for _ in range(500)], [1, 2, 3, 4, 5]
    for permutation, read in zip(word, limits.track(word), strict=True):
        moved = [0] * 5
        for i, thing in enumerate(things):
            moved[permutation[i]] = thing
        things = moved
        np.testing.assert_allclose(read, things, atol=1e-9)


def test_a_gate_moves_one_way_on_a_run_of_equal_tokens_and_a_sign_alternates() -> None:
    rng = np.random.default_rng(4)
    for _ in range(200):
        a, b, h = rng.uniform(), rng.normal(), rng.normal()
        steps = []
        for _ in range(40):
            steps.append(a * h + b - h)
            h = a * h + b
        steps = [step for step in steps if abs(step) > 1e-12]
        assert len({step > 0 for step in steps}) <= 1
    assert [(-1) ** t for t in range(1, 5)] == [-1, 1, -1, 1]


def test_one_erasure_has_real_eigenvalues_and_two_can_count_to_three() -> None:
    k = limits.unit(np.random.default_rng(5).normal(size=4))
    for beta in (0.3, 1.0, 1.7, 2.0):
        values = np.sort(np.linalg.eigvals(np.eye(4) - beta * np.outer(k, k)))
        np.testing.assert_allclose(values, np.sort([1 - beta, 1, 1, 1]), atol=1e-12)
    first, second = np.array([1.0, 0.0]), np.array([0.5, np.sqrt(0.75)])  # mirrors 60 degrees apart: a third of a turn
    turn = (np.eye(2) - 2 * np.outer(second, second)) @ (np.eye(2) - 2 * np.outer(first, first))
    np.testing.assert_allclose(np.linalg.matrix_power(turn, 3), np.eye(2), atol=1e-12)
    assert abs(turn - np.eye(2)).max() > 1


def test_the_stored_recall_is_what_the_code_gives() -> None:
    for size in (8, 24, 48):
        index = STORED["sizes"].index(size)
        for kind, shares in STORED["recall"].items():
            assert shares[index] == pytest.approx(limits.recall(kind, 64, size), abs=2e-3)
    for writes in (16, 64):
        index = STORED["writes"].index(writes)
        for rule, shares in STORED["versions"].items():
            assert shares[index] == pytest.approx(limits.versions(rule, writes), abs=4e-3)


def test_the_stored_copies_are_what_the_code_gives_and_follow_the_estimate() -> None:
    for n, shares in STORED["copied"].items():
        m = int(n)
        assert shares[2] == limits.copied(m, 32)
        for length, share in zip(STORED["lengths"], shares, strict=True):
            estimate = math.exp(-math.comb(length - m, 2) * 26.0**-m * 25 / 26)
            assert share == pytest.approx(estimate, abs=0.06)


def test_the_stored_drift_is_what_the_code_gives_and_only_the_uncorrected_one_grows() -> None:
    for name, dtype in (("fp16", np.float16), ("fp32", np.float32)):
        for t, error in limits.drift(dtype, 64).items():
            assert STORED["drift"][name][str(t)] == pytest.approx(error, rel=0.5)
        assert STORED["drift"][name]["16384"] > 30 * STORED["drift"][name]["16"]
    assert max(STORED["drift"]["fp16, corrected"].values()) < 0.005
