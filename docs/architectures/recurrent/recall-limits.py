"""What a state of fixed size can hold, and what its update can compute: copying,
recall, state tracking.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:memories]
def add(keys, values):
    """Linear attention: every pair is added to the state."""
    return keys.T @ values


def delta(keys, values):
    """The delta rule at full strength: what the key returns is replaced."""
    state = np.zeros((keys.shape[1], values.shape[1]))
    for k, v in zip(keys, values, strict=True):
        state = state + np.outer(k, v - k @ state)
    return state


def least_squares(keys, values):
    """The matrix that returns all values with the smallest error: no rule can write a
    better one for linear reading.
    """
    return np.linalg.lstsq(keys, values, rcond=None)[0]


def attend(queries, keys, values, sharpness=200.0):
    """Softmax attention: nothing is summarised, every pair is kept."""
    scores = sharpness * queries @ keys.T
    weights = np.exp(scores - scores.max(1, keepdims=True))
    return weights / weights.sum(1, keepdims=True) @ values


# --8<-- [end:memories]


# --8<-- [start:slots]
def slots(queries, keys, values, routes, keep, sharpness=20.0):
    """A memory of M slots, each with a key and a value, of which a token changes only
    those it is routed to.

    routes: T × M, zero for slots that stay as they are; keep: T, the log of what a slot
    written with weight 1 retains.
    """
    slot_keys, out = np.zeros((routes.shape[1], keys.shape[1])), []
    slot_values = np.zeros((routes.shape[1], values.shape[1]))
    for q, k, v, route, log in zip(queries, keys, values, routes, keep, strict=True):
        left = np.exp(log * route)[:, None]
        slot_keys = left * slot_keys + (1 - left) * k
        slot_values = left * slot_values + (1 - left) * v
        weights = np.exp(sharpness * (slot_keys @ q))
        # softmax attention over slots instead of tokens
        out.append(weights / weights.sum() @ slot_values)
    return np.stack(out)


def ring(tokens, size):
    """The route of windowed attention: the slots in turn, whatever the token."""
    return np.eye(size)[np.arange(tokens) % size]


# --8<-- [end:slots]


# --8<-- [start:tracking]
def reflections(permutation):
    """Unit keys whose erasures with strength 2, one after another, carry entry i to
    place permutation[i].
    """
    now, keys = list(range(len(permutation))), []
    for place in range(len(permutation)):
        other = next(i for i in range(place, len(now)) if permutation[now[i]] == place)
        if other != place:
            key = np.zeros(len(now))
            key[[place, other]] = np.sqrt(0.5), -np.sqrt(0.5)
            keys.append(key)  # I - 2 k'k swaps the two entries
            now[place], now[other] = now[other], now[place]
    return keys


def track(word, basis=None, dtype=np.float64, correct=False):
    """Read the state after each of a word of permutations, which acts by erasures
    alone, several for each token.

    The state holds 1, 2, … along the rows of `basis`. `correct` rounds what is read and
    writes it back.
    """
    basis = np.eye(len(word[0])) if basis is None else basis
    state = (np.arange(1, len(basis) + 1) @ basis).astype(dtype)
    for permutation in word:
        for k in reflections(permutation):
            k = (k @ basis).astype(dtype)
            state = state - dtype(2) * k * (k @ state)
        # not linear in the state: a recurrent network with an activation may do this
        if correct:
            state = (np.round(state @ basis.T) @ basis).astype(dtype)
        yield state.astype(float) @ basis.T


# --8<-- [end:tracking]


# --8<-- [start:copying]
def copy_by_lookup(text, n, start=-1):
    """Write a text again: look up the last n symbols written, and write what followed
    their first place in the text.

    Needs the whole text as memory, as attention does; can go wrong only where n symbols
    occur twice.
    """
    padded, followed, written = [start] * n + list(text), {}, [start] * n
    for i, symbol in enumerate(text):
        followed.setdefault(tuple(padded[i : i + n]), symbol)
    for _ in text:
        written.append(followed.get(tuple(written[-n:]), start))
    return written[n:]


def copied_at_most(bits, length, symbols):
    """The share of all texts that any model with a state of so many bits can write
    again: one text for each state.
    """
    return min(1.0, 2.0 ** (bits - length * np.log2(symbols)))


# --8<-- [end:copying]


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def codebook(symbols, size, rng):
    """A random code for each value: unit vectors with mean zero."""
    return unit(rng.normal(size=(symbols, size)))


def recall(kind, pairs, size, symbols=256, seed=0, repeats=20):
    """Share of pairs whose value is named correctly: each is read by its key and the
    nearest of the codes is taken.
    """
    right = []
    for repeat in range(repeats):
        rng = np.random.default_rng([seed, pairs, size, repeat])
        codes, keys = codebook(symbols, size, rng), unit(rng.normal(size=(pairs, size)))
        named = rng.integers(symbols, size=pairs)
        values = codes[named]
        read = (
            attend(keys, keys, values)
            if kind == "attention"
            else keys @ MEMORIES[kind](keys, values)
        )
        right.append(((read @ codes.T).argmax(1) == named).mean())
    return float(np.mean(right))


MEMORIES = {"adding": add, "delta rule": delta, "least squares": least_squares}
SIZES = (4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
PAIRS = 64


def versions(rule, writes, names=16, size=32, symbols=256, seed=0, repeats=20):
    """Share of names read correctly when `writes` values were written under few names,
    the last of each asked for.
    """
    right = []
    for repeat in range(repeats):
        rng = np.random.default_rng([seed, writes, repeat])
        codes, keys = codebook(symbols, size, rng), unit(rng.normal(size=(names, size)))
        who, what = rng.integers(names, size=writes), rng.integers(symbols, size=writes)
        last = dict(zip(who, what, strict=True))
        asked, named = list(last), np.array(list(last.values()))
        read = READERS[rule](keys[who], codes[what], keys[asked])
        # rounded, or a tie between equal keys would be settled by the last bit
        right.append((np.round(read @ codes.T, 9).argmax(1) == named).mean())
    return float(np.mean(right))


def fade(keys, values, decay=0.95):
    """A gated sum: the state is faded before each write."""
    return (keys * decay ** np.arange(len(keys))[::-1, None]).T @ values


def attend_recent(queries, keys, values, slope=1.0):
    """Softmax attention with a penalty for distance, as ALiBi has: among equal keys the
    newest weighs most.
    """
    scores = 200.0 * queries @ keys.T - slope * np.arange(len(keys))[::-1]
    weights = np.exp(scores - scores.max(1, keepdims=True))
    return weights / weights.sum(1, keepdims=True) @ values


READERS = {
    "adding": lambda k, v, q: q @ add(k, v),
    "fading, 0.95": lambda k, v, q: q @ fade(k, v),
    "delta rule": lambda k, v, q: q @ delta(k, v),
    "attention": lambda k, v, q: attend(q, k, v),
    "attention, newest first": lambda k, v, q: attend_recent(q, k, v),
}
WRITES = (16, 32, 64, 128, 256, 512, 1024)


def adding_error(pairs, size):
    """Expected squared error of reading a sum of pairs, for independent random unit
    keys and unit values of mean 0.
    """
    return (pairs - 1) / size


def delta_error(age, pairs, size):
    """The same for the delta rule, of a pair after which `age` others were written: an
    exact recursion.

    e is the squared error, c the error's product with the value, f the squared norm of
    the state.
    """
    f = size * (1 - (1 - 1 / size) ** (pairs - age))
    e = c = 0.0
    for _ in range(age):
        read = e + 2 * c + 1  # squared length of what the old key returns
        e, c, f = (
            e - 2 / size * (e + c) + (f + 2 * read) / (size * (size + 2)) + 1 / size,
            c - (c + 1) / size,
            (1 - 1 / size) * f + 1,
        )
    return e


def announced(rule, tokens, size=32, symbols=256, repeats=20):
    """Share of runs in which a value told at the beginning is named after so many
    tokens about other things.
    """
    right = []
    for repeat in range(repeats):
        rng = np.random.default_rng([repeat, tokens])
        codes, keys = (
            codebook(symbols, size, rng),
            unit(rng.normal(size=(tokens + 1, size))),
        )
        what = rng.integers(symbols, size=tokens + 1)
        read = ANNOUNCED[rule](keys, codes[what], rng)
        right.append(int((read @ codes.T).argmax()) == what[0])
    return float(np.mean(right))


def in_slots(keys, values, routes):
    """What the last token reads with the first key, all slots written at
    full strength.
    """
    asked, full = np.tile(keys[0], (len(keys), 1)), np.full(len(keys), -60.0)
    return slots(asked, keys, values, routes, full)[-1]


def routed(keys, values, rng, size=32):
    """Slot 0 for what was announced, one of the others for each further token: a router
    that knows what matters.
    """
    where = np.concatenate([[0], rng.integers(1, size, size=len(keys) - 1)])
    return in_slots(keys, values, np.eye(size)[where])


ANNOUNCED = {
    "adding": lambda k, v, rng: k[0] @ add(k, v),
    "fading, 0.95": lambda k, v, rng: k[0] @ fade(k, v),
    "delta rule": lambda k, v, rng: k[0] @ delta(k, v),
    "32 slots in turn (a window)": lambda k, v, rng: in_slots(k, v, ring(len(k), 32)),
    "32 slots with a router": routed,
}


def drift(dtype, tokens, correct=False, seed=0):
    """Largest error of five tracked things after 1, 2, 4, … tokens, each any of the 120
    permutations.
    """
    rng = np.random.default_rng(seed)
    basis, true, errors = np.linalg.qr(rng.normal(size=(5, 5)))[0], np.arange(1, 6), {}
    word = [rng.permutation(5) for _ in range(tokens)]
    for t, (permutation, read) in enumerate(
        zip(word, track(word, basis, dtype, correct), strict=True), 1
    ):
        moved = np.empty_like(true)
        moved[permutation] = true
        true = moved
        if t & (t - 1) == 0:
            errors[t] = float(np.abs(read - true).max())
    return errors


LENGTHS = (8, 16, 32, 64, 128, 256, 512, 1024)


def copied(n, length, symbols=26, seed=0, repeats=500):
    """Share of random texts that looking up n symbols copies without a mistake."""
    rng = np.random.default_rng([seed, n, length])
    texts = rng.integers(symbols, size=(repeats, length))
    return float(np.mean([copy_by_lookup(t.tolist(), n) == t.tolist() for t in texts]))


def experiment():
    return {
        "sizes": list(SIZES),
        "recall": {
            kind: [round(recall(kind, PAIRS, size), 4) for size in SIZES]
            for kind in (*MEMORIES, "attention")
        },
        "writes": list(WRITES),
        "versions": {
            rule: [round(versions(rule, writes), 4) for writes in WRITES]
            for rule in READERS
        },
        "lengths": list(LENGTHS),
        "copied": {
            str(n): [copied(n, length) for length in LENGTHS] for n in (2, 3, 4)
        },
        "drift": {
            "fp16": drift(np.float16, 16384),
            "fp32": drift(np.float32, 16384),
            "fp16, corrected": drift(np.float16, 16384, correct=True),
        },
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment()) + "\n", encoding="utf-8"
        )
    print(
        "64 pairs, 256 values; named correctly by a state of  16 × 16   32 × 32   64 × 64"
    )
    for kind in (*MEMORIES, "attention"):
        print(
            f"  {kind:49s}"
            + "".join(f"{recall(kind, 64, size):8.2f}  " for size in (16, 32, 64))
        )
    print(
        f"{'16 names, state 32 × 32; last value after':51s}"
        "      32       128       512 writes"
    )
    for rule in READERS:
        print(
            f"  {rule:49s}"
            + "".join(f"{versions(rule, writes):8.2f}  " for writes in (32, 128, 512))
        )
    print(
        f"{'one thing announced, state 32 × 32; named after':51s}"
        "      16       128     1,024 others"
    )
    for rule in ANNOUNCED:
        print(
            f"  {rule:49s}"
            + "".join(f"{announced(rule, tokens):8.2f}  " for tokens in (16, 128, 1024))
        )
    rng = np.random.default_rng(0)
    word = [rng.permutation(5).tolist() for _ in range(1000)]
    print(
        "five things after 1,000 permutations:", list(track(word))[-1].round(6).tolist()
    )
    print(
        "copied at most of 60 random letters by 256 bits:",
        f"{copied_at_most(256, 60, 26):.0e}",
    )
