"""Masked diffusion on a language with exact predictions: orders of unmasking, blocks,
and their masks.
"""

import json
import sys
from pathlib import Path

import numpy as np

LETTERS = "aeqrstu "
MASK = len(LETTERS)


FOLLOWS = {
    "q": "u",
    "u": "e",
    "e": "s",
    "s": "t",
    "t": " ",
    "a": "r",
    "r": " a",
    " ": "qar",
}
"""Which letters usually follow: most are forced, as inside words; some choices are
open.
"""


def language(slip=0.0005):
    """The start's probabilities and those of the next letter, `[8]` and `[8, 8]`; any
    letter may slip in.
    """
    table = np.full((MASK, MASK), slip)
    for letter, following in FOLLOWS.items():
        for other in following:
            table[LETTERS.index(letter), LETTERS.index(other)] += 1 / len(following)
    table /= table.sum(1, keepdims=True)
    start = np.full(MASK, 1 / MASK)
    for _ in range(500):
        start = start @ table
    return start, table


# --8<-- [start:predict]
def predict(tokens, start, table):
    """p(x_i | all visible tokens) for every place, exactly: what a perfect masked model
    returns.

    `tokens` is `[count, length]` with MASK for hidden ones. Messages run along the
    chain from both ends.
    """
    count, length = tokens.shape
    seen = np.where(
        (tokens == MASK)[..., None], 1.0, np.eye(MASK + 1)[tokens][..., :MASK]
    )
    forward = np.empty((length, count, MASK))
    backward = np.ones((length, count, MASK))
    forward[0] = start
    for i in range(1, length):
        message = (forward[i - 1] * seen[:, i - 1]) @ table
        forward[i] = message / message.sum(1, keepdims=True)
    for i in reversed(range(length - 1)):
        message = (backward[i + 1] * seen[:, i + 1]) @ table.T
        backward[i] = message / message.sum(1, keepdims=True)
    both = (forward * backward * seen.transpose(1, 0, 2)).transpose(1, 0, 2)
    return both / both.sum(-1, keepdims=True)


# --8<-- [end:predict]


# --8<-- [start:orders]
def entropies(p):
    return -(p * np.log(np.maximum(p, 1e-300))).sum(-1)


def preference(rule, p, rng):
    """Which places to fill first: smaller is sooner; `p` is `[count,
    length, letters]`.
    """
    if rule == "random":
        return rng.random(p.shape[:2])
    if rule == "left to right":
        return np.broadcast_to(np.arange(p.shape[1], dtype=float), p.shape[:2])
    # "confidence"; equal ones in an order that is drawn, not left to rounding
    return entropies(p) + 1e-6 * rng.random(p.shape[:2])


def draw(p, rng):
    """One letter for every place, each for itself."""
    return (p.cumsum(-1) > rng.random(p.shape[:2])[..., None]).argmax(-1)


