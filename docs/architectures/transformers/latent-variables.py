"""Language models that draw latent variables: energy loss, Brier score and temperature
from samples; random codes.
"""

import json
import sys
from math import comb
from pathlib import Path

import numpy as np


# --8<-- [start:energy]
def distances(a, b, power):
    return (np.linalg.norm(a[:, None] - b[None], axis=-1)) ** power


def energy_loss(drawn, wanted, power=1.0):
    """For one position: drawn N × d by the model, wanted M × d by the encoder. Needs no
    probability, only samples.

    The first term draws the samples to the data, the second, over all pairs of
    different samples, keeps them apart.
    """
    n = len(drawn)
    apart = distances(drawn, drawn, power).sum() / (n * (n - 1))
    return 2 * distances(drawn, wanted, power).mean() - apart


# --8<-- [end:energy]


# --8<-- [start:brier]
def brier(first, second, right):
    """Mean over positions of 1[first = right] + 1[second = right] − 1[first = second],
    for two samples of a model.
    """
    return float(
        np.mean((first == right) * 1.0 + (second == right) - (first == second))
    )


# --8<-- [end:brier]


# --8<-- [start:temperature]
def cooled_weights(samples, n):
    """Weights of what was drawn, for a temperature of 1/n: the number of ways to pick n
    equal ones.

    The expected weight of x among N samples is C(N, n) · p(x)^n. If nothing was drawn n
    times, n − 1 is tried.
    """
    values, counts = np.unique(samples, return_counts=True)
    for size in range(n, 0, -1):
        ways = np.array([comb(int(c), size) for c in counts], float)
        if ways.any():
            break
    return values, ways / ways.sum()


# --8<-- [end:temperature]


# --8<-- [start:codes]
def draw_code(logits, rng):
    """H logits at each of T positions → bits, and a one-hot row of 2^H for each: T ×
    2^H.
    """
    bits = rng.random(logits.shape) < 1 / (1 + np.exp(-logits))
    return bits, np.eye(2 ** logits.shape[1])[bits @ 2 ** np.arange(logits.shape[1])]


def code_probabilities(logits):
    """Probability of each of the 2^H codes at each position; the gradient of the drawn
    row is taken through these.
    """
    p = 1 / (1 + np.exp(-logits))
    bits = (np.arange(2 ** logits.shape[1])[:, None] >> np.arange(logits.shape[1])) & 1
    return np.where(bits, p[:, None], 1 - p[:, None]).prod(-1)


def paid_information(logits, free):
    """Divergence of each position's code from the uniform one, in nats, of which `free`
    cost nothing; the mean.
    """
    p = 1 / (1 + np.exp(-logits))
    divergence = (p * np.log(2 * p) + (1 - p) * np.log(2 * (1 - p))).sum(1)
    return float(np.maximum(divergence - free, 0).mean())


# --8<-- [end:codes]


# --8<-- [start:accounts]
def accounts(tokens=8, p=0.9):
    """Nats for texts of good and bad words, which agree with a hidden mood with
    probability p; exactly, over all texts.

    The ordinary loss; the loss of a decoder that is told the mood by an encoder that
    has read the text; the encoder's divergence from a fair coin.
    """
    good = np.arange(tokens + 1)
    ways = np.array([comb(tokens, k) for k in good])
    given = np.array(
        [p**good * (1 - p) ** (tokens - good), (1 - p) ** good * p ** (tokens - good)]
    )
    text = given.mean(0)
    encoder = given / given.sum(0)
    ordinary = -(ways * text * np.log(text)).sum()
    logged = -(ways * text * encoder * np.log(given)).sum()
    information = (ways * text * encoder * np.log(2 * encoder)).sum()
    return float(ordinary), float(logged), float(information)


# --8<-- [end:accounts]


SPREADS = [round(0.1 * i, 1) for i in range(21)]


