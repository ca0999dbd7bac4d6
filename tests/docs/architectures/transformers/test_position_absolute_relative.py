"""Positions as added vectors, as buckets and as penalties: what each knows of distance."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/position-absolute-relative")


def test_products_of_sinusoids_depend_on_the_distance_only() -> None:
    table = page.sinusoids(600, 32)
    np.testing.assert_allclose(table[10] @ table[40], table[510] @ table[540])
    np.testing.assert_allclose((table**2).sum(1), 16)


def test_a_shift_is_one_linear_map_for_all_positions() -> None:
    table = page.sinusoids(50, 8)
    shift, *_ = np.linalg.lstsq(table[:40], table[7:47], rcond=None)
    np.testing.assert_allclose(table[:43] @ shift, table[7:50], atol=1e-8)


def test_clipping_merges_what_is_far() -> None:
    numbers = page.clipped(page.distances(10), 3)
    assert numbers[9].tolist() == [6, 6, 6, 6, 6, 6, 6, 5, 4, 3]
    assert numbers.min() == 0


def test_buckets_are_exact_near_and_logarithmic_far() -> None:
    buckets = page.t5_bucket(np.arange(200))
    assert buckets[:16].tolist() == list(range(16))
    assert (np.diff(buckets) >= 0).all()
    assert (buckets[128:] == 31).all()
    assert (buckets[64] - buckets[32]) == pytest.approx(buckets[127] - buckets[64], abs=1)


def test_alibis_slopes_fall_geometrically_to_two_to_the_minus_eight() -> None:
    slopes = page.alibi_slopes(16)
    np.testing.assert_allclose(slopes[1:] / slopes[:-1], slopes[0])
    assert slopes[-1] == 2.0**-8


def test_alibi_sees_distance_not_place() -> None:
    bias = page.alibi(9, 4)
    np.testing.assert_allclose(bias[:, 5, 2], bias[:, 8, 5])


def test_alibis_window_does_not_grow_and_a_flat_one_does() -> None:
    run = page.experiment()
    assert run["ALiBi 2"][-1] == pytest.approx(run["ALiBi 2"][-4], rel=1e-3)
    assert run["none"][-1] == pytest.approx(4096)
    assert run["T5"][-1] > 2 * run["T5"][-2]


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/position-absolute-relative.json").read_text("utf-8"))
    assert stored == page.experiment()
