"""Speculative decoding in NumPy: draft, check, and keep the target's distribution."""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:step]
def speculative_step(draft, target, drafted, rng):
    """Accept drafted tokens until the first rejection, then add one token of the
    target's.

    draft:   k × V, the draft model's distribution at each drafted position target:
    (k+1) × V, the target's at the same positions and one further drafted: the k tokens,
    drawn from `draft` Returns between 1 and k+1 tokens, distributed as if the target
    had drawn them one by one.
    """
    for position, token in enumerate(drafted):
        if rng.random() >= target[position, token] / draft[position, token]:
            residual = np.maximum(target[position] - draft[position], 0)
            replacement = rng.choice(len(residual), p=residual / residual.sum())
            return [*drafted[:position], int(replacement)]
    bonus = rng.choice(target.shape[1], p=target[-1])
    return [*drafted, int(bonus)]


# --8<-- [end:step]


# --8<-- [start:speed]
def acceptance_rate(draft, target):
    """Probability that a token drawn from `draft` is kept: the overlap of the two
    distributions.
    """
    return np.minimum(draft, target).sum(-1)


def expected_tokens(alpha, k):
    """Tokens gained from one pass of the target when each drafted token is kept with
    probability alpha.
    """
    return k + 1.0 if alpha == 1 else (1 - alpha ** (k + 1)) / (1 - alpha)


def expected_tokens_each(alphas):
    """The same when the j-th drafted token is kept with probability alphas[j], given
    that those before it were.
    """
    return 1 + np.cumprod(alphas).sum()


def speed_up(alpha, k, c):
    """Gain in time over plain decoding; a draft step costs c target steps, and a check
    costs one.
    """
    return expected_tokens(alpha, k) / (k * c + 1)


def best_draft_length(alpha, c, longest=32):
    """The k that gains most, 0 where drafting does not pay."""
    return max(range(longest + 1), key=lambda k: speed_up(alpha, k, c))


# --8<-- [end:speed]


# --8<-- [start:experts]
def check_reads(requests, k, experts, chosen, rest):
    """Weights that checking k drafted tokens for each request reads, relative to a
    plain step, if tokens choose experts independently; `rest` is what every step reads,
    in units of one expert in every layer.
    """

    def touched(tokens):
        return experts * (1 - (1 - chosen / experts) ** tokens)

    return (rest + touched(requests * (k + 1))) / (rest + touched(requests))


# --8<-- [end:experts]


# --8<-- [start:train]
def divergence(target, draft):
    """KL from target to draft, on which drafts are usually trained."""
    return np.sum(target * np.log(target / draft))


def minus_log_overlap(target, draft):
    """LK: the negative logarithm of the chance that a drafted token is kept."""
    return -np.log(acceptance_rate(draft, target))


def bump(place, width, size=40):
    e = np.exp(-0.5 * ((np.arange(size) - place) / width) ** 2)
    return e / e.sum()


def best_bump(target, loss):
    """The best draft among those with one peak: too small a family for a target with
    two.
    """
    drafts = [
        bump(place, width)
        for place in np.arange(5, 35, 0.25)
        for width in np.arange(1, 14, 0.25)
    ]
    return min(drafts, key=lambda draft: loss(target, draft))


# --8<-- [end:train]


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def example(seed=0, size=8):
    """A target and a draft that resembles it, over four positions (the target has one
    more).
    """
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(5, size))
    return softmax(logits), softmax(logits[:4] + rng.normal(scale=0.7, size=(4, size)))


REST, LAYERS = 6.34, 61
"""DeepSeek-V3: what every step reads, in units of one expert in each layer; layers.

The table of inputs is not among it: a step reads a row for each token.
"""


def batches():
    """The table of a mixture: four drafted tokens by batch size, at alpha 0.8."""
    sizes = (1, 8, 32, 128)
    step = [256 * (1 - (1 - 8 / 256) ** n) for n in sizes]
    check = [256 * (1 - (1 - 8 / 256) ** (5 * n)) for n in sizes]
    reads = [check_reads(n, 4, 256, 8, REST) for n in sizes]
    gains = [expected_tokens(0.8, 4) / (read + 4 / LAYERS) for read in reads]
    rows = (
        ("experts of a layer that a plain step reads", step, "{:.0f}"),
        ("experts that a check of four drafted tokens each reads", check, "{:.0f}"),
        ("weights read by the check, relative to the step", reads, "{:.2f}"),
        (r"faster by, if $\alpha=0.8$", gains, "{:.2f}"),
    )
    return {
        "columns": ["Requests in a batch", *(str(n) for n in sizes)],
        "rows": [
            [name, *(form.format(v) for v in values)] for name, values, form in rows
        ],
    }


if __name__ == "__main__":
    target, draft = example()
    if "--data" in sys.argv:
        first = {
            "target": target[0].round(4).tolist(),
            "draft": draft[0].round(4).tolist(),
            "batches": batches(),
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(first) + "\n", encoding="utf-8"
        )
    rng = np.random.default_rng(0)

    counts, lengths = np.zeros(8), []
    for _ in range(100_000):
        drafted = [int(rng.choice(8, p=row)) for row in draft[:1]]
        kept = speculative_step(draft[:1], target[:2], drafted, rng)
        counts[kept[0]] += 1
        lengths.append(len(kept))

    print("first token, target   ", np.round(target[0], 3))
    print("first token, produced ", np.round(counts / counts.sum(), 3))
    print(
        "kept, by the overlap  ", round(float(acceptance_rate(draft[0], target[0])), 3)
    )
    print("kept, counted         ", round(float(np.mean(lengths)) - 1, 3))
    for alpha in (0.6, 0.8, 0.9):
        k = best_draft_length(alpha, c=0.05)
        gain, tokens = speed_up(alpha, k, 0.05), expected_tokens(alpha, k)
        print(
            f"alpha {alpha}, c 0.05: draft {k}, {tokens:.2f} tokens a pass, {gain:.2f} times faster"
        )
    for alphas in ([0.85], [0.85, 0.6], [0.85, 0.6, 0.45], [0.85, 0.85, 0.85]):
        print(
            "kept with",
            ", ".join(map(str, alphas)),
            f": {expected_tokens_each(alphas):.2f} tokens a pass",
        )
    print("256 experts, 8 for a token, 4 drafted: a check reads", end="")
    for requests in (1, 8, 32, 128):
        print(f" {check_reads(requests, 4, 256, 8, rest=REST):.2f}", end="")
    print(" times a step")
    two_peaks = 0.65 * bump(10, 2) + 0.35 * bump(28, 3)
    for name, loss in (
        ("divergence", divergence),
        ("minus log overlap", minus_log_overlap),
    ):
        draft = best_bump(two_peaks, loss)
        kept, apart = acceptance_rate(draft, two_peaks), divergence(two_peaks, draft)
        print(
            f"one peak for two, by the {name}: {kept:.0%} kept, divergence {apart:.2f}"
        )
