"""Native resolution: from pixels to tokens, positions with three axes, and rotary
frequencies shared among them.
"""

import math

import numpy as np


# --8<-- [start:tokens]
def resize(height, width, factor=28, least=56 * 56, most=28 * 28 * 1280):
    """Sides that are multiples of `factor`, near the old shape, with an area (px)
    between `least` and `most`.
    """
    rows, columns = round(height / factor) * factor, round(width / factor) * factor
    if rows * columns > most:
        shrink = math.sqrt(height * width / most)
        rows = max(factor, math.floor(height / shrink / factor) * factor)
        columns = max(factor, math.floor(width / shrink / factor) * factor)
    elif rows * columns < least:
        grow = math.sqrt(least / (height * width))
        rows, columns = (
            math.ceil(side * grow / factor) * factor for side in (height, width)
        )
    return rows, columns


def tokens(height, width, frames=1, factor=28):
    """Tokens after merging 2 × 2 patches, and pairs of frames, from the original size
    of an image or video.
    """
    rows, columns = resize(height, width, factor)
    return rows // factor * (columns // factor) * math.ceil(frames / 2)


def film(height, width, frames, factor=32, total=24576 * 32 * 32, most=math.inf):
    """Tokens of a video whose frames share `total` px and may have `most` px each."""
    share = min(total / frames, most)
    rows, columns = resize(height, width, factor, least=0, most=share)
    return rows // factor * (columns // factor) * math.ceil(frames / 2)


# --8<-- [end:tokens]


# --8<-- [start:positions]
def positions(parts):
    """Positions (time, row, column) of a sequence. parts: numbers of text tokens, or
    (frames, rows, columns).
    """
    out, start = [], 0
    for part in parts:
        if isinstance(part, int):
            block = np.repeat(np.arange(part)[:, None], 3, axis=1)
        else:
            block = np.stack(
                np.meshgrid(*map(np.arange, part), indexing="ij"), -1
            ).reshape(-1, 3)
        out.append(block + start)
        # the next part begins after the largest position so far
        start = out[-1].max() + 1
    return np.concatenate(out)


def axis_of_pair(pairs=64, sections=(16, 24, 24), interleaved=False):
    """Which axis (0 time, 1 row, 2 column) turns each pair of a head's channels,
    fastest frequency first.
    """
    if not interleaved:
        return np.repeat([0, 1, 2], sections)
    axes = np.zeros(pairs, dtype=int)
    for axis in (1, 2):
        axes[axis : 3 * sections[axis] : 3] = axis
    return axes


def mrope(x, where, axes, base=1e6):
    """Rotate pairs of channels by the position along their axis. x: T × d_h, where: T ×
    3.
    """
    half = x.shape[1] // 2
    angle = where[:, axes] * base ** (-np.arange(half) / half)
    a, b = x[:, :half], x[:, half:]
    return np.concatenate(
        [a * np.cos(angle) - b * np.sin(angle), b * np.cos(angle) + a * np.sin(angle)],
        axis=1,
    )


# --8<-- [end:positions]


def longest_wave(axes, axis, base=1e6):
    """Positions after which the slowest pair of an axis has turned once."""
    slowest = np.flatnonzero(axes == axis).max()
    return 2 * np.pi * base ** (slowest / len(axes))


if __name__ == "__main__":
    for height, width in ((224, 224), (448, 448), (896, 1344), (2160, 3840), (20, 300)):
        rows, columns = resize(height, width)
        print(
            f"{height} × {width} px → {rows} × {columns}, {tokens(height, width)} tokens"
        )
    print(
        "60 s of video at 2 frames a second, 448 × 448:",
        tokens(448, 448, 120),
        "tokens",
    )
    for seconds in (10, 60, 600, 3600):
        frames = min(2 * seconds, 768)
        print(
            f"{seconds:4d} s at 720 × 1280 px: {frames:3d} frames,"
            f" {film(720, 1280, frames):6,d} tokens"
        )
    rows, columns = resize(2160, 3840, most=28 * 28 * 16384)
    print(
        f"2160 × 3840 px, published limit → {rows} × {columns},"
        f" {rows // 28 * (columns // 28):,d} tokens"
    )
    where = positions([2, (1, 2, 3), 2])
    print(
        "text, a 2 × 3 image, text:",
        " ".join("".join(map(str, row)) for row in where.tolist()),
    )
    for name, axes in (
        ("in blocks", axis_of_pair()),
        ("interleaved", axis_of_pair(64, (24, 20, 20), interleaved=True)),
    ):
        waves = ", ".join(
            f"{axis} {longest_wave(axes, i):,.0f}"
            for i, axis in enumerate(("time", "row", "column"))
        )
        print(f"{name:11s} slowest wave in positions: {waves}")
