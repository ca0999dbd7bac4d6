"""Neighbours vote, chunks are read only when complete, and moved caches lack what passages tell each other."""

import json

import numpy as np
import pytest
from examples import DOCS, load

retrieval = load("architectures/transformers/retrieval")
STORED = json.loads((DOCS / "architectures/transformers/retrieval.json").read_text(encoding="utf-8"))
RNG = np.random.default_rng(0)


def test_the_store_gives_a_distribution_in_which_the_nearest_count_most() -> None:
    keys = np.array([[0.0, 0.0], [0.1, 0.0], [3.0, 0.0], [9.0, 9.0]])
    chance = retrieval.neighbours(np.array([[0.02, 0.0]]), keys, np.array([2, 1, 0, 3]), 4, k=3)

    np.testing.assert_allclose(chance.sum(), 1)
    assert chance[0].argmax() == 2
    assert chance[0, 3] == 0


def test_the_same_token_behind_several_neighbours_collects_their_votes() -> None:
    keys = np.zeros((3, 2))
    chance = retrieval.neighbours(np.zeros((1, 2)), np.vstack([keys, [[5, 5]]]), np.array([1, 1, 0, 0]), 2, k=3)

    np.testing.assert_allclose(chance, [[1 / 3, 2 / 3]])


@pytest.mark.parametrize("chunk", [3, 4])
def test_nothing_found_for_a_chunk_is_read_before_its_last_token(chunk: int) -> None:
    x, found = RNG.normal(size=(12, 8)), RNG.normal(size=(12 // chunk, 5, 8))
    before = retrieval.chunked_cross_attention(x, found, chunk)
    for u in range(len(found)):
        other = found.copy()
        other[u] = RNG.normal(size=other[u].shape)
        changed = np.abs(retrieval.chunked_cross_attention(x, other, chunk) - before).max(1) > 0
        first = (u + 1) * chunk - 1
        assert np.flatnonzero(changed).tolist() == list(range(first, min(first + chunk, 12)))


def test_moved_keys_are_those_of_the_other_place() -> None:
    keys = RNG.normal(size=(5, 12))

    there = retrieval.rotated(keys, np.arange(5) + 77)
    np.testing.assert_allclose(retrieval.moved(retrieval.rotated(keys, np.arange(5)), 77), there, atol=1e-12)


def test_one_layer_loses_nothing_and_more_lose_more() -> None:
    differ = list(STORED["apart"].values())

    assert differ[0] == 0
    assert differ == sorted(differ)
    assert retrieval.last_differs(1, RNG) < 1e-12
    assert retrieval.last_differs(2, RNG) > 0.01


def test_a_passage_alone_is_read_as_before() -> None:
    x, weights = RNG.normal(size=(8, 16)), RNG.normal(size=(3, 3, 16, 16)) / 4
    alone, among = retrieval.stack(x, weights, [0] * 8), retrieval.stack(x, weights, [0] * 4 + [1] * 4)

    np.testing.assert_allclose(alone, among)  # the last block sees all before it


def test_the_store_helps_facts_and_hurts_the_rule() -> None:
    facts, rule, every = np.array(STORED["shares"]).T

    assert (np.diff(facts) < 0).all()
    assert (np.diff(rule) > 0).all()
    assert 0 < every.argmin() < len(every) - 1
    again = retrieval.losses(0)
    np.testing.assert_allclose(again, STORED["shares"], rtol=0.15, atol=0.1)
