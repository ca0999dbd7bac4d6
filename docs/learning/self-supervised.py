"""Five self-supervised objectives in NumPy: what is hidden, what is shown, where the
loss is taken.
"""

import numpy as np

IGNORED = -1
"""Target of a position without loss."""


# --8<-- [start:text]
def next_token(tokens):
    """Causal: every position predicts the token after it."""
    return tokens[:-1], tokens[1:]


def masked(tokens, mask_id, vocabulary, rng, share=0.15):
    """Masked: a share of positions is predicted; 80% of these are masked, 10% random,
    10% left as they are.
    """
    chosen = rng.random(len(tokens)) < share
    fate = rng.random(len(tokens))
    shown = np.where(chosen & (fate < 0.8), mask_id, tokens)
    shown = np.where(
        chosen & (fate >= 0.9), rng.integers(vocabulary, size=len(tokens)), shown
    )
    return shown, np.where(chosen, tokens, IGNORED)


def span_corruption(tokens, spans, first_sentinel):
    """Spans (start, length) become one sentinel each; the target lists sentinel and
    span, span after span.
    """
    shown, target, end = [], [], 0
    for number, (start, length) in enumerate(spans):
        sentinel = first_sentinel + number
        shown += [*tokens[end:start], sentinel]
        target += [sentinel, *tokens[start : start + length]]
        end = start + length
    return np.array([*shown, *tokens[end:]]), np.array(
        [*target, first_sentinel + len(spans)]
    )


# --8<-- [end:text]


# --8<-- [start:images]
def masked_patches(patches, rng, share=0.75):
    """Masked autoencoding: the encoder sees a quarter of the patches; the loss is on
    the others' pixels.
    """
    order = rng.permutation(len(patches))
    kept = np.sort(order[round(len(patches) * share) :])
    hidden = np.ones(len(patches), dtype=bool)
    hidden[kept] = False
    return patches[kept], kept, hidden


def noised(x, alpha, sigma, rng):
    """Denoising: the whole input is shown with noise added; the noise is the target."""
    noise = rng.normal(size=x.shape)
    return alpha * x + sigma * noise, noise


# --8<-- [end:images]


def restore(shown, target, first_sentinel):
    """The text that a span-corruption pair came from."""
    spans, current = {}, None
    for token in target:
        if token >= first_sentinel:
            current = token
            spans[current] = []
        else:
            spans[current].append(token)
    return np.concatenate(
        [spans[t] if t >= first_sentinel else [t] for t in shown]
    ).astype(int)


def signal(length=100_000, seed=0):
    """Positions with loss for each token read, by objective."""
    rng = np.random.default_rng(seed)
    tokens = rng.integers(1000, size=length)
    inputs, targets = next_token(tokens)
    counted = {"next token": len(targets) / len(inputs)}
    _, targets = masked(tokens, 1000, 1000, rng)
    counted["masked token"] = float((targets != IGNORED).mean())
    starts = range(0, length - 3, 20)
    shown, target = span_corruption(tokens, [(start, 3) for start in starts], 1000)
    counted["span corruption"] = len(target) / (len(shown) + len(target))
    _, _, hidden = masked_patches(np.zeros((196, 1)), rng)
    counted["masked patches"] = float(hidden.mean())
    return counted


if __name__ == "__main__":
    words = ["the", "cat", "sat", "on", "the", "mat", "and", "slept"]
    tokens, rng = np.arange(8), np.random.default_rng(4)
    names = np.array([*words, "[MASK]", "<0>", "<1>", "<2>"])

    def spell(numbers):
        return " ".join("·" if n == IGNORED else str(names[n]) for n in numbers)

    pairs = {
        "next token": next_token(tokens),
        "masked token": masked(tokens, 8, 8, rng, share=0.3),
        "span corruption": span_corruption(tokens, [(1, 2), (5, 1)], 9),
    }
    for name, (shown, target) in pairs.items():
        print(f"{name:>15}  shown   {spell(shown)}\n{'':>15}  target  {spell(target)}")
    patches, kept, hidden = masked_patches(
        np.arange(16.0).reshape(16, 1), np.random.default_rng(1)
    )
    print(f" masked patches  shown   {kept} of 16, {hidden.sum()} to be painted")
    print("\npositions with loss, per position processed")
    for name, share in signal().items():
        print(f"  {name:<16} {share:.2f}")
