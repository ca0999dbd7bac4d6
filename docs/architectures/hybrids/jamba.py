"""Jamba's block of eight layers in small: Mamba, one attention without positions,
experts in every second layer.
"""

import numpy as np


def norm(x):
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)


def silu(x):
    return x / (1 + np.exp(-x))


# --8<-- [start:mixers]
def mamba(x, p, state, window):
    """A selective state-space layer, read on from a state (inner × N) and the last
    three inputs of its convolution.
    """
    u, gate = np.split(x @ p["in"], 2, axis=1)
    window = np.concatenate([window, u])
    u = silu(sum(window[i : i + len(u)] * p["conv"][i] for i in range(4)))
    step, b, c = np.split(
        u @ p["select"], [p["rank"], p["rank"] + state.shape[1]], axis=1
    )
    # Jamba's addition: without it training met spikes
    step, b, c = norm(step), norm(b), norm(c)
    step = np.logaddexp(0, step @ p["step"] + p["step_bias"])
    out = []
    for u_t, d_t, b_t, c_t in zip(u, step, b, c, strict=True):
        state = np.exp(-d_t[:, None] * p["a"]) * state + (d_t * u_t)[:, None] * b_t
        out.append(state @ c_t + p["skip"] * u_t)
    return (np.stack(out) * silu(gate)) @ p["out"], state, window[-3:]


def attention(x, p, keys, values):
    """Causal attention with no positional encoding of any kind."""
    q, k, v = np.split(x @ p["in"], 3, axis=1)
    keys, values = np.concatenate([keys, k]), np.concatenate([values, v])
    scores = q @ keys.T / np.sqrt(q.shape[1])
    past = np.arange(len(keys)) <= np.arange(len(keys) - len(x), len(keys))[:, None]
    weights = np.where(past, np.exp(scores - scores.max(1, keepdims=True)), 0)
    return weights / weights.sum(1, keepdims=True) @ values @ p["out"], keys, values


# --8<-- [end:mixers]


# --8<-- [start:block]
def feed_forward(x, p):
    return (silu(x @ p["gate"]) * (x @ p["up"])) @ p["down"]


def experts(x, p, chosen=2):
    """The two best experts of each token, weighted by their probabilities, which are
    not made to sum to one.
    """
    scores = x @ p["router"]
    scores = np.exp(scores - scores.max(1, keepdims=True))
    scores = scores / scores.sum(1, keepdims=True)
    out = np.zeros_like(x)
    for t, row in enumerate(scores):
        for e in np.argsort(-row)[:chosen]:
            out[t] += row[e] * feed_forward(x[t : t + 1], p["experts"][e])[0]
    return out


def plan(
    layers=8, attention_period=8, attention_offset=4, expert_period=2, expert_offset=1
):
    """What each layer is, counted from zero: the mixer, and whether experts
    follow it.
    """
    return [
        (
            "attention" if i % attention_period == attention_offset else "mamba",
            i % expert_period == expert_offset,
        )
        for i in range(layers)
    ]


def block(x, layers, memory):
    """Read tokens through the block, from a memory of two arrays a layer: state and
    window, or keys and values.
    """
    memory = list(memory)
    for i, (kind, p) in enumerate(layers):
        y, *memory[i] = (attention if kind == "attention" else mamba)(
            norm(x), p, *memory[i]
        )
        x = x + y
        x = x + (experts if "router" in p else feed_forward)(norm(x), p.get("ffn", p))
    return x, memory


# --8<-- [end:block]


def make(kinds, width=8, inner=16, states=4, rank=2, number=4, seed=0):
    rng = np.random.default_rng(seed)

    def normal(*shape):
        return rng.normal(size=shape) / np.sqrt(shape[0])

    def network():
        return {
            "gate": normal(width, 2 * width),
            "up": normal(width, 2 * width),
            "down": normal(2 * width, width),
        }

    layers = []
    for kind, sparse in kinds:
        if kind == "attention":
            p = {"in": normal(width, 3 * width), "out": normal(width, width)}
        else:
            p = {
                "in": normal(width, 2 * inner),
                "conv": normal(4, inner),
                "out": normal(inner, width),
                "rank": rank,
            }
            p |= {
                "select": normal(inner, rank + 2 * states),
                "step": normal(rank, inner),
                "skip": np.ones(inner),
            }
            p |= {
                "step_bias": np.full(inner, -2.0),
                "a": np.tile(np.arange(1.0, states + 1), (inner, 1)),
            }
        p |= (
            {
                "router": normal(width, number),
                "experts": [network() for _ in range(number)],
            }
            if sparse
            else {"ffn": network()}
        )
        layers.append((kind, p))
    return layers


def empty(layers, width=8, inner=16, states=4):
    return [
        (np.zeros((0, width)),) * 2
        if kind == "attention"
        else (np.zeros((inner, states)), np.zeros((3, inner)))
        for kind, _ in layers
    ]


def order_matters(kinds, seed=0):
    """How much the last token's output changes when the tokens before it are put in
    another order.
    """
    layers, rng = make(kinds, seed=seed), np.random.default_rng(seed + 100)
    x = rng.normal(size=(12, 8))
    other = np.concatenate([x[rng.permutation(11)], x[11:]])
    one, two = (block(tokens, layers, empty(layers))[0][-1] for tokens in (x, other))
    return float(np.abs(one - two).max())


def eight_bit(weights):
    """ExpertsInt8: a scale for each output column, whole numbers between
    -127 and 127.
    """
    scale = np.abs(weights).max(0) / 127
    return np.round(weights / scale).astype(np.int8), scale


if __name__ == "__main__":
    print(
        "block:",
        " ".join(kind[0].upper() + ("e" if sparse else "-") for kind, sparse in plan()),
    )
    layers, x = make(plan()), np.random.default_rng(1).normal(size=(40, 8))
    whole, _ = block(x, layers, empty(layers))
    memory, steps = empty(layers), []
    for token in x:
        y, memory = block(token[None], layers, memory)
        steps.append(y[0])
    print(
        f"at once and token by token differ by {np.abs(np.stack(steps) - whole).max():.0e}"
    )
    cases = {
        "one attention layer": [("attention", False)],
        "Mamba, then attention": [("mamba", False), ("attention", False)],
    }
    for name, kinds in cases.items():
        print(
            f"{name}: another order of earlier tokens changes the last output by {order_matters(kinds):.0e}"
        )
    weights = np.random.default_rng(2).normal(size=(512, 256))
    small, scale = eight_bit(weights)
    print(
        f"experts in INT8: error of a weight {np.abs(small * scale - weights).mean() / np.abs(weights).mean():.2%}"
    )
