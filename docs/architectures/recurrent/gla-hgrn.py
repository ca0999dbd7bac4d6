"""Linear attention with gates: recurrence, chunks by ratios, chunks that never
overflow; three kinds of gate.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:gates]
def gla_log_gate(x, w, temperature=16):
    """GLA: a gate for each key channel through a narrow layer; the root of degree 16
    keeps it near one.
    """
    # log sigmoid
    return -np.logaddexp(0, -(x @ w["down"] @ w["up"] + w["bias"])) / temperature


def hgrn2_log_gate(f, bound):
    """HGRN2: a gate above a bound that rises from layer to layer. The key is what the
    gate lets go: 1 - gate.
    """
    log_gate = np.logaddexp(
        np.log(np.maximum(bound, 1e-300)), np.log1p(-bound) - np.logaddexp(0, -f)
    )
    return log_gate, -np.expm1(log_gate)


def hgrn2_bounds(logits):
    """A bound for each layer and channel from learned logits (layers × channels): 0 in
    the first, rising to below 1.
    """
    share = np.exp(logits - logits.max(0))
    share = share / share.sum(0)
    return np.cumsum(share, axis=0) - share[0]


def lightning_slopes(heads, layer, layers):
    """Lightning attention: minus the logarithm of a constant gate, from the head and
    the layer alone.
    """
    return 2.0 ** (-8 * np.arange(1, heads + 1) / heads) * (
        1 - layer / (layers - 1 + 1e-5) + 1e-5
    )


# --8<-- [end:gates]


# --8<-- [start:recurrent]
def recurrent(q, k, v, log_gate):
    """S_t = diag(gate_t) S_(t-1) + k_t v_t. q, k, log_gate: T × d_k; v: T × d_v."""
    state, out = np.zeros((k.shape[1], v.shape[1]), v.dtype), []
    for t in range(len(q)):
        state = np.exp(log_gate[t])[:, None] * state + np.outer(k[t], v[t])
        out.append(q[t] @ state)
    return np.stack(out)


# --8<-- [end:recurrent]


# --8<-- [start:ratios]
def chunk_by_ratios(q, k, v, log_gate, size):
    """The short way: multiply queries by the running product of gates, divide keys by
    it. Fails in long chunks.
    """
    state, out = np.zeros((k.shape[1], v.shape[1]), v.dtype), []
    for start in range(0, len(q), size):
        qc, kc, vc, gc = (x[start : start + size] for x in (q, k, v, log_gate))
        total = np.cumsum(gc, axis=0)
        faded = qc * np.exp(total)
        out.append(faded @ state + np.tril(faded @ (kc * np.exp(-total)).T) @ vc)
        state = (
            np.exp(total[-1])[:, None] * state + (kc * np.exp(total[-1] - total)).T @ vc
        )
    return np.concatenate(out)


# --8<-- [end:ratios]


# --8<-- [start:stable]
def chunk(q, k, v, log_gate, size, inner=4):
    """The safe way: every exponent is a sum of logarithms over a stretch of time, so no
    factor exceeds one.
    """
    state, out = np.zeros((k.shape[1], v.shape[1]), v.dtype), []
    for start in range(0, len(q), size):
        qc, kc, vc, gc = (x[start : start + size] for x in (q, k, v, log_gate))
        total = np.cumsum(gc, axis=0)
        y = (qc * np.exp(total)) @ state
        for lo in range(0, len(qc), inner):
            hi = min(lo + inner, len(qc))
            # from the start of this block
            since = total[lo:hi] - (total[lo - 1] if lo else 0)
            # earlier blocks: one matrix product, both sides measured from the block's
            # start
            if lo:
                left = kc[:lo] * np.exp(total[lo - 1] - total[:lo])
                y[lo:hi] += (qc[lo:hi] * np.exp(since)) @ left.T @ vc[:lo]
            # this block: pair by pair and channel by channel
            between = since[:, None] - since[None]
            pairs = np.tril(np.ones((hi - lo, hi - lo), bool))[:, :, None]
            decay = np.exp(np.where(pairs, between, -np.inf))
            y[lo:hi] += (
                np.einsum("id,jd,ijd->ij", qc[lo:hi], kc[lo:hi], decay) @ vc[lo:hi]
            )
        out.append(y)
        state = (
            np.exp(total[-1])[:, None] * state + (kc * np.exp(total[-1] - total)).T @ vc
        )
    return np.concatenate(out)


# --8<-- [end:stable]


def example(tokens=60, key=6, value=5, seed=0):
    rng = np.random.default_rng(seed)
    q, k = rng.normal(size=(2, tokens, key))
    return (
        q,
        k,
        rng.normal(size=(tokens, value)),
        -rng.exponential(0.5, size=(tokens, key)),
    )


def largest_chunk(half_life, dtype, way, limit=512, tolerance=0.02):
    """The longest chunk, in powers of two, whose result is right to 2% when every gate
    halves in `half_life` tokens.
    """
    rng = np.random.default_rng(3)
    q, k, v = (x.astype(dtype) for x in rng.uniform(0.1, 1, size=(3, limit, 8)))
    log_gate = np.full((limit, 8), -np.log(2) / half_life).astype(dtype)
    exact = recurrent(*(x.astype(np.float64) for x in (q, k, v, log_gate)))
    best = 0
    for size in (2**i for i in range(10)):
        if size > limit:
            break
        with np.errstate(all="ignore"):
            found = way(q, k, v, log_gate, size).astype(np.float64)
        good = np.isfinite(found).all() and np.abs(found / exact - 1).max() < tolerance
        best = size if good else best
    return best


HALF_LIVES = (0.25, 0.5, 1, 2, 4, 8, 16)


def gate_pictures(tokens=16, channels=8, seed=4):
    """Gates of one head over time under four designs, for the figure."""
    rng = np.random.default_rng(seed)
    wave = rng.normal(size=(channels, tokens))
    shared = rng.normal(size=tokens)
    bound = np.linspace(0.2, 0.8, channels)[:, None]
    return {
        "lightning: constant": np.full(
            (channels, tokens), np.exp(-lightning_slopes(8, 0, 24)[2])
        ),
        "Mamba-2: one a token": np.exp(-np.logaddexp(0, 2 * shared))[None].repeat(
            channels, 0
        ),
        "GLA: each channel": (1 / (1 + np.exp(-2 * wave))) ** (1 / 4),
        "HGRN2: above a bound": bound + (1 - bound) / (1 + np.exp(-2 * wave)),
    }


def half_lives(layer, heads=64, layers=80):
    return np.log(2) / lightning_slopes(heads, layer, layers)


def counts(d=2048, rank=16, chunk=64):
    """Weights and states of one layer in the library's default configurations, and the
    length of text up to which causal attention of the same width costs as much as GLA.
    """
    gla_heads, hgrn2_heads = 4, 16
    keys, values = d // 2, d
    head_keys, head_values = keys // gla_heads, values // gla_heads
    gate = d * rank + rank * keys + keys
    gla = 2 * d * keys + 3 * d * values + gate + head_values
    state = gla_heads * head_keys * head_values
    # two operations each to write and to read a cell; pairs within the chunk so far
    operations = 4 * state + gla_heads * 2 * chunk * (head_keys + head_values) / 2
    return {
        "gla": gla,
        "gla state": state,
        "gate": round(100 * gate / (4 * d * d), 1),
        "hgrn2": 4 * d * d + d,
        "hgrn2 state": hgrn2_heads * (d // hgrn2_heads) ** 2,
        "tokens": round(operations / (2 * d)),
    }


def experiment():
    return {
        "counts": counts(),
        "half_lives": list(HALF_LIVES),
        "chunks": {
            "ratios, 16 bits": [
                largest_chunk(h, np.float16, chunk_by_ratios) for h in HALF_LIVES
            ],
            "ratios, 32 bits": [
                largest_chunk(h, np.float32, chunk_by_ratios) for h in HALF_LIVES
            ],
            "blocks in log space, 32 bits": [
                largest_chunk(h, np.float32, chunk) for h in HALF_LIVES
            ],
        },
        "gates": {
            name: picture.round(3).tolist() for name, picture in gate_pictures().items()
        },
        "lightning": {
            str(layer): half_lives(layer).round(2).tolist() for layer in (0, 40, 60, 78)
        },
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    exact = recurrent(*example())
    for name, way in (("by ratios", chunk_by_ratios), ("in log space", chunk)):
        worst = max(np.abs(way(*example(), size) - exact).max() for size in (1, 7, 16))
        print(f"chunks {name:12s} agree with the recurrence to 1e-9: {worst < 1e-9}")
    print("longest chunk right to 2%, by the tokens in which a gate halves")
    print(
        "  half-life                        " + "".join(f"{h:6g}" for h in HALF_LIVES)
    )
    for name, sizes in experiment()["chunks"].items():
        print(f"  {name:33s}" + "".join(f"{s:6d}" for s in sizes))
    x = np.zeros((1, 1))
    ones = {"down": np.ones((1, 1)), "up": np.ones((1, 1)), "bias": 0.0}
    print(
        f"GLA's gate at a logit of 0 halves in {np.log(2) / -gla_log_gate(x, ones).item():.0f} tokens"
    )
    for layer in (0, 40, 78):
        slow, fast = half_lives(layer)[[-1, 0]]
        print(
            f"MiniMax-01, layer {layer:2d}: heads halve in {fast:.1f} to {slow:.0f} tokens"
        )