def expected_energy(spread, power, keep_apart=True):
    """Exactly, for data at −1 or 1 and a model that draws −spread or spread, each with
    probability one half.
    """
    to_data = np.mean([abs(a - b) ** power for a in (-spread, spread) for b in (-1, 1)])
    apart = np.mean(
        [abs(a - b) ** power for a in (-spread, spread) for b in (-spread, spread)]
    )
    return float(2 * to_data - apart * keep_apart)


def experiment():
    kinds = {
        "distance": (1, True),
        "squared distance": (2, True),
        "squared, first term only": (2, False),
    }
    return {
        "spread": SPREADS,
        **{
            name: [round(expected_energy(s, *kind), 6) for s in SPREADS]
            for name, kind in kinds.items()
        },
        "costs": costs(),
    }


VOCABULARY, PIECE, CODE, NOISE, TOKENS = 128256, 4, 128, 64, 2048
"""Sizes of shaochenze/calm: its tokenizer's vocabulary, tokens in a step, numbers of z
and of noise; a text.
"""
ORDINARY = {"layers": 12, "width": 768, "hidden": 2048}
CALM = {"layers": 16, "width": 1024, "hidden": 2752}
SMALL, SMALL_HIDDEN = 512, 1280  # of the autoencoder


def stack(layers, width, hidden):
    return layers * (4 * width**2 + 3 * width * hidden)


def attending(layers, width, positions):
    """Multiplications of scores and of values, for one position that sees half of a
    text on average.
    """
    return layers * positions * width


def parameters():
    """Of the ordinary model, of CALM-M and of its autoencoder, by parts; norms and
    biases left out.
    """
    d, mlp, table = (
        CALM["width"],
        3 * SMALL * SMALL_HIDDEN,
        VOCABULARY * ORDINARY["width"],
    )
    ordinary = {"layers": stack(**ORDINARY), "embedding": table, "output": table}
    calm = {"layers": stack(**CALM), "embedding": VOCABULARY * d}
    calm["compress"] = PIECE * d * 2 * d + 2 * d * d
    # four blocks of six squares, two more around them
    calm["head"] = 4 * 6 * d * d + 2 * d * d + NOISE * d + d * CODE
    encoder = 2 * mlp + PIECE * SMALL**2 + SMALL * 2 * CODE
    decoder = 2 * mlp + PIECE * SMALL**2 + CODE * SMALL
    return (
        ordinary,
        calm,
        {"embedding": VOCABULARY * SMALL, "encoder": encoder, "decoder": decoder},
    )


