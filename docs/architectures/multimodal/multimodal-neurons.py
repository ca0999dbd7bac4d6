"""Finding the neurons that turn an image patch into a word, in a transformer small
enough to know the answer.
"""

import numpy as np

WORDS = ("horse", "water", "tree", "car", "the", "of")


# --8<-- [start:model]
def forward(patches, model, silenced=()):
    """Logits of the next word for one text position that attends evenly to all image
    patches.

    patches: P × d_image. The projection is the only part that was trained on images;
    the rest is a text model.
    """
    soft_prompt = patches @ model["projection"]  # P × d
    residual = soft_prompt.mean(0) + model["bos"]  # attention, reduced to its average
    hidden = np.maximum(residual @ model["mlp_in"] - model["threshold"], 0)  # neurons
    hidden = np.where(np.isin(np.arange(len(hidden)), silenced), 0, hidden)
    residual = residual + hidden @ model["mlp_out"]
    return residual @ model["unembedding"], hidden


# --8<-- [end:model]


# --8<-- [start:attribution]
def attribution(patches, model, word):
    """Activation × gradient: what each neuron adds to the logit of a word, to first
    order.
    """
    _, hidden = forward(patches, model)
    # d logit / d activation
    gradient = model["mlp_out"] @ model["unembedding"][:, word]
    return hidden * gradient


def decode(model, neuron):
    """What a neuron writes, read in words: its output weights through the
    unembedding.
    """
    return model["mlp_out"][neuron] @ model["unembedding"]


# --8<-- [end:attribution]


def example(seed=0, width=48, neurons=40):
    """A toy model in which neurons 0 to 3 were made to connect a visual direction to a
    word.
    """
    rng = np.random.default_rng(seed)
    unembedding = np.linalg.qr(rng.normal(size=(width, width)))[0][:, : len(WORDS)]
    seen = np.linalg.qr(rng.normal(size=(width, width)))[0][:, :4]
    mlp_in = rng.normal(size=(width, neurons)) / np.sqrt(width)
    mlp_out = 0.1 * rng.normal(size=(neurons, width)) / np.sqrt(width)
    for word in range(4):
        mlp_in[:, word] = 3 * seen[:, word]
        mlp_out[word] = 2 * unembedding[:, word]
    image = np.linalg.qr(rng.normal(size=(16, 16)))[0]
    model = {
        "projection": image[:, :4] @ seen.T * 2,
        "bos": 0.05 * rng.normal(size=width),
        "mlp_in": mlp_in,
        "mlp_out": mlp_out,
        "threshold": 0.3,
        "unembedding": unembedding,
    }
    return model, image[:, :4].T


if __name__ == "__main__":
    model, concepts = example()
    rng = np.random.default_rng(1)
    patches = np.stack([concepts[0]] * 6 + [concepts[1]] * 3) + 0.1 * rng.normal(
        size=(9, 16)
    )
    logits, hidden = forward(patches, model)
    best = int(logits.argmax())
    scores = attribution(patches, model, best)
    top = np.argsort(-np.abs(scores))[:3]
    print("next word:", WORDS[best])
    for neuron in top:
        written = WORDS[int(decode(model, neuron).argmax())]
        print(
            f"neuron {neuron:2d}: adds {scores[neuron]:7.4f} to its logit, writes {written!r}"
        )
    direct = patches.mean(0) @ model["projection"] @ model["unembedding"]
    print(
        "the projected patches, read as words at once:",
        WORDS[int(direct.argmax())],
        np.round(direct.max(), 2),
    )
    silenced, _ = forward(patches, model, silenced=top[:1])
    fall = logits[best] - silenced[best]
    print(
        f"without neuron {top[0]}: {WORDS[int(silenced.argmax())]}, logit of {WORDS[best]} falls by {fall:.2f}"
    )
