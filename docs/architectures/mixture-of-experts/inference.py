"""Serving a mixture: what a step reads, how tokens travel between devices, who waits,
what a cache finds.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:read]
def touched(experts, k, tokens):
    """Experts of a layer that a step reads on average, when tokens choose evenly and
    independently.
    """
    return experts * (1 - (1 - k / experts) ** tokens)


def read_per_token(stored, used, experts, k, tokens, bytes_each=2):
    """Bytes of weights read for each token when `tokens` share a step.

    From the counted sizes: experts hold (stored − used) / (1 − k/E) of the parameters;
    the rest is always read.
    """
    in_experts = (stored - used) / (1 - k / experts)
    return (
        bytes_each
        * (stored - in_experts + in_experts * touched(experts, k, tokens) / experts)
        / tokens
    )


# --8<-- [end:read]


# --8<-- [start:parallel]
def expert_parallel(x, chosen, gates, experts, devices):
    """Each device owns some experts and some tokens; rows travel to their experts'
    devices and back.

    A token goes to a device once, however many of its experts live there. Returns the
    outputs and the rows sent.
    """
    home = np.arange(len(x)) * devices // len(x)
    place = np.arange(len(experts)) * devices // len(experts)
    out, sent = np.zeros_like(x), 0
    for device in range(devices):
        visitors = np.flatnonzero((place[chosen] == device).any(1))  # dispatch
        sent += (home[visitors] != device).sum()
        part = np.zeros((len(visitors), x.shape[1]))
        for row, token in enumerate(visitors):
            for expert, gate in zip(chosen[token], gates[token], strict=True):
                if place[expert] == device:
                    part[row] += gate * experts[expert](x[token])
        out[visitors] += part  # combine: the sums travel back and are added
    return out, int(sent)


# --8<-- [end:parallel]


# --8<-- [start:replicas]
def place_with_replicas(load, devices, extra):
    """Copy the busiest experts `extra` times in all, then fill devices, the heaviest
    first. Returns device loads.
    """
    copies = np.ones(len(load), dtype=int)
    for _ in range(extra):
        copies[np.argmax(load / copies)] += 1
    pieces = np.repeat(load / copies, copies)
    room, total = np.full(devices, -(-len(pieces) // devices)), np.zeros(devices)
    for piece in -np.sort(-pieces):
        best = min(np.flatnonzero(room), key=lambda d: total[d])
        total[best] += piece
        room[best] -= 1
    return total


# --8<-- [end:replicas]


# --8<-- [start:turns]
def taking_turns(batches, layers, attention, experts, travel):
    """Micro-batches that go back and forth between devices for attention and devices
    for experts.

    Returns when each one's attention and experts begin in every layer, and the share of
    time that attention is busy.
    """
    ready, begun = [0.0] * batches, []
    free_attention = free_experts = 0.0
    for _ in range(layers):
        for batch in range(batches):
            first = max(ready[batch], free_attention)
            free_attention = first + attention
            second = max(free_attention + travel, free_experts)
            free_experts = second + experts
            ready[batch] = free_experts + travel
            begun.append((batch, first, second))
    return begun, batches * layers * attention / free_experts


# --8<-- [end:turns]


def skewed_load(experts=256, skew=0.5, seed=0):
    """Shares of tokens that fall off as a power of the rank, in random order."""
    load = 1 / np.arange(1, experts + 1) ** skew
    return np.random.default_rng(seed).permutation(load / load.sum())


def hits(experts, k, room, steps=4000, stay=0.3, seed=0):
    """Share of chosen experts found in a cache of `room`, replaced when least recently
    used.

    With probability `stay` a token keeps each expert of the one before it.
    """
    rng = np.random.default_rng(seed)
    recent, before, found = [], rng.choice(experts, k, replace=False), 0
    for _ in range(steps):
        kept = before[rng.random(k) < stay]
        new = rng.permutation(np.setdiff1d(np.arange(experts), kept))[: k - len(kept)]
        before = np.concatenate([kept, new])
        found += sum(expert in recent for expert in before)
        recent = ([*before] + [expert for expert in recent if expert not in before])[
            :room
        ]
    return found / (steps * k)


def imbalance():
    """Busiest device over the average, for 32 devices and 256 experts, with more and
    more copies.
    """
    load = skewed_load()
    rows = []
    for extra in (0, 8, 16, 32, 64):
        total = place_with_replicas(load, 32, extra)
        rows.append([extra, float(total.max() / total.mean())])
    naive = load.reshape(32, 8).sum(1)
    return float(naive.max() / naive.mean()), rows


if __name__ == "__main__":
    naive, rows = imbalance()
    if "--data" in sys.argv:
        data = {
            "as numbered": round(naive, 3),
            "rows": [[extra, round(v, 3)] for extra, v in rows],
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    for n in (1, 16, 256):
        print(
            f"{n:3d} tokens per step: {touched(8, 2, n):5.1f} of 8 and {touched(256, 8, n):6.1f} of 256 experts read"
        )
    rng = np.random.default_rng(0)
    chosen = np.stack([rng.choice(64, 8, replace=False) for _ in range(512)])
    x, gates = rng.normal(size=(512, 4)), np.full((512, 8), 1 / 8)
    for devices in (1, 2, 8, 64):
        sent = expert_parallel(x, chosen, gates, [lambda v: v] * 64, devices)[1]
        print(
            f"{devices:2d} devices: {sent / 512:.2f} rows sent for each token and layer, and as many back"
        )
    print(f"busiest device over the average: {naive:.2f} as numbered; with copies:")
    print("  " + ", ".join(f"{v:.2f} with {extra}" for extra, v in rows))
    for stay in (0.0, 0.3):
        cache = ", ".join(
            f"{room} of 8: {hits(8, 2, room, stay=stay):.0%}" for room in (2, 4, 6)
        )
        print(f"experts found in a cache, neighbours keep {stay:.0%}: {cache}")
    for travel in (0.0, 0.5, 1.0):
        busy = ", ".join(
            f"{m}: {taking_turns(m, 1000, 1.0, 1.0, travel)[1]:.0%}"
            for m in (1, 2, 3, 4)
        )
        print(f"busy with 1, 2, … micro-batches, a journey of {travel}: {busy}")
