"""Speaking in codes: several books for each frame, the orders to predict them in, and
streams of two speakers.
"""

import numpy as np

EMPTY = -1


# --8<-- [start:orders]
def delay(codes, delays):
    """Shift row k of books × frames by delays[k]: what is predicted in one step comes
    from different frames.
    """
    books, frames = codes.shape
    out = np.full((books, frames + max(delays)), EMPTY)
    for book, shift in enumerate(delays):
        out[book, shift : shift + frames] = codes[book]
    return out


def undelay(rows, delays):
    """The inverse of `delay`."""
    frames = rows.shape[1] - max(delays)
    return np.stack(
        [row[shift : shift + frames] for row, shift in zip(rows, delays, strict=True)]
    )


def step_of(books, frames, order):
    """The step of the large model in which each code is predicted (books × frames),
    counted from 1.
    """
    book, frame = np.mgrid[:books, :frames]
    if order == "flat":
        return frame * books + book + 1
    if order == "delay":
        return frame + book + 1
    # "parallel", and "depth": there a small model goes through the books of a frame
    return frame + 1


# --8<-- [end:orders]


# --8<-- [start:loss]
def lost_bits(joint):
    """What predicting two codes at once, independently, costs over predicting the
    second knowing the first.

    joint: probabilities of pairs. The difference is their mutual information, in bits.
    """
    first, second = joint.sum(1), joint.sum(0)

    def entropy(p):
        p = p[p > 0]
        return -(p * np.log2(p)).sum()

    independent = entropy(first) + entropy(second)
    return independent, entropy(joint.ravel()), independent - entropy(joint.ravel())


# --8<-- [end:loss]


# --8<-- [start:residual]
def encode(x, books):
    """Residual quantisation: each book codes what the ones before left over. books:
    list of codes × d.
    """
    codes, left = [], x
    for book in books:
        nearest = ((left[:, None] - book) ** 2).sum(-1).argmin(1)
        codes.append(nearest)
        left = left - book[nearest]
    return np.stack(codes), left


# --8<-- [end:residual]


# --8<-- [start:streams]
PAD, WORD = ".", "|"


def text_stream(words, frames, delay=0, rate=12.5):
    """One token for each frame: a mark where a word starts, its tokens, then padding,
    all of it `delay` frames late.

    words: pairs of the start in seconds and the tokens.
    """
    row, free = [PAD] * (frames + delay), 0
    for second, tokens in words:
        free = max(int(second * rate), free)
        for token in (WORD, *tokens):
            row[free + delay] = token
            free += 1
    return row


def fed_text(words, wants):
    """Text for a voice that says itself when it is ready for a word: wants[step] is
    what it predicts there.
    """
    row, queue, rest = [], [], list(words)
    for want in wants:
        if queue:
            row.append(queue.pop(0))
        elif want and rest:
            row.append(WORD)
            queue = list(rest.pop(0))
        else:
            row.append(PAD)
    return row


# --8<-- [end:streams]


# --8<-- [start:lag]
def right_after(lag, turn=0.1, clear=0.75, count=20_000, seed=0):
    """Share of right labels if each is guessed from all sound until `lag` frames after
    it.

    Two labels; one turns into the other with probability `turn`, and a frame sounds
    like its label with `clear`.
    """
    rng = np.random.default_rng(seed)
    label = np.cumsum(rng.random(count) < turn) % 2
    heard = np.where(rng.random(count) < clear, label, 1 - label)
    likely = np.where(heard[:, None] == np.arange(2), clear, 1 - clear)
    change = np.array([[1 - turn, turn], [turn, 1 - turn]])
    past = np.empty((count, 2))
    belief = np.full(2, 0.5)
    for frame in range(count):
        belief = (change @ belief) * likely[frame]
        past[frame] = belief = belief / belief.sum()
    future = np.ones((count, 2))
    for ahead in range(lag, 0, -1):
        later = np.concatenate([likely[ahead:], np.ones((ahead, 2))])
        future = (later * future) @ change
    return float(((past * future).argmax(1) == label).mean())


# --8<-- [end:lag]


def residual_books(x, count=4, size=16, rounds=10, seed=0):
    """Code books fitted one after the other by k-means on what is left."""
    rng, books, left = np.random.default_rng(seed), [], x
    for _ in range(count):
        book = left[rng.choice(len(left), size, replace=False)].copy()
        for _ in range(rounds):
            nearest = ((left[:, None] - book) ** 2).sum(-1).argmin(1)
            for code in range(size):
                if (nearest == code).any():
                    book[code] = left[nearest == code].mean(0)
        books.append(book)
        left = left - book[((left[:, None] - book) ** 2).sum(-1).argmin(1)]
    return books


def sounds(count=2000, seed=1):
    """Vectors on a bent sheet with noise: successive codes of one frame depend on each
    other.
    """
    rng = np.random.default_rng(seed)
    u, v = rng.uniform(-1, 1, size=(2, count))
    return np.stack([u, v, u * v, np.sin(3 * u)], 1) + 0.05 * rng.normal(
        size=(count, 4)
    )


def measured():
    x = sounds()
    codes, _ = encode(x, residual_books(x))
    joint = np.zeros((16, 16))
    np.add.at(joint, (codes[0], codes[1]), 1 / codes.shape[1])
    return lost_bits(joint)


if __name__ == "__main__":
    codes = np.arange(12).reshape(3, 4)
    print("delayed by book:", delay(codes, [0, 1, 2]).tolist())
    for order, small in (("flat", 0), ("parallel", 0), ("delay", 0), ("depth", 8)):
        steps = step_of(8, 125, order).max()
        print(
            f"10 s of 8 books at 12.5 Hz, {order:8s}: {steps:4d} large steps, {125 * small:4d} small ones"
        )
    x = sounds()
    books = residual_books(x)
    errors = [np.mean(encode(x, books[:n])[1] ** 2) / x.var() for n in range(1, 5)]
    print("left over after 1 … 4 books:", " ".join(f"{e:.3f}" for e in errors))
    print(
        "bits for two books: independent {:.2f}, in turn {:.2f}, lost {:.2f}".format(
            *measured()
        )
    )
    words = [(0.1, ["I"]), (0.4, ["hear", "d"])]
    print("text with the sound:", " ".join(text_stream(words, 9)))
    print("three frames late:  ", " ".join(text_stream(words, 9, delay=3)))
    print(
        "fed on request:     ",
        " ".join(fed_text([w for _, w in words], [0, 1, 1, 0, 0, 1, 0, 0, 1])),
    )
    print(
        "labels right, text late by 0, 1, 2, 4, 8 frames:",
        " ".join(f"{right_after(k):.3f}" for k in (0, 1, 2, 4, 8)),
    )
