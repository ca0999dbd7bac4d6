"""Patches of bytes: by entropy of a small model, by a learned router with smoothing,
and what they cost.
"""

import json
import sys
from pathlib import Path

import numpy as np

NOUNS = (
    "model token byte patch layer reader letter sentence number answer question teacher student garden window".split()  # noqa: SIM905
)
VERBS = [
    "reads",
    "writes",
    "predicts",
    "forgets",
    "compares",
    "repeats",
    "counts",
    "follows",
    "answers",
    "carries",
]
ADJECTIVES = [
    "small",
    "large",
    "patient",
    "careful",
    "distant",
    "quiet",
    "sudden",
    "ordinary",
    "careless",
    "wonderful",
]
ADVERBS = ["slowly", "quickly", "always", "never", "sometimes", "together"]


def grammar(count, seed):
    """Sentences from a small grammar, so that words are real and their order is not
    quite predictable.
    """
    rng = np.random.default_rng(seed)

    def thing():
        start = "the " if rng.random() < 0.7 else "every "
        return (
            start
            + (rng.choice(ADJECTIVES) + " " if rng.random() < 0.5 else "")
            + rng.choice(NOUNS)
        )

    out = ""
    while len(out) < count:
        sentence = f"{thing()} {rng.choice(VERBS)} {thing()}"
        if rng.random() < 0.3:
            sentence += " " + rng.choice(ADVERBS)
        if rng.random() < 0.2:
            sentence += f" in {rng.integers(1000, 9999)}"
        out += sentence + ". "
    return out[:count]


# --8<-- [start:entropy]
class Ngram:
    """Byte model that mixes counts of contexts of up to five bytes, the longer the more
    it has seen.
    """

    def __init__(self, text, longest=5):
        self.counts = [{} for _ in range(longest + 1)]
        for i, byte in enumerate(text):
            for k in range(min(i, longest) + 1):
                after = self.counts[k].setdefault(text[i - k : i], {})
                after[byte] = after.get(byte, 0) + 1

    def next(self, context):
        p = np.full(128, 1 / 128)
        for k in range(min(len(self.counts), len(context) + 1)):
            after = self.counts[k].get(context[len(context) - k :])
            if not after:
                break
            seen, kinds = sum(after.values()), len(after)
            p *= kinds / (seen + kinds)
            for byte, n in after.items():
                p[ord(byte)] += n / (seen + kinds)
        return p


def entropies(model, text):
    """Entropy in bits of the next byte, before each byte, and the surprise at the byte
    that came.
    """
    p = [model.next(text[max(0, i - 5) : i]) for i in range(len(text))]
    entropy = np.array([-(q * np.log2(q)).sum() for q in p])
    return entropy, np.array(
        [-np.log2(q[ord(byte)]) for q, byte in zip(p, text, strict=True)]
    )


def starts_by_entropy(entropy, threshold):
    """A byte that the small model finds hard to foresee begins a patch; so does the
    first.
    """
    return (entropy > threshold) | (np.arange(len(entropy)) == 0)


def starts_by_rise(entropy, threshold):
    """The other rule of the same paper: a patch begins where entropy rises by more than
    the threshold.
    """
    return np.append(True, np.diff(entropy) > threshold)


# --8<-- [end:entropy]


# --8<-- [start:chunk]
def route(x, w_query, w_key):
    """H-Net: chance of a boundary before each vector, from how unlike its neighbour it
    is; the first is one.
    """
    q, k = x[:-1] @ w_query, x[1:] @ w_key
    cosine = (q * k).sum(1) / (np.linalg.norm(q, axis=1) * np.linalg.norm(k, axis=1))
    return np.append(1.0, (1 - cosine) / 2)


def chunk(x, p):
    """Keep the vectors at boundaries, p of at least one half; the main network sees
    only these.
    """
    return x[p > 0.5]


def dechunk(z, p):
    """Back to one vector for each byte: smooth over chunks by their confidence, then
    repeat each until the next.
    """
    boundary = p > 0.5
    sure, smooth, last = np.clip(p[boundary], 1e-4, 1 - 1e-4), [], np.zeros_like(z[0])
    for vector, weight in zip(z, sure, strict=True):
        # an unsure boundary leaves much of the chunk before
        last = weight * vector + (1 - weight) * last
        smooth.append(last)
    return np.stack(smooth)[np.cumsum(boundary) - 1]


def ratio_loss(p, compression):
    """One, and least along equal share and mean, when 1/compression of the positions
    are boundaries.
    """
    share, mean = (p > 0.5).mean(), p.mean()
    n = compression
    return ((1 - share) * (1 - mean) + (n - 1) * share * mean) * n / (n - 1)


# --8<-- [end:chunk]


# --8<-- [start:cost]
def layer_weights(width, inner):
    """Multiplied weights of one transformer layer with a gated feed-forward part."""
    return 4 * width * width + 3 * width * inner


