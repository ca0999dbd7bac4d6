"""Learning from another policy's samples: weights for the gap between sampler and
trainer, what rounding and length do to them, and what waiting costs.
"""

import itertools
import json
import sys
from math import erf, log, sqrt
from pathlib import Path

import numpy as np


# --8<-- [start:weights]
def weights(log_trainer, log_sampler, kind, low=0.5, high=2.0):
    """Factor on the loss of each token of one answer, from its log-probabilities under
    trainer and sampler.
    """
    token = np.exp(log_trainer - log_sampler)
    answer = np.full_like(token, token.prod())
    mean = np.full_like(token, np.exp((log_trainer - log_sampler).mean()))
    return {
        "none": np.ones_like(token),
        "token, cut off": np.minimum(token, high),
        "token, masked": np.where((token >= low) & (token <= high), token, 0),
        "answer": answer,
        "answer, cut off": np.minimum(answer, high),
        "answer, masked": np.where(answer <= high, answer, 0),
        "answer, mean masked": np.where((mean >= low) & (mean <= high), token, 0),
    }[kind]


# --8<-- [end:weights]

KINDS = (
    "none",
    "token, cut off",
    "token, masked",
    "answer",
    "answer, cut off",
    "answer, masked",
    "answer, mean masked",
)


# --8<-- [start:exact]
def softmax(z):
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def bias_and_noise(gap, kind, words=3, length=5, seed=0):
    """Over all answers: how far the mean gradient under the sampler is from the true
    one, and the spread of a single sample, both relative to the true gradient. The
    sampler's logits are the trainer's plus noise of size `gap`.
    """
    rng = np.random.default_rng(seed)
    answers = np.array(list(itertools.product(range(words), repeat=length)))
    reward = rng.normal(size=len(answers))
    nodes = sum(words**t for t in range(length))  # a prefix is a row of logits
    logits = rng.normal(size=(nodes, words))
    noise = gap * rng.normal(size=(nodes, words))
    trainer, sampler = np.log(softmax(logits)), np.log(softmax(logits + noise))
    first = np.cumsum([0, *(words**t for t in range(length - 1))])
    place = [first[t] + answers[:, :t] @ words ** np.arange(t) for t in range(length)]
    rows = np.stack(place, 1)
    chance = np.exp(trainer[rows, answers].sum(1))
    advantage = reward - chance @ reward
    used = np.exp(sampler[rows, answers].sum(1))
    true, found, square = np.zeros((3, nodes, words))
    for i, y in enumerate(answers):
        score = np.zeros((nodes, words))
        score[rows[i]] = np.eye(words)[y] - np.exp(trainer[rows[i]])
        true += chance[i] * advantage[i] * score
        w = weights(trainer[rows[i], y], sampler[rows[i], y], kind)
        score[rows[i]] *= advantage[i] * w[:, None]
        found, square = found + used[i] * score, square + used[i] * score**2
    size = np.linalg.norm(true)
    spread = sqrt(max((square - found**2).sum(), 0))
    return np.linalg.norm(found - true) / size, spread / size


def means(gap, kind, problems=10):
    """Bias and noise, over some random problems."""
    each = [bias_and_noise(gap, kind, seed=seed) for seed in range(problems)]
    return np.mean(each, 0)


# --8<-- [end:exact]


# --8<-- [start:length]
def normal(x):
    return (1 + erf(x / sqrt(2))) / 2


def weight_left(tokens, spread, limit=3.0):
    """Mean weight of an answer (1 if nothing is lost) and share of the answers kept,
    when answers whose ratio exceeds a limit are dropped. The log-ratio of a token has
    that spread, and the mean that makes ratios average to 1.
    """
    total = sqrt(tokens) * spread
    reach = log(limit) / total
    return normal(reach - total / 2), normal(reach + total / 2)


# --8<-- [end:length]


# --8<-- [start:rounding]
def rounded(x, bits):
    """To a number of bits after the leading one: 7 in bf16, 10 in fp16, 23 in fp32."""
    fraction, power = np.frexp(x)
    return np.ldexp(np.round(fraction * 2.0 ** (bits + 1)) / 2.0 ** (bits + 1), power)


def product(a, b, bits, parts):
    """A matrix product summed in some parts, each of them rounded, as kernels do that
    split the work differently.
    """
    pieces = np.array_split(np.arange(a.shape[1]), parts)
    total = np.zeros((a.shape[0], b.shape[1]))
    for piece in pieces:
        total = rounded(total + rounded(a[:, piece] @ b[piece], bits), bits)
    return total


