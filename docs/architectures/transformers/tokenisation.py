"""Subword tokenisers in Python: byte-pair encoding trained and applied, and a unigram
model's best segmentation.
"""

import itertools
import json
import math
import sys
from collections import Counter
from pathlib import Path


# --8<-- [start:train]
def merge(symbols, pair):
    """Join every occurrence of a pair of neighbours, from left to right."""
    out, i = [], 0
    while i < len(symbols):
        if i + 1 < len(symbols) and (symbols[i], symbols[i + 1]) == pair:
            out.append(symbols[i] + symbols[i + 1])
            i += 2
        else:
            out.append(symbols[i])
            i += 1
    return out


def words_of(text):
    """Words with their leading space, so that a tokenised text can be put together
    again.
    """
    return [" " + word for word in text.split()]


def train_bpe(text, merges):
    """Learn merges: again and again, join the most frequent pair inside words. Returns
    them in order.
    """
    words = Counter(words_of(text))
    pieces = {word: list(word) for word in words}
    learnt = []
    for _ in range(merges):
        pairs = Counter()
        for word, symbols in pieces.items():
            for pair in itertools.pairwise(symbols):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        learnt.append(best)
        pieces = {word: merge(symbols, best) for word, symbols in pieces.items()}
    return learnt


# --8<-- [end:train]


# --8<-- [start:encode]
def encode(word, merges):
    """Apply learned merges in the order in which they were learned."""
    rank = {pair: i for i, pair in enumerate(merges)}
    symbols = list(word)
    while len(symbols) > 1:
        best = min(
            itertools.pairwise(symbols), key=lambda pair: rank.get(pair, math.inf)
        )
        if best not in rank:
            break
        symbols = merge(symbols, best)
    return symbols


# --8<-- [end:encode]


# --8<-- [start:unigram]
def best_segmentation(word, log_probability):
    """Unigram: of all ways of cutting a word into known pieces, the most probable one
    (Viterbi).
    """
    best = [(0.0, [])] + [(-math.inf, [])] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            piece = word[start:end]
            if (
                piece in log_probability
                and best[start][0] + log_probability[piece] > best[end][0]
            ):
                best[end] = (
                    best[start][0] + log_probability[piece],
                    [*best[start][1], piece],
                )
    return best[-1][1]


# --8<-- [end:unigram]


# --8<-- [start:em]
def expected_counts(word, share):
    """How often each piece occurs in the word, over all ways of cutting it, weighted by
    their probability.

    before[i] sums the probability of all cuts of the first i letters, after[i] of the
    letters from i on.
    """
    n = len(word)
    spans = [(i, j) for j in range(1, n + 1) for i in range(j) if word[i:j] in share]
    before, after = [1.0] + [0.0] * n, [0.0] * n + [1.0]
    for i, j in spans:
        before[j] += before[i] * share[word[i:j]]
    for i, j in sorted(spans, reverse=True):
        after[i] += share[word[i:j]] * after[j]
    counts = Counter()
    for i, j in spans:
        counts[word[i:j]] += before[i] * share[word[i:j]] * after[j] / before[n]
    return counts, math.log(before[n])


def train_unigram(text, size, longest=8, rounds=4, shrink=0.7):
    """Begin with all pieces of the words; alternate expected counts and shares; drop
    the rarest; repeat to `size`.

    Single letters always stay, so that every word can be cut. (SentencePiece drops the
    pieces whose absence would cost the least likelihood; expected counts are a simpler
    measure of the same.)
    """
    words = Counter(words_of(text))
    pieces = {
        w[i:j]
        for w in words
        for i in range(len(w))
        for j in range(i + 1, min(len(w), i + longest) + 1)
    }
    letters = {piece for piece in pieces if len(piece) == 1}
    share = dict.fromkeys(pieces, 1 / len(pieces))
    while True:
        for _ in range(rounds):
            counts = Counter()
            for word, times in words.items():
                for piece, count in expected_counts(word, share)[0].items():
                    counts[piece] += times * count
            total = sum(counts.values()) + 1e-3 * len(share)
            share = {piece: (counts[piece] + 1e-3) / total for piece in share}
        if len(share) <= size:
            return share
        keep = max(size, int(shrink * len(share)))
        ranked = sorted(
            share.keys() - letters, key=lambda piece: (-share[piece], piece)
        )
        share = {
            piece: share[piece]
            for piece in letters | set(ranked[: max(keep - len(letters), 0)])
        }
        if len(share) <= len(letters):
            return share


