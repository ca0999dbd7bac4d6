"""The delta rule as a layer: token by token, in chunks, and with a gate."""

import numpy as np


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


# --8<-- [start:recurrent]
def delta_rule(q, k, v, beta, decay=None):
    """Erase what the key returns, then write. q, k: T × d_k with unit keys; v: T × d_v; beta, decay: T."""
    state, out = np.zeros((k.shape[1], v.shape[1])), []
    for t in range(len(q)):
        if decay is not None:
            state = decay[t] * state  # the gate of Gated DeltaNet
        error = v[t] - k[t] @ state  # what the memory gets wrong for this key
        state = state + beta[t] * np.outer(k[t], error)
        out.append(q[t] @ state)
    return np.stack(out), state


# --8<-- [end:recurrent]


# --8<-- [start:chunkwise]
def delta_chunkwise(q, k, v, beta, size, decay=None):
    """The same by chunks: one small triangular solve in each, the rest matrix products."""
    state, out = np.zeros((k.shape[1], v.shape[1])), []
    decay = np.ones(len(q)) if decay is None else decay
    for start in range(0, len(q), size):
        qc, kc, vc, bc, dc = (x[start : start + size] for x in (q, k, v, beta, decay))
        left = np.cumprod(dc)[:, None]  # of the state before the chunk, at each token
        ratio = np.tril(left / left.T)  # of what the column's token wrote, at the row's
        mixing = np.eye(len(qc)) + np.tril(bc[:, None] * (kc @ kc.T) * ratio, -1)
        # Each row is the value a token really adds, with what it erased of its predecessors taken off.
        added = np.linalg.solve(mixing, bc[:, None] * (vc - left * (kc @ state)))
        out.append(left * (qc @ state) + (qc @ kc.T * ratio) @ added)
        state = left[-1] * state + (kc * ratio[-1][:, None]).T @ added
    return np.concatenate(out), state


# --8<-- [end:chunkwise]


def example(tokens=40, key=8, value=6, seed=0):
    rng = np.random.default_rng(seed)
    q, k = unit(rng.normal(size=(2, tokens, key)))
    return q, k, rng.normal(size=(tokens, value)), rng.uniform(0.2, 1, size=tokens)


def parity(bits, beta):
    """The state after each bit for one key that is kept (beta 0) or turned round (beta 2) by an erasure alone."""
    state, out = 1.0, []
    for bit in bits:
        state = state - (beta if bit else 0.0) * state
        out.append(state)
    return out


if __name__ == "__main__":
    q, k, v, beta = example()
    exact, _ = delta_rule(q, k, v, beta)
    for size in (8, 40):
        print(f"chunks of {size:2d} differ by {np.abs(delta_chunkwise(q, k, v, beta, size)[0] - exact).max():.1e}")
    key, old, new = unit(np.ones((1, 4))), np.array([[1.0, 0, 0]]), np.array([[0, 1.0, 0]])
    for name, strength in (("beta 1", 1.0), ("beta 0.5", 0.5)):
        _, state = delta_rule(key[[0, 0]], key[[0, 0]], np.concatenate([old, new]), np.array([1.0, strength]))
        print(f"write old, then new under the same key, {name}: reads {(key[0] @ state).round(2).tolist()}")
    print("adding instead: reads", (old + new)[0].tolist())
    print("parity of 1 0 1 1 with beta up to 2:", parity([1, 0, 1, 1], 2.0))
