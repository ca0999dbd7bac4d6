"""Predictions are exact, one place at a time is exact in any order, masks have their meaning, costs are counted."""

import json
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from examples import DOCS, load

lm = load("architectures/diffusion/language-models")
START, TABLE = lm.language()
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text("utf-8"))["language_models"]


@pytest.fixture(scope="module")
def experiment() -> Any:
    return json.loads((DOCS / "architectures/diffusion/language-models.json").read_text(encoding="utf-8"))


def test_predictions_are_the_marginals_given_what_is_visible() -> None:
    visible = {1: 2, 4: 0}
    joint = np.zeros((5, lm.MASK))
    for word in product(range(lm.MASK), repeat=5):
        if all(word[place] == letter for place, letter in visible.items()):
            probability = START[word[0]] * np.prod([TABLE[a, b] for a, b in pairwise(word)])
            for place, letter in enumerate(word):
                joint[place, letter] += probability
    tokens = np.full((1, 5), lm.MASK)
    for place, letter in visible.items():
        tokens[0, place] = letter

    np.testing.assert_allclose(lm.predict(tokens, START, TABLE)[0], joint / joint.sum(1, keepdims=True))


@pytest.mark.parametrize("rule", ["random", "left to right", "confidence"])
def test_one_letter_at_a_time_is_exact_in_any_order(rule: str) -> None:
    run = lm.generate(1500, 16, 1, rule, np.random.default_rng(1), START, TABLE)

    assert len(run) == 17
    assert lm.distance(run[-1], START, TABLE) < 0.02


def test_a_filled_letter_stays() -> None:
    run = lm.generate(20, 12, 3, "confidence", np.random.default_rng(0), START, TABLE)
    for before, after in pairwise(run):
        filled = before != lm.MASK
        np.testing.assert_array_equal(before[filled], after[filled])
        assert ((before == lm.MASK) & (after != lm.MASK)).sum(1).max() <= 3


def test_blocks_are_filled_one_after_the_other() -> None:
    for state in lm.generate(20, 12, 2, "random", np.random.default_rng(0), START, TABLE, block=4):
        begun = (state != lm.MASK).reshape(20, 3, 4)
        assert not (begun[:, 1:].any(-1) & ~begun[:, :-1].all(-1)).any()


def test_a_tight_entropy_bound_is_one_by_one_and_a_loose_one_is_faster() -> None:
    steps = [lm.entropy_bound(50, 16, bound, np.random.default_rng(0), START, TABLE)[1] for bound in (1e-9, 1.0, 100.0)]

    assert steps[0] == 16
    assert steps[1] < 16
    assert steps[2] == 1


def test_block_masks_between_causal_and_full() -> None:
    np.testing.assert_array_equal(lm.block_mask(6, 1), np.tril(np.ones((6, 6), bool)))
    assert lm.block_mask(6, 6).all()


def test_in_training_no_noisy_block_sees_its_own_clean_copy() -> None:
    mask = lm.training_mask(6, 2)
    noisy_to_clean = mask[:6, 6:]
    of = np.arange(6) // 2

    np.testing.assert_array_equal(noisy_to_clean, of[:, None] > of[None, :])
    assert not mask[6:, :6].any(), "the clean copy sees nothing noisy"
    np.testing.assert_array_equal(mask[6:, 6:], lm.block_mask(6, 2))


def test_costs() -> None:
    assert lm.cost(256, 1, 1) == (256, 256)
    assert lm.cost(256, 256, 48) == (48, 48 * 256)
    assert lm.cost(256, 32, 8) == (64, 2048)


@pytest.mark.parametrize("bound", [0.1, 0.5, 2.0])
def test_the_accepted_places_are_those_of_diffusers(bound: float) -> None:
    logits = np.array(REFERENCE["logits"]).reshape(REFERENCE["shape"])
    p = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)

    np.testing.assert_array_equal(lm.accepted(lm.entropies(p), bound), REFERENCE["accepted"][str(bound)])


def test_visible_places_are_never_accepted_and_the_surest_hidden_one_always_is() -> None:
    entropy = np.array([[np.inf, 2.0, 1.5, np.inf]])

    np.testing.assert_array_equal(lm.accepted(entropy, 0.0), [[False, False, True, False]])
    np.testing.assert_array_equal(lm.accepted(entropy, 9.0), [[False, True, True, False]])


def test_spread_places_are_better_than_neighbours(experiment: Any) -> None:
    rows = experiment["distance"]

    for at in (1, 2, 3):  # two, four and eight letters at once
        assert rows["random"][at] < 0.85 * rows["confidence"][at]
        assert rows["confidence"][at] < 0.5 * rows["left to right"][at]


def test_a_bound_on_the_entropy_gives_some_speed_for_nothing(experiment: Any) -> None:
    alone = experiment["distance"]["confidence"][0]
    speed, distance = next(rest for bound, *rest in experiment["entropy bound"] if bound == 0.1)

    assert speed > 1.4
    assert distance < alone + 0.004


def test_passes_are_better_spent_on_filling_fewer_at_once_than_on_second_thoughts(experiment: Any) -> None:
    wrong = {name: row[0] for name, row in experiment["second thoughts"].items()}

    assert wrong["2, then 0"] < 0.5 * wrong["8, then 12"] < 0.25 * wrong["8, then 0"]


def test_hiding_one_place_again_keeps_the_distribution() -> None:
    start, table = lm.language()
    rng = np.random.default_rng(0)
    samples = lm.generate(4000, 6, 1, "random", rng, start, table)[-1]
    again = lm.hide_again(samples, 3, 1, rng, start, table)

    assert lm.distance(again, start, table) < lm.distance(samples, start, table) + 0.01
    assert (again != samples).any()


@pytest.mark.slow
def test_the_stored_experiment_is_what_the_code_gives(experiment: Any) -> None:
    again = lm.experiment()

    assert {key: experiment[key] for key in again} == again


def test_the_stored_masks_and_states_are_what_the_code_gives(experiment: Any) -> None:
    assert experiment["film"] == {rule: lm.film(rule) for rule in ("random", "confidence")}
    assert experiment["masks"]["training"] == lm.training_mask(8, 2).astype(int).tolist()