def log_probabilities(bits, parts, layers=8, width=128, words=1000, tokens=256):
    """Of random next tokens under a random residual network, logits in full."""
    rng = np.random.default_rng(0)
    x = rounded(rng.normal(size=(tokens, width)), bits)
    for _ in range(layers):
        up, down = rng.normal(size=(2, width, width)) / sqrt(width)
        hidden = np.maximum(product(x, rounded(up, bits), bits, parts), 0)
        x = rounded(x + product(hidden, rounded(down, bits), bits, parts), bits)
        x = rounded(x / np.sqrt((x**2).mean(1, keepdims=True)), bits)
    logits = 3 * x @ rng.normal(size=(width, words)) / sqrt(width)
    logits -= logits.max(1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    drawn = (log_p + rng.gumbel(size=log_p.shape)).argmax(1)
    return log_p, drawn


def rounding_gap(bits):
    """Spread of the log-ratio of a token when only the order of summation differs."""
    one, drawn = log_probabilities(bits, 1)
    other, _ = log_probabilities(bits, 4)
    rows = np.arange(len(drawn))
    return float((one - other)[rows, drawn].std())


# --8<-- [end:rounding]


# --8<-- [start:waiting]
def longest(count, sigma=1.0, points=20001):
    """Expected length of the longest of `count` answers in units of the mean length,
    for lengths with a log-normal distribution.
    """
    x = np.linspace(0, 200, points)
    with np.errstate(divide="ignore"):
        place = (np.log(x) + sigma**2 / 2) / sigma  # the mean length is 1
    below = np.array([normal(p) for p in place])
    return float(np.trapezoid(1 - below**count, x))


# --8<-- [end:waiting]


# --8<-- [start:tokens]
VOCABULARY = ("aba", "ab", "ba", "a", "b")  # the tokeniser takes the longest that fits


def encode(text):
    tokens = []
    while text:
        tokens.append(next(t for t in VOCABULARY if text.startswith(t)))
        text = text[len(tokens[-1]) :]
    return tokens


def comes_back(length, runs=4000, seed=0):
    """Share of sampled answers that decoding and encoding give back unchanged."""
    draws = np.random.default_rng(seed).choice(VOCABULARY, size=(runs, length))
    return float(np.mean([encode("".join(row)) == list(row) for row in draws]))


# --8<-- [end:tokens]

SPREADS = {
    "bf16, 0.5B": 0.05,
    "bf16, 7B, logits in fp32": 0.0227,
    "fp16": 0.05 / 8,
    "fp32": 0.0022,
}


def stored():
    lengths = [round(float(t)) for t in np.geomspace(50, 64000, 50)]
    left = {
        name: [round(weight_left(t, s)[0], 4) for t in lengths]
        for name, s in SPREADS.items()
    }
    counts = [1, 4, 16, 64, 256, 1024, 4096, 16384]
    busy = {
        f"spread {s}": [round(1 / longest(n, s), 4) for n in counts] for s in (0.5, 1.0)
    }
    return {"lengths": lengths, "left": left, "counts": counts, "busy": busy}


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored()) + "\n", encoding="utf-8"
        )
    print(
        "five tokens, logits that differ by 0.05 and by 0.5: bias, noise; ten problems"
    )
    for kind in KINDS:
        cells = [means(gap, kind) for gap in (0.05, 0.5)]
        print(
            f"  {kind:20s}", "".join(f"{b:8.3f} {n:7.2f}   " for b, n in cells).rstrip()
        )
    print(
        "spread 0.05 or 0.023 a token, answers over 3 dropped: mean weight, share kept"
    )
    for tokens in (100, 1000, 4000, 16000):
        cells = [weight_left(tokens, spread) for spread in (0.05, 0.023)]
        row = "     ".join(f"{left:.3f}  {kept:.3f}" for left, kept in cells)
        print(f"  {tokens:6d} tokens  {row}")
    gaps = {name: rounding_gap(bits) for name, bits in (("bf16", 7), ("fp16", 10))}
    print(
        "order of summation alone, spread of a token's log-ratio:",
        ", ".join(f"{name} {gap:.1g}" for name, gap in gaps.items()),
    )
    print("longest of n answers, in mean lengths:", end=" ")
    print(", ".join(f"n = {n}: {longest(n):.1f}" for n in (16, 512, 8192)))
    print("encoded again as sampled:", end=" ")
    print(", ".join(f"{n} tokens: {comes_back(n):.2f}" for n in (1, 4, 16)))
