"""RWKV 4 to 7: the state of each version, token by token and in parallel, and the whole
mixing layer of version 7.
"""

import numpy as np


# --8<-- [start:v4]
def wkv4_weights(decay, bonus, k, v):
    """RWKV-4 as a weighted average: exp(key) fades with distance, and the present token
    has a bonus. All T × d.
    """
    out = []
    for t in range(len(k)):
        distance = np.arange(t - 1, -1, -1)[:, None]
        weights = np.exp(
            np.concatenate([k[:t] - decay * distance, k[t : t + 1] + bonus])
        )
        out.append((weights * v[: t + 1]).sum(0) / weights.sum(0))
    return np.stack(out)


def wkv4(decay, bonus, k, v):
    """The same as a recurrence of three numbers a channel; both sums are kept divided
    by exp(top).
    """
    top, num, den, out = (
        np.full(k.shape[1], -1e38),
        np.zeros(k.shape[1]),
        np.zeros(k.shape[1]),
        [],
    )
    for k_t, v_t in zip(k, v, strict=True):
        peak = np.maximum(top, k_t + bonus)
        past, now = np.exp(top - peak), np.exp(k_t + bonus - peak)
        out.append((past * num + now * v_t) / (past * den + now))
        peak = np.maximum(top - decay, k_t)
        past, now = np.exp(top - decay - peak), np.exp(k_t - peak)
        top, num, den = peak, past * num + now * v_t, past * den + now
    return np.stack(out)


# --8<-- [end:v4]


# --8<-- [start:v56]
def wkv6(r, k, v, w, bonus):
    """RWKV-6, one head: a matrix faded by w_t of the token, channel by channel. With a
    constant w: RWKV-5.
    """
    state, out = np.zeros((k.shape[1], v.shape[1])), []
    for r_t, k_t, v_t, w_t in zip(r, k, v, w, strict=True):
        # the state before this token, and a bonus for it
        out.append(r_t @ (state + np.outer(bonus * k_t, v_t)))
        state = w_t[:, None] * state + np.outer(k_t, v_t)
    return np.stack(out), state


def wkv6_parallel(r, k, v, w, bonus):
    """The same with all pairs at once: decays between two tokens are quotients of
    running products.
    """
    after = np.cumprod(w, axis=0)
    before = np.concatenate([np.ones_like(w[:1]), after[:-1]])
    pairs = np.tril((r * before) @ (k / after).T, -1)
    return (pairs + np.diag((r * bonus * k).sum(1))) @ v


# --8<-- [end:v56]


# --8<-- [start:v7]
def wkv7(r, w, k, v, kappa, a):
    """RWKV-7, one head: fade by w, take out what the unit key kappa returns at rates a,
    write v under another key k.
    """
    state, out = np.zeros((k.shape[1], v.shape[1])), []
    for t in range(len(r)):
        held = kappa[t] @ state
        state = (
            w[t][:, None] * state
            - np.outer(a[t] * kappa[t], held)
            + np.outer(k[t], v[t])
        )
        out.append(r[t] @ state)
    return np.stack(out), state


def wkv7_chunkwise(r, w, k, v, kappa, a, size):
    """The same by chunks: what the removal keys find solves a small triangular system,
    the rest is products.
    """
    state, out = np.zeros((k.shape[1], v.shape[1])), []
    for start in range(0, len(r), size):
        rc, wc, kc, vc, kap, ac = (
            x[start : start + size] for x in (r, w, k, v, kappa, a)
        )
        after = np.cumprod(wc, axis=0)
        # reads see the fading up to their token, writes undo it
        find, lift = kap * after / wc, 1 / after
        erase, write = ac * kap * lift, kc * lift
        found = np.linalg.solve(
            np.eye(len(rc)) + np.tril(find @ erase.T, -1),
            find @ state + np.tril(find @ write.T, -1) @ vc,
        )
        read = rc * after
        out.append(
            read @ state
            + np.tril(read @ write.T) @ vc
            - np.tril(read @ erase.T) @ found
        )
        state = after[-1][:, None] * (state + write.T @ vc - erase.T @ found)
    return np.concatenate(out), state


