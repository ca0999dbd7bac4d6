"""Supervised fine-tuning: which tokens of a conversation carry loss, how batches weigh
them, and packing.
"""

import json
import sys
from pathlib import Path

import numpy as np

START, END = "<|im_start|>", "<|im_end|>"


# --8<-- [start:template]
def render(messages, generate=False):
    """A conversation in ChatML: its tokens (words here), and which of them the
    assistant wrote.

    The mark that ends a turn belongs to its writer, or the model never learns to stop.
    """
    tokens, own = [], []
    for role, content in messages:
        body = [*content.split(), END]
        tokens += [START, role, "\n", *body, "\n"]
        own += [False, False, False, *[role == "assistant"] * len(body), False]
    if generate:  # what comes before the model's turn when it is used
        tokens += [START, "assistant", "\n"]
        own += [False] * 3
    return tokens, np.array(own)


def log_softmax(z):
    z = z - z.max(axis=-1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))


def masked_loss(logits, ids, own):
    """Mean cross-entropy of own tokens. Position t is scored on token t + 1: the mask
    shifts too.
    """
    log_p, target, counts = log_softmax(logits[:-1]), ids[1:], own[1:]
    return -log_p[np.arange(len(target)), target][counts].sum() / counts.sum()


def loss_gradient(logits, ids, own):
    """Its derivative by the logits: probabilities minus one-hot targets; zero without
    loss.
    """
    p, target, counts = np.exp(log_softmax(logits)), ids[1:], own[1:]
    p[np.arange(len(target)), target] -= 1
    p[:-1] *= counts[:, None] / counts.sum()
    p[-1] = 0
    return p


# --8<-- [end:template]


# --8<-- [start:packing]
def best_fit_decreasing(lengths, size):
    """Bins of conversations (their indices): longest first, each into the bin that it
    fills best.
    """
    bins, free = [], []
    for index in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        need = min(lengths[index], size)  # what is longer than a bin is cut
        fitting = [b for b in range(len(bins)) if free[b] >= need]
        if not fitting:
            bins.append([])
            free.append(size)
            fitting = [len(bins) - 1]
        best = min(fitting, key=lambda b: free[b])
        bins[best].append(index)
        free[best] -= need
    return bins


def block_mask(lengths):
    """Who reads whom in a bin: earlier tokens of the same conversation (True is
    allowed).
    """
    owner = np.repeat(np.arange(len(lengths)), lengths)
    causal = np.tril(np.ones((len(owner), len(owner)), dtype=bool))
    return causal & (owner[:, None] == owner[None, :])


def positions(lengths):
    """Each conversation counts its own positions from zero."""
    return np.concatenate([np.arange(n) for n in lengths])


# --8<-- [end:packing]


# --8<-- [start:weights]
def token_weights(counts, reduction):
    """The weight of one token in a step's loss, by how many tokens with loss its
    micro-batch has.
    """
    counts = np.asarray(counts)
    if reduction == "token":  # one mean over all tokens of the step
        return np.full(len(counts), 1 / counts.sum())
    return 1 / (len(counts) * counts)  # a mean over means of micro-batches


# --8<-- [end:weights]


# --8<-- [start:rouge]
def rouge_l(one, other):
    """F-measure of the longest common subsequence of words: Self-Instruct's measure of
    repetition.
    """
    a, b = one.split(), other.split()
    table = np.zeros((len(a) + 1, len(b) + 1), dtype=int)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1, j + 1] = (
                table[i, j] + 1 if x == y else max(table[i, j + 1], table[i + 1, j])
            )
    common = table[-1, -1]
    return 2 * common / (len(a) + len(b)) if common else 0.0


def novel(instruction, pool, limit=0.7):
    """Whether an instruction is far enough from every one in the pool to join it."""
    return all(rouge_l(instruction, old) <= limit for old in pool)


# --8<-- [end:rouge]


def tiny_model(vocabulary=30, width=16, longest=64, seed=0):
    """Two attention layers with learned positions: enough to see whether conversations
    mix.
    """
    rng = np.random.default_rng(seed)
    size = [
        (vocabulary, width),
        (longest, width),
        *[(width, width)] * 8,
        (width, vocabulary),
    ]
    return [
        rng.normal(size=s) / np.sqrt(s[0] if i > 1 else 2) for i, s in enumerate(size)
    ]


