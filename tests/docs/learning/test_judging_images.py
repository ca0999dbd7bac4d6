"""The distances are what theory says, and each is blind to what the page says it is blind to."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("learning/judging-images")
STORED = json.loads((DOCS / "learning/judging-images.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, float]]:
    return page.judged()


def test_the_frechet_distance_is_that_of_the_two_gaussians() -> None:
    rng = np.random.default_rng(0)
    real, other = rng.normal(size=(400, 3)) @ rng.normal(size=(3, 3)), 2 * rng.normal(size=(500, 3)) + 1
    first, second = np.cov(real.T), np.cov(other.T)
    # The product has the same eigenvalues as the symmetric matrix of which the code takes the root.
    cross = np.sqrt(np.linalg.eigvals(first @ second).real).sum()
    gap = ((real.mean(0) - other.mean(0)) ** 2).sum()
    assert page.fid(real, other) == pytest.approx(gap + np.trace(first) + np.trace(second) - 2 * cross)
    assert page.fid(real, other) == pytest.approx(page.fid(other, real))
    assert page.fid(real, real + np.array([3.0, 0.0, 4.0])) == pytest.approx(25)
    assert page.root(first) @ page.root(first) == pytest.approx(first)


def test_few_samples_favour_the_generator_with_less_spread() -> None:
    perfect, narrow = STORED["FID"].values()
    assert narrow[0] < perfect[0]
    assert perfect[-1] < narrow[-1]
    few, many = (page.measured(1.0, count, np.random.default_rng(1), repeats=8) for count in (400, 4000))
    assert few == pytest.approx(10 * many, rel=0.1)


def test_a_line_over_one_by_the_number_leads_to_the_true_value() -> None:
    counts = page.COUNTS[4:]
    for name, spread in page.SPREADS.items():
        true = page.SIZE * (1 - spread) ** 2
        assert page.without_end(counts, STORED["FID"][name][4:]) == pytest.approx(true, abs=0.04)
        assert STORED["FID"][name][4] > true + 1.9


def test_the_kernel_distance_has_no_bias_at_any_number() -> None:
    # Every draw of three items from a world of three, for both sets: the mean is exactly the truth, here zero.
    world = np.array([[0.0, 1.0], [2.0, -1.0], [1.0, 0.5]])
    for kernel in (page.cubic, page.gaussian):
        draws = [world[list(chosen)] for chosen in itertools.product(range(3), repeat=2)]
        assert np.mean([page.mmd(a, b, kernel) for a in draws for b in draws]) == pytest.approx(0)


def test_the_true_kernel_distance_of_two_gaussians_is_the_formula_of_the_output() -> None:
    rng = np.random.default_rng(3)
    mean, error, _ = page.kernel_by_count(0.5, 300, rng, repeats=60)
    assert mean == pytest.approx(3000 * (1 - 0.5**2) ** 2 / page.SIZE, abs=4 * error)


def test_blur_and_a_missing_mode_have_one_frechet_distance(judged: dict[str, dict[str, float]]) -> None:
    blurred, less = judged["all modes, blurred"], judged["one mode missing"]
    assert blurred["FID"] == pytest.approx(less["FID"])
    assert blurred["precision"] < 0.5 < less["precision"]
    assert less["recall"] < 0.9 < blurred["recall"]
    assert less["coverage"] == pytest.approx(7 / 8, abs=0.04)


def test_half_the_modes_may_be_missing_at_a_distance_of_zero(judged: dict[str, dict[str, float]]) -> None:
    half, again = judged["half the modes missing"], judged["the data again"]
    assert half["FID"] == pytest.approx(0, abs=1e-12)
    assert abs(half["KID"]) < 5
    assert half["Gaussian"] > 20 * abs(again["Gaussian"])
    assert half["recall"] == pytest.approx(0.5, abs=0.03)


def test_precision_and_recall_change_places_with_the_sets() -> None:
    rng = np.random.default_rng(5)
    one, two = rng.normal(size=(60, 2)), 2 * rng.normal(size=(60, 2))
    there, back = page.neighbours(one, two), page.neighbours(two, one)
    assert there["precision"] == back["recall"]
    assert there["recall"] == back["precision"]


def test_a_wide_gaussian_kernel_on_unit_vectors_compares_little_but_the_means() -> None:
    # The setting of CMMD: a width of 10 for features of length 1.
    rng = np.random.default_rng(6)
    shifted, plain = rng.normal(size=(400, 32)) + 0.2, rng.normal(size=(400, 32))
    one, two = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (shifted, plain))
    means = page.mmd(one, two, lambda a, b: a @ b.T) / 10**2
    wide = page.mmd(one, two, lambda a, b: page.gaussian(a, b, width=10))
    assert wide == pytest.approx(np.exp(-1 / 10**2) * means, rel=0.01)


def test_a_gaussian_kernel_wider_than_the_gaps_is_blind_to_missing_modes() -> None:
    rng = np.random.default_rng(7)
    every = tuple(range(page.MODES))
    real, half = page.ring(every, page.WIDTH, 1500, rng), page.ring(every[::2], page.WIDTH, 1500, rng)
    narrow, wide = (page.mmd(real, half, lambda a, b, w=w: page.gaussian(a, b, width=w)) for w in (0.5, 2.0))
    assert narrow > 0.03
    assert abs(wide) < 0.001
