"""Perplexity in NumPy: what windows, units and averages do to the score of one and the
same model.
"""

import json
import sys
from math import lgamma
from pathlib import Path

import numpy as np

LETTERS, PRIOR = 16, 0.2
NUMBER, LENGTH = 80, 2048


# --8<-- [start:windows]
def windows(length, window, stride):
    """Cut a text into overlapping windows: (begin, first scored, end).

    Every token is scored once, in the first window that holds it; what lies between
    `begin` and `first` was scored before and is only context.
    """
    done = 0
    for begin in range(0, length, stride):
        end = min(begin + window, length)
        yield begin, done, end
        done = end
        if end == length:
            return


def second_halves(length, window):
    """llama.cpp's way: windows side by side, only the second half of each is scored."""
    for begin in range(0, length - window + 1, window):
        yield begin, begin + window // 2, begin + window


def score(losses, cuts):
    """Mean loss in nats, and how many tokens were read to score one."""
    total = count = read = 0
    for begin, first, end in cuts:
        total += losses(begin, first, end).sum()
        count, read = count + end - first, read + end - begin
    return total / count, read / count


# --8<-- [end:windows]


# --8<-- [start:model]
def urn(text):
    """The best predictor of texts that have letter frequencies of their own: what it
    has seen in the window, and a prior.
    """
    seen = np.zeros((len(text) + 1, LETTERS))
    seen[1:] = np.cumsum(np.eye(LETTERS)[text], axis=0)

    def losses(begin, first, end):
        at = np.arange(first, end)
        counts = (seen[at] - seen[begin])[np.arange(end - first), text[first:end]]
        return -np.log((counts + PRIOR) / (at - begin + PRIOR * LETTERS))

    return losses


# --8<-- [end:model]


# --8<-- [start:units]
def units(nats, tokens, size):
    """One sum of losses in several units, for a text of `size` bytes."""
    return {
        "perplexity of a token": np.exp(nats / tokens),
        "perplexity of a byte": np.exp(nats / size),
        "bits per byte": nats / size / np.log(2),
    }


def two_averages(nats, tokens):
    """The exponential of the mean loss, and the mean of the texts' perplexities."""
    return np.exp(nats.sum() / tokens.sum()), np.mean(np.exp(nats / tokens))


# --8<-- [end:units]


# --8<-- [start:compare]
def compare(true, p, q):
    """Perplexities of a model p and of its changed copy q, their KL divergence, and how
    often both put the same token first.
    """
    cross = [-(true * np.log(model)).sum(1).mean() for model in (p, q)]
    kl = (p * np.log(p / q)).sum(1).mean()
    return np.exp(cross[0]), np.exp(cross[1]), kl, np.mean(p.argmax(1) == q.argmax(1))


# --8<-- [end:compare]


def expected(seen):
    """The urn's expected loss after so many letters, exactly: the count of the letter
    that comes next is spread as in Pólya's urn.
    """
    log = np.array([lgamma(n + 1) for n in range(seen + 1)])
    a, b = PRIOR, PRIOR * (LETTERS - 1)
    count = np.arange(seen + 1)
    spread = log[-1] - log - log[::-1] + lgamma(a + b) - lgamma(a) - lgamma(b)
    spread += [
        lgamma(c + a) + lgamma(seen - c + b) - lgamma(seen + a + b) for c in count
    ]
    share = (count + a) / (seen + a + b)
    return -LETTERS * float(np.sum(np.exp(spread) * share * np.log(share)))


def texts(number, length, rng):
    """Texts of letters, each with frequencies of its own."""
    kinds = rng.dirichlet(np.full(LETTERS, PRIOR), number)
    return [rng.choice(LETTERS, length, p=kind) for kind in kinds]


def softmax(z):
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def a_changed_model(rng, places=4000, size=50):
    """A true distribution, a model that is too sure of itself, and the model with noise
    on its logits and a little flatter, as rounding may leave it.
    """
    z = 2 * rng.normal(size=(places, size))
    model = 1.25 * (z + 0.5 * rng.normal(size=z.shape))
    return (
        softmax(z),
        softmax(model),
        softmax(0.9 * model + 0.2 * rng.normal(size=z.shape)),
    )


def run(number=NUMBER, length=LENGTH, window=256):
    rng = np.random.default_rng(3)
    readers = [urn(text) for text in texts(number, length, rng)]
    ways = {
        f"stride {stride}": lambda stride=stride: windows(length, window, stride)
        for stride in (256, 192, 128, 64, 32, 16, 1)
    }
    ways["second halves"] = lambda: second_halves(length, window)
    found = {}
    for name, cuts in ways.items():
        pairs = [score(reader, cuts()) for reader in readers]
        found[name] = (
            float(np.exp(np.mean([p[0] for p in pairs]))),
            float(pairs[0][1]),
        )
    sums = np.array([reader(0, 0, length).sum() for reader in readers])
    return found, sums


if __name__ == "__main__":
    found, sums = run()
    print(f"{'window of 256':16} {'perplexity':>10} {'read for one':>13}")
    for name, (perplexity, read) in found.items():
        print(f"{name:16} {perplexity:10.2f} {read:13.1f}")
    places = ", ".join(f"{expected(i):.2f}" for i in (0, 15, 255, 2047))
    print(f"\nexpected loss of letter 1, 16, 256, 2048: {places} nats")
    print("\nthe same losses, letters joined to tokens of")
    for join in (1, 2, 4):
        u = units(sums.sum(), NUMBER * LENGTH / join, NUMBER * LENGTH)
        print(
            f"{join} letter{'s' * (join > 1)}: "
            + ", ".join(f"{k} {v:.2f}" for k, v in u.items())
        )
    pooled, mean = two_averages(sums, np.full(NUMBER, LENGTH))
    print(
        f"\nexp of the mean loss {pooled:.2f}, mean of the texts' perplexities {mean:.2f}"
    )
    one, two, kl, same = compare(*a_changed_model(np.random.default_rng(5)))
    print(
        f"\nmodel {one:.2f}, changed {two:.2f}; KL {kl:.3f}, same first token {same:.1%}"
    )
    if "--store" in sys.argv:
        stored = {
            "by place": [round(expected(i), 4) for i in range(256)],
            "ways": {
                name: [round(a, 3), round(b, 2)] for name, (a, b) in found.items()
            },
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(stored) + "\n", encoding="utf-8"
        )
