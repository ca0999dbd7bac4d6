"""Griffin's recurrent layer: the RG-LRU step by step and by a scan, the block around
it, and what its gate reaches.
"""

import json
import sys
from pathlib import Path

import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gelu(x):
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


# --8<-- [start:rglru]
def gate(x, weight, bias):
    """A sigmoid gate whose weight is B blocks on a diagonal: B × (n / B) × (n / B)
    numbers instead of n × n.
    """
    blocks = x.reshape(len(x), len(weight), -1)
    return sigmoid(np.einsum("thi,hij->thj", blocks, weight).reshape(x.shape) + bias)


def decay_and_input(x, p, first, c=8):
    """What each channel keeps (a) and takes in (u), for tokens (T × n). Nothing here
    looks at the state.
    """
    r, i = gate(x, p["w_a"], p["b_a"]), gate(x, p["w_i"], p["b_i"])
    # the released code's sign: base a = σ(-Λ)
    log_a = -c * r * np.logaddexp(0, p["lambda"])
    a, u = np.exp(log_a), np.sqrt(-np.expm1(2 * log_a)) * i * x
    if first:  # a text begins: forget all, and take the first token unscaled
        a[0], u[0] = 0, i[0] * x[0]
    return a, u


def rg_lru(x, p, state=None):
    """Real-gated linear recurrent unit: one number of state a channel. Returns all
    states and the last.
    """
    a, u = decay_and_input(x, p, first=state is None)
    state, out = np.zeros(x.shape[1]) if state is None else state, []
    for a_t, u_t in zip(a, u, strict=True):
        state = a_t * state + u_t
        out.append(state)
    return np.stack(out), state


# --8<-- [end:rglru]


# --8<-- [start:scan]
def scan(a, u, state=0.0):
    """The same recurrence in log2(T) rounds: two neighbours (a, u) and (b, v) make (b
    a, b u + v).
    """
    a, u, step = a.copy(), u.copy(), 1
    u[0] += a[0] * state
    while step < len(a):
        u[step:] = a[step:] * u[:-step] + u[step:]
        a[step:] = a[step:] * a[:-step]
        step *= 2
    return u


# --8<-- [end:scan]


# --8<-- [start:newton]
def looking_back(h, x, p):
    """One step of a layer whose gate does look at its state, and its slope in h (each
    channel looks at itself alone).
    """
    keep = sigmoid(x @ p["gate"] + p["on_gate"] * h)
    new = np.tanh(x @ p["new"] + p["on_new"] * h)
    slope = keep + keep * (1 - keep) * p["on_gate"] * (h - new)
    return keep * h + (1 - keep) * new, slope + (1 - keep) * (1 - new**2) * p["on_new"]


def newton(x, p, rounds, within=None):
    """All states of that layer at once: guess them, then correct all by a scan; with a
    bound, cut off what no state can be.
    """
    h = np.zeros((len(x), len(p["on_gate"])))
    for _ in range(rounds):
        before = np.concatenate([np.zeros_like(h[:1]), h[:-1]])
        after, slope = looking_back(before, x, p)
        h = h + scan(slope, after - h)
        if within is not None:
            h = np.clip(np.nan_to_num(h), -within, within)
    return h


# --8<-- [end:newton]


def gates_and_loop(strength, length=1024):
    """A layer whose gates look at the state so strongly, a text, and its true states."""
    rng = np.random.default_rng(3)
    p = {name: rng.normal(size=(8, 16)) / np.sqrt(8) for name in ("gate", "new")}
    p |= {name: strength * rng.normal(size=16) for name in ("on_gate", "on_new")}
    x, state, true = rng.normal(size=(length, 8)), np.zeros(16), []
    for token in x:
        state = looking_back(state, token, p)[0]
        true.append(state)
    return p, x, np.stack(true)


def rounds_needed(strength, within=None, length=1024, most=64):
    """Rounds of Newton's method until every state is right to 1e-6, at most `most`."""
    p, x, true = gates_and_loop(strength, length)
    with np.errstate(all="ignore"):  # far from the solution it overflows
        for rounds in range(1, most + 1):
            if np.abs(newton(x, p, rounds, within) - true).max() < 1e-6:
                return rounds
    return None


# --8<-- [start:block]
def block(x, p, memory=None):
    """The recurrent block for x (T × d), read on from a memory: the last three inputs
    of the convolution, the state.
    """
    window, state = memory or (np.zeros((3, len(p["lambda"]))), None)
    branch = gelu(x @ p["y"] + p["y_bias"])  # the gate of the output
    window = np.concatenate([window, x @ p["x"] + p["x_bias"]])
    u = sum(window[i : i + len(x)] * p["conv"][i] for i in range(4)) + p["conv_bias"]
    h, state = rg_lru(u, p, state)
    return (h * branch) @ p["out"] + p["out_bias"], (window[-3:], state)


# --8<-- [end:block]


