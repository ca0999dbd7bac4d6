"""LFM2's gated short convolution at once and token by token, its reach, and the look-up
it makes possible.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:block]
def block(x, p, memory=None):
    """A gated short convolution for x (T × d), read on from the last inputs of the
    convolution (m - 1 × d).
    """
    # the gate before, the gate after, and what passes between them
    b, c, u = np.split(x @ p["in"], 3, axis=1)
    z = b * u
    m = len(p["conv"])
    z = np.concatenate([np.zeros((m - 1, z.shape[1])) if memory is None else memory, z])
    # p["conv"][-1] weighs the present token
    y = sum(z[i : i + len(x)] * p["conv"][i] for i in range(m))
    return (c * y) @ p["out"], z[len(z) - m + 1 :]


def canon(x, taps):
    """A Canon layer: x plus a convolution of x itself (T × d) without gates. taps: m ×
    d, the last for the present.
    """
    wide = np.concatenate([np.zeros((len(taps) - 1, x.shape[1])), x])
    return x + sum(wide[i : i + len(x)] * taps[i] for i in range(len(taps)))


# --8<-- [end:block]


# --8<-- [start:lookup]
def attend(q, k, v, sharpness=40.0):
    """Causal softmax attention with one head."""
    scores = np.where(np.tril(np.ones((len(q), len(q)))), sharpness * q @ k.T, -np.inf)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True) @ v


def previous_token(vocabulary):
    """Weights of a block that writes the token before into the second part of a vector
    [token | 0 | 1].
    """
    n, d = vocabulary, 2 * vocabulary + 1
    into, out = np.zeros((d, 3 * d)), np.eye(d)
    into[-1, : 2 * d] = 1  # both gates open: the last feature is always 1
    into[:n, 2 * d + n : 2 * d + 2 * n] = np.eye(n)
    return {"in": into, "conv": np.array([[1.0], [0.0]]) * np.ones((2, d)), "out": out}


def continue_text(tokens, vocabulary, convolve, look_up):
    """What follows each token, from one short convolution and one attention layer, or
    from either alone.
    """
    n = vocabulary
    x = np.concatenate(
        [np.eye(n)[tokens], np.zeros((len(tokens), n)), np.ones((len(tokens), 1))],
        axis=1,
    )
    if convolve:
        x = x + block(x, previous_token(n))[0]
    now, before = x[:, :n], x[:, n : 2 * n]
    if not look_up:
        # all that a convolution of width 2 knows besides the token itself
        return before.argmax(axis=1)
    return attend(now, before if convolve else now, now).argmax(axis=1)


# --8<-- [end:lookup]


def make(width=8, m=3, seed=0):
    """Random weights of a block."""
    rng = np.random.default_rng(seed)
    return {
        "in": rng.normal(size=(width, 3 * width)) / np.sqrt(width),
        "conv": rng.normal(size=(m, width)) / np.sqrt(m),
        "out": rng.normal(size=(width, width)) / np.sqrt(width),
    }


def open_gates(taps):
    """Weights of a block whose gates are held open by an additional last channel that
    is always 1.
    """
    d = taps.shape[1] + 1
    into = np.eye(d, 3 * d, 2 * d)
    into[-1, : 2 * d] = 1
    return {"in": into, "conv": np.pad(taps, ((0, 0), (0, 1))), "out": np.eye(d)}


def stack(x, layers, normalise=True):
    """Blocks one after another, each added to its input, with a norm before each."""
    for p in layers:
        size = np.sqrt(np.mean(x * x, axis=1, keepdims=True)) if normalise else 1.0
        x = x + block(x / size, p)[0]
    return x


def reach(layers, tokens=120, width=8):
    """How many of the latest tokens the last output depends on, found by changing each
    of them.
    """
    x = np.random.default_rng(1).normal(size=(tokens, width))
    last = stack(x, layers)[-1]
    for t in range(tokens):
        changed = x.copy()
        changed[t] += 1.0
        if np.abs(stack(changed, layers)[-1] - last).max() > 0:
            return tokens - t
    return 0


def repeated(vocabulary, seed):
    """All tokens in a random order, and then once more in the same order."""
    order = np.random.default_rng(seed).permutation(vocabulary)
    return np.concatenate([order, order])


def right(convolve, look_up, vocabulary=64, texts=20):
    """Share of the second time's tokens whose successor is found."""
    hits = []
    for seed in range(texts):
        tokens = repeated(vocabulary, seed)
        found = continue_text(tokens, vocabulary, convolve, look_up)
        hits.append(np.mean(found[vocabulary:-1] == tokens[vocabulary + 1 :]))
    return float(np.mean(hits))


def canon_weights(layers=32, width=4096, heads=32, kv=8, size=128, inner=14336, m=4):
    """Weights of convolutions in all four places of every layer of Llama 3.1 8B."""
    inputs, mixed, hidden = 2 * width, (heads + 2 * kv) * size, 2 * inner
    return layers * m * (inputs + mixed + hidden)


def experiment():
    return {"canon": canon_weights()}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment(), indent=1) + "\n", encoding="utf-8"
        )
    p, x = make(), np.random.default_rng(2).normal(size=(50, 8))
    whole, _ = block(x, p)
    memory, steps = np.zeros((2, 8)), []
    for token in x:
        y, memory = block(token[None], p, memory)
        steps.append(y[0])
    print(
        f"at once and token by token differ by {np.abs(np.stack(steps) - whole).max():.0e}"
    )
    print(
        f"twice the input, {np.median(block(2 * x, p)[0] / whole):.0f} times the output"
    )
    with np.errstate(over="ignore", invalid="ignore"):
        held = [
            np.isfinite(
                stack(x, [make(seed=s) for s in range(n)], normalise=False)
            ).all()
            for n in range(1, 11)
        ]
    print(
        f"without a norm before each, the numbers of {1 + held.index(False)} blocks in a row overflow"
    )
    wide, p_open = np.pad(x, ((0, 0), (0, 1)), constant_values=1), open_gates(p["conv"])
    apart = np.abs((wide + block(wide, p_open)[0])[:, :8] - canon(x, p["conv"])).max()
    print(
        f"a block with open gates, added to its input, and a Canon layer differ by {apart:.0e}"
    )
    for name, count, m in (("LFM2 1.2B", 10, 3), ("LFM3 1.7B", 13, 7)):
        found = reach([make(m=m, seed=s) for s in range(count)])
        print(
            f"{name}: {count} convolutions of width {m} in a row reach {found} tokens"
        )
    for name, convolve, look_up in (
        ("convolution alone", True, False),
        ("attention alone", False, True),
        ("convolution, then attention", True, True),
    ):
        print(f"successor found by {name:<28} {100 * right(convolve, look_up):5.1f}%")
