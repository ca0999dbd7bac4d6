"""Triangles, symmetries, flows of rotations, and the numbers the page computes from them."""

import json
from itertools import pairwise

import numpy as np
import pytest
from archdata import formulas
from archfigures.registry import figures
from examples import DOCS, load

molecules = load("architectures/diffusion/molecules")
PAGE = DOCS / "architectures/diffusion/molecules.md"
STORED = json.loads(PAGE.with_suffix(".json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("outgoing", [True, False])
def test_a_triangle_update_is_a_sum_over_third_tokens(outgoing: bool) -> None:
    rng = np.random.default_rng(0)
    z, weights = rng.normal(size=(5, 5, 3)), rng.normal(size=(6, 3, 3))
    a, b, gate_a, gate_b, gate, out = weights
    n = molecules.norm(z)
    a, b = molecules.sigmoid(n @ gate_a) * (n @ a), molecules.sigmoid(n @ gate_b) * (n @ b)
    mixed = np.zeros_like(z)
    for i in range(5):
        for j in range(5):
            for k in range(5):
                mixed[i, j] += a[i, k] * b[j, k] if outgoing else a[k, j] * b[k, i]
    by_hand = z + molecules.sigmoid(n @ gate) * (molecules.norm(mixed) @ out)

    np.testing.assert_allclose(molecules.triangle(z, weights, outgoing), by_hand, atol=1e-12)


def test_tokens_in_another_order_give_pairs_in_that_order() -> None:
    rng = np.random.default_rng(1)
    z, weights, order = rng.normal(size=(6, 6, 4)), rng.normal(size=(6, 4, 4)), rng.permutation(6)
    turned = molecules.triangle(z[order][:, order], weights)

    np.testing.assert_allclose(turned, molecules.triangle(z, weights)[order][:, order], atol=1e-12)


def test_news_travels_twice_as_far_with_each_update() -> None:
    assert [molecules.informed(64, updates) for updates in range(7)] == [1, 2, 4, 8, 16, 32, 63]


def test_the_layer_of_distances_follows_every_motion_and_the_plain_one_none() -> None:
    for even, odd in molecules.symmetries().values():
        assert even < 1e-9
        assert odd > 1


def test_features_of_the_equivariant_layer_do_not_change_when_it_is_moved() -> None:
    rng = np.random.default_rng(2)
    weights, _ = molecules.layers(rng)
    x, h, turn = molecules.helix(), rng.normal(size=(24, 8)), molecules.rotation(rng)
    order = rng.permutation(24)

    np.testing.assert_allclose(
        molecules.equivariant(x @ turn.T - 3, h, weights)[1], molecules.equivariant(x, h, weights)[1], atol=1e-9
    )
    np.testing.assert_allclose(
        molecules.equivariant(x[order], h[order], weights)[0], molecules.equivariant(x, h, weights)[0][order], atol=1e-9
    )


def test_rotations_are_proper_and_evenly_drawn() -> None:
    rng = np.random.default_rng(3)
    drawn = np.stack([molecules.rotation(rng) for _ in range(4000)])

    np.testing.assert_allclose(np.linalg.det(drawn), 1)
    np.testing.assert_allclose(drawn @ drawn.transpose(0, 2, 1), np.broadcast_to(np.eye(3), drawn.shape), atol=1e-12)
    assert np.abs(drawn.mean(0)).max() < 0.04
    angles = [np.linalg.norm(molecules.logarithm(r)) for r in drawn]
    assert np.mean(angles) == pytest.approx(np.pi / 2 + 2 / np.pi, abs=0.03)  # of the uniform distribution


def test_copies_learnt_by_heart_are_recalled_and_their_mean_is_the_answer_in_pure_noise() -> None:
    rng = np.random.default_rng(4)
    copies = np.stack([molecules.helix(8) @ molecules.rotation(rng).T for _ in range(5)])

    np.testing.assert_allclose(molecules.denoised(copies + 0.01, copies, 0.1), copies, atol=1e-9)
    np.testing.assert_allclose(molecules.denoised(copies, copies, 1e6)[0], copies.mean(0), atol=1e-6)


def test_ten_times_the_copies_halve_the_unevenness_where_there_is_little_noise() -> None:
    rng, shape = np.random.default_rng(5), molecules.helix()
    again = [molecules.unevenness(shape, count, 1, rng) for count in (100, 1000)]
    stored = STORED["uneven"]["1"]

    np.testing.assert_allclose(again, stored[2:4], rtol=0.15)
    assert stored[2] / stored[4] == pytest.approx(100 ** (1 / 3), rel=0.1)
    assert all(row[4] < stored[4] for noise, row in STORED["uneven"].items() if noise != "1")


def test_logarithm_and_exponential_undo_one_another() -> None:
    rng = np.random.default_rng(6)
    for r in (molecules.rotation(rng) for _ in range(50)):
        np.testing.assert_allclose(molecules.exponential(molecules.logarithm(r)), r, atol=1e-6)
    np.testing.assert_allclose(molecules.logarithm(np.eye(3)), 0)


def test_the_way_between_two_rotations_is_even_and_stays_among_rotations() -> None:
    rng = np.random.default_rng(7)
    start, end = molecules.rotation(rng), molecules.rotation(rng)
    whole = np.linalg.norm(molecules.logarithm(start.T @ end))
    for share in (0.0, 0.25, 0.5, 1.0):
        r = molecules.between(start, end, share)
        assert np.linalg.det(r) == pytest.approx(1)
        assert np.linalg.norm(molecules.logarithm(start.T @ r)) == pytest.approx(share * whole, abs=1e-6)


def test_a_flow_with_a_right_prediction_ends_at_the_data() -> None:
    rng = np.random.default_rng(8)
    data, noise = molecules.rotation(rng), molecules.rotation(rng)
    ended = molecules.flow(noise, lambda r, t: data, 20)
    early = molecules.flow(noise, lambda r, t: data, 100, rate=10)
    left = np.linalg.norm(molecules.logarithm(early.T @ data)) / np.linalg.norm(molecules.logarithm(noise.T @ data))

    np.testing.assert_allclose(ended, data, atol=1e-6)
    assert left == pytest.approx(0.9**100, abs=1e-6)


def test_the_computed_spread_is_that_of_samples() -> None:
    rng, true = np.random.default_rng(9), 4.0
    sigmas = molecules.levels()
    x = sigmas[0] * rng.normal(size=20000)
    for before, after in pairwise(sigmas):
        noisier = before * (1.8 if after > 1 else 1)
        x = x + 1.003 * np.sqrt(noisier**2 - before**2) * rng.normal(size=x.shape)
        clean = x * true**2 / (true**2 + noisier**2)
        x = x + 1.5 * (after - noisier) * (x - clean) / noisier

    assert x.std() == pytest.approx(molecules.spread(true), rel=0.02)
    assert molecules.spread(true, step_scale=1, noise_scale=1, churn=0, steps=5000) == pytest.approx(true, rel=2e-3)


def test_the_step_scale_thins_out_the_rarer_state_and_a_fine_plain_sampler_hardly_does() -> None:
    half, tenth, plain = (molecules.drawn(0.5), molecules.drawn(0.1), molecules.drawn(0.1, 1.0))

    assert half == pytest.approx(0.5, abs=0.015)
    assert tenth < plain / 2 < 0.05
    assert molecules.drawn(0.1, apart=60.0) == pytest.approx(tenth, abs=0.01)  # the distance hardly matters


def test_the_page_quotes_what_is_computed() -> None:
    text = PAGE.read_text(encoding="utf-8")
    at_16, at_1, plain = molecules.spread(16) / 16, molecules.spread(1), molecules.spread(16, 1.0) / 16

    assert f"to {100 * at_16:.0f}% of the data's spread at 16 Å, and to {100 * at_1:.0f}% at 1 Å" in text
    assert f"lose {100 - 100 * plain:.0f}% of the spread at 16 Å" in text
    assert f"in {100 * molecules.drawn(0.1):.0f}% of cases, and with a scale of 1 in" in text
    assert f"with a scale of 1 in {100 * molecules.drawn(0.1, 1.0):.0f}% (output above)" in text
    for tokens, seconds in molecules.SECONDS.items():
        assert (molecules.trunk(tokens) + 200 * molecules.denoiser(tokens)) / seconds < 0.1 * 989e12
    assert f"costs {molecules.trunk(5120) / (200 * molecules.denoiser(5120)):.0f} times as much" in text
    assert molecules.trunk(256) < 200 * molecules.denoiser(256)


@pytest.mark.parametrize("tokens", [512, 1024, 4000])
def test_the_formula_of_the_page_counts_the_pair_part(tokens: int) -> None:
    parts = molecules.pairformer(tokens)
    pairs = sum(count for name, count in parts.items() if name != "tokens")

    assert pairs == 12 * tokens**3 * 128 + 68 * tokens**2 * 128**2
    assert STORED["parts"]["triangle attention"] == [
        molecules.pairformer(t)["triangle attention"] for t in molecules.LENGTHS
    ]
    alone = molecules.pairformer(tokens, attention=False)
    assert alone["triangle multiplication"] == parts["triangle multiplication"]
    assert alone["triangle attention"] == 0


@pytest.mark.parametrize("tokens", [256, 1024])
def test_the_page_s_count_is_the_site_s(tokens: int) -> None:
    parts = molecules.pairformer(tokens)

    assert sum(parts.values()) == formulas.pair_block_flops(tokens)
    assert sum(parts.values()) - parts["tokens"] == formulas.pair_flops(tokens)


def test_the_description_of_the_copies_tells_what_is_stored() -> None:
    told = figures()["diffusion/molecules/copies"].desc

    assert all(f"{row[0]:.0f}" == "15" for row in STORED["uneven"].values())
    for noise, row in STORED["uneven"].items():
        assert f"{row[-1]:.2f}" in told, noise
