"""Recurrence, product and formula are one function; it contains Mamba-2; the block is what the reference computes."""

import json

import numpy as np
import pytest
from examples import DOCS, load

m3 = load("architectures/recurrent/mamba-3")
ssd = load("architectures/recurrent/mamba-2")


@pytest.mark.parametrize("rank", [1, 3])
def test_the_product_is_the_recurrence(rank: int) -> None:
    given = m3.example(rank=rank, seed=1)

    np.testing.assert_allclose(m3.parallel(*given), m3.recurrent(*given), atol=1e-12)


def rotation(angle: np.ndarray, state: int) -> np.ndarray:
    out = np.eye(state)
    for i, a in enumerate(angle):
        out[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]
    return out


@pytest.mark.parametrize("rank", [1, 3])
def test_it_is_the_formula_with_a_state_that_turns(rank: int) -> None:
    x, b, c, step, log_a, share, angle = m3.example(rank=rank, seed=2)
    state, last, out = np.zeros((8, 5)), np.zeros((8, 5)), []
    for t in range(len(x)):
        turned = rotation(-step[t] * angle[t], 8) @ (state + (1 - share[t]) * step[t] * last)
        last = b[t].T @ x[t]
        state = np.exp(log_a[t]) * turned + share[t] * step[t] * last
        out.append(c[t] @ state)

    np.testing.assert_allclose(m3.recurrent(x, b, c, step, log_a, share, angle), np.stack(out), atol=1e-12)


def test_it_is_a_diagonal_system_of_complex_numbers() -> None:
    """Three turned pairs as complex numbers, the last pair with no angle."""
    x, b, c, step, log_a, share, angle = m3.example(seed=3)
    angle = np.concatenate([angle, np.zeros((len(x), 1))], axis=1)
    key, query = (z[:, 0, 0::2] + 1j * z[:, 0, 1::2] for z in (b, c))
    state, last, out = np.zeros((4, 5), complex), np.zeros((4, 5), complex), []
    for t in range(len(x)):
        factor = np.exp(log_a[t] - 1j * step[t] * angle[t])[:, None]
        now = np.outer(key[t], x[t, 0])
        state = factor * (state + (1 - share[t]) * step[t] * last) + share[t] * step[t] * now
        last = now
        out.append((query[t].conj() @ state).real)

    np.testing.assert_allclose(m3.parallel(x, b, c, step, log_a, share, angle)[:, 0], np.stack(out), atol=1e-12)


def test_without_the_new_parts_it_is_mamba_2() -> None:
    x, b, c, step, log_a, _, angle = m3.example(seed=4)
    plain = ssd.chunked(step[:, None] * x[:, 0], log_a, b[:, 0], c[:, 0], 16)

    np.testing.assert_allclose(m3.parallel(x, b, c, step, log_a, np.ones(40), 0 * angle)[:, 0], plain, atol=1e-12)


def test_the_mask_is_a_chain_of_decays_times_two_diagonals() -> None:
    _, _, _, step, log_a, share, _ = m3.example(seed=5)
    one = np.ones((40, 1, 1))
    # With keys, queries and unit values of one number the product is the mask itself, column by column.
    mask = np.stack(
        [
            m3.parallel(one * np.eye(40)[j][:, None, None], one, one, step, log_a, share, np.zeros((40, 0)))[:, 0, 0]
            for j in range(40)
        ],
        axis=1,
    )
    two = np.diag(share * step) + np.diag(((1 - share) * step * np.exp(log_a))[1:], -1)

    np.testing.assert_allclose(mask, ssd.decay_mask(log_a) @ two, atol=1e-12)


def test_several_inputs_and_outputs_are_the_sum_of_single_systems() -> None:
    x, b, c, *rest = m3.example(rank=3, seed=6)
    together = m3.parallel(x, b, c, *rest)
    for r in range(3):
        single = sum(m3.parallel(x[:, [q]], b[:, [q]], c[:, [r]], *rest)[:, 0] for q in range(3))
        np.testing.assert_allclose(together[:, r], single, atol=1e-12)


