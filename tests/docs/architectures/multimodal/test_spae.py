"""The pyramid covers what it should, words come from the vocabulary, and every layer brings the average closer."""

import json

import numpy as np
import pytest
from examples import DOCS, load

spae = load("architectures/multimodal/spae")
FEATURES, VOCABULARY = spae.example()


@pytest.mark.parametrize("side", [1, 2, 4, 8, 16])
def test_positions_are_even_and_inside(side: int) -> None:
    chosen = spae.positions(side, 16)

    assert len(chosen) == side
    assert chosen.min() >= 0
    assert chosen.max() < 16
    assert len(set(np.diff(chosen))) <= 1


def test_layers_have_the_sizes_of_the_pyramid() -> None:
    tokens, _ = spae.encode(FEATURES, VOCABULARY)

    assert [t.shape for t in tokens] == [(s, s) for s in spae.SIDES]
    assert all(t.max() < len(VOCABULARY) for t in tokens)


def test_the_second_word_at_a_place_makes_the_average_better() -> None:
    sides = (16, 16)
    tokens, two = spae.encode(FEATURES, VOCABULARY, sides)
    one = spae.decode(tokens[:1], VOCABULARY, 16)

    np.testing.assert_allclose(one, VOCABULARY[tokens[0]])
    np.testing.assert_allclose(two, (VOCABULARY[tokens[0]] + VOCABULARY[tokens[1]]) / 2)
    assert ((two - FEATURES) ** 2).sum() < ((one - FEATURES) ** 2).sum()


def test_a_vocabulary_that_holds_the_features_is_exact() -> None:
    own = FEATURES.reshape(-1, FEATURES.shape[-1])
    _, estimate = spae.encode(FEATURES, own, (16,))

    np.testing.assert_allclose(estimate, FEATURES)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/multimodal/spae.json").read_text(encoding="utf-8"))["rows"]
    errors = [error for _, error in stored]

    assert spae.experiment() == stored
    assert errors[-1] < 0.5 * errors[0]
