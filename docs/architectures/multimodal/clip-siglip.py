"""Contrastive learning of images and texts: the softmax loss of CLIP and the sigmoid
loss of SigLIP.
"""

import numpy as np


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def log_softmax(x, axis):
    top = x.max(axis, keepdims=True)
    return x - top - np.log(np.exp(x - top).sum(axis, keepdims=True))


# --8<-- [start:losses]
def clip_loss(images, texts, scale):
    """Symmetric cross-entropy: each image picks its text in the batch, each text its
    image (rows: unit vectors).
    """
    logits = scale * images @ texts.T
    pick_text = -np.diag(log_softmax(logits, 1)).mean()
    pick_image = -np.diag(log_softmax(logits, 0)).mean()
    return (pick_text + pick_image) / 2


def siglip_loss(images, texts, scale, bias):
    """Every pair is a question of its own: do they belong together? Summed over pairs,
    divided by the batch.
    """
    logits = scale * images @ texts.T + bias
    sign = 2 * np.eye(len(images)) - 1
    return np.logaddexp(0, -sign * logits).sum() / len(images)


def first_bias(batch):
    """Where the loss is least as long as vectors say nothing: one pair in `batch`
    belongs together.
    """
    return -np.log(batch - 1)


def siglip_in_chunks(images, texts, scale, bias, chunk):
    """The same, with a part of the texts at a time, as devices pass them around: no row
    has to be whole.
    """
    total = 0.0
    for start in range(0, len(texts), chunk):
        part = texts[start : start + chunk]
        logits = scale * images @ part.T + bias
        own = np.arange(len(images))[:, None] == start + np.arange(len(part))
        total += np.logaddexp(0, -(2 * own - 1) * logits).sum()
    return total / len(images)


# --8<-- [end:losses]


# --8<-- [start:zero-shot]
def zero_shot(images, prompts):
    """Classify without training: the class whose text lies nearest."""
    return (images @ prompts.T).argmax(1)


# --8<-- [end:zero-shot]


def example(batch=8, width=16, noise=0.6, seed=0):
    rng = np.random.default_rng(seed)
    meaning = rng.normal(size=(batch, width))
    return tuple(
        unit(meaning + noise * rng.normal(size=meaning.shape)) for _ in range(2)
    )


if __name__ == "__main__":
    images, texts = example()
    similarity = images @ texts.T
    off = similarity[~np.eye(8, dtype=bool)]
    print(
        f"similarity of pairs {np.diag(similarity).mean():.2f}, of others {off.mean():.2f}"
    )
    for scale in (1.0, 10.0, 100.0):
        print(
            f"CLIP loss at scale {scale:5.0f}: {clip_loss(images, texts, scale):.3f}   (chance: {np.log(8):.3f})"
        )
    for bias in (0.0, -10.0):
        print(
            f"SigLIP loss at scale 10, bias {bias:5.0f}: {siglip_loss(images, texts, 10.0, bias):.3f}"
        )
    for batch in (8192, 32768):
        start = {
            bias: np.logaddexp(0, -bias) + (batch - 1) * np.logaddexp(0, bias)
            for bias in (0.0, -10.0)
        }
        print(
            f"batch {batch:6,d}: best first bias {first_bias(batch):6.2f};"
            f" loss at 0: {start[0.0]:8.1f}, at -10: {start[-10.0]:5.2f}"
        )
    print("zero-shot:", (zero_shot(images, texts) == np.arange(8)).sum(), "of 8 right")
