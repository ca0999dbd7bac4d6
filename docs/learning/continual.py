"""Adding facts to a linear memory in NumPy: what replay and closed-form edits do to the facts
that were there before.
"""

import json
import sys
from pathlib import Path

import numpy as np

WIDTH, VALUES = 256, 64
OLD, NEW = 160, 40
SHARES = (0.0, 0.01, 0.05, 0.25)
STEPS = (10, 30, 100, 300, 1000, 3000, 10000)
EDITS = (1, 2, 5, 10, 20, 40, 80)


def keys(count, rng):
    """Unit vectors of which some directions are common and most are rare, as in a layer."""
    drawn = rng.normal(size=(count, WIDTH)) * np.arange(1, WIDTH + 1) ** -0.35
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def facts(count, rng):
    """Keys and the values to be returned for them, one fact for each row."""
    return keys(count, rng), rng.normal(size=(count, VALUES)) / np.sqrt(VALUES)


# --8<-- [start:replay]
def error(memory, key, value):
    """Mean squared error of what a linear memory returns; 1 if it returns nothing."""
    return ((key @ memory - value) ** 2).sum(1).mean() / (value**2).sum(1).mean()


def trained(memory, old, new, share, steps):
    """Gradient descent on new facts, with a share of the old ones in every batch."""
    key = np.concatenate([old[0], new[0]])
    value = np.concatenate([old[1], new[1]])
    weights = [share / len(old[0]), (1 - share) / len(new[0])]
    weight = np.repeat(weights, [len(old[0]), len(new[0])])[:, None]
    curvature, ways = np.linalg.eigh(key.T @ (weight * key))
    rate = 1 / curvature[-1]
    # All steps at once: along each direction the same share of the error is mended.
    mended = 1 - np.maximum(1 - rate * curvature, 0) ** steps
    seen = curvature > 1e-12
    gain = np.divide(mended, curvature, out=np.zeros(len(memory)), where=seen)
    slope = key.T @ (weight * (value - key @ memory))
    return memory + ways @ (gain[:, None] * (ways.T @ slope))


# --8<-- [end:replay]


# --8<-- [start:edit]
def rank_one(memory, key, value, spread):
    """Return `value` for `key`; keys of covariance `spread` change least."""
    direction = np.linalg.solve(spread, key)
    return memory + np.outer(direction, value - key @ memory) / (key @ direction)


def many(memory, key, value, spread, weight):
    """All facts at once by least squares: new errors against changes elsewhere."""
    inverse = np.linalg.inv(weight * spread + key.T @ key)
    return memory + inverse @ key.T @ (value - key @ memory)


def in_null_space(memory, key, value, spread, kept, ridge=1e-4):
    """The same within the `kept` directions that old keys use least."""
    rare = np.linalg.eigh(spread)[1][:, :kept]
    inside = key @ rare
    fit = inside.T @ inside + ridge * np.eye(kept)
    return memory + rare @ np.linalg.solve(fit, inside.T @ (value - key @ memory))


# --8<-- [end:edit]


def disturbance(spread, key):
    """Mean squared change for other keys, for an error of 1 mended at `key`."""
    return 1 / (key @ np.linalg.solve(spread, key))


def start(seed=0):
    """A memory that holds the old facts exactly, further keys that occur, and new facts."""
    rng = np.random.default_rng(seed)
    old, new = facts(OLD, rng), facts(NEW, rng)
    memory = np.linalg.pinv(old[0]) @ old[1]
    seen = keys(20_000, rng)
    return memory, old, new, seen.T @ seen / len(seen), rng


def replayed():
    """Error on old and new facts after so many steps, for each share of replay."""
    memory, old, new, _, _ = start()
    return {
        f"{share:.0%}": [
            [float(error(now, *facts)) for facts in (old, new)]
            for now in (trained(memory, old, new, share, steps) for steps in STEPS)
        ]
        for share in SHARES
    }


def compared(noise=0.3):
    """What each way of adding the new facts leaves of old ones and does for paraphrases."""
    memory, old, new, spread, rng = start()
    shift = noise * keys(NEW, rng)
    again = (new[0] + shift) / np.linalg.norm(new[0] + shift, axis=1, keepdims=True)
    one = one_plain = memory
    for key, value in zip(*new, strict=True):
        one = rank_one(one, key, value, spread)
        one_plain = rank_one(one_plain, key, value, np.eye(WIDTH))
    held = old[0].T @ old[0] / OLD
    ways = {
        "nothing": memory,
        "gradient descent on new facts": trained(memory, old, new, 0, 3000),
        "with 5% replay": trained(memory, old, new, 0.05, 3000),
        "one edit after another, along the key": one_plain,
        "one edit after another, by the covariance": one,
        "all edits at once": many(memory, *new, spread, 1.0),
        "all at once, where old keys are not": in_null_space(
            memory, *new, held, WIDTH - OLD
        ),
    }
    return {
        way: [float(error(now, *pair)) for pair in (new, (again, new[1]), old)]
        for way, now in ways.items()
    }


def edited():
    """Error on old facts, and on the first edit, after so many edits in three ways."""
    memory, old, _, spread, rng = start()
    key, value = facts(EDITS[-1], rng)
    curves = {"along the key": [], "by the covariance": [], "all at once": []}
    along = by = memory
    for count in range(1, EDITS[-1] + 1):
        along = rank_one(along, key[count - 1], value[count - 1], np.eye(WIDTH))
        by = rank_one(by, key[count - 1], value[count - 1], spread)
        if count in EDITS:
            once = many(memory, key[:count], value[:count], spread, 1.0)
            for way, now in zip(curves, (along, by, once), strict=True):
                found = error(now, *old), error(now, key[:1], value[:1])
                curves[way].append([float(e) for e in found])
    return curves


def single():
    """Change of other keys by one edit, for each of the two directions (mean of edits)."""
    _, _, new, spread, _ = start()
    best = np.mean([disturbance(spread, key) for key in new[0]])
    plain = np.mean([key @ spread @ key for key in new[0]])
    return {"along the key": float(plain), "by the covariance": float(best)}


def main():
    curves, ways, edits, one = replayed(), compared(), edited(), single()
    print(f"{'error on old facts, steps':28}" + "".join(f"{n:8,}" for n in STEPS))
    for share, rows in curves.items():
        print(f"{share + ' replayed':28}" + "".join(f"{old:8.2f}" for old, _ in rows))
    print(f"\n{'40 new facts':42}   new  reworded   old")
    for way, (new, again, old) in ways.items():
        print(f"{way:42}{new:6.2f}{again:10.2f}{old:6.2f}")
    print(f"\n{'error on old facts, edits':28}" + "".join(f"{n:8}" for n in EDITS))
    for way, rows in edits.items():
        print(f"{way:28}" + "".join(f"{old:8.2f}" for old, _ in rows))
    first = "".join(f"{new:8.2f}" for _, new in edits["by the covariance"])
    print(f"{'… and on the first edit':28}{first}")
    ratio = one["along the key"] / one["by the covariance"]
    print(f"\none edit along the key disturbs others {ratio:.1f} times as much")
    if "--store" in sys.argv:
        stored = {
            "steps": STEPS,
            "edits": EDITS,
            "replayed": {k: np.round(v, 4).tolist() for k, v in curves.items()},
            "edited": {k: np.round(v, 4).tolist() for k, v in edits.items()},
            "ratio": round(ratio, 2),
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
