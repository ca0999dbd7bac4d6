"""How many positions an image, a film or a sound takes in a sequence.

The rules of real processors, written from their published code; sizes are in pixels, height before width.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, inf, sqrt


def image_tokens(height: int, width: int, patch: int, *, merge: int = 1, extra: int = 0) -> int:
    """Tokens of an image cut into patches of `patch` px, `merge` × `merge` of them joined, with `extra` special tokens.

    Raises `ValueError` when the image does not divide into merged patches.
    """
    side = patch * merge
    if height % side or width % side:
        raise ValueError(f"{height} × {width} px do not divide into squares of {side} px")
    return (height // side) * (width // side) + extra


def native_size(height: int, width: int, side: int, *, least: int, most: int) -> tuple[int, int]:
    """The size to which a processor of the Qwen-VL line brings an image: multiples of `side`, `least` to `most` pixels.

    `side` is patch times merging (28 in Qwen2-VL and 2.5-VL, 32 in Qwen3-VL). Source: transformers 5.24,
    models/qwen2_vl/image_processing_qwen2_vl.py.

    Raises `ValueError` for an image more than two hundred times as long as wide.
    """
    if max(height, width) > 200 * min(height, width):
        raise ValueError(f"{height} × {width} px are too narrow: no more than 200 to 1")
    tall, wide = round(height / side) * side, round(width / side) * side
    if tall * wide > most:
        shrink = sqrt(height * width / most)
        return max(side, floor(height / shrink / side) * side), max(side, floor(width / shrink / side) * side)
    if tall * wide < least:
        grow = sqrt(least / (height * width))
        return ceil(height * grow / side) * side, ceil(width * grow / side) * side
    return tall, wide


def native_image_tokens(height: int, width: int, patch: int, *, merge: int, least: int, most: int) -> int:
    """Tokens of an image of any size in the Qwen-VL line, the tokens that mark its ends left out."""
    tall, wide = native_size(height, width, patch * merge, least=least, most=most)
    return image_tokens(tall, wide, patch, merge=merge)


def video_tokens(frames: int, height: int, width: int, patch: int, *, merge: int = 1, patch_frames: int = 1) -> int:
    """Tokens of a film whose frames have a size already brought to multiples: a patch spans `patch_frames` of them."""
    return ceil(frames / patch_frames) * image_tokens(height, width, patch, merge=merge)


def latent_video_tokens(
    frames: int, height: int, width: int, *, shrink: int, shrink_time: int, patch: int, patch_frames: int = 1
) -> int:
    """Tokens of a film in a video diffusion model with a causal autoencoder: the first frame alone, then groups."""
    steps = 1 + (frames - 1) // shrink_time
    side = shrink * patch
    return ceil(steps / patch_frames) * (height // side) * (width // side)


def fitted_image_tokens(height: int, width: int, patch: int, *, longest: int, merge: int = 1) -> int:
    """Tokens of an image in Pixtral and Mistral Small 3.1: its rows, each with a token for its end.

    The image is made to fit into `longest` px, sides rounded up to patches. Source: transformers 5.24,
    models/pixtral/image_processing_pixtral.py.
    """
    ratio = max(height / longest, width / longest)
    if ratio > 1:
        height, width = floor(height / ratio), floor(width / ratio)
    side = patch * merge
    rows, columns = (height - 1) // side + 1, (width - 1) // side + 1
    return rows * (columns + 1)


def best_tiles(height: int, width: int, tile: int, *, most: int, least: int = 1) -> tuple[int, int]:
    """The grid (rows, columns) of tiles with the aspect ratio nearest to the image's, as in InternVL and GOT-OCR 2.

    Of grids equally near the larger is taken where the image has more than half of its pixels.
    """
    grids = [
        (columns, rows)
        for columns in range(1, most + 1)
        for rows in range(1, most + 1)
        if least <= columns * rows <= most
    ]
    best, nearest = (1, 1), inf
    for columns, rows in sorted(grids, key=lambda grid: grid[0] * grid[1]):
        difference = abs(width / height - columns / rows)
        larger = difference == nearest and height * width > 0.5 * tile * tile * columns * rows
        if difference < nearest or larger:
            best, nearest = (columns, rows), difference
    return best[1], best[0]


def tiled_image_tokens(
    height: int, width: int, tile: int, each: int, *, most: int, least: int = 1, overview: bool = True
) -> int:
    """Tokens of an image cut into tiles of `each` tokens, with an overview where there is more than one (InternVL)."""
    rows, columns = best_tiles(height, width, tile, most=most, least=least)
    tiles = rows * columns
    return each * (tiles + (overview and tiles > 1))


def anyres_image_tokens(
    height: int, width: int, tile: int, patch: int, sizes: Sequence[tuple[int, int]], *, extra: int = 0
) -> int:
    """Tokens of an image in LLaVA-1.6: the best of `sizes`, without its padding, a token a row, and an overview.

    Source: transformers 5.24, models/llava_next/processing_llava_next.py. Of the sizes that keep most of the image's
    pixels the one with the least waste is taken.
    """
    best, kept, wasted = sizes[0], 0, inf
    for tall, wide in sizes:
        scale = min(wide / width, tall / height)
        used = min(int(width * scale) * int(height * scale), width * height)
        if used > kept or (used == kept and tall * wide - used < wasted):
            best, kept, wasted = (tall, wide), used, tall * wide - used
    side = tile // patch
    rows, columns = side * (best[0] // tile), side * (best[1] // tile)
    if width / height > columns / rows:
        rows -= (rows - int(round(height * (columns / width), 7))) // 2 * 2
    else:
        columns -= (columns - int(round(width * (rows / height), 7))) // 2 * 2
    return rows * columns + rows + side * side + extra


def audio_positions(seconds: float, frames_per_second: float, *, stride: int = 1) -> int:
    """Positions of a sound after an encoder that takes every `stride`-th frame."""
    return int(seconds * frames_per_second) // stride


def convolved_positions(samples: int, kernels: Sequence[int], strides: Sequence[int]) -> int:
    """Positions that convolutions without padding leave of a waveform, as in wav2vec 2.0 and HuBERT."""
    for kernel, stride in zip(kernels, strides, strict=True):
        samples = (samples - kernel) // stride + 1
    return samples


def codec_tokens(seconds: float, frames_per_second: float, codebooks: int) -> int:
    """Codes of a sound in a neural codec: whole frames, one code from each book in every frame."""
    return ceil(seconds * frames_per_second) * codebooks
