"""Encoder, decoder and encoder-decoder in NumPy: one block, three masks, and who
depends on whom.
"""

import numpy as np


# --8<-- [start:masks]
def full(tokens):
    """Every token reads every token: encoders."""
    return np.ones((tokens, tokens), dtype=bool)


def causal(tokens):
    """Every token reads itself and earlier ones: decoders."""
    return np.tri(tokens, dtype=bool)


def prefix(tokens, length):
    """The first `length` tokens read one another, the rest reads causally: prefix
    language models.
    """
    mask = causal(tokens)
    mask[:length, :length] = True
    return mask


# --8<-- [end:masks]


# --8<-- [start:stacks]
def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def read(x, memory, mask):
    """One head without weights: x (T × d) reads from memory (S × d) where the T × S
    mask allows.
    """
    return softmax(np.where(mask, x @ memory.T / np.sqrt(x.shape[1]), -np.inf)) @ memory


def stack(x, mask, layers=2):
    """Encoder or decoder, by the mask."""
    for _ in range(layers):
        x = x + read(x, x, mask)
    return x


def encoder_decoder(source, target, layers=2):
    """The source is encoded once; every decoder layer reads itself causally and the
    whole source.
    """
    memory = stack(source, full(len(source)), layers)
    for _ in range(layers):
        target = target + read(target, target, causal(len(target)))
        target = target + read(
            target, memory, np.ones((len(target), len(memory)), dtype=bool)
        )
    return target


# --8<-- [end:stacks]


# --8<-- [start:depends]
def depends(network, x):
    """T × T booleans, found by trying: does output row i change when input
    row j does?
    """
    before = network(x)
    found = np.zeros((len(before), len(x)), dtype=bool)
    for j in range(len(x)):
        moved = x.copy()
        moved[j] += 0.5
        found[:, j] = np.abs(network(moved) - before).max(1) > 1e-12
    return found


# --8<-- [end:depends]


def picture(mask):
    return "\n".join(
        "  " + " ".join("■" if cell else "·" for cell in row) for row in mask
    )


if __name__ == "__main__":
    x = np.random.default_rng(0).normal(size=(5, 8))
    for name, mask in {
        "encoder": full(5),
        "decoder": causal(5),
        "prefix of 3": prefix(5, 3),
    }.items():
        print(f"{name}: output (rows) that changes with the input (columns)")
        print(picture(depends(lambda y, m=mask: stack(y, m), x)))
    source = np.random.default_rng(1).normal(size=(4, 8))
    print("encoder-decoder: of the target on the source, then on itself")
    print(picture(depends(lambda s: encoder_decoder(s, x), source)))
    print(picture(depends(lambda t: encoder_decoder(source, t), x)))
