"""Fine-grained and shared experts: what splitting keeps, what it multiplies, and what
sharing saves.
"""

import json
import sys
from math import comb
from pathlib import Path

import numpy as np


def swiglu(x, gate, up, down):
    """A gated feed-forward network. gate, up: d × d_ff, down: d_ff × d."""
    hidden = x @ gate
    return (hidden / (1 + np.exp(-hidden)) * (x @ up)) @ down


# --8<-- [start:layer]
def split(expert, m):
    """Cut an expert into m thinner ones whose outputs add up to the old one's."""
    gate, up, down = expert
    parts = zip(
        np.split(gate, m, 1), np.split(up, m, 1), np.split(down, m, 0), strict=True
    )
    return [tuple(part) for part in parts]


def deepseek_moe(x, router, shared, routed, k):
    """Shared experts serve every token; k of the routed ones are chosen and weighted by
    sigmoid scores.
    """
    scores = 1 / (1 + np.exp(-x @ router))
    chosen = np.argsort(-scores, axis=1)[:, :k]
    weights = np.take_along_axis(scores, chosen, axis=1)
    weights /= weights.sum(1, keepdims=True)
    out = sum((swiglu(x, *expert) for expert in shared), np.zeros_like(x))
    for index, expert in enumerate(routed):
        token, slot = np.nonzero(chosen == index)
        out[token] += weights[token, slot, None] * swiglu(x[token], *expert)
    return out


# --8<-- [end:layer]


# --8<-- [start:counts]
def layout(width, inner, experts, k, m=1, shared=0):
    """Weights stored and used in a layer, and the sets of experts a token can choose,
    after splitting by m.

    Of the m·E thin experts `shared` serve every token; they count among the m·k that a
    token uses.
    """
    thin = 3 * width * inner // m
    routed, chosen = m * experts - shared, m * k - shared
    stored, used = thin * (routed + shared), thin * (chosen + shared)
    return {"stored": stored, "used": used, "combinations": comb(routed, chosen)}


# --8<-- [end:counts]


# --8<-- [start:sharing]
def low_rank(matrix, rank):
    u, s, v = np.linalg.svd(matrix, full_matrices=False)
    return (u[:, :rank] * s[:rank]) @ v[:rank]


def error_of_sharing(targets, own, shared, rounds=30):
    """Relative error when each of many maps has `own` ranks to itself and all have
    `shared` ranks in common.

    Fits the common part to what the maps' own parts leave over, and those to what it
    leaves over, in turn.
    """
    common = low_rank(targets.mean(0), shared)
    for _ in range(rounds):
        parts = np.stack([low_rank(target - common, own) for target in targets])
        common = low_rank((targets - parts).mean(0), shared)
    return np.linalg.norm(targets - parts - common) / np.linalg.norm(targets)


# --8<-- [end:sharing]


def domains(count=16, width=32, common=3, own=5, weight=1.0, seed=0):
    """Maps that have `weight` times a common part of low rank, and a part
    of their own.
    """
    rng = np.random.default_rng(seed)

    def random_map(rank):
        return (
            rng.normal(size=(width, rank)) @ rng.normal(size=(rank, width)) / rank**0.5
        )

    everyone = random_map(common)
    return np.stack([weight * everyone + random_map(own) for _ in range(count)])


def sharing_curves():
    """For maps with and without a common part: [ranks stored, error], with no or with
    three ranks shared.
    """
    curves = {}
    for weight, kind in ((1.0, "something in common"), (0.0, "nothing in common")):
        targets = domains(weight=weight)
        for shared in (0, 3):
            rows = [
                [shared + 16 * own, float(error_of_sharing(targets, own, shared))]
                for own in range(9)
            ]
            curves[f"{kind}, {shared} shared"] = rows
    return curves


if __name__ == "__main__":
    curves = sharing_curves()
    if "--data" in sys.argv:
        data = {
            name: [[ranks, round(e, 4)] for ranks, e in rows]
            for name, rows in curves.items()
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    print("16 experts of width 4096, 2 chosen, d = 1024")
    for m, shared in ((1, 0), (2, 0), (4, 0), (4, 1), (8, 0)):
        row = layout(1024, 4096, 16, 2, m, shared)
        counts = f"stored {row['stored'] / 1e6:.0f}M, used {row['used'] / 1e6:.1f}M"
        print(f"split by {m}, {shared} shared: {counts}, sets {row['combinations']:,}")
    print("16 maps; error with 3, 5, 8 ranks for each of them alone")
    for name, rows in curves.items():
        print(
            f"{name:29s}",
            ", ".join(
                f"{rows[own][0]} stored: {rows[own][1]:.2f}" for own in (3, 5, 8)
            ),
        )
