"""A loop is a stack of copies, caches change nothing, exits are a distribution, and gradients are differences."""

import json

import numpy as np
import pytest
from examples import DOCS, load

loops = load("architectures/transformers/looped-recursive")
P = loops.model()
X = np.random.default_rng(1).normal(size=(6, 12))


@pytest.mark.parametrize("steps", [0, 1, 4])
def test_token_by_token_with_caches_is_the_whole_sequence_at_once(steps: int) -> None:
    whole = loops.recurrent_depth(X, P, steps, {})
    caches: dict = {}
    parts = [loops.recurrent_depth(X[t : t + 1], P, steps, caches) for t in range(6)]

    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-13)
    assert len(caches) == 1 + 2 * steps + 1
    assert all(len(cache["k"]) == 6 for cache in caches.values())


def test_the_loop_is_a_stack_of_copies_of_its_layers() -> None:
    x = loops.layer(X, P["prelude"][0], {})
    state = np.zeros_like(x)
    for w_first, w_second in [(P["core"][0], P["core"][1])] * 3:
        state = np.concatenate([state, x], axis=1) @ P["adapter"]
        state = loops.layer(loops.layer(state, w_first, {}), w_second, {})
    state = loops.norm(loops.layer(state, P["coda"][0], {}))

    np.testing.assert_allclose(loops.recurrent_depth(X, P, 3, {}), state, atol=1e-13)


def test_later_tokens_do_not_change_earlier_ones_at_any_depth() -> None:
    changed = X.copy()
    changed[4:] += 1

    before, after = (loops.recurrent_depth(x, P, 6, {}) for x in (X, changed))
    np.testing.assert_array_equal(before[:4], after[:4])


def test_exits_are_what_a_simulation_of_the_gates_gives() -> None:
    gates = np.array([0.1, 0.3, 0.6, 0.2])
    rng = np.random.default_rng(0)
    stops = rng.random((100_000, 4)) < np.append(gates[:-1], 1)
    counted = np.bincount(stops.argmax(1), minlength=4) / 100_000

    np.testing.assert_allclose(loops.exits(gates), counted, atol=0.006)
    assert loops.exits(gates).sum() == pytest.approx(1)
    assert [loops.leave_at(gates, t) for t in (0.1, 0.37, 0.38, 1.0)] == [1, 2, 3, 4]


def test_the_entropy_term_is_smallest_for_even_exits() -> None:
    even = [1 / 4, 1 / 3, 1 / 2, 1]
    losses = np.ones(4)

    np.testing.assert_allclose(loops.exits(even), 0.25)
    assert loops.exit_loss(even, losses, 0.5) == pytest.approx(1 - 0.5 * np.log(4))
    assert loops.exit_loss([0.9, 0.5, 0.5, 1], losses, 0.5) > loops.exit_loss(even, losses, 0.5)


def test_nested_cycles_apply_the_networks_as_often_as_the_published_configurations_say() -> None:
    calls = []
    loops.nested(X, lambda z: calls.append("fast") or z, lambda z: calls.append("slow") or z, 2, 3)

    assert calls == ["fast", "fast", "fast", "slow"] * 2
    # HrmTextConfig: 16 layers a stack, 2 high and 3 low cycles; its cache has 16 * 2 * (3 + 1) slots.
    assert 16 * len(calls) == 128


def test_the_gradient_through_the_loops_is_the_differences() -> None:
    rng = np.random.default_rng(0)
    p = loops.train(recall=True, seed=1, width=4, hidden=6, steps=2)
    bits = rng.integers(0, 2, (3, 5))
    _, g = loops.gradients(p, bits, 4, recall=True)
    for name, value in p.items():
        at = tuple(rng.integers(0, n) for n in value.shape)
        moved = {k: v.copy() for k, v in p.items()}
        moved[name][at] += 1e-6
        difference = (loops.gradients(moved, bits, 4, True)[0] - loops.gradients(p, bits, 4, True)[0]) / 1e-6
        assert g[name][at] == pytest.approx(difference, abs=2e-6)


def test_no_position_sees_further_back_than_there_were_loops() -> None:
    p = loops.train(recall=True, seed=2, steps=1)
    bits = np.zeros((1, 20), dtype=int)
    other = bits.copy()
    other[0, 3] = 1
    a, b = (loops.run(p, x, 6, True)[1] for x in (bits, other))

    np.testing.assert_array_equal(a[0, 10:], b[0, 10:])
    assert np.abs(a[0, 9] - b[0, 9]).max() > 0


@pytest.mark.slow
def test_the_charts_runs_are_the_experiments_and_show_what_the_page_says() -> None:
    stored = json.loads((DOCS / "architectures/transformers/looped-recursive.json").read_text(encoding="utf-8"))
    again = loops.curve(True, 0)
    np.testing.assert_allclose(stored["recall"][0]["32"], again["32"], atol=0.05)
    last = {name: [run["32"][-1] for run in stored[name]] for name in ("recall", "no recall")}

    assert min(last["recall"]) > 0.85
    assert sum(v < 0.7 for v in last["no recall"]) == 4
