"""From a waveform to the inputs of a model: log-mel frames, strided convolutions, CTC,
and the contrast of wav2vec.
"""

import json
import sys
from pathlib import Path

import numpy as np

RATE = 16000


# --8<-- [start:mel]
def mel_filters(bands=80, window=400, rate=RATE):
    """Triangles on the mel scale (linear below 1 kHz, logarithmic above), each of unit
    area. bands × frequencies.
    """

    def hertz(mel):
        return np.where(
            mel < 15,
            mel * 200 / 3,
            1000 * np.exp(np.maximum(mel - 15, 0) * np.log(6.4) / 27),
        )

    top = 15 + 27 * np.log(rate / 2 / 1000) / np.log(6.4)
    edges = hertz(np.linspace(0, top, bands + 2))
    bins = np.linspace(0, rate / 2, window // 2 + 1)
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    return (
        np.maximum(0, np.minimum(rise, fall)) * (2 / (edges[2:] - edges[:-2]))[:, None]
    )


def log_mel(wave, bands=80, window=400, hop=160):
    """Whisper's features: 25 ms windows every 10 ms, log power in mel bands, clipped to
    80 dB. bands × frames.
    """
    padded = np.pad(wave, window // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop][
        : len(wave) // hop
    ]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(window) / window)
    power = np.abs(np.fft.rfft(frames * hann)) ** 2
    log = np.log10(np.maximum(mel_filters(bands, window) @ power.T, 1e-10))
    return (np.maximum(log, log.max() - 8) + 4) / 4


# --8<-- [end:mel]


# --8<-- [start:coarse]
def coarse(logs, low=-7.0, high=2.0, steps=16):
    """Inkling's sound: every log₁₀ power as the nearest of a few levels."""
    levels = np.linspace(low, high, steps)
    return np.abs(np.clip(logs, low, high)[..., None] - levels).argmin(-1)


def add_up(levels, table):
    """One input a frame: a learned vector for each pair of band and level, summed
    over the bands. levels: bands × frames, table: bands × steps × d.
    """
    return table[np.arange(len(levels))[:, None], levels].sum(0)


# --8<-- [end:coarse]


# --8<-- [start:frames]
def after(length, convolutions):
    """Positions that remain after convolutions given as (kernel, stride, padding)."""
    for kernel, stride, padding in convolutions:
        length = (length + 2 * padding - kernel) // stride + 1
    return length


WHISPER = [(3, 1, 1), (3, 2, 1)]
WAV2VEC = [(10, 5, 0), *[(3, 2, 0)] * 4, *[(2, 2, 0)] * 2]


# --8<-- [end:frames]


# --8<-- [start:ctc]
def collapse(path, blank=0):
    """What a path of labels, one for each frame, says: repeats are merged, then blanks
    removed.
    """
    return [
        label
        for place, label in enumerate(path)
        if label != blank and (place == 0 or label != path[place - 1])
    ]


def ctc_probability(probabilities, text, blank=0):
    """Sum over all paths that collapse to the text, by a forward pass. probabilities:
    frames × labels.
    """
    labels = [blank]
    for label in text:
        labels += [label, blank]
    alpha = np.zeros(len(labels))
    alpha[:2] = probabilities[0, labels[:2]]
    for frame in probabilities[1:]:
        step = alpha + np.concatenate([[0], alpha[:-1]])
        for place in range(2, len(labels)):
            if labels[place] not in (blank, labels[place - 2]):
                step[place] += alpha[place - 2]
        alpha = step * frame[labels]
    return alpha[-2:].sum()


def ctc_times(probabilities, text, blank=0):
    """The frame in which each label of the text begins, on the likeliest path that
    collapses to it: the same pass with the largest term instead of the sum.
    """
    labels = [blank]
    for label in text:
        labels += [label, blank]
    best = np.full(len(labels), -np.inf)
    best[:2] = np.log(probabilities[0, labels[:2]])
    came = [np.arange(len(labels))]
    for frame in probabilities[1:]:
        steps = np.full((3, len(labels)), -np.inf)
        steps[0], steps[1, 1:] = best, best[:-1]
        for place in range(2, len(labels)):
            if labels[place] not in (blank, labels[place - 2]):
                steps[2, place] = best[place - 2]
        came.append(np.arange(len(labels)) - steps.argmax(0))
        best = steps.max(0) + np.log(frame[labels])
    place = len(labels) - 2 + int(best[-1] > best[-2])
    path = []
    for back in came[::-1]:
        path.append(place)
        place = back[place]
    path = path[::-1]
    return [path.index(2 * number + 1) for number in range(len(text))]


