"""Sliding-window attention in NumPy: the mask, a cache that stops growing, and how far
depth carries.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:window]
def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def window_mask(tokens, window):
    """T × T booleans: each token reads itself and the window - 1 tokens before it."""
    distance = np.arange(tokens)[:, None] - np.arange(tokens)
    return (distance >= 0) & (distance < window)


def attention(q, k, v, mask):
    """One head; T × d_h."""
    return softmax(np.where(mask, q @ k.T / np.sqrt(q.shape[1]), -np.inf)) @ v


class RollingCache:
    """Keys and values of the last `window` tokens in a ring: token t overwrites token t
    - window.
    """

    def __init__(self, window, size):
        self.keys, self.values = np.zeros((2, window, size))
        self.seen = 0

    def step(self, q, k, v):
        """Attention of one new token; the ring's order does not matter, because softmax
        is a sum.
        """
        slot = self.seen % len(self.keys)
        self.keys[slot], self.values[slot] = k, v
        self.seen += 1
        held = min(self.seen, len(self.keys))
        return softmax(self.keys[:held] @ q / np.sqrt(len(q))) @ self.values[:held]


# --8<-- [end:window]


# --8<-- [start:reach]
def reach(tokens, windows):
    """T × T booleans after a stack of layers: whose input can have an effect; `None` is
    a full causal layer.
    """
    seen = np.eye(tokens, dtype=bool)
    for window in windows:
        seen = (window_mask(tokens, window or tokens).astype(int) @ seen) > 0
    return seen


# --8<-- [end:reach]


# --8<-- [start:influence]
def influence(window, layers, stay):
    """Share of a token's output that comes from each distance, if every layer keeps
    `stay` of the stream and adds the plain average over its window; the distances of
    the layers add up, so their distributions are convolved.
    """
    step = np.full(window, (1 - stay) / window)
    step[0] += stay
    places = layers * (window - 1) + 1
    return np.fft.irfft(np.fft.rfft(step, 2 * places) ** layers, 2 * places)[:places]


# --8<-- [end:influence]


def experiment(tokens=24, window=4):
    stacks = {
        "1": [window],
        "2": [window] * 2,
        "4": [window] * 4,
        "mixed": [window, window, None],
    }
    return {
        name: reach(tokens, stack).astype(int).tolist()
        for name, stack in stacks.items()
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    q, k, v = np.random.default_rng(0).normal(size=(3, 40, 8))
    ring = RollingCache(6, 8)
    steps = np.stack([ring.step(*row) for row in zip(q, k, v, strict=True)])
    whole = attention(q, k, v, window_mask(40, 6))
    print(
        f"40 tokens through a ring of 6: differs from the masked whole by {np.abs(steps - whole).max():.0e}"
    )
    print("\ntokens that can reach the last of 4,096, window 512")
    for layers in (1, 2, 4, 8):
        print(f"  {layers} layers: {min(4096, layers * 511 + 1):>5}")
    last = reach(200, [20] * 5)[-1].sum()
    print(
        f"\nwindow 20, 5 layers, counted on the masks: {last}, by the formula 5 · 19 + 1 = {5 * 19 + 1}"
    )
    print(
        "\nwindow 4,096, 32 layers, bound 131,040: half and 99% of the output arise within"
    )
    for stay in (0, 0.5, 0.9, 0.95):
        half, most = np.searchsorted(np.cumsum(influence(4096, 32, stay)), [0.5, 0.99])
        print(f"  {stay:4.0%} of the stream kept: {half:>6,} {most:>6,}")
