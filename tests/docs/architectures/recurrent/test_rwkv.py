"""Each version's forms agree, version 7 contains the delta rule and version 6, and its layer is the published one."""

import numpy as np
import pytest
from examples import load

rwkv = load("architectures/recurrent/rwkv")
delta = load("architectures/recurrent/deltanet")
E = rwkv.example()
BONUS = np.random.default_rng(3).normal(size=8)
SIX = {name: E[name] for name in ("r", "k", "v", "w")}


def test_version_4_as_weights_and_as_recurrence_agree_and_large_keys_do_not_overflow() -> None:
    rng = np.random.default_rng(0)
    decay, bonus, (k, v) = rng.uniform(0, 3, size=5), rng.normal(size=5), rng.normal(size=(2, 30, 5))
    kept = rwkv.wkv4(decay, bonus, k, v)

    np.testing.assert_allclose(rwkv.wkv4_weights(decay, bonus, k, v), kept, atol=1e-12)
    np.testing.assert_allclose(rwkv.wkv4(decay, bonus, k + 5000, v), kept, atol=1e-10)


def test_version_4_averages_the_last_values_when_nothing_fades_and_nothing_is_preferred() -> None:
    v = np.arange(5.0)[:, None]

    np.testing.assert_allclose(
        rwkv.wkv4(np.zeros(1), np.zeros(1), np.zeros((5, 1)), v)[:, 0], [0, 0.5, 1, 1.5, 2], atol=1e-12
    )


def test_version_6_as_recurrence_and_with_all_pairs_agree() -> None:
    np.testing.assert_allclose(rwkv.wkv6_parallel(**SIX, bonus=BONUS), rwkv.wkv6(**SIX, bonus=BONUS)[0], atol=1e-12)


def test_version_6_without_fading_and_bonus_1_is_a_plain_masked_product() -> None:
    r, k, v = SIX["r"], SIX["k"], SIX["v"]
    out, state = rwkv.wkv6(r, k, v, np.ones_like(k), np.ones(8))

    np.testing.assert_allclose(out, np.tril(r @ k.T) @ v, atol=1e-12)
    np.testing.assert_allclose(state, k.T @ v, atol=1e-12)


@pytest.mark.parametrize("size", [1, 5, 8, 24, 40])
def test_version_7_in_chunks_of_any_size_agrees_with_the_recurrence(size: int) -> None:
    out, state = rwkv.wkv7(**E)
    chunked, last = rwkv.wkv7_chunkwise(**E, size=size)

    np.testing.assert_allclose(chunked, out, atol=1e-12)
    np.testing.assert_allclose(last, state, atol=1e-12)


def test_version_7_is_the_delta_rule_for_one_rate_one_key_and_no_fading() -> None:
    beta = np.random.default_rng(4).uniform(0.1, 1, size=24)
    expected, state = delta.delta_rule(E["r"], E["kappa"], E["v"], beta)
    settings = E | {"w": np.ones_like(E["w"]), "a": np.tile(beta[:, None], 8), "k": beta[:, None] * E["kappa"]}
    out, last = rwkv.wkv7(**settings)

    np.testing.assert_allclose(out, expected, atol=1e-12)
    np.testing.assert_allclose(last, state, atol=1e-12)


def test_version_7_without_removal_is_version_6_that_writes_before_it_reads() -> None:
    out, state = rwkv.wkv7(**(E | {"a": np.zeros_like(E["a"])}))
    _, expected = rwkv.wkv6(**SIX, bonus=BONUS)
    np.testing.assert_allclose(state, expected, atol=1e-12)
    before, _ = rwkv.wkv6(**SIX, bonus=np.zeros(8))
    # Reading after the write sees the old state faded once, and this token without a bonus.
    faded, _ = rwkv.wkv6(SIX["r"] * SIX["w"], SIX["k"], SIX["v"], SIX["w"], np.zeros(8))
    own = (SIX["r"] * SIX["k"]).sum(1, keepdims=True) * SIX["v"]
    np.testing.assert_allclose(out, faded + own, atol=1e-12)
    assert np.abs(out - before).max() > 0.1


