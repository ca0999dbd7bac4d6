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
