"""The RG-LRU by loop, by scan and against the library; the scale of its state against closed forms; its models."""

from pathlib import Path

import numpy as np
import pytest
from archdata import models
from archdata.formulas import bytes_of
from archfigures.data import page_data
from examples import load

griffin = load("architectures/hybrids/griffin")
MODELS = models.load(Path(__file__).parents[4] / "docs")
P = griffin.make()
X = np.random.default_rng(1).normal(size=(50, 8))

# Last output of transformers 5.24's RecurrentGemmaRecurrentBlock with these weights and tokens.
LAST = [
    0.1616639251,
    0.0343090971,
    -0.0002492344,
    -0.145071298,
    0.0856514098,
    0.1085657672,
    -0.1935176428,
    0.2277329107,
]


def test_the_block_is_that_of_the_library() -> None:
    out, _ = griffin.block(X, P)

    np.testing.assert_allclose(out[-1], LAST, atol=1e-6)


@pytest.mark.parametrize("pieces", [[1] * 50, [2, 48], [20, 1, 29]])
def test_any_way_of_cutting_the_text_gives_the_same(pieces: list[int]) -> None:
    whole, _ = griffin.block(X, P)
    memory, out, at = None, [], 0
    for piece in pieces:
        y, memory = griffin.block(X[at : at + piece], P, memory)
        out.append(y)
        at += piece

    np.testing.assert_allclose(np.concatenate(out), whole, atol=1e-12)


@pytest.mark.parametrize("length", [1, 2, 7, 64, 100])
def test_the_scan_is_the_sum_over_all_earlier_tokens(length: int) -> None:
    rng = np.random.default_rng(length)
    a, u, state = rng.uniform(0.2, 1, (length, 5)), rng.normal(size=(length, 5)), rng.normal(size=5)
    expected = np.zeros_like(u)
    for t in range(length):
        expected[t] = np.prod(a[: t + 1], axis=0) * state
        for s in range(t + 1):
            expected[t] += np.prod(a[s + 1 : t + 1], axis=0) * u[s]

    np.testing.assert_allclose(griffin.scan(a, u, state), expected, atol=1e-12)


def test_a_gate_is_a_product_with_a_matrix_of_blocks() -> None:
    dense = np.zeros((12, 12))
    for i, part in enumerate(P["w_a"]):
        dense[4 * i : 4 * i + 4, 4 * i : 4 * i + 4] = part
    x = np.random.default_rng(5).normal(size=(9, 12))

    np.testing.assert_allclose(griffin.gate(x, P["w_a"], P["b_a"]), griffin.sigmoid(x @ dense + P["b_a"]), atol=1e-12)


def test_the_recurrence_follows_the_equations_of_the_paper() -> None:
    x, base = np.random.default_rng(6).normal(size=(9, 12)), 1 / (1 + np.exp(P["lambda"]))
    assert np.all((base > 0.9) & (base < 0.999))
    state = np.random.default_rng(7).normal(size=12)
    states, _ = griffin.rg_lru(x, P, state)
    r, i = griffin.gate(x, P["w_a"], P["b_a"]), griffin.gate(x, P["w_i"], P["b_i"])
    for t in range(9):
        a = base ** (8 * r[t])
        state = a * state + np.sqrt(1 - a**2) * i[t] * x[t]
        np.testing.assert_allclose(states[t], state, atol=1e-12)


def test_a_text_begins_with_its_first_token_unscaled() -> None:
    x = np.random.default_rng(8).normal(size=(3, 12))
    states, _ = griffin.rg_lru(x, P)

    np.testing.assert_allclose(states[0], griffin.gate(x, P["w_i"], P["b_i"])[0] * x[0], atol=1e-12)


def test_half_life_is_when_half_is_left() -> None:
    for base, logit in ((0.9, 0.0), (0.999, -4.0)):
        tokens = griffin.half_life(base, logit)
        assert base ** (8 * tokens / (1 + np.exp(-logit))) == pytest.approx(0.5)


