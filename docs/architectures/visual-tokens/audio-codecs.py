"""Neural audio codecs in numbers: bit rates from configurations, residual stages,
delays, balanced losses.
"""

import json
import sys
from dataclasses import dataclass
from math import ceil, log2, prod
from pathlib import Path

import numpy as np


# --8<-- [start:rates]
@dataclass(frozen=True)
class Codec:
    """What a configuration says; the rest follows."""

    rate: int  # samples a second
    # by which factors the encoder shortens the signal, one after the other
    strides: tuple[int, ...]
    books: int
    size: int  # codes in a book

    @property
    def frames(self):
        """Frames a second."""
        return self.rate / prod(self.strides)

    def bits(self, books=None):
        """Bits a second when so many books are kept."""
        return self.frames * (books or self.books) * log2(self.size)

    def books_for(self, bits):
        """How many books a target of so many bits a second affords, as EnCodec counts
        them.
        """
        return max(1, int(bits // (ceil(self.frames) * log2(self.size))))


CODECS = {
    "SoundStream": Codec(24_000, (2, 4, 5, 8), 24, 1024),
    "EnCodec 24 kHz": Codec(24_000, (2, 4, 5, 8), 32, 1024),
    "EnCodec 48 kHz": Codec(48_000, (2, 4, 5, 8), 16, 1024),
    "DAC 44.1 kHz": Codec(44_100, (2, 4, 8, 8), 9, 1024),
    "DAC 24 kHz": Codec(24_000, (2, 4, 5, 8), 32, 1024),
    "Mimi": Codec(24_000, (4, 5, 6, 8, 2), 32, 2048),
    "WavTokenizer": Codec(24_000, (4, 5, 5, 6), 1, 4096),
    "X-Codec 2": Codec(16_000, (2, 2, 4, 4, 5), 1, 4**8),
}
# --8<-- [end:rates]


# --8<-- [start:ladder]
def encode(x, books):
    """Residual quantisation of x, row by row: each book codes what is left over."""
    left, codes = x, []
    for book in books:
        codes.append(((book**2).sum(1) - 2 * left @ book.T).argmin(1))
        left = left - book[codes[-1]]
    return np.stack(codes)


def decode(codes, books):
    """The sum of the entries; fewer rows of codes give a coarser sum."""
    return sum(book[row] for row, book in zip(codes, books, strict=False))


def split_encode(x, semantic, books):
    """Mimi: a book for content and a ladder for sound side by side; the ladder starts
    from x, not from what is left.
    """
    return np.concatenate([encode(x, [semantic]), encode(x, books)])


# --8<-- [end:ladder]


# --8<-- [start:commitment]
def commitment(x, books, detached=True):
    """Sum over stages of ‖left - entry‖² (mean over rows), and its gradient on x with
    entries held constant.

    detached: what a stage leaves over is x minus constants, so every stage pulls at the
    encoder. Otherwise it is x minus a straight-through value, which moves with x: then
    only the first stage does.
    """
    loss, gradient, left = 0.0, np.zeros_like(x), x
    for stage, book in enumerate(books):
        gap = left - decode(encode(left, [book]), [book])
        loss += (gap**2).sum(1).mean()
        if detached or stage == 0:
            gradient += 2 * gap / len(x)
        left = gap
    return loss, gradient


# --8<-- [end:commitment]


# --8<-- [start:balance]
def balance(gradients, weights, averages=None, decay=0.999, total=1.0, epsilon=1e-12):
    """EnCodec's loss balancer: gradients (at the decoder's output) scaled so that each
    has its share of a fixed norm.

    gradients: name → batch × …; averages: what an earlier call returned. The norm is
    averaged over the batch and, with `decay`, over steps.
    """
    old = averages or dict.fromkeys(gradients, (0.0, 0.0))
    norms = {
        name: np.linalg.norm(g.reshape(len(g), -1), axis=1).mean()
        for name, g in gradients.items()
    }
    new = {
        name: (old[name][0] * decay + norm, old[name][1] * decay + 1)
        for name, norm in norms.items()
    }
    share = {name: weights[name] / sum(weights.values()) for name in gradients}
    scale = {
        name: share[name] * total / (epsilon + new[name][0] / new[name][1])
        for name in gradients
    }
    return sum(scale[name] * g for name, g in gradients.items()), new


# --8<-- [end:balance]


# --8<-- [start:delay]
def delay_pattern(delays, frames):
    """books × steps: the frame whose code is drawn in each step, -1 where a book
    pauses.
    """
    steps = np.arange(frames + max(delays))
    frame = steps[None] - np.array(delays)[:, None]
    return np.where((frame >= 0) & (frame < frames), frame, -1)


def apply_delay(codes, delays, pad):
    """Codes (books × frames) as the model sees them, one column a step."""
    frame = delay_pattern(delays, codes.shape[1])
    return np.where(
        frame < 0, pad, np.take_along_axis(codes, np.maximum(frame, 0), axis=1)
    )


# --8<-- [end:delay]


# --8<-- [start:merge]
def merge(frames, alike):
    """Lengths of groups: a frame joins the group before it if the cosine between it and
    the group's mean is at least `alike`.
    """
    lengths, mean = [1], frames[0]
    for frame in frames[1:]:
        cosine = frame @ mean / np.sqrt(frame @ frame * (mean @ mean))
        if cosine >= alike:
            mean = (mean * lengths[-1] + frame) / (lengths[-1] + 1)
            lengths[-1] += 1
        else:
            lengths.append(1)
            mean = frame
    return lengths


def left_over(frames, lengths):
    """Energy that is lost, in dB, when every group is replaced by its mean."""
    ends = np.cumsum(lengths)
    means = [
        frames[end - n : end].mean(0) for end, n in zip(ends, lengths, strict=True)
    ]
    error = frames - np.repeat(means, lengths, axis=0)
    return 10 * np.log10((error**2).sum() / (frames**2).sum())


# --8<-- [end:merge]


def sounds(count=600, width=16, noise=0.2, seed=0):
    """Frames of sounds that last one to seven frames each."""
    rng = np.random.default_rng(seed)
    lasting = rng.integers(1, 8, size=count)
    frames = np.repeat(rng.normal(size=(count, width)), lasting, axis=0)
    return frames + noise * rng.normal(size=frames.shape)


def threshold(frames, count):
    """The likeness that leaves at most `count` groups."""
    low, high = 0.0, 1.0
    for _ in range(30):
        middle = (low + high) / 2
        if len(merge(frames, middle)) > count:
            high = middle
        else:
            low = middle
    return low


def k_means(x, size, rng, rounds):
    book = x[rng.choice(len(x), size, replace=False)].copy()
    for _ in range(rounds):
        index = encode(x, [book])[0]
        total, count = np.zeros_like(book), np.bincount(index, minlength=size)
        np.add.at(total, index, x)
        book[count > 0] = total[count > 0] / count[count > 0, None]
    return book


def experiment(seed=0, d=4, size=16, stages=6):
    """Energy left over (dB) of Gaussian vectors: residual stages of 4 bits, single
    books of as many bits, the limit.
    """
    rng = np.random.default_rng(seed)
    train, test = rng.normal(size=(12_000, d)), rng.normal(size=(8_000, d))

    def left(codes, books):
        return round(
            float(10 * np.log10(((test - decode(codes, books)) ** 2).mean())), 3
        )

    books, rest = [], train
    for _ in range(stages):
        books.append(k_means(rest, size, rng, 20))
        rest = rest - decode(encode(rest, books[-1:]), books[-1:])
    codes = encode(test, books)
    single = []
    for bits in (4, 8, 10):
        book = k_means(train, 2**bits, rng, 20)
        single.append([bits, left(encode(test, [book]), [book])])
    bits = int(log2(size))
    return {
        "dimensions": d,
        "residual": [[bits * n, left(codes[:n], books)] for n in range(1, stages + 1)],
        "single": single,
        "limit": [
            [b, round(-20 * b / d * float(np.log10(2)), 3)]
            for b in range(0, bits * stages + 1, 2)
        ],
    }


if __name__ == "__main__":
    results = experiment()
    if "--data" in sys.argv:
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(results) + "\n", encoding="utf-8"
        )
    print("                 frames/s  books x bits      bit/s  ms/frame")
    for name, codec in CODECS.items():
        shape = f"{codec.books:2d} x {log2(codec.size):g}"
        print(
            f"{name:16s} {codec.frames:8.2f}  {shape:12s} {codec.bits():10,.0f}  {1000 / codec.frames:8.1f}"
        )
    encodec = CODECS["EnCodec 24 kHz"]
    print(
        "EnCodec 24 kHz, kbit/s and books:",
        ", ".join(
            f"{k:g} = {encodec.books_for(1000 * k)}" for k in (1.5, 3, 6, 12, 24)
        ),
    )
    print(f"Mimi with 8 books: {CODECS['Mimi'].bits(8):,.0f} bit/s")
    print("energy left over, dB (Gaussian, 4 dimensions)")
    for name in ("residual", "single"):
        print(
            f"  {name:8s} bits", *(f" {bits}: {db:.1f}" for bits, db in results[name])
        )
    frames = sounds()
    for each in (2, 3, 4):
        evenly = [each] * (len(frames) // each)
        evenly += [1] * (len(frames) - sum(evenly))
        alike = threshold(frames, len(evenly))
        print(
            f"{len(frames)} frames into {len(evenly)}: evenly {left_over(frames, evenly):.1f} dB of error,"
            f" by likeness {left_over(frames, merge(frames, alike)):.1f} dB"
        )
    print("delays 0, 1, 2, 3 over five frames (-1: pause)")
    print(delay_pattern([0, 1, 2, 3], 5))
