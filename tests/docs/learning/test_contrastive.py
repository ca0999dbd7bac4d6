"""Contrastive losses are cross-entropies over the batch; pulling alone collapses; a teacher follows slowly."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("learning/contrastive")


@pytest.fixture
def pairs() -> tuple:
    rng = np.random.default_rng(0)
    a = rng.normal(size=(16, 8))
    return a, a + 0.2 * rng.normal(size=a.shape)


def test_info_nce_is_the_cross_entropy_of_finding_ones_partner(pairs: tuple) -> None:
    a, b = pairs
    scores = np.exp(page.unit(a) @ page.unit(b).T / 0.1)
    expected = -np.log(np.diag(scores) / scores.sum(1)).mean()
    assert page.info_nce(a, b) == pytest.approx(expected)


def test_a_model_that_knows_nothing_pays_the_logarithm_of_the_batch() -> None:
    same = np.ones((16, 8))
    assert page.info_nce(same, same) == pytest.approx(np.log(16))
    assert page.nt_xent(same, same) == pytest.approx(np.log(31))


def test_nt_xent_is_symmetric_and_never_pairs_a_view_with_itself(pairs: tuple) -> None:
    a, b = pairs
    assert page.nt_xent(a, b) == pytest.approx(page.nt_xent(b, a))
    assert page.nt_xent(a, a) > 0


def test_the_sigmoid_loss_is_a_sum_over_pairs(pairs: tuple) -> None:
    a, b = (page.unit(x) for x in pairs)
    total = 0.0
    for i in range(16):
        for j in range(16):
            sign = 1 if i == j else -1
            total += np.log1p(np.exp(-sign * (10 * a[i] @ b[j] - 10)))
    assert page.sigmoid_pairs(*pairs) == pytest.approx(total / 16)


def test_size_of_vectors_does_not_matter(pairs: tuple) -> None:
    a, b = pairs
    assert page.info_nce(7 * a, 0.1 * b) == pytest.approx(page.info_nce(a, b))


def test_the_teacher_moves_by_a_small_share() -> None:
    moved = page.moving_average({"w": np.zeros(2)}, {"w": np.ones(2)}, keep=0.9)
    np.testing.assert_allclose(moved["w"], 0.1)


def test_centring_removes_an_output_that_always_wins() -> None:
    always = np.tile([9.0, 0.0, 0.0], (4, 1))
    target = np.exp(page.log_softmax((always - always.mean(0)) / 0.04))
    np.testing.assert_allclose(target, 1 / 3)
    assert page.dino_loss(always, always, always.mean(0)) > page.dino_loss(always, always, 0.0)


def test_without_push_everything_falls_onto_one_line() -> None:
    run = page.experiment()
    assert run["pull only, same"][-1] > 0.99
    assert run["pull only, other"][-1] > 0.99
    assert run["pull and push, other"][-1] < 0.6


def test_variances_alone_leave_one_direction_and_covariances_keep_all() -> None:
    stored = json.loads((DOCS / "learning/contrastive.json").read_text(encoding="utf-8"))
    one, all_three = stored["variances, directions"], stored["and covariances, directions"]
    assert one[0] > 1
    assert one[1] < 0.01
    assert all_three[2] > 0.5
    assert stored["pull only, directions"][1] < 0.01 < stored["pull and push, directions"][2]


def test_the_statistical_losses_are_those_of_their_formulas(pairs: tuple) -> None:
    a, b = pairs
    n, d = a.shape
    expected = 25 * ((a - b) ** 2).sum() / (n * d)
    for z in pairs:
        m = (z - z.mean(0)).T @ (z - z.mean(0)) / (n - 1)
        expected += 25 / (2 * d) * sum(max(0, 1 - np.sqrt(m[i, i] + 1e-4)) for i in range(d))
        expected += sum(m[i, j] ** 2 for i in range(d) for j in range(d) if i != j) / d
    assert page.vicreg(a, b) == pytest.approx(expected)
    both = np.corrcoef(a.T, b.T)[:d, d:]
    off = (both**2).sum() - (np.diag(both) ** 2).sum()
    assert page.barlow_twins(a, b) == pytest.approx(((np.diag(both) - 1) ** 2).sum() + 0.0051 * off)


def test_uniformity_is_least_for_evenly_spread_vectors_and_alignment_ignores_size(pairs: tuple) -> None:
    a, b = pairs
    assert page.alignment(3 * a, a) == pytest.approx(0)
    assert page.alignment(a, b) == pytest.approx((2 - 2 * (page.unit(a) * page.unit(b)).sum(1)).mean())
    assert page.uniformity(np.ones((9, 3))) == pytest.approx(0)
    sphere = np.random.default_rng(2).normal(size=(1500, 3))
    assert page.uniformity(sphere) == pytest.approx(np.log(np.exp(-4) * np.sinh(4) / 4), abs=0.01)
    poles = np.eye(3).repeat(2, 0) * np.tile([1, -1], 3)[:, None]
    assert page.uniformity(poles) < page.uniformity(sphere) < page.uniformity(abs(sphere))


def test_a_constant_and_a_copied_number_cost_something() -> None:
    rng = np.random.default_rng(1)
    z = 2 * rng.normal(size=(500, 2))
    copied = np.stack([z[:, 0], z[:, 0]], 1)
    constant = np.stack([z[:, 0], np.ones(500)], 1)
    assert page.vicreg(z, z) < 0.1
    assert page.vicreg(copied, copied) > 10
    assert page.vicreg(constant, constant) == pytest.approx(25 * 0.99 / 2, rel=0.02)


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "learning/contrastive.json").read_text(encoding="utf-8"))
    for name, numbers in page.experiment().items():
        np.testing.assert_allclose(numbers, stored[name], atol=2e-3)
