"""Schedule and resizing are the reference code's, the pyramid adds up, a masked pass equals steps, losses are exact."""

import json
from itertools import pairwise, product

import numpy as np
import pytest
from examples import DOCS, load

ar = load("architectures/visual-tokens/autoregressive-images")
rng = np.random.default_rng(0)


@pytest.mark.parametrize(("tokens", "steps"), [(256, 8), (256, 12), (256, 64), (256, 256), (1024, 16), (5, 12)])
def test_every_step_lifts_a_token_and_the_cosine_is_kept_where_it_can_be(tokens: int, steps: int) -> None:
    lengths = [tokens, *ar.mask_lengths(tokens, steps)]

    assert lengths[-1] == 0
    for step, (before, after) in enumerate(pairwise(lengths), start=1):
        assert after < before or (before == 1 and step < steps)
        share = np.cos(np.pi / 2 * step / steps)
        assert after == int(tokens * share) or after in (before - 1, 1)


def test_the_cosine_gives_the_known_numbers() -> None:
    # floor(256 cos(pi/2 t/8)): 251.08, 236.51, 212.86, 181.02, 142.22, 97.97, 49.94
    assert ar.mask_lengths(256, 8) == [251, 236, 212, 181, 142, 97, 49, 0]
    assert ar.mask_lengths(256, 256) == list(range(255, -1, -1))


def test_decoding_keeps_what_it_knows_and_masks_as_many_as_the_schedule_says() -> None:
    logits, seen = rng.normal(size=(30, 7)), []

    def logits_of(ids: np.ndarray) -> np.ndarray:
        seen.append(ids.copy())
        return logits

    final = ar.decode(logits_of, 30, 6, rng)

    assert [(ids == ar.MASK).sum() for ids in seen] == [30, *ar.mask_lengths(30, 6)[:-1]]
    for earlier, later in zip(seen, [*seen[1:], final], strict=True):
        known = earlier != ar.MASK
        np.testing.assert_array_equal(later[known], earlier[known])
    assert final.min() >= 0


def test_keeping_the_surest_draw_makes_likely_tokens_likelier() -> None:
    # Two independent tokens with P(1) = 0.8. Both drawn; the surer is kept, the other drawn again.
    truth = 0.8**2 * 0.8 + 2 * 0.8 * 0.2 * 0.8
    flat = np.log([[0.2, 0.8], [0.2, 0.8]])
    draws = [ar.decode(lambda ids: flat, 2, 2, rng, temperature=0.0) for _ in range(6000)]

    assert np.mean([d.sum() == 2 for d in draws]) == pytest.approx(truth, abs=0.02)
    assert truth > 0.75  # not the 0.64 of drawing both at once


@pytest.mark.parametrize(("size", "to"), [(16, 1), (16, 4), (16, 5), (16, 13), (13, 10)])
def test_averages_are_those_of_adaptive_pooling(size: int, to: int) -> None:
    x, rows = rng.normal(size=size), ar.area(size, to)
    for i in range(to):
        first, last = int(np.floor(i * size / to)), int(np.ceil((i + 1) * size / to))
        assert rows[i] @ x == pytest.approx(x[first:last].mean())


@pytest.mark.parametrize(("size", "to"), [(1, 16), (2, 16), (4, 16), (10, 16), (13, 16)])
def test_scaling_up_keeps_constants_and_follows_the_cubic_of_the_libraries(size: int, to: int) -> None:
    rows = ar.bicubic(size, to)
    np.testing.assert_allclose(rows.sum(1), 1)
    np.testing.assert_allclose(rows, rows[::-1, ::-1])  # mirror symmetry
    # The four weights at distance t of the place, as PyTorch's upsampling computes them (A = -0.75).
    a, x = -0.75, 0.5 * size / to - 0.5
    t = x - np.floor(x)
    weights = {
        -1: ((a * (t + 1) - 5 * a) * (t + 1) + 8 * a) * (t + 1) - 4 * a,
        0: ((a + 2) * t - (a + 3)) * t * t + 1,
        1: ((a + 2) * (1 - t) - (a + 3)) * (1 - t) ** 2 + 1,
        2: ((a * (2 - t) - 5 * a) * (2 - t) + 8 * a) * (2 - t) - 4 * a,
    }
    expected = np.zeros(size)
    for offset, weight in weights.items():
        expected[min(max(int(np.floor(x)) + offset, 0), size - 1)] += weight
    np.testing.assert_allclose(rows[0], expected)


def test_the_last_scale_is_neither_averaged_nor_scaled() -> None:
    np.testing.assert_array_equal(ar.area(16, 16), np.eye(16))
    np.testing.assert_allclose(ar.bicubic(16, 16), np.eye(16), atol=1e-15)


