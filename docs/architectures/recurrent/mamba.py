"""The selective state space: discretisation, the scan in sequence and in parallel, and
the block around it.
"""

import numpy as np


def silu(x):
    return x / (1 + np.exp(-x))


def softplus(x):
    return np.logaddexp(0, x)


# --8<-- [start:scan]
def discretise(step, a, b):
    """From continuous to discrete. step: T × C, a: C × N (negative), b: T × N. Returns
    decay and input, T × C × N.

    The decay is exact for a held input; the input's factor is simplified to step × b,
    as in the published code.
    """
    return np.exp(step[:, :, None] * a), step[:, :, None] * b[:, None, :]


def scan(decay, written, x, c):
    """h_t = decay_t h_(t-1) + written_t x_t, y_t = c_t · h_t, one token
    after another.
    """
    h, out = np.zeros(decay.shape[1:]), []
    for t in range(len(x)):
        h = decay[t] * h + written[t] * x[t][:, None]
        out.append(h @ c[t])
    return np.stack(out)


def parallel_scan(decay, written, x, c):
    """The same in log2(T) sweeps: pairs (decay, value) combine associatively."""
    a, h = decay.copy(), written * x[:, :, None]
    shift = 1
    while shift < len(x):
        h[shift:] = h[shift:] + a[shift:] * h[:-shift].copy()
        a[shift:] = a[shift:] * a[:-shift].copy()
        shift *= 2
    return np.einsum("tcn,tn->tc", h, c)


# --8<-- [end:scan]


# --8<-- [start:block]
def mamba_block(u, w, run=scan):
    """One block on u (T × d): project, convolve, choose step, B and C from the token,
    scan, gate, project back.
    """
    x, gate = np.split(u @ w["in"], 2, axis=1)
    width = w["conv"].shape[0]
    padded = np.concatenate([np.zeros((width - 1, x.shape[1])), x])
    x = silu(
        sum(w["conv"][i] * padded[i : i + len(x)] for i in range(width))
        + w["conv_bias"]
    )
    rank = w["step_up"].shape[0]
    selected = x @ w["select"]
    step = softplus(selected[:, :rank] @ w["step_up"] + w["step_bias"])
    b, c = np.split(selected[:, rank:], 2, axis=1)
    decay, written = discretise(step, -np.exp(w["a_log"]), b)
    y = run(decay, written, x, c) + w["skip"] * x
    return (y * silu(gate)) @ w["out"]


# --8<-- [end:block]


# --8<-- [start:padding]
def state_after(u, w, real, hold=True):
    """The state after u (T × d) of which only the tokens marked `real` shall count.

    Their inputs are cleared before and after the convolution (it has a bias). With
    `hold`, the steps of the others are 0 as well, so that nothing fades in them.
    """
    keep = np.asarray(real, float)[:, None]
    width, inner = w["conv"].shape
    x = (u @ w["in"])[:, :inner] * keep
    padded = np.concatenate([np.zeros((width - 1, inner)), x])
    x = sum(w["conv"][i] * padded[i : i + len(x)] for i in range(width))
    x = silu(x + w["conv_bias"]) * keep
    rank, selected = w["step_up"].shape[0], x @ w["select"]
    step = softplus(selected[:, :rank] @ w["step_up"] + w["step_bias"])
    b = np.split(selected[:, rank:], 2, axis=1)[0]
    decay, written = discretise(step * keep if hold else step, -np.exp(w["a_log"]), b)
    h = np.zeros(decay.shape[1:])
    for t in range(len(u)):
        h = decay[t] * h + written[t] * x[t][:, None]
    return h


# --8<-- [end:padding]


def weights(d=8, inner=16, state=4, rank=2, width=4, seed=0):
    rng = np.random.default_rng(seed)

    def normal(*shape):
        return rng.normal(size=shape) / np.sqrt(shape[0])

    return {
        "in": normal(d, 2 * inner),
        "conv": normal(width, inner),
        "conv_bias": np.linspace(-0.1, 0.1, inner),
        "select": normal(inner, rank + 2 * state),
        "step_up": normal(rank, inner),
        "step_bias": np.full(inner, -2.0),
        "a_log": np.log(np.tile(np.arange(1.0, state + 1), (inner, 1))),
        "skip": np.ones(inner),
        "out": normal(inner, d),
    }


def held(steps, a=-1.0):
    """Share of a written value that is left after tokens with these steps: what
    selection decides.
    """
    return float(np.exp(a * np.sum(steps)))


if __name__ == "__main__":
    u, w = np.random.default_rng(1).normal(size=(64, 8)), weights()
    one, other = mamba_block(u, w), mamba_block(u, w, parallel_scan)
    print(
        f"a block with either scan agrees to 1e-12: {np.abs(one - other).max() < 1e-12}"
    )
    print("share of a value left after twenty tokens")
    print(f"  small steps (0.01 each: ignore)      {held(np.full(20, 0.01)):.3f}")
    print(
        f"  one large step (4: take in, forget)  {held(np.r_[np.full(19, 0.01), 4.0]):.3f}"
    )
    text, real = np.random.default_rng(2).normal(size=(30, 8)), np.arange(30) < 10
    alone = state_after(text[:10], w, real[:10])
    print("ten tokens and twenty of padding: share of the state that is left")
    for side, order in (("left", real[::-1]), ("right", real)):
        row = np.zeros((30, 8))
        row[order] = text[:10]
        ends = (state_after(row, w, order, hold) for hold in (False, True))
        left = [np.linalg.norm(h) / np.linalg.norm(alone) for h in ends]
        print(
            f"  padding {side:5s}  inputs cleared {left[0]:.3f}, steps too {left[1]:.3f}"
        )
