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


def test_a_block_equals_its_equations_written_out_channel_by_channel() -> None:
    u, w = RNG.normal(size=(9, 8)), mamba.weights()
    inner, state, rank = 16, 4, 2

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    expected, h = [], np.zeros((inner, state))
    raw = [token @ w["in"][:, :inner] for token in u]
    for t in range(len(u)):
        mixed = w["conv_bias"] + sum(w["conv"][3 - back] * raw[t - back] for back in range(4) if t >= back)
        x = mixed * sigmoid(mixed)
        step = np.log1p(np.exp(x @ w["select"][:, :rank] @ w["step_up"] + w["step_bias"]))
        b, c = x @ w["select"][:, rank : rank + state], x @ w["select"][:, rank + state :]
        y = np.empty(inner)
        for i in range(inner):
            h[i] = np.exp(-np.exp(w["a_log"][i]) * step[i]) * h[i] + step[i] * b * x[i]
            y[i] = h[i] @ c + w["skip"][i] * x[i]
        gate = u[t] @ w["in"][:, inner:]
        expected.append((y * gate * sigmoid(gate)) @ w["out"])

    np.testing.assert_allclose(mamba.mamba_block(u, w), expected, atol=1e-12)


def test_a_block_of_the_smallest_model_has_its_parameters() -> None:
    """Mamba 130M is published with 129,135,360 parameters: embeddings, 24 blocks and 25 norms."""
    w = mamba.weights(d=768, inner=1536, state=16, rank=48)

    assert 50_280 * 768 + 24 * sum(part.size for part in w.values()) + 25 * 768 == 129_135_360


def test_a_step_of_zero_leaves_the_state_untouched() -> None:
    decay, written = mamba.discretise(np.zeros((1, 2)), -np.ones((2, 3)), np.ones((1, 3)))

    assert (decay == 1).all()
    assert (written == 0).all()


@pytest.mark.parametrize("left", [True, False])
def test_padding_with_steps_of_zero_leaves_the_state_of_the_text(left: bool) -> None:
    w, text, padding = mamba.weights(), RNG.normal(size=(10, 8)), RNG.normal(size=(15, 8))
    row = np.concatenate([padding, text] if left else [text, padding])
    real = np.arange(25) >= 15 if left else np.arange(25) < 10
    alone = mamba.state_after(text, w, np.ones(10))

    np.testing.assert_allclose(mamba.state_after(row, w, real), alone, atol=1e-12)
    faded = mamba.state_after(row, w, real, hold=False)
    assert np.allclose(faded, alone) == left


def test_the_state_after_a_text_is_the_one_the_block_reads() -> None:
    w, u = mamba.weights(), RNG.normal(size=(12, 8))
    seen = {}

    def spy(decay: np.ndarray, written: np.ndarray, x: np.ndarray, c: np.ndarray) -> np.ndarray:
        h = np.zeros(decay.shape[1:])
        for t in range(len(x)):
            h = decay[t] * h + written[t] * x[t][:, None]
        seen["h"] = h
        return mamba.scan(decay, written, x, c)

    mamba.mamba_block(u, w, spy)
    np.testing.assert_allclose(mamba.state_after(u, w, np.ones(12)), seen["h"], atol=1e-12)
