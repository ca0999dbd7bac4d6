"""Turning a distribution over the next token into a token: temperature, truncation,
penalties, beams, constraints.
"""

import numpy as np


def softmax(logits):
    e = np.exp(logits - np.max(logits))
    return e / e.sum()


# --8<-- [start:truncation]
def temperature(logits, tau):
    """tau < 1 sharpens, tau > 1 flattens; the limit 0 is greedy decoding."""
    return logits / tau


def top_k(logits, k):
    """Keep the k highest logits."""
    threshold = np.sort(logits)[-min(k, len(logits))]
    return np.where(logits >= threshold, logits, -np.inf)


def top_p(logits, p):
    """Keep the smallest set of tokens whose probabilities add up to at least p."""
    order = np.argsort(-logits)
    mass_before = np.cumsum(softmax(logits)[order]) - softmax(logits)[order]
    kept = order[mass_before < p]
    return np.where(np.isin(np.arange(len(logits)), kept), logits, -np.inf)


def min_p(logits, p):
    """Keep tokens at least p times as probable as the most probable one."""
    probabilities = softmax(logits)
    return np.where(probabilities >= p * probabilities.max(), logits, -np.inf)


def typical(logits, mass):
    """Keep the tokens whose surprise lies nearest to the entropy, until they hold
    `mass` of the probability.
    """
    p = softmax(logits)
    surprise = -np.log(np.maximum(p, 1e-300))
    distance = np.abs(surprise - p @ surprise)
    order = np.argsort(distance, kind="stable")
    kept = (
        distance <= distance[order[min((np.cumsum(p[order]) < mass).sum(), len(p) - 1)]]
    )
    return np.where(kept, logits, -np.inf)


# --8<-- [end:truncation]


# --8<-- [start:sigma]
def top_n_sigma(logits, n):
    """Keep the tokens whose logit is at most n standard deviations of all logits below
    the highest.
    """
    return np.where(logits >= logits.max() - n * logits.std(), logits, -np.inf)


# --8<-- [end:sigma]


def repetition_penalty(logits, seen, penalty):
    """Divide the positive and multiply the negative logits of tokens already used."""
    out = logits.copy()
    used = np.array(sorted(seen), dtype=int)
    out[used] = np.where(out[used] > 0, out[used] / penalty, out[used] * penalty)
    return out


# --8<-- [start:against]
def xtc(logits, threshold):
    """Exclude top choices: of all tokens at least as probable as the threshold, only
    the least probable stays.
    """
    p = softmax(logits)
    top = p >= threshold
    return np.where(top & (p > p[top].min(initial=1)), -np.inf, logits)


def dry(logits, text, multiplier=0.8, base=1.75, free=2):
    """Lower each token that would go on repeating: the more, the longer the repeated
    run before it already is.
    """
    out = logits.copy()
    for token in range(len(logits)):
        ends = [i for i in range(1, len(text)) if text[i] == token]
        runs = [
            next((n for n in range(i) if text[i - 1 - n] != text[-1 - n]), i)
            for i in ends
        ]
        longest = max(runs, default=0)
        out[token] -= multiplier * base ** (longest - free) if longest >= free else 0
    return out


# --8<-- [end:against]


# --8<-- [start:constraint]
def constrain(logits, allowed):
    """Forbid every token a grammar does not allow next."""
    out = np.full_like(logits, -np.inf)
    out[list(allowed)] = logits[list(allowed)]
    return out


def masked(first, second, valid):
    """Probabilities of texts of two tokens when each step draws from what can still
    become valid.
    """
    begins = first * valid.any(1)
    ends = second * valid
    return (
        (begins / begins.sum())[:, None]
        * ends
        / np.maximum(ends.sum(1, keepdims=True), 1e-300)
    )


def given_valid(first, second, valid):
    """Probabilities by the model itself, given that the text is valid."""
    joint = first[:, None] * second * valid
    return joint / joint.sum()


# --8<-- [end:constraint]


# --8<-- [start:beam]
def beam_search(log_prob, start, steps, width):
    """The `width` most probable sequences; log_prob(sequence) gives the
    log-probabilities of the next token.
    """
    beams = [(0.0, start)]
    for _ in range(steps):
        grown = [
            (score + lp, [*seq, token])
            for score, seq in beams
            for token, lp in enumerate(log_prob(seq))
        ]
        beams = sorted(grown, key=lambda beam: -beam[0])[:width]
    return beams


# --8<-- [end:beam]


if __name__ == "__main__":
    peaked = np.log(np.array([0.68, 0.13, 0.08, 0.06, 0.03, 0.02]))
    flat = np.log(np.array([0.20, 0.19, 0.18, 0.16, 0.14, 0.13]))
    print("tokens kept          peaked  flat")
    for name, cut in (
        ("top-k, k = 3", lambda z: top_k(z, 3)),
        ("top-p, p = 0.9", lambda z: top_p(z, 0.9)),
        ("min-p, p = 0.1", lambda z: min_p(z, 0.1)),
        ("typical, mass 0.5", lambda z: typical(z, 0.5)),
        ("top-n-sigma, n = 1", lambda z: top_n_sigma(z, 1.0)),
    ):
        print(
            f"{name:20s} {np.isfinite(cut(peaked)).sum():6d} {np.isfinite(cut(flat)).sum():5d}"
        )
    rest = np.log(np.array([0.4, *[0.6 / 30] * 30]))
    print(
        f"one token of 0.4 among thirty of 0.02: top-p 0.5 keeps it: {np.isfinite(top_p(rest, 0.5))[0]}",
        end="; ",
    )
    print(f"typical 0.5: {np.isfinite(typical(rest, 0.5))[0]}")
    for tau in (0.5, 1.0, 2.0):
        z = temperature(peaked, tau)
        kept = [
            int(np.isfinite(cut).sum())
            for cut in (top_p(z, 0.9), min_p(z, 0.1), top_n_sigma(z, 1.0))
        ]
        print(
            f"temperature {tau}: most probable token {softmax(z).max():.3f};", end=" "
        )
        print("kept by top-p {}, min-p {}, top-n-sigma {}".format(*kept))
    print(
        f"xtc, threshold 0.1, peaked: keeps {np.flatnonzero(np.isfinite(xtc(peaked, 0.1))).tolist()}",
        end="; ",
    )
    print(f"flat: {np.flatnonzero(np.isfinite(xtc(flat, 0.1))).tolist()}")
    lowered = dry(np.zeros(4), [0, 1, 2, 3, 0, 1, 2])
    print(
        f"after 0 1 2 3 0 1 2, dry lowers tokens 0 to 3 by {np.abs(lowered).round(2).tolist()}"
    )
    first, second = np.array([0.9, 0.1]), np.array([[0.99, 0.01], [0.5, 0.5]])
    valid = np.array([[False, True], [True, True]])
    for name, rule in {
        "masked step by step": masked,
        "given that it is valid": given_valid,
    }.items():
        print(
            f"{name:<23}: the text begins with the first token in {rule(first, second, valid)[0].sum():.0%}"
        )
