"""Retention in three forms, and with the normalisations of the published
implementation.
"""

import numpy as np


def decays(heads):
    """One decay for each head: 1 - 2^-5, 1 - 2^-6, … so that every further head
    remembers about twice as long.
    """
    return 1 - 2.0 ** (-5 - np.arange(heads))


# --8<-- [start:retention]
def parallel(q, k, v, gamma):
    """All positions at once, as in training. q, k: T × d_k, v: T × d_v."""
    n = np.arange(len(q))
    decay = np.where(n[:, None] >= n, gamma ** np.maximum(n[:, None] - n, 0), 0.0)
    return (q @ k.T * decay) @ v


def recurrent(q, k, v, gamma):
    """One position after another, as in decoding, with a state of d_k × d_v."""
    state, out = np.zeros((k.shape[1], v.shape[1])), []
    for q_t, k_t, v_t in zip(q, k, v, strict=True):
        state = gamma * state + np.outer(k_t, v_t)
        out.append(q_t @ state)
    return np.stack(out)


def chunkwise(q, k, v, gamma, size):
    """Parallel inside chunks, recurrent from chunk to chunk."""
    state, out = np.zeros((k.shape[1], v.shape[1])), []
    for start in range(0, len(q), size):
        qc, kc, vc = (x[start : start + size] for x in (q, k, v))
        n = np.arange(len(qc))[:, None]
        out.append(parallel(qc, kc, vc, gamma) + gamma ** (n + 1) * (qc @ state))
        state = gamma ** len(qc) * state + (gamma ** (len(qc) - 1 - n) * kc).T @ vc
    return np.concatenate(out)


# --8<-- [end:retention]


# --8<-- [start:published]
def parallel_published(q, k, v, gamma):
    """The parallel form as the published code computes it: every row is divided by
    numbers of its own.
    """
    n = np.arange(len(q))
    decay = np.where(n[:, None] >= n, gamma ** np.maximum(n[:, None] - n, 0), 0.0)
    scores = q @ k.T * decay / np.sqrt(decay.sum(1, keepdims=True))
    return scores / np.maximum(np.abs(scores).sum(1, keepdims=True), 1) @ v


def recurrent_published(q, k, v, gamma):
    """The recurrent form as the published code computes it: the state is kept small by
    a running scale.
    """
    state, scale, out = np.zeros((k.shape[1], v.shape[1])), 0.0, []
    for q_t, k_t, v_t in zip(q, k, v, strict=True):
        new_scale = scale * gamma + 1
        state = state * np.sqrt(scale / new_scale) * gamma + np.outer(
            k_t, v_t
        ) / np.sqrt(new_scale)
        scale = new_scale
        out.append(q_t @ state)
    return np.stack(out)


def head_norm(x, eps):
    """RMS norm of each head's output: cancels any positive factor, except for eps."""
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + eps)


# --8<-- [end:published]


def example(tokens=48, key=8, value=16, seed=0):
    rng = np.random.default_rng(seed)
    q, k, v = (rng.normal(size=(tokens, size)) for size in (key, key, value))
    return q, k / np.sqrt(key), v


if __name__ == "__main__":
    q, k, v = example()
    gamma = decays(3)[0]
    exact = parallel(q, k, v, gamma)
    print("largest difference from the parallel form")
    print(
        f"  recurrent                    {np.abs(recurrent(q, k, v, gamma) - exact).max():.1e}"
    )
    print(
        f"  chunkwise, chunks of 16      {np.abs(chunkwise(q, k, v, gamma, 16) - exact).max():.1e}"
    )
    print("published normalisations, parallel against recurrent")
    one, other = parallel_published(q, k, v, gamma), recurrent_published(q, k, v, gamma)
    print(f"  before the norm of the heads {np.abs(one - other).max():.1e}")
    for eps in (0.0, 1e-6):
        difference = np.abs(head_norm(one, eps) - head_norm(other, eps)).max()
        print(f"  after it, eps = {eps:<12g} {difference:.1e}")
    small = 0.01 * v
    one, other = (
        parallel_published(q, k, small, gamma),
        recurrent_published(q, k, small, gamma),
    )
    print(
        f"  values 100 times smaller     {np.abs(head_norm(one, 1e-6) - head_norm(other, 1e-6)).max():.1e}"
    )