def test_transitions_have_real_eigenvalues_within_the_stated_range() -> None:
    rng = np.random.default_rng(5)
    lowest = 1.0
    for _ in range(300):
        w = np.exp(-rwkv.sigmoid(rng.normal(0, 4, size=6)) / np.sqrt(np.e))
        kappa, a = rng.normal(size=6), rwkv.sigmoid(rng.normal(0, 4, size=6))
        kappa /= np.linalg.norm(kappa)
        plain = np.linalg.eigvals(np.diag(w) - np.outer(a * kappa, kappa))
        assert np.abs(plain.imag).max() < 1e-9
        np.testing.assert_allclose(np.sort(plain.real), rwkv.eigenvalues(w, kappa, a), atol=1e-9)
        lowest = min(lowest, plain.real.min())
        assert plain.real.max() < 1
    assert np.exp(-np.exp(-0.5)) - 1 < lowest < -0.1


def layer() -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """Weights of a small layer, five inputs, and a value of the first layer."""
    rng = np.random.default_rng(0)
    width, heads, rank = 8, 2, 3
    p = {f"x_{n}": rng.uniform(size=width) for n in "rwkvag"}
    p |= {f"W_{n}": rng.normal(size=(width, width)) / np.sqrt(width) for n in "rkvo"}
    p |= {f"{n}{i}": rng.normal(size=s) for n in "wavg" for i, s in ((1, (width, rank)), (2, (rank, width)))}
    p |= {f"{n}0": rng.normal(size=width) for n in "wav"}
    p |= {
        "k_k": rng.normal(size=width),
        "k_a": rng.uniform(size=width),
        "r_k": rng.normal(size=(heads, width // heads)),
    }
    p |= {"ln_w": rng.normal(size=width), "ln_b": rng.normal(size=width)}
    return p, rng.normal(size=(5, width)), rng.normal(size=width)


# What BlinkDL/RWKV-LM RWKV-v7/rwkv_v7_numpy.py (commit 524481d) gives for the fifth token with these weights.
FIRST_LAYER = [-3.1580053554, -9.421474169, -2.862366113, -3.7031536168]
LATER_LAYER = [-2.2471853405, -16.560984888, 3.6630540091, -1.3032628812]


def test_the_layer_gives_the_numbers_of_the_authors_own_version() -> None:
    p, tokens, value = layer()
    for first, expected in ((None, FIRST_LAYER), (value, LATER_LAYER)):
        state, previous = np.zeros((2, 4, 4)), np.zeros(8)
        for x in tokens:
            out, previous, state, _ = rwkv.time_mix(x, previous, state, first, p, heads=2)
        np.testing.assert_allclose(out[:4], expected, atol=1e-8)


def test_parameters_are_those_the_authors_count() -> None:
    assert rwkv.parameters(24, 1024) == 450_834_432
    assert rwkv.state_numbers(7, 24, 1024) == 1_622_016
    assert rwkv.state_numbers(4, 32, 4096) == 5 * 32 * 4096
    p, _, _ = layer()
    counted = sum(value.size for value in p.values())
    assert counted == rwkv.parameters(1, 8, 0, (3, 3, 3, 3)) - 4 * 8 - (8 * 64 + 8) - 4 * 8


def test_a_token_of_version_7_multiplies_the_state_by_its_transition() -> None:
    w, kappa, a = E["w"][0], E["kappa"][0], E["a"][0]
    before = np.random.default_rng(5).normal(size=(8, 6))
    expected = w[:, None] * before - (a * kappa)[:, None] * (kappa @ before)

    np.testing.assert_allclose(rwkv.transition(w, kappa, a) @ before, expected, atol=1e-12)


def test_twice_the_removal_swaps_or_copies_rows_and_once_can_do_neither() -> None:
    between, rows = np.array([1, -1, 0]) / np.sqrt(2), np.arange(6.0).reshape(3, 2)
    swap = rwkv.transition(np.ones(3), between, np.ones(3), 2)
    copy = rwkv.transition(np.ones(3), between, np.array([1.0, 0, 0]), 2)

    np.testing.assert_allclose(swap @ rows, rows[[1, 0, 2]], atol=1e-12)
    np.testing.assert_allclose(copy @ rows, rows[[1, 1, 2]], atol=1e-12)
    lowest = min(rwkv.eigenvalues(w, between, np.ones(3))[0] for w in (np.ones(3), np.full(3, np.exp(-np.exp(-0.5)))))
    assert lowest > -0.5  # a swap has the eigenvalue -1
