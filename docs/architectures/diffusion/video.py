"""Video diffusion: sizes and work counted, causal compression in chunks, masks over
frames, networks for parts of the time.
"""

import json
import sys
from pathlib import Path

import numpy as np


# --8<-- [start:sizes]
def latent(frames, height, width, stride=(4, 8, 8)):
    """Places of the latent cube: the first frame stands alone, then every `stride[0]`
    frames share one.
    """
    return 1 + (frames - 1) // stride[0], height // stride[1], width // stride[2]


def tokens(cube, patch=(1, 2, 2)):
    return int(np.prod([side // p for side, p in zip(cube, patch, strict=True)]))


def work(count, width, layers, ffn, text=512):
    """Multiply-adds of one pass: matrices, attention among the tokens, attention to the
    text.
    """
    matrices = layers * (
        4 * count * width**2
        + 2 * count * width**2
        + 2 * text * width**2
        + 2 * count * width * ffn
    )
    return matrices, layers * 2 * count**2 * width, layers * 2 * count * text * width


def cache(count, width, layers, itemsize=2):
    """Bytes of keys and values of `count` tokens."""
    return 2 * count * width * layers * itemsize


# --8<-- [end:sizes]


# --8<-- [start:causal]
def causal_conv(frames, kernel, before):
    """Each output sees its frame and the two before it. `before` [2, d] are the last
    inputs of an earlier chunk.
    """
    padded = np.concatenate([before, frames])
    return sum(padded[i : i + len(frames)] @ kernel[i] for i in range(3))


def halve(frames, kernel, last):
    """Every two frames become one, seeing the frame before them as well; a first frame
    (`last` None) is kept.
    """
    if last is None:
        return np.concatenate([frames[:1], halve(frames[1:], kernel, frames[0])])
    padded = np.concatenate([last[None], frames])
    pairs = len(frames) // 2
    return sum(padded[i : i + 2 * pairs : 2] @ kernel[i] for i in range(3))


def encode(frames, weights, chunk=None):
    """`[1 + 4n, d]` to `[1 + n, d]`: two rounds of convolution and halving, at once or
    with four frames at a time.
    """
    parts = (
        [frames]
        if chunk is None
        else [frames[:1], *np.split(frames[1:], range(chunk, len(frames) - 1, chunk))]
    )
    memory = [
        np.zeros((2, frames.shape[1])),
        None,
        np.zeros((2, frames.shape[1])),
        None,
    ]
    out = []
    for part in parts:
        for level in (0, 2):
            mixed = np.tanh(causal_conv(part, weights[level], memory[level]))
            memory[level] = np.concatenate([memory[level], part])[-2:]
            part, memory[level + 1] = (
                halve(mixed, weights[level + 1], memory[level + 1]),
                mixed[-1],
            )
        out.append(part)
    return np.concatenate(out)


# --8<-- [end:causal]


# --8<-- [start:masks]
def attention_mask(kind, frames, places, block=1):
    """Who sees whom among `frames * places` tokens, frame by frame."""
    frame = np.repeat(np.arange(frames), places)
    place = np.tile(np.arange(places), frames)
    same_frame, same_place = frame[:, None] == frame, place[:, None] == place
    return {
        "full": np.ones_like(same_frame),
        "space": same_frame,
        "time": same_place,
        "causal": frame[:, None] // block >= frame // block,
    }[kind]


# --8<-- [end:masks]


# --8<-- [start:experts]
def shifted(t, s):
    """The sampler's times, moved to high noise: t' = s t / (1 + (s - 1) t)."""
    return s * t / (1 + (s - 1) * t)


def steps_of_experts(steps, shift, boundary):
    """How many steps the high-noise and the low-noise network take."""
    times = shifted(1 - np.arange(steps) / steps, shift)
    high = int((times >= boundary).sum())
    return high, steps - high


# --8<-- [end:experts]


CLIPS = {
    "CogVideoX": ((49, 480, 720), (4, 8, 8), (1, 2, 2)),
    "HunyuanVideo": ((129, 720, 1280), (4, 8, 8), (1, 2, 2)),
    "HunyuanVideo 1.5": ((121, 720, 1280), (4, 16, 16), (1, 1, 1)),
    "Wan 2.1 and 2.2": ((81, 480, 832), (4, 8, 8), (1, 2, 2)),
    "the same at 720p": ((81, 720, 1280), (4, 8, 8), (1, 2, 2)),
    "Wan 2.2 5B": ((121, 704, 1280), (4, 16, 16), (1, 2, 2)),
    "LTX-2": ((121, 704, 1280), (8, 32, 32), (1, 1, 1)),
}
"""Frames, height and width of a usual clip; stride of the autoencoder; patch of the
transformer.
"""
WAN = {"Wan 1.3B": (1536, 30, 8960), "Wan 14B": (5120, 40, 13824)}
"""Width, layers, inner width."""


def counts():
    """Multiply-adds of a pass of Wan 14B, and what 40 steps with guidance take."""
    width, layers, inner = WAN["Wan 14B"]
    passes = {
        name: work(tokens(latent(*CLIPS[clip][0])), width, layers, inner)
        for name, clip in (("480p", "Wan 2.1 and 2.2"), ("720p", "the same at 720p"))
    }
    return {
        "pass": sum(passes["480p"]),
        "sample": 2 * 2 * 40 * sum(passes["480p"]),
        "attention": round(100 * passes["720p"][1] / sum(passes["720p"])),
    }


if __name__ == "__main__":
    if "--data" in sys.argv:
        shapes = {"full": 1, "space": 1, "time": 1, "causal": 2}
        masks = {
            kind: attention_mask(kind, 4, 3, block).astype(int).tolist()
            for kind, block in shapes.items()
        }
        Path(__file__).with_suffix(".json").write_text(
            json.dumps({"masks": masks, "counts": counts()}) + "\n", encoding="utf-8"
        )
    print("                       clip          latent cube     tokens  pixels a token")
    for name, (clip, stride, patch) in CLIPS.items():
        cube = latent(*clip, stride)
        count = tokens(cube, patch)
        shapes = " x ".join(map(str, clip)), " x ".join(map(str, cube))
        print(
            f"  {name:16s} {shapes[0]:>16s} {shapes[1]:>16s} {count:10,} {np.prod(clip) / count:11,.0f}"
        )
    print("attention's share of a pass's multiply-adds")
    for name, sizes in WAN.items():
        for clip in ("Wan 2.1 and 2.2", "the same at 720p"):
            count = tokens(latent(*CLIPS[clip][0]))
            parts = work(count, *sizes)
            print(f"  {name:8s} with {count:,} tokens {parts[1] / sum(parts):.0%}")
    text, image = steps_of_experts(40, 12.0, 0.875), steps_of_experts(40, 5.0, 0.9)
    print(f"steps at high and at low noise, Wan 2.2: text {text}, image {image}")
    rng = np.random.default_rng(0)
    clip, weights = rng.normal(size=(17, 3)), rng.normal(size=(4, 3, 3, 3))
    gap = np.abs(encode(clip, weights) - encode(clip, weights, chunk=4)).max()
    print(
        f"17 frames encoded at once and four at a time: {len(encode(clip, weights))} latents, difference {gap:.0e}"
    )