def generate(count, length, at_once, rule, rng, start, table, block=None):
    """Fill all masks, `at_once` a step; with `block` one block after the other. Returns
    every state.
    """
    states = [np.full((count, length), MASK)]
    while (states[-1] == MASK).any():
        tokens = states[-1]
        p = predict(tokens, start, table)
        order = np.where(tokens == MASK, preference(rule, p, rng), np.inf)
        if block:
            first = (tokens == MASK).argmax(1)[:, None] // block
            order = np.where(np.arange(length) // block == first, order, np.inf)
        rank = order.argsort(1).argsort(1)
        chosen = (rank < at_once) & np.isfinite(order)
        states.append(np.where(chosen, draw(p, rng), tokens))
    return states


def accepted(entropy, bound):
    """The surest places while the entropies of those before them sum to at most
    `bound`: many when sure, few when not.

    Hidden places only: the others have infinite entropy. The surest one is always
    accepted.
    """
    order = entropy.argsort(-1)
    ranked = np.take_along_axis(entropy, order, -1)
    finite = np.where(np.isfinite(ranked), ranked, 0)
    chosen = np.zeros(entropy.shape, bool)
    np.put_along_axis(
        chosen, order, np.isfinite(ranked) & (finite.cumsum(-1) - finite <= bound), -1
    )
    return chosen


def entropy_bound(count, length, bound, rng, start, table):
    """Fill all masks with as many letters a step as the bound allows; the samples and
    the mean number of steps.
    """
    tokens, steps = np.full((count, length), MASK), np.zeros(count)
    while (hidden := tokens == MASK).any():
        p = predict(tokens, start, table)
        tokens = np.where(
            accepted(np.where(hidden, preference("confidence", p, rng), np.inf), bound),
            draw(p, rng),
            tokens,
        )
        steps += hidden.any(1)
    return tokens, steps.mean()


def hide_again(tokens, passes, at_once, rng, start, table):
    """Second thoughts: in every pass, some random places are hidden and filled anew."""
    for _ in range(passes):
        hidden = rng.random(tokens.shape).argsort(1).argsort(1) < at_once
        p = predict(np.where(hidden, MASK, tokens), start, table)
        tokens = np.where(hidden, draw(p, rng), tokens)
    return tokens


# --8<-- [end:orders]


# --8<-- [start:masks]
def block_mask(length, block):
    """Who sees whom: all in one's own block and in earlier ones. block = 1 is causal,
    block = length full attention.
    """
    of = np.arange(length) // block
    return of[:, None] >= of[None, :]


def training_mask(length, block):
    """Block diffusion learns all blocks in one pass over [noisy copy, clean copy], `[2
    length, 2 length]`.

    A noisy block sees itself and the *clean* blocks before it; the clean copy sees
    itself block-causally.
    """
    of = np.arange(length) // block
    own, before = of[:, None] == of[None, :], of[:, None] > of[None, :]
    return np.block([[own, before], [np.zeros_like(own), own | before]])


def cost(length, block, steps):
    """Passes through the weights, and tokens processed, to write `length` tokens with a
    cache of earlier blocks.
    """
    blocks = length // block
    return blocks * steps, blocks * steps * block


# --8<-- [end:masks]


def bigrams(tokens):
    """Frequencies of neighbouring letters."""
    pairs = tokens[:, :-1] * MASK + tokens[:, 1:]
    return np.bincount(pairs.reshape(-1), minlength=MASK * MASK) / pairs.size


def distance(tokens, start, table):
    """Total variation between the neighbours in the samples and in the language."""
    return float(
        0.5 * np.abs(bigrams(tokens) - (start[:, None] * table).reshape(-1)).sum()
    )


def mistakes(tokens, table, rare=0.01):
    """The share of neighbours that the language hardly ever has."""
    return float((table[tokens[:, :-1], tokens[:, 1:]] < rare).mean())


AT_ONCE = (1, 2, 4, 8, 16, 32)
LENGTH = 32
BLOCKS = (2, 4, 8, 16, 32)


def experiment(count=4000):
    start, table = language()
    rows = {}
    for rule in ("random", "left to right", "confidence"):
        runs = [
            generate(count, LENGTH, k, rule, np.random.default_rng(0), start, table)[-1]
            for k in AT_ONCE
        ]
        rows[rule] = [round(distance(run, start, table), 4) for run in runs]
    adaptive = []
    for bound in (0.03, 0.1, 0.3, 1.0, 3.0):
        tokens, steps = entropy_bound(
            count, LENGTH, bound, np.random.default_rng(0), start, table
        )
        adaptive.append(
            [bound, round(LENGTH / steps, 3), round(distance(tokens, start, table), 4)]
        )
    blocks = {}
    for block in BLOCKS:
        run = generate(
            count, LENGTH, 2, "random", np.random.default_rng(0), start, table, block
        )[-1]
        blocks[str(block)] = round(distance(run, start, table), 4)
    second = {}
    for first, passes in ((8, 0), (8, 12), (2, 0)):
        rng = np.random.default_rng(0)
        run = generate(count // 2, LENGTH, first, "random", rng, start, table)[-1]
        run = hide_again(run, passes, first, rng, start, table)
        second[f"{first}, then {passes}"] = [
            round(mistakes(run, table), 4),
            round(distance(run, start, table), 4),
        ]
    return {
        "second thoughts": second,
        "at once": list(AT_ONCE),
        "distance": rows,
        "entropy bound": adaptive,
        "blocks": blocks,
    }


def film(rule, at_once=4, length=24, seed=2):
    """The states of one run, as strings with `_` for masks."""
    start, table = language()
    states = generate(
        1, length, at_once, rule, np.random.default_rng(seed), start, table
    )
    return ["".join((LETTERS + "_")[token] for token in state[0]) for state in states]


if __name__ == "__main__":
    stored = Path(__file__).with_suffix(".json")
    if "--data" in sys.argv:
        results = experiment()
        results |= {"masks": {"training": training_mask(8, 2).astype(int).tolist()}}
        results |= {"film": {rule: film(rule) for rule in ("random", "confidence")}}
        stored.write_text(json.dumps(results) + "\n", encoding="utf-8")
    results = json.loads(stored.read_text(encoding="utf-8"))
    print(
        f"distance of neighbouring letters, {LENGTH} places, by letters filled at once"
    )
    print("                " + "".join(f"{k:8d}" for k in AT_ONCE))
    for rule, row in results["distance"].items():
        print(f"  {rule:14s}" + "".join(f"{d:8.3f}" for d in row))
    for bound, speed, d in results["entropy bound"]:
        print(
            f"  entropy bound {bound:4.2f}: {speed:5.2f} letters a step, distance {d:.3f}"
        )
    print("random, two at once, in blocks of")
    print("  " + ", ".join(f"{b}: {d:.3f}" for b, d in results["blocks"].items()))
    print("random; afterwards as many places are hidden and filled again in each pass")
    for name, (wrong, d) in results["second thoughts"].items():
        first, passes = map(int, name.split(", then "))
        print(
            f"  {first} at once, {LENGTH // first:2d} + {passes:2d} passes:"
            f" {wrong:5.1%} of neighbours wrong, distance {d:.3f}"
        )
    print("passes, and tokens processed, for 256 tokens")
    shapes = {
        "one by one": (1, 1),
        "a block of 256, 48 steps": (256, 48),
        "blocks of 32, 8 steps": (32, 8),
    }
    for name, shape in shapes.items():
        print(f"  {name:25s} {cost(256, *shape)}")
