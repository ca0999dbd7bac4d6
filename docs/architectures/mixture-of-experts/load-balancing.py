"""Keeping experts in use: the auxiliary loss, the z-loss, capacity, and a bias that is
stepped or computed.
"""

import json
import sys
from pathlib import Path

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def top_k(scores, k):
    return np.argsort(-scores, axis=1)[:, :k]


def load(chosen, count):
    """Share of all assignments that each expert receives."""
    return np.bincount(chosen.ravel(), minlength=count) / chosen.size


# --8<-- [start:losses]
def auxiliary_loss(logits, k):
    """E Σ n_e P_e and its gradient with respect to the logits; the shares n_e count as
    constants.
    """
    tokens, count = logits.shape
    p = softmax(logits)
    f = load(top_k(logits, k), count)
    gradient = count / tokens * p * (f - (p * f).sum(1, keepdims=True))
    return count * (f * p.mean(0)).sum(), gradient


def z_loss(logits):
    """Mean squared log-sum-exp, which keeps logits small, and its gradient."""
    top = logits.max(1, keepdims=True)
    z = (top + np.log(np.exp(logits - top).sum(1, keepdims=True)))[:, 0]
    return (z**2).mean(), 2 * z[:, None] * softmax(logits) / len(logits)


def over_layers(layers, k):
    """The loss as some libraries have it: counts and probabilities of all layers are
    added up first.
    """
    return auxiliary_loss(np.concatenate(layers), k)[0]


# --8<-- [end:losses]


# --8<-- [start:bias]
def update_bias(bias, chosen, rate):
    """Without a loss: after each batch lower the bias of overloaded experts and raise
    that of the others.
    """
    share = load(chosen, len(bias))
    return bias - rate * np.sign(share - 1 / len(bias))


def choose_with_bias(logits, bias, k):
    """The bias decides who is chosen; the weights of the outputs come from the scores
    without it.
    """
    chosen = top_k(logits + bias, k)
    return chosen, softmax(np.take_along_axis(logits, chosen, axis=1))


# --8<-- [end:bias]


# --8<-- [start:quantile]
def quantile_bias(logits, bias, k):
    """The next bias: with it and the cutoffs as they are, an expert would have had its
    even share of this batch.
    """
    tokens, count = logits.shape
    biased = logits + bias
    # a token's best score that was not chosen
    cutoff = np.sort(biased, axis=1)[:, -k - 1]
    margins = np.sort(biased - cutoff[:, None], axis=0)[::-1]
    return bias - margins[round(k * tokens / count)]  # leaves kT/E tokens above zero


# --8<-- [end:quantile]


# --8<-- [start:capacity]
def dropped(chosen, count, factor):
    """Share of assignments lost when an expert takes at most factor × its even share,
    in order of arrival.
    """
    room = int(np.floor(factor * chosen.size / count))
    kept = sum(min(n, room) for n in np.bincount(chosen.ravel(), minlength=count))
    return 1 - kept / chosen.size


# --8<-- [end:capacity]


def simulate(method, steps=200, tokens=512, width=16, count=16, k=2, seed=0):
    """Largest load over the even one, batch by batch, for a router that begins with
    favourites.
    """
    rng = np.random.default_rng(seed)
    router = rng.normal(size=(width, count)) / np.sqrt(width)
    favour = rng.normal(scale=0.8, size=count)
    bias, worst = np.zeros(count), []
    for _ in range(steps):
        x = rng.normal(size=(tokens, width))
        logits = x @ router + favour
        chosen = choose_with_bias(logits, bias, k)[0]
        worst.append(float(load(chosen, count).max() * count))
        if method == "auxiliary loss":
            _, gradient = auxiliary_loss(logits, k)
            router -= 3.0 * x.T @ gradient
            favour -= 3.0 * gradient.sum(0)
        elif method == "bias":
            bias = update_bias(bias, chosen, 0.02)
        elif method == "quantiles":
            bias = quantile_bias(logits, bias, k)
    return worst, dropped(chosen, count, 1.25)


METHODS = ("nothing", "auxiliary loss", "bias", "quantiles")


def collapsed(layers=4, tokens=64, k=1):
    """Router scores with which every layer sends all tokens to a single expert, each to
    another.
    """
    return [10.0 * np.eye(layers)[[layer] * tokens] for layer in range(layers)], k


if __name__ == "__main__":
    curves = {method: simulate(method) for method in METHODS}
    if "--data" in sys.argv:
        data = {
            method: [round(v, 3) for v in worst[::4]]
            for method, (worst, _) in curves.items()
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    print(
        "largest load over the even one; first batch below 1.5; dropped at capacity 1.25"
    )
    for method, (worst, lost) in curves.items():
        first, last = worst[0], np.mean(worst[-20:])
        when = next((batch for batch, value in enumerate(worst, 1) if value < 1.5), "–")
        print(
            f"{method:15s} at first {first:.2f}, last 20 batches {last:.2f}, below at {when:>2}, dropped {lost:.1%}"
        )
    layers, k = collapsed()
    each = np.mean([auxiliary_loss(logits, k)[0] for logits in layers])
    print(
        "\nfour layers with four experts; each sends all tokens to an expert of its own"
    )
    print(f"loss of each layer, averaged {each:.2f}, of all layers together", end=" ")
    print(f"{over_layers(layers, k):.2f}")