def test_the_pyramid_adds_up_and_its_inputs_are_what_generation_would_feed() -> None:
    sides, features, codebook = (1, 2, 4, 8), rng.normal(size=(8, 8, 3)), rng.normal(size=(64, 3))
    maps, total = ar.encode(features, sides, codebook)
    assert [m.shape for m in maps] == [(side, side) for side in sides]

    fed, running = ar.inputs(maps, sides, codebook), np.zeros_like(features)
    for index, (tokens, side) in enumerate(zip(maps, sides, strict=True)):
        # what is left is coded by the nearest code of its average, by brute force
        left = features - running
        for y, x in product(range(side), range(side)):
            cell = 8 // side
            mean = left[y * cell : (y + 1) * cell, x * cell : (x + 1) * cell].mean((0, 1))
            assert tokens[y, x] == np.linalg.norm(codebook - mean, axis=1).argmin()
        running = running + ar.resize(codebook[tokens], ar.bicubic(side, 8))
        if index + 1 < len(sides):
            np.testing.assert_allclose(fed[index], ar.resize(running, ar.area(8, sides[index + 1])))
    np.testing.assert_allclose(running, total)


def test_one_masked_pass_over_all_scales_equals_a_pass_for_each_with_a_cache() -> None:
    sides, width = (1, 2, 3), 5
    tokens = sum(side**2 for side in sides)
    x = rng.normal(size=(tokens, width))
    q, k, v = (x @ rng.normal(size=(width, width)) for _ in range(3))

    def attend(q: np.ndarray, k: np.ndarray, v: np.ndarray, allowed: np.ndarray | None = None) -> np.ndarray:
        scores = q @ k.T if allowed is None else np.where(allowed, q @ k.T, -np.inf)
        weights = np.exp(scores - scores.max(1, keepdims=True))
        return weights / weights.sum(1, keepdims=True) @ v

    whole = attend(q, k, v, ar.scale_mask(sides))
    start = 0
    for side in sides:
        end = start + side**2
        np.testing.assert_allclose(whole[start:end], attend(q[start:end], k[:end], v[:end]), atol=1e-12)
        start = end


def test_pixels_see_the_past_only_and_not_all_of_it() -> None:
    side, layers = 7, 12
    reach = ar.seen(side, 3, layers)
    for output, source in product(range(side**2), range(side**2)):
        (y, x), (sy, sx) = divmod(output, side), divmod(source, side)
        blind = sx - x > y - sy  # to the right of the 45° line
        assert reach[output, source] == (source < output and not blind)


def test_what_is_lost_is_the_divergence_of_the_distribution_that_is_drawn_from() -> None:
    p = ar.ising(2, 0.7)
    groups = [[0], [1, 2], [3]]
    drawn = np.zeros_like(p)
    for image in product((0, 1), repeat=4):
        a, b, c, d = image
        given_a = p[a].sum()
        chance = p[a].sum() * (p[a, b].sum() / given_a) * (p[a, :, c].sum() / given_a)
        drawn[image] = chance * p[a, b, c, d] / p[a, b, c].sum()
    divergence = float((p * np.log2(p / drawn)).sum())

    assert drawn.sum() == pytest.approx(1)
    assert ar.lost_bits(p, groups) == pytest.approx(divergence)
    assert ar.lost_bits(p, [[0], [1], [2], [3]]) == pytest.approx(0, abs=1e-12)


def test_bits_of_a_token_may_be_drawn_one_by_one_but_not_at_once() -> None:
    p = ar.ising(4, 0.6)
    lost = ar.bits_lost(p)
    blocks = [[0, 1, 4, 5], [2, 3, 6, 7], [8, 9, 12, 13], [10, 11, 14, 15]]

    assert lost[1] == pytest.approx(ar.lost_bits(p, blocks))
    assert lost[4] == pytest.approx(0, abs=1e-9)
    assert lost[2] < 0.25 * lost[1]


def test_the_images_follow_their_energy() -> None:
    p = ar.ising(2, 0.5)

    assert p[1, 1, 1, 1] / p[1, 0, 0, 1] == pytest.approx(np.exp(0.5 * 8))
    assert p.sum() == pytest.approx(1)


def test_the_stored_experiment_is_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/visual-tokens/autoregressive-images.json").read_text(encoding="utf-8"))

    assert ar.experiment() == {key: stored[key] for key in ("steps", "entropy", "lost", "scales", "spread")}
    assert ar.pyramid_experiment() == stored["pyramid"]
    assert stored["pyramid"] == sorted(stored["pyramid"], reverse=True)
