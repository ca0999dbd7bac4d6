"""Cross-attention fusion: a resampler, the mask by image, and gated layers between
frozen ones.
"""

import numpy as np


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def norm(x):
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)


# --8<-- [start:resampler]
def attend(queries, context, wq, wk, wv, wo, heads, mask=None):
    """Multi-head attention of queries (n × d) to a context (m × d). A row without
    anything to see gives zeros.
    """
    split = lambda x: x.reshape(len(x), heads, -1).transpose(1, 0, 2)  # noqa: E731
    q, k, v = split(queries @ wq), split(context @ wk), split(context @ wv)
    scores = q @ k.transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    if mask is None:
        mask = np.ones(scores.shape[1:], dtype=bool)
    weights = softmax(np.where(mask, scores, -1e30)) * mask.any(1, keepdims=True)
    return (weights @ v).transpose(1, 0, 2).reshape(len(queries), -1) @ wo


def resample(features, latents, layers, heads):
    """Perceiver resampler: however many features come in, as many vectors leave as
    there are learned latents.
    """
    for attention, (up, down) in layers:
        # the latents see the features and each other
        seen = np.concatenate([norm(features), norm(latents)])
        latents = latents + attend(norm(latents), seen, *attention, heads)
        latents = latents + np.maximum(norm(latents) @ up, 0) @ down
    return latents


# --8<-- [end:resampler]


# --8<-- [start:gated]
def image_mask(is_image, vectors_per_image, latest_only=True):
    """Which resampled vectors each text position may see: those of the latest image
    before it, or of all before.
    """
    seen = np.cumsum(is_image)[:, None]
    owner = np.repeat(np.arange(1, int(sum(is_image)) + 1), vectors_per_image)
    return owner == seen if latest_only else owner <= seen


def gated_block(text, visual, mask, attention, mlp, gates, heads):
    """The added layer: what it adds is multiplied by tanh of two learned numbers that
    start at zero.
    """
    up, down = mlp
    text = text + np.tanh(gates[0]) * attend(
        norm(text), visual, *attention, heads, mask
    )
    return text + np.tanh(gates[1]) * (np.maximum(norm(text) @ up, 0) @ down)


# --8<-- [end:gated]


def weights(rng, width, layers=1):
    def matrix(rows, columns):
        return rng.normal(size=(rows, columns)) / np.sqrt(rows)

    return [
        (
            tuple(matrix(width, width) for _ in range(4)),
            (matrix(width, 4 * width), matrix(4 * width, width)),
        )
        for _ in range(layers)
    ]


def slopes(gate, step=1e-6, seed=0):
    """Sizes of the gradients of a loss for gate and weights of the added layer
    (numeric), at a value of the gate.
    """
    rng = np.random.default_rng(seed)
    text, visual, wanted = (rng.normal(size=(n, 8)) for n in (5, 6, 5))
    ((attention, mlp),) = weights(rng, 8)
    mask = np.ones((5, 6), dtype=bool)

    def loss(gates, first):
        changed = (attention[0], attention[1], first, attention[3])
        return (
            (gated_block(text, visual, mask, changed, mlp, gates, 2) - wanted) ** 2
        ).mean()

    values = attention[2]
    bumped = values + step * np.eye(8)
    by_gate = (loss((gate + step, 0.0), values) - loss((gate, 0.0), values)) / step
    by_weights = (loss((gate, 0.0), bumped) - loss((gate, 0.0), values)) / step
    return abs(by_gate), abs(by_weights)


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    latents, layers = rng.normal(size=(4, 8)), weights(rng, 8, 2)
    for count in (49, 256, 8 * 256):
        print(
            f"{count:4d} features → {resample(rng.normal(size=(count, 8)), latents, layers, 2).shape[0]} vectors"
        )
    is_image = np.array([1, 0, 0, 1, 0, 0])
    print("latest image only:", image_mask(is_image, 1).astype(int).tolist())
    text, visual = rng.normal(size=(6, 8)), rng.normal(size=(8, 8))
    ((attention, mlp),) = weights(rng, 8)
    for gate in (0.0, 0.1, 1.0):
        out = gated_block(
            text, visual, image_mask(is_image, 4), attention, mlp, (gate, gate), 2
        )
        by_gate, by_weights = slopes(gate)
        change = np.abs(out - text).mean() / np.abs(text).mean()
        learns = f"gradient of gate {by_gate:.3f}, of values {by_weights:.3f}"
        print(f"gate {gate:.1f}: output changes by {change:.0%}; {learns}")