def blt_per_byte(patch, small=True):
    """Weights multiplied for a byte by BLT 1B (the defaults of `BltConfig`) with
    patches of `patch` bytes.
    """
    square = 1024 * 1024
    # encoder, decoder, output
    byte = layer_weights(1024, 2730) + 9 * layer_weights(1024, 2816) + 260 * 1024
    # cross-attention: keys and values of bytes; queries and outputs of bytes
    byte += 2 * square + 9 * 2 * square
    # the large model and two projections
    whole = 25 * layer_weights(2048, 5632) + (2 + 4) * square
    # cross-attention, the patches' side: two vectors for each patch
    whole += 2 * 2 * square + 9 * 2 * 2 * square
    return (
        byte
        + whole / patch
        + (14 * layer_weights(768, 2048) + 260 * 768 if small else 0)
    )


def counts(patch=4.5):
    """Weights of BLT 1B by part, and how many of them a byte is multiplied by."""
    square, decoder = 1024 * 1024, layer_weights(1024, 2816)
    # with cross-attention, keys and values of bytes among it
    parts = {
        "encoder": layer_weights(1024, 2730) + 4 * square,
        "large": 25 * layer_weights(2048, 5632),
        "decoder": 9 * (decoder + 4 * square),
        "entropy": 14 * layer_weights(768, 2048),
    }
    local = layer_weights(1024, 2730) + parts["decoder"] + parts["entropy"]
    return parts | {"large a byte": parts["large"] / patch, "local a byte": local}


def attention_pairs(length, patch):
    """Pairs that attention visits in MEGABYTE: between patches, and between bytes
    within each.
    """
    return (length / patch) ** 2 / 2 + length * patch / 2


# --8<-- [end:cost]

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.25, 1.5, 2.0, 2.5)
STRIDES = (2, 3, 4, 5, 6, 8, 10)
SHOWN = slice(0, 44)


def experiment():
    """How much of all surprise falls on the first bytes of patches, by rule and mean
    length of a patch.
    """
    model, text = Ngram(grammar(60_000, 0)), grammar(4_000, 1)
    entropy, surprise = entropies(model, text)
    at = np.arange(len(text))
    after_space = np.array([i == 0 or text[i - 1] == " " for i in at])

    def point(starts):
        return [
            round(len(text) / int(starts.sum()), 3),
            round(float(surprise[starts].sum() / surprise.sum()), 4),
        ]

    return {
        "counts": counts(),
        "entropy": [point(starts_by_entropy(entropy, t)) for t in THRESHOLDS],
        "rise": [point(starts_by_rise(entropy, t)) for t in (0.2, 0.3, 0.5, 1.0, 1.5)],
        "fixed": [point(at % n == 0) for n in STRIDES],
        "spaces": [point(after_space)],
        "text": text[SHOWN],
        "bits": entropy[SHOWN].round(3).tolist(),
        "mean bits": round(float(surprise.mean()), 3),
    }


if __name__ == "__main__":
    data = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(data) + "\n", encoding="utf-8"
        )
    print(
        f"surprise {data['mean bits']:.2f} bits per byte; share of it on the first bytes of patches"
    )
    for name, found in (("fixed", data["fixed"][2]), ("spaces", data["spaces"][0])):
        print(f"  {name:8s} patches of {found[0]:4.1f} bytes  {found[1]:.0%}")
    for threshold in (0.6, 1.0, 2.0):
        length, share = data["entropy"][THRESHOLDS.index(threshold)]
        print(
            f"  entropy above {threshold:.1f} bits: patches of {length:4.1f} bytes  {share:.0%}"
        )
    starts = starts_by_entropy(np.array(data["bits"]), 1.0)
    print(
        "".join(
            ("|" if s else "") + c for s, c in zip(starts, data["text"], strict=True)
        )
    )
    rng = np.random.default_rng(0)
    x = np.repeat(rng.normal(size=(4, 6)), [3, 1, 4, 2], axis=0) + 0.1 * rng.normal(
        size=(10, 6)
    )
    p = route(x, np.eye(6), np.eye(6))
    print("router on four runs of alike vectors:", *p.round(2))
    z = chunk(x, p)
    print(
        f"{len(x)} vectors, {len(z)} chunks, back to {len(dechunk(z, p))}; ratio loss at 10/4: {ratio_loss(p, 2.5):.2f}"
    )
    for patch in (1, 4.5, 8):
        print(
            f"BLT 1B, patches of {patch} bytes: {blt_per_byte(patch) / 1e9:.2f}B weights multiplied a byte"
        )
    pairs = " ".join(
        f"P={patch}: {attention_pairs(2**20, patch):.1e}" for patch in (1, 8, 64, 1024)
    )
    print("pairs of a million bytes,", pairs)