def forward(model, ids, place, mask):
    """Logits of a sequence, given the position of each token and who may read whom."""
    token, position, *layers, out = model
    x = token[ids] + position[place]
    for q, k, v, o in (layers[:4], layers[4:]):
        scores = np.where(mask, (x @ q) @ (x @ k).T / np.sqrt(len(q)), -np.inf)
        x = x + np.exp(log_softmax(scores)) @ (x @ v) @ o
    return x @ out


def lengths_sample(number=2000, seed=0):
    """Lengths of conversations: a log-normal with a median of 400 tokens,
    cut at 4,096.
    """
    rng = np.random.default_rng(seed)
    return np.clip(rng.lognormal(np.log(400), 0.9, number).astype(int), 8, 4096)


def experiment(sizes=(4096, 8192, 16384, 32768), batch=16):
    """By how batches are made: the share of positions that hold a token; for bins of
    some size also how many conversations share one, how much more attention a causal
    mask alone computes than the block mask, and how many conversations would be cut if
    all were written one after the other and split at every `size` tokens.
    """
    lengths = lengths_sample()
    total, ends = lengths.sum(), np.cumsum(lengths)
    padded = sum(
        len(part) * part.max()
        for part in np.array_split(lengths, len(lengths) // batch)
    )
    ranked = np.sort(lengths)
    grouped = sum(
        len(part) * part.max() for part in np.array_split(ranked, len(ranked) // batch)
    )
    rows = {
        "tokens": int(total),
        "padded": round(total / padded, 4),
        "padded, by length": round(total / grouped, 4),
    }
    for size in sizes:
        bins = best_fit_decreasing(lengths.tolist(), size)
        own = sum(int(lengths[i]) ** 2 for i in range(len(lengths))) / 2
        rows[str(size)] = {
            "filled": round(float(total / (len(bins) * size)), 4),
            "together": round(float(np.mean([len(b) for b in bins])), 2),
            "across": round(
                float(
                    sum(lengths[b].sum() ** 2 for b in map(np.array, bins)) / 2 / own
                ),
                2,
            ),
            "cut": round(
                float(np.mean((ends - 1) // size != (ends - lengths) // size)), 4
            ),
        }
    return rows


DIALOGUE = [
    ("system", "Be brief."),
    ("user", "Capital of Peru?"),
    ("assistant", "Lima."),
    ("user", "And of Chile?"),
    ("assistant", "Santiago."),
]


if __name__ == "__main__":
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(experiment(), indent=1) + "\n", encoding="utf-8"
        )
    tokens, own = render(DIALOGUE)
    print(
        f"{own.sum()} of {len(tokens)} tokens carry loss:",
        [t for t, o in zip(tokens, own, strict=True) if o],
    )

    lengths = [5, 7, 4]
    model, rng = tiny_model(), np.random.default_rng(1)
    ids = rng.integers(30, size=sum(lengths))
    ends = np.cumsum(lengths)
    alone = np.concatenate(
        [
            forward(model, ids[e - n : e], np.arange(n), block_mask([n]))
            for e, n in zip(ends, lengths, strict=True)
        ]
    )
    for name, place, mask in (
        ("block mask, positions from zero", positions(lengths), block_mask(lengths)),
        ("block mask, positions run on", np.arange(sum(lengths)), block_mask(lengths)),
        ("causal mask only", positions(lengths), block_mask([sum(lengths)])),
    ):
        difference = np.abs(forward(model, ids, place, mask) - alone).max(axis=1)
        first, others = (
            "the same" if d.max() < 1e-12 else f"{d.max():.1f} off"
            for d in np.split(difference, [5])
        )
        print(f"logits, {name:33s} first conversation {first}, others {others}")

    print("weight of one token, micro-batches with 10, 100 and 890 tokens of loss")
    for reduction in ("token", "micro-batch"):
        print(
            f"  mean by {reduction:11s}",
            token_weights([10, 100, 890], reduction).round(5).tolist(),
        )
    rows = experiment()
    padded, ranked = rows["padded"], rows["padded, by length"]
    print(
        f"2,000 conversations: {padded:.0%} filled when padded, {ranked:.0%} when sorted first"
    )
    for size in ("4096", "32768"):
        filled, together, across, cut = rows[size].values()
        print(
            f"  bins of {size:5s} {filled:.1%} filled, {together:.0f} in a bin,",
            f"{cut:.0%} cut if split anywhere;",
        )
        print(f"    with the causal mask alone, {across:.1f} times the attention")
    pair = "Write a poem about the sea", "Write a poem about the city"
    print(
        f"ROUGE-L of two instructions: {rouge_l(*pair):.3f}; novel: {novel(pair[0], [pair[1]])}"
    )
