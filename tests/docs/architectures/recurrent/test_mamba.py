"""Both scans agree, fixed dynamics are a convolution, small steps ignore a token and large ones replace the state."""

import numpy as np
import pytest
from examples import load

mamba = load("architectures/recurrent/mamba")
RNG = np.random.default_rng(0)


def random_inputs(tokens: int, channels: int = 3, state: int = 4) -> tuple[np.ndarray, ...]:
    step = np.exp(RNG.normal(size=(tokens, channels)) - 1)
    a = -np.exp(RNG.normal(size=(channels, state)))
    b, c = RNG.normal(size=(2, tokens, state))
    return (*mamba.discretise(step, a, b), RNG.normal(size=(tokens, channels)), c)


@pytest.mark.parametrize("tokens", [1, 2, 7, 64, 100])
def test_the_parallel_scan_equals_the_sequential_one(tokens: int) -> None:
    inputs = random_inputs(tokens)

    np.testing.assert_allclose(mamba.parallel_scan(*inputs), mamba.scan(*inputs), atol=1e-10)


def test_with_fixed_dynamics_it_is_a_convolution() -> None:
    a, step, b, c = np.array([[-0.5, -1.0]]), 0.3, np.array([1.0, 0.5]), np.array([0.7, -0.2])
    x = RNG.normal(size=(30, 1))
    decay, written = mamba.discretise(np.full((30, 1), step), a, np.tile(b, (30, 1)))
    kernel = np.array([(c * np.exp(step * a[0] * n) * step * b).sum() for n in range(30)])

    expected = np.convolve(x[:, 0], kernel)[:30]
    np.testing.assert_allclose(mamba.scan(decay, written, x, np.tile(c, (30, 1)))[:, 0], expected, atol=1e-12)


def test_the_decay_is_the_exact_solution_for_a_held_state() -> None:
    decay, _ = mamba.discretise(np.array([[0.4]]), np.array([[-2.0]]), np.ones((1, 1)))
    fine = (1 - 2.0 * 0.4 / 100_000) ** 100_000

    assert decay.item() == pytest.approx(fine, rel=1e-4)


def test_a_block_is_causal() -> None:
    u, w = RNG.normal(size=(20, 8)), mamba.weights()
    changed = u.copy()
    changed[12] += 1

    before, after = mamba.mamba_block(u, w), mamba.mamba_block(changed, w)
    np.testing.assert_array_equal(before[:12], after[:12])
    assert not np.allclose(before[12:], after[12:])


def test_a_step_of_zero_leaves_the_state_untouched() -> None:
    decay, written = mamba.discretise(np.zeros((1, 2)), -np.ones((2, 3)), np.ones((1, 3)))

    assert (decay == 1).all()
    assert (written == 0).all()