def test_the_stored_sizes_are_the_closed_forms() -> None:
    run = page_data("architectures/hybrids/griffin")
    for i, a in enumerate(run["bases"]):
        noise, constant = 1 / np.sqrt(1 - a * a), 1 / (1 - a)
        for name, factor in (("1", 1.0), ("1 - a", 1 - a), ("sqrt(1 - a²)", np.sqrt(1 - a * a))):
            assert run["noise"][name][i] == pytest.approx(factor * noise, rel=0.02)
            assert run["constant"][name][i] == pytest.approx(factor * constant, rel=1e-3)


def test_a_stored_size_is_measured_again() -> None:
    run = page_data("architectures/hybrids/griffin")
    noise = np.random.default_rng(0).normal(size=(8000, 1000))

    assert griffin.size_of_state(0.9, np.sqrt(1 - 0.81), noise) == pytest.approx(
        run["noise"]["sqrt(1 - a²)"][run["bases"].index(0.9)], abs=1e-4
    )


def test_rounding_to_bf16() -> None:
    values = [1.0, 0.998, 0.9981, 0.99609375, 1 / 3, -2.5]
    assert griffin.bf16(values).tolist() == [1.0, 0.99609375, 1.0, 0.99609375, 0.333984375, -2.5]
    assert np.log(0.5) / np.log(1 - 2**-8) == pytest.approx(177, abs=0.5)


def test_memory_of_the_models_stops_at_the_window() -> None:
    for key, layers, windowed in (("recurrentgemma-2b", 26, 8), ("recurrentgemma-9b", 38, 12)):
        model = MODELS[key]
        assert model.kinds.count("window") == windowed
        held = [bytes_of(model.decoder.cached(length), "bf16") for length in (2048, 2049, 10**6)]
        assert held[0] == held[1] == held[2]
        states = (layers - windowed) * 4 * model.config["inner"]
        assert held[0] == 2 * (states + windowed * 2048 * 2 * 256)


def looking_back() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(4)
    p = {name: rng.normal(size=(5, 6)) for name in ("gate", "new")}
    return p | {name: 0.5 * rng.normal(size=6) for name in ("on_gate", "on_new")}


def test_the_slope_of_a_step_that_looks_back_is_its_derivative() -> None:
    p, rng = looking_back(), np.random.default_rng(5)
    h, x = rng.normal(size=(3, 6)), rng.normal(size=(3, 5))
    up, down = (griffin.looking_back(h + e, x, p)[0] for e in (1e-6, -1e-6))

    np.testing.assert_allclose(griffin.looking_back(h, x, p)[1], (up - down) / 2e-6, atol=1e-8)


def test_newton_finds_the_states_of_the_loop_in_a_few_rounds() -> None:
    p, x, h, loop = looking_back(), np.random.default_rng(6).normal(size=(300, 5)), np.zeros(6), []
    for token in x:
        h = griffin.looking_back(h, token, p)[0]
        loop.append(h)
    errors = [np.abs(griffin.newton(x, p, rounds) - np.stack(loop)).max() for rounds in (1, 3, 8)]

    assert errors[0] > errors[1] > errors[2]
    assert errors[2] < 1e-12


def test_rounds_grow_with_how_strongly_gates_look_although_the_layer_still_forgets() -> None:
    text = (Path(__file__).parents[4] / "docs" / "architectures/hybrids/griffin.md").read_text(encoding="utf-8")

    assert [griffin.rounds_needed(strength) for strength in (0.25, 0.5, 1.0)] == [4, 4, 27]
    assert griffin.rounds_needed(1.5) is griffin.rounds_needed(1.5, within=1.0) is None
    assert griffin.rounds_needed(1.0, within=1.0) == 8
    assert "brings strength 1 down to 8 rounds" in text
    assert "four where they look weakly, 27 at strength 1" in text
    for strength in (0.5, 1.5):
        p, x, true = griffin.gates_and_loop(strength)
        slope = griffin.looking_back(np.concatenate([true[:1] * 0, true[:-1]]), x, p)[1]
        assert np.log(np.abs(slope)).mean(0).max() < 0  # in every channel a small change fades
