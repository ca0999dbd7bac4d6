"""Replay and edits do what the formulas of the page say, and no more."""

from __future__ import annotations

import json

import numpy as np
import pytest
from examples import DOCS, load

page = load("learning/continual")
STORED = json.loads((DOCS / "learning/continual.json").read_text(encoding="utf-8"))
Started = tuple[np.ndarray, tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray], np.ndarray, object]


@pytest.fixture(scope="module")
def started() -> Started:
    return page.start()  # type: ignore[no-any-return]


def test_the_closed_form_is_gradient_descent_step_by_step(started: Started) -> None:
    memory, old, new, _, _ = started
    share, steps, now = 0.05, 40, memory
    hessian = share * old[0].T @ old[0] / len(old[0]) + (1 - share) * new[0].T @ new[0] / len(new[0])
    rate = 1 / np.linalg.eigvalsh(hessian)[-1]
    for _ in range(steps):
        slope = sum(s * k.T @ (k @ now - v) / len(k) for s, (k, v) in ((share, old), (1 - share, new)))
        now = now - rate * slope
    assert page.trained(memory, old, new, share, steps) == pytest.approx(now, abs=1e-9)


def test_an_edit_is_exact_and_changes_one_direction(started: Started) -> None:
    memory, _, (key, value), spread, _ = started
    after = page.rank_one(memory, key[0], value[0], spread)
    assert key[0] @ after == pytest.approx(value[0])
    assert np.linalg.matrix_rank(after - memory) == 1


def test_no_exact_edit_changes_other_keys_less(started: Started) -> None:
    memory, _, (key, value), spread, _ = started
    rng = np.random.default_rng(1)
    change = page.rank_one(memory, key[0], value[0], spread) - memory
    gap = ((value[0] - key[0] @ memory) ** 2).sum()
    least = np.trace(change.T @ spread @ change)
    assert least == pytest.approx(gap * page.disturbance(spread, key[0]))
    for _ in range(20):
        other = rng.normal(size=change.shape)
        # Whatever leaves the edited key alone may be added without loss of exactness.
        other -= np.outer(key[0], key[0] @ other) / (key[0] @ key[0])
        moved = change + 0.01 * other
        assert key[0] @ moved == pytest.approx(key[0] @ change)
        assert np.trace(moved.T @ spread @ moved) > least


def test_a_neighbour_moves_by_its_share_of_the_edit(started: Started) -> None:
    memory, old, (key, value), spread, _ = started
    moved = old[0] @ (page.rank_one(memory, key[0], value[0], spread) - memory)
    weight = np.linalg.solve(spread, key[0])
    shares = old[0] @ weight / (key[0] @ weight)
    assert moved == pytest.approx(np.outer(shares, value[0] - key[0] @ memory))


def test_many_edits_with_a_small_weight_are_exact(started: Started) -> None:
    memory, _, new, spread, _ = started
    assert page.error(page.many(memory, *new, spread, 1e-6), *new) < 1e-8
    one = page.many(memory, new[0][:1], new[1][:1], spread, 1e-6)
    assert one == pytest.approx(page.rank_one(memory, new[0][0], new[1][0], spread), abs=1e-3)


def test_the_null_space_keeps_old_facts_to_the_last_digit(started: Started) -> None:
    memory, old, new, _, _ = started
    after = page.in_null_space(memory, *new, old[0].T @ old[0] / page.OLD, page.WIDTH - page.OLD)
    assert page.error(after, *old) < 1e-20
    assert page.error(after, *new) < 1e-4


def test_any_replay_ends_at_both_old_and_new_but_less_takes_longer() -> None:
    ends = {share: [row[0] for row in rows] for share, rows in STORED["replayed"].items()}
    assert ends["0%"][-1] > 0.7
    for few, more in (("1%", "5%"), ("5%", "25%")):
        assert all(a > b for a, b in zip(ends[few], ends[more], strict=True))
    assert ends["1%"][-1] < 0.1 > ends["5%"][-3]


def test_later_edits_undo_the_first() -> None:
    first = [row[1] for row in STORED["edited"]["by the covariance"]]
    assert first == sorted(first)
    assert first[-1] > 0.3
    assert all(row[1] < 0.001 for row in STORED["edited"]["all at once"])