def make(width=8, inner=12, blocks=3, seed=0):
    """Weights of a block, with the base a drawn as the released code does: area-uniform
    in a ring up to 0.999.
    """
    rng = np.random.default_rng(seed)

    def normal(*shape):
        return rng.normal(size=shape) / np.sqrt(shape[-2])

    part = inner // blocks
    base = np.sqrt(rng.uniform(0.9**2, 0.999**2, inner))
    p = {
        "x": normal(width, inner),
        "y": normal(width, inner),
        "out": normal(inner, width),
        "conv": normal(4, inner),
    }
    p |= {"w_a": normal(blocks, part, part), "w_i": normal(blocks, part, part)}
    p |= {"lambda": np.log(1 / base - 1)}
    p |= {f"{name}_bias": 0.1 * rng.normal(size=inner) for name in ("x", "y", "conv")}
    p |= {name: 0.1 * rng.normal(size=inner) for name in ("b_a", "b_i")}
    return p | {"out_bias": 0.1 * rng.normal(size=width)}


def half_life(base, logit, c=8):
    """Tokens until half of a channel's content is gone, for a base a and the logit of
    its recurrence gate.
    """
    return np.log(2) / (c * sigmoid(logit) * -np.log(base))


def bf16(x):
    """Round to bfloat16: eight significant bits, ties to even."""
    bits = np.asarray(x, np.float32).view(np.uint32)
    return (
        ((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000)
        .astype(np.uint32)
        .view(np.float32)
    )


BASES, SCALES = (
    [0.5, 0.8, 0.9, 0.97, 0.99, 0.997, 0.999],
    {
        "1": lambda a: 1.0,
        "1 - a": lambda a: 1 - a,
        "sqrt(1 - a²)": lambda a: np.sqrt(1 - a * a),
    },
)


def size_of_state(a, scale, inputs):
    """Root mean square of the state over the later half of inputs (tokens ×
    channels).
    """
    state, total = np.zeros(inputs.shape[1]), 0.0
    for t, x in enumerate(inputs):
        state = a * state + scale * x
        if 2 * t >= len(inputs):
            total += np.mean(state * state)
    return float(np.sqrt(total / (len(inputs) // 2)))


def spread(tokens=8000, channels=1000, seed=0):
    """State size for unrelated unit inputs and for an input that stays at one, by base
    and scale of the input.
    """
    noise, ones = (
        np.random.default_rng(seed).normal(size=(tokens, channels)),
        np.ones((4 * tokens, 1)),
    )
    sizes = {
        kind: {
            name: [round(size_of_state(a, scale(a), x), 4) for a in BASES]
            for name, scale in SCALES.items()
        }
        for kind, x in (("noise", noise), ("constant", ones))
    }
    return {"bases": BASES} | sizes


if __name__ == "__main__":
    if "--measure" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(spread(), indent=1) + "\n"
        )
    p, x = make(), np.random.default_rng(1).normal(size=(50, 8))
    whole, _ = block(x, p)
    memory, steps = None, []
    for token in x:
        y, memory = block(token[None], p, memory)
        steps.append(y[0])
    u = np.random.default_rng(2).normal(size=(50, 12))
    print(
        f"block at once and token by token differ by {np.abs(np.stack(steps) - whole).max():.0e}"
    )
    print(
        f"loop and scan differ by {np.abs(scan(*decay_and_input(u, p, True)) - rg_lru(u, p)[0]).max():.0e}"
    )
    print("half-life in tokens  gate open   at logit 0  at -4    at -8")
    for base in (0.9, 0.99, 0.999):
        lives = [half_life(base, logit) for logit in (np.inf, 0, -4, -8)]
        print(
            f"base a = {base:<11} {lives[0]:8.1f} {lives[1]:10.1f} {lives[2]:9.0f} {lives[3]:9.0f}"
        )
    for logit in (0, -2):
        kept, true = np.exp(8 * sigmoid(logit) * np.log(0.999)), half_life(0.999, logit)
        rounded, scale = bf16(kept), np.sqrt(1 - bf16(kept**2))
        life = (
            f"{np.log(0.5) / np.log(rounded):.0f} tokens" if rounded < 1 else "no end"
        )
        print(
            f"a = 0.999, logit {logit}: half-life {true:.0f}; in bf16 {life}, input times {scale:.3f}"
        )
    p, x, true = gates_and_loop(0.5)
    errors = [np.abs(newton(x, p, rounds) - true).max() for rounds in range(1, 7)]
    print("a gate that looks at the state, 1,024 tokens: error after 1 to 6 rounds")
    print("  ", *(f"{error:.0e}" for error in errors))
    print("rounds until all are right to 1e-6, by how strongly it looks")
    for name, within in (("plain", None), ("kept within 1", 1.0)):
        found = (
            f"{strength}: {rounds_needed(strength, within) or 'over 64'}"
            for strength in (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
        )
        print(f"  {name:<14}", *found, sep="  ")
