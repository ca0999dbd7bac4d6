"""The delta rule as a layer: token by token, in chunks, and with a gate."""

import numpy as np


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


# --8<-- [start:recurrent]
def delta_rule(q, k, v, beta, decay=None):
    """Erase what the key returns, then write. q, k: T × d_k with unit keys; v: T × d_v;
    beta, decay: T.
    """
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
    """The same by chunks: one small triangular solve in each, the rest
    matrix products.
    """
    state, out = np.zeros((k.shape[1], v.shape[1])), []
    decay = np.ones(len(q)) if decay is None else decay
    for start in range(0, len(q), size):
        qc, kc, vc, bc, dc = (x[start : start + size] for x in (q, k, v, beta, decay))
        left = np.cumprod(dc)[:, None]  # of the state before the chunk, at each token
        ratio = np.tril(left / left.T)  # of what the column's token wrote, at the row's
        mixing = np.eye(len(qc)) + np.tril(bc[:, None] * (kc @ kc.T) * ratio, -1)
        # Each row is the value a token really adds, with what it erased of its
        # predecessors taken off.
        added = np.linalg.solve(mixing, bc[:, None] * (vc - left * (kc @ state)))
        out.append(left * (qc @ state) + (qc @ kc.T * ratio) @ added)
        state = left[-1] * state + (kc * ratio[-1][:, None]).T @ added
    return np.concatenate(out), state


# --8<-- [end:chunkwise]


# --8<-- [start:successors]
def delta_rule_2(q, k, v, erase, write, decay):
    """Gated DeltaNet-2: erasing and writing have gates of their own. erase, decay: T ×
    d_k; write: T × d_v.
    """
    state, out = np.zeros((k.shape[1], v.shape[1])), []
    for t in range(len(q)):
        state = decay[t][:, None] * state
        state = state + np.outer(k[t], write[t] * v[t] - (erase[t] * k[t]) @ state)
        out.append(q[t] @ state)
    return np.stack(out), state


def delta_exact(k, v, ridge):
    """The delta rule along a key multiplied by the inverse of what all keys so far
    span: recursive least squares.
    """
    state, inverse = np.zeros((k.shape[1], v.shape[1])), np.eye(k.shape[1]) / ridge
    for t in range(len(k)):
        gain = inverse @ k[t] / (1 + k[t] @ inverse @ k[t])
        state = state + np.outer(gain, v[t] - k[t] @ state)
        inverse = inverse - np.outer(gain, k[t] @ inverse)
    return state


# --8<-- [end:successors]


def example(tokens=40, key=8, value=6, seed=0):
    rng = np.random.default_rng(seed)
    q, k = unit(rng.normal(size=(2, tokens, key)))
    return q, k, rng.normal(size=(tokens, value)), rng.uniform(0.2, 1, size=tokens)


def parity(bits, beta):
    """The state after each bit for one key that is kept (beta 0) or turned round (beta
    2) by an erasure alone.
    """
    state, out = 1.0, []
    for bit in bits:
        state = state - (beta if bit else 0.0) * state
        out.append(state)
    return out


def forgotten(rule, pairs=12, d=16, repeats=50):
    """Mean squared error of values told once under random unit keys, as a share of the
    values' own size.
    """
    errors = []
    for repeat in range(repeats):
        rng = np.random.default_rng(repeat)
        k, v = unit(rng.normal(size=(pairs, d))), rng.normal(size=(pairs, d))
        errors.append(np.mean((k @ rule(k, v) - v) ** 2) / np.mean(v**2))
    return float(np.mean(errors))


def edited(erase, write):
    """What one key reads after an old value, and then a token with these gates and a
    new value.
    """
    k, one = unit(np.ones((2, 4))), np.ones((2, 4))
    v = np.array([[1.0, 0, 0], [0, 1.0, 0]])
    _, state = delta_rule_2(
        k, k, v, np.outer([1, erase], np.ones(4)), np.outer([1, write], np.ones(3)), one
    )
    return k[0] @ state


if __name__ == "__main__":
    q, k, v, beta = example()
    exact, _ = delta_rule(q, k, v, beta)
    for size in (8, 40):
        print(
            f"chunks of {size:2d} differ by {np.abs(delta_chunkwise(q, k, v, beta, size)[0] - exact).max():.1e}"
        )
    key, old, new = (
        unit(np.ones((1, 4))),
        np.array([[1.0, 0, 0]]),
        np.array([[0, 1.0, 0]]),
    )
    for name, strength in (("beta 1", 1.0), ("beta 0.5", 0.5)):
        _, state = delta_rule(
            key[[0, 0]],
            key[[0, 0]],
            np.concatenate([old, new]),
            np.array([1.0, strength]),
        )
        print(
            f"write old, then new under the same key, {name}: reads {(key[0] @ state).round(2).tolist()}"
        )
    print("adding instead: reads", (old + new)[0].tolist())
    print("parity of 1 0 1 1 with beta up to 2:", parity([1, 0, 1, 1], 2.0))
    for name, erase, write in (("replace", 1, 1), ("add", 0, 1), ("delete", 1, 0)):
        print(
            f"two gates, {name:7s} (erase {erase}, write {write}): reads {edited(erase, write).round(2).tolist()}"
        )
    for name, rule in (
        ("added", lambda k, v: k.T @ v),
        ("delta rule, beta 1", lambda k, v: delta_rule(k, k, v, np.ones(len(k)))[1]),
        ("exactly preconditioned", lambda k, v: delta_exact(k, v, 1e-3)),
    ):
        print(
            f"12 pairs in 16 × 16, {name:22s}: squared error {forgotten(rule):.3f} of the values' own"
        )
