"""Rotary positions make a score depend on distance alone, whatever the pairing; the base sets the slow pairs."""

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("architectures/transformers/rope")


@pytest.mark.parametrize("rotate", [page.rotate, page.rotate_interleaved])
def test_a_score_depends_on_the_distance_only(rotate) -> None:
    q, k = np.random.default_rng(1).normal(size=(2, 1, 32))
    scores = [(rotate(q, np.array([t + 7])) @ rotate(k, np.array([t])).T).item() for t in (0, 3, 1000)]
    np.testing.assert_allclose(scores, scores[0], atol=1e-9)


def test_both_pairings_are_one_rotation_up_to_the_order_of_numbers() -> None:
    x, positions = np.random.default_rng(2).normal(size=(5, 16)), np.arange(5)
    order = np.concatenate([np.arange(0, 16, 2), np.arange(1, 16, 2)])
    np.testing.assert_allclose(
        page.rotate_interleaved(x, positions)[:, order], page.rotate(x[:, order], positions), atol=1e-12
    )


def test_mixing_the_pairings_is_an_error_one_can_see() -> None:
    q, k = np.random.default_rng(3).normal(size=(2, 1, 16))
    right = page.rotate(q, np.array([9])) @ page.rotate(k, np.array([4])).T
    wrong = page.rotate_interleaved(q, np.array([9])) @ page.rotate_interleaved(k, np.array([4])).T
    assert abs(right - wrong).item() > 0.1


def test_length_is_kept_and_position_zero_changes_nothing() -> None:
    x = np.random.default_rng(4).normal(size=(6, 8))
    turned = page.rotate(x, np.arange(6))
    np.testing.assert_allclose(np.linalg.norm(turned, axis=1), np.linalg.norm(x, axis=1))
    np.testing.assert_array_equal(turned[0], x[0])


def test_wavelengths_run_from_two_pi_to_nearly_two_pi_times_the_base() -> None:
    waves = page.wavelengths(128, 10_000)
    assert waves[0] == pytest.approx(2 * np.pi)
    assert waves[-1] == pytest.approx(2 * np.pi * 10_000 ** (126 / 128))
    assert (np.diff(waves) > 0).all()


def test_a_larger_base_leaves_more_pairs_unfinished() -> None:
    assert page.unfinished(128, 10_000, 4096) < page.unfinished(128, 500_000, 4096)
    assert page.unfinished(128, 10_000, 10**9) == 0


def test_the_stored_run_is_reproduced() -> None:
    stored = json.loads((DOCS / "architectures/transformers/rope.json").read_text(encoding="utf-8"))
    assert stored == page.experiment()


def reflections(rng, tokens: int, d: int):
    q, k, w = rng.normal(size=(3, tokens, d))
    return q, k, w / np.linalg.norm(w, axis=1, keepdims=True), rng.uniform(0, 2, tokens)


def test_paths_scores_are_products_of_the_matrices_between_key_and_query() -> None:
    q, k, w, beta = reflections(np.random.default_rng(5), 9, 6)
    np.testing.assert_allclose(page.path_scores(q, k, w, beta), page.path_scores_at_once(q, k, w, beta), atol=1e-12)
    key = k[2]
    for r in (3, 4, 5, 6):
        key = key @ (np.eye(6) - beta[r] * np.outer(w[r], w[r]))
    assert page.path_scores(q, k, w, beta)[6, 2] == pytest.approx(key @ q[6], abs=1e-12)
    plain = page.path_scores(q, k, w, 0 * beta)
    np.testing.assert_allclose(np.tril(plain), np.tril(q @ k.T), atol=1e-12)  # no strength: no position


def test_two_reflections_a_token_apart_are_a_rotation_as_in_rope() -> None:
    half = 0.15
    angles = half * np.arange(8)
    w = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    q, k = np.random.default_rng(6).normal(size=(2, 1, 2))
    scores = page.path_scores(np.repeat(q, 8, 0), np.repeat(k, 8, 0), w, np.full(8, 2.0))
    turn = 2 * half  # two mirrors at an angle turn by twice that angle; every second distance is a rotation
    for steps in (1, 2, 3):
        c, s = np.cos(turn * steps), np.sin(turn * steps)
        assert scores[2 * steps, 0] == pytest.approx((k @ np.array([[c, s], [-s, c]]) @ q.T).item())


def test_one_head_follows_objects_through_swaps() -> None:
    rng = np.random.default_rng(7)
    for _ in range(5):
        place, swaps = list(range(5)), [rng.choice(5, 2, replace=False) for _ in range(30)]
        w, beta = np.zeros((36, 5)), np.zeros(36)
        for token, (i, j) in enumerate(swaps, start=5):
            place[i], place[j] = place[j], place[i]
            w[token, [i, j]], beta[token] = (1 / np.sqrt(2), -1 / np.sqrt(2)), 2.0
        keys = np.concatenate([np.eye(5), np.zeros((31, 5))])  # first five tokens: object n lies at place n
        for asked in range(5):
            queries = np.zeros((36, 5))
            queries[-1, asked] = 1  # the last token asks what lies there
            assert page.path_scores_at_once(queries, keys, w, beta)[-1].argmax() == place[asked]