# --8<-- [end:ctc]


# --8<-- [start:transducer]
def transducer_probability(write, wait):
    """Sum over all ways to write a text of U labels while walking through T frames.

    `write[t, u, d]`: at frame t, after u labels, write the next label and go d frames
    on; `wait[t, u, d]`: write nothing and go d frames on. In the plain transducer,
    writing keeps the frame (d = 0) and waiting goes on by one; a token-and-duration
    transducer (TDT) predicts d as well.
    """
    frames, places, spans = write.shape
    alpha = np.zeros((frames + 1, places))
    alpha[0, 0] = 1
    for t in range(frames):
        for u in range(places):
            for d in range(min(spans, frames - t + 1)):
                if d:
                    alpha[t + d, u] += alpha[t, u] * wait[t, u, d]
                if u + 1 < places:
                    alpha[t + d, u + 1] += alpha[t, u] * write[t, u, d]
    return alpha[frames, -1]


# --8<-- [end:transducer]


# --8<-- [start:contrast]
def contrast(predicted, target, others, temperature=0.1):
    """wav2vec 2.0: at a masked position, find the true code vector among distractors
    from other masked positions.
    """

    def unit(x):
        return x / np.linalg.norm(x, axis=-1, keepdims=True)

    scores = unit(np.vstack([target, others])) @ unit(predicted) / temperature
    return np.log(np.exp(scores - scores.max()).sum()) + scores.max() - scores[0]


# --8<-- [end:contrast]


def chirp(seconds=3.0):
    """A tone that rises from 200 Hz to 6 kHz, with a click in the middle."""
    t = np.arange(int(seconds * RATE)) / RATE
    wave = 0.3 * np.sin(2 * np.pi * (200 * t + (6000 - 200) / (2 * seconds) * t**2))
    wave[len(wave) // 2 : len(wave) // 2 + 40] += 1.0
    return wave


def picture():
    """The chirp's features, 40 bands by 75 steps of 40 ms, from 0 to 1."""
    mel = log_mel(chirp(), bands=40)
    coarse = mel[:, : mel.shape[1] // 4 * 4].reshape(40, -1, 4).max(2)
    return (coarse - coarse.min()) / (coarse.max() - coarse.min())


if __name__ == "__main__":
    if "--data" in sys.argv:
        rows = [[round(float(v), 2) for v in row] for row in picture()[::-1]]
        Path(__file__).with_suffix(".json").write_text(
            json.dumps(rows) + "\n", encoding="utf-8"
        )
    print(
        "30 s:", 30 * RATE, "samples,", log_mel(np.zeros(30 * RATE)).shape, "features"
    )
    step = 9 / 15
    print(
        f"16 levels: off by at most {10 * step / 2:.0f} dB;"
        f" {80 * 20 * 4:,d} bits a second for 80 bands, 20 times a second"
    )
    print(
        "Whisper's encoder sees",
        after(3000, WHISPER),
        "positions, wav2vec 2.0's",
        after(30 * RATE, WAV2VEC),
    )
    print("collapse 0 3 3 0 1 1 0 1 →", collapse([0, 3, 3, 0, 1, 1, 0, 1]))
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(3), size=6)
    for text in ([1], [1, 2], [1, 1, 2], [1, 2, 1, 2, 1, 2]):
        print("probability of", text, f"in 6 frames: {ctc_probability(p, text):.4f}")
    said = np.full((8, 3), 0.05)
    said[range(8), [0, 1, 1, 0, 0, 2, 2, 0]] = 0.9
    print("1 and 2 begin in frames", ctc_times(said, [1, 2]))
    keep, on = np.zeros((6, 4, 2)), np.zeros((6, 4, 2))
    keep[..., 0], on[..., 1] = 1, 1
    print(
        f"ways of a transducer to write 3 labels in 6 frames: {transducer_probability(keep, on):.0f}"
    )
    target, others = rng.normal(size=16), rng.normal(size=(100, 16))
    for noise in (0.1, 1.0, 10.0):
        loss = contrast(target + noise * rng.normal(size=16), target, others)
        print(
            f"contrast with noise {noise:4.1f}: {loss:.2f}   (chance: {np.log(101):.2f})"
        )
