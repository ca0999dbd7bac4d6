"""Sinks, gates and differences in NumPy: three ways for a head to read nothing."""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


# --8<-- [start:sink]
def softmax_with_sink(scores, sink):
    """Softmax over … × S scores and one learnt logit; the sink's share is dropped, so rows sum to less than one."""
    whole = np.concatenate([scores, np.full((*scores.shape[:-1], 1), sink)], axis=-1)
    return softmax(whole)[..., :-1]


# --8<-- [end:sink]


# --8<-- [start:gate]
def gated(attended, x, w_gate):
    """Each head's output times a sigmoid of the token itself; the token decides whether anything is added."""
    return attended / (1 + np.exp(-(x @ w_gate)))


# --8<-- [end:gate]


# --8<-- [start:difference]
def differential(scores1, scores2, mix):
    """The difference of two softmaxes: what both have in common, noise above all, cancels."""
    return softmax(scores1) - mix * softmax(scores2)


# --8<-- [end:difference]


def sink_as_token(q, k, v, sink_key):
    """A first token with a value of zero does what a sink does, if its key gives every query the same score."""
    keys, values = np.concatenate([sink_key[None], k]), np.concatenate([np.zeros((1, v.shape[1])), v])
    return softmax(q @ keys.T / np.sqrt(q.shape[1])) @ values


def read_in_all(best, tokens=256, sink=None, seed=0):
    """Weight that falls on tokens when the best of them scores `best` and the rest are normal noise."""
    scores = np.random.default_rng(seed).normal(size=tokens)
    scores[0] = best
    weights = softmax(scores) if sink is None else softmax_with_sink(scores, sink)
    return float(weights.sum()), float(weights[0])


def experiment():
    best = [round(0.5 * i, 1) for i in range(25)]
    run = {"best": best, "no sink": [round(read_in_all(b)[1], 4) for b in best]}
    for sink in (6.0, 8.0):
        pairs = [read_in_all(b, sink=sink) for b in best]
        run[f"sink {sink:.0f}"] = [round(on_best, 4) for _, on_best in pairs]
        run[f"sink {sink:.0f} all"] = [round(whole, 4) for whole, _ in pairs]
    return run


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(json.dumps(experiment()) + "\n", encoding="utf-8")
    print("256 tokens, one that scores `best`, the others noise around 0")
    print("         no sink                sink logit 8")
    print("best   on tokens  on best    on tokens  on best")
    for best in (0.0, 4.0, 8.0, 12.0):
        (a, b), (c, d) = read_in_all(best), read_in_all(best, sink=8.0)
        print(f"{best:>4.0f} {a:>11.2f} {b:>8.2f} {c:>12.2f} {d:>8.2f}")
    rng = np.random.default_rng(1)
    signal, noise = np.zeros(256), rng.normal(scale=1.5, size=256)
    signal[10] = 6
    one = softmax(signal + noise)
    two = differential(signal + noise, noise, 0.2)
    print("\nweight on all tokens but the right one, relative to it")
    for name, weights in {"softmax   ": one, "difference": two}.items():
        print(f"  {name} {np.abs(np.delete(weights, 10)).sum() / weights[10]:.2f}")