def work(head=1, decoder=1):
    """Multiplications for each token of the ordinary model and of CALM-M, when its head
    and decoder run so often.
    """
    ordinary, calm, _ = parameters()
    # one layer of the decoder works once a step, the other once a token
    mlp = 3 * SMALL * SMALL_HIDDEN
    decode = mlp + VOCABULARY * SMALL + (mlp + PIECE * SMALL**2 + CODE * SMALL) / PIECE
    plain = (
        ordinary["layers"]
        + attending(ORDINARY["layers"], ORDINARY["width"], TOKENS)
        + ordinary["output"]
    )
    read = (
        calm["layers"]
        + attending(CALM["layers"], CALM["width"], TOKENS // PIECE)
        + calm["compress"]
    ) / PIECE
    return plain, read + head * calm["head"] / PIECE + decoder * decode


def in_training():
    """Forwards only: the head runs for eight samples, and of the autoencoder the
    encoder reads the next tokens.
    """
    plain, calm = work(head=8, decoder=0)
    mlp = 3 * SMALL * SMALL_HIDDEN
    return plain, calm + mlp + (mlp + PIECE * SMALL**2 + SMALL * 2 * CODE) / PIECE


def size(number):
    return f"{number / 1e9:.1f}B" if number > 1e9 else f"{number / 1e6:.1f}M"


def costs():
    ordinary, calm, coder = parameters()
    once, cooled, trained = work(), work(200, 200), in_training()
    table = size(ordinary["embedding"])
    rows = [
        ["layers", size(ordinary["layers"]), size(calm["layers"])],
        ["embedding; output", f"{table}; {table}", f"{size(calm['embedding'])}; none"],
        ["compression; head", "–", f"{size(calm['compress'])}; {size(calm['head'])}"],
        [
            "sum (published)",
            f"{size(sum(ordinary.values()))} (281M)",
            f"{size(sum(calm.values()))} (371M)",
        ],
        ["autoencoder (published)", "–", f"{size(sum(coder.values()))} (75M)"],
        [
            "work for a token, in use",
            size(once[0]),
            f"{size(once[1])} (−{1 - once[1] / once[0]:.0%})",
        ],
        ["– over the vocabulary", table, size(VOCABULARY * SMALL)],
        [
            "– in training, forwards",
            size(trained[0]),
            f"{size(trained[1])} (−{1 - trained[1] / trained[0]:.0%})",
        ],
        ["– cooled, 200 samples", size(once[0]), size(cooled[1])],
        ["entries in each cache", f"{TOKENS:,}", str(TOKENS // PIECE)],
        ["BrierLM (published)", "6.05", "5.72"],
    ]
    return {"columns": ["", "Ordinary", "CALM-M"], "rows": rows}


def cooled_exactly(p, samples, n):
    """Mean of cooled_weights over every possible outcome of drawing `samples` times,
    for two values: binomial.
    """
    total = 0.0
    for count in range(samples + 1):
        chance = comb(samples, count) * p**count * (1 - p) ** (samples - count)
        drawn = np.array([1] * count + [0] * (samples - count))
        values, weights = cooled_weights(drawn, n)
        total += chance * float(weights[values == 1].sum())
    return total


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment(), ensure_ascii=False) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(0)
    data = rng.choice([-1.0, 1.0], size=(2000, 1))
    models = {
        "one value, 0": np.zeros((400, 1)),
        "both modes": rng.choice([-1.0, 1.0], size=(400, 1)),
    }
    for name, drawn in models.items():
        print(f"energy loss, {name:12}: {energy_loss(drawn, data):.2f}")
    p = np.array([0.5, 0.3, 0.2])
    first, second, right = (
        rng.choice(3, size=200_000, p=q) for q in (p, p, [0.2, 0.3, 0.5])
    )
    exact = 2 * p @ [0.2, 0.3, 0.5] - p @ p
    print(
        f"Brier score from pairs of samples {brier(first, second, right):.3f}, exactly {exact:.3f}"
    )
    print(
        "chance of the likelier of two, p = 0.7, at temperature 1/2: exactly",
        round(0.49 / (0.49 + 0.09), 3),
    )
    print(
        "  from samples",
        ", ".join(f"{n}: {cooled_exactly(0.7, n, 2):.3f}" for n in (2, 4, 8, 32, 200)),
    )
    logits = np.array([[4.0, -4.0, 0.0], [0.0, 0.0, 0.0]])
    print(
        "codes:",
        draw_code(logits, rng)[1].argmax(1),
        " probabilities sum to",
        code_probabilities(logits).sum(1),
    )
    print(
        "information paid for, in nats:",
        [round(paid_information(logits[:1], free), 3) for free in (0, 0.5, 2)],
    )
    ordinary, logged, information = accounts()
    print(f"\nnats for a text of eight words{'loss':>12}{'code':>7}{'bound':>8}")
    print(f"ordinary decoder              {ordinary:>12.2f}{0:>7.2f}{ordinary:>8.2f}")
    print(
        f"the code is the mood          {logged:>12.2f}{information:>7.2f}{logged + information:>8.2f}"
    )
    print(
        f"the code is the text          {0:>12.2f}{8 * np.log(2):>7.2f}{8 * np.log(2):>8.2f}"
    )
