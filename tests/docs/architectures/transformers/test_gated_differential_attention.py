"""A sink takes what no token earns; it equals a first token of value zero; differences cancel what is common."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/gated-differential-attention")


def test_a_sink_far_below_changes_nothing_and_one_far_above_takes_all() -> None:
    scores = np.random.default_rng(0).normal(size=(3, 9))
    np.testing.assert_allclose(page.softmax_with_sink(scores, -1e4), page.softmax(scores))
    np.testing.assert_allclose(page.softmax_with_sink(scores, 1e4), 0, atol=1e-12)


def test_weights_among_tokens_keep_their_proportions() -> None:
    scores = np.random.default_rng(1).normal(size=9)
    weights = page.softmax_with_sink(scores, 2.0)
    assert weights.sum() < 1
    np.testing.assert_allclose(weights / weights.sum(), page.softmax(scores))


def test_a_sink_of_zero_adds_one_to_the_denominator() -> None:
    scores = np.random.default_rng(2).normal(size=5)
    np.testing.assert_allclose(page.softmax_with_sink(scores, 0.0), np.exp(scores) / (1 + np.exp(scores).sum()))


@pytest.mark.parametrize("sink", [-3.0, 0.0, 5.0])
def test_a_sink_is_a_gate_on_the_plain_output(sink: float) -> None:
    scores = np.random.default_rng(4).normal(size=(3, 7), scale=4)
    np.testing.assert_allclose(page.sink_as_gate(scores, sink), page.softmax_with_sink(scores, sink))


def test_a_norm_turns_a_huge_channel_into_the_same_vector_for_all_tokens() -> None:
    tokens = np.random.default_rng(5).normal(size=(6, 4096))
    tokens[:, 7] = 1000
    normed = tokens / np.sqrt((tokens**2).mean(axis=1, keepdims=True))
    rest = np.delete(normed, 7, axis=1)

    assert np.linalg.norm(rest, axis=1) / 64 == pytest.approx((4095 / (1000**2 + 4095)) ** 0.5, rel=0.05)
    assert (normed @ normed.T / 4096).min() > 0.99


def test_a_first_token_with_value_zero_is_a_sink_whose_height_the_query_sets() -> None:
    rng = np.random.default_rng(3)
    q, k, v = rng.normal(size=(3, 6, 4))
    key = rng.normal(size=4)
    out = page.sink_as_token(q, k, v, key)
    for row in range(6):
        sink = q[row] @ key / 2
        np.testing.assert_allclose(out[row], page.softmax_with_sink(q[row] @ k.T / 2, sink) @ v)


def test_a_closed_gate_adds_nothing() -> None:
    attended, x = np.ones((2, 3)), np.ones((2, 1))
    np.testing.assert_allclose(page.gated(attended, x, np.full((1, 3), -50.0)), 0, atol=1e-12)
    np.testing.assert_allclose(page.gated(attended, x, np.full((1, 3), 50.0)), 1)


def test_what_both_maps_share_cancels() -> None:
    noise = np.random.default_rng(4).normal(size=50)
    np.testing.assert_allclose(page.differential(noise, noise, 1.0), 0)
    assert page.differential(noise, noise, 0.25).sum() == pytest.approx(0.75)


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads(
        (DOCS / "architectures/transformers/gated-differential-attention.json").read_text(encoding="utf-8")
    )
    assert {name: value for name, value in stored.items() if name != "parking"} == page.experiment()


@pytest.mark.parametrize("way", page.WAYS)
def test_the_gradient_is_the_slope_of_the_loss(way: str) -> None:
    rng = np.random.default_rng(7)
    p = page.start(rng, way)
    vectors = np.concatenate([rng.normal(size=(page.ITEMS, page.WIDTH)), np.zeros((1, page.WIDTH))])
    items, ask = page.texts(rng, 6, way)

    def loss() -> float:
        return float(((page.read(p, items, ask, way)[1] - vectors[ask]) ** 2).sum(1).mean())

    for name, slope in page.gradient(p, items, ask, vectors[ask], way).items():
        direction, kept = rng.normal(size=np.shape(p[name])), p[name]
        p[name] = kept + 1e-6 * direction
        above = loss()
        p[name] = kept - 1e-6 * direction
        below = loss()
        p[name] = kept
        assert (above - below) / 2e-6 == pytest.approx(np.sum(slope * direction), rel=1e-4, abs=1e-8)


def parking() -> dict:
    path = DOCS / "architectures/transformers/gated-differential-attention.json"
    return json.loads(path.read_text(encoding="utf-8"))["parking"]


@pytest.mark.parametrize("way", ["none", "sink logit"])
def test_a_stored_head_is_trained_again(way: str) -> None:
    _, along = page.train(way, 1)
    assert along[-1][3] == pytest.approx(parking()[way]["errors"][1], rel=0.2, abs=2e-4)


def test_what_the_page_says_of_the_eight_heads() -> None:
    run = parking()
    found = {way: sum(error < 0.002 for error in run[way]["errors"]) for way in page.WAYS}
    assert found == {"none": 0, "first token": 3, "sink logit": 8, "gate": 8}
    for share, size in zip(run["first token"]["parked by head"], run["first token"]["value"], strict=True):
        assert (share > 0.5) == (size < 0.1)
    last = {way: run[way]["entropy, nothing"][-1] for way in page.WAYS}
    assert last["sink logit"] < last["first token"] < last["none"] < last["gate"]


def test_ten_different_items_and_half_of_the_queries_want_none() -> None:
    items, ask = page.texts(np.random.default_rng(0), 500, "none")
    assert all(len(set(row)) == page.LENGTH for row in items.tolist())
    assert (ask == page.ITEMS).mean() == pytest.approx(0.5, abs=0.07)
    assert (items[:, 0] == ask)[ask < page.ITEMS].all()


def test_exclusive_attention_leaves_nothing_along_the_own_value() -> None:
    rng = np.random.default_rng(3)
    scores, values = rng.normal(size=(4, 7, 7)), rng.normal(size=(2, 7, 5))
    shared = np.repeat(values, 2, axis=0)  # heads 0 and 1 use the first key-value head
    scores[:, np.triu_indices(7, 1)[0], np.triu_indices(7, 1)[1]] = -np.inf

    def out(scores: np.ndarray) -> np.ndarray:
        return page.exclusive(page.softmax(scores) @ shared, values)

    z = out(scores)
    np.testing.assert_allclose((z * shared).sum(-1), 0, atol=1e-14)
    np.testing.assert_allclose(z[:, 0], 0, atol=1e-14)  # the first token has nothing but itself to read
    v = shared[1, 4]
    y = (page.softmax(scores) @ shared)[1, 4]
    np.testing.assert_allclose(z[1, 4], y - (y @ v) / (v @ v) * v, atol=1e-14)
    parked = scores.copy()
    parked[:, np.arange(7), np.arange(7)] += 40  # every query reads itself: nothing is left
    np.testing.assert_allclose(out(parked), 0, atol=1e-12)


def test_the_own_weight_only_scales_what_exclusive_attention_reads() -> None:
    rng = np.random.default_rng(4)
    scores, values = rng.normal(size=(1, 1, 6)), rng.normal(size=(1, 6, 4))
    own = np.eye(6)[-1]
    read = [page.exclusive(page.softmax(s) @ values, values[:, -1:]) for s in (scores, scores + 2 * own)]
    share = [1 - page.softmax(s)[..., -1:] for s in (scores, scores + 2 * own)]

    np.testing.assert_allclose(read[0] / share[0], read[1] / share[1], atol=1e-13)


def test_softpick_reads_nothing_below_zero_and_everything_above() -> None:
    scores = np.random.default_rng(3).normal(size=(50, 6))
    weights = page.softpick(scores)
    up, down = np.maximum(np.exp(scores) - 1, 0).sum(1), np.maximum(1 - np.exp(scores), 0).sum(1)

    np.testing.assert_allclose(weights.sum(1), up / (up + down), atol=1e-6)
    assert (weights[scores < 0] == 0).all()
    np.testing.assert_allclose(page.softpick(-np.abs(scores)), 0)


def test_sticks_are_broken_from_the_nearest_key_on() -> None:
    scores = np.random.default_rng(4).normal(size=5)
    share, left, by_hand = 1 / (1 + np.exp(-scores)), 1.0, np.zeros(5)
    for j in range(4, -1, -1):
        by_hand[j] = share[j] * left
        left *= 1 - share[j]

    np.testing.assert_allclose(page.stick_breaking(scores), by_hand)
    assert page.stick_breaking(scores).sum() == pytest.approx(1 - left)
    even = page.stick_breaking(np.full(4, 0.3))
    assert (np.diff(even) > 0).all()  # of the same scores, the nearer wins
