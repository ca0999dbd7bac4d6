"""Heads keep or lose modes, latent actions find the hidden ones, imagined errors grow."""

import json

import numpy as np
import pytest
from examples import DOCS, load

world = load("architectures/multimodal/world-action")
RNG = np.random.default_rng(0)
DEMONSTRATIONS = world.detour()


@pytest.mark.parametrize("bins", [8, 64, 256])
def test_a_token_is_at_most_half_a_bin_away(bins: int) -> None:
    actions = RNG.uniform(-1, 1, size=(500, 3))
    ids, back = world.tokens_of(actions, bins)

    assert ids.min() >= 0
    assert ids.max() < bins
    assert np.abs(back - actions).max() <= 1 / bins + 1e-12


def test_bins_of_a_range_that_is_not_even_about_zero() -> None:
    ids, back = world.tokens_of(np.array([1.0, 1.9, 3.0, 5.0]), bins=4, low=1.0, high=5.0)

    assert ids.tolist() == [0, 0, 2, 3]
    assert back.tolist() == [1.5, 1.5, 3.5, 4.5]


def test_the_velocity_is_that_of_the_only_demonstration() -> None:
    action, noise = RNG.normal(size=(1, 2)), RNG.normal(size=(6, 2))
    x = 0.7 * noise + 0.3 * action

    np.testing.assert_allclose(world.velocity(x, 0.7, action), noise - action)


def test_flow_keeps_both_ways_and_regression_goes_through_the_middle() -> None:
    flow = world.flow_actions(DEMONSTRATIONS, 300, 10, RNG)

    assert (np.abs(flow[:, 0]) > 0.3).mean() > 0.95
    assert 0.3 < (flow[:, 0] > 0).mean() < 0.7
    assert abs(DEMONSTRATIONS[:, 0].mean()) < 0.3


def test_times_that_are_all_equal_give_the_ordinary_velocity() -> None:
    chunks = world.detours(20, length=4)
    x = RNG.normal(size=(6, 4))

    np.testing.assert_allclose(world.velocity_at(x, np.full(4, 0.7), chunks), world.velocity(x, 0.7, chunks))


def test_decided_actions_stay_and_choose_the_side() -> None:
    chunks = world.detours()
    decided = np.repeat([[0.4, 0.5], [-0.4, -0.5]], 50, axis=0)
    new = world.next_chunk(chunks, decided, 10, RNG)

    np.testing.assert_array_equal(new[:, :2], decided)
    assert (new[:50, 2:] > 0).all()
    assert (new[50:, 2:] < 0).all()


def test_a_chunk_that_continues_the_old_one_neither_jumps_nor_meets_the_obstacle() -> None:
    rows = world.handover()

    assert rows["continued"][0] == 0.0
    assert rows["continued"][1] < rows["averaged"][1] / 2
    assert 0.4 < rows["switched"][0] < 0.6
    assert 0.4 < rows["averaged"][0] < 0.6


def test_latent_actions_are_the_hidden_ones_up_to_their_names() -> None:
    before, after, hidden = world.video()
    code, book = world.latent_actions(before, after, 5, RNG)

    assert len(book) == 5
    assert all((np.bincount(hidden[code == c], minlength=5) > 0).sum() == 1 for c in range(5))


def test_a_world_learned_without_noise_is_exact() -> None:
    truth = RNG.normal(size=(4, 2))
    states, actions = RNG.normal(size=(2, 30, 2))
    after = np.concatenate([states, actions], axis=1) @ truth

    np.testing.assert_allclose(world.fit_world(states, actions, after), truth, atol=1e-9)


def test_imagined_errors_grow_with_the_horizon_and_shrink_with_data() -> None:
    few, many = world.drift(20), world.drift(1000)

    assert few[0] < few[9] < few[39]
    assert (many < few).all()


def test_the_stored_data_are_what_the_code_gives() -> None:
    stored = json.loads((DOCS / "architectures/multimodal/world-action.json").read_text(encoding="utf-8"))

    for name, actions in world.samples().items():
        np.testing.assert_allclose(stored[name], actions, atol=2e-3)
    for count, error in stored["drift"].items():
        np.testing.assert_allclose(error, world.drift(int(count)), atol=1e-3)