# --8<-- [end:v7]


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# --8<-- [start:layer]
def time_mix(x, previous, state, first, p, heads):
    """RWKV-7's mixing layer for one token. state: heads × key × value; first: the first
    layer's value, or None.
    """
    # token shift
    xr, xw, xk, xv, xa, xg = (x + p[f"x_{name}"] * (previous - x) for name in "rwkvag")
    r, k, v = xr @ p["W_r"], xk @ p["W_k"], xv @ p["W_v"]
    # between 0.545 and 1
    w = np.exp(-sigmoid(p["w0"] + np.tanh(xw @ p["w1"]) @ p["w2"]) / np.sqrt(np.e))
    a = sigmoid(p["a0"] + xa @ p["a1"] @ p["a2"])
    g = sigmoid(xg @ p["g1"]) @ p["g2"]
    first = v if first is None else first
    # nothing to add in the first layer
    v = v + (first - v) * sigmoid(p["v0"] + xv @ p["v1"] @ p["v2"])
    kappa = (k * p["k_k"]).reshape(heads, -1)
    kappa = kappa / np.linalg.norm(kappa, axis=1, keepdims=True)
    r, w, k, v, a = (
        y.reshape(heads, -1) for y in (r, w, k * (1 + (a - 1) * p["k_a"]), v, a)
    )
    held = np.einsum("hk,hkv->hv", kappa, state)
    state = (
        w[:, :, None] * state
        - np.einsum("hk,hv->hkv", a * kappa, held)
        + np.einsum("hk,hv->hkv", k, v)
    )
    y = np.einsum("hk,hkv->hv", r, state)
    # norm of each head
    y = (y - y.mean(1, keepdims=True)) / np.sqrt(y.var(1, keepdims=True) + 64e-5)
    y = y.ravel() * p["ln_w"] + p["ln_b"]
    # bonus for the present token
    y = y + ((r * k * p["r_k"]).sum(1, keepdims=True) * v).ravel()
    return (y * g) @ p["W_o"], x, state, first


# --8<-- [end:layer]


def parameters(layers, width, vocabulary=65536, ranks=(64, 64, 32, 128)):
    """Parameters of an RWKV-7 model; ranks of the low-rank maps for w, a, v and g."""
    # shifts; w0 a0 v0; k_k k_a r_k; norm
    mixing = 4 * width**2 + 2 * width * sum(ranks) + (6 + 3 + 3 + 2) * width
    channel = 8 * width**2 + width
    return 2 * vocabulary * width + 4 * width + layers * (mixing + channel + 4 * width)


def state_numbers(version, layers, width, head=64):
    """Numbers kept for a sequence: two shifted tokens a layer, and three numbers or a
    row of a matrix a channel.
    """
    return layers * width * (2 + (3 if version == 4 else head))


# --8<-- [start:transition]
def transition(w, kappa, a, factor=1):
    """What one token of version 7 multiplies the state by; the proof of what it can
    track needs a factor of 2.
    """
    return np.diag(w) - factor * np.outer(a * kappa, kappa)


# --8<-- [end:transition]


def eigenvalues(w, kappa, a):
    """Of one token's transition; it is similar to a symmetric matrix, so
    they are real.
    """
    root = np.sqrt(a) * kappa
    return np.linalg.eigvalsh(np.diag(w) - np.outer(root, root))


def example(tokens=24, key=8, value=6, seed=0):
    rng = np.random.default_rng(seed)
    r, k, kappa = rng.normal(size=(3, tokens, key))
    kappa /= np.linalg.norm(kappa, axis=1, keepdims=True)
    w = np.exp(-sigmoid(rng.normal(size=(tokens, key)) - 2) / np.sqrt(np.e))
    return {
        "r": r,
        "w": w,
        "k": k,
        "v": rng.normal(size=(tokens, value)),
        "kappa": kappa,
        "a": sigmoid(rng.normal(size=(tokens, key))),
    }


def apart(one, other):
    return f"{np.abs(one - other).max():.0e}"


def main():
    rng = np.random.default_rng(1)
    decay, bonus, (k, v) = (
        np.array([0.01, 0.1, 0.5, 2.0]),
        rng.normal(size=4),
        rng.normal(size=(2, 16, 4)),
    )
    kept = wkv4(decay, bonus, k, v)
    print(
        "RWKV-4: weights and recurrence differ by",
        apart(wkv4_weights(decay, bonus, k, v), kept),
    )
    with np.errstate(over="ignore", invalid="ignore"):
        lost = np.isnan(wkv4_weights(decay, bonus, k + 800, v)).any()
    print(
        f"  all keys raised by 800: plain sums {'overflow' if lost else 'hold'},",
        end=" ",
    )
    print("the recurrence moves by", apart(wkv4(decay, bonus, k + 800, v), kept))
    e = example()
    six = {name: e[name] for name in ("r", "k", "v", "w")} | {
        "bonus": rng.normal(size=8)
    }
    print(
        "RWKV-6: all pairs and recurrence differ by",
        apart(wkv6_parallel(**six), wkv6(**six)[0]),
    )
    print(
        "RWKV-7: chunks of 8 and recurrence differ by",
        apart(wkv7_chunkwise(**e, size=8)[0], wkv7(**e)[0]),
    )
    lowest = eigenvalues(
        np.full(2, np.exp(-np.exp(-0.5))), np.array([1.0, 0.0]), np.ones(2)
    )[0]
    print(f"  eigenvalues of a transition lie above {lowest:.3f}")
    # the direction from the first row of the state to the second
    between = np.array([1, -1, 0]) / np.sqrt(2)
    for factor, times in ((1, "once"), (2, "twice")):
        mixed = transition(np.ones(3), between, np.ones(3), factor)[0]
        print(
            f"  removing {times} along the difference of two rows leaves {mixed.round(2) + 0.0} as the first"
        )
    print(f"parameters of 24 layers of width 1,024: {parameters(24, 1024):,}")


if __name__ == "__main__":
    main()