def reference_block(u: np.ndarray, w: dict[str, np.ndarray], heads: int, state: int, rank: int) -> np.ndarray:
    """The decoding step of the published module, written again token by token."""
    inner = len(w["out"])
    p = inner // heads
    pairs = w["in"].shape[1] - 2 * inner - 2 * rank * state - 3 * heads
    s, k_last = np.zeros((heads, p, state)), np.zeros((heads, rank, state))
    v_last, angle, out = np.zeros((heads, rank, p)), np.zeros((heads, pairs)), []
    for row in u @ w["in"]:
        z, x, b, c, dt, a, trap, speed = np.split(
            row, np.cumsum([inner, inner, rank * state, rank * state, heads, heads, heads])
        )
        b, c = b.reshape(rank, state), c.reshape(rank, state)
        b = b / np.sqrt((b**2).mean(1, keepdims=True) + 1e-5)
        c = c / np.sqrt((c**2).mean(1, keepdims=True) + 1e-5)
        total = np.zeros(inner)
        for h in range(heads):
            delta = np.log1p(np.exp(dt[h] + w["step_bias"][h]))
            slope = 1 + a[h] if a[h] >= 0 else 1 / (1 - a[h])
            alpha, lam = np.exp(-max(slope, 1e-4) * delta), 1 / (1 + np.exp(-trap[h]))
            angle[h] += np.tanh(speed) * delta * np.pi
            turned = rotation(angle[h], state)
            k, q = (b + w["b_bias"][h]) @ turned.T, (c + w["c_bias"][h]) @ turned.T
            v = x[h * p : (h + 1) * p] * w["mimo_x"][h]
            s[h] = alpha * s[h] + (1 - lam) * delta * alpha * v_last[h].T @ k_last[h] + lam * delta * v.T @ k
            k_last[h], v_last[h] = k, v
            y = q @ s[h].T + w["skip"][h] * v
            gate = z[h * p : (h + 1) * p] * w["mimo_z"][h]
            total[h * p : (h + 1) * p] = (y * gate / (1 + np.exp(-gate)) * w["mimo_o"][h]).sum(0)
        out.append(total @ w["out"])
    return np.stack(out)


@pytest.mark.parametrize("rank", [1, 4])
def test_the_block_is_the_published_step(rank: int) -> None:
    u, w = np.random.default_rng(7).normal(size=(20, 16)), m3.weights(rank=rank)
    expected = reference_block(u, w, 4, 8, rank)

    np.testing.assert_allclose(m3.mamba3_block(u, w, 4, 8, rank), expected, atol=1e-12)
    np.testing.assert_allclose(m3.mamba3_block(u, w, 4, 8, rank, m3.recurrent), expected, atol=1e-12)


@pytest.mark.parametrize("rank", [1, 4])
def test_the_block_weighs_what_the_page_says(rank: int) -> None:
    w = m3.weights(d=16, heads=4, state=8, rank=rank, pairs=2)
    total = sum(part.size for name, part in w.items() if rank > 1 or not name.startswith("mimo"))

    assert total == m3.parameters(16, 4, state=8, rank=rank)


@pytest.mark.parametrize(("name", "order"), [("exponential Euler", 1), ("exponential trapezoid", 2)])
def test_the_orders_of_the_two_rules(name: str, order: int) -> None:
    errors = m3.discretisation(steps=(0.02, 0.01))["errors"][name]

    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.03)


def test_a_half_turn_for_each_one_is_parity() -> None:
    bits = np.random.default_rng(8).integers(0, 2, size=200)
    ones = np.ones((200, 1, 1)) * np.array([1.0, 0.0])
    # Written once at the start, read at each token by an unturned query: the angle carries the parity.
    x = np.zeros((200, 1, 1))
    x[0] = 1.0
    bits[0] = 0
    speed = np.pi * bits[:, None].astype(float)
    read = m3.parallel(x, ones, ones, np.ones(200), np.zeros(200), np.ones(200), speed)[:, 0, 0]

    np.testing.assert_allclose(read, 1 - 2 * (np.cumsum(bits) % 2), atol=1e-9)


def test_turns_commute_so_the_order_of_tokens_is_lost() -> None:
    rng = np.random.default_rng(9)
    speeds = rng.normal(size=(10, 3))
    there = np.linalg.multi_dot([rotation(s, 8) for s in speeds])
    back = np.linalg.multi_dot([rotation(s, 8) for s in speeds[::-1]])

    np.testing.assert_allclose(there, back, atol=1e-12)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/recurrent/mamba-3.json").read_text(encoding="utf-8"))

    for name, errors in m3.discretisation()["errors"].items():
        np.testing.assert_allclose(stored["discretisation"]["errors"][name], errors, rtol=0.01)
    for length in (8, 16, 64):
        index = stored["lengths"].index(length)
        assert stored["parity"]["turning"][index] == m3.parity_accuracy(length, True) == 1
        assert stored["parity"]["real decays"][index] == pytest.approx(m3.parity_accuracy(length, False), abs=0.03)
