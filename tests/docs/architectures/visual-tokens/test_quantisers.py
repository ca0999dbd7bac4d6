"""FSQ reaches every code and nothing else, tokens and codes map one to one, LFQ is the nearest corner."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from examples import DOCS, load

q = load("architectures/visual-tokens/quantisers")
REFERENCE = json.loads(Path(__file__).with_name("reference.json").read_text(encoding="utf-8"))
rng = np.random.default_rng(0)


@pytest.mark.parametrize("levels", [[3, 3], [8, 5, 5], [7, 5, 5, 5, 5], [4, 4]])
def test_fsq_uses_every_code_once_tokens_and_codes_agree(levels: list[int]) -> None:
    size = int(np.prod(levels))
    codes = q.fsq_codes(np.arange(size), levels)

    assert len(np.unique(codes, axis=0)) == size
    np.testing.assert_array_equal(q.fsq_index(codes, levels), np.arange(size))

    drawn = q.fsq_index(q.fsq(4 * rng.normal(size=(60_000, len(levels))), levels), levels)
    assert drawn.min() >= 0
    assert drawn.max() < size
    if size <= 200:
        assert len(np.unique(drawn)) == size


@pytest.mark.parametrize("case", REFERENCE["FSQ"], ids=lambda case: str(len(case["levels"])))
def test_fsq_is_that_of_x_codec_2_in_transformers(case: dict[str, Any]) -> None:
    codes = q.fsq(np.array(case["z"]), case["levels"])

    np.testing.assert_allclose(codes, case["codes"], atol=1e-5)
    np.testing.assert_array_equal(q.fsq_index(codes, case["levels"]), case["index"])


@pytest.mark.parametrize("scale", [1.0, 0.8])
@pytest.mark.parametrize("count", [3, 5, 17])
def test_shares_of_levels_are_those_of_gaussian_samples(count: int, scale: float) -> None:
    z = np.random.default_rng(3).normal(size=(200_000, 1))
    found = np.bincount(q.fsq_index(q.fsq(scale * z, [count]), [count]), minlength=count) / len(z)

    np.testing.assert_allclose(q.level_shares(count, scale), found, atol=4e-3)
    assert q.level_shares(count, scale).sum() == pytest.approx(1)


def test_the_bound_of_ifsq_is_a_hyperbolic_tangent() -> None:
    z = np.linspace(-4, 4, 9)
    np.testing.assert_allclose(2 / (1 + np.exp(-1.6 * z)) - 1, np.tanh(0.8 * z), atol=1e-12)


def test_zero_is_a_level_for_odd_and_even_counts() -> None:
    np.testing.assert_array_equal(q.fsq(np.zeros((1, 2)), [5, 4]), [[0.0, 0.0]])


def test_lfq_is_the_nearest_corner_of_the_cube() -> None:
    z = rng.normal(size=(40, 4))
    codes, index = q.lfq(z)
    corners = np.array([[1.0 if i >> b & 1 else -1.0 for b in range(4)] for i in range(16)])

    nearest = np.linalg.norm(z[:, None] - corners, axis=-1).argmin(1)
    np.testing.assert_array_equal(index, nearest)
    np.testing.assert_array_equal(codes, corners[nearest])


def test_bsq_codes_have_unit_length_and_ignore_the_scale() -> None:
    z = rng.normal(size=(10, 6))
    codes, index = q.bsq(z)

    np.testing.assert_allclose(np.linalg.norm(codes, axis=1), 1)
    np.testing.assert_array_equal(q.bsq(7 * z)[1], index)


def test_entropy_terms_tell_sure_and_varied_from_sure_and_collapsed() -> None:
    varied = 5 * np.sign(rng.normal(size=(2000, 3)))
    collapsed = np.full((2000, 3), 5.0)

    assert q.entropy_terms(varied)[0] == pytest.approx(0, abs=1e-6)
    assert q.entropy_terms(varied)[1] == pytest.approx(3 * np.log(2), abs=0.01)
    assert q.entropy_terms(collapsed)[1] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("levels", [[8, 5, 5, 5], [3, 4]])
def test_fsq_agrees_with_the_paper_s_listing_but_for_its_margin(levels: list[int]) -> None:
    # The paper shrinks the bound by 1 - 0.001 and shifts by a tangent; libraries widen it and use the inverse tanh.
    z, sizes = 2 * rng.normal(size=(20_000, len(levels))), np.array(levels)
    half, offset = (sizes - 1) * (1 - 1e-3) / 2, np.where(sizes % 2 == 1, 0.0, 0.5)
    paper = np.round(np.tanh(z + np.tan(offset / half)) * half - offset) / (sizes // 2)

    assert (paper == q.fsq(z, levels)).mean() > 0.99


def test_two_levels_are_lopsided() -> None:
    # The half-step shift puts the threshold of a coordinate with two levels at -artanh(0.5 / 0.5005), far from zero.
    threshold = -np.arctanh(0.5 / (0.5 * 1.001))
    values = q.fsq(np.array([[threshold - 0.01], [threshold + 0.01], [0.0], [5.0]]), [2])

    assert threshold == pytest.approx(-3.8, abs=0.01)
    np.testing.assert_array_equal(values[:, 0], [-1, 0, 0, 0])


@pytest.mark.parametrize("levels", [[8, 5, 5, 5], [3, 4]])
def test_the_straight_through_slope_is_that_of_the_bound(levels: list[int]) -> None:
    z, sizes = rng.normal(size=(5, len(levels))), np.array(levels)

    def bounded(z: np.ndarray) -> np.ndarray:  # rounding left out
        half, offset = (sizes - 1) * 1.001 / 2, np.where(sizes % 2 == 0, 0.5, 0.0)
        return np.asarray((np.tanh(z + np.arctanh(offset / half)) * half - offset) / (sizes // 2))

    np.testing.assert_allclose(q.fsq_slope(z, levels), (bounded(z + 1e-6) - bounded(z - 1e-6)) / 2e-6, atol=1e-7)
    assert np.abs(bounded(z) - q.fsq(z, levels)).max() <= 0.5 / (sizes // 2).min() + 1e-9


def test_entropies_bit_by_bit_and_over_all_codes() -> None:
    z = rng.normal(size=(500, 5))
    single, mean = q.entropy_terms(z, temperature=1.5)
    single_all, mean_all = q.entropy_terms_all_codes(z, temperature=1.5)
    assert single == pytest.approx(single_all)  # a token's bits are independent
    assert mean_all <= mean + 1e-9

    copied = np.repeat(3 * np.sign(rng.normal(size=(4000, 1))), 5, axis=1)  # all bits equal: two codes only
    assert q.entropy_terms(copied)[1] == pytest.approx(5 * np.log(2), abs=0.01)
    assert q.entropy_terms_all_codes(copied)[1] == pytest.approx(np.log(2), abs=0.01)


def test_soft_codes_are_a_softmax_of_minus_squared_distances() -> None:
    z, temperature = rng.normal(size=3), 0.7
    codes = np.array([[1.0 if i >> b & 1 else -1.0 for b in range(3)] for i in range(8)])
    p = np.exp(-((z - codes) ** 2).sum(1) / temperature)
    p /= p.sum()

    assert q.entropy_terms_all_codes(z[None], temperature)[0] == pytest.approx(-(p * np.log(p)).sum())


def test_the_error_of_a_spherical_code_is_bounded() -> None:
    d = 6
    z = np.concatenate([rng.normal(size=(2000, d)), np.eye(d)])
    unit = z / np.linalg.norm(z, axis=1, keepdims=True)
    error = ((unit - q.bsq(z)[0]) ** 2).sum(1)

    np.testing.assert_allclose(error, 2 - 2 * np.abs(unit).sum(1) / np.sqrt(d))
    assert error.max() == pytest.approx(2 - 2 / np.sqrt(d))  # on an axis


def test_index_propagation_reaches_every_code_with_the_gradient_of_its_soft_form() -> None:
    z, book, upstream = rng.normal(size=(9, 3)), rng.normal(size=(5, 3)), rng.normal(size=(9, 3))
    seen, on_z, on_book = q.index_propagation(z, book, upstream)
    np.testing.assert_array_equal(seen, book[(z @ book.T).argmax(1)])
    assert (np.abs(on_book).sum(1) > 0).all()

    def softmax(z: np.ndarray, book: np.ndarray) -> np.ndarray:
        e = np.exp(z @ book.T)
        return np.asarray(e / e.sum(1, keepdims=True))

    held = np.eye(5)[(z @ book.T).argmax(1)] - softmax(z, book)

    def surrogate(z: np.ndarray, book: np.ndarray) -> float:
        return float((upstream * ((held + softmax(z, book)) @ book)).sum())

    for place in ((0, 0), (8, 2)):
        step = np.zeros_like(z)
        step[place] = 1e-6
        assert on_z[place] == pytest.approx((surrogate(z + step, book) - surrogate(z - step, book)) / 2e-6, abs=1e-6)
    for place in ((0, 0), (4, 1)):
        step = np.zeros_like(book)
        step[place] = 1e-6
        assert on_book[place] == pytest.approx((surrogate(z, book + step) - surrogate(z, book - step)) / 2e-6, abs=1e-6)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/visual-tokens/quantisers.json").read_text(encoding="utf-8"))
    sizes, stored = stored["sizes"], stored["usage"]

    assert q.usage_experiment() == stored
    assert q.size_experiment() == sizes
    mapped = [row[1] for row in sizes["mapped"]]
    assert mapped == sorted(mapped)
    assert mapped[-1] > 5 * sizes["gradient"][-1][1]
    assert sizes["gradient"][-1][1] < 40 < sizes["moving average"][-1][1] < 120 < sizes["with restarts"][-1][1]
    assert stored["learned codebook"]["used"] < 128 < stored["with restarts"]["used"]


def test_a_single_chosen_code_moves_all_mapped_codes_and_the_frozen_ones_stay() -> None:
    book = q.MappedCodebook(20, 4, np.random.default_rng(0))
    before, frozen = book.codes, book.frozen.copy()
    gradient = np.zeros((20, 4))
    gradient[3] = [1.0, -2.0, 0.5, 0.3]
    book.update(gradient)

    assert (np.abs(book.codes - before).max(1) > 1e-6).all()
    np.testing.assert_array_equal(book.frozen, frozen)
    slope = [
        (gradient * (frozen @ (np.eye(4) + 1e-6 * np.outer(np.eye(4)[i], np.eye(4)[j])) - before)).sum() / 1e-6
        for i in range(4)
        for j in range(4)
    ]
    np.testing.assert_allclose(np.eye(4) - book.map, 0.5 * np.reshape(slope, (4, 4)), atol=1e-6)
