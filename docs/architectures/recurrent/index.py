"""One recurrence, several layers: linear attention, retention, gated linear attention,
and the delta rule.
"""

import numpy as np


# --8<-- [start:general]
def recurrence(q, k, v, forget=None, strength=None, erase=False):
    """Read a state that is faded, optionally cleared at the key, and written to, token
    by token.

    q, k: T × d_k; v: T × d_v; forget: T or T × d_k, the part of the state that is kept
    (1 when None); strength: T, how strongly the new value is written (1 when None);
    erase: remove what the key returns first.
    """
    state, out = np.zeros((k.shape[1], v.shape[1])), []
    for t in range(len(q)):
        if forget is not None:
            state = state * np.reshape(forget[t], (-1, 1))
        beta = 1.0 if strength is None else strength[t]
        held = k[t] @ state if erase else 0.0
        state = state + beta * np.outer(k[t], v[t] - held)
        out.append(q[t] @ state)
    return np.stack(out), state


# --8<-- [end:general]


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def recall_error(kind, pairs, size=16, seed=0, repeats=20):
    """Mean squared error, relative to the values', when all stored pairs are asked for
    after the last was written.
    """
    errors = []
    for repeat in range(repeats):
        rng = np.random.default_rng([seed, repeat])
        k, v = unit(rng.normal(size=(pairs, size))), rng.normal(size=(pairs, size))
        settings = {
            "linear attention": {},
            "retention, decay 0.97": {"forget": np.full(pairs, 0.97)},
            "delta rule": {"erase": True},
        }[kind]
        _, state = recurrence(k, k, v, **settings)
        errors.append(((k @ state - v) ** 2).mean() / (v**2).mean())
    return float(np.mean(errors))


KINDS = ("linear attention", "retention, decay 0.97", "delta rule")
PAIRS = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64)


def experiment():
    return {
        kind: [round(recall_error(kind, pairs), 4) for pairs in PAIRS] for kind in KINDS
    }


if __name__ == "__main__":
    import json
    import sys
    from pathlib import Path

    results = experiment()
    if "--data" in sys.argv:
        text = json.dumps({"pairs": list(PAIRS), "error": results}) + "\n"
        Path(__file__).with_suffix(".json").write_text(text, encoding="utf-8")
    print("pairs stored          " + "".join(f"{n:7d}" for n in (4, 16, 64)))
    for kind in KINDS:
        print(
            f"{kind:22s}"
            + "".join(f"{results[kind][PAIRS.index(n)]:7.3f}" for n in (4, 16, 64))
        )
