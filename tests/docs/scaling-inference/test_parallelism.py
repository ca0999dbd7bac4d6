"""Split and whole agree; a ring sends what it should; shares of memory add up; a pipeline waits by the formula."""

import numpy as np
import pytest
from examples import load

parallel = load("scaling-inference/parallelism")
RNG = np.random.default_rng(1)


@pytest.mark.parametrize("devices", [1, 2, 3, 6])
def test_a_split_network_is_the_same_function(devices: int) -> None:
    x, gate, up, down = (RNG.normal(size=s) for s in ((4, 8), (8, 12), (8, 12), (12, 8)))
    np.testing.assert_allclose(
        parallel.feed_forward_split(x, gate, up, down, devices), parallel.feed_forward(x, gate, up, down), atol=1e-12
    )


def test_heads_that_do_not_divide_cannot_be_split_evenly() -> None:
    with pytest.raises(ValueError, match="equal division"):
        np.split(np.arange(40), 3)


@pytest.mark.parametrize("devices", [2, 3, 5])
def test_a_ring_gives_every_device_the_sum_for_twice_the_vector(devices: int) -> None:
    vectors = list(RNG.normal(size=(devices, 30)))
    sums, sent = parallel.ring_sum(vectors)

    for total in sums:
        np.testing.assert_allclose(total, np.sum(vectors, axis=0))
    assert sent == 2 * (devices - 1) / devices * 30


@pytest.mark.parametrize(("devices", "heads", "groups"), [(1, 2, 1), (2, 4, 2), (4, 8, 4), (4, 4, 4)])
def test_attention_with_exchanged_heads_is_the_same_and_sends_what_the_formula_says(
    devices: int, heads: int, groups: int
) -> None:
    tokens, size = 12, 3
    q = RNG.normal(size=(heads, tokens, size))
    k, v = RNG.normal(size=(2, groups, tokens, size))
    whole = np.stack([parallel.attention(q[h], k[h * groups // heads], v[h * groups // heads]) for h in range(heads)])
    parts, sent = parallel.exchanged(q, k, v, devices)

    np.testing.assert_allclose(np.concatenate(parts, axis=1), whole, atol=1e-12)
    assert sent == (devices - 1) / devices * 2 * (heads + groups) * tokens * size / devices


def test_stages_divide_more_and_more() -> None:
    assert [parallel.bytes_each(1, stage) for stage in range(4)] == [16] * 4
    assert [parallel.bytes_each(4, stage) for stage in range(4)] == [16, 7, 5.5, 4]


@pytest.mark.parametrize(("stages", "pieces"), [(1, 5), (4, 1), (4, 7), (8, 32)])
def test_the_pipeline_waits_as_the_formula_says(stages: int, pieces: int) -> None:
    assert parallel.idle(stages, pieces) == pytest.approx((stages - 1) / (pieces + stages - 1))


def test_the_mean_of_the_devices_gradients_is_that_of_the_batch_if_their_shares_are_equal() -> None:
    x, y, w = RNG.normal(size=(12, 3)), RNG.normal(size=12), RNG.normal(size=3)

    def gradient(rows: slice) -> np.ndarray:
        return 2 * x[rows].T @ (x[rows] @ w - y[rows]) / len(x[rows])

    whole = gradient(slice(None))
    np.testing.assert_allclose((gradient(slice(0, 6)) + gradient(slice(6, 12))) / 2, whole)
    assert np.abs((gradient(slice(0, 2)) + gradient(slice(2, 12))) / 2 - whole).max() > 0.01


def test_one_step_apart_is_data_parallelism_and_many_come_to_rest_where_computed() -> None:
    curvatures, optima = parallel.groups(1.0)
    gradients = [lambda w, a=a, o=o: a @ (w - o) for a, o in zip(curvatures, optima, strict=True)]
    rate = 0.5 / max(np.linalg.eigvalsh(a).max() for a in curvatures)
    w = np.zeros(10)
    together = w - rate * np.mean([g(w) for g in gradients], 0)
    np.testing.assert_allclose(parallel.round_apart(w, gradients, 1, rate)[0], together)

    velocity = 0.0
    for _ in range(3000):
        w, velocity = parallel.round_apart(w, gradients, 20, rate, velocity, outer=0.7, momentum=0.9)
    np.testing.assert_allclose(w, parallel.resting_point(curvatures, optima, 20, rate), atol=1e-6)


def test_steps_apart_cost_little_if_the_groups_are_alike() -> None:
    assert parallel.lost(0.0, 500) < 1e-4
    assert parallel.lost(1.0, 10) < parallel.lost(1.0, 100) < parallel.lost(1.0, 500)
    assert parallel.lost(1.0, 500) > 0.05