# --8<-- [end:em]


# --8<-- [start:bytes]
def byte_symbols(text):
    """Byte-level BPE starts from the 256 bytes of UTF-8: nothing is ever unknown."""
    return [bytes([b]) for b in text.encode("utf-8")]


# --8<-- [end:bytes]

TEXT = (
    "low lower lowest new newer newest wide wider widest show shows slow slower slowest"
)

PASSAGE = """
A tokeniser is the first part of a language model and the last to be looked at. It is trained before the model, on text
chosen for it, and then it stays as it is: every later part of the model has learnt to live with its pieces. Common
words become one piece each, rare words become several, and what was never seen falls back to letters or to bytes. How
many pieces a text takes decides how much of it fits into the context, how long the answer takes, and what it costs.
"""
HELD_OUT = """
The longer a vocabulary is, the fewer pieces a text needs, and the larger the two matrices at the ends of the model
become. Small models feel this most. A text in a language that the tokeniser was not trained on takes many more pieces.
"""


def characters_per_token(text, merges):
    words = words_of(text)
    return sum(map(len, words)) / sum(len(encode(word, merges)) for word in words)


def experiment():
    counts = [0, 25, 50, 75, 100, 150, 200]
    merges = train_bpe(" ".join(PASSAGE.split()), counts[-1])
    steps = []
    for n in range(len(train_bpe(TEXT, 12)) + 1):
        symbols = encode(" lowest", train_bpe(TEXT, n))
        if not steps or symbols != steps[-1]:
            steps.append(symbols)
    return {
        "merges": counts,
        "trained on": [
            round(characters_per_token(PASSAGE, merges[:n]), 3) for n in counts
        ],
        "held out": [
            round(characters_per_token(HELD_OUT, merges[:n]), 3) for n in counts
        ],
        "steps": steps,
    }


def show(symbols):
    return " | ".join(symbol.replace(" ", "_") for symbol in symbols)


if __name__ == "__main__":
    run = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(run) + "\n", encoding="utf-8"
        )
    merges = train_bpe(TEXT, 12)
    print("merges in order:", " ".join(f"{a}+{b}".replace(" ", "_") for a, b in merges))
    for word in (" lower", " newest", " slowness"):
        print(f"{word.strip():>9}: {show(encode(word, merges))}")
    shares = {
        " low": 0.05,
        "low": 0.1,
        "er": 0.1,
        "est": 0.1,
        " ": 0.1,
        "l": 0.05,
        "o": 0.05,
        "w": 0.05,
        "e": 0.05,
    }
    table = {piece: math.log(share) for piece, share in shares.items()}
    print(f"  unigram: {show(best_segmentation(' lower', table))}")
    learnt = train_unigram(TEXT, 40)
    table = {piece: math.log(p) for piece, p in learnt.items()}
    longest = sorted(
        (piece for piece in learnt if len(piece) > 2), key=lambda piece: -learnt[piece]
    )[:6]
    print(
        "unigram trained to 40 pieces, longest kept:",
        " ".join(piece.replace(" ", "_") for piece in longest),
    )
    for word in (" lower", " newest", " slowness"):
        print(
            f"{word.strip():>9}: {show(best_segmentation(word, table) or list(word))}"
        )
    for text in ("token", "größe", "数", "🦙"):
        print(f"{text}: {len(text)} characters, {len(byte_symbols(text))} bytes")
    print("\nmerges             " + "".join(f"{n:>6}" for n in run["merges"]))
    for name in ("trained on", "held out"):
        print(f"{name:<11}letters " + "".join(f"{x:>6.2f}" for x in run[name]))
    written = [" ", "low", "e", "r"]
    print(f"\nwritten by a model: {show(written)}; the same text, encoded:", end=" ")
    print(show(encode("".join(written), merges)))
    halves = "🦙".encode()[:2].decode(errors="replace"), "🦙".encode().decode()
    print(f"two of the four bytes of an emoji: {halves[0]}, all four: {halves[1]}")
